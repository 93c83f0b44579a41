"""Stretches of the claims in the order in which they are taken out, newest first."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.errors import Invalid
from ledger.ids import is_id
from ledger.models import Claim

KEY: Any = (col(Claim.created_at), col(Claim.id))
NEWEST_FIRST = tuple(column.desc() for column in KEY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The claims behind `after`, or `with_it`, up to `until` and with that; ids of claims."""

    after: str | None = None
    until: str | None = None
    with_it: bool = False

    def conditions(self, session: Session) -> list[Any]:
        """What must hold of a claim. Invalid names `after`, if there is no such claim."""
        found = []
        if self.after is not None:
            key, last = sa.tuple_(*KEY), _place_of(session, self.after)
            found.append(key <= last if self.with_it else key < last)
        if self.until is not None:
            found.append(sa.tuple_(*KEY) >= _place_of(session, self.until))
        return found


WHOLE = Stretch()


def _place_of(session: Session, id: str) -> Any:
    last = sa.select(*KEY).where(col(Claim.id) == id)
    if not is_id(id) or session.execute(last).first() is None:
        raise Invalid("Give the id of the last claim that you have, from its column claim_id.", field="after")
    # Of another claim than the one that is looked at.
    other = sa.alias(Claim.__table__)  # type: ignore[attr-defined]
    return sa.select(other.c.created_at, other.c.id).where(other.c.id == id).scalar_subquery()

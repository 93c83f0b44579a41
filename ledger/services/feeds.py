"""The feed of verdicts for readers, of one open report or of all; services/corrections.py has the other.

What may be told is decided where reports are: services/reports.py. A page costs what its entries cost,
however long the log is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.models import Article, Desk
from ledger.services import reports
from ledger.store import desks as desks_store
from ledger.store import feeds as store
from ledger.store import standards

PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A signed verdict, in which report it can be read, and since when it stands so.

    With `again` it no longer fits what was signed, and is looked at again: `why` says what changed.
    """

    verdict_id: str
    claim_id: str
    article_id: str
    desk: str
    statement: str
    language: str | None
    label: str
    status_word: str
    rationale: str
    settled_at: datetime
    since: datetime
    again: bool = False
    why: tuple[str, ...] = ()


def article(session: Session, article_id: str) -> tuple[Article, Desk]:
    """An article with an open report, and its desk; NotFound."""
    found = reports.opened(session, article_id)
    return found, desks_store.get(session, found.desk_id)


def verdicts(
    session: Session, *, article_id: str | None = None, after: tuple[Any, ...] | None = None
) -> tuple[list[Told], tuple[Any, ...] | None]:
    """A page of signed verdicts, the one told last in front, and where the next begins.

    One that turned stale stays, and says so: a reader that has it must learn of it.
    """
    rows, following = store.verdicts(session, article_id=article_id, after=after, limit=PAGE)
    places = standards.works(session, [row.id for row in rows], public=True)
    unseen = reports.partly_unseen(session, [row.id for row in rows if row.stale_since])
    desks = _desks(session)
    found = []
    for row in rows:
        said_in = _of(places.get(row.id, []), article_id)
        found.append(
            Told(
                row.key_1, row.id, said_in.id, desks(said_in.desk_id), row.statement, row.language,
                row.label, row.status_word, row.rationale, row.settled_at, row.key_0,
                again=row.stale_since is not None,
                why=reports.to_readers(row.stale_reasons, words=row.id not in unseen),
            )
        )  # fmt: skip
    return found, following


def _of(places: Sequence[Any], article_id: str | None) -> Any:
    return next(one for one in places if article_id in (None, one.id))


def _desks(session: Session) -> Any:
    named = {desk.id: desk.name for desk in desks_store.every(session)}
    default = desks_store.get(session, None).name
    return lambda desk_id: named.get(desk_id or "", default)

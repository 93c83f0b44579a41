"""What matching reads and keeps: statements, how the log went on, and the vectors of statements.

Hot: a look-up asks `newest` each time, which reads one entry of an index.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.models import Claim, ClaimVector, Event, Verdict

T = TypeVar("T")
_ROWS = 2_000
_STREAM = "claim:"


# Of the tables, not of the classes, and put together once: asking took longer than answering.
_EVENT: Any = Event.__table__  # type: ignore[attr-defined]
_CLAIM: Any = Claim.__table__  # type: ignore[attr-defined]
_VERDICT: Any = Verdict.__table__  # type: ignore[attr-defined]
_NEWEST = sa.select(sa.func.max(_EVENT.c.seq))
_KNOWN = (
    sa.select(*(_CLAIM.c[name] for name in ("id", "statement", "kind", "status")), _VERDICT.c.label)
    .add_columns(_CLAIM.c.updated_at)
    .outerjoin_from(_CLAIM, _VERDICT, _VERDICT.c.id == _CLAIM.c.verdict_id)
    .where(_CLAIM.c.id.in_(sa.bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Row:
    """A claim as matching needs it; `vector`, `model` and `digest` are None until there is a vector."""

    id: str
    statement: str
    status: str
    vector: bytes | None
    model: str | None
    digest: str | None


def newest(session: Session) -> int:
    """The place of the newest event in the log; -1 in an empty one."""
    place = session.connection().execute(_NEWEST).scalar_one()
    return -1 if place is None else int(place)


def changed(session: Session, after: int) -> list[str]:
    """The ids of the claims that an event after that place is about.

    Writers take turns, and the log is without gaps, so whatever was written after `newest` was asked
    stands behind it, whoever wrote it and whenever that was kept.
    """
    query = sa.select(col(Event.stream)).where(col(Event.seq) > after, col(Event.stream).startswith(_STREAM))
    return [stream.removeprefix(_STREAM) for (stream,) in session.execute(query.distinct())]


def _rows() -> Any:
    return sa.select(
        col(Claim.id),
        col(Claim.statement),
        col(Claim.status),
        col(ClaimVector.vector),
        col(ClaimVector.model),
        col(ClaimVector.digest),
    ).outerjoin(ClaimVector, col(ClaimVector.claim_id) == col(Claim.id))


def all_rows(session: Session, *, limit: int | None = None) -> Iterator[list[Row]]:
    """All claims in batches, newest first; the newest `limit` of them."""
    before: str | None = None
    left = limit
    while left is None or left > 0:
        many = _ROWS if left is None else min(_ROWS, left)
        query = _rows().order_by(col(Claim.id).desc()).limit(many)
        found = [
            Row(*row)
            for row in session.execute(query if before is None else query.where(col(Claim.id) < before))
        ]
        if found:
            yield found
        if len(found) < many:
            return
        before, left = found[-1].id, None if left is None else left - len(found)


def rows(session: Session, ids: Sequence[str]) -> list[Row]:
    """These claims."""
    return [
        Row(*row) for some in _batches(ids) for row in session.execute(_rows().where(col(Claim.id).in_(some)))
    ]


def keep(session: Session, found: Sequence[ClaimVector]) -> None:
    """Store vectors, in place of those that these claims had."""
    for some in _batches(found):
        ids = [one.claim_id for one in some]
        session.execute(sa.delete(ClaimVector).where(col(ClaimVector.claim_id).in_(ids)))
        session.execute(sa.insert(ClaimVector), [one.model_dump() for one in some])


@dataclass(frozen=True, slots=True)
class Known:
    """A claim as it is shown beside a match; `label` is that of the verdict in force, if there is one."""

    id: str
    statement: str
    kind: str
    status: str
    label: str | None
    updated_at: datetime


def known(session: Session, ids: Sequence[str]) -> dict[str, Known]:
    """These claims by id."""
    connection, found = session.connection(), dict[str, Known]()
    for some in _batches(ids):
        found |= {row[0]: Known(*row) for row in connection.execute(_KNOWN, {"ids": some})}
    return found


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]

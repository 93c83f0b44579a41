"""Claims that hold words, by when they changed or were made: hot, as `words.py` is.

Full text gives matches in the order of their making. The first by another time are either among the newest
matches, or are older claims with a time at least as late as the last of those: an index on that time tells
which these are, and there are few of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger.models import Claim
from ledger.store.search.conditions import among
from ledger.store.search.words import Matches

_NEWEST = (200, 2_000)
"""How many of the newest matches are sorted, and how many where that was too few."""
_WALKED, _LATE = 100_000, 500
"""How far an index on a time is read, and how many of the claims found there are looked through for words."""


@dataclass(frozen=True, slots=True)
class ByTime:
    """An order of claims: by a time that has an index with the id, of those that meet `where`."""

    key: Any
    descending: bool = True
    where: tuple[Any, ...] = ()

    def of(self, *more: Any) -> Any:
        """A query for ids and times, in order."""
        query = sa.select(col(Claim.id), self.key).where(*self.where, *more)
        keys = self.key, col(Claim.id)
        return query.order_by(*(key.desc() if self.descending else key.asc() for key in keys))


def first_with(
    session: Session, found: Matches, order: ByTime, conditions: Sequence[Any], *, having: Any, limit: int
) -> list[str] | None:
    """The ids of the first matches that meet the conditions, and that `having` finds, which is asked last.

    None where too much would have to be looked through for it: then an index is to be gone through from its
    beginning.
    """
    if found.are_few:
        return [id for id, _ in _first(session, order.of(*found.wheres, *conditions), having, limit)]
    if not order.descending:
        return None
    for many in _NEWEST:
        newest = found.behind(None, many)
        first = _first(session, order.of(among(session, newest), *conditions), having, limit)
        if len(first) < limit:
            continue
        late = _late(session, order, first[-1][1], older_than=newest[-1])
        if late is None:
            continue
        holding = order.of(among(session, late), *found.one_by_one, *conditions) if late else None
        also = [] if holding is None else _first(session, holding, having, limit)
        return [id for id, _ in sorted([*first, *also], key=_place, reverse=True)[:limit]]
    return None


def _place(row: Any) -> Any:
    return row[1], row[0]


def _first(session: Session, query: Any, having: Any, limit: int) -> list[Any]:
    """The first rows of a query, in its order, that another finds: no more are put to it than must be."""
    found: list[Any] = []
    for some in _more_and_more(session.execute(query).all(), limit):
        ids = set(session.execute(having.where(among(session, [id for id, _ in some]))).scalars())
        found += [row for row in some if row[0] in ids]
        if len(found) >= limit:
            break
    return found[:limit]


def _more_and_more(rows: Sequence[Any], many: int) -> Iterator[Sequence[Any]]:
    while rows:
        yield rows[:many]
        rows, many = rows[many:], 2 * many


def _late(session: Session, order: ByTime, since: Any, *, older_than: str) -> list[str] | None:
    """The ids of the claims that are older than one, and yet have a time of at least `since`; None: many."""
    walk = sa.select(col(Claim.id)).where(order.key >= since, *order.where).order_by(order.key.desc())
    walked = walk.limit(_WALKED).subquery()
    older = sa.func.coalesce(sa.func.sum(sa.case((walked.c.id < older_than, 1), else_=0)), 0)
    many, late = session.execute(sa.select(sa.func.count(), older).select_from(walked)).one()
    if many == _WALKED or late > _LATE:
        return None
    # Hardly ever has one of them a time like that.
    return list(session.execute(walk.where(col(Claim.id) < older_than)).scalars()) if late else []

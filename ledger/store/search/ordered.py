"""Claims that hold words, by when they changed or were made: hot, as `words.py` is.

Full text gives matches in the order of their making. The first by another time are either among the newest
matches, or are older claims with a time at least as late as the last of those: an index on that time tells
which these are, and there are few of them.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.models import Claim
from ledger.store.search.conditions import among
from ledger.store.search.words import Matches

_SORTED = 1_000
"""Up to how many matches are simply sorted."""
_NEWEST = (200, 2_000)
"""How many of the newest matches are sorted, and how many where that was too few."""
_WALKED, _LATE = 100_000, 2_000
"""How far an index on a time is read, and how many of the claims found there are looked through for words."""
_FIRST_LATE = 100
"""How many of those are looked through first."""
_WORTH = 25
"""How much of that index is read in the time in which one match is looked up, to be sorted; and some more."""


Having = Callable[[Sequence[str]], Collection[str]]
"""What is asked last: those of some ids that are wanted."""


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
    session: Session, found: Matches, order: ByTime, conditions: Sequence[Any], *, having: Having, limit: int
) -> list[str] | None:
    """The ids of the first matches that meet the conditions, and that `having` lets through.

    None where too much would have to be looked through for it: then an index is to be gone through from its
    beginning.
    """
    for many in _NEWEST:
        if order.descending and found.number > max(many, _SORTED):
            walked = _WALKED if many == _NEWEST[-1] else min(_WALKED, _WORTH * found.number)
            ids = _newest_and_late(session, found, order, conditions, having, (limit, many, walked))
            if ids is not None:
                return ids
    if not found.are_few:
        return None
    return [id for id, _ in _first(session, order.of(*found.wheres, *conditions), having, limit)]


def _newest_and_late(
    session: Session,
    found: Matches,
    order: ByTime,
    conditions: Sequence[Any],
    having: Having,
    most: tuple[int, int, int],
) -> list[str] | None:
    """The same from so many of the newest matches, and from what an index tells of older claims."""
    limit, many, walked = most
    newest = found.behind(None, many)
    first = _first(session, order.of(among(session, newest), *conditions), having, limit)
    if len(first) < limit:
        return None
    late = _late(session, order, first[-1][1], older_than=newest[-1], most=walked)
    if late is None:
        return None
    # They are in order, so that no more of them are looked through for the words than must be.
    later, many = list[Any](), _FIRST_LATE
    while late and len(later) < limit:
        some, late = late[:many], late[many:]
        query = order.of(among(session, some), *found.one_by_one, *conditions)
        later += _first(session, query, having, limit - len(later))
        many *= 2
    return [id for id, _ in sorted([*first, *later], key=_place, reverse=True)[:limit]]


def _place(row: Any) -> Any:
    return row[1], row[0]


def _first(session: Session, query: Any, having: Having, limit: int) -> list[Any]:
    """The first rows of a query, in its order, that are wanted: no more are asked about than must be."""
    found, many = list[Any](), limit
    with session.connection().execute(query) as rows:
        while len(found) < limit and (some := rows.fetchmany(many)):
            ids = having([id for id, _ in some])
            found += [row for row in some if row[0] in ids]
            many *= 2
    return found[:limit]


def _late(session: Session, order: ByTime, since: Any, *, older_than: str, most: int) -> list[str] | None:
    """The ids of the claims that are older than one, and yet have a time of at least `since`, in order; None:
    many."""
    walk = sa.select(col(Claim.id)).where(order.key >= since, *order.where)
    walk = walk.order_by(order.key.desc(), col(Claim.id).desc())
    walked = walk.limit(most).subquery()
    older = sa.func.coalesce(sa.func.sum(sa.case((walked.c.id < older_than, 1), else_=0)), 0)
    many, late = session.execute(sa.select(sa.func.count(), older).select_from(walked)).one()
    if many == most or late > _LATE:
        return None
    # Hardly ever has one of them a time like that.
    return list(session.execute(walk.where(col(Claim.id) < older_than)).scalars()) if late else []

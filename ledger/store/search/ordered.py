"""Claims that hold words, by when they changed or were made: hot, as `words.py` is.

Full text gives matches in the order of their making. The first by another time are either among the newest
matches, or are older claims with a time at least as late as the last of those: an index on that time tells
which these are, and there are few of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.models import Claim
from ledger.store.search.conditions import among_given, ids_given
from ledger.store.search.words import Form, Matches, holding_among

_SORTED = 1_000
"""Up to how many matches are simply sorted."""
_NEWEST = (200, 2_000)
"""How many of the newest matches are sorted, and how many where that was too few."""
_WALKED, _LATE = 100_000, 2_000
"""How far an index on a time is read, and how many of the claims found there are looked through for words."""
_FIRST_LATE = 100
"""How many of those are looked through first."""
_MORE = 8
"""How many times as many are looked at next, where too few were wanted."""
_WORTH = 25
"""How much of that index is read in the time in which one match is looked up, to be sorted; and some more."""
_FORMS = 64

Having = Callable[[Sequence[str]], Collection[str]]
"""What is asked last: those of some ids that are wanted."""


@dataclass(frozen=True, slots=True)
class ByTime:
    """An order of claims by a time that has an index with the id: of all, or of those behind `beyond`."""

    key: Any
    descending: bool = True
    beyond: datetime | None = None

    @property
    def form(self) -> tuple[Any, bool, bool]:
        """What makes the statement, but for values: statements are kept by it."""
        return self.key, self.descending, self.beyond is not None

    def of(self, *where: Any) -> Any:
        """A query for ids and times, in order, of what meets `where`; it waits for what `given` tells."""
        return in_order(*self.form).where(*where)

    def given(self) -> dict[str, Any]:
        """The values that a query in this order waits for."""
        return {} if self.beyond is None else {"beyond": self.beyond}


# Statements are kept: to put one together costs as much as what it finds.
@lru_cache(maxsize=_FORMS)
def in_order(key: Any, descending: bool, is_bounded: bool) -> Any:
    """A query for the ids and times of all claims of such an order."""
    query = sa.select(col(Claim.id), key)
    if is_bounded:
        beyond = sa.bindparam("beyond", type_=key.type)
        query = query.where(key < beyond if descending else key > beyond)
    return query.order_by(*(by.desc() if descending else by.asc() for by in (key, col(Claim.id))))


def first_with(
    session: Session,
    found: Matches,
    order: ByTime,
    conditions: tuple[Any, ...],
    *,
    having: Having,
    limit: int,
) -> list[str] | None:
    """The ids of the first matches that meet the conditions, and that `having` lets through.

    The conditions are to be the same objects each time: statements are kept with them. None where too much
    would have to be looked through: then an index is to be gone through from its beginning.
    """
    for many in _NEWEST:
        if order.descending and limit <= many and found.number > max(many, _SORTED):
            walked = _WALKED if many == _NEWEST[-1] else min(_WALKED, _WORTH * found.number)
            ids = _newest_and_late(session, found, order, conditions, having, (limit, many, walked))
            if ids is not None:
                return ids
    if not found.are_few:
        return None
    query = order.of(*found.wheres, *conditions)
    with session.connection().execute(query, order.given()) as rows:
        return _wanted(rows, having, limit)


def _newest_and_late(
    session: Session,
    found: Matches,
    order: ByTime,
    conditions: tuple[Any, ...],
    having: Having,
    most: tuple[int, int, int],
) -> list[str] | None:
    """The same from so many of the newest matches, and from what an index tells of older claims."""
    limit, many, walked = most
    newest = found.behind(None, many)
    sqlite = session.get_bind().dialect.name == "sqlite"
    query = _among(*order.form, conditions, (), sqlite)
    ids, known, step = list[str](), 0, limit
    with session.connection().execute(query, order.given() | ids_given(newest, sqlite=sqlite)) as rows:
        # `having` costs most, so it is asked of what comes first of both, not of either.
        while len(ids) < limit and (some := rows.fetchmany(step)):
            late = _late(session, order, some[-1][1], older_than=newest[-1], most=walked)
            if late is None:
                return None
            older = _looked_through(session, found, order, conditions, late[known:])
            ids += _wanted(merge(some, older, key=_place, reverse=True), having, limit - len(ids))
            known, step = len(late), _MORE * step
    return ids if len(ids) == limit else None


def _place(row: Any) -> Any:
    return row[1], row[0]


@lru_cache(maxsize=_FORMS)
def _among(
    key: Any, descending: bool, is_bounded: bool, conditions: tuple[Any, ...], words: Form, sqlite: bool
) -> Any:
    """Those of some claims that meet the conditions and hold words, in order."""
    some = holding_among(words, sqlite=sqlite) if words else among_given(sqlite=sqlite)
    return in_order(key, descending, is_bounded).where(some, *conditions)


def _looked_through(
    session: Session, found: Matches, order: ByTime, conditions: tuple[Any, ...], late: list[str]
) -> Iterator[Any]:
    """Those of some claims in order that are matches and meet the conditions, as far as somebody asks."""
    if not late:
        return
    sqlite = session.get_bind().dialect.name == "sqlite"
    query, given = _among(*order.form, conditions, found.form, sqlite), order.given() | found.given()
    first, many = 0, _FIRST_LATE
    while first < len(late):
        some = ids_given(late[first : first + many], sqlite=sqlite)
        yield from session.connection().execute(query, given | some).all()
        first, many = first + many, _MORE * many


def _wanted(rows: Iterable[Any], having: Having, limit: int) -> list[str]:
    """The ids of the first rows that are wanted: no more are asked about than must be."""
    left, found, many = iter(rows), list[str](), limit
    while len(found) < limit and (some := [row[0] for row in islice(left, many)]):
        wanted = having(some)
        found += [id for id in some if id in wanted]
        many *= 2
    return found[:limit]


def _late(session: Session, order: ByTime, since: Any, *, older_than: str, most: int) -> list[str] | None:
    """The ids of the claims that are older than one, and yet have a time after `since`, in order.

    None: they are many.
    """
    given = order.given() | {"since": since, "older": older_than, "walked": most}
    counted, found = _walks(*order.form)
    connection = session.connection()
    many, late = connection.execute(counted, given).one()
    if many == most or late > _LATE:
        return None
    # Hardly ever has one of them a time like that.
    return list(connection.execute(found, given).scalars().all()) if late else []


@lru_cache(maxsize=_FORMS)
def _walks(key: Any, descending: bool, is_bounded: bool) -> tuple[Any, Any]:
    """How many claims have such a time, and how many of those are older; and these."""
    walk = in_order(key, descending, is_bounded).with_only_columns(col(Claim.id))
    walk = walk.where(key > sa.bindparam("since", type_=key.type))
    older = sa.bindparam("older", type_=sa.String)
    walked = walk.limit(sa.bindparam("walked", type_=sa.Integer)).subquery()
    late = sa.func.coalesce(sa.func.sum(sa.case((walked.c.id < older, 1), else_=0)), 0)
    return sa.select(sa.func.count(), late).select_from(walked), walk.where(col(Claim.id) < older)

"""Lists of claims and of articles: what they are ordered by, pages of them, and how many there are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.models import CLAIM_WORTH, Appearance, Article, Claim, Status
from ledger.models.base import Moment
from ledger.store.search.conditions import has_open, has_stale, in_articles, with_claims

COUNTED = 10_000
"""How far a total is counted; beyond it, there are more."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
MANY_STALE = 4_000
"""From how many stale claims on their articles are not looked up first, to be sorted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: expressions with their direction, the last one singling a row out."""

    keys: tuple[tuple[Any, bool], ...]
    """(expression, descending)"""
    parts: tuple["Part", ...] = ()
    """What the list consists of, one after the other, where that costs less than sorting it all."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each key is: time, number or id."""
        return tuple(
            "time"
            if isinstance(key.type, Moment)
            else "number"
            if isinstance(key.type, sa.Integer | sa.Float)
            else "id"
            for key, _ in self.keys
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list: those that meet a condition. The first of their keys are the same for all."""

    where: Any
    same: tuple[Any, ...]
    keys: tuple[tuple[Any, bool], ...]


def claims_by(order: str) -> Order:
    """How a list of claims is ordered: new, old, changed, worth or due."""
    id = col(Claim.id)
    if order == "old":
        return Order(((col(Claim.created_at), False), (id, False)))
    if order == "changed":
        return Order(((col(Claim.updated_at), True), (id, True)))
    if order == "worth":
        return Order(((CLAIM_WORTH, True), (id, True)))
    if order == "due":
        due: Any = (
            sa.select(sa.func.min(col(Article.due_at)))
            .select_from(Appearance)
            .join(Article, col(Article.id) == col(Appearance.article_id))
            .where(col(Appearance.claim_id) == col(Claim.id))
            .correlate(Claim)
            .scalar_subquery()
        )
        dated, by_id = in_articles(col(Article.due_at).is_not(None)), ((id, False),)
        # The others are not sorted: a page looks at no more of them than it takes.
        parts = Part(dated, (), ((due, False), *by_id)), Part(sa.not_(dated), (NEVER,), by_id)
        return Order(((_or_never(due), False), *by_id), parts)
    return Order(((col(Claim.created_at), True), (id, True)))


def articles_by(session: Session, order: str) -> Order:
    """How a list of articles is ordered: pressing (stale first, then due), new, old, changed or due.

    A date that an article is due counts while something in it is left to do.
    """
    id, created = col(Article.id), col(Article.created_at)
    due = _or_never(sa.case((sa.and_(col(Article.due_at).is_not(None), has_open(session)), Article.due_at)))
    if order == "new":
        return Order(((created, True), (id, True)))
    if order == "old":
        return Order(((created, False), (id, False)))
    if order == "changed":
        return Order(((col(Article.updated_at), True), (id, True)))
    if order == "due":
        keys = (due, False), (created, True), (id, True)
        return Order(keys, _by_date(session, ()))
    stale = with_claims(col(Claim.status) == Status.STALE)
    keys = (due, False), (created, True), (id, True)
    return Order(((sa.case((stale, 1), else_=0), True), *keys), _pressing(session, stale, due))


def _pressing(session: Session, stale: Any, due: Any) -> tuple[Part, ...]:
    """The stale ones; those that are due; and all others, of which a page looks at no more than it takes."""
    others = _by_date(session, (0,), sa.not_(has_stale()))
    if is_large(session, Claim, MANY_STALE, col(Claim.status) == Status.STALE):
        # Going from article to article soon finds a page of them, and looking all up takes longer.
        return *_by_date(session, (1,), has_stale()), *others
    return Part(
        stale, (1,), ((due, False), (col(Article.created_at), True), (col(Article.id), True))
    ), *others


def _by_date(session: Session, same: tuple[Any, ...], *where: Any) -> tuple[Part, ...]:
    """Those that are due, and those that are not."""
    newest, date = ((col(Article.created_at), True), (col(Article.id), True)), col(Article.due_at)
    waiting = sa.and_(date.is_not(None), has_open(session))
    return (
        Part(sa.and_(*where, waiting), same, ((date, False), *newest)),
        Part(sa.and_(*where, sa.not_(waiting)), (*same, NEVER), newest),
    )


def _or_never(due: Any) -> Any:
    moment = Moment()
    return sa.func.coalesce(due, sa.literal(NEVER, moment), type_=moment)


def among_first(
    model: Any, choices: Sequence[Any], conditions: Sequence[Any], order: Sequence[Any], limit: Any
) -> Any:
    """A condition: a record is among the first `limit` of those that meet one of the `choices`.

    An index that has those of one status in order has not those of several; a million would be sorted.
    """
    firsts = [
        sa.select(model.id).where(one, *conditions).order_by(*order).limit(limit).subquery()
        for one in choices
    ]
    return col(model.id).in_(sa.union_all(*(sa.select(first.c.id) for first in firsts)))


def page(
    session: Session,
    model: Any,
    conditions: Sequence[Any],
    order: Order,
    *,
    choices: Sequence[Any] = (),
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> tuple[list[Any], bool]:
    """A page of records, as rows of (record, key_0, key_1 …), and whether more lie beyond it.

    `after` and `before` are the keys of a row; with `before`, the page that ends above it, and "beyond"
    is further up. Pages by key cost the same at any depth, and rows that come in meanwhile shift nothing.
    `choices` are conditions of which one must hold as well, and each has an index in this order.
    """
    rows: list[Any] = []
    parts, start = order.parts or (Part(sa.true(), (), order.keys),), after or before
    if start is not None:
        here = _part_of(parts, start)
        parts = parts[here:] if before is None else parts[: here + 1]
    for part in parts if before is None else parts[::-1]:
        most = limit + 1 - len(rows)
        query = _of_part(model, part, conditions, start, choices, most, up=before is not None)
        rows += session.execute(query.limit(most))
        if len(rows) > limit:
            break
        start = None
    found = rows[:limit]
    return (found[::-1] if before is not None else found), len(rows) > limit


def _of_part(
    model: Any,
    part: Part,
    conditions: Sequence[Any],
    start: tuple[Any, ...] | None,
    choices: Sequence[Any],
    most: int,
    *,
    up: bool,
) -> Any:
    keys = [(key, down != up) for key, down in part.keys]
    same = [sa.literal(value, Moment() if isinstance(value, datetime) else None) for value in part.same]
    every = (*same, *(key for key, _ in keys))
    query = sa.select(model, *(key.label(f"key_{n}") for n, key in enumerate(every)))
    where = [part.where, *conditions]
    if start is not None:
        where.append(_beyond(keys, start[len(same) :]))
    order = [key.desc() if down else key.asc() for key, down in keys]
    if choices:
        where = [among_first(model, choices, where, order, most)]
    return query.where(*where).order_by(*order)


def _part_of(parts: Sequence[Part], start: tuple[Any, ...]) -> int:
    """In which part a row with these keys stands: in the one that has most in common with it."""
    same = [(len(part.same), n) for n, part in enumerate(parts) if start[: len(part.same)] == part.same]
    return max(same, default=(0, 0))[1]


def _beyond(keys: Sequence[tuple[Any, bool]], start: tuple[Any, ...]) -> Any:
    """Behind `start`, in an order whose keys may go up or down."""
    literals = [sa.literal(value, key.type) for (key, _), value in zip(keys, start, strict=True)]
    if len({down for _, down in keys}) == 1:
        here, there = sa.tuple_(*(key for key, _ in keys)), sa.tuple_(*literals)
        return here < there if keys[0][1] else here > there
    steps = []
    for place, (key, down) in enumerate(keys):
        same = [keys[n][0] == literals[n] for n in range(place)]
        steps.append(sa.and_(*same, key < literals[place] if down else key > literals[place]))
    return sa.or_(*steps)


def is_large(session: Session, model: Any, least: int, *where: Any) -> bool:
    """Whether there are more records than that which meet these conditions; looks at no more of them."""
    some = sa.select(model.id).where(*where).limit(least + 1).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()) > least


class Count(int):
    """A number of records; `more`: only so many were counted, and there are more."""

    more: bool = False

    @classmethod
    def of(cls, number: int, *, more: bool) -> "Count":
        """A count; where there are more, of so many hundreds as are sure."""
        found = cls(number - number % 100 if more and number > 100 else number)
        found.more = more
        return found


def total(session: Session, model: Any, conditions: Sequence[Any]) -> Count:
    """How many records there are, counted as far as COUNTED."""
    some = sa.select(model.id).where(*conditions).limit(COUNTED + 1).subquery()
    number = int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
    return Count.of(min(number, COUNTED), more=number > COUNTED)


def ids(session: Session, model: Any, conditions: Sequence[Any], order: Order, *, limit: int) -> list[str]:
    """The ids of the first records of a list."""
    keys = [key.desc() if down else key.asc() for key, down in order.keys]
    return list(
        session.execute(sa.select(model.id).where(*conditions).order_by(*keys).limit(limit)).scalars()
    )

"""Claims that hold words, the newest first: hot, so that no claim is read that is not looked at.

Matches come from full text in the order of their making, some at a time, and the other conditions are put to
those alone. Where few of them meet the others, the database finds its own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger import fulltext
from ledger.fulltext import Phrase
from ledger.models import Claim
from ledger.store.search.conditions import among
from ledger.store.search.lists import COUNTED, Count, Order, page

_FIRST, _MOST = 200, 4_000
_LOOKED_AT = 12_000
"""How many matches are looked at before the other conditions are taken for the rarer ones."""
_TALLIED = 1_000
"""Of how many matches is counted what they are."""


@dataclass(frozen=True)
class Matches:
    """The claims that hold all of some words; looked up as far as somebody asks, in one transaction."""

    session: Session
    phrases: tuple[Phrase, ...]

    @cached_property
    def few(self) -> list[str] | None:
        """Their ids, newest first, or None where they are many."""
        return fulltext.few(self.session, self.phrases, fulltext.FEW)

    @cached_property
    def wheres(self) -> tuple[Any, ...]:
        """What holds of them, as conditions on claims for any query."""
        if self.few is not None:
            return (among(self.session, self.few),)
        return self.one_by_one

    @property
    def one_by_one(self) -> tuple[Any, ...]:
        """The same where the rest of a query leaves few claims: nothing is looked up for it before."""
        return tuple(fulltext.holds(one, col(Claim.id)) for one in self.phrases)

    def behind(self, claim: str | None, many: int, *, upwards: bool) -> list[str]:
        """The ids of the next older ones than a claim, or with `upwards` of the next newer ones."""
        # SQLite's index has them in this order; PostgreSQL's has not, and would sort or read very many.
        if self.session.get_bind().dialect.name == "sqlite" or self.few is None:
            return fulltext.newest(self.session, self.phrases, claim, many, upwards=upwards)
        if upwards:
            return [id for id in reversed(self.few) if claim is None or id > claim][:many]
        return [id for id in self.few if claim is None or id < claim][:many]

    def newest(self) -> Any:
        """A condition on claims: they are among the newest COUNTED of them."""
        return among(self.session, self.behind(None, COUNTED, upwards=False))


def matches(session: Session, phrases: Sequence[Phrase]) -> Matches:
    """Look some words up."""
    return Matches(session, tuple(phrases))


def claims_with(
    session: Session,
    found: Matches,
    conditions: Sequence[Any],
    *,
    limit: int,
    beyond: str | None = None,
    upwards: bool = False,
    among_those: Any = None,
    most: int = _LOOKED_AT,
) -> list[str] | None:
    """The ids of the newest matches that meet the conditions, behind the claim `beyond`.

    `upwards`: the oldest instead. `among_those`: a query for ids of claims that they must be in. None where
    there are not enough among the first `most` matches.
    """
    base = sa.select(col(Claim.id)) if among_those is None else among_those
    ids: list[str] = []
    many, seen = _FIRST, 0
    while seen < most:
        some = found.behind(beyond, many, upwards=upwards)
        if some:
            query = base.where(among(session, some), *conditions)
            ids += sorted(session.execute(query).scalars(), reverse=not upwards)
        if len(ids) >= limit or len(some) < many:
            return ids[:limit]
        seen, beyond, many = seen + many, some[-1], min(many * 4, _MOST)
    return None


def page_with(
    session: Session,
    found: Matches,
    conditions: Sequence[Any],
    order: Order,
    *,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> tuple[list[Any], bool]:
    """As `lists.page`, of the matches that meet the conditions, where `order` is that of their making."""
    start = after or before
    upwards = (not order.keys[0][1]) != (before is not None)
    beyond = str(start[-1]) if start else None
    ids = claims_with(session, found, conditions, limit=limit + 1, beyond=beyond, upwards=upwards)
    if ids is None:
        every = (*conditions, *found.wheres)
        return page(session, Claim, every, order, after=after, before=before, limit=limit)
    rows, _ = page(session, Claim, (among(session, ids[:limit]),), order, limit=limit)
    return rows, len(ids) > limit


def tally(session: Session, found: Matches, conditions: Sequence[Any], aside: Any) -> tuple[Count, Count]:
    """How many matches meet the conditions, and how many of those are put `aside`: of the newest few."""
    where = found.wheres
    if found.few is None:
        newest = fulltext.newest_of(session, found.phrases, _TALLIED + 1)
        where = (col(Claim.id).in_(sa.select(newest.c.claim_id)),)
    put_aside = sa.func.coalesce(sa.func.sum(sa.case((aside, 1), else_=0)), 0)
    query = sa.select(sa.func.count(), put_aside).select_from(Claim).where(*where, *conditions)
    number, others = session.execute(query).one()
    more = found.few is None
    return Count.of(number - others, more=more), Count.of(others, more=more)

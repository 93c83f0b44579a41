"""Claims that hold words, the newest first: hot, so that no claim is read that is not looked at.

Matches come from full text in the order of their making, some at a time, and the other conditions are put to
those alone. Where few of them meet the others, the database finds its own way.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger import fulltext
from ledger.fulltext import Phrase
from ledger.models import Claim, ClaimWords
from ledger.store.search.conditions import among, among_given
from ledger.store.search.lists import COUNTED, Count, Order, page

_FIRST, _MOST = 200, 4_000
_LOOKED_AT = 12_000
"""How many matches are looked at before the other conditions are taken for the rarer ones."""
_TALLIED = 1_000
"""Of how many matches is counted what they are."""

Form = tuple[tuple[str, ...], ...]
"""For each phrase the columns of full text that it may stand in."""


class Matches:
    """The claims that hold all of some words; looked up as far as somebody asks, in one transaction."""

    def __init__(self, session: Session, phrases: Sequence[Phrase]) -> None:
        self.session = session
        self.phrases = tuple(phrases)
        # SQLite's index has them in the order of their making; PostgreSQL's has not, and would sort them all.
        self._ordered = session.get_bind().dialect.name == "sqlite"
        self._places: list[int] = []
        self._is_all = False

    @cached_property
    def few(self) -> list[str] | None:
        """Their ids, newest first, or None where they are many."""
        if not self._ordered:
            return fulltext.few(self.session, self.phrases, fulltext.FEW)
        places = self._first(fulltext.FEW + 1)
        return None if len(places) > fulltext.FEW else fulltext.claims_at(self.session, places)

    @property
    def number(self) -> int:
        """How many they are, counted one beyond what is few; cheaper than their ids."""
        if self._ordered:
            return len(self._first(fulltext.FEW + 1))
        return fulltext.FEW + 1 if self.few is None else len(self.few)

    @property
    def are_few(self) -> bool:
        """Whether they are."""
        return self.number <= fulltext.FEW

    @property
    def wheres(self) -> tuple[Any, ...]:
        """What holds of them, as conditions on claims for any query."""
        return (self.newest(fulltext.FEW),) if self.are_few else self.one_by_one

    @property
    def one_by_one(self) -> tuple[Any, ...]:
        """The same where the rest of a query leaves few claims: nothing is looked up for it before."""
        return tuple(fulltext.holds(one, col(Claim.id)) for one in self.phrases)

    @property
    def form(self) -> Form:
        """Where the words are to stand: a statement that is kept asks `holding` of it."""
        return tuple(one.columns for one in self.phrases)

    def given(self) -> dict[str, str]:
        """The values that `holding` waits for."""
        return {f"words_{n}": fulltext.pattern(one) for n, one in enumerate(self.phrases)}

    def behind(self, claim: str | None, many: int, *, upwards: bool = False) -> list[str]:
        """The ids of the next older ones than a claim, or with `upwards` of the next newer ones."""
        if self._ordered:
            if (places := self._known(claim, many, upwards)) is not None:
                return fulltext.claims_at(self.session, places)
            return fulltext.newest(self.session, self.phrases, claim, many, upwards=upwards)
        if self.few is None:
            return fulltext.newest(self.session, self.phrases, claim, many, upwards=upwards)
        if upwards:
            return [id for id in reversed(self.few) if claim is None or id > claim][:many]
        return [id for id in self.few if claim is None or id < claim][:many]

    def first(self, many: int) -> list[str]:
        """The ids of the newest so many of them."""
        return self.behind(None, many)

    def newest(self, many: int = COUNTED) -> Any:
        """A condition on claims: they are among the newest so many of them."""
        if self._ordered:
            return col(Claim.id).in_(fulltext.claims_of(self._first(many)))
        return among(self.session, self.behind(None, many))

    def _known(self, claim: str | None, many: int, upwards: bool) -> list[int] | None:
        """Where the next ones stand, if that was looked up already or is to be looked up for good."""
        if upwards:
            return None
        if claim is None:
            return self._first(many)
        place = fulltext.place_of(claim)
        known = [one for one in self._places if one < place][:many]
        return known if len(known) == many or self._is_all else None

    def _first(self, many: int) -> list[int]:
        """SQLite: where the newest so many stand. The index is asked again only for more."""
        if len(self._places) < many and not self._is_all:
            self._places = fulltext.places(self.session, self.phrases, None, many)
            self._is_all = len(self._places) < many
        return self._places[:many]


def matches(session: Session, phrases: Sequence[Phrase]) -> Matches:
    """Look some words up."""
    return Matches(session, phrases)


def holding(form: Form) -> list[Any]:
    """As `Matches.one_by_one`, for a statement that is kept: the words come with each execution."""
    return [fulltext.holds_given(col(Claim.id), columns, f"words_{n}") for n, columns in enumerate(form)]


def holding_among(form: Form, *, sqlite: bool) -> Any:
    """As `among_given`: those of some claims that hold the words, which are read before the claims are."""
    some = among_given(sqlite=sqlite, column=col(ClaimWords.claim_id))
    asked = [(columns, f"words_{n}") for n, columns in enumerate(form)]
    return col(Claim.id).in_(fulltext.holding(some, asked))


def claims_with(
    session: Session,
    found: Matches,
    conditions: Sequence[Any],
    *,
    limit: int,
    beyond: str | None = None,
    upwards: bool = False,
    among_those: Any = None,
) -> list[str] | None:
    """The ids of the newest matches that meet the conditions, behind the claim `beyond`.

    `upwards`: the oldest instead. `among_those`: a query for ids of claims that they must be in. None where
    there are not enough among the first _LOOKED_AT matches.
    """
    base = sa.select(col(Claim.id)) if among_those is None else among_those
    ids: list[str] = []
    many, seen = _FIRST, 0
    while seen < _LOOKED_AT:
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
    more = not found.are_few
    where = found.newest(_TALLIED + 1 if more else fulltext.FEW)
    put_aside = sa.func.coalesce(sa.func.sum(sa.case((aside, 1), else_=0)), 0)
    query = sa.select(sa.func.count(), put_aside).select_from(Claim).where(where, *conditions)
    number, others = session.execute(query).one()
    return Count.of(number - others, more=more), Count.of(others, more=more)

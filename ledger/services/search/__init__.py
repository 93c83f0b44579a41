"""What a search of the desk means, and what it finds.

Whatever can't be understood is told with its remedy, and the rest of the search still counts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger import clock
from ledger.auth.identity import Identity
from ledger.models import Article, Claim, Status
from ledger.services.search.asked import ARTICLE_ORDERS, CLAIM_ORDERS, Search, Trouble
from ledger.services.search.reader import ARTICLE_KEYS, ARTICLE_MEANINGS, CLAIM_KEYS, CLAIM_MEANINGS, Reader
from ledger.store import search as store
from ledger.store.search import Condition, Count, Facets

_AGES = ("<1d", "1d..7d", "7d..30d", "30d..90d", ">90d")
LARGE = 2000
"""From how many records on facets come after the list."""
_BY_MAKING = ("new", "old")


def claims(
    session: Session,
    text: str,
    *,
    by: Identity,
    zone: str | None = None,
    now: datetime | None = None,
    below: bool = False,
    dismissed: bool = False,
) -> Search:
    """A search of claims. `zone` names the one in which days begin, by default UTC.

    Candidates that no desk of theirs shows are left out unless `below`, or the search itself, asks for them;
    so are dismissed claims unless `dismissed`, or the search, does.
    """
    search = Reader(session, text, by=by, zone=zone, now=now).search("claims", CLAIM_MEANINGS, CLAIM_ORDERS)
    if not (below or search.below):
        search.conditions.append(Condition("below", store.shown(session)))
    if not (dismissed or search.dismissed or search.chosen("status")):
        search.conditions.append(Condition("status", col(Claim.status) != Status.DISMISSED, aside=True))
    if search.phrases:
        search.matches = store.matches(session, search.phrases)
    return search


def articles(
    session: Session, text: str, *, by: Identity, zone: str | None = None, now: datetime | None = None
) -> Search:
    """A search of articles."""
    reader = Reader(session, text, by=by, zone=zone, now=now)
    return reader.search("articles", ARTICLE_MEANINGS, ARTICLE_ORDERS)


def facets(session: Session, search: Search, *, now: datetime | None = None) -> Facets:
    """For each key that has few values, how many there are of each under the rest of the search."""
    at = now or clock.now()
    if search.lists == "articles":
        return store.article_facets(session, search.conditions, at)
    conditions = search.conditions
    if search.matches:
        conditions = [*conditions, Condition("", search.matches.newest())]
    found = store.claim_facets(session, conditions, at)
    found.capped |= search.matches is not None and not search.matches.are_few
    found.counts["age"] = {_AGES[int(place)]: number for place, number in found.counts["age"].items()}
    return found


def page(
    session: Session,
    search: Search,
    *,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
    more: Sequence[Any] = (),
) -> tuple[list[Any], bool]:
    """A page of what is found: rows of (record, key_0, key_1 …), and whether further ones lie beyond it.

    `more` are further conditions.
    """
    model, order = _listed(session, search)
    if search.matches and search.order in _BY_MAKING:
        others = (*search.others, *more)
        return store.page_with(
            session, search.matches, others, order, after=after, before=before, limit=limit
        )
    several = len(search.statuses) > 1 and not search.matches and not order.parts
    choices = [col(Claim.status) == status for status in search.statuses] if several else ()
    where = (*search.wheres, *more)
    return store.page(session, model, where, order, choices=choices, after=after, before=before, limit=limit)


def is_large(session: Session, lists: str) -> bool:
    """Whether there is so much to look through that counting what it is of takes a moment."""
    return store.is_large(session, Article if lists == "articles" else Claim, LARGE)


def totals(session: Session, search: Search) -> tuple[Count, Count]:
    """How many are found, and how many dismissed claims would be beside, had they been asked for."""
    if not any(one.aside for one in search.conditions):
        return total(session, search), Count(0)
    where = [one.where for one in search.conditions if not one.aside]
    put_aside = col(Claim.status) == Status.DISMISSED
    if search.matches:
        live, aside = store.tally(session, search.matches, where, put_aside)
        return live, aside
    # What a desk does not show is of the guesses; leaving that out lets an index answer alone.
    where = [one.where for one in search.conditions if not one.aside and one.key != "below"]
    return total(session, search), store.total(session, Claim, (put_aside, *where))


def total(session: Session, search: Search) -> Count:
    """How many are found."""
    if search.matches:
        return store.tally(session, search.matches, search.others, sa.false())[0]
    return store.total(session, Article if search.lists == "articles" else Claim, search.others)


def ids(session: Session, search: Search, *, limit: int) -> list[str]:
    """The ids of the first that are found."""
    model, order = _listed(session, search)
    if search.matches and search.order in _BY_MAKING:
        rows, _ = page(session, search, limit=limit)
        return [row[0].id for row in rows]
    return store.ids(session, model, search.wheres, order, limit=limit)


def order_of(session: Session, search: Search) -> store.Order:
    """What the found are ordered by."""
    return _listed(session, search)[1]


def _listed(session: Session, search: Search) -> tuple[Any, store.Order]:
    if search.lists == "articles":
        return Article, store.articles_by(session, search.order)
    return Claim, store.claims_by(search.order)


__all__ = [
    "ARTICLE_KEYS",
    "ARTICLE_ORDERS",
    "CLAIM_KEYS",
    "CLAIM_ORDERS",
    "Search",
    "Trouble",
    "articles",
    "claims",
    "facets",
    "ids",
    "is_large",
    "order_of",
    "page",
    "total",
    "totals",
]

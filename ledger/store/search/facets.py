"""What a list can be narrowed by: how many there are of each value of a key, under the rest of a search."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass, field
from ledger.models import DEFAULT_DESK, Appearance, Article, Claim, Status, Verdict
from ledger.store.search.conditions import (
    NONE,
    OPEN,
    SOON,
    Condition,
    has_claims,
    has_open,
    wheres,
    with_claims,
)
from ledger.store.search.lists import COUNTED

AGES = (timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""Where one band of age ends and the next begins."""
_CLAIM_FACETS = ("status", "kind", "verdict", "assignee", "age", "publisher", "tag", "due")
_ARTICLE_FACETS = ("state", "due", "assignee", "desk", "publisher", "tag")


@dataclass(slots=True)
class Facets:
    """For each key, how many there are of each of its values; under all conditions but the key's own.

    `capped`: there are more, and only the newest COUNTED were counted.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    capped: bool = False


def claim_facets(session: Session, conditions: Sequence[Condition], now: datetime) -> Facets:
    """How many claims there are of each status, kind, rating, person, publisher, tag, age and due."""
    return _facets(_CLAIM_FACETS, conditions, lambda where: _claim_values(session, where, now))


def article_facets(session: Session, conditions: Sequence[Condition], now: datetime) -> Facets:
    """How many articles there are of each state, due, person, desk, publisher and tag."""
    return _facets(_ARTICLE_FACETS, conditions, lambda where: _article_values(session, where, now))


Values = dict[str, set[tuple[str, str]]]
"""For each key, pairs of a value and the id of a record that has it."""


def _facets(
    keys: Sequence[str], conditions: Sequence[Condition], read: Callable[[Any], tuple[Values, int]]
) -> Facets:
    asked = {one.key for one in conditions if not one.out}
    found = Facets()
    # What nothing is asked of is counted in one reading; each other key is, under the rest of the search.
    for few in ([key for key in keys if key not in asked], *([key] for key in keys if key in asked)):
        if few:
            values, number = read(wheres(conditions, but=few[0] if few[0] in asked else None))
            found.capped |= number >= COUNTED
            for key in few:
                counts = Counter(value for value, _ in values[key])
                found.counts[key] = dict(counts)
    return found


def _claim_values(session: Session, conditions: Any, now: datetime) -> tuple[Values, int]:
    """What the newest COUNTED claims have. Counting here takes a fraction of what SQLite takes to sort."""
    few = sa.select(col(Claim.id)).where(*conditions).order_by(col(Claim.created_at).desc()).limit(COUNTED)
    newest: Any = few.subquery()
    query: Any = (
        sa.select(
            col(Claim.id),
            col(Claim.status),
            col(Claim.kind),
            col(Verdict.code),
            col(Claim.assignee_id),
            _band(now),
            col(Claim.tags),
            col(Article.publisher),
            col(Article.tags),
            _due_word(col(Claim.status).in_(OPEN), now),
        )
        .select_from(newest)
        .join(Claim, col(Claim.id) == newest.c.id)
        .outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))
        .outerjoin(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .outerjoin(Article, col(Article.id) == col(Appearance.article_id))
    )
    values: Values = {key: set() for key in _CLAIM_FACETS}
    for id, status, kind, code, assignee, band, tags, publisher, more_tags, due in session.execute(query):
        values["status"].add((status, id))
        values["kind"].add((kind, id))
        values["verdict"].add((code or NONE, id))
        values["assignee"].add((assignee or NONE, id))
        values["age"].add((band, id))
        if publisher:
            values["publisher"].add((publisher, id))
        if due:
            values["due"].add((due, id))
        if tags or more_tags:
            values["tag"] |= {(tag, id) for tag in (*(tags or ()), *(more_tags or ()))}
    return values, len(values["kind"])


def _article_values(session: Session, conditions: Any, now: datetime) -> tuple[Values, int]:
    """What the newest COUNTED articles have."""
    flags = states(session)
    names = [name for name in flags if name not in ("done", "empty")]
    columns = (Article.id, Article.desk_id, Article.publisher, Article.tags)
    query = sa.select(  # type: ignore[call-overload]
        *columns,
        _due_word(flags["open"], now),
        sa.case((has_claims(session), 1), else_=0),
        *(sa.case((flags[name], 1), else_=0) for name in names),
    ).where(*conditions)
    query = query.order_by(col(Article.created_at).desc()).limit(COUNTED)
    values: Values = {key: set() for key in _ARTICLE_FACETS}
    rows = session.execute(query).all()
    for id, desk, publisher, tags, due, any_claims, *held in rows:
        is_so = {name for name, so in zip(names, held, strict=True) if so}
        values["state"] |= {(name, id) for name in is_so}
        if "open" not in is_so:
            values["state"].add(("done" if any_claims else "empty", id))
        values["desk"].add((desk or DEFAULT_DESK, id))
        if publisher:
            values["publisher"].add((publisher, id))
        if due:
            values["due"].add((due, id))
        values["tag"] |= {(tag, id) for tag in tags or ()}
    have: Any = (
        sa.select(col(Claim.assignee_id), col(Article.id))
        .select_from(Claim)
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Claim.assignee_id).is_not(None), col(Claim.status).in_(OPEN), *conditions)
    )
    values["assignee"] = {(person, id) for person, id in session.execute(have)}
    return values, len(rows)


def _band(now: datetime) -> Any:
    """How old a claim is: the place of its band in AGES, as a word."""
    whens = [(col(Claim.created_at) >= now - age, str(place)) for place, age in enumerate(AGES)]
    return sa.case(*whens, else_=str(len(AGES)))


def _due_word(is_open: Any, now: datetime) -> Any:
    due = col(Article.due_at)
    return sa.case(
        (due.is_(None), None),
        (sa.and_(due < now, is_open), "overdue"),
        (due < now, "past"),
        (due < now + SOON, "week"),
        else_="later",
    )


def states(session: Session) -> dict[str, Any]:
    """What may be said of an article as a whole, each with the condition that it is so."""
    return {
        "stale": with_claims(col(Claim.status) == Status.STALE),
        "open": has_open(session),
        "done": sa.and_(has_claims(session), sa.not_(has_open(session))),
        "empty": sa.not_(has_claims(session)),
    }

"""What a search of the desk asks of the database: conditions on claims and on articles, facets, pages.

Conditions stand by themselves: each looks things up in a query of its own, so that they can be put to
any query over claims, or over articles, together or one left out.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger.models import (
    DEFAULT_DESK,
    Account,
    Appearance,
    Article,
    Claim,
    Signature,
    Status,
    Verdict,
    VerdictState,
)
from ledger.models.base import Moment
from ledger.store.desks import thresholds
from ledger.store.words import contains

OPEN = (Status.STALE, Status.PROPOSED, Status.CHECKING, Status.UNCHECKED, Status.CANDIDATE)
"""The statuses of a claim that somebody has something to do about, the most pressing first."""
COUNTED = 10_000
"""How far a total is counted; beyond it, it is "more than"."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SOON = timedelta(days=7)
AGES = (timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""Where one band of age ends and the next begins."""
NONE = "none"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and the key of the search that it came from; `out` where it was turned round, `words`
    where it looks for some, `aside` where nobody asked for it: dismissed claims are put aside."""

    key: str
    where: Any
    out: bool = False
    words: str | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: expressions with their direction, the last one singling a row out."""

    keys: tuple[tuple[Any, bool], ...]
    """(expression, descending)"""

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


@dataclass(slots=True)
class Facets:
    """For each key, how many there are of each of its values; under all conditions but the key's own.

    `capped`: there are more, and only the newest COUNTED were counted.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    capped: bool = False


def wheres(conditions: Sequence[Condition], *, but: str | None = None) -> tuple[Any, ...]:
    """The conditions, those of one key left out; what was turned round always stays."""
    return tuple(one.where for one in conditions if one.out or one.key != but)


# ----------------------------------------------------------------------------- conditions on claims


def claim_words(words: str) -> Any:
    """The claim's statement, its words in the text, its claimant or an article's title hold these words."""
    places = _appearing(contains(Appearance.exact, words))
    titled = _appearing(
        col(Appearance.article_id).in_(sa.select(col(Article.id)).where(contains(Article.title, words)))
    )
    return sa.or_(
        contains(Claim.statement, words),
        sa.and_(col(Claim.claimant).is_not(None), contains(Claim.claimant, words)),
        col(Claim.id).in_(places),
        col(Claim.id).in_(titled),
    )


def _appearing(where: Any) -> Any:
    return sa.select(col(Appearance.claim_id)).where(where).correlate(None)


def in_articles(where: Any) -> Any:
    """A condition on claims: they stand in an article that meets `where`, a condition on articles."""
    within = sa.select(col(Article.id)).where(where).correlate(None)
    return col(Claim.id).in_(_appearing(col(Appearance.article_id).in_(within)))


def rated(codes: Sequence[str]) -> Any:
    """The verdict in force has one of these ratings, stale or not; `none`: there is none."""
    known = sa.select(col(Verdict.id)).where(col(Verdict.code).in_(codes)).correlate(None)
    found = col(Claim.verdict_id).in_(known)
    return sa.or_(col(Claim.verdict_id).is_(None), found) if NONE in codes else found


def had_by(people: Sequence[str | None]) -> Any:
    """One of these people has the claim; None: nobody has."""
    return _among(col(Claim.assignee_id), people)


def proposed_by(people: Sequence[str | None]) -> Any:
    """One of these people proposed the verdict in force, or the one that waits."""
    proposed = _given(col(Verdict.proposed_by).in_([p for p in people if p]))
    return sa.or_(col(Claim.id).in_(proposed), *_nobody(people, _given(sa.true())))


def signed_by(people: Sequence[str | None]) -> Any:
    """One of these people signed the verdict in force, or the one that waits."""
    theirs = col(Signature.account_id).in_([p for p in people if p])
    signed = _given(col(Verdict.id).in_(sa.select(col(Signature.verdict_id)).where(theirs)))
    every = _given(col(Verdict.id).in_(sa.select(col(Signature.verdict_id))))
    return sa.or_(col(Claim.id).in_(signed), *_nobody(people, every))


def worked_on_by(people: Sequence[str | None]) -> Any:
    """One of these people has the claim, or proposed or signed its verdict."""
    return sa.or_(had_by(people), proposed_by(people), signed_by(people))


def _given(where: Any) -> Any:
    counts = col(Verdict.state).in_((VerdictState.PROPOSED, VerdictState.SETTLED))
    return sa.select(col(Verdict.claim_id)).where(counts, where).correlate(None)


def _nobody(people: Sequence[str | None], given: Any) -> list[Any]:
    return [col(Claim.id).not_in(given)] if None in people else []


def _among(column: Any, values: Sequence[str | None]) -> Any:
    found = column.in_([value for value in values if value is not None])
    return sa.or_(found, column.is_(None)) if None in values else found


def claim_tagged(tags: Sequence[str], sqlite: bool) -> Any:
    """The claim, or an article in which it stands, has one of these tags; `none`: no tag at all."""
    own = col(Claim.id).in_(_tagged(Claim, tags, sqlite))
    found = sa.or_(own, in_articles(col(Article.id).in_(_tagged(Article, tags, sqlite))))
    if NONE not in tags:
        return found
    tagged = in_articles(_has_tags(Article))
    return sa.or_(found, sa.and_(sa.not_(_has_tags(Claim)), sa.not_(tagged)))


def article_tagged(tags: Sequence[str], sqlite: bool) -> Any:
    """The article has one of these tags; `none`: no tag at all."""
    found = col(Article.id).in_(_tagged(Article, tags, sqlite))
    return sa.or_(found, sa.not_(_has_tags(Article))) if NONE in tags else found


def _has_tags(model: Any) -> Any:
    # An empty list is stored as none.
    return model.tags.is_not(None)


def _tagged(model: Any, tags: Sequence[str], sqlite: bool) -> Any:
    row: Any = aliased(model)
    each = _each(row.tags, sqlite)
    query = sa.select(row.id).select_from(row).join(each, sa.true()).where(row.tags.is_not(None))
    return query.where(each.c.value.in_(tags)).correlate(None)


def _each(column: Any, sqlite: bool) -> Any:
    """The words of a list of them, as rows."""
    if sqlite:
        return sa.func.json_each(column).table_valued("value", name="word")
    return sa.func.jsonb_array_elements_text(column).table_valued("value", name="word")


def claim_overdue(now: datetime) -> Any:
    """An article of the claim's is due, and the claim is still open."""
    return sa.and_(col(Claim.status).in_(OPEN), in_articles(col(Article.due_at) < now))


def no_claim_due() -> Any:
    """No article of the claim's has a date that it is due."""
    return sa.not_(in_articles(col(Article.due_at).is_not(None)))


def holding(session: Session, conditions: Sequence[Any]) -> list[str]:
    """The ids of claims that meet the conditions, COUNTED + 1 at most, in no order."""
    query = sa.select(col(Claim.id)).where(*conditions).limit(COUNTED + 1)
    return list(session.execute(query).scalars())


def among(session: Session, ids: Sequence[str]) -> Any:
    """A condition on claims: they are among these, however many."""
    if session.get_bind().dialect.name != "sqlite":
        return col(Claim.id) == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.String)))
    each: Any = sa.func.json_each(json.dumps(list(ids))).table_valued("value", name="one")
    return col(Claim.id).in_(sa.select(each.c.value).correlate(None))


# --------------------------------------------------------------------------- conditions on articles


def article_words(words: str) -> Any:
    """Title, publisher, byline or address hold these words."""
    places = (Article.title, Article.publisher, Article.byline, Article.url)
    return sa.or_(*(sa.and_(sa.type_coerce(p, sa.Text).is_not(None), contains(p, words)) for p in places))


def with_claims(where: Any) -> Any:
    """A condition on articles: a claim that meets `where` stands in them."""
    meeting = sa.select(col(Claim.id)).where(where).correlate(None)
    within = sa.select(col(Appearance.article_id)).where(col(Appearance.claim_id).in_(meeting))
    return col(Article.id).in_(within.correlate(None))


def shown(session: Session) -> Any:
    """A condition on claims: a desk of theirs shows them. One transaction reads the thresholds once."""
    if "thresholds" not in session.info:
        session.info["thresholds"] = thresholds(session)
    return session.info["thresholds"].shown()


def has_open(session: Session) -> Any:
    """A condition on articles: something in them is left to do."""
    return _claim_of_article(col(Claim.status).in_(OPEN), shown(session))


def has_claims(session: Session) -> Any:
    """A condition on articles: a claim is in them that is shown, and not dismissed."""
    return _claim_of_article(col(Claim.status) != Status.DISMISSED, shown(session))


def _claim_of_article(*where: Any) -> Any:
    # Looked up article by article: the first claim found ends it.
    query = sa.select(1).select_from(Appearance).join(Claim, col(Claim.id) == col(Appearance.claim_id))
    return query.where(col(Appearance.article_id) == col(Article.id), *where).correlate(Article).exists()


def article_overdue(session: Session, now: datetime) -> Any:
    """The article is due, and something in it is left to do."""
    return sa.and_(col(Article.due_at) < now, has_open(session))


def any_of(column: Any, values: Sequence[str | None]) -> Any:
    """The column has one of these values; None: it is empty."""
    return _among(column, values)


# ------------------------------------------------------------------------------------------- orders


def claims_by(order: str) -> Order:
    """How a list of claims is ordered: new, old, changed, worth or due."""
    id = col(Claim.id)
    if order == "old":
        return Order(((col(Claim.created_at), False), (id, False)))
    if order == "changed":
        return Order(((col(Claim.updated_at), True), (id, True)))
    if order == "worth":
        return Order(((sa.func.coalesce(col(Claim.score), -1.0, type_=sa.Float), True), (id, True)))
    if order == "due":
        due: Any = (
            sa.select(sa.func.min(col(Article.due_at)))
            .select_from(Appearance)
            .join(Article, col(Article.id) == col(Appearance.article_id))
            .where(col(Appearance.claim_id) == col(Claim.id))
            .correlate(Claim)
            .scalar_subquery()
        )
        return Order(((_or_never(due), False), (id, False)))
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
        return Order(((due, False), (created, True), (id, True)))
    stale = sa.case((with_claims(col(Claim.status) == Status.STALE), 1), else_=0)
    return Order(((stale, True), (due, False), (created, True), (id, True)))


def _or_never(due: Any) -> Any:
    moment = Moment()
    return sa.func.coalesce(due, sa.literal(NEVER, moment), type_=moment)


def page(
    session: Session,
    model: Any,
    conditions: Sequence[Any],
    order: Order,
    *,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> tuple[list[Any], bool]:
    """A page of records, as rows of (record, key_0, key_1 …), and whether more lie beyond it.

    `after` and `before` are the keys of a row; with `before`, the page that ends above it, and "beyond"
    is further up. Pages by key cost the same at any depth, and rows that come in meanwhile shift nothing.
    """
    keys = [(key, down != (before is not None)) for key, down in order.keys]
    query = sa.select(model, *(key.label(f"key_{n}") for n, (key, _) in enumerate(keys)))
    query = query.where(*conditions)
    if (start := after or before) is not None:
        query = query.where(_beyond(keys, start))
    ordered = query.order_by(*(key.desc() if down else key.asc() for key, down in keys)).limit(limit + 1)
    rows = list(session.execute(ordered))
    found = rows[:limit]
    return (found[::-1] if before is not None else found), len(rows) > limit


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


def is_large(session: Session, model: Any, least: int) -> bool:
    """Whether there are more records than that; looks at no more of them."""
    some = sa.select(model.id).limit(least + 1).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()) > least


def total(session: Session, model: Any, conditions: Sequence[Any]) -> int:
    """How many records there are; beyond COUNTED, COUNTED + 1."""
    some = sa.select(model.id).where(*conditions).limit(COUNTED + 1).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def ids(session: Session, model: Any, conditions: Sequence[Any], order: Order, *, limit: int) -> list[str]:
    """The ids of the first records of a list."""
    keys = [key.desc() if down else key.asc() for key, down in order.keys]
    return list(
        session.execute(sa.select(model.id).where(*conditions).order_by(*keys).limit(limit)).scalars()
    )


# ------------------------------------------------------------------------------------------- facets


_CLAIM_FACETS = ("status", "kind", "verdict", "assignee", "age", "publisher", "tag", "due")
_ARTICLE_FACETS = ("state", "due", "assignee", "desk", "publisher", "tag")


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


# ------------------------------------------------------------------------------- what a list shows


def first_articles(session: Session, claim_ids: Sequence[str]) -> dict[str, Any]:
    """For each claim the article of its first appearance: id, title, publisher, due_at, tags."""
    columns = (
        Appearance.claim_id, Article.id, Article.title, Article.publisher, Article.due_at, Article.tags,
    )  # fmt: skip
    query = (
        sa.select(*columns)  # type: ignore[call-overload]
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(claim_ids))
        .order_by(col(Appearance.id))
    )
    found: dict[str, Any] = {}
    for row in session.execute(query):
        found.setdefault(row.claim_id, row)
    return found


def people_of_articles(session: Session, article_ids: Sequence[str]) -> dict[str, list[str]]:
    """For each article who has open claims in it, whoever has most of them first."""
    pairs = (
        sa.select(col(Appearance.article_id).label("article_id"), col(Claim.assignee_id).label("person"))
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .where(col(Appearance.article_id).in_(article_ids))
        .where(col(Claim.assignee_id).is_not(None), col(Claim.status).in_(OPEN))
        .subquery()
    )
    query = (
        sa.select(pairs.c.article_id, pairs.c.person)
        .group_by(pairs.c.article_id, pairs.c.person)
        .order_by(sa.func.count().desc(), pairs.c.person)
    )
    found: dict[str, list[str]] = {id: [] for id in article_ids}
    for article_id, person in session.execute(query):
        found[article_id].append(person)
    return found


def versions(session: Session, lists: str, ids: Sequence[str]) -> dict[str, int | None]:
    """The version in which each of these records stands, in their order."""
    model: Any = Article if lists == "articles" else Claim
    query = sa.select(model.id, model.version).where(model.id.in_(ids))
    found = {id: version for id, version in session.execute(query)}
    return {id: found[id] for id in ids if id in found}


# --------------------------------------------------------------------------------- what there is


def people(session: Session) -> list[tuple[str, str]]:
    """Everybody by id and name, in the order of their names."""
    query = select(Account.id, Account.name).order_by(col(Account.name), col(Account.id))
    return [(id, name) for id, name in session.exec(query)]


def publishers(session: Session) -> list[str]:
    """All publishers, in order."""
    query = select(Article.publisher).where(col(Article.publisher).is_not(None)).distinct()
    return sorted(str(name) for name in session.exec(query))


def tags(session: Session) -> list[str]:
    """All tags in use, on claims and articles, in order."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    found: set[str] = set()
    for model in (Claim, Article):
        each = _each(model.tags, sqlite)
        query = sa.select(each.c.value).select_from(model).join(each, sa.true()).where(_has_tags(model))
        found |= set(session.execute(query.distinct()).scalars())
    return sorted(found)

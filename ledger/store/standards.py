"""What other programs' formats tell of claims: verdicts in force, and places in texts, as plain rows.

Everything here is read in one of two ways: `public` is what the open reports show to anybody, and else
all that the desk has. Guesses and what was put aside are in neither.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass, replace
from ledger import fulltext
from ledger.fulltext import AROUND, STATEMENT, TOLD, Phrase
from ledger.models import (
    Appearance,
    Article,
    Capacity,
    Claim,
    Event,
    Revision,
    Signature,
    Status,
    Triage,
    Verdict,
)
from ledger.models.base import Moment
from ledger.store.articles import SETTLED
from ledger.store.claims import Filters, narrowed
from ledger.store.exports import FEW, count, unindexed
from ledger.store.records import key_of, page
from ledger.store.reports import OPENED
from ledger.store.search.conditions import among_given, ids_given
from ledger.store.search.ordered import ByTime, first_with, in_order
from ledger.store.search.words import Form as WordsForm
from ledger.store.search.words import Matches, claims_with, holding, matches
from ledger.store.stretches import NEWEST_FIRST, WHOLE, Stretch
from ledger.store.words import contains_given, escaped, to_contain

# Statements are kept where they can be: to put one together costs as much as what it finds.
_BATCH = 200

_REVIEW: Any = (
    Claim.id, Claim.version, Claim.statement, Claim.claimant, Claim.language, Claim.updated_at,
    Verdict.label, Verdict.number, Verdict.scale, Verdict.scale_version, Verdict.rationale,
    Verdict.settled_at, Verdict.correction,
    sa.select(col(Signature.note))
    .where(col(Signature.verdict_id) == col(Verdict.id), col(Signature.capacity) == Capacity.OVERRIDE)
    .scalar_subquery()
    .label("override"),
)  # fmt: skip
_WORK: Any = (
    Article.id, Article.title, Article.url, Article.language, Article.publisher, Article.published,
    Article.report_since, Article.desk_id,
)  # fmt: skip
_PLACE: Any = (
    Appearance.id, Appearance.claim_id, Appearance.article_id, Appearance.start, Appearance.end,
    Appearance.exact, Appearance.prefix, Appearance.suffix,
    Claim.version, Claim.status, Claim.statement, Claim.claimant, Claim.triage, Claim.verdict_id,
    Claim.stale_since, Claim.stale_reasons, Claim.withdrawn_at, Claim.withdrawn_note, Claim.created_at,
    Claim.updated_at,
    Article.title, Article.url, Article.language, Article.direction, Article.desk_id, Article.report_since,
    col(Revision.number).label("revision"), Revision.sha256, col(Revision.created_at).label("revised_at"),
    Verdict.label, Verdict.rationale, Verdict.settled_at,
)  # fmt: skip


# ----------------------------------------------------------------------------- verdicts in force


def review(session: Session, claim_id: str, *, public: bool) -> Any:
    """The row of a claim with its verdict in force; None where there is none to be told."""
    return session.execute(_reviews(public).where(col(Claim.id) == claim_id)).first()


def reviews(
    session: Session, filters: Filters, *, public: bool, stretch: Stretch = WHOLE
) -> Generator[list[Any], None, None]:
    """The rows of all claims with a verdict in force that the filters let through, newest first, in batches.

    Memory does not grow with their number.
    """
    query = _reviews(public, article_id=filters.article_id, newest_first=_many(session, filters))
    query = query.where(*unindexed(session, filters), *stretch.conditions(session))
    yield from _batches(session, query.order_by(*NEWEST_FIRST))


def _many(session: Session, filters: Filters) -> bool:
    """Whether there are more than are put in order in memory."""
    settled = replace(filters, where=(*filters.where, col(Claim.status).in_(SETTLED)))
    return count(session, settled, most=FEW) == FEW


def _batches(session: Session, query: Any) -> Generator[list[Any], None, None]:
    connection = session.connection()
    with closing(connection.execution_options(yield_per=_BATCH).execute(query)) as found:
        for rows in found.partitions():
            yield list(rows)


def works(session: Session, claim_ids: Sequence[str], *, public: bool) -> dict[str, list[Any]]:
    """For each claim the articles in which it stands, those with an open report first, in one query."""
    found: dict[str, dict[str, Any]] = {}
    for row in session.connection().execute(_works(public), {"claims": list(claim_ids)}):
        found.setdefault(row.claim_id, {}).setdefault(row.id, row)
    return {id: list(articles.values()) for id, articles in found.items()}


@lru_cache(maxsize=2)
def _works(public: bool) -> Any:
    query = (
        sa.select(col(Appearance.claim_id), *_WORK)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(sa.bindparam("claims", expanding=True)))
        .order_by(col(Article.report_since).is_(None), col(Article.report_since), col(Appearance.id))
    )
    return query.where(col(Article.report_since).is_not(None)) if public else query


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search for checked claims asks; `language` is a primary tag in lower case."""

    phrases: tuple[Phrase, ...] = ()
    language: str | None = None
    since: datetime | None = None
    public: bool = True

    @property
    def form(self) -> tuple[bool, bool, bool]:
        """What is asked, but for the words and other values: statements are kept by it."""
        return bool(self.language), bool(self.since), self.public

    @property
    def signs(self) -> tuple[Phrase, ...]:
        """What full text knows of the claims that are searched."""
        return (fulltext.IS_SETTLED, fulltext.IS_OPEN) if self.public else (fulltext.IS_SETTLED,)

    def given(self) -> dict[str, Any]:
        """The values that the statement waits for."""
        given: dict[str, Any] = {}
        if self.language:
            given |= {"language": self.language, "regional": f"{escaped(self.language)}-%"}
        if self.since:
            given |= {"since": self.since, "since_day": f"{self.since:%Y-%m-%d}"}
        return given


def searched(
    session: Session, asked: Asked, *, after: tuple[Any, ...] | None, offset: int, limit: int
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of the checked claims that a search finds, newest first, and where the next begins."""
    most, where = offset + limit + 1, ()
    if asked.phrases:
        found = matches(session, (*asked.signs, *asked.phrases))
        rows = _newest(session, asked, found, beyond=after[-1] if after else None, most=most)
        if rows is not None:
            some = rows[offset : offset + limit]
            return some, (key_of(some[-1]) if some and len(rows) == most else None)
        where = found.wheres
    query = _checked(*asked.form).params(asked.given()).where(*where).offset(offset)
    return page(session, query, *_KEYS, after=after, limit=limit)


def _newest(
    session: Session, asked: Asked, found: Matches, *, beyond: str | None, most: int
) -> list[Any] | None:
    """The newest `most` of the matches behind a claim that a search finds; None where there are not so many
    among thousands of matches."""
    # Nearly all that have the signs are found: mostly no more have to be looked at.
    first = min(most, _STEP)
    rows = _checked_among(session, asked, some := found.behind(beyond, first))
    if len(rows) >= most or len(some) < first:
        return rows
    having = _checked(*asked.form).with_only_columns(col(Claim.id)).params(asked.given())
    ids = claims_with(session, found, (), limit=most, beyond=beyond, among_those=having)
    return None if ids is None else _checked_among(session, asked, ids)


def _checked_among(session: Session, asked: Asked, ids: Sequence[str]) -> list[Any]:
    """Those of some claims that a search finds, newest first."""
    if not ids:
        return []
    sqlite = _is_sqlite(session)
    query, values = _checked_of(*asked.form, sqlite), ids_given(ids, sqlite=sqlite) | asked.given()
    return list(session.connection().execute(query, values))


def searched_among(session: Session, asked: Asked, claim_ids: Sequence[str]) -> list[Any]:
    """Those of these claims that a search finds, in their order."""
    found = {row.id: row for row in _checked_among(session, asked, claim_ids)}
    return [found[id] for id in claim_ids if id in found]


_KEYS: Any = (col(Claim.created_at), col(Claim.id))


@lru_cache(maxsize=8)
def _checked(spoken: bool, lately: bool, public: bool) -> Any:
    """What must hold of a claim and its verdict, besides the words; the values come with each execution."""
    query = _reviews(public, newest_first=True)
    query = query.add_columns(*(key.label(f"key_{n}") for n, key in enumerate(_KEYS)))
    if spoken:
        said = sa.func.lower(sa.func.coalesce(col(Claim.language), _language()))
        regional = said.like(sa.bindparam("regional", type_=sa.String), escape="\\")
        query = query.where(sa.or_(said == sa.bindparam("language", type_=sa.String), regional))
    if lately:
        published = _places(public=public).where(
            col(Article.published) >= sa.bindparam("since_day", type_=sa.String),
            # What begins otherwise is no date of ours.
            sa.func.substr(col(Article.published), 1, 1) == "2",
        )
        settled = col(Verdict.settled_at) >= sa.bindparam("since", type_=Moment())
        query = query.where(sa.or_(settled, published.exists()))
    return query


@lru_cache(maxsize=16)
def _checked_of(spoken: bool, lately: bool, public: bool, sqlite: bool) -> Any:
    query = _checked(spoken, lately, public).where(among_given(sqlite=sqlite))
    return query.order_by(*(key.desc() for key in _KEYS))


@lru_cache(maxsize=8)
def _reviews(public: bool, article_id: str | None = None, *, newest_first: bool = False) -> Any:
    # These words stand only for a verdict that is signed and fits: services/statuses.py.
    status: Any = col(Claim.status)
    if newest_first:
        # Where most will do, the newest are soon found, and some by their ids; by status, all would be read.
        status = status.concat("")
    query = (
        sa.select(*_REVIEW).join(Verdict, col(Verdict.id) == col(Claim.verdict_id)).where(status.in_(SETTLED))
    )
    if not public:
        return query
    places = _places(public=True)
    if article_id is not None:
        places = places.where(col(Article.id) == article_id)
    return query.where(places.exists())


@lru_cache(maxsize=2)
def _places(*, public: bool) -> Any:
    query = (
        sa.select(1)
        .select_from(Appearance)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id) == col(Claim.id))
        .correlate(Claim)
    )
    return query.where(col(Article.report_since).is_not(None)) if public else query


def _language() -> Any:
    query = (
        sa.select(col(Article.language))
        .join(Appearance, col(Appearance.article_id) == col(Article.id))
        .where(col(Appearance.claim_id) == col(Claim.id))
    )
    return query.order_by(col(Appearance.id)).limit(1).correlate(Claim).scalar_subquery()


def last_change(session: Session) -> Any:
    """Place (`seq`) and time (`at`) of the newest event; None in an empty log."""
    return session.execute(sa.select(Event.seq, Event.at).order_by(col(Event.seq).desc()).limit(1)).first()  # type: ignore[call-overload]


# ------------------------------------------------------------------------------- places in texts


class Form(NamedTuple):
    """What is sought, but for the words and other values: statements are kept by it."""

    public: bool
    nothing: bool
    in_article: bool
    addressed: bool
    patterns: int
    parts: int
    quote: int
    text: int
    any: int
    tags: int


_FORMS = 64


@dataclass(frozen=True, slots=True)
class Sought:
    """Which places: each word somewhere in what is named for it, and the address any of those given."""

    public: bool = True
    article_id: str | None = None
    urls: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    quote: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    nothing: bool = False

    @property
    def form(self) -> Form:
        """Which statement asks for it."""
        counts = map(len, (self.patterns, self.parts, self.quote, self.text, self.any, self.tags))
        addressed = bool(self.urls or self.article_ids or self.patterns)
        return Form(self.public, self.nothing, self.article_id is not None, addressed, *counts)

    def given(self) -> dict[str, Any]:
        """The values that such a statement waits for."""
        found: dict[str, Any] = {f"pattern_{n}": pattern for n, pattern in enumerate(self.patterns)}
        if self.article_id is not None:
            found["article_id"] = self.article_id
        if self.urls or self.article_ids or self.patterns:
            found |= {"urls": list(self.urls), "article_ids": list(self.article_ids)}
        for name in ("parts", "quote", "text", "any"):
            for n, word in enumerate(getattr(self, name)):
                found |= to_contain(f"{name}_{n}", word)
        for name in ("text", "any"):
            for n, word in enumerate(getattr(self, name)):
                one = fulltext.phrase(word, (STATEMENT,))
                found[f"{name}_{n}_alike"] = fulltext.pattern(one) if one else None
        for name in ("any", "tags"):
            found |= {f"{name}_{n}_tag": word.lower() for n, word in enumerate(getattr(self, name))}
        return found


def placed(session: Session, id: str, *, public: bool) -> Any:
    """The row of one place; None where it is not to be told."""
    sought = Sought(public=public)
    query = _placed(sought.form).where(col(Appearance.id) == id)
    return session.execute(query, sought.given()).first()


def placed_in_order(session: Session, sought: Sought, *, first: int, limit: int) -> list[Any]:
    """Places in an article, in reading order."""
    query = _placed(sought.form).order_by(col(Appearance.start), col(Appearance.id))
    return list(session.execute(query.offset(first).limit(limit), sought.given()))


def placed_of(
    session: Session, filters: Filters, *, stretch: Stretch = WHOLE
) -> Generator[list[Any], None, None]:
    """The places of the claims that the filters let through, newest claim first, in batches.

    `stretch.after` may be the id of a place, too: then come those behind it. Memory does not grow with them.
    """
    query = _placed(Sought(public=False).form).where(
        *unindexed(session, filters), *_stretched(session, stretch)
    )
    yield from _batches(session, query.order_by(*NEWEST_FIRST, col(Appearance.id)))


def number_placed(session: Session, filters: Filters, stretch: Stretch = WHOLE) -> int:
    """How many places these are."""
    query = _placed(Sought(public=False).form).with_only_columns(sa.func.count())
    query = narrowed(session, query, filters).where(*_stretched(session, stretch))
    return int(session.execute(query).scalar_one())


def _stretched(session: Session, stretch: Stretch) -> list[Any]:
    place = session.get(Appearance, stretch.after) if stretch.after else None
    if place is None:
        return stretch.conditions(session)
    # What is left of the claim that it belongs to comes, too.
    rest = sa.or_(col(Claim.id) != place.claim_id, col(Appearance.id) > place.id)
    return [rest, *replace(stretch, after=place.claim_id, with_it=True).conditions(session)]


def placed_behind(session: Session, sought: Sought, *, after: str | None, limit: int) -> list[Any]:
    """Places by their ids, those behind `after`."""
    query = _placed(sought.form)
    query = query if after is None else query.where(col(Appearance.id) > after)
    return list(session.execute(query.order_by(col(Appearance.id)).limit(limit), sought.given()))


def placed_before(session: Session, sought: Sought, *, until: str | None, number: int) -> str | None:
    """The id of the place that so many stand behind, up to `until` and with it or up to the last; None if
    there are not more."""
    query = _placed(sought.form).with_only_columns(col(Appearance.id))
    query = query if until is None else query.where(col(Appearance.id) <= until)
    query = query.order_by(col(Appearance.id).desc()).offset(number).limit(1)
    found: str | None = session.execute(query, sought.given()).scalar_one_or_none()
    return found


def placed_page(
    session: Session, sought: Sought, *, sort: str, descending: bool, after: Any, offset: int, limit: int
) -> tuple[list[Any], int]:
    """Places sorted by `created`, `updated` or `id`, behind the value `after` of that key; and their number.

    Where no address is asked for, they are counted no further than _COUNTED beyond the page, and where words
    are common, among the newest claims that hold them.
    """
    by: Any = {"created": Claim.created_at, "updated": Claim.updated_at, "id": Appearance.id}[sort]
    beyond = () if after is None else ((by < after if descending else by > after),)
    found = matches(session, phrases) if (phrases := _phrases(sought)) else None
    if _is_addressed(sought):
        query, given = _placed(sought.form), sought.given()
        number = session.execute(query.with_only_columns(sa.func.count()), given).scalar_one()
        page = query.where(*beyond).order_by(*_sorted(by, descending)).offset(offset).limit(limit)
        return list(session.execute(page, given)), number
    if sort == "id":
        page = _placed(sought.form).where(
            *beyond, *(found.wheres if found is not None and found.are_few else ())
        )
        page = page.order_by(*_sorted(by, descending)).offset(offset).limit(limit)
        rows = list(session.execute(page, sought.given()))
    else:
        # First the few claims, by what is little to read of them; then all that is told of their places.
        first = _first(session, sought, found, ByTime(by, descending, after), offset + limit)
        page = _placed_of(sought.form, sort, descending, _is_sqlite(session))
        rows = _among(session, page, sought, first, {"offset": offset, "most": limit})
    number = _number_about(session, sought, found, offset + limit + _COUNTED)
    return rows, max(number, offset + len(rows) if after is None else 0)


def _sorted(by: Any, descending: bool) -> list[Any]:
    return [key.desc() if descending else key for key in (by, col(Claim.id), col(Appearance.id))]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _among(
    session: Session, query: Any, sought: Sought, ids: Sequence[str], more: dict[str, Any] | None = None
) -> list[Any]:
    """The rows of a kept query of places, of some claims."""
    given = ids_given(ids, sqlite=_is_sqlite(session)) | sought.given() | (more or {})
    return list(session.connection().execute(query, given)) if ids else []


def _first(session: Session, sought: Sought, found: Matches | None, order: ByTime, limit: int) -> list[str]:
    """The first claims in order that have a place which is sought."""
    if found is not None:
        having = _claims_of(sought.form, _is_sqlite(session))

        def placed_of(ids: Sequence[str]) -> set[str]:
            return {id for (id,) in _among(session, having, sought, ids)}

        ids = first_with(session, found, order, _ACCEPTED, having=placed_of, limit=limit)
        if ids is not None:
            return ids
    query = _first_of(sought.form, *order.form, found.form if found else ())
    given = sought.given() | order.given() | (found.given() if found else {}) | {"most": limit}
    return list(session.connection().execute(query, given).scalars())


_ACCEPTED = (col(Claim.triage) == Triage.ACCEPTED,)
_COUNTED = 100
_STEP = 200


def _number_about(session: Session, sought: Sought, found: Matches | None, most: int) -> int:
    """How many places there are, as far as `most`."""
    if found is None:
        query = _number(sought.form, None)
        return int(session.connection().execute(query, sought.given() | {"most": most}).scalar_one())
    counted = _among(
        session, _number(sought.form, _is_sqlite(session)), sought, found.first(most), {"most": most}
    )
    return int(counted[0][0]) if counted else 0


def _is_addressed(sought: Sought) -> bool:
    return bool(sought.article_id or sought.urls or sought.article_ids or sought.patterns or sought.nothing)


def _phrases(sought: Sought) -> list[Phrase]:
    """What claims must hold if a place of theirs is sought: fewer to look at, and then each word by word."""
    asked: list[tuple[str, tuple[str, ...]]] = [(word, (STATEMENT, TOLD)) for word in sought.text]
    asked += [(word, (STATEMENT, AROUND)) for word in sought.quote]
    # A word may be that of the status, which full text does not hold.
    asked += [(word, (STATEMENT, AROUND, TOLD)) for word in sought.any if word.lower() not in _TAGS]
    signs = [fulltext.IS_OPEN] if sought.public else []
    return signs + [one for word, columns in asked if (one := fulltext.phrase(word, columns))]


_TAGS = {str(status) for status in Status}


@lru_cache(maxsize=_FORMS)
def _has_place(form: Form) -> Any:
    """A condition on claims: they have a place that is sought."""
    places = (
        sa.select(1)
        .select_from(Appearance)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
        .outerjoin(Verdict, sa.and_(col(Verdict.id) == col(Claim.verdict_id), col(Claim.status).in_(SETTLED)))
        .where(col(Appearance.claim_id) == col(Claim.id), *_conditions(form))
    )
    return places.correlate(Claim).exists()


@lru_cache(maxsize=_FORMS)
def _first_of(form: Form, key: Any, descending: bool, is_bounded: bool, words: WordsForm) -> Any:
    """The first claims in order that have a place which is sought, gone through one by one."""
    query = in_order(key, descending, is_bounded).where(*_ACCEPTED, *holding(words), _has_place(form))
    return query.limit(sa.bindparam("most", type_=sa.Integer))


@lru_cache(maxsize=_FORMS)
def _claims_of(form: Form, sqlite: bool) -> Any:
    """Those of some claims that have a place which is sought."""
    return sa.select(col(Claim.id)).where(among_given(sqlite=sqlite), _has_place(form))


@lru_cache(maxsize=_FORMS)
def _placed_of(form: Form, sort: str, descending: bool, sqlite: bool) -> Any:
    """A page of the places of some claims."""
    by = col(Claim.created_at if sort == "created" else Claim.updated_at)
    query = _placed(form).where(among_given(sqlite=sqlite)).order_by(*_sorted(by, descending))
    return query.offset(sa.bindparam("offset", type_=sa.Integer)).limit(
        sa.bindparam("most", type_=sa.Integer)
    )


@lru_cache(maxsize=_FORMS)
def _number(form: Form, sqlite: bool | None) -> Any:
    """How many places there are, of some claims or, with None, of all."""
    query = _placed(form).with_only_columns(col(Appearance.id))
    if sqlite is not None:
        query = query.where(among_given(sqlite=sqlite))
    return sa.select(sa.func.count()).select_from(
        query.limit(sa.bindparam("most", type_=sa.Integer)).subquery()
    )


def summed(session: Session, sought: Sought) -> tuple[int, datetime | None]:
    """The number of places, and when a claim among them last changed."""
    query = _placed(sought.form).with_only_columns(sa.func.count(), sa.func.max(col(Claim.updated_at)))
    count, changed = session.execute(query, sought.given()).one()
    return count, changed


@lru_cache(maxsize=_FORMS)
def _placed(form: Form) -> Any:
    """All places that are sought; the values come with each execution."""
    query = (
        sa.select(*_PLACE)
        .select_from(Appearance)
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
        .outerjoin(Verdict, sa.and_(col(Verdict.id) == col(Claim.verdict_id), col(Claim.status).in_(SETTLED)))
        .where(col(Claim.triage) == Triage.ACCEPTED)
    )
    return query.where(*_conditions(form))


def _conditions(form: Form) -> Iterable[Any]:
    if form.nothing:
        yield sa.false()
    if form.public:
        yield col(Article.report_since).is_not(None)
        # Readers have the text as it is now, and were never told of what was withdrawn before that.
        yield col(Appearance.revision_id) == col(Article.revision_id)
        yield sa.or_(col(Claim.withdrawn_at).is_(None), col(Claim.withdrawn_at) >= _first_opened())
    if form.in_article:
        yield col(Appearance.article_id) == sa.bindparam("article_id", type_=sa.String)
    if form.addressed:
        there = sa.or_(
            col(Article.url).in_(sa.bindparam("urls", expanding=True)),
            col(Article.id).in_(sa.bindparam("article_ids", expanding=True)),
            *(
                col(Article.url).ilike(sa.bindparam(f"pattern_{n}", type_=sa.String), escape="\\")
                for n in range(form.patterns)
            ),
        )
        # First the few articles, then their places: from the claims on, all of them would be looked at.
        yield col(Appearance.article_id).in_(sa.select(col(Article.id)).where(there).correlate(None))
    yield from (contains_given(Article.url, f"parts_{n}") for n in range(form.parts))
    yield from (contains_given(Appearance.exact, f"quote_{n}") for n in range(form.quote))
    for n in range(form.text):
        yield sa.or_(contains_given(_TOLD, f"text_{n}"), _alike(f"text_{n}"))
    for n in range(form.any):
        yield sa.or_(contains_given(_ALL, f"any_{n}"), _tagged(f"any_{n}_tag"), _alike(f"any_{n}"))
    yield from (_tagged(f"tags_{n}_tag") for n in range(form.tags))


def _joined(*columns: Any) -> Any:
    """Texts, line by line: no word that is looked for holds the end of a line."""
    texts: list[Any] = [sa.func.coalesce(col(column), sa.literal_column("''")) for column in columns]
    return reduce(lambda said, text: said.concat(sa.literal_column("'\n'")).concat(text), texts)


_TOLD = _joined(Claim.statement, Verdict.label, Verdict.rationale, Claim.withdrawn_note)
"""What is told of a claim: its statement, label, reasoning or note."""
_ALL = _joined(
    Appearance.exact, Article.url, Claim.statement, Verdict.label, Verdict.rationale, Claim.withdrawn_note
)


def _alike(name: str) -> Any:
    """The statement may have it as every search finds words: whatever its accents."""
    return fulltext.holds_given(col(Claim.id), (STATEMENT,), f"{name}_alike")


# The one tag that all may see; what readers are told of what is not settled has words of its own.
_word_shown: Any = sa.case(
    (col(Claim.withdrawn_at).is_not(None), "withdrawn"),
    (col(Claim.verdict_id).is_(None), "checking"),
    (col(Claim.stale_since).is_not(None), "stale"),
    else_=col(Claim.status),
)


def _tagged(name: str) -> Any:
    return _word_shown == sa.bindparam(name, type_=sa.String)


def _first_opened() -> Any:
    query = sa.select(sa.func.min(col(Event.at))).where(
        col(Event.stream) == sa.literal("article:") + col(Article.id), col(Event.kind) == OPENED
    )
    return query.correlate(Article).scalar_subquery()

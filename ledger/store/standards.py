"""What other programs' formats tell of claims: verdicts in force, and places in texts, as plain rows.

Everything here is read in one of two ways: `public` is what the open reports show to anybody, and else
all that the desk has. Guesses and what was put aside are in neither.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from functools import lru_cache, partial, reduce
from typing import Any

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
from ledger.store.articles import SETTLED
from ledger.store.claims import Filters, narrowed
from ledger.store.exports import FEW, count, unindexed
from ledger.store.records import page
from ledger.store.reports import OPENED
from ledger.store.search.conditions import among
from ledger.store.search.lists import is_large
from ledger.store.search.ordered import ByTime, first_with
from ledger.store.search.words import Matches, claims_with, matches
from ledger.store.stretches import NEWEST_FIRST, WHOLE, Stretch
from ledger.store.words import contains, escaped

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
    query = (
        sa.select(col(Appearance.claim_id), *_WORK)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(claim_ids))
        .order_by(col(Article.report_since).is_(None), col(Article.report_since), col(Appearance.id))
    )
    if public:
        query = query.where(col(Article.report_since).is_not(None))
    found: dict[str, dict[str, Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.claim_id, {}).setdefault(row.id, row)
    return {id: list(articles.values()) for id, articles in found.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search for checked claims asks; `language` is a primary tag in lower case."""

    phrases: tuple[Phrase, ...] = ()
    language: str | None = None
    since: datetime | None = None
    public: bool = True

    def conditions(self) -> list[Any]:
        """What must hold of a claim and its verdict, besides the words."""
        wanted: list[Any] = []
        if self.language:
            spoken = sa.func.lower(sa.func.coalesce(col(Claim.language), _language()))
            regional = spoken.like(f"{escaped(self.language)}-%", escape="\\")
            wanted.append(sa.or_(spoken == self.language, regional))
        if self.since:
            said = _places(public=self.public).where(
                col(Article.published) >= f"{self.since:%Y-%m-%d}",
                # What begins otherwise is no date of ours.
                sa.func.substr(col(Article.published), 1, 1) == "2",
            )
            wanted.append(sa.or_(col(Verdict.settled_at) >= self.since, said.exists()))
        return wanted


def searched(
    session: Session, asked: Asked, *, after: tuple[Any, ...] | None, offset: int, limit: int
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of the checked claims that a search finds, newest first, and where the next begins."""
    keys = col(Claim.created_at), col(Claim.id)
    query = _reviews(asked.public, newest_first=True).where(*asked.conditions())
    if asked.phrases:
        few = None
        if _are_more_checked(session, _RARE):
            few = _with_words(
                session, query, asked, beyond=after[-1] if after else None, most=offset + limit + 1
            )
        if isinstance(few, list):
            query = _reviews(asked.public, newest_first=True).where(among(session, few[offset:]))
            after, offset = None, 0
        elif few is not None:
            query = query.where(*few)
        else:
            # It is the checked ones that are looked through for words, and not those that hold the words.
            alone = matches(session, asked.phrases).one_by_one
            query = _reviews(asked.public).where(*asked.conditions(), *alone)
    query = query.add_columns(keys[0].label("key_0"), keys[1].label("key_1")).offset(offset)
    return page(session, query, *keys, after=after, limit=limit)


def _with_words(
    session: Session, query: Any, asked: Asked, *, beyond: str | None, most: int
) -> list[str] | tuple[Any, ...] | None:
    """The ids of the newest `most` that hold the words; or else what must hold of them.

    None: so few are checked that they are to be looked through.
    """
    found = matches(session, asked.phrases)
    first = partial(
        claims_with,
        session,
        found,
        (),
        limit=most,
        beyond=beyond,
        among_those=query.with_only_columns(col(Claim.id)),
    )
    few = first(most=_STEP)
    if few is not None:
        return few
    if not _are_more_checked(session, _SPARSE):
        return None
    opened = _opened(session) if asked.public else None
    if opened is not None:
        return (opened, *found.one_by_one)
    few = first()
    return found.wheres if few is None else few


def _are_more_checked(session: Session, number: int) -> bool:
    return is_large(session, Claim, number, col(Claim.status).in_(SETTLED))


def _opened(session: Session) -> Any:
    """A condition that holds of all claims in open reports, where these are few; None: they are many.

    Then it is they that are looked through for words, too.
    """
    opened = sa.select(col(Article.id)).where(col(Article.report_since).is_not(None)).limit(_OPENED + 1)
    articles = list(session.execute(opened).scalars())
    if len(articles) > _OPENED:
        return None
    there = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id).in_(articles))
    return among(session, list(session.execute(there.distinct()).scalars()))


_RARE, _SPARSE = 500, 2_000
"""How many checked claims are looked through for words, one by one: at once, and where the newest claims that
hold the words are none."""
_OPENED = 20
"""From how many articles with an open report checked claims are picked for that."""


def searched_among(session: Session, asked: Asked, claim_ids: Sequence[str]) -> list[Any]:
    """Those of these claims that a search finds, in their order."""
    query = _reviews(asked.public, newest_first=True)
    query = query.where(col(Claim.id).in_(claim_ids), *asked.conditions())
    found = {row.id: row for row in session.execute(query)}
    return [found[id] for id in claim_ids if id in found]


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


def placed(session: Session, id: str, *, public: bool) -> Any:
    """The row of one place; None where it is not to be told."""
    return session.execute(_placed(Sought(public=public)).where(col(Appearance.id) == id)).first()


def placed_in_order(session: Session, sought: Sought, *, first: int, limit: int) -> list[Any]:
    """Places in an article, in reading order."""
    query = _placed(sought).order_by(col(Appearance.start), col(Appearance.id))
    return list(session.execute(query.offset(first).limit(limit)))


def placed_of(
    session: Session, filters: Filters, *, stretch: Stretch = WHOLE
) -> Generator[list[Any], None, None]:
    """The places of the claims that the filters let through, newest claim first, in batches.

    `stretch.after` may be the id of a place, too: then come those behind it. Memory does not grow with them.
    """
    query = _placed(Sought(public=False)).where(*unindexed(session, filters), *_stretched(session, stretch))
    yield from _batches(session, query.order_by(*NEWEST_FIRST, col(Appearance.id)))


def number_placed(session: Session, filters: Filters, stretch: Stretch = WHOLE) -> int:
    """How many places these are."""
    query = _placed(Sought(public=False)).with_only_columns(sa.func.count())
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
    query = _placed(sought) if after is None else _placed(sought).where(col(Appearance.id) > after)
    return list(session.execute(query.order_by(col(Appearance.id)).limit(limit)))


def placed_before(session: Session, sought: Sought, *, until: str | None, number: int) -> str | None:
    """The id of the place that so many stand behind, up to `until` and with it or up to the last; None if
    there are not more."""
    query = _placed(sought).with_only_columns(col(Appearance.id))
    query = query if until is None else query.where(col(Appearance.id) <= until)
    found: str | None = session.execute(
        query.order_by(col(Appearance.id).desc()).offset(number).limit(1)
    ).scalar_one_or_none()
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
    order = [key.desc() if descending else key for key in (by, col(Claim.id), col(Appearance.id))]
    page = _placed(sought).where(*beyond).order_by(*order).offset(offset).limit(limit)
    if _is_addressed(sought):
        number = session.execute(_placed(sought).with_only_columns(sa.func.count())).scalar_one()
        return list(session.execute(page)), number
    found = matches(session, phrases) if (phrases := _phrases(sought)) else None
    if sort != "id":
        # First the few claims, by what is little to read of them; then all that is told of their places.
        first = _first(session, sought, found, ByTime(by, descending, beyond), offset + limit)
        page = page.where(among(session, first))
    elif found is not None and found.are_few:
        page = page.where(*found.wheres)
    rows = list(session.execute(page))
    number = _number_about(session, sought, found, offset + limit + _COUNTED)
    return rows, max(number, offset + len(rows) if after is None else 0)


def _first(session: Session, sought: Sought, found: Matches | None, order: ByTime, limit: int) -> list[str]:
    """The first claims in order that have a place which is sought."""
    accepted = col(Claim.triage) == Triage.ACCEPTED
    if found is not None:
        placed = _placed(sought).with_only_columns(col(Claim.id))
        ids = first_with(session, found, order, (accepted,), having=placed, limit=limit)
        if ids is not None:
            return ids
    holding = found.one_by_one if found else ()
    query = order.of(accepted, *holding, _has_place(sought))
    return list(session.execute(query.limit(limit)).scalars())


_COUNTED = 100
_STEP = 200


def _number_about(session: Session, sought: Sought, found: Matches | None, most: int) -> int:
    """How many places there are, as far as `most`."""
    query = _placed(sought)
    if found is not None:
        query = query.where(found.newest(most))
    some = query.with_only_columns(col(Appearance.id)).limit(most).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _is_addressed(sought: Sought) -> bool:
    return bool(sought.article_id or sought.urls or sought.article_ids or sought.patterns or sought.nothing)


def _phrases(sought: Sought) -> list[Phrase]:
    """What claims must hold if a place of theirs is sought: fewer to look at, and then each word by word."""
    asked: list[tuple[str, tuple[str, ...]]] = [(word, (STATEMENT, TOLD)) for word in sought.text]
    asked += [(word, (STATEMENT, AROUND)) for word in sought.quote]
    # A word may be that of the status, which full text does not hold.
    asked += [(word, (STATEMENT, AROUND, TOLD)) for word in sought.any if word.lower() not in _TAGS]
    return [one for word, columns in asked if (one := fulltext.phrase(word, columns))]


_TAGS = {str(status) for status in Status}


@lru_cache(maxsize=8)
def _has_place(sought: Sought) -> Any:
    """A condition on claims: they have a place that is sought."""
    places = (
        sa.select(1)
        .select_from(Appearance)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
        .outerjoin(Verdict, sa.and_(col(Verdict.id) == col(Claim.verdict_id), col(Claim.status).in_(SETTLED)))
        .where(col(Appearance.claim_id) == col(Claim.id), *_conditions(sought))
    )
    return places.correlate(Claim).exists()


def summed(session: Session, sought: Sought) -> tuple[int, datetime | None]:
    """The number of places, and when a claim among them last changed."""
    query = _placed(sought).with_only_columns(sa.func.count(), sa.func.max(col(Claim.updated_at)))
    count, changed = session.execute(query).one()
    return count, changed


@lru_cache(maxsize=8)
def _placed(sought: Sought) -> Any:
    query = (
        sa.select(*_PLACE)
        .select_from(Appearance)
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
        .outerjoin(Verdict, sa.and_(col(Verdict.id) == col(Claim.verdict_id), col(Claim.status).in_(SETTLED)))
        .where(col(Claim.triage) == Triage.ACCEPTED)
    )
    return query.where(*_conditions(sought))


def _conditions(sought: Sought) -> Iterable[Any]:
    if sought.nothing:
        yield sa.false()
    if sought.public:
        yield col(Article.report_since).is_not(None)
        # Readers have the text as it is now, and were never told of what was withdrawn before that.
        yield col(Appearance.revision_id) == col(Article.revision_id)
        yield sa.or_(col(Claim.withdrawn_at).is_(None), col(Claim.withdrawn_at) >= _first_opened())
    if sought.article_id is not None:
        yield col(Appearance.article_id) == sought.article_id
    if sought.urls or sought.article_ids or sought.patterns:
        there = sa.or_(
            col(Article.url).in_(sought.urls),
            col(Article.id).in_(sought.article_ids),
            *(col(Article.url).ilike(pattern, escape="\\") for pattern in sought.patterns),
        )
        # First the few articles, then their places: from the claims on, all of them would be looked at.
        yield col(Appearance.article_id).in_(sa.select(col(Article.id)).where(there).correlate(None))
    yield from (contains(Article.url, word) for word in sought.parts)
    yield from (contains(Appearance.exact, word) for word in sought.quote)
    yield from (sa.or_(contains(_TOLD, word), *_alike(word)) for word in sought.text)
    yield from (sa.or_(contains(_ALL, word), _tagged(word), *_alike(word)) for word in sought.any)
    yield from (_tagged(word) for word in sought.tags)


def _joined(*columns: Any) -> Any:
    """Texts, line by line: no word that is looked for holds the end of a line."""
    texts: list[Any] = [sa.func.coalesce(col(column), sa.literal_column("''")) for column in columns]
    return reduce(lambda said, text: said.concat(sa.literal_column("'\n'")).concat(text), texts)


_TOLD = _joined(Claim.statement, Verdict.label, Verdict.rationale, Claim.withdrawn_note)
"""What is told of a claim: its statement, label, reasoning or note."""
_ALL = _joined(
    Appearance.exact, Article.url, Claim.statement, Verdict.label, Verdict.rationale, Claim.withdrawn_note
)


def _alike(word: str) -> tuple[Any, ...]:
    """The statement may have it as every search finds words: whatever its accents."""
    one = fulltext.phrase(word, (STATEMENT,))
    return (fulltext.holds(one, col(Claim.id)),) if one else ()


# The one tag that all may see; what readers are told of what is not settled has words of its own.
_word_shown: Any = sa.case(
    (col(Claim.withdrawn_at).is_not(None), "withdrawn"),
    (col(Claim.verdict_id).is_(None), "checking"),
    (col(Claim.stale_since).is_not(None), "stale"),
    else_=col(Claim.status),
)


def _tagged(word: str) -> Any:
    return _word_shown == word.lower()


def _first_opened() -> Any:
    query = sa.select(sa.func.min(col(Event.at))).where(
        col(Event.stream) == sa.literal("article:") + col(Article.id), col(Event.kind) == OPENED
    )
    return query.correlate(Article).scalar_subquery()

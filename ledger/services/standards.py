"""What other programs' formats tell of the ledger: verdicts in force, and places in texts.

`public` is what the open reports show to anybody; else all that the desk has is told, and still only
what is signed and fits is told as a finding.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.adapters.spellings import spellings
from ledger.db import Database
from ledger.errors import Invalid, NotFound, Unavailable
from ledger.export.annotation import annotation
from ledger.export.claimreview import House, Publisher, claim_review, data_feed
from ledger.ids import is_id
from ledger.models import Article, Claim
from ledger.services.matching import Matcher
from ledger.services.reports import Standing, standing_of, to_readers
from ledger.store import articles as articles_store
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.store import standards as store
from ledger.store.claims import Filters
from ledger.store.standards import Asked
from ledger.store.stretches import WHOLE, Stretch

WORDS = {Standing.OPEN: "checking", Standing.AGAIN: "stale", Standing.WITHDRAWN: "withdrawn"}
"""How what is not settled is called; what is settled has its rating's status word."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim with its verdict in force (`row`), where it was said, and who tells of it where."""

    row: Any
    works: Sequence[Any]
    url: str
    publisher: str


# ------------------------------------------------------------------------------------ ClaimReview


def review(session: Session, claim_id: str, house: House, *, public: bool) -> tuple[dict[str, Any], int]:
    """The ClaimReview of a claim, and the claim's version. NotFound where there is none to be told.

    A claim that was merged is answered for by the one that took it in.
    """
    claim = session.get(Claim, claim_id) if is_id(claim_id) else None
    if claim is not None:
        claim = claims_store.survivor(session, claim)
    row = store.review(session, claim.id, public=public) if claim else None
    if row is None:
        if public or claim is None:
            raise NotFound("There is nothing public here.")
        raise NotFound(f"This claim is {claim.status}: it has no verdict in force, and so no ClaimReview.")
    (found,) = reviewed(session, [row], house, public=public)
    return _marked_up(found, house), row.version


def feed(
    database: Database, filters: Filters, house: House, *, public: bool, modified: str | None = None
) -> Iterator[bytes]:
    """A DataFeed of the ClaimReviews that the filters let through, newest claim first, in pieces.

    All of it is one state of the ledger, and memory does not grow with its size. The first piece is
    made before this returns, so that what goes wrong can still be told.
    """
    pieces = _pieces(database, filters, house, public=public, modified=modified)
    return _resumed(next(pieces), pieces)


def _pieces(
    database: Database, filters: Filters, house: House, *, public: bool, modified: str | None
) -> Iterator[bytes]:
    with database.read() as session:
        told = all_reviews(session, filters, house, public=public)
        yield from data_feed(told, by=publisher(session, house), modified=modified)


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def publisher(session: Session, house: House) -> Publisher:
    """Who publishes what the whole ledger has: what the settings say, else its first desk."""
    return house.publisher(desks_store.get(session, None).name)


def all_reviews(
    session: Session, filters: Filters, house: House, *, public: bool, stretch: Stretch = WHOLE
) -> Generator[dict[str, Any], None, None]:
    """The ClaimReviews that the filters let through, newest claim first, none of them held."""
    for rows in store.reviews(session, filters, public=public, stretch=stretch):
        for one in reviewed(session, rows, house, public=public):
            yield _marked_up(one, house)


def reviewed(session: Session, rows: Sequence[Any], house: House, *, public: bool) -> list[Reviewed]:
    """These rows with what else is told of each; a few queries however many they are."""
    works = store.works(session, [row.id for row in rows], public=public)
    desks = desks_store.names(session)
    found = []
    for row in rows:
        said_in = works.get(row.id)
        if not said_in:
            continue
        first = said_in[0]
        url = house.report(first.id, row.id) if first.report_since else house.claim(row.id)
        desk = desks.get(first.desk_id, "")
        found.append(Reviewed(row, said_in, url, desk))
    return found


def _marked_up(found: Reviewed, house: House) -> dict[str, Any]:
    by = house.publisher(found.publisher)
    return claim_review(found.row, found.row, found.works, url=found.url, by=by, override=found.row.override)


# -------------------------------------------------------------------------------- search for checks


def search(
    session: Session,
    asked: Asked,
    house: House,
    *,
    after: tuple[Any, ...] | None = None,
    offset: int = 0,
    limit: int = 10,
) -> tuple[list[Reviewed], tuple[Any, ...] | None]:
    """A page of checked claims that have all the words, newest first, and where the next begins."""
    rows, following = store.searched(session, asked, after=after, offset=offset, limit=limit)
    return reviewed(session, rows, house, public=asked.public), following


def search_alike(
    session: Session, asked: Asked, house: House, matcher: Matcher, text: str, *, limit: int
) -> list[Reviewed]:
    """Checked claims that say the same as a text, or something alike, best first; none where that is off."""
    try:
        (hits,) = matcher.look_up(session, [text], k=limit, statuses=articles_store.SETTLED)
    except Unavailable:
        return []
    rows = store.searched_among(session, asked, [hit.claim.id for hit in hits])
    return reviewed(session, rows, house, public=asked.public)


# ------------------------------------------------------------------------------------------ places


def article_of(session: Session, article_id: str, *, public: bool) -> Article:
    """An article whose places may be told. NotFound."""
    article = session.get(Article, article_id) if is_id(article_id) else None
    if article is None or (public and article.report_since is None):
        raise NotFound("There is no such article, or no public report of it.")
    return article


def place(session: Session, id: str, *, public: bool) -> Any:
    """The row of a place of a claim. NotFound, where it is not public too."""
    row = store.placed(session, id, public=public) if is_id(id) else None
    if row is None:
        raise NotFound("There is no such annotation.")
    return row


def all_annotations(
    session: Session, filters: Filters, house: House, *, stretch: Stretch = WHOLE
) -> Generator[dict[str, Any], None, None]:
    """An annotation for each place of the claims that the filters let through, none of them held."""
    names = desks_store.names(session)
    for rows in store.placed_of(session, filters, stretch=stretch):
        yield from (annotated(row, house, names, alone=False, public=False) for row in rows)


def annotated(
    row: Any, house: House, names: Mapping[str | None, str], *, alone: bool, public: bool
) -> dict[str, Any]:
    """The annotation of a place; in a list the context is the list's."""
    why = why_stale(row, public=public)
    return annotation(row, word_of(row), house, desk=names.get(row.desk_id, ""), why=why, alone=alone)


def why_stale(row: Any, *, public: bool) -> str:
    """What changed under the verdict of a place's claim, in sentences; nothing where it still fits.

    Readers are told what sort of thing: which of the claim's articles is meant, a place does not tell.
    """
    if word_of(row) != WORDS[Standing.AGAIN]:
        return ""
    reasons = to_readers(row.stale_reasons, words=False) if public else row.stale_reasons or ()
    return " ".join(f"{one}." for one in reasons)


def word_of(row: Any) -> str:
    """The one word that a place's annotation tells of its claim, the same for readers and for the desk."""
    standing = standing_of(row, since=row.withdrawn_at)
    if standing is None or standing is Standing.SETTLED:
        return str(row.status)
    return WORDS[standing]


def spelt(url: str) -> tuple[str, ...]:
    """How an article's address may be kept that was published at this one; none for no address."""
    try:
        return spellings(url)
    except Invalid:
        return ()


def article_at(url: str, house: House) -> str | None:
    """The id of the article of which this is our own page or report."""
    place = url.partition("#")[0].partition("?")[0].rstrip("/")
    for noun in ("reports", "articles"):
        id = place.removeprefix(f"{house.base}/{noun}/")
        if id != place and is_id(id):
            return id
    return None

"""Copies of sources on their way out: web archives that others' readers open, whole and one at a time."""

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from io import BytesIO
from typing import BinaryIO

import structlog
from sqlmodel import Session, col

from claims.values import dataclass, field
from ledger import clock
from ledger.adapters.blobs import Blobs
from ledger.db import Database
from ledger.errors import NotFound, Unavailable
from ledger.export import wacz, warc
from ledger.models import Article, Claim, Evidence
from ledger.store import claims as claims_store
from ledger.store import copies as store
from ledger.store import records
from ledger.store.claims import Filters
from ledger.store.copies import Copy

ENDING = ".wacz"
MEDIA_TYPE = wacz.MEDIA_TYPE
_LONGEST = 200
_BYTES = "application/octet-stream"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Copies to be taken out in one file: what they are of, the file's name without its ending, the copies.

    `missing` names those whose files turned out to be gone or damaged, once the file is written.
    """

    title: str
    name: str
    copies: list[Copy]
    missing: list[str] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """The same as long as it would be the same pages."""
        said = repr([(copy.id, copy.sha256, copy.warc_sha256) for copy in self.copies])
        return hashlib.sha256(f"{self.title}{said}".encode()).hexdigest()[:32]

    def about(self) -> str:
        """What is in the file, and what is not."""
        number = len(self.copies) - len(self.missing)
        told = f"What {number} source(s) held when they were looked at, kept by a claim ledger. {self.title}"
        if self.missing:
            told += f" Missing, as their files are gone or damaged: {', '.join(self.missing)}."
        return told


def of_evidence(session: Session, id: str) -> Wanted:
    """The copy of what a piece of evidence links to. NotFound if none is kept."""
    piece = records.get(session, Evidence, id)
    title = piece.title or piece.url
    return _wanted(f"Evidence: {title}", f"evidence-{id}", store.one(session, piece.capture_id))


def of_claim(session: Session, id: str) -> Wanted:
    """The copies of a claim's evidence in force, or of that which took it in. NotFound if none is kept."""
    claim = claims_store.survivor(session, records.get(session, Claim, id))
    copies = store.of_claims(session, Filters(below=True, where=(col(Claim.id) == claim.id,)))
    return _wanted(f"Evidence for the claim: {claim.statement}", f"claim-{claim.id}", copies)


def of_article(session: Session, id: str) -> Wanted:
    """The same of all claims in an article."""
    article = records.get(session, Article, id)
    copies = store.of_claims(session, Filters(below=True, article_id=id))
    return _wanted(f"Evidence for the article: {article.title}", f"article-{id}", copies)


def of_claims(session: Session, filters: Filters) -> Wanted:
    """The same of any claims."""
    return _wanted("Evidence for claims", f"claims-{clock.now():%Y-%m-%d}", store.of_claims(session, filters))


def _wanted(title: str, name: str, copies: list[Copy]) -> Wanted:
    if not copies:
        raise NotFound("No copy of a source is kept here yet.")
    line = " ".join(title.split())
    return Wanted(line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…", name, copies)


def archive(database: Database, blobs: Blobs, wanted: Wanted) -> Iterator[bytes]:
    """The copies as WACZ, in pieces; one file of them is open at a time.

    The first piece is made before this returns, so that what goes wrong with the store is raised here.
    """
    pieces = _pieces(database, blobs, wanted)
    return _resumed(next(pieces), pieces)


def _pieces(database: Database, blobs: Blobs, wanted: Wanted) -> Iterator[bytes]:
    with database.read() as session, closing(_pages(session, blobs, wanted)) as pages:
        yield from wacz.document(pages, title=wanted.title, about=wanted.about, at=clock.now())


def _pages(session: Session, blobs: Blobs, wanted: Wanted) -> Generator[wacz.Page, None, None]:
    for copy in wanted.copies:
        try:
            file = _warc(blobs, copy)
        except (NotFound, Unavailable) as error:
            # The rest is worth having; the file says what is not in it.
            _log.error("copy left out", capture=copy.id, error=error.message)
            wanted.missing.append(copy.url)
            continue
        with file:
            yield wacz.Page(copy.id, copy.title, file, partial(store.text, session, copy.id))


def _warc(blobs: Blobs, copy: Copy) -> BinaryIO:
    if copy.warc_sha256 is not None:
        return blobs.open(copy.warc_sha256)
    # Captured before headers were kept: the bytes alone, and said to be that.
    body = blobs.get(copy.sha256)
    address, media_type = copy.final_url or copy.url, copy.media_type or _BYTES
    return BytesIO(warc.of_bytes(address, body, media_type, copy.fetched_at))


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

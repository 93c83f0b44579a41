"""Bringing articles in, and correcting what is said about them.

Reading and detecting take time, so they are done first (`prepare`, `prepare_url`), outside any
transaction; `add` then stores article, revision and candidates with their events, all or nothing.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.errors import ClaimsError
from ledger import clock
from ledger.adapters import addresses
from ledger.adapters.fetch import AnyFetcher
from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid, TooLarge, Unreadable
from ledger.ids import new_id
from ledger.models import Appearance, Article, Claim, Quantity, Revision, Triage
from ledger.models.claims import quantity_values
from ledger.services import events
from ledger.services.changes import edit, expect, text_value
from ledger.services.statuses import derive
from ledger.store import articles as store
from ledger.store import records


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that was read but not yet stored."""

    document: finder.Document
    found: list[finder.Claim]
    sha256: str
    source: str
    filename: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding an article; the same text twice answers the article that is there."""

    article: Article
    created: bool
    candidates: int


def prepare(
    data: bytes | str,
    *,
    media_type: str | None = None,
    filename: str | None = None,
    url: str | None = None,
    source: str = "text",
    encoding: str | None = None,
    floor: float = 0.5,
    max_chars: int = 2_000_000,
) -> Draft:
    """Read `data` and find the claims in it. Raises Unreadable or TooLarge; touches no database."""
    try:
        document = finder.read(data, media_type=media_type, filename=filename, url=url, encoding=encoding)
    except ClaimsError as error:
        raise Unreadable(
            str(error), field="file" if filename else "text", reason=getattr(error, "reason", None)
        ) from None
    if len(document.text) > max_chars:
        raise TooLarge(
            f"The text has {len(document.text):,} characters; at most {max_chars:,} are accepted. "
            "Split it in parts.",
            field="text",
        )
    return Draft(
        document=document,
        found=finder.extract(document, floor=floor),
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        source=source,
        filename=filename[-255:] if filename else None,
        url=_address(url or document.url),
    )


def prepare_url(fetcher: AnyFetcher, url: str, *, floor: float = 0.5, max_chars: int = 2_000_000) -> Draft:
    """Fetch an address and read what it holds. Raises FetchFailed, Unreadable, TooLarge or Invalid."""
    fetched = fetcher.fetch(addresses.valid_url(url.strip()))
    return prepare(
        fetched.body,
        media_type=fetched.media_type,
        encoding=fetched.encoding,
        url=fetched.url,
        source="url",
        floor=floor,
        max_chars=max_chars,
    )


def _address(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return _short_enough(addresses.canonical(url))
    except Invalid:
        return None


def _short_enough(url: str) -> str:
    # Writing what is not ASCII as %XX makes an address longer; cutting it would make it another one.
    if len(url) > DETAILS["url"]:
        raise Invalid(f"The address is longer than {DETAILS['url']:,} characters.", field="url")
    return url


def add(session: Session, draft: Draft, *, by: Identity, details: dict[str, Any] | None = None) -> Added:
    """Store an article with its candidates; `details` (title, byline …) win over what was read."""
    by.require(Permission.ARTICLES)
    there = store.with_text(session, draft.sha256)
    if there is not None:
        return Added(there, created=False, candidates=0)
    article, revision = _rows(draft, by=by, details=details or {})
    found = [_candidate(article, revision, draft.document, claim) for claim in draft.found]
    events.append(session, article, "article.added", by=by, new=[article, revision])
    if found:
        changes = [events.Change(records[0], "claim.found", records) for records in found]
        events.append_all(session, changes, by=f"detector:{finder.DETECTOR}")
    return Added(article, created=True, candidates=len(found))


def _rows(draft: Draft, *, by: Identity, details: dict[str, Any]) -> tuple[Article, Revision]:
    document, now = draft.document, clock.now()
    article = Article(
        id=new_id(),
        title=(document.title or _first_line(document.text))[:500],
        byline=_cut(document.byline, 300),
        publisher=_cut(document.publisher, 200),
        published=_cut(document.published, 40),
        language=_cut(document.language, 35),
        direction=document.direction,
        url=draft.url,
        source=draft.source,
        filename=draft.filename,
        media_type=(document.media_type or "text/plain")[:100],
        revision_id=new_id(),
        first_sha256=draft.sha256,
        created_at=now,
        created_by=by.account_id,
        updated_at=now,
    )
    _describe(article, details)
    revision = Revision(
        id=article.revision_id,
        article_id=article.id,
        number=1,
        text=document.text,
        length=len(document.text),
        sha256=draft.sha256,
        blocks=[{"kind": str(b.kind), "start": b.span.start, "end": b.span.end} for b in document.blocks],
        created_at=now,
        created_by=by.account_id,
    )
    return article, revision


def _candidate(
    article: Article, revision: Revision, document: finder.Document, found: finder.Claim
) -> list[Any]:
    now = article.created_at
    claim = Claim(
        id=new_id(),
        statement=found.statement[:2000],
        kind=str(found.kind),
        language=article.language,
        claimant=_cut(found.claimant.name, 300) if found.claimant else None,
        claimant_cue=_cut(found.claimant.cue, 100) if found.claimant else None,
        origin="detector",
        detector=finder.DETECTOR,
        score=round(found.score, 4),
        reasons=list(found.reasons),
        triage=Triage.CANDIDATE,
        status="candidate",
        created_at=now,
        updated_at=now,
    )
    claim.status = derive(claim, settled=None, proposed=False)
    quoted = found.claimant.quoted if found.claimant else False
    quantities = [
        Quantity(id=new_id(), claim_id=claim.id, position=place, **quantity_values(quantity))
        for place, quantity in enumerate(found.quantities)
    ]
    return [claim, appearance(claim, revision, found.span, quoted=quoted), *quantities]


def appearance(claim: Claim, revision: Revision, span: finder.Span, *, quoted: bool = False) -> Appearance:
    """The appearance of a claim at `span` of a revision's text."""
    quote = finder.quote(revision.text, span)
    return Appearance(
        id=new_id(),
        claim_id=claim.id,
        article_id=revision.article_id,
        revision_id=revision.id,
        start=span.start,
        end=span.end,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        quoted=quoted,
    )


DETAILS = {"title": 500, "byline": 300, "publisher": 200, "published": 40, "language": 35, "url": 2000}


def describe(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Article:
    """Correct what is said about an article: title, byline, publisher, published, language, url."""
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, id)
    expect(article, version)
    with edit(article) as changed:
        _describe(article, details)
    if changed():
        events.append(session, article, "article.described", by=by)
    return article


def _describe(article: Article, details: dict[str, Any]) -> None:
    for name, longest in DETAILS.items():
        if name not in details:
            continue
        value = text_value(details[name], field=name, longest=longest, required=name == "title")
        if name == "url" and value is not None:
            value = _short_enough(addresses.canonical(value))
        setattr(article, name, value)


def _first_line(text: str) -> str:
    line = text.strip().split("\n", 1)[0].strip()
    return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + " …"


def _cut(text: str | None, longest: int) -> str | None:
    return text[:longest] if text else None

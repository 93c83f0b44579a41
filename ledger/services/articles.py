"""Bringing articles in, and correcting what is said about them.

Reading and detecting take time, so they are done first (`prepare`, `prepare_url`), outside any
transaction; `add` then stores article, revision and candidates with their events, all or nothing.
What can't be detected at once is left to a job.
"""

import hashlib
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.detectors import Detector
from claims.errors import ClaimsError, DetectionFailed
from claims.values import dataclass
from ledger import clock
from ledger.adapters import addresses
from ledger.adapters.fetch import AnyFetcher
from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid, TooLarge, Unavailable, Unreadable
from ledger.ids import new_id
from ledger.models import Article, Revision
from ledger.services import desks, events, finding, labels
from ledger.services.changes import edit, expect, text_value
from ledger.services.finding import appearance
from ledger.store import articles as store
from ledger.store import desks as desks_store
from ledger.store import jobs, records

__all__ = ["DETAILS", "Added", "Draft", "add", "appearance", "describe", "drafted", "prepare", "prepare_url"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that was read but not yet stored; no detector: its claims are still to be found."""

    document: finder.Document
    found: list[finder.Claim]
    sha256: str
    source: str
    detector: str | None = None
    filename: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding an article; the same text twice answers the article that is there.

    `candidates` are those that its desk shows; `later` says that a job is to find them.
    """

    article: Article
    created: bool
    candidates: int
    later: bool = False


def prepare(
    data: bytes | str,
    *,
    media_type: str | None = None,
    filename: str | None = None,
    url: str | None = None,
    source: str = "text",
    encoding: str | None = None,
    detector: Detector | None = finding.RULES,
    floor: float = 0.5,
    max_chars: int = 2_000_000,
) -> Draft:
    """Read `data` and find the claims in it that are worth at least `floor`; touches no database.

    Without a detector, or with one that fails now, `add` promises a job that finds them. Raises
    Unreadable, TooLarge, or Unavailable for a detector that can't work at all.
    """
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
    return drafted(document, source=source, filename=filename, url=url, detector=detector, floor=floor)


def drafted(
    document: finder.Document,
    *,
    source: str,
    filename: str | None = None,
    url: str | None = None,
    detector: Detector | None = finding.RULES,
    floor: float = 0.5,
) -> Draft:
    """A draft of what was read already, with the claims found in it. Raises Unavailable as `prepare` does."""
    found = _found(document, detector, floor)
    return Draft(
        document=document,
        found=found or [],
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        source=source,
        detector=None if detector is None or found is None else finding.name_of(detector),
        filename=filename[-255:] if filename else None,
        url=_address(url or document.url),
    )


def _found(document: finder.Document, detector: Detector | None, floor: float) -> list[finder.Claim] | None:
    """What the detector finds; None where it does not work now."""
    if detector is None:
        return None
    try:
        return finding.found_in(document, detector, floor=floor)
    except DetectionFailed:
        return None
    except ClaimsError as error:
        raise Unavailable(f"The claim finder does not work: {error}") from None


def prepare_url(
    fetcher: AnyFetcher,
    url: str,
    *,
    detector: Detector | None = finding.RULES,
    floor: float = 0.5,
    max_chars: int = 2_000_000,
) -> Draft:
    """Fetch an address and read what it holds. Raises FetchFailed, Invalid, and what `prepare` does."""
    fetched = fetcher.fetch(addresses.valid_url(url.strip()))
    return prepare(
        fetched.body,
        media_type=fetched.media_type,
        encoding=fetched.encoding,
        url=fetched.url,
        source="url",
        detector=detector,
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
    article.desk_id = desks.reference(session, (details or {}).get("desk_id"))
    events.append(session, article, "article.added", by=by, new=[article, revision])
    if draft.detector is None:
        jobs.add(session, finding.DETECT_JOB, about=article.id, article_id=article.id)
        return Added(article, created=True, candidates=0, later=True)
    least = desks_store.thresholds(session).of(article)
    shown = sum(claim.score >= least for claim in draft.found)
    found = [finding.candidate(article, revision, claim, by=draft.detector) for claim in draft.found]
    if found:
        changes = [events.Change(records[0], "claim.found", records) for records in found]
        events.append_all(session, changes, by=f"detector:{draft.detector}")
    return Added(article, created=True, candidates=shown)


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
        blocks=finding.blocks_of(document),
        created_at=now,
        created_by=by.account_id,
    )
    return article, revision


DETAILS = {"title": 500, "byline": 300, "publisher": 200, "published": 40, "language": 35, "url": 2000}


def describe(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Article:
    """Correct what is said about an article; give it to another desk (`desk_id`), tags (`tags`), and a date
    by which its claims are to be cleared (`due_at`)."""
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, id)
    expect(article, version)
    with edit(article) as changed:
        _describe(article, details)
        if "desk_id" in details:
            article.desk_id = desks.reference(session, details["desk_id"])
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
    if "tags" in details:
        article.tags = labels.tags(details["tags"])
    if "due_at" in details:
        article.due_at = labels.due(details["due_at"])


def _first_line(text: str) -> str:
    line = text.strip().split("\n", 1)[0].strip()
    return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + " …"


def _cut(text: str | None, longest: int) -> str | None:
    return text[:longest] if text else None

"""Whether sources are still what they were when they were captured.

Each address of evidence is looked at again from time to time. A page that has other words makes its
evidence `changed`; one that three looks at least a day apart did not find makes it `dead`. A settled verdict
that rests on it is stale from that moment, in the same transaction, until somebody says that the evidence
fits all the same (`still_fits`), or takes it back. After that, a page that goes on changing is no news as
long as the quote stands in it. A site that does not let us look, or asks us to come back later, says nothing
about its page.
"""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

import claims as finder
from claims.errors import ClaimsError
from claims.quoting import places
from claims.values import dataclass
from ledger import clock
from ledger.adapters.blobs import Blobs
from ledger.adapters.fetch import Fetched, Validators
from ledger.adapters.polite import Later, Polite
from ledger.auth.identity import SYSTEM, Identity, Permission
from ledger.db import Database
from ledger.errors import Conflict, FetchFailed, LedgerError
from ledger.ids import new_id
from ledger.models import (
    Capture,
    CaptureState,
    Claim,
    Condition,
    Evidence,
    JobState,
    Look,
    LookOutcome,
    Watch,
)
from ledger.models.rows import changed_columns
from ledger.services import captures, claims, events
from ledger.services.changes import expect, required_text
from ledger.store import claims as claims_store
from ledger.store import evidence as evidence_store
from ledger.store import jobs, records
from ledger.store import looks as store

LOOK_JOB = "look-again"
DEFAULT_HOURS = 168
"""Between two looks that people ask for, where the ledger makes none on its own."""
STRIKES = 3
BETWEEN_STRIKES = timedelta(hours=23)
"""Looks nearer to each other than that count as one."""
_AFTER_STRIKE = timedelta(hours=24)
_KINDS = {Condition.CHANGED: "evidence.changed", Condition.DEAD: "evidence.died", None: "evidence.lives"}
_FAILING = {
    "dns": "there is no such site",
    "unreachable": "the site does not answer",
    "tls": "no secure connection could be made",
    "timeout": "the site did not answer in time",
    "too-many-redirects": "the site redirects without end",
    "redirect-loop": "the site redirects in a circle",
    "redirect": "the site redirects to nowhere",
    "broken": "the site’s answer is damaged",
}
_GONE = frozenset({404, 410})
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›‐‑‒–—\u00a0", "''''\"\"\"\"\"\"''----- ")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one look: the address, one of LookOutcome, or why it did not take place now."""

    url: str
    outcome: str | None
    problem: str | None = None
    strikes: int = 0
    later: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Finding:
    evidence_id: str
    condition: Condition | None
    why: str | None = None
    found_id: str | None = None
    stands: bool = False


# ------------------------------------------------------------------------------------- when


def plan(database: Database, *, hours: int, most: int = 1000) -> int:
    """Have the addresses of new evidence looked at, spread over the time to come; gives how many."""
    with database.read() as session:
        if not store.unplanned(session, 1):
            return 0
    with database.write() as session:
        fresh = store.unplanned(session, most)
        for url in fresh:
            _add(session, url, after=timedelta(hours=hours * random.uniform(0.5, 1)))
    return len(fresh)


def _add(session: Session, url: str, *, after: timedelta) -> Look:
    look = Look(id=new_id(), url=url, due_at=clock.now() + after)
    session.add(look)
    session.flush()
    return look


def ask(session: Session, evidence_id: str, *, by: Identity) -> Look:
    """Have the address of a piece of evidence looked at now, by a job."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, evidence_id)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was taken back: nothing rests on it.")
    if evidence.capture_id is None:
        raise Conflict("No copy of this page was kept that it could be compared with; ask for one first.")
    look = store.of_url(session, evidence.url) or _add(session, evidence.url, after=timedelta(0))
    if not is_under_way(session, look):
        jobs.add(session, LOOK_JOB, about=look.id, look_id=look.id)
        session.flush()
    return look


def is_under_way(session: Session, look: Look) -> bool:
    """Whether a job looks now, or is about to."""
    job = jobs.newest_about(session, LOOK_JOB, look.id)
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


# ------------------------------------------------------------------------------------- looking


def look(database: Database, polite: Polite, blobs: Blobs, look_id: str, *, hours: int) -> Looked | None:
    """Look at an address again, and write down what became of it; None where nothing rests on it any more.

    The fetch stands between two short transactions; doing it twice does no harm.
    """
    with database.read() as session:
        asked = session.get(Look, look_id)
        pieces = store.evidence_at(session, asked.url) if asked else []
    if asked is None or not pieces:
        with database.write() as session:
            _forget(session, look_id)
        return None
    try:
        page = polite.again(asked.url, _known(asked, pieces))
    except Later as later:
        with database.write() as session:
            session.get_one(Look, look_id).due_at = later.at
        problem = f"The site is to be asked again from {later.at:%Y-%m-%d %H:%M:%S} UTC on."
        return Looked(asked.url, None, problem, asked.strikes, later.at)
    except FetchFailed as error:
        return _failed(database, look_id, error, hours=hours)
    except LedgerError as error:
        return _ended(database, look_id, LookOutcome.UNKNOWN, error.message, hours=hours)
    if page is None:
        return _ended(database, look_id, LookOutcome(asked.outcome or LookOutcome.SAME), hours=hours)
    findings, taken = _compared(database, blobs, page, pieces)
    changed = any(finding.condition for finding in findings)
    outcome = LookOutcome.CHANGED if changed else LookOutcome.SAME
    return _ended(database, look_id, outcome, hours=hours, findings=findings, page=page, taken=taken)


def _forget(session: Session, look_id: str) -> None:
    look = session.get(Look, look_id)
    # Somebody may have linked it meanwhile.
    if look is not None and not store.evidence_at(session, look.url):
        session.delete(look)


def _known(look: Look, pieces: Sequence[tuple[Evidence, Capture | None]]) -> Validators | None:
    """What to ask by: nothing while somebody's copy is newer than what we saw last."""
    newest = max((c.fetched_at for _, c in pieces if c is not None and c.fetched_at), default=None)
    seen = look.checked_at
    if look.answered_url is None or seen is None or (newest is not None and newest > seen):
        return None
    return Validators(look.answered_url, look.etag, look.modified)


def _failed(database: Database, look_id: str, error: FetchFailed, *, hours: int) -> Looked:
    reason, status = str(error.facts.get("reason")), error.facts.get("status")
    peace = error.facts.get("retry_after") is not None
    if status in _GONE or (reason == "status" and int(status or 0) >= 500 and not peace):
        what = f"the site answers with HTTP status {status}"
    elif reason in _FAILING:
        what = _FAILING[reason]
    else:
        # It is there, but does not let us in, or not now, or is no text.
        return _ended(database, look_id, LookOutcome.UNKNOWN, error.message, hours=hours)
    return _ended(database, look_id, LookOutcome.GONE, what[0].upper() + what[1:], hours=hours)


def _ended(
    database: Database,
    look_id: str,
    outcome: LookOutcome,
    problem: str | None = None,
    *,
    hours: int,
    findings: Sequence[_Finding] = (),
    page: Fetched | None = None,
    taken: Capture | None = None,
) -> Looked:
    """Write down what came of a look: all that follows from it, in one transaction."""
    now = clock.now()
    with database.write() as session:
        look = session.get_one(Look, look_id)
        look.outcome, look.problem = outcome, problem[:500] if problem else None
        look.checked_at, look.due_at = now, now + timedelta(hours=hours)
        if outcome is LookOutcome.GONE:
            _strike(look)
            if look.strikes >= STRIKES:
                why = f"{problem}: {STRIKES} looks, a day or more apart"
                pieces = store.evidence_at(session, look.url)
                findings = [_Finding(piece.id, Condition.DEAD, why) for piece, _ in pieces]
        elif outcome is not LookOutcome.UNKNOWN:
            look.strikes, look.struck_at = 0, None
        if page is not None:
            keep_validators(look, page)
        if taken is not None:
            events.append(session, taken, "capture.done", by=SYSTEM, new=[taken])
        for finding in findings:
            _write(session, finding)
        return Looked(look.url, str(outcome), look.problem, look.strikes)


def _strike(look: Look) -> None:
    # A page that comes back is to be read whole.
    look.etag = look.modified = look.answered_url = None
    now = clock.now()
    if look.struck_at is None or now - look.struck_at >= BETWEEN_STRIKES:
        look.strikes, look.struck_at = min(STRIKES, look.strikes + 1), now
    if look.strikes < STRIKES:
        look.due_at = now + _AFTER_STRIKE


def keep_validators(look: Look | Watch, page: Fetched) -> None:
    """Note by what a page is to be asked for again."""
    told = {name.lower(): value.strip() for name, value in page.headers}
    etag, modified = told.get("etag", ""), told.get("last-modified", "")
    look.etag = etag if 0 < len(etag) <= 500 and etag.isascii() and etag.isprintable() else None
    look.modified = modified if 0 < len(modified) <= 100 and modified.isascii() else None
    look.answered_url = page.url if (look.etag or look.modified) and len(page.url) <= 4096 else None


def _write(session: Session, finding: _Finding) -> None:
    """Say what became of a source, where that is news; a settled claim is stale at once.

    Where no claim changes by it, the evidence has a stream of its own, and nobody's form is outdated.
    """
    evidence = session.get_one(Evidence, finding.evidence_id)
    if evidence.withdrawn_at is not None:
        return
    same_text = finding.found_id == evidence.found_id or finding.condition is not Condition.CHANGED
    if finding.condition == evidence.condition and same_text:
        return
    goes_on = finding.condition == evidence.condition and finding.stands
    evidence.condition_why = finding.why[:500] if finding.why else None
    evidence.found_id = finding.found_id
    if not (goes_on and evidence.seen_at):
        evidence.condition = finding.condition
        evidence.condition_at = clock.now() if finding.condition else None
        evidence.seen_at = evidence.seen_by = evidence.seen_note = None
    claim = records.get(session, Claim, evidence.claim_id)
    claims.settle(session, claim, evidence=claims_store.evidence(session, claim.id))
    kind = _KINDS[finding.condition]
    if changed_columns(claim):
        events.append(session, claim, kind, by=SYSTEM, also=[evidence])
    else:
        events.append(session, evidence, kind, by=SYSTEM)


# ------------------------------------------------------------------------------------- comparing


def _compared(
    database: Database, blobs: Blobs, page: Fetched, pieces: Sequence[tuple[Evidence, Capture | None]]
) -> tuple[list[_Finding], Capture | None]:
    """What became of each piece, and the capture that is to be kept of what the source holds now."""
    text = _read(page.body, page.media_type, page.url, page.encoding)
    findings, kept = [], _kept_texts(database, pieces)
    taken: Capture | None = None
    for evidence, capture in pieces:
        if (
            capture is None
            or capture.state != CaptureState.DONE
            or not _differs(page, text, capture, kept, blobs)
        ):
            findings.append(_Finding(evidence.id, None))
            continue
        found_id = evidence.found_id if evidence.condition == Condition.CHANGED else None
        if found_id is None or not _same_words(kept.get(found_id), text):
            taken = taken or captures.of_page(blobs, page)
            found_id = taken.id
        stands = quote_stands(text, evidence.quote)
        findings.append(_Finding(evidence.id, Condition.CHANGED, _why(stands), found_id, bool(stands)))
    return findings, taken


def _kept_texts(
    database: Database, pieces: Sequence[tuple[Evidence, Capture | None]]
) -> dict[str, str | None]:
    ids = {capture.id for _, capture in pieces if capture} | {e.found_id for e, _ in pieces if e.found_id}
    with database.read() as session:
        return {id: text or None for id, text in evidence_store.capture_texts(session, ids)}


def _differs(
    page: Fetched, text: str | None, capture: Capture, kept: dict[str, str | None], blobs: Blobs
) -> bool:
    before = kept.get(capture.id)
    if _same_words(before, text) and text is not None:
        return False
    if text is None and before is None:
        return hashlib.sha256(page.body).hexdigest() != capture.sha256
    # A newer version of ours may read the very same page otherwise: read again what was kept.
    try:
        body = blobs.get(str(capture.sha256))
    except LedgerError:
        return True
    anew = _read(body, capture.media_type, capture.final_url or capture.url, page.encoding)
    return not _same_words(anew, text)


def _same_words(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    """A text without what tells its reader nothing: white space, and how quotes and dashes are drawn."""
    return " ".join(text.translate(_QUOTES).split())


def _read(body: bytes, media_type: str | None, url: str, encoding: str | None) -> str | None:
    try:
        return finder.read(body, media_type=media_type, url=url, encoding=encoding).text
    except ClaimsError:
        return None
    except Exception as error:  # noqa: BLE001  (whatever a strange file does to a parser, it is no change)
        _log.error("source not read", url=url, error=f"{type(error).__name__}: {error}")
        return None


def _why(stands: bool | None) -> str:
    if stands is None:
        return "The page has other words now"
    return f"The page has other words now; the quote {'still stands' if stands else 'does not stand'} in it"


def quote_stands(text: str | None, quote: str | None) -> bool | None:
    """Whether a quote stands in a text, word for word; None where there is no quote or no text."""
    return bool(places(text, quote)) if text and quote else None


# ------------------------------------------------------------------------------------- people


def still_fits(
    session: Session, evidence_id: str, *, by: Identity, version: int | None, note: str
) -> Evidence:
    """Say that a piece of evidence bears on its claim as before although its source changed or is dead."""
    by.require(Permission.EVIDENCE)
    words = required_text(note, field="note", longest=1000)
    evidence = records.get(session, Evidence, evidence_id)
    expect(evidence, version)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was taken back.")
    if evidence.condition is None:
        raise Conflict("This source is as it was when it was captured, so far as we know.")
    if evidence.seen_at is not None:
        raise Conflict("Somebody looked at this already, and said that it still fits.")
    _see(evidence, by, words)
    claim = records.get(session, Claim, evidence.claim_id)
    claims.settle(session, claim, evidence=claims_store.evidence(session, claim.id))
    events.append(session, claim, "evidence.seen", by=by, also=[evidence])
    return evidence


def see_all(evidence: Sequence[Evidence], *, by: Identity, note: str) -> list[Evidence]:
    """Say the same of each piece that needs it; the caller logs the change of those that are given back."""
    waiting = [
        piece
        for piece in evidence
        if piece.withdrawn_at is None and piece.condition is not None and piece.seen_at is None
    ]
    for piece in waiting:
        _see(piece, by, note)
    return waiting


def _see(evidence: Evidence, by: Identity, note: str) -> None:
    evidence.seen_at, evidence.seen_by, evidence.seen_note = clock.now(), by.account, note[:1000]

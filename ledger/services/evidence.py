"""Evidence: adding it with its capture, correcting it, taking it back."""

from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.adapters import addresses
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid
from ledger.ids import new_id
from ledger.models import Capture, CaptureState, Claim, Evidence, JobState, Stance
from ledger.services import anchors, claims, events
from ledger.services.changes import choice, edit, expect, required_text, text_value
from ledger.store import claims as store
from ledger.store import evidence as evidence_store
from ledger.store import jobs, records

CAPTURE_JOB = "capture-evidence"


def add(
    session: Session, claim_id: str, *, by: Identity, details: dict[str, Any], capture: bool = True
) -> Evidence:
    """Add a piece of evidence to an accepted claim, and promise a capture of it.

    `details`: url and stance; quote, title, publisher, published and note where known.
    """
    by.require(Permission.EVIDENCE)
    claim = records.get(session, Claim, claim_id)
    claims.open_for_work(claim)
    now = clock.now()
    evidence = Evidence(
        id=new_id(), claim_id=claim.id, url="", stance=Stance.CONTEXT, added_at=now, added_by=by.account
    )
    _describe(evidence, {"stance": None, "url": None, **details})
    others = store.evidence(session, claim.id)
    if any(e.url == evidence.url and e.quote == evidence.quote and e.withdrawn_at is None for e in others):
        raise Conflict("This claim already has that source with the same quote.", field="url")
    if capture:
        evidence.capture_id = _promise_capture(session, evidence.url, by=by)
    claims.settle(session, claim, evidence=[*others, evidence])
    events.append(session, claim, "evidence.added", by=by, new=[evidence])
    return evidence


def _promise_capture(session: Session, url: str, *, by: Identity) -> str:
    capture = Capture(id=new_id(), url=url, state=CaptureState.PENDING, requested_at=clock.now())
    events.append(session, capture, "capture.requested", by=by, new=[capture])
    jobs.add(session, CAPTURE_JOB, about=capture.id, capture_id=capture.id)
    return capture.id


def retry_capture(session: Session, id: str, *, by: Identity) -> Evidence:
    """Ask again for a capture that failed, or for the first one of a piece that has none."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, id)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was taken back; put it back first.")
    capture = session.get(Capture, evidence.capture_id) if evidence.capture_id else None
    if capture is None:
        evidence.capture_id = _promise_capture(session, evidence.url, by=by)
        _log(session, evidence, "evidence.capture_requested", by=by)
        return evidence
    if capture.state == CaptureState.DONE:
        raise Conflict("A copy of this page is kept already.")
    if capture.state == CaptureState.PENDING and _under_way(session, capture):
        raise Conflict("The copy is being made; wait a moment.")
    capture.state, capture.error, capture.requested_at = CaptureState.PENDING, None, clock.now()
    events.append(session, capture, "capture.requested_again", by=by)
    jobs.add(session, CAPTURE_JOB, about=capture.id, capture_id=capture.id)
    return evidence


def _under_way(session: Session, capture: Capture) -> bool:
    job = jobs.newest_about(session, CAPTURE_JOB, capture.id)
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def correct(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Evidence:
    """Correct a piece of evidence that is in force."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, id)
    _expect(session, evidence, version)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was taken back; add it anew.")
    if details.get("url") not in (None, evidence.url):
        raise Invalid("The address stays: take this back, and add the other one.", field="url")
    with edit(evidence) as changed:
        before = evidence.quote
        _describe(evidence, {name: value for name, value in details.items() if name != "url"})
        if evidence.quote != before:
            anchors.follow(session, evidence)
    if changed():
        _log(session, evidence, "evidence.corrected", by=by)
    return evidence


def withdraw(session: Session, id: str, *, by: Identity, version: int | None, reason: str) -> Evidence:
    """Take a piece of evidence back; it stays in sight, struck through, with the reason."""
    by.require(Permission.EVIDENCE)
    words = required_text(reason, field="reason", longest=1000)
    evidence = records.get(session, Evidence, id)
    _expect(session, evidence, version)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was already taken back.")
    evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_reason = clock.now(), by.account, words
    _log(session, evidence, "evidence.withdrawn", by=by)
    return evidence


def restore(session: Session, id: str, *, by: Identity, version: int | None) -> Evidence:
    """Undo `withdraw`."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, id)
    _expect(session, evidence, version)
    if evidence.withdrawn_at is None:
        raise Conflict("This evidence is in force.")
    evidence.withdrawn_at = evidence.withdrawn_by = evidence.withdrawn_reason = None
    _log(session, evidence, "evidence.restored", by=by)
    return evidence


def _expect(session: Session, evidence: Evidence, version: int | None) -> None:
    """As for any record, but that the ledger found the quote meanwhile outdates nobody's form."""
    if version is not None and version < evidence.version:
        between = set(range(version + 1, evidence.version + 1))
        if between <= evidence_store.anchored_versions(session, evidence.id):
            return
    expect(evidence, version)


def _log(session: Session, evidence: Evidence, kind: str, *, by: Identity) -> None:
    claim = records.get(session, Claim, evidence.claim_id)
    claims.settle(session, claim, evidence=store.evidence(session, claim.id))
    events.append(session, claim, kind, by=by, also=[evidence])


def _describe(evidence: Evidence, details: dict[str, Any]) -> None:
    if "url" in details:
        evidence.url = addresses.valid_url(required_text(details["url"], field="url", longest=2000))
        # Writing what is not ASCII as %XX makes an address longer.
        required_text(evidence.url, field="url", longest=2000)
    if "stance" in details:
        evidence.stance = choice(details["stance"], field="stance", among=Stance)
    for name, longest in (
        ("quote", 10_000),
        ("title", 500),
        ("publisher", 200),
        ("published", 40),
        ("note", 4000),
    ):
        if name in details:
            setattr(evidence, name, text_value(details[name], field=name, longest=longest))

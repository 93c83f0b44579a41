"""Evidence: adding it with its capture, correcting it, taking it back."""

from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.adapters import addresses
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid
from ledger.ids import new_id
from ledger.models import Capture, CaptureState, Claim, Evidence, Stance
from ledger.services import claims, events
from ledger.services.changes import choice, edit, expect, required_text, text_value
from ledger.store import claims as store
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
    jobs.add(session, CAPTURE_JOB, capture_id=capture.id)
    return capture.id


def correct(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Evidence:
    """Correct a piece of evidence that is in force."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, id)
    expect(evidence, version)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was taken back; add it anew.")
    if details.get("url") not in (None, evidence.url):
        raise Invalid("The address stays: take this back, and add the other one.", field="url")
    with edit(evidence) as changed:
        _describe(evidence, {name: value for name, value in details.items() if name != "url"})
    if changed():
        _log(session, evidence, "evidence.corrected", by=by)
    return evidence


def withdraw(session: Session, id: str, *, by: Identity, version: int | None, reason: str) -> Evidence:
    """Take a piece of evidence back; it stays in sight, struck through, with the reason."""
    by.require(Permission.EVIDENCE)
    words = required_text(reason, field="reason", longest=1000)
    evidence = records.get(session, Evidence, id)
    expect(evidence, version)
    if evidence.withdrawn_at is not None:
        raise Conflict("This evidence was already taken back.")
    evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_reason = clock.now(), by.account, words
    _log(session, evidence, "evidence.withdrawn", by=by)
    return evidence


def restore(session: Session, id: str, *, by: Identity, version: int | None) -> Evidence:
    """Undo `withdraw`."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, id)
    expect(evidence, version)
    if evidence.withdrawn_at is None:
        raise Conflict("This evidence is in force.")
    evidence.withdrawn_at = evidence.withdrawn_by = evidence.withdrawn_reason = None
    _log(session, evidence, "evidence.restored", by=by)
    return evidence


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

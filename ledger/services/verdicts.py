"""Verdicts: proposed by one person, settled by a second, never overwritten."""

from dataclasses import dataclass

from sqlmodel import Session

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Forbidden, Invalid, Outdated
from ledger.ids import new_id
from ledger.models import (
    Account,
    Capacity,
    Claim,
    Record,
    Signature,
    Verdict,
    VerdictState,
)
from ledger.scales import Rating, Scale, all_scales
from ledger.services import claims, digests, events
from ledger.services.changes import expect, required_text, text_value
from ledger.services.differences import Difference, found
from ledger.store import claims as store
from ledger.store import records


@dataclass(frozen=True, slots=True)
class Policy:
    """What the desk asks of a verdict: people who sign (`one` or `two`), and pieces of evidence."""

    signatures: str = "two"
    min_evidence: int = 1


def propose(
    session: Session,
    claim_id: str,
    *,
    by: Identity,
    version: int | None,
    code: str,
    rationale: str,
    policy: Policy,
    scale: str = "ledger",
    label: str | None = None,
) -> Verdict:
    """Propose a rating with its reasoning; replaces an earlier proposal that nobody has signed yet."""
    by.require(Permission.PROPOSE)
    claim = records.get(session, Claim, claim_id)
    expect(claim, version)
    claims.open_for_work(claim)
    chosen, rating = _rating(scale, code)
    words = required_text(rationale, field="rationale", longest=20_000)
    pieces = store.evidence(session, claim.id)
    _check_evidence(rating, sum(e.withdrawn_at is None for e in pieces), policy)
    verdict = Verdict(
        id=new_id(),
        claim_id=claim.id,
        scale=chosen.id,
        scale_version=chosen.version,
        code=rating.code,
        label=_label(chosen, rating, label),
        number=rating.number,
        status_word=rating.status,
        rationale=words,
        state=VerdictState.PROPOSED,
        digest="",
        proposed_at=clock.now(),
        proposed_by=by.account,
    )
    places = store.appearances(session, claim.id)
    claims.placed(places)
    verdict.spans = [digests.span(place) for place in places]
    verdict.digest = digests.digest(claim, verdict, places, pieces)
    replaced = _proposal(session, claim)
    also: list[Record] = []
    if replaced is not None:
        replaced.state = VerdictState.SUPERSEDED
        also.append(replaced)
        # First out, then in: the database lets at most one proposal of a claim stand.
        events.append(session, claim, "verdict.replaced", by=by, also=also)
    claim.assignee_id = claim.assignee_id or by.account_id
    _log(session, claim, "verdict.proposed", by=by, new=[verdict], proposed=True)
    return verdict


def _rating(scale: str, code: str) -> tuple[Scale, Rating]:
    chosen = all_scales().get(scale)
    if chosen is None:
        raise Invalid(f"Choose one of the scales: {', '.join(all_scales())}.", field="scale")
    rating = chosen.rating(code)
    if rating is None:
        raise Invalid(f"Choose one of: {', '.join(r.code for r in chosen.ratings)}.", field="code")
    return chosen, rating


def _label(scale: Scale, rating: Rating, label: str | None) -> str:
    if scale.own_words:
        return required_text(label, field="label", longest=500)
    return rating.label or rating.code


def _check_evidence(rating: Rating, pieces: int, policy: Policy) -> None:
    if rating.status != "unproven" and pieces < policy.min_evidence:
        need = (
            "a piece of evidence" if policy.min_evidence == 1 else f"{policy.min_evidence} pieces of evidence"
        )
        raise Conflict(f"A verdict rests on evidence: add {need} first, or choose “unproven”.", field="code")


def sign(
    session: Session,
    id: str,
    *,
    by: Identity,
    digest_seen: str,
    policy: Policy,
    note: str | None = None,
    override: bool = False,
) -> Verdict:
    """Sign a proposed verdict and so settle it; `digest_seen` is the digest of what the signer saw.

    With `override`, an editor who proposed it signs alone: an event of its own, shown everywhere.
    """
    by.require(Permission.SIGN)
    verdict, claim = _proposed(session, id)
    _check_unchanged(session, claim, verdict, digest_seen)
    pieces = sum(e.withdrawn_at is None for e in store.evidence(session, claim.id))
    _check_evidence(_rating_of(verdict), pieces, policy)
    words = text_value(note, field="note", longest=4000)
    capacity = _capacity(verdict, by=by, policy=policy, override=override)
    if capacity is Capacity.OVERRIDE and words is None:
        raise Invalid("Say why one person decides alone.", field="note")
    signature = Signature(
        id=new_id(),
        verdict_id=verdict.id,
        proposer_id=verdict.proposed_by,
        account_id=by.account,
        capacity=capacity,
        digest=verdict.digest,
        note=words,
        signed_at=clock.now(),
    )
    former = next((v for v in store.verdicts(session, claim.id) if v.state == VerdictState.SETTLED), None)
    if former is not None:
        former.state = VerdictState.SUPERSEDED
        events.append(session, claim, "verdict.superseded", by=by, also=[former])
    verdict.state, verdict.settled_at = VerdictState.SETTLED, signature.signed_at
    claim.verdict_id, claim.assignee_id, claim.stale_since, claim.stale_reasons = verdict.id, None, None, None
    kind = "verdict.overridden" if capacity is Capacity.OVERRIDE else "verdict.signed"
    _log(session, claim, kind, by=by, new=[signature], also=[verdict])
    return verdict


def _capacity(verdict: Verdict, *, by: Identity, policy: Policy, override: bool) -> Capacity:
    if by.account_id != verdict.proposed_by:
        return Capacity.SECOND
    if policy.signatures == "one":
        return Capacity.SOLE
    if not override:
        raise Forbidden("You proposed this verdict; somebody else must sign it.")
    by.require(Permission.OVERRIDE)
    return Capacity.OVERRIDE


def _rating_of(verdict: Verdict) -> Rating:
    return Rating(verdict.code, verdict.label, verdict.number, verdict.status_word)


def send_back(session: Session, id: str, *, by: Identity, reason: str, code: str | None = None) -> Verdict:
    """Send a proposed verdict back with the reason; its claim is being checked again.

    `code` is the rating, on the verdict's own scale, that the second reader would give instead.
    """
    by.require(Permission.SIGN)
    words = required_text(reason, field="reason", longest=4000)
    verdict, claim = _proposed(session, id)
    verdict.sent_back_code = _rating(verdict.scale, code)[1].code if code else None
    verdict.state = VerdictState.SENT_BACK
    verdict.sent_back_at, verdict.sent_back_by, verdict.sent_back_reason = clock.now(), by.account, words
    proposer = records.get(session, Account, verdict.proposed_by)
    claim.assignee_id = proposer.id if proposer.active else None
    _log(session, claim, "verdict.sent_back", by=by, also=[verdict])
    return verdict


def outdated(session: Session, claim: Claim, verdict: Verdict) -> bool:
    """Whether something changed under a verdict since it was proposed."""
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    return digests.digest(claim, verdict, places, evidence) != verdict.digest


def differences(session: Session, verdict: Verdict) -> list[Difference]:
    """What changed since a verdict was proposed: each thing that a signature binds to and that differs.

    Nothing where the digest is still the same.
    """
    claim = records.get(session, Claim, verdict.claim_id)
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    if digests.digest(claim, verdict, places, evidence) == verdict.digest:
        return []
    return found(session, claim, verdict, places, evidence)


def _proposed(session: Session, id: str) -> tuple[Verdict, Claim]:
    verdict = records.get(session, Verdict, id)
    claim = records.get(session, Claim, verdict.claim_id)
    if verdict.state != VerdictState.PROPOSED:
        raise Conflict(f"This verdict is no longer waiting: it is {verdict.state.replace('_', ' ')}.")
    claims.open_for_work(claim)
    return verdict, claim


def _check_unchanged(session: Session, claim: Claim, verdict: Verdict, seen: str) -> None:
    if outdated(session, claim, verdict):
        raise Conflict("The claim changed since this was proposed; it must be proposed again.")
    if seen != verdict.digest:
        raise Outdated(
            "This is not the verdict that you saw; read it again.", current={"digest": verdict.digest}
        )


def _proposal(session: Session, claim: Claim) -> Verdict | None:
    return next((v for v in store.verdicts(session, claim.id) if v.state == VerdictState.PROPOSED), None)


def _log(
    session: Session,
    claim: Claim,
    kind: str,
    *,
    by: Identity,
    new: list[Record] | None = None,
    also: list[Record] | None = None,
    proposed: bool = False,
) -> None:
    claims.settle(session, claim, proposed=proposed)
    events.append(session, claim, kind, by=by, new=new or [], also=also or [])

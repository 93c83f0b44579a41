"""Verdicts: proposed by one person, settled by a second, never overwritten."""

from collections.abc import Sequence

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
from ledger.services import claims, corrections, digests, events, policies, seals
from ledger.services.changes import expect, required_text, text_value
from ledger.services.differences import Difference, found
from ledger.services.policies import Policy
from ledger.services.statuses import derive
from ledger.store import claims as store
from ledger.store import records, retirements


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
    chosen, rating = _in_use(session, scale, code)
    words = required_text(rationale, field="rationale", longest=20_000)
    pieces = store.evidence(session, claim.id)
    policy = policies.of_claim(session, claim.id, policy)
    policies.check_evidence(rating.status, pieces, policy)
    replaced = proposal(session, claim)
    if replaced is not None:
        _replaceable(session, claim, replaced, by)
    verdict = _made(claim, chosen, rating, label_of(chosen, rating, label), words, by)
    sealed = seals.close(verdict) if policy.blind else None
    places = store.appearances(session, claim.id)
    claims.placed(places)
    claims.fitting(pieces)
    verdict.spans = [digests.span(place) for place in places]
    verdict.digest = digests.digest(claim, verdict, places, pieces)
    also: list[Record] = []
    if replaced is not None:
        replaced.state = VerdictState.SUPERSEDED
        also.append(replaced)
        # First out, then in: the database lets at most one proposal of a claim stand.
        events.append(session, claim, "verdict.replaced", by=by, also=also)
    claim.assignee_id = claim.assignee_id or by.account_id
    log(session, claim, "verdict.proposed", by=by, new=[verdict], proposed=True)
    if sealed is not None:
        session.add(sealed)
    return verdict


def _made(claim: Claim, scale: Scale, rating: Rating, label: str, rationale: str, by: Identity) -> Verdict:
    return Verdict(
        id=new_id(),
        claim_id=claim.id,
        scale=scale.id,
        scale_version=scale.version,
        code=rating.code,
        label=label,
        number=rating.number,
        status_word=rating.status,
        rationale=rationale,
        state=VerdictState.PROPOSED,
        digest="",
        proposed_at=clock.now(),
        proposed_by=by.account,
    )


def rating_on(scale: str, code: str) -> tuple[Scale, Rating]:
    """A scale in its newest version, and the rating of it that has that code; Invalid."""
    chosen = all_scales().get(scale)
    if chosen is None:
        raise Invalid(f"Choose one of the scales: {', '.join(all_scales())}.", field="scale")
    rating = chosen.rating(code)
    if rating is None:
        raise Invalid(f"Choose one of: {', '.join(r.code for r in chosen.ratings)}.", field="code")
    return chosen, rating


def _in_use(session: Session, scale: str, code: str) -> tuple[Scale, Rating]:
    chosen, rating = rating_on(scale, code)
    retired = retirements.standing(session, chosen.id, chosen.version)
    if retired is not None:
        raise Conflict(
            f"“{chosen.name}”, version {chosen.version}, is retired: {retired.reason} Use another scale.",
            field="scale",
        )
    return chosen, rating


def label_of(scale: Scale, rating: Rating, label: str | None) -> str:
    """The words of a rating: its own, or on a scale without any, those that somebody wrote."""
    if scale.own_words:
        return required_text(label, field="label", longest=500)
    return rating.label or rating.code


def _replaceable(session: Session, claim: Claim, waiting: Verdict, by: Identity) -> None:
    """Raise Conflict where a proposal waits for something else than to be replaced by `by`."""
    if outdated(session, claim, waiting):
        return
    if waiting.sealed and waiting.proposed_by != by.account_id:
        raise Conflict("Somebody has rated this claim already. Rate it as the second reader, blind.")
    if waiting.parted:
        raise Conflict("Two readers rated this claim and differ: an editor decides, or sends it back.")


def sign(
    session: Session,
    id: str,
    *,
    by: Identity,
    digest_seen: str,
    policy: Policy,
    note: str | None = None,
    override: bool = False,
    correction: str | None = None,
) -> Verdict:
    """Sign a proposed verdict and so settle it; `digest_seen` is the digest of what the signer saw.

    With `override`, an editor who proposed it signs alone: an event of its own, shown everywhere.
    `correction` tells readers why it takes the place of a verdict that they were told; Invalid where that is
    wanting.
    """
    by.require(Permission.SIGN)
    verdict, claim = waiting(session, id)
    check_unchanged(session, claim, verdict, digest_seen)
    policy = policies.of_claim(session, claim.id, policy)
    words = text_value(note, field="note", longest=4000)
    capacity = capacity_of(verdict, by=by, policy=policy, override=override)
    if capacity is Capacity.OVERRIDE and words is None:
        raise Invalid("Say why one person decides alone.", field="note")
    if capacity is not Capacity.OVERRIDE or verdict.parted:
        # Where two differ, neither of them overrides the other.
        _ready(verdict)
    elif verdict.sealed:
        unseal(session, claim, verdict)
    policies.check_evidence(verdict.status_word, store.evidence(session, claim.id), policy)
    signature = signature_of(verdict, by, capacity, words)
    kind = "verdict.overridden" if capacity is Capacity.OVERRIDE else "verdict.signed"
    settle(session, claim, verdict, signature, kind, by=by, also=[verdict], why=correction)
    return verdict


def _ready(verdict: Verdict) -> None:
    if verdict.sealed:
        raise Conflict("Two people rate blind here: give your own rating first, then both are shown.")
    if verdict.parted:
        raise Conflict("Two readers rated this claim and differ: an editor decides between them.")


def unseal(session: Session, claim: Claim, verdict: Verdict) -> None:
    """Open a sealed verdict; its digest becomes that of what it says. The caller writes the event."""
    seals.open_up(session, verdict)
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    verdict.digest = digests.digest(claim, verdict, places, evidence)


def signature_of(verdict: Verdict, by: Identity, capacity: Capacity, note: str | None) -> Signature:
    """A signature under a verdict, given now."""
    return Signature(
        id=new_id(),
        verdict_id=verdict.id,
        proposer_id=verdict.proposed_by,
        account_id=by.account,
        capacity=capacity,
        digest=verdict.digest,
        note=note,
        signed_at=clock.now(),
    )


def settle(
    session: Session,
    claim: Claim,
    verdict: Verdict,
    signature: Signature,
    kind: str,
    *,
    by: Identity,
    new: Sequence[Record] = (),
    also: Sequence[Record] = (),
    why: str | None = None,
) -> None:
    """Have a verdict count that was just signed, in the place of the one that counted so far.

    `why` is for readers who were told that one; Invalid where they were, and nothing is said.
    """
    former = settled(session, claim)
    said = corrections.reason(session, claim, former, verdict, why)
    if former is not None:
        former.state = VerdictState.SUPERSEDED
        events.append(session, claim, "verdict.superseded", by=by, also=[former])
    verdict.state, verdict.settled_at, verdict.correction = VerdictState.SETTLED, signature.signed_at, said
    claim.verdict_id, claim.assignee_id, claim.stale_since, claim.stale_reasons = verdict.id, None, None, None
    # Just signed, it fits: nothing can have changed under it.
    claim.status = derive(claim, settled=verdict, proposed=False)
    events.append(session, claim, kind, by=by, new=[*new, signature], also=also)


def settled(session: Session, claim: Claim) -> Verdict | None:
    """The verdict of a claim that counts."""
    return next((v for v in store.verdicts(session, claim.id) if v.state == VerdictState.SETTLED), None)


def capacity_of(verdict: Verdict, *, by: Identity, policy: Policy, override: bool) -> Capacity:
    """In what capacity somebody may sign. Raises Forbidden for a proposer where two people sign."""
    if by.account_id != verdict.proposed_by:
        return Capacity.SECOND
    if policy.signatures == "one":
        return Capacity.SOLE
    if not override:
        raise Forbidden("You proposed this verdict; somebody else must sign it.")
    by.require(Permission.OVERRIDE)
    return Capacity.OVERRIDE


def send_back(session: Session, id: str, *, by: Identity, reason: str, code: str | None = None) -> Verdict:
    """Send a proposed verdict back with the reason; its claim is being checked again.

    `code` is the rating, on the verdict's own scale, that the second reader would give instead.
    """
    by.require(Permission.SIGN)
    words = required_text(reason, field="reason", longest=4000)
    verdict, claim = waiting(session, id)
    if verdict.sealed and code:
        raise Conflict("What you would say is your own blind rating: give that instead.", field="code")
    verdict.sent_back_code = rating_on(verdict.scale, code)[1].code if code else None
    verdict.state = VerdictState.SENT_BACK
    verdict.sent_back_at, verdict.sent_back_by, verdict.sent_back_reason = clock.now(), by.account, words
    proposer = records.get(session, Account, verdict.proposed_by)
    claim.assignee_id = proposer.id if proposer.active else None
    log(session, claim, "verdict.sent_back", by=by, also=[verdict])
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


def waiting(session: Session, id: str) -> tuple[Verdict, Claim]:
    """A verdict that waits for a signature, and its claim. Raises Conflict where it waits no more."""
    verdict = records.get(session, Verdict, id)
    claim = records.get(session, Claim, verdict.claim_id)
    if verdict.state != VerdictState.PROPOSED:
        raise Conflict(f"This verdict is no longer waiting: it is {verdict.state.replace('_', ' ')}.")
    claims.open_for_work(claim)
    return verdict, claim


def check_unchanged(session: Session, claim: Claim, verdict: Verdict, seen: str) -> None:
    """Raise Conflict where the claim changed under a proposal, Outdated where another one was seen."""
    if outdated(session, claim, verdict):
        raise Conflict("The claim changed since this was proposed; it must be proposed again.")
    if retirements.standing(session, verdict.scale, verdict.scale_version) is not None:
        # It was no proposal when the scale was retired, and came to be one again by an undo.
        raise Conflict("Its scale was retired; it must be proposed again on another one.", field="scale")
    if seen != verdict.digest:
        raise Outdated(
            "This is not the verdict that you saw; read it again.", current={"digest": verdict.digest}
        )


def proposal(session: Session, claim: Claim) -> Verdict | None:
    """The verdict of a claim that waits for a signature."""
    return next((v for v in store.verdicts(session, claim.id) if v.state == VerdictState.PROPOSED), None)


def log(
    session: Session,
    claim: Claim,
    kind: str,
    *,
    by: Identity,
    new: list[Record] | None = None,
    also: list[Record] | None = None,
    proposed: bool = False,
) -> None:
    """Write an event of a claim's verdicts, once its status follows from them."""
    claims.settle(session, claim, proposed=proposed)
    events.append(session, claim, kind, by=by, new=new or [], also=also or [])

"""Two readers who rate blind, and the editor who decides where they differ.

Where the desk asks for it, a proposal is sealed. The second reader rates the same claim on the same evidence
and writes reasons of their own; that opens both. If the ratings agree, the second reader signs what the first
one wrote, having now read it. If they differ, an editor who is neither of the two decides between them, with
both side by side, or sends it back. A renewed check of a stale verdict ("still holds") is not blind.
"""

import enum

from sqlmodel import Session

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Forbidden
from ledger.ids import new_id
from ledger.models import Capacity, Claim, Record, Verdict, VerdictState
from ledger.scales import Rating, Scale, scale_of
from ledger.services import digests, policies, verdicts
from ledger.services.changes import choice, required_text
from ledger.services.policies import Policy
from ledger.store import claims as store


class Choice(enum.StrEnum):
    """Whose rating an editor takes."""

    FIRST = "first"
    SECOND = "second"


def rate(
    session: Session,
    id: str,
    *,
    by: Identity,
    digest_seen: str,
    policy: Policy,
    code: str,
    rationale: str,
    label: str | None = None,
) -> Verdict:
    """Rate a claim as the second reader, without knowing what the first one said; this opens both.

    `digest_seen` is that of the sealed verdict: of the claim and evidence that were seen. Raises Forbidden
    for the first reader, Conflict where nothing sealed waits or the claim changed.
    """
    by.require(Permission.SIGN)
    verdict, claim = verdicts.waiting(session, id)
    if not verdict.sealed:
        raise Conflict("This verdict is not sealed: sign it, or send it back.")
    if by.account == verdict.proposed_by:
        raise Forbidden("You rated this claim first; somebody else must rate it second.")
    verdicts.check_unchanged(session, claim, verdict, digest_seen)
    scale, rating = rating_of(verdict, code)
    words = required_text(rationale, field="rationale", longest=20_000)
    policy = policies.of_claim(session, claim.id, policy)
    policies.check_evidence(rating.status, store.evidence(session, claim.id), policy)
    verdict.second_code, verdict.second_label = rating.code, verdicts.label_of(scale, rating, label)
    verdict.second_rationale = words
    verdict.second_at, verdict.second_by = clock.now(), by.account
    verdicts.unseal(session, claim, verdict)
    # Whoever is to act next: the second reader signs, or an editor takes it up.
    claim.assignee_id = None if verdict.parted else by.account_id
    verdicts.log(session, claim, "verdict.rated_blind", by=by, also=[verdict])
    return verdict


def rating_of(verdict: Verdict, code: str) -> tuple[Scale, Rating]:
    """The scale of a verdict in its own version, and the rating of that code on it; Invalid."""
    scale = scale_of(verdict.scale, verdict.scale_version)
    if scale is None:
        raise Conflict(f"The scale {verdict.scale}, version {verdict.scale_version}, is not known here.")
    rating = scale.rating(code)
    return (scale, rating) if rating else verdicts.rating_on(verdict.scale, code)


def decide(
    session: Session,
    id: str,
    *,
    by: Identity,
    digest_seen: str,
    policy: Policy,
    choose: str,
    note: str,
) -> Verdict:
    """Decide between two readers who differ, and so settle the claim with the rating of one of them.

    `by` is an editor and neither of the two. The verdict that counts is that of the reader who is chosen: the
    first one's as it is, or a new one of the second reader's rating and reasons, signed by the editor.
    """
    by.require(Permission.SIGN)
    by.require(Permission.OVERRIDE)
    verdict, claim = verdicts.waiting(session, id)
    if not verdict.parted:
        raise Conflict("There is nothing to decide: two readers did not rate this claim differently.")
    if by.account in (verdict.proposed_by, verdict.second_by):
        raise Forbidden("You are one of the two readers; another editor must decide.")
    verdicts.check_unchanged(session, claim, verdict, digest_seen)
    whose = choice(choose, field="choose", among=Choice)
    words = required_text(note, field="note", longest=4000)
    chosen = verdict if whose == Choice.FIRST else _second(session, claim, verdict)
    policy = policies.of_claim(session, claim.id, policy)
    policies.check_evidence(chosen.status_word, store.evidence(session, claim.id), policy)
    new: list[Record] = []
    if chosen is not verdict:
        verdict.state = VerdictState.SUPERSEDED
        new.append(chosen)
    signature = verdicts.signature_of(chosen, by, Capacity.SECOND, words)
    verdicts.settle(
        session, claim, chosen, signature, "verdict.decided", by=by, new=new, also=[verdict], why=words
    )
    return chosen


def _second(session: Session, claim: Claim, first: Verdict) -> Verdict:
    """The second reader's rating as a verdict of its own."""
    _, rating = rating_of(first, first.second_code or "")
    verdict = Verdict(
        id=new_id(),
        claim_id=claim.id,
        scale=first.scale,
        scale_version=first.scale_version,
        code=rating.code,
        label=first.second_label or rating.code,
        number=rating.number,
        status_word=rating.status,
        rationale=first.second_rationale or "",
        state=VerdictState.PROPOSED,
        digest="",
        proposed_at=first.second_at or clock.now(),
        proposed_by=first.second_by or "",
        spans=first.spans,
    )
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    verdict.digest = digests.digest(claim, verdict, places, evidence)
    return verdict

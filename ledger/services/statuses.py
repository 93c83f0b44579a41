"""A claim's status: derived from the facts by one function, stored for look-up."""

from ledger.models import Claim, Status, Triage, Verdict


def derive(claim: Claim, *, settled: Verdict | None, proposed: bool) -> Status:
    """The one word for a claim, given its settled verdict and whether another is proposed.

    A settled verdict that still fits outweighs a newer proposal: until that is settled too, it is
    what the desk has signed. Once stale, it counts for nothing and the new work shows instead.
    """
    if claim.withdrawn_at is not None:
        return Status.WITHDRAWN
    if claim.triage == Triage.CANDIDATE:
        return Status.CANDIDATE
    if claim.triage == Triage.DISMISSED:
        return Status.DISMISSED
    if settled is not None and claim.stale_since is None:
        return Status(settled.status_word)
    if proposed:
        return Status.PROPOSED
    if claim.assignee_id is not None:
        return Status.CHECKING
    return Status.STALE if settled is not None else Status.UNCHECKED

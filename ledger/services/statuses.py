"""A claim's status: derived from the facts by one function, stored for look-up."""

from typing import Any

from ledger.eventlog.canonical import timestamp
from ledger.models import Claim, Status, Triage, Verdict
from ledger.services.standing import looked_up


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


def of_row(asked: str, row: Any) -> dict[str, Any]:
    """The same of a row as `store.claims.STATUS` gives it, or `store.lookups.statuses`."""
    return looked_up(
        asked,
        row.id,
        version=row.version,
        status=row.status,
        label=row.label,
        updated_at=_text(row.updated_at),
        stale_since=_text(row.stale_since) if row.stale_since else None,
        stale_reasons=row.stale_reasons,
    )


def _text(moment: Any) -> str:
    return moment if isinstance(moment, str) else timestamp(moment)

"""What a person says of words that wait after a new text: they stand here, they were cut, it still holds."""

from sqlmodel import Session

from ledger.auth.identity import Identity, Permission
from ledger.models import Appearance, Claim, Verdict
from ledger.services import renewals, revisions, spans
from ledger.services.changes import expect
from ledger.services.policies import Policy
from ledger.services.spans import Outcome, Words
from ledger.store import records

__all__ = ["cut", "holds", "place", "stands_again"]

cut, stands_again = revisions.cut, revisions.stands_again


def place(
    session: Session,
    appearance_id: str,
    *,
    by: Identity,
    version: int | None,
    start: int,
    end: int,
    exact: str | None = None,
    revision_id: str | None = None,
) -> Outcome:
    """Say where in the current text an appearance stands. `version` is that of the appearance.

    A settled verdict is stale where these are other words, until somebody signs it anew.
    """
    by.require(Permission.CLAIMS)
    there = records.get(session, Appearance, appearance_id)
    expect(there, version)
    claim = records.get(session, Claim, there.claim_id)
    words = Words(start=start, end=end, exact=exact, appearance_id=there.id, revision_id=revision_id)
    return spans.move(session, claim.id, words, by=by, version=claim.version)


def holds(
    session: Session,
    appearance_id: str,
    *,
    by: Identity,
    version: int | None,
    claim_version: int | None,
    policy: Policy,
    note: str,
    start: int | None = None,
    end: int | None = None,
    exact: str | None = None,
    revision_id: str | None = None,
) -> Verdict:
    """Sign in one step that a verdict holds for the words as they stand now.

    With `start` and `end` the appearance is put there first. Both are done, or neither. `version` is that of
    the appearance, `claim_version` that of the claim: evidence and statement are signed too.
    """
    by.require(Permission.SIGN)
    there = records.get(session, Appearance, appearance_id)
    expect(there, version)
    expect(records.get(session, Claim, there.claim_id), claim_version)
    if start is not None and end is not None:
        place(
            session, there.id, by=by, version=there.version, start=start, end=end, exact=exact,
            revision_id=revision_id,
        )  # fmt: skip
    claim = records.get(session, Claim, there.claim_id)
    return renewals.renew(
        session, claim.verdict_id or "", by=by, claim_version=claim.version, policy=policy, note=note
    )

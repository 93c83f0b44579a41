"""“Still holds”: signing a stale verdict anew on what stands now, in one step and with a note.

The rating, the reasons and who proposed them stay; what is signed is what stands now. The verdict that was
renewed is superseded and kept.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from claims.values import dataclass, field, replace
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid, LedgerError
from ledger.ids import new_id
from ledger.models import Capacity, Claim, Verdict, VerdictState
from ledger.services import bulk, claims, digests, events, liveness, policies, verdicts
from ledger.services.changes import expect, required_text
from ledger.services.policies import Policy
from ledger.store import claims as store
from ledger.store import records

MOST = 500
"""Claims that may be renewed at once."""


def renew(
    session: Session,
    id: str,
    *,
    by: Identity,
    claim_version: int | None,
    policy: Policy,
    note: str,
    override: bool = False,
) -> Verdict:
    """Sign that a stale verdict still holds, as its claim stands now. Gives the new verdict.

    `claim_version` is that of the claim as the signer saw it. Where two people sign, the proposer can't; an
    editor who proposed it may with `override`, as for any verdict.
    """
    by.require(Permission.SIGN)
    old = records.get(session, Verdict, id)
    claim = records.get(session, Claim, old.claim_id)
    expect(claim, claim_version)
    capacity = _capacity(session, claim, old, by=by, policy=policy, override=override)
    words = required_text(note, field="note", longest=4000)
    places, evidence = store.appearances(session, claim.id), store.evidence(session, claim.id)
    if seen := liveness.see_all(evidence, by=by, note=words):
        # Who signs that it holds says of each source that it still fits.
        events.append(session, claim, "evidence.seen", by=by, also=seen)
    verdict = _again(old)
    verdict.spans = [digests.span(place) for place in places]
    verdict.digest = digests.digest(claim, verdict, places, evidence)
    signature = verdicts.signature_of(verdict, by, capacity, words)
    verdicts.settle(session, claim, verdict, signature, "verdict.renewed", by=by, new=[verdict], why=words)
    return verdict


def _capacity(
    session: Session, claim: Claim, old: Verdict, *, by: Identity, policy: Policy, override: bool = False
) -> Capacity:
    """In what capacity somebody may renew a verdict. Raises Conflict or Forbidden, with why not."""
    _stale(session, claim, old)
    claims.placed(store.appearances(session, claim.id))
    policy = policies.of_claim(session, claim.id, policy)
    policies.check_evidence(old.status_word, store.evidence(session, claim.id), policy)
    return verdicts.capacity_of(old, by=by, policy=policy, override=override)


def _stale(session: Session, claim: Claim, verdict: Verdict) -> None:
    claims.open_for_work(claim)
    if verdict.state != VerdictState.SETTLED:
        raise Conflict("This verdict does not count any more, so it can't be renewed.")
    if claim.stale_since is None:
        raise Conflict("Nothing changed under this verdict: it holds as it is.")
    if verdicts.proposal(session, claim) is not None:
        raise Conflict("A new verdict waits for a signature: sign that one, or send it back.")


def _again(old: Verdict) -> Verdict:
    return Verdict(
        id=new_id(),
        claim_id=old.claim_id,
        scale=old.scale,
        scale_version=old.scale_version,
        code=old.code,
        label=old.label,
        number=old.number,
        status_word=old.status_word,
        rationale=old.rationale,
        state=VerdictState.SETTLED,
        digest="",
        proposed_at=clock.now(),
        proposed_by=old.proposed_by,
        renews=old.id,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim whose verdict is to be renewed, in the version that was seen."""

    claim_id: str
    version: int | None


@dataclass(slots=True)
class Renewed:
    """What came of many: the verdicts that were made, and the claims that are left as they were, with why."""

    verdicts: list[Verdict] = field(default_factory=list)
    refused: list[tuple[str, LedgerError]] = field(default_factory=list)


def renew_all(
    session: Session, wanted: Sequence[Wanted], *, by: Identity, policy: Policy, note: str
) -> Renewed:
    """Renew the verdicts of several claims with one note; what can't be is left and told, one by one."""
    by.require(Permission.SIGN)
    required_text(note, field="note", longest=4000)
    if not 1 <= len(wanted) <= MOST:
        raise Invalid(f"Choose 1 to {MOST} claims; these are {len(wanted):,}.", field="items")
    done = Renewed()
    for one in wanted:
        try:
            with events.together(session):
                verdict = settled_of(session, one.claim_id)
                done.verdicts.append(
                    renew(session, verdict.id, by=by, claim_version=one.version, policy=policy, note=note)
                )
        except LedgerError as refusal:
            done.refused.append((one.claim_id, refusal))
    return done


def on_claims(
    session: Session,
    seen: Mapping[str, int | None],
    deed: bulk.Deed,
    *,
    by: Identity,
    policy: Policy,
    preview: bool = False,
) -> bulk.Outcome:
    """The same as a deed on a list of claims, told before it is done; `deed.reason` is the note."""
    by.require(Permission.SIGN)
    if not 1 <= len(seen) <= MOST:
        raise Invalid(f"Choose 1 to {MOST} claims; these are {len(seen):,}.", field="ids")
    wanted = [Wanted(id, version) for id, version in seen.items()]
    lines = {id: bulk.line(session.get_one(Claim, id)) for id in seen}
    outcome = bulk.Outcome()
    if preview:
        for one in wanted:
            why = _why_not(session, one, by=by, policy=policy)
            told = outcome.skipped if why else outcome.changed
            told.append(replace(lines[one.claim_id], why=why))
        return outcome
    done = renew_all(session, wanted, by=by, policy=policy, note=deed.reason or "")
    outcome.changed = [lines[verdict.claim_id] for verdict in done.verdicts]
    outcome.skipped = [replace(lines[id], why=refusal.message) for id, refusal in done.refused]
    return outcome


def _why_not(session: Session, one: Wanted, *, by: Identity, policy: Policy) -> str:
    """Why a verdict can't be renewed; nothing if it can."""
    try:
        by.require(Permission.SIGN)
        claim = records.get(session, Claim, one.claim_id)
        if one.version is not None:
            expect(claim, one.version)
        _capacity(session, claim, settled_of(session, claim.id), by=by, policy=policy)
    except LedgerError as refusal:
        return refusal.message
    return ""


def settled_of(session: Session, claim_id: str) -> Verdict:
    """The verdict of a claim that counts. Raises Conflict where it has none."""
    found = verdicts.settled(session, records.get(session, Claim, claim_id))
    if found is None:
        raise Conflict("This claim has no settled verdict.")
    return found


def offered(session: Session, claim: Claim, *, by: Identity, policy: Policy) -> bool:
    """Whether somebody may say that a claim's stale verdict still holds, without overriding anybody."""
    if claim.stale_since is None:
        return False
    return not _why_not(session, Wanted(claim.id, claim.version), by=by, policy=policy)

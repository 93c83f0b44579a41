"""Retiring a version of a scale: what is settled on it is stale until somebody looks again."""

from collections.abc import Callable

from sqlmodel import Session

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid
from ledger.ids import new_id
from ledger.models import Claim, Record, ScaleRetirement, VerdictState
from ledger.scales import scale_of
from ledger.services import claims, differences, events
from ledger.services.changes import expect, required_text
from ledger.store import records
from ledger.store import retirements as store
from ledger.store import revisions as revisions_store


def retire(
    session: Session, scale: str, version: int, *, by: Identity, reason: str
) -> tuple[ScaleRetirement, int]:
    """Retire a version of a scale. Nobody can propose on it, and verdicts that were turn stale, all at once.

    Gives the retirement, and how many claims it touched.
    """
    by.require(Permission.DESKS)
    words = required_text(reason, field="reason", longest=1000)
    if scale_of(scale, version) is None and (scale, version) not in store.counts(session):
        raise Invalid("There is no such version of a scale.", field="scale")
    if store.standing(session, scale, version) is not None:
        raise Conflict("This version is retired already.", field="scale")
    retirement = ScaleRetirement(
        id=new_id(),
        scale=scale,
        scale_version=version,
        reason=words,
        retired_at=clock.now(),
        retired_by=by.account,
    )
    events.append(session, retirement, "scale.retired", by=by, new=[retirement])
    return retirement, _mark(session, retirement, by=by, retired=True)


def reinstate(session: Session, id: str, *, by: Identity, version: int | None) -> tuple[ScaleRetirement, int]:
    """Take a retired version into use again; verdicts that nobody renewed meanwhile hold as before."""
    by.require(Permission.DESKS)
    retirement = records.get(session, ScaleRetirement, id, name="retirement")
    expect(retirement, version)
    if retirement.reinstated_at is not None:
        raise Conflict("This version is in use again already.")
    retirement.reinstated_at, retirement.reinstated_by = clock.now(), by.account
    events.append(session, retirement, "scale.reinstated", by=by)
    return retirement, _mark(session, retirement, by=by, retired=False)


def _mark(session: Session, retirement: ScaleRetirement, *, by: Identity, retired: bool) -> int:
    """Write into the verdicts on that version that it is retired, or is not, and into claims what follows."""
    touched = 0
    kind = "verdict.scale_retired" if retired else "verdict.scale_reinstated"
    for rows in store.on(session, retirement.scale, retirement.scale_version, retired=not retired):
        whole = revisions_store.judged(session, [claim.id for claim, _ in rows])
        changes = []
        for claim, given in rows:
            for verdict in given:
                verdict.retired_at = retirement.retired_at if retired else None
            mine = whole[claim.id]
            why = _why(session, retirement, claim, mine)
            claims.bring_in_line(claim, mine.verdicts, mine.places, mine.evidence, why=why)
            changes.append(events.Change(claim, kind, also=list[Record](given)))
        events.append_all(session, changes, by=by)
        touched += len(changes)
    return touched


def _why(
    session: Session, retirement: ScaleRetirement, claim: Claim, whole: revisions_store.Judged
) -> Callable[[], list[str]]:
    """What tells why a claim is stale, if it is: where it was not yet, only by the retirement."""
    fresh = claim.stale_since is None

    def told() -> list[str]:
        settled = next(one for one in whole.verdicts if one.state == VerdictState.SETTLED)
        if fresh:
            return differences.reasons([differences.of_scale(settled, retirement)])
        return differences.reasons(differences.found(session, claim, settled, whole.places, whole.evidence))

    return told

"""Versions of scales that are in use no more, and the verdicts on them."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Claim, ScaleRetirement, Verdict, VerdictState


def standing(session: Session, scale: str, version: int) -> ScaleRetirement | None:
    """The retirement of that version which holds now."""
    return session.exec(
        select(ScaleRetirement).where(
            ScaleRetirement.scale == scale,
            ScaleRetirement.scale_version == version,
            col(ScaleRetirement.reinstated_at).is_(None),
        )
    ).first()


def every(session: Session) -> list[ScaleRetirement]:
    """All retirements, those that were taken back too, the newest first."""
    return list(session.exec(select(ScaleRetirement).order_by(col(ScaleRetirement.id).desc())))


def counts(session: Session) -> dict[tuple[str, int], int]:
    """How many settled verdicts there are on each version of each scale."""
    query = (
        sa.select(col(Verdict.scale), col(Verdict.scale_version), sa.func.count())
        .where(col(Verdict.state) == VerdictState.SETTLED)
        .group_by(col(Verdict.scale), col(Verdict.scale_version))
    )
    return {(scale, version): count for scale, version, count in session.execute(query)}


def on(
    session: Session, scale: str, version: int, *, retired: bool
) -> Iterator[list[tuple[Claim, list[Verdict]]]]:
    """The claims with settled or proposed verdicts on that version, some hundreds at a time; `retired`
    says whether those verdicts carry the retirement already."""
    marked = col(Verdict.retired_at).is_not(None) if retired else col(Verdict.retired_at).is_(None)
    query = (
        select(Claim, Verdict)
        .join(Verdict, col(Verdict.claim_id) == col(Claim.id))
        .where(
            Verdict.scale == scale,
            Verdict.scale_version == version,
            col(Verdict.state).in_([VerdictState.SETTLED, VerdictState.PROPOSED]),
            marked,
        )
        .order_by(col(Claim.id))
    )
    last = ""
    while rows := session.exec(query.where(col(Claim.id) > last).limit(1000)).all():
        found: dict[str, tuple[Claim, list[Verdict]]] = {}
        for claim, verdict in rows:
            found.setdefault(claim.id, (claim, []))[1].append(verdict)
        # The last claim of a full page may have another verdict on the next one.
        if len(rows) == 1000 and len(found) > 1:
            found.popitem()
        yield list(found.values())
        last = max(found)

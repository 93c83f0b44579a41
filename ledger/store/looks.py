"""Addresses of evidence that are looked at again, and what is due of all that is asked for again."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from ledger.models import Archiving, Capture, Claim, Evidence, Job, JobState, Look, Watch


def of_url(session: Session, url: str) -> Look | None:
    """How an address is looked at, if it is."""
    return session.exec(select(Look).where(Look.url == url)).first()


def evidence_at(session: Session, url: str) -> list[tuple[Evidence, Capture | None]]:
    """The evidence in force with that address, each with the capture of it; texts are read when asked for."""
    query = (
        select(Evidence, Capture)
        .outerjoin(Capture, col(Capture.id) == col(Evidence.capture_id))
        .where(Evidence.url == url, col(Evidence.capture_id).is_not(None))
        .where(col(Evidence.withdrawn_at).is_(None))
        .order_by(col(Evidence.id))
        .options(defer(Capture.text))  # type: ignore[arg-type]
    )
    return [(evidence, capture) for evidence, capture in session.exec(query)]


def unplanned(session: Session, most: int) -> list[str]:
    """Addresses of evidence in force that have a capture, and that nobody looks at yet."""
    query = (
        select(Evidence.url)
        .outerjoin(Look, col(Look.url) == col(Evidence.url))
        .where(col(Evidence.capture_id).is_not(None), col(Evidence.withdrawn_at).is_(None))
        .where(col(Look.id).is_(None))
        .distinct()
        .limit(most)
    )
    return list(session.exec(query))


def due(session: Session, now: datetime, most: int) -> list[Look]:
    """Looks whose time has come, those first that wait longest."""
    query = select(Look).where(Look.due_at <= now).order_by(col(Look.due_at)).limit(most)
    return list(session.exec(query))


def due_watches(session: Session, now: datetime, most: int) -> list[Watch]:
    """Watches whose time has come, those first that wait longest."""
    query = select(Watch).where(col(Watch.due_at) <= now).order_by(col(Watch.due_at)).limit(most)
    return list(session.exec(query))


def due_archivings(session: Session, now: datetime, most: int) -> list[Archiving]:
    """Copies with the Wayback Machine whose next step is due."""
    query = select(Archiving).where(col(Archiving.due_at) <= now)
    return list(session.exec(query.order_by(col(Archiving.due_at)).limit(most)))


def under_way(session: Session, names: Sequence[str]) -> int:
    """Jobs of these names that wait or run."""
    waiting = col(Job.state).in_([JobState.QUEUED, JobState.RUNNING])
    query = sa.select(sa.func.count()).select_from(Job).where(waiting, col(Job.name).in_(names))
    return session.execute(query).scalar() or 0


def found_changed(
    session: Session, *, after: tuple[datetime, str] | None, limit: int, seen: bool | None = False
) -> list[tuple[Evidence, Claim]]:
    """Evidence in force whose source changed or is dead, newest first, with its claim; `seen` says whether
    only what somebody saw since, or nobody, or (None) both."""
    query = (
        select(Evidence, Claim)
        .join(Claim, col(Claim.id) == col(Evidence.claim_id))
        .where(col(Evidence.condition).is_not(None), col(Evidence.withdrawn_at).is_(None))
        .order_by(col(Evidence.condition_at).desc(), col(Evidence.id).desc())
        .limit(limit)
    )
    if seen is not None:
        is_seen = col(Evidence.seen_at).is_not(None)
        query = query.where(is_seen if seen else ~is_seen)
    if after is not None:
        at, id = after
        later = sa.and_(col(Evidence.condition_at) == at, col(Evidence.id) < id)
        query = query.where(sa.or_(col(Evidence.condition_at) < at, later))
    return [(evidence, claim) for evidence, claim in session.exec(query)]

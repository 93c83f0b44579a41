"""Jobs: promised in the transaction of the change that needs them, and found by the worker."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger import clock
from ledger.ids import new_id
from ledger.models import Job, JobState


def add(
    session: Session,
    name: str,
    /,
    *,
    delay: timedelta = timedelta(0),
    about: str | None = None,
    **arguments: Any,
) -> Job:
    """Promise a job; it happens if, and only if, the transaction does. `about` is a record's id."""
    now = clock.now()
    job = Job(id=new_id(), name=name, about=about, arguments=arguments, due_at=now + delay, created_at=now)
    session.add(job)
    return job


def due(session: Session, now: datetime, *, limit: int = 100) -> list[Job]:
    """Jobs whose time has come: queued ones, and running ones whose worker went silent."""
    waiting = col(Job.state).in_([JobState.QUEUED, JobState.RUNNING])
    query = select(Job).where(waiting, Job.due_at <= now).order_by(col(Job.due_at)).limit(limit)
    return list(session.exec(query))


def of(session: Session, ids: list[str]) -> list[Job]:
    """These jobs as they stand, in the order of their ids."""
    return list(session.exec(select(Job).where(col(Job.id).in_(ids)).order_by(col(Job.id))))


def newest_about(session: Session, name: str, id: str) -> Job | None:
    """The newest job of that name about a record."""
    query = select(Job).where(Job.name == name, Job.about == id).order_by(col(Job.id).desc()).limit(1)
    return session.exec(query).first()


def counts(session: Session) -> dict[str, int]:
    """Number of jobs by state."""
    rows = session.exec(select(Job.state, sa.func.count()).group_by(Job.state))
    return {state: count for state, count in rows}

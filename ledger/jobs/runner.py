"""Running one job, exactly as its row says; the row is the truth, the queue only a doorbell."""

from datetime import timedelta

import structlog
from sqlmodel import Session, select

from ledger import clock
from ledger.errors import Conflict
from ledger.jobs.tasks import GIVEN_UP, PASSING, TASKS
from ledger.models import Job, JobState
from ledger.store import records
from ledger.web.context import Parts

_log = structlog.get_logger(__name__)


def run(parts: Parts, job_id: str) -> None:
    """Run a job that is due; one that is done, not yet due or in other hands is left alone."""
    with parts.database.write() as session:
        job = _claim(session, job_id, parts)
    if job is None:
        return
    try:
        result = TASKS[job.name](parts, **job.arguments)
    except Exception as error:  # noqa: BLE001  (a job must not take the worker down with it)
        _log.error("job failed", job=job.id, name=job.name, attempt=job.attempts, exc_info=error)
        with parts.database.write() as session:
            _failed(session, job_id, f"{type(error).__name__}: {error}", parts)
        return
    with parts.database.write() as session:
        kept = session.get(Job, job_id)
        if kept is not None and kept.name in PASSING:
            session.delete(kept)
        elif kept is not None:
            kept.state, kept.error, kept.finished_at = JobState.DONE, None, clock.now()
            kept.result = result
    _log.info("job done", job=job.id, name=job.name, attempt=job.attempts)


def _claim(session: Session, job_id: str, parts: Parts) -> Job | None:
    job = session.get(Job, job_id)
    now = clock.now()
    if job is None or job.state in (JobState.DONE, JobState.FAILED) or job.due_at > now:
        return None
    if job.attempts >= parts.settings.job_attempts:
        # Its worker died each time: the job itself is what kills.
        job.state, job.finished_at = JobState.FAILED, now
        job.error = job.error or "its worker stopped without a word each time"
        _give_up(session, job)
        return None
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.due_at = now + timedelta(seconds=parts.settings.job_lease_seconds)
    return job


def _failed(session: Session, job_id: str, why: str, parts: Parts) -> None:
    job = session.get(Job, job_id)
    if job is None:
        return
    job.error = why[:2000]
    if job.attempts >= parts.settings.job_attempts:
        job.state, job.finished_at = JobState.FAILED, clock.now()
        _give_up(session, job)
    else:
        job.state = JobState.QUEUED
        job.due_at = clock.now() + timedelta(seconds=min(600, 5 * 2**job.attempts))


def _give_up(session: Session, job: Job) -> None:
    """Tell what waits for the job that it waits in vain."""
    if job.name in GIVEN_UP:
        GIVEN_UP[job.name](session, **job.arguments)


def retry(session: Session, job_id: str | None) -> int:
    """Queue a failed job again with all its attempts, or every one; gives how many."""
    if job_id is None:
        found = list(session.exec(select(Job).where(Job.state == JobState.FAILED)))
    else:
        found = [records.get(session, Job, job_id)]
    for job in found:
        if job.state != JobState.FAILED:
            raise Conflict(f"This job is not failed: it is {job.state}.")
        job.state, job.attempts, job.finished_at, job.due_at = JobState.QUEUED, 0, None, clock.now()
    session.flush()
    return len(found)

"""What each kind of job does: its name, and the service that it calls.

A job may run twice (its worker was killed after the work and before the note of it), so each of
these does no harm when it does.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ledger import clock
from ledger.services import archiving, captures, detection, imports, liveness, watches
from ledger.services.evidence import CAPTURE_JOB
from ledger.services.finding import DETECT_JOB
from ledger.store import jobs
from ledger.web.context import Parts

Task = Callable[..., dict[str, Any] | None]
"""Takes the parts and the job's arguments, and gives what the job is to keep of it, if anything."""


def _capture(parts: Parts, *, capture_id: str) -> None:
    captures.take(parts.database, parts.fetcher, parts.blobs, capture_id)

    if parts.wayback is not None:
        with parts.database.write() as session:
            archiving.promise(session, capture_id)


def _look(parts: Parts, *, look_id: str) -> None:
    hours = parts.settings.liveness_hours
    looked = liveness.look(
        parts.database, parts.polite, parts.blobs, look_id, hours=hours or liveness.DEFAULT_HOURS
    )
    if looked is not None and looked.later is not None and not hours:
        # Somebody asked for it, and no round will come by.
        with parts.database.write() as session:
            delay = max(timedelta(0), looked.later - clock.now())
            jobs.add(session, liveness.LOOK_JOB, delay=delay, about=look_id, look_id=look_id)


def _watch(parts: Parts, *, article_id: str) -> None:
    watches.run(parts.database, parts.polite, article_id, reading=parts.reading)


def _archive(parts: Parts, *, capture_id: str) -> None:
    if parts.wayback is not None:
        archiving.step(parts.database, parts.wayback, parts.settings.wayback_url, capture_id)


def _detect(parts: Parts, *, article_id: str, detector: str | None = None) -> dict[str, Any]:
    outcome = detection.redetect(
        parts.database, parts.detector(detector), article_id, floor=parts.settings.detection_floor
    )
    return outcome.as_json()


def _import(parts: Parts, **asked: Any) -> dict[str, Any]:
    lease = timedelta(seconds=parts.settings.job_lease_seconds)
    return imports.run(parts.database, parts.blobs, asked, lease=lease)


GIVEN_UP: dict[str, Callable[..., None]] = {CAPTURE_JOB: captures.give_up}
"""What is to be written, with the session and the job's arguments, when a job has no attempt left."""

TASKS: dict[str, Task] = {
    CAPTURE_JOB: _capture,
    DETECT_JOB: _detect,
    imports.IMPORT_JOB: _import,
    liveness.LOOK_JOB: _look,
    watches.WATCH_JOB: _watch,
    archiving.ARCHIVE_JOB: _archive,
}

PASSING = (liveness.LOOK_JOB, watches.WATCH_JOB, archiving.ARCHIVE_JOB)
"""Jobs that come again and again: once done, they leave no row; rounds.py writes the next one."""

"""What each kind of job does: its name, and the service that it calls.

A job may run twice (its worker was killed after the work and before the note of it), so each of
these does no harm when it does.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ledger.services import captures, detection, imports
from ledger.services.evidence import CAPTURE_JOB
from ledger.services.finding import DETECT_JOB
from ledger.web.context import Parts

Task = Callable[..., dict[str, Any] | None]
"""Takes the parts and the job's arguments, and gives what the job is to keep of it, if anything."""


def _capture(parts: Parts, *, capture_id: str) -> None:
    captures.take(parts.database, parts.fetcher, parts.blobs, capture_id)


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
}

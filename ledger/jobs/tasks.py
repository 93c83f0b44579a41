"""What each kind of job does: its name, and the service that it calls.

A job may run twice (its worker was killed after the work and before the note of it), so each of
these does no harm when it does.
"""

from collections.abc import Callable

from ledger.services import captures
from ledger.services.evidence import CAPTURE_JOB
from ledger.web.context import Parts

Task = Callable[..., None]


def _capture(parts: Parts, *, capture_id: str) -> None:
    captures.take(parts.database, parts.fetcher, parts.blobs, capture_id)


TASKS: dict[str, Task] = {CAPTURE_JOB: _capture}

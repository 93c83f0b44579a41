"""What all connections to other sites share: one deadline for every wait, and how a failure is told."""

import time
from typing import TYPE_CHECKING, Any

from ledger.adapters.late import Late
from ledger.errors import FetchFailed

if TYPE_CHECKING:
    import httpcore2
else:
    httpcore2 = Late("httpcore2")


class Deadline:
    """The moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds left, more than 0. Raises httpcore2.TimeoutException if there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise httpcore2.TimeoutException("the deadline has passed")
        return seconds


def failed(message: str, *, reason: str, **facts: Any) -> FetchFailed:
    """A failed fetch; fetch.py lists the reasons."""
    return FetchFailed(message, field="url", reason=reason, **facts)

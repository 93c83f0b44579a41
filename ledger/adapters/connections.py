"""What all connections to other sites share: whom they trust, a deadline for all waits, words for failure."""

import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.adapters.late import Late
from ledger.errors import FetchFailed

if TYPE_CHECKING:
    import httpcore2
else:
    httpcore2 = Late("httpcore2")


@cache
def trusted() -> ssl.SSLContext:
    """The system's certificates, or those that SSL_CERT_FILE names; read once, which takes 20 ms."""
    return httpcore2.default_ssl_context()


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

"""Beside the worker's jobs: a thread that follows the log and makes the vectors that claims lack."""

import threading

import structlog

from ledger.services.matching import Keeper
from ledger.web.context import Parts

_log = structlog.get_logger(__name__)


class VectorThread(threading.Thread):
    """Looks every few seconds whether claims came in or were reworded; sleeps while none did."""

    def __init__(self, parts: Parts, *, seconds: float = 2.0) -> None:
        super().__init__(name="vectors", daemon=True)
        self._seconds = seconds
        self._keeper = Keeper(parts.database)
        self._ended = threading.Event()
        self.failures = 0

    def run(self) -> None:
        """Work until ended."""
        while not self._ended.is_set():
            try:
                done = self._keeper.step()
            except Exception as error:  # noqa: BLE001  (the database may be away; the next step finds it back)
                _log.error("vectors failed", error=f"{type(error).__name__}: {error}")
                self.failures += 1
                done = 0
            if not done:
                self._ended.wait(self._seconds)

    def end(self) -> None:
        """Stop after the vectors that are being made."""
        self._ended.set()
        self.join()

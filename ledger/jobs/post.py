"""Beside the worker's jobs: a thread that follows the log for the webhooks, and some that send.

Messages have threads of their own, so that a receiver that takes its time holds up no capture. Each
webhook is in the hands of one of them at a time: its messages go out in order while all is well.
"""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from ledger import clock
from ledger.adapters.post import Poster
from ledger.services import deliveries
from ledger.store import webhooks as store
from ledger.web.context import Parts

THREADS = 4
_AT_ONCE = 20  # messages of one webhook sent before others have their turn
_TIDY_SECONDS = 3600
_log = structlog.get_logger(__name__)


def make_poster(parts: Parts) -> Poster:
    """What posts messages, as the settings say."""
    return Poster(
        timeout_seconds=parts.settings.webhook_timeout_seconds,
        allow_networks=parts.settings.webhook_allow_networks,
        ports=parts.settings.webhook_ports,
    )


class PostThread(threading.Thread):
    """Looks twice a second whether there is something to be told, and has it sent."""

    def __init__(self, parts: Parts, *, seconds: float = 0.5, threads: int = THREADS) -> None:
        super().__init__(name="post", daemon=True)
        self._parts = parts
        self._seconds = seconds
        self._poster = make_poster(parts)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="post")
        self._free = threads
        self._busy: dict[str, Future[None]] = {}
        self._ended = threading.Event()
        self._tidied = 0.0

    def run(self) -> None:
        """Work until ended."""
        while not self._ended.is_set():
            try:
                done = self.step()
            except Exception as error:  # noqa: BLE001  (the database may be away; the next step finds it back)
                _log.error("webhooks failed", error=f"{type(error).__name__}: {error}")
                done = False
            if not done:
                self._ended.wait(self._seconds)

    def step(self) -> bool:
        """Write the messages that are missing, and have sent what is due; whether there may be more."""
        self._tidy()
        read = deliveries.write_messages(self._parts.database, self._parts.settings.address)
        self._busy = {id: future for id, future in self._busy.items() if not future.done()}
        with self._parts.database.read() as session:
            due = store.waiting(session, clock.now(), but=self._busy, each=_AT_ONCE)
        for webhook_id, ids in list(due.items())[: self._free - len(self._busy)]:
            self._busy[webhook_id] = self._pool.submit(self._send, ids)
        return read > 0

    def _send(self, ids: list[str]) -> None:
        for id in ids:
            if self._ended.is_set():
                return
            try:
                taken = deliveries.send(
                    self._parts.database, self._poster, id, days=self._parts.settings.webhook_days
                )
            except Exception as error:  # noqa: BLE001  (its lease ends, and it is sent again)
                _log.error("a webhook's message failed", message=id, error=f"{type(error).__name__}: {error}")
                return
            if not taken:
                return

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied < _TIDY_SECONDS and self._tidied:
            return
        if deliveries.forget(self._parts.database, days=self._parts.settings.webhook_kept_days) < 1000:
            self._tidied = time.monotonic()

    def end(self) -> None:
        """Stop after the messages that are being sent."""
        self._ended.set()
        self.join()
        self._pool.shutdown()

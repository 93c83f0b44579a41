"""What a process keeps: its connections, and what it read that still holds."""

import math
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from ledger.store import standings
from ledger.store.walindex import WalIndex
from ledger.web.lane.answers import Whole

if TYPE_CHECKING:
    from ledger.store.askers import Asker
    from ledger.store.desks import Thresholds

LONG = 0.5  # seconds: what takes longer is for Flask, which has a connection for each
_STEPS = 10_000  # of SQLite's own machine, a millisecond
_VERSION = "PRAGMA data_version"
# Pages of the file are read where the system has them in memory, not copied from there; a quarter of the time
# that a claim takes. They are mapped for reading only, as far as SQLite does, 2 GB.
_MAPPED = "PRAGMA mmap_size=2147418112"
_MANY_CHECKS = 500
_MOST_STANDINGS = 1_000_000
_MANY_MISSES, _AGAIN_SECONDS = 200, 60
_MOST_BYTES = 4 << 20  # of whole answers
_LONGEST = 256 << 10
_MOST_ASKED = 10_000
_log = structlog.get_logger("ledger.lookups")


class Reader:
    """A connection for which readers queue.

    SQLite lets other threads run at each step, and each such turn costs more than the step itself; those that
    wait here for theirs do not ask for one.
    """

    def __init__(self, path: str, *, seconds: float = math.inf) -> None:
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self.connection.execute("PRAGMA query_only=ON")
        self.connection.execute(_MAPPED)
        self._ends = math.inf
        self._seconds = seconds
        if seconds < math.inf:
            self.connection.set_progress_handler(lambda: time.monotonic() > self._ends, _STEPS)

    @contextmanager
    def one_state(self) -> Iterator[sqlite3.Connection]:
        """Statements that all see the same, for whoever holds the lock; cut off when they take too long."""
        self._ends = time.monotonic() + self._seconds
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        finally:
            self.connection.execute("COMMIT")


class Kept:
    """What a process keeps: its connections, and what it read that still holds.

    All of it is for whoever holds the lock of `near`, which looks up what is found by an id. Pages, which
    may take long, are read by `far`. While it is `unchanged`, what is in memory may be looked up without the
    lock: each such look is one step of the interpreter's.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.near, self.far = Reader(path), Reader(path, seconds=LONG)
        self.checks = 0
        self.states = 0
        self._version = self._seq = -1
        self._index: WalIndex | None = None
        self._seen: bytes | None = None
        self._misses, self._load_from = 0, -math.inf
        self._asked: set[str] = set()
        self._forget()

    def _forget(self) -> None:
        self.answers: dict[str, tuple[bytes, str]] = {}
        self.tokens: dict[str, Asker] = {}
        self.standings = standings.Standings()
        self._forget_pages()

    def _forget_pages(self) -> None:
        self.whole: dict[tuple[str, ...], Whole] = {}
        # New ones: whoever still reads what was before goes on with the old ones.
        self.names: dict[str, str] = {}
        self.thresholds: list[Thresholds] = []
        self.bytes = 0

    def unchanged(self) -> bool:
        """Whether nobody wrote since the last look; False where that can't be told so fast."""
        # Read once: another thread may be at a look of its own.
        seen = self._seen
        return seen is not None and self._index is not None and self._index.state() == seen

    def fresh(self, ticket: int) -> None:
        """Drop what was written over before `ticket`, a number of `checks`, was taken."""
        if self.checks != ticket:
            return  # somebody looked since, while one waited for the lock
        self.checks += 1
        if self.unchanged():
            return
        # Taken before the look: what is written during it is found by the next.
        state, self._seen = self._state(), None
        before, self._version = self._version, -1
        news = None
        try:
            self._version = self.near.connection.execute(_VERSION).fetchone()[0]
            if self._version != before:
                news = standings.news(self.near.connection, self._seq)
        finally:
            # Others go by this look: where it failed, nothing of what is kept is to be believed.
            if self._version != before or before == -1:
                self.states += 1
                self._drop(news)
        self._seen = state

    def _state(self) -> bytes | None:
        """What each commit changes; None for who asks seldom, as the index stays open for good."""
        if self.checks == _MANY_CHECKS:
            with suppress(OSError):  # no log that is written ahead
                self._index = WalIndex(self.path)
        return self._index.state() if self._index else None

    def _drop(self, news: standings.News | None) -> None:
        if news is None:
            self._forget()
            self._seq = standings.newest(self.near.connection)
            return
        self._forget_pages()
        self._seq = news.newest
        for id in news.claims:
            self.answers.pop(id, None)
            self.standings.drop(id)
        if news.rights:
            self.tokens.clear()

    def missed(self) -> None:
        """Note that a standing had to be read; where that is often, have those of all claims loaded."""
        self._misses += 1
        if self._misses > max(_MANY_MISSES, len(self.standings) // 4) and time.monotonic() > self._load_from:
            self._misses, self._load_from = 0, time.monotonic() + _AGAIN_SECONDS
            threading.Thread(target=self._load, name="ledger-standings", daemon=True).start()

    def _load(self) -> None:
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=5)) as connection:
                began = standings.newest(connection)
                found = standings.loaded(connection, _MOST_STANDINGS)
            with self.near.lock:
                news = standings.news(self.near.connection, began)
                if news is not None:
                    for id in news.claims:
                        found.drop(id)
                    self.standings = found
        except sqlite3.Error:
            _log.warning("standings are not held", exc_info=True)

    def asked_again(self, id: str) -> bool:
        """Whether this claim was asked for lately; noted for the next time.

        To keep an answer costs a sixth of what making it does, for nothing where nobody asks again.
        """
        again = id in self._asked
        if not again:
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            self._asked.add(id)
        return again

    def keep(self, asked: tuple[str, ...], answer: Whole | None, state: int) -> None:
        """Keep an answer of this state if it is still the last; in place of all where they are too many."""
        if answer is None or state != self.states or len(answer.body) > _LONGEST:
            return
        if self.bytes + len(answer.body) > _MOST_BYTES:
            self.whole.clear()
            self.bytes = 0
        self.whole[asked] = answer
        self.bytes += len(answer.body)

"""Batches made here while a second process writes those before: docs/decisions/0029.

What is in the ledger is looked up before a batch is sent. So it is written only onto a log that holds what
was there and our own batches since; the second process sees to that. A batch that has anything in it that is
there already, or that shares an address with one under way, is not taken at all.
"""

import marshal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from select import POLLHUP, POLLIN, poll
from typing import Any

import ledger
from claims.values import dataclass
from ledger import clock, fulltext, writer
from ledger.db import Database
from ledger.errors import Unavailable
from ledger.eventlog.canonical import timestamp
from ledger.services.importing.batch import Batch, Counts
from ledger.services.importing.writing import Deed, Writing
from ledger.services.ready import Ready
from ledger.store import events as events_store
from ledger.store import imports as store

_DEPTH = 4
"""Batches under way: one is brought onto the disk, one written, one handed over, and one waits."""
_CALM = 4
"""Batches written in a row, after which former clashes count no more."""
_LONGEST_REST = 8  # batches


class Pieces:
    """Takes rows as the second process reads them."""

    to_sqlite = True

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._parts: list[writer.Part] = []

    def put(self, table: str, columns: Sequence[str], values: list[Any], same: Mapping[str, Any]) -> None:
        """Take rows."""
        self._parts.append((table, tuple(columns), values, dict(same)))

    def words(self, rows: list[fulltext.Row]) -> None:
        """Take words, which are newer than all that the ledger has."""
        self.put(fulltext.TABLE, fulltext.KEPT, list(chain.from_iterable(rows)), {})
        self._parts.append((fulltext.INDEX_NEWER, None, [rows[0][0]], None))

    def flush(self) -> None:
        """Pack what came so far."""
        self.pieces.append(marshal.dumps(self._parts, 2))
        self._parts = []


@dataclass(slots=True)
class _Sent:
    """A batch under way: `size` is the length of the log behind it, `last` the id of its last event."""

    entries: Sequence[Ready]
    urls: set[str]
    counts: Counts
    size: int
    last: str


class Ahead:
    """Makes batches ahead of the process that writes them; `committed` is told what each brought.

    `written` counts the batches that came in so, `turns` how often others wrote in between.
    """

    def __init__(
        self, database: Database, path: str, deed: Deed, committed: Callable[[Counts], None]
    ) -> None:
        self._database, self._deed, self._committed = database, deed, committed
        self.written = self.turns = 0
        self._process: _Process | None = _Process(path)
        self._under_way: deque[_Sent] = deque()
        self._left_out: list[Sequence[Ready]] = []
        self._clashes = self._calm = self._rest = 0

    @classmethod
    def of(cls, database: Database, deed: Deed, committed: Callable[[Counts], None]) -> "Ahead | None":
        """None where the ledger is no SQLite file with a write-ahead log, or no process can be started."""
        if database.file is None:
            return None
        with database.read() as session:
            mode = session.connection().exec_driver_sql("PRAGMA journal_mode").scalar_one()
        try:
            return cls(database, database.file, deed, committed) if mode == "wal" else None
        except OSError:
            return None

    def take(self, entries: Sequence[Ready]) -> bool:
        """Send these entries on their way; False where they need a transaction of our own, after `settle`."""
        self._hear(wait=False)
        urls = {site.url for entry in entries for site in entry.sites if site.url}
        if not self._may(entries, urls):
            return False
        counts = Counts()
        with self._database.read() as session:
            batch = Batch(session, self._deed.name, counts)
            if not batch.all_new(entries, urls):
                return False
            size = self._under_way[-1].size if self._under_way else events_store.size(session)
            newest_words = fulltext.last_place(session.connection())
        # No transaction is open while rows are made: it would keep the write-ahead log from ending.
        rows = Pieces()
        writing = Writing(self._deed, rows, timestamp(clock.now()), size)
        writing.write(batch.sheets, batch.claims)
        if writing.first_words <= newest_words:
            return False
        sent = _Sent(entries, urls, counts, writing.size, writing.last)
        while len(self._under_way) >= _DEPTH:
            self._hear(wait=True)
        if self._left_out or self._process is None:
            return False
        self._process.send((self.turns, size, rows.pieces))
        self._under_way.append(sent)
        return True

    def _may(self, entries: Sequence[Ready], urls: set[str]) -> bool:
        if self._process is None or self._left_out:
            return False
        if self._rest:
            self._rest -= 1
            return False
        if not all(site.url for entry in entries for site in entry.sites):
            return False
        return all(urls.isdisjoint(sent.urls) for sent in self._under_way)

    def settle(self) -> list[Sequence[Ready]]:
        """Wait until nothing is under way; gives what was left out: that takes our own transactions."""
        while self._under_way:
            self._hear(wait=True)
        left_out, self._left_out = self._left_out, []
        return left_out

    def close(self) -> None:
        """End the other process: what it has begun it brings to its end, and that is counted."""
        try:
            if self._process is not None:
                self._process.finish()
            while self._process is not None:
                self._hear(wait=True)
        finally:
            if self._process is not None:
                self._process.kill()

    def _hear(self, *, wait: bool) -> None:
        """Hear what came of batches under way: of one at least, if there is to be waited for it."""
        while self._process is not None:
            try:
                answer = self._process.answer(wait=wait)
            except EOFError:
                self._lose()
                return
            if answer is None:
                return
            if answer == writer.UNSURE:
                raise Unavailable(
                    "The disk did not confirm what was written. Look at it before you try again."
                )
            self._settle_one(written=answer == writer.WRITTEN)
            if wait:
                return

    def _settle_one(self, *, written: bool) -> None:
        sent = self._under_way.popleft()
        if written:
            self.written += 1
            self._calm += 1
            if self._calm == _CALM:
                self._clashes = 0
            self._committed(sent.counts)
            return
        if not self._left_out:
            # All others of this turn are answered alike, and none is sent before they are settled.
            self.turns += 1
            self._rest = min(2**self._clashes, _LONGEST_REST)
            self._clashes, self._calm = self._clashes + 1, 0
        self._left_out.append(sent.entries)

    def _lose(self) -> None:
        """The process has ended, asked or not: the log tells what it has done without an answer."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
        if not self._under_way:
            return
        with self._database.read() as session:
            written = [store.event_at(session, sent.size - 1) == sent.last for sent in self._under_way]
        for one in written:
            self._settle_one(written=one)


class _Process:
    """The second process, and a thread that hands frames to it, so that none has to wait for the other."""

    def __init__(self, path: str) -> None:
        folder = str(Path(ledger.__file__).parents[1])
        # A group of its own: keys that interrupt the command go to the command alone.
        self._process = subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, "-I", "-S", "-c", writer.START, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        self._frames: SimpleQueue[Any] = SimpleQueue()
        self._finishing = False
        self._answers = self._fileno(self._process.stdout)
        self._poll = poll()
        self._poll.register(self._answers, POLLIN | POLLHUP)
        threading.Thread(target=self._hand_over, name="import", daemon=True).start()
        self.send(path)

    @property
    def id(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, frame: Any) -> None:
        """Have a frame handed over."""
        self._frames.put(frame)

    def _hand_over(self) -> None:
        frames = self._process.stdin
        try:
            while (frame := self._frames.get()) is not None and not self._finishing:
                writer.send(self._fileno(frames), frame)
        except BrokenPipeError:
            pass  # it has ended, which its answers' end tells
        finally:
            if frames is not None:
                frames.close()

    def answer(self, *, wait: bool) -> str | None:
        """The next answer; None if there is none yet. Raises EOFError where the process has ended."""
        if not wait and not self._poll.poll(0):
            return None
        return str(writer.receive(self._answers))

    def finish(self) -> None:
        """Hand over nothing more but what is being handed over."""
        self._finishing = True
        self._frames.put(None)

    def kill(self) -> None:
        """End it at once, if it has not ended; what it has not committed is then not there."""
        self.finish()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    @staticmethod
    def _fileno(file: Any) -> int:
        return int(file.fileno())

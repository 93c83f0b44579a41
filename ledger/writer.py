"""A second process that writes to a SQLite ledger what the first made ready: the other half of a bulk import.

It is given frames on its standard input: first the file's path, then batches. A batch is one transaction. It
is written only if the log is as long as the first process reckoned with; else somebody else wrote meanwhile,
what was looked up may have changed, and this batch and all others of its turn are left out. Each is answered
on the standard output when it is on the disk. Where the input ends, the process ends, and leaves nothing
half done.
"""

import marshal
import os
import signal
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ledger import sqlite

START = "import sys; sys.path.append(sys.argv[1]); from ledger.writer import main; main()"
"""What Python is to run, given the folder of our package; it needs no other package than Python's own."""
WRITTEN, LEFT_OUT, UNSURE = "written", "left out", "unsure"
"""Answers: it is on the disk; it is not, as others wrote before, or as SQLite did not take it; it was
written, and the disk did not confirm that."""
Part = tuple[str, tuple[str, ...] | None, list[Any], dict[str, Any] | None]
"""Rows of a table as `sqlite.into` takes them; without columns, a statement and its parameters."""
_LOG_ANEW = 5  # batches, some 60 MB
_sync = getattr(os, "fdatasync", os.fsync)
_LENGTH = 8  # bytes that tell how many follow


def send(file: int, value: Any) -> None:
    """Write a value as one frame. Raises BrokenPipeError where nobody is left to read it."""
    body = marshal.dumps(value, 2)
    for part in (len(body).to_bytes(_LENGTH, "big"), body):
        left = memoryview(part)
        while left:
            left = left[os.write(file, left) :]


def receive(file: int) -> Any:
    """Read the next frame. Raises EOFError where the other side has ended, be it in the middle."""
    length = int.from_bytes(_read(file, _LENGTH), "big")
    return marshal.loads(_read(file, length))  # noqa: S302  (ours, by a pipe that nobody else has)


def _read(file: int, length: int) -> bytearray:
    body = bytearray(length)
    left = memoryview(body)
    while left:
        number = os.readv(file, [left])
        if not number:
            raise EOFError
        left = left[number:]
    return body


def main() -> None:
    """Write batches until there are no more."""
    # The keys that interrupt the first process are for that one alone; it then ends the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    frames, answers = 0, 1
    try:
        path = receive(frames)
        writer, disk = Writer(path), Disk(path, answers)
        while True:
            disk.answer(writer.write(*receive(frames)))
            writer.rest()
    except (EOFError, BrokenPipeError):
        pass


class Disk:
    """Brings batches that are committed onto the disk, and answers them then; the next is written meanwhile.

    It also moves them from the write-ahead log into the file. The log begins anew where that has caught up,
    so now and then it is waited for.
    """

    def __init__(self, path: str, answers: int) -> None:
        self._path, self._answers = path, answers
        self._driver = _connected(path, check_same_thread=False)
        self._log: int | None = None
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None
        self._number = 0

    def answer(self, answer: str) -> None:
        """Answer a batch; the one before is then on the disk."""
        if self._last is not None:
            self._last.result()
        self._last = self._thread.submit(self._confirm, answer)
        self._number += 1
        if self._number % _LOG_ANEW == 0:
            self._last.result()

    def _confirm(self, answer: str) -> None:
        if answer == WRITTEN:
            try:
                if self._log is None:
                    self._log = os.open(f"{self._path}-wal", os.O_RDWR)
                _sync(self._log)
            except OSError:
                answer = UNSURE
        send(self._answers, answer)
        try:
            self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error:
            pass  # it is safe where it is, and another one will move it


def _connected(path: str, **more: Any) -> sqlite3.Connection:
    driver: sqlite3.Connection = sqlite3.connect(path, isolation_level=None, timeout=30, **more)
    for pragma in sqlite.PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")
    return driver


class Writer:
    """Writes batches to one file."""

    def __init__(self, path: str) -> None:
        self._driver = _connected(path)
        # `Disk` waits for the disk.
        for pragma in (sqlite.ROOMY, "synchronous=NORMAL", "wal_autocheckpoint=0"):
            self._driver.execute(f"PRAGMA {pragma}")
        self._waiting = sqlite.Waiting(path)
        self._ended: int | None = None

    def write(self, turn: int, size: int, pieces: list[bytes]) -> str:
        """Write a batch of this turn if the log has `size` events; gives the answer."""
        if turn == self._ended:
            return LEFT_OUT
        try:
            # Others go first once. Most of what a service writes is no event: then the batch still fits.
            if self._written(size, pieces, give_way=True) or self._written(size, pieces, give_way=False):
                return WRITTEN
        except sqlite3.Error:
            # The first process does these again, and is told why by its own transaction.
            self._roll_back()
        self._ended = turn
        return LEFT_OUT

    def _written(self, size: int, pieces: list[bytes], *, give_way: bool) -> bool:
        self._driver.execute("BEGIN IMMEDIATE")
        if self._size() == size:
            for piece in pieces:
                if give_way and self._waiting.anybody():
                    break
                self._put(piece)
            else:
                self._driver.execute("COMMIT")
                return True
        self._roll_back()
        self._waiting.let_in()
        return False

    def _roll_back(self) -> None:
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def _size(self) -> int:
        (newest,) = self._driver.execute("SELECT max(seq) FROM event").fetchone()
        return 0 if newest is None else int(newest) + 1

    def _put(self, piece: bytes) -> None:
        parts: list[Part] = marshal.loads(piece)  # noqa: S302  (as above)
        for table, columns, values, same in parts:
            if columns is None or same is None:
                self._driver.execute(table, values)
            else:
                sqlite.into(self._driver, table, columns, values, same)

    def rest(self) -> None:
        """Let others have their turn."""
        self._waiting.let_in()

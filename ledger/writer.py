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
from typing import Any

from ledger import sqlite

START = "import sys; sys.path.append(sys.argv[1]); from ledger.writer import main; main()"
"""What Python is to run, given the folder of our package; it needs no other package than Python's own."""
WRITTEN, LEFT_OUT = "written", "left out"
"""Answers: it is on the disk; it is not, as others wrote before, or as SQLite did not take it."""
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
        writer = Writer(receive(frames))
        while True:
            send(answers, writer.write(*receive(frames)))
            writer.rest()
    except (EOFError, BrokenPipeError):
        pass


class Writer:
    """Writes batches to one file."""

    def __init__(self, path: str) -> None:
        self._driver = sqlite3.connect(path, isolation_level=None, timeout=30)
        for pragma in (*sqlite.PRAGMAS, sqlite.ROOMY):
            self._driver.execute(f"PRAGMA {pragma}")
        self._waiting = sqlite.Waiting(path)
        self._ended: int | None = None

    def write(self, turn: int, size: int, pieces: list[bytes]) -> str:
        """Write a batch of this turn if the log has `size` events; gives the answer."""
        if turn == self._ended:
            return LEFT_OUT
        try:
            self._driver.execute("BEGIN IMMEDIATE")
            if self._size() == size:
                for piece in pieces:
                    self._put(piece)
                self._driver.execute("COMMIT")
                return WRITTEN
        except sqlite3.Error:
            pass  # the first process does these again, and is told why by its own transaction
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._ended = turn
        return LEFT_OUT

    def _size(self) -> int:
        (newest,) = self._driver.execute("SELECT max(seq) FROM event").fetchone()
        return 0 if newest is None else int(newest) + 1

    def _put(self, piece: bytes) -> None:
        for table, columns, values, same in marshal.loads(piece):  # noqa: S302  (as above)
            sqlite.into(self._driver, table, columns, values, same)

    def rest(self) -> None:
        """Let others have their turn."""
        self._waiting.let_in()

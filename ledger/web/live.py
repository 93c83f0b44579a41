"""Streams of what changes, for pages that are open: one watcher asks the database for all of them.

A stream holds a thread, so at most half of the threads may be streams. None holds a database session:
the watcher reads what is new, at most twice a second, and wakes them. It runs while there is a stream.
docs/decisions/0015-live-pages.md tells why.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import sqlalchemy.exc
import structlog

from claims.values import dataclass, field
from ledger.db import Database
from ledger.errors import LedgerError
from ledger.services import feed, presence
from ledger.services.feed import Change
from ledger.services.presence import Here
from ledger.store import accounts

TICK = 0.5  # seconds between two looks at the database
HEARTBEAT = 15.0  # seconds after which a silent stream says that it lives
LONGEST = 240.0  # seconds after which a stream ends and the browser asks for another
_GLANCE = 5.0  # seconds after which presence is read again though nothing was written: silence counts, too
_KEPT = 2000  # changes kept in memory for streams that begin a little late
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """Whose stream it is: an account, its session key, when the session ends, and in which browser.

    A program's has no key: it looks itself whether its token is still good.
    """

    account_id: str
    key: str
    until: float
    browser: str = ""


@dataclass(slots=True)
class News:
    """What a stream is woken for. `lost`: too much happened to tell one by one."""

    changes: list[Change] = field(default_factory=list)
    here: tuple[Here, ...] | None = None
    seq: int = -1
    lost: bool = False


class Live:
    """The streams of one process, and the watcher that wakes them."""

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._most = most
        self._changed = threading.Condition()
        self._streams: dict[int, Session] = {}
        self._ended: set[int] = set()
        self._count = 0
        self._changes: deque[Change] = deque(maxlen=_KEPT)
        self._seq: int | None = None  # the newest place read; none before the first look
        self._from = -1  # changes after this place are in memory
        self._here: tuple[Here, ...] = ()
        self._watcher: threading.Thread | None = None
        self._stopped = False

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def open(self, session: Session) -> int | None:
        """A place for a stream, or None if there is none left; `close` gives it back.

        A browser has one stream: another one of it ends the one before, whose page is gone, which
        nobody would notice before the next heartbeat.
        """
        with self._changed:
            if session.browser:
                self._end(lambda one: (one.account_id, one.browser) == (session.account_id, session.browser))
            if self._stopped or len(self._streams) - len(self._ended) >= self._most:
                return None
            # However many programs listen, there is room for people.
            if not session.key and self._programs() >= max(1, self._most // 2):
                return None
            self._count += 1
            self._streams[self._count] = session
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="ledger-live", daemon=True)
                self._watcher.start()
            return self._count

    def _programs(self) -> int:
        return sum(not one.key for n, one in self._streams.items() if n not in self._ended)

    def close(self, stream: int) -> None:
        """Give a stream's place back."""
        with self._changed:
            self._streams.pop(stream, None)
            self._ended.discard(stream)
            self._changed.notify_all()

    def end(self, account_id: str) -> None:
        """End the streams of somebody who signs out; browsers of theirs that stay signed in ask again."""
        with self._changed:
            self._end(lambda one: one.account_id == account_id and bool(one.key))

    def _end(self, which: Callable[[Session], bool]) -> None:
        self._ended |= {n for n, session in self._streams.items() if which(session)}
        self._changed.notify_all()

    def stop(self) -> None:
        """End all streams and take no more: the process is about to end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def news(self, stream: int, since: int | None) -> Iterator[News | None]:
        """What is new for a stream, as it comes; None says only that it lives. Ends when the stream does.

        `since` is the place in the log after which to begin; without it, now.
        """
        session = self._streams[stream]
        over = min(time.monotonic() + LONGEST, time.monotonic() + session.until - time.time())
        seq, seen_here = since, None
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._over(stream, over) or self._has_news(seq, seen_here),  # noqa: B023
                    timeout=max(0.0, min(HEARTBEAT, over - time.monotonic())),
                )
                if self._over(stream, over):
                    return
                told = self._told(seq, seen_here)
            if told is not None:
                if told.lost and seq is not None:
                    told = self._read(seq, told.here)
                seq, seen_here = told.seq, told.here if told.here is not None else seen_here
            yield told

    def places(self, stream: int, seq: int) -> Iterator[int | None]:
        """The newest place in the log each time that it is beyond the one given before, which is `seq` at
        first; None says only that the stream lives. Ends when the stream does."""
        over = time.monotonic() + LONGEST
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._over(stream, over) or (self._seq is not None and self._seq > seq),  # noqa: B023
                    timeout=max(0.0, min(HEARTBEAT, over - time.monotonic())),
                )
                if self._over(stream, over):
                    return
                newest = self._seq
            if newest is not None and newest > seq:
                seq = newest
                yield seq
            else:
                yield None

    def _over(self, stream: int, at: float) -> bool:
        return self._stopped or stream in self._ended or time.monotonic() >= at

    def _has_news(self, seq: int | None, here: tuple[Here, ...] | None) -> bool:
        return self._seq is not None and (seq != self._seq or here is not self._here)

    def _told(self, seq: int | None, here: tuple[Here, ...] | None) -> News | None:
        if self._seq is None or not self._has_news(seq, here):
            return None
        told = News(seq=self._seq, here=None if here is self._here else self._here)
        if seq is not None and not self._from <= seq <= self._seq:
            told.lost = True
        elif seq is not None:
            told.changes = [change for change in self._changes if change.seq > seq]
        return told

    def _read(self, seq: int, here: tuple[Here, ...] | None) -> News:
        """The same from the database, for a stream that begins before what is in memory."""
        with self._database.read() as session:
            newest = feed.newest(session)
            found = feed.since(session, seq) if seq <= newest else None
        return News(changes=found or [], here=here, seq=newest, lost=found is None)

    def _watch(self) -> None:
        while True:
            try:
                self._watch_well()
                return
            except (sqlalchemy.exc.SQLAlchemyError, LedgerError) as error:
                _log.warning("what changes can't be read just now", error=str(error))
                with self._changed:
                    if self._leave():
                        return
                    self._changed.wait(timeout=4 * TICK)

    def _watch_well(self) -> None:
        with closing(_Changes(self._database)) as changes:
            looked = 0.0
            while True:
                now = time.monotonic()
                if changes.any() or now - looked >= _GLANCE:
                    self._look()
                    looked = now
                with self._changed:
                    if self._leave():
                        return
                time.sleep(TICK)

    def _leave(self) -> bool:
        """Whether the watcher is no longer needed; what it knew is forgotten then."""
        if self._streams and not self._stopped:
            return False
        self._watcher, self._seq = None, None
        self._changes.clear()
        return True

    def _look(self) -> None:
        with self._database.read() as session:
            newest = feed.newest(session)
            found = None if self._seq is None else feed.since(session, self._seq)
            here = tuple(presence.everybody(session))
            gone = self._signed_out(session)
        with self._changed:
            if found is None:
                # The beginning, or too much at once: streams that know less read the database themselves.
                self._changes.clear()
            self._changes.extend(found or ())
            self._seq = newest
            self._from = self._changes[0].seq - 1 if self._changes else newest
            if _without_times(here) != _without_times(self._here):
                self._here = here
            self._ended |= gone & self._streams.keys()
            self._changed.notify_all()

    def _signed_out(self, session: Any) -> set[int]:
        """The streams of those who may not look any more."""
        streams = dict(self._streams)
        keys = accounts.session_keys(session, {one.account_id for one in streams.values() if one.key})
        return {n for n, one in streams.items() if one.key and keys.get(one.account_id) != one.key}


def _without_times(here: tuple[Here, ...]) -> set[tuple[Any, ...]]:
    return {(one.account_id, one.name, one.article_id, one.claim_id, one.editing) for one in here}


class _Changes:
    """Whether anything was written since one last asked, as cheaply as the database can say it."""

    def __init__(self, database: Database) -> None:
        # SQLite tells it of one connection only, so that is kept; others are simply read again.
        self._connection: Any = database.engine.raw_connection() if database.is_sqlite else None
        self._version: Any = None

    def any(self) -> bool:
        """Whether something may have been written."""
        if self._connection is None:
            return True
        cursor = self._connection.cursor()
        try:
            version = cursor.execute("PRAGMA data_version").fetchone()
        finally:
            cursor.close()
        changed = bool(version != self._version)
        self._version = version
        return changed

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            with suppress(sqlalchemy.exc.SQLAlchemyError):
                self._connection.close()

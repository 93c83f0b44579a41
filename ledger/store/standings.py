"""A hot path: how claims stand, in memory at some 50 bytes each, so that a look-up reads no database.

Only the commonest are held: not those that are stale or were merged into another. Whoever owns such a table
drops what the log tells of (`news`), and reads what is not held.
"""

import sqlite3
import time
from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from struct import Struct
from typing import Any, NamedTuple, TypedDict

import orjson

_BATCH = 1_000
_PAUSE = 0.002  # seconds after each batch: whoever asks meanwhile is answered first
_MOST_NEWS = 500
# The halves of the id, microseconds, version, and number of the words; the last number: no longer held.
_RECORD, _ABSENT = Struct("<QQqIH"), 0xFFFF
_BEGAN = datetime(1970, 1, 1)  # noqa: DTZ001  (as SQLAlchemy stores times in SQLite: UTC, and not said so)
_MICROSECOND = timedelta(microseconds=1)
ONE = (
    "SELECT claim.id, claim.version, claim.status, claim.updated_at, claim.stale_since, claim.merged_into, "
    "verdict.label, claim.stale_reasons FROM claim LEFT OUTER JOIN verdict ON verdict.id = claim.verdict_id "
    "WHERE claim.id = ?"
)
"""One row of `store.claims.STATUS` by its id, as SQLite's own driver takes it."""
_ALL = ONE.rpartition("WHERE")[0] + "WHERE claim.id > ? ORDER BY claim.id LIMIT ?"


class Standing(TypedDict):
    """A claim's standing, as far as it is plain: what `services.standing.looked_up` is given."""

    version: int
    status: str
    label: str | None
    updated_at: str
    stale_since: None


class News(NamedTuple):
    """What the log tells since a place: the claims that changed, and whether people or their rights did."""

    newest: int
    claims: set[str]
    rights: bool


class Standings:
    """The standings of many claims, found by id.

    Records stand one behind the other. An index of places, at least twice as long, tells where: that of an id
    stands at the place which its random half names, or at one of the next. So a look-up touches two spots of
    memory, which costs less than what it does there.
    """

    def __init__(self) -> None:
        self._records = bytearray()
        self._index = array("I", bytes(4 << 4))
        self._mask = (1 << 4) - 1
        self._known: list[tuple[str, str | None]] = []
        self._numbers: dict[tuple[str, str | None], int] = {}

    def __len__(self) -> int:
        return len(self._records) // _RECORD.size

    def add(self, row: Any) -> None:
        """Hold a row of `STATUS` that is not held yet, if it is plain."""
        id, version, status, updated_at, stale_since, merged_into, label = row[:7]
        word = self._numbers.setdefault((status, label), len(self._known))
        if word == len(self._known):
            self._known.append((status, label))
        if stale_since is not None or merged_into is not None or word >= _ABSENT:
            return
        if 2 * len(self) > self._mask:
            self._grow()
        moment = (datetime.fromisoformat(updated_at) - _BEGAN) // _MICROSECOND
        high, low = _halves(id)
        self._records += _RECORD.pack(high, low, moment, version, word)
        self._enter(low, len(self))

    def _grow(self) -> None:
        self._mask = 4 * self._mask + 3
        self._index = array("I", bytes(4 * (self._mask + 1)))
        for number, (_, low, *_) in enumerate(_RECORD.iter_unpack(self._records), 1):
            self._enter(low, number)

    def _enter(self, low: int, number: int) -> None:
        place = low & self._mask
        while self._index[place]:
            place = (place + 1) & self._mask
        self._index[place] = number

    def get(self, id: str) -> Standing | None:
        """How a claim stands; None where that is to be read."""
        found = self._find(id)
        if found is None or found[4] == _ABSENT:
            return None
        _, _, microseconds, version, word = found[:5]
        moment = _BEGAN + timedelta(microseconds=microseconds)
        status, label = self._known[word]
        return {
            "version": version,
            "status": status,
            "label": label,
            "updated_at": moment.isoformat(timespec="microseconds") + "Z",
            "stale_since": None,
        }

    def drop(self, id: str) -> None:
        """Hold a claim no longer."""
        if found := self._find(id):
            _RECORD.pack_into(self._records, found[5], *found[:4], _ABSENT)

    def _find(self, id: str) -> tuple[int, int, int, int, int, int] | None:
        """The record of a claim, and where it begins."""
        high, low = _halves(id)
        place = low & self._mask
        while number := self._index[place]:
            at = (number - 1) * _RECORD.size
            record = _RECORD.unpack_from(self._records, at)
            if record[1] == low and record[0] == high:
                return (*record, at)
            place = (place + 1) & self._mask
        return None


def _halves(id: str) -> tuple[int, int]:
    return int(id[:8] + id[9:13] + id[14:18], 16), int(id[19:23] + id[24:], 16)


def loaded(connection: sqlite3.Connection, most: int) -> Standings:
    """The standings of the newest `most` claims; takes its time."""
    newest = "SELECT id FROM claim ORDER BY id DESC LIMIT 1 OFFSET ?"
    (after,) = connection.execute(newest, (most,)).fetchone() or ("",)
    found = Standings()
    for rows in _batches(connection, after):
        for row in rows:
            found.add(row)
        time.sleep(_PAUSE)
    return found


def _batches(connection: sqlite3.Connection, after: str) -> Iterator[list[Any]]:
    while rows := connection.execute(_ALL, (after, _BATCH)).fetchall():
        yield rows
        after = rows[-1][0]


def newest(connection: sqlite3.Connection) -> int:
    """The place of the newest event in the log; -1 in an empty one."""
    place = connection.execute("SELECT max(seq) FROM event").fetchone()[0]
    return -1 if place is None else int(place)


def news(connection: sqlite3.Connection, after: int) -> News | None:
    """What the log tells behind a place; None where it tells too much, or is not the log that it was."""
    last = newest(connection)
    if not after <= last <= after + _MOST_NEWS:
        return None
    found = News(last, set(), rights=False)
    rows = connection.execute("SELECT patch FROM event WHERE seq > ? AND seq <= ?", (after, last))
    for (patch,) in rows.fetchall():
        if patch is None:
            return None
        told = orjson.loads(patch)
        found.claims.update(told.get("claim", ()))
        for verdict in told.get("verdict", ()):
            query = "SELECT claim_id FROM verdict WHERE id = ?"
            found.claims.update(id for (id,) in connection.execute(query, (verdict,)))
        if not told.keys().isdisjoint(("account", "token")):
            found = found._replace(rights=True)
    return found

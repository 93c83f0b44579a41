"""Is the history whole? The log is replayed, and what comes out is compared with every table.

It is read in one transaction, so writers may go on. What is kept meanwhile is one JSON text for each
row of the tables: about as much memory as the tables have bytes.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from claims.values import dataclass, field
from ledger.eventlog.canonical import FORMAT
from ledger.eventlog.checkpoint import Checkpoint
from ledger.eventlog.fold import Fault, apply, check_event
from ledger.eventlog.tree import HASH_BYTES, Frontier
from ledger.models import RECORDS
from ledger.store import events as store
from ledger.store import logged as logged_store

_LEAF_FIELDS = ("id", "stream", "version", "kind", "at", "actor")
_UNREADABLE = TypeError, ValueError, sqlite3.Error, sa.exc.DBAPIError
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where log and tables do not agree; no column: the whole row is missing on one side."""

    table: str
    id: str
    column: str | None
    in_log: Any
    in_table: Any

    def __str__(self) -> str:
        if self.column is not None:
            return (
                f"{self.table} {self.id}: {self.column} is {_short(self.in_table)} in the table, "
                f"{_short(self.in_log)} by the log"
            )
        if self.in_log is None:
            return f"{self.table} {self.id}: the table has this row, the log does not know it"
        return f"{self.table} {self.id}: the log has this row, the table does not"


@dataclass(frozen=True, slots=True)
class EventFault:
    """Something wrong with one event, or with its place."""

    seq: int
    id: str
    stream: str
    kind: str
    fault: Fault

    def __str__(self) -> str:
        return f"event {self.seq} ({self.kind}, {self.stream}, {self.id}): {self.fault}"


@dataclass(slots=True)
class Report:
    """What a verification found; `root` is the Merkle root over all events."""

    events: int = 0
    streams: int = 0
    redacted: int = 0
    rows: int = 0
    root: bytes = b""
    faults: list[EventFault | Fault] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults and not self.differences


def verify(
    session: Session, *, checkpoint: Checkpoint | None = None, progress: Progress = lambda _: None
) -> Report:
    """Replay the log and compare; `checkpoint`, whose signature was checked, must fit the log too.

    `progress` is called with a number of events or rows that are done, `work` of them in all.
    """
    replay = _Replay(checkpoint)
    try:
        for event in logged_store.events(session, _loads):
            replay.add(event)
            progress(1)
    except _UNREADABLE as error:
        replay.report.faults.append(Fault("log", f"can't be read on: {error}"))
    report = replay.finish()
    for name, model in RECORDS.items():
        logged = replay.tables.pop(name, {})
        try:
            report.differences += _compare(session, name, model, logged, report, progress)
        except _UNREADABLE as error:
            report.faults.append(Fault(name, f"holds what can't be read: {error}"))
    for name, rows in replay.tables.items():
        report.differences += [
            Difference(name, id, None, orjson.loads(row), None) for id, row in rows.items()
        ]
    return report


def work(session: Session) -> int:
    """How many events and rows there are to look at."""
    tables = [sa.select(sa.func.count()).select_from(model.__table__) for model in RECORDS.values()]  # type: ignore[attr-defined]
    return store.size(session) + sum(int(session.execute(query).scalar_one()) for query in tables)


def _loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        # NaN, say, or no JSON at all: as it is, for the checks to name.
        try:
            return json.loads(text)
        except ValueError:
            return text


class _Replay:
    """The log's events, checked one by one and folded into rows that are kept as JSON texts."""

    def __init__(self, checkpoint: Checkpoint | None) -> None:
        self.tables: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self.report = Report()
        self._checkpoint = checkpoint
        self._frontier = Frontier()
        self._versions: defaultdict[str, int] = defaultdict(int)
        self._next_seq = 0

    def add(self, event: dict[str, Any]) -> None:
        faults = [] if _is_as_logged(event) else check_event(event)
        self._frontier.append(_leaf(event))
        for fault in (*faults, *self._place_faults(event), *self._checkpoint_faults()):
            self.report.faults.append(
                EventFault(event["seq"], event["id"], event["stream"], event["kind"], fault)
            )
        patch = event["patch"]
        if patch is None:
            self.report.redacted += 1
        else:
            try:
                self._fold(patch)
            except (AttributeError, TypeError, ValueError):
                # No patch at all: its event was named above, and its rows will be.
                pass

    def _fold(self, patch: dict[str, Any]) -> None:
        """Apply a patch to the few rows that it touches; eventlog.fold says what that means."""
        touched: Any = {
            table: {id: orjson.loads(kept) for id in rows if (kept := self.tables[table].get(id))}
            for table, rows in patch.items()
        }
        apply(touched, patch)
        for table, rows in touched.items():
            for id, row in rows.items():
                # A copy, as orjson's own result holds on to ten times the memory.
                self.tables[table][id] = memoryview(orjson.dumps(row)).tobytes()

    def _place_faults(self, event: dict[str, Any]) -> Iterator[Fault]:
        """After a gap we go on from what is there, so that one missing event is one fault."""
        seq, stream, version = event["seq"], event["stream"], event["version"]
        if seq != self._next_seq:
            yield Fault(
                "seq", f"should be {self._next_seq}: {seq - self._next_seq} event(s) before it are missing"
            )
        self._next_seq = seq + 1
        if version != self._versions[stream] + 1:
            yield Fault("version", f"is {version}, and should be {self._versions[stream] + 1} in its stream")
        self._versions[stream] = version

    def _checkpoint_faults(self) -> Iterator[Fault]:
        checkpoint = self._checkpoint
        if checkpoint and self._frontier.size == checkpoint.size and self._frontier.root() != checkpoint.root:
            yield Fault("checkpoint", f"signs another root for the first {checkpoint.size:,} events")

    def finish(self) -> Report:
        report, size = self.report, self._frontier.size
        report.events, report.streams, report.root = size, len(self._versions), self._frontier.root()
        if self._checkpoint and size < self._checkpoint.size:
            short = self._checkpoint.size - size
            report.faults.append(
                Fault("checkpoint", f"covers {self._checkpoint.size:,} events; the log ends {short:,} short")
            )
        return report


def _is_as_logged(event: dict[str, Any]) -> bool:
    """Whether the event's patch and envelope still hash to what was logged: the fast way to a yes.

    orjson's bytes are not always those of RFC 8785. But where they hash to what was logged, they
    are the very bytes that were hashed then, and so say the same. A no here decides nothing;
    `check_event` does.
    """
    try:
        patch = event["patch"]
        if patch is not None:
            raw = orjson.dumps(patch, option=orjson.OPT_SORT_KEYS)
            hashed = hashlib.sha256(bytes.fromhex(event["salt"]) + raw).hexdigest()
            # NaN is written as null: only what is read back as it was counts.
            if f"sha256:{hashed}" != event["patch_hash"] or (b"null" in raw and orjson.loads(raw) != patch):
                return False
        elif event["salt"] is not None:
            return False
        return bool(hashlib.sha256(b"\0" + _envelope(event)).hexdigest() == event["leaf_hash"])
    except (TypeError, ValueError):
        return False


def _envelope(event: dict[str, Any]) -> bytes:
    fields = {name: event[name] for name in _LEAF_FIELDS}
    return orjson.dumps(
        {**fields, "format": FORMAT, "patch": event["patch_hash"]}, option=orjson.OPT_SORT_KEYS
    )


def _leaf(event: dict[str, Any]) -> bytes:
    """The leaf as it was logged: whether it belongs to the event is said apart from the root."""
    try:
        leaf = bytes.fromhex(event["leaf_hash"])
    except ValueError:
        return bytes(HASH_BYTES)
    return leaf if len(leaf) == HASH_BYTES else bytes(HASH_BYTES)


def _compare(
    session: Session, name: str, model: Any, logged: dict[str, bytes], report: Report, progress: Progress
) -> Iterator[Difference]:
    """Each row of a table against the log's, and then what the log has left over."""
    keys = [column.key for column in model.__table__.columns]
    for values in logged_store.rows(session, model):
        report.rows += 1
        progress(1)
        # What is empty is in neither: the log need not say it.
        kept = logged.pop(values["id"], None)
        if kept is None:
            yield Difference(name, values["id"], None, None, values)
            continue
        expected = orjson.loads(kept)
        if expected != values:
            for key in [*keys, *(key for key in expected if key not in keys)]:
                if expected.get(key) != values.get(key):
                    yield Difference(name, values["id"], key, expected.get(key), values.get(key))
    for id, kept in logged.items():
        yield Difference(name, id, None, orjson.loads(kept), None)


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:117] + "…"

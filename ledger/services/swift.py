"""A hot path: the plain change of one claim, on SQLite, past what the ORM does for each row.

Taking, accepting, wording: most of what a desk does all day changes one claim that has no verdict yet. It is
read by one statement, changed by the same rules as always, and written by two, with its event. What is not
plain (a verdict may be at stake, PostgreSQL, a claim that the session holds already) takes the ordinary way,
and a test holds both ways to the same rows and events.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import attributes, make_transient_to_detached
from sqlmodel import Session

from claims.values import dataclass
from ledger import clock, fulltext
from ledger.auth.identity import Identity
from ledger.eventlog.canonical import canonical, canonical_plain, leaf_bytes, timestamp
from ledger.eventlog.tree import leaf_hash
from ledger.ids import is_id, new_id
from ledger.models import Claim
from ledger.models.base import Moment
from ledger.models.rows import changed_columns, columns
from ledger.services.events import Written

_READ = (
    f"SELECT {', '.join(column.key for column in columns(Claim))}, "  # noqa: S608  (our own columns)
    "(SELECT max(seq) FROM event), (SELECT max(version) FROM event WHERE stream = ?), "
    "EXISTS (SELECT 1 FROM verdict WHERE claim_id = claim.id) FROM claim WHERE id = ?"
)
_EVENT = ("seq", "id", "stream", "version", "kind", "at", "actor", "patch", "salt", "patch_hash", "leaf_hash")
_LOG = f"INSERT INTO event ({', '.join(_EVENT)}) VALUES ({', '.join('?' * len(_EVENT))})"  # noqa: S608


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _stored(moment: datetime) -> str:
    # As SQLAlchemy writes it: always with microseconds, in UTC, without saying so.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Moment):
        return _moment
    return json.loads if isinstance(column.type, sa.JSON) else None


_READERS = [(column.key, _reader(column)) for column in columns(Claim)]
_TO = {name: _stored if read is _moment else json.dumps for name, read in _READERS if read is not None}
_MANAGER = attributes.manager_of_class(Claim)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that was read the short way, to be changed, and then written or given to the session."""

    claim: Claim
    judged: bool
    seq: int
    version: int
    driver: sqlite3.Connection


def held(session: Session, id: str) -> Held | None:
    """The claim with that id; None where it is to be read the ordinary way.

    It is no record of the session before `append` or `give_back` make it one.
    """
    if session.get_bind().dialect.name != "sqlite" or not is_id(id):
        return None
    if session.identity_map.get((Claim, (id,), None)) is not None:
        return None
    driver: Any = session.connection().connection.driver_connection
    row = driver.execute(_READ, (f"claim:{id}", id)).fetchone()
    if row is None:
        return None
    *values, newest, version, judged = row
    claim: Claim = _MANAGER.new_instance()
    claim.__dict__.update(
        (name, value if value is None or read is None else read(value))
        for (name, read), value in zip(_READERS, values, strict=True)
    )
    return Held(claim, bool(judged), -1 if newest is None else newest, version or 0, driver)


def give_back(session: Session, held: Held) -> Claim:
    """The claim as a record of the session, unchanged."""
    make_transient_to_detached(held.claim)
    session.add(held.claim)
    return held.claim


def append(session: Session, held: Held, kind: str, *, by: Identity) -> None:
    """Log the change of a claim without verdicts and write it, as `services.events.append` does."""
    claim, now = held.claim, session.info.setdefault("moment", clock.now())
    claim.updated_at = now
    claim.version += 1
    changed = changed_columns(claim)
    _log(session, held, kind, by.actor, changed, now)
    sets = ", ".join(f"{name} = ?" for name in changed)
    values = [_written(name, getattr(claim, name)) for name in changed]
    held.driver.execute(f"UPDATE claim SET {sets} WHERE id = ?", (*values, claim.id))  # noqa: S608
    give_back(session, held)
    concerned = set(fulltext.concerned(session, claim, changed, new=False))
    if concerned:
        fulltext.refresh(session.connection(), concerned)


def _log(session: Session, held: Held, kind: str, actor: str, changed: dict[str, Any], now: datetime) -> None:
    claim_id, id, salt = held.claim.id, new_id(), os.urandom(32)
    seq, version, stream = held.seq + 1, held.version + 1, f"claim:{claim_id}"
    patch = {"claim": {claim_id: changed}}
    # A claim has one column with floats; else there is but one way to write it.
    exact = (canonical if "score" in changed else canonical_plain)(patch)
    hashed = "sha256:" + hashlib.sha256(salt + exact).hexdigest()
    leaf = leaf_bytes(
        id=id, stream=stream, version=version, kind=kind, at=timestamp(now), actor=actor, patch_hash=hashed
    )
    event = (
        seq, id, stream, version, kind, _stored(now), actor, json.dumps(patch), salt.hex(), hashed,
        leaf_hash(leaf).hex(),
    )  # fmt: skip
    held.driver.execute(_LOG, event)
    session.info.setdefault("written", []).append(Written(seq, stream, kind, actor))


def _written(name: str, value: Any) -> Any:
    write = _TO.get(name)
    return value if write is None or value is None else write(value)

"""Appending to the log, which is the only way to change a record.

A service changes objects, then calls `append`; that works out what changed, writes the event beside
it and flushes both. A record that reaches the database any other way raises, so that forgetting the
event is an error at once and not a hole in the history found years later.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from claims.values import dataclass, field
from ledger import clock, fulltext
from ledger.auth.identity import Identity
from ledger.errors import LedgerError
from ledger.eventlog.canonical import leaf_bytes, patch_hash, timestamp
from ledger.eventlog.tree import leaf_hash
from ledger.ids import new_id
from ledger.models import RECORDS, Appearance, Claim, Event, Record
from ledger.models.rows import changed_columns, new_row
from ledger.store import events as store


class Unlogged(LedgerError):
    """A record was about to change without an event: a fault of ours, never of the user."""


@dataclass(slots=True)
class Change:
    """One change to be logged: what happened to which record, and the records that it brought."""

    root: Record
    kind: str
    new: Sequence[Record] = ()
    also: Sequence[Record] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Written:
    """An event just appended: its place in the log, whose stream it is of, what happened and by whom."""

    seq: int
    stream: str
    kind: str
    actor: str


def append(
    session: Session,
    root: Record,
    kind: str,
    *,
    by: Identity | str,
    new: Sequence[Record] = (),
    also: Sequence[Record] = (),
) -> Event:
    """Log one change to `root` (whose stream it is) and to the changed records in `also`.

    `new` lists records that come into being, `root` among them if it does. Versions are counted here.
    """
    return append_all(session, [Change(root, kind, new, also)], by=by)[0]


def append_all(session: Session, changes: Sequence[Change], *, by: Identity | str) -> list[Event]:
    """Log several changes at once, in order; each must have a root of its own."""
    actor = by if isinstance(by, str) else by.actor
    # One transaction, one moment: so the log itself tells which events were one deed.
    now = session.info.setdefault("moment", clock.now())
    streams = [stream_of(change.root) for change in changes]
    if len(set(streams)) != len(streams):
        raise Unlogged("two changes to one record need two calls")
    seq = store.size(session)
    versions = store.versions(session, streams)
    drafts = []
    for place, (change, stream) in enumerate(zip(changes, streams, strict=True)):
        if "updated_at" in type(change.root).model_fields:
            # The event's own moment, so that "as of" this time is the record as it then became.
            change.root.updated_at = now
        patch = _patch(change)
        salt = os.urandom(32).hex()
        id, version, hashed = new_id(), versions.get(stream, 0) + 1, patch_hash(patch, salt)
        leaf = leaf_bytes(
            id=id,
            stream=stream,
            version=version,
            kind=change.kind,
            at=timestamp(now),
            actor=actor,
            patch_hash=hashed,
        )
        drafts.append(
            Event(
                seq=seq + place, id=id, stream=stream, version=version, kind=change.kind, at=now, actor=actor,
                patch=patch, salt=salt, patch_hash=hashed, leaf_hash=leaf_hash(leaf).hex(),
            )
        )  # fmt: skip
    _write(session, changes, drafts)
    _keep_words(session, changes, drafts)
    session.info.setdefault("written", []).extend(Written(e.seq, e.stream, e.kind, e.actor) for e in drafts)
    return drafts


def written(session: Session) -> list[Written]:
    """The events that this transaction has appended so far, in log order."""
    return list(session.info.get("written", ()))


@contextmanager
def together(session: Session) -> Iterator[None]:
    """What happens in the block stands or falls together: an error takes it back, and nothing before it."""
    before = len(session.info.get("written", ()))
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del session.info.get("written", [])[before:]
        raise


@sa_event.listens_for(OrmSession, "after_transaction_end")
def _forget_moment(session: OrmSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("moment", None)
        session.info.pop("written", None)


def stream_of(root: Record) -> str:
    """The name of a record's stream."""
    return f"{root.__tablename__}:{root.id}"  # type: ignore[attr-defined]


def _patch(change: Change) -> dict[str, dict[str, dict[str, Any]]]:
    patch: dict[str, dict[str, dict[str, Any]]] = {}
    new = {id(record) for record in change.new}
    for record in _unique((change.root, *change.also)):
        if id(record) in new:
            continue
        if "version" in type(record).model_fields:
            record.version += 1  # type: ignore[attr-defined]
        patch.setdefault(str(record.__tablename__), {})[record.id] = changed_columns(record)  # type: ignore[attr-defined]
    for record in change.new:
        patch.setdefault(str(record.__tablename__), {})[record.id] = new_row(record)  # type: ignore[attr-defined]
    return patch


def _unique(records: Sequence[Record]) -> list[Record]:
    return list({id(record): record for record in records}.values())


def _write(session: Session, changes: Sequence[Change], drafts: list[Event]) -> None:
    session.info["recording"] = {
        id(record) for change in changes for record in (change.root, *change.new, *change.also)
    }
    try:
        new = [record for change in changes for record in change.new]
        # Parents before children: without relationships the session knows no order of its own.
        for model in RECORDS.values():
            session.add_all([record for record in new if type(record) is model])
            session.flush()
        session.execute(sa.insert(Event), [draft.model_dump() for draft in drafts])
    finally:
        del session.info["recording"]


def _keep_words(session: Session, changes: Sequence[Change], drafts: Sequence[Event]) -> None:
    """Keep the full text in step, whoever changes what a claim is found by."""
    concerned: set[str] = set()
    for change, draft in zip(changes, drafts, strict=True):
        new = {id(record) for record in change.new}
        for record in _unique((change.root, *change.also, *change.new)):
            columns = draft.patch[str(record.__tablename__)][record.id]  # type: ignore[attr-defined,index]
            concerned.update(fulltext.concerned(session, record, columns, new=id(record) in new))
            if isinstance(record, Appearance) and isinstance(change.root, Claim) and "claim_id" in columns:
                # Where a merge is taken back, the place goes from the root.
                concerned.add(change.root.id)
    if concerned:
        fulltext.refresh(session.connection(), concerned)


@sa_event.listens_for(OrmSession, "before_flush")
def _refuse_unlogged(session: OrmSession, _context: Any, _instances: Any) -> None:
    recorded = session.info.get("recording", ())
    if any(isinstance(record, Record | Event) for record in session.deleted):
        raise Unlogged("records and events are never deleted")
    if any(
        isinstance(record, Event) and session.is_modified(record) for record in (*session.new, *session.dirty)
    ):
        raise Unlogged("events are appended, and never changed")
    for record in (*session.new, *session.dirty):
        if isinstance(record, Record) and id(record) not in recorded and session.is_modified(record):
            raise Unlogged(f"a change to {record.__tablename__} has no event")


@sa_event.listens_for(OrmSession, "do_orm_execute")
def _refuse_unlogged_statement(state: ORMExecuteState) -> None:
    """The same for statements, which no flush sees.

    Whole rows may be put into the bare tables, events and all: that is how a backup is restored.
    """
    statement = state.statement
    if not isinstance(statement, sa.Insert | sa.Update | sa.Delete):
        return
    if isinstance(statement, sa.Insert) and ("recording" in state.session.info or not state.is_orm_statement):
        return
    table = getattr(statement.table, "name", "")
    if table in RECORDS or table == Event.__tablename__:
        raise Unlogged(f"a statement that changes {table} has no event")

"""Calling a service as the frame around a request does: in a writing transaction of its own."""

from collections.abc import Callable
from typing import Any, TypeVar

from ledger.db import Database
from ledger.models import Event, Record
from ledger.services.verdicts import Policy
from ledger.store import events

T = TypeVar("T")
R = TypeVar("R", bound=Record)
TWO = Policy("two", 1)


def do(database: Database, service: Callable[..., T], *args: Any, **more: Any) -> T:
    """What the service gives back, once its transaction is kept."""
    with database.write() as session:
        return service(session, *args, **more)


def now(database: Database, record: R) -> R:
    """The record as it stands."""
    with database.read() as session:
        return session.get_one(type(record), record.id)


def history(database: Database, record: Record) -> list[Event]:
    """The events of the record's stream."""
    with database.read() as session:
        return events.of_stream(session, f"{record.__tablename__}:{record.id}")


def kinds(database: Database, record: Record) -> list[str]:
    """What happened to it, in order."""
    return [event.kind for event in history(database, record)]


def size(database: Database) -> int:
    """Number of events in the log."""
    with database.read() as session:
        return events.size(session)

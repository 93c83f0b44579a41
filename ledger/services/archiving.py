"""Handing captured addresses over to the Wayback Machine, as a state of its own that nothing waits for.

The archive often gives no answer although it captured the page. So an address that was handed over counts as
`unknown` until somebody says otherwise, and its index, which may lag half a day, is asked for a copy that was
made since. Only after that is it handed over again, three times in all.

    waiting -> asked -> done         it answered, and made a copy
            -> unknown -> done       it did not answer, and its index has a copy later on
                       -> waiting    it has none: hand it over again
                       -> failed     three times; somebody may ask again
"""

from datetime import timedelta

from sqlmodel import Session

from ledger import clock
from ledger.adapters.polite import host_of
from ledger.adapters.wayback import Busy, Copy, Refused, Unsure, Wayback
from ledger.auth.identity import SYSTEM, Identity, Permission
from ledger.db import Database
from ledger.errors import Conflict, Invalid
from ledger.models import Archiving, ArchivingState, Capture, Evidence
from ledger.services import events
from ledger.store import hosts, records

ARCHIVE_JOB = "archive-capture"
MOST_ASKED = 3
_WORKING = tuple(timedelta(seconds=15 * 2**n) for n in range(6))
"""After how long a job of the archive is asked for again; after that it counts as unknown."""
_INDEXED = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
"""When the archive's index is asked whether there is a copy after all."""
_BUSY = timedelta(minutes=10)
_AWAY = timedelta(hours=1)
_SECONDS_BETWEEN = 5.0
_CLOCKS_DIFFER = timedelta(minutes=2)


def promise(session: Session, capture_id: str) -> Archiving:
    """Have a capture's address handed over; nothing waits for it."""
    capture = records.get(session, Capture, capture_id)
    found = session.get(Archiving, capture_id)
    if found is None:
        found = Archiving(capture_id=capture.id, url=capture.url, due_at=clock.now())
        session.add(found)
    return found


def ask(session: Session, evidence_id: str, *, by: Identity, on: bool) -> Archiving:
    """Have it handed over as a person wishes; after a failure, once more. `on`: there are keys for it."""
    by.require(Permission.EVIDENCE)
    evidence = records.get(session, Evidence, evidence_id)
    if not on:
        raise Conflict("The ledger has no keys for the Wayback Machine (LEDGER_WAYBACK_KEY).")
    if evidence.capture_id is None:
        raise Invalid("No copy of this page was asked for; ask for one first.", field="capture")
    archiving = promise(session, evidence.capture_id)
    if archiving.state == ArchivingState.DONE:
        raise Conflict("The Wayback Machine has a copy of this page already.")
    if archiving.state == ArchivingState.FAILED:
        archiving.state, archiving.asked, archiving.looks = ArchivingState.WAITING, 0, 0
        archiving.due_at, archiving.problem = clock.now(), None
    return archiving


def step(database: Database, wayback: Wayback, base: str, capture_id: str) -> str | None:
    """Do what is to be done next for a capture; gives the state that it is in then.

    `base` is the archive's address. Safe to do twice: an address may then be handed over twice, no more.
    """
    with database.write() as session:
        archiving = session.get(Archiving, capture_id)
        if archiving is None or archiving.state in (ArchivingState.DONE, ArchivingState.FAILED):
            return archiving.state if archiving else None
        _, at = hosts.take_turn(session, host_of(base), least=_SECONDS_BETWEEN)
        if at is not None:
            archiving.due_at = at
            return archiving.state
        state = archiving.state
        if state == ArchivingState.WAITING:
            # Written before it is done: whoever is killed now does not know either.
            archiving.state, archiving.asked_at, archiving.looks = ArchivingState.UNKNOWN, clock.now(), 0
            archiving.asked, archiving.due_at = archiving.asked + 1, clock.now() + _INDEXED[0]
    if state == ArchivingState.WAITING:
        return _hand_over(database, wayback, archiving)
    return _ask_job(database, wayback, archiving) if state == ArchivingState.ASKED else _look(
        database, wayback, archiving
    )  # fmt: skip


def _hand_over(database: Database, wayback: Wayback, archiving: Archiving) -> str:
    try:
        job_id = wayback.hand_over(archiving.url)
    except Unsure as why:
        return _now(database, archiving, ArchivingState.UNKNOWN, _INDEXED[0], str(why))
    except Busy as why:
        wait = timedelta(seconds=why.seconds) if why.seconds else _BUSY
        # It did not take it, so it was not asked.
        return _now(database, archiving, ArchivingState.WAITING, wait, str(why), asked=archiving.asked - 1)
    except Refused as why:
        return _now(database, archiving, ArchivingState.FAILED, None, str(why))
    return _now(database, archiving, ArchivingState.ASKED, _WORKING[0], None, job_id=job_id)


def _ask_job(database: Database, wayback: Wayback, archiving: Archiving) -> str:
    problem = None
    try:
        copy = wayback.outcome(str(archiving.job_id))
        if copy is not None:
            return _done(database, archiving, copy)
    except Unsure as why:
        problem = str(why)
    except Busy as why:
        return _again(database, archiving, str(why))
    except Refused as why:
        return _now(database, archiving, ArchivingState.FAILED, None, str(why))
    looks = archiving.looks + 1
    if looks < len(_WORKING):
        return _now(database, archiving, ArchivingState.ASKED, _WORKING[looks], problem, looks=looks)
    return _now(database, archiving, ArchivingState.UNKNOWN, _INDEXED[0], problem, looks=0)


def _look(database: Database, wayback: Wayback, archiving: Archiving) -> str:
    since = (archiving.asked_at or clock.now()) - _CLOCKS_DIFFER
    try:
        copy = wayback.newest(archiving.url, since=since)
    except (Unsure, Busy) as why:
        # It is away: that says nothing of the copy, and is no look.
        return _now(database, archiving, ArchivingState.UNKNOWN, _AWAY, str(why))
    except Refused as why:
        return _now(database, archiving, ArchivingState.FAILED, None, str(why))
    if copy is not None:
        return _done(database, archiving, copy)
    looks = archiving.looks + 1
    if looks < len(_INDEXED):
        return _now(
            database, archiving, ArchivingState.UNKNOWN, _INDEXED[looks], archiving.problem, looks=looks
        )
    return _again(database, archiving, archiving.problem or "The archive’s index has no copy.")


def _again(database: Database, archiving: Archiving, why: str) -> str:
    if archiving.asked >= MOST_ASKED:
        return _now(database, archiving, ArchivingState.FAILED, None, why)
    return _now(database, archiving, ArchivingState.WAITING, _BUSY, why)


def _now(
    database: Database,
    archiving: Archiving,
    state: ArchivingState,
    wait: timedelta | None,
    problem: str | None,
    *,
    job_id: str | None = None,
    looks: int | None = None,
    asked: int | None = None,
) -> str:
    with database.write() as session:
        kept = session.get_one(Archiving, archiving.capture_id)
        kept.state, kept.problem = state, problem[:500] if problem else None
        kept.due_at = clock.now() + wait if wait is not None else None
        kept.job_id = job_id or kept.job_id
        kept.looks = kept.looks if looks is None else looks
        kept.asked = kept.asked if asked is None else asked
    return str(state)


def _done(database: Database, archiving: Archiving, copy: Copy) -> str:
    with database.write() as session:
        kept = session.get_one(Archiving, archiving.capture_id)
        capture = records.get(session, Capture, archiving.capture_id)
        kept.state, kept.due_at, kept.problem = ArchivingState.DONE, None, None
        if capture.archived_url != copy.url:
            capture.archived_url, capture.archived_at = copy.url, copy.at
            events.append(session, capture, "capture.archived", by=SYSTEM)
    return str(ArchivingState.DONE)

"""What comes again and again: looks at sources, watches of articles, steps with the Wayback Machine.

When each is due stands in its own row. Here their jobs are written, a few at a time, so that the work that
people wait for is never behind them.
"""

import time
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.jobs.tasks import PASSING
from ledger.models import Archiving, Look, Watch
from ledger.services import liveness, watches
from ledger.services.archiving import ARCHIVE_JOB
from ledger.services.liveness import LOOK_JOB
from ledger.services.watches import WATCH_JOB
from ledger.store import jobs
from ledger.store import looks as store
from ledger.web.context import Parts

SECONDS = 5.0
"""Between two rounds."""
_PLAN_SECONDS = 300.0
_AT_ONCE = 40
_LEASE = timedelta(hours=1)
"""A job that came to nothing is written again after this; one that is done sets its next time itself."""

_Due = tuple[str, str, Look | Watch | Archiving, str]
"""A job's name, the id of what it is about, the row that says when it is due, the argument's name."""


class Rounds:
    """Writes jobs for what is due; any number of workers may do it side by side."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._next = self._next_plan = 0.0

    def step(self) -> None:
        """Make a round if it is time for one."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + SECONDS
        if not self._parts.settings.fetch:
            # Nothing may be fetched, so nothing is to be found out.
            return
        if now >= self._next_plan:
            self._next_plan = now + _PLAN_SECONDS
            self.plan()
        self.write()

    def plan(self) -> None:
        """Take in what is new: sources that nobody looks at yet, watches that nobody began."""
        if hours := self._parts.settings.liveness_hours:
            liveness.plan(self._parts.database, hours=hours)
        watches.plan(self._parts.database)

    def write(self) -> int:
        """Write jobs for what is due; gives how many."""
        with self._parts.database.read() as session:
            if not self._due(session):
                return 0
        with self._parts.database.write() as session:
            due = self._due(session)
            for name, id, row, argument in due:
                row.due_at = clock.now() + _LEASE
                named: dict[str, Any] = {argument: id}
                jobs.add(session, name, about=id, **named)
        return len(due)

    def _due(self, session: Session) -> list[_Due]:
        now, room = clock.now(), _AT_ONCE - store.under_way(session, PASSING)
        if room <= 0:
            return []
        found: list[_Due] = [
            (WATCH_JOB, w.article_id, w, "article_id") for w in store.due_watches(session, now, room)
        ]
        if self._parts.wayback is not None:
            copies = store.due_archivings(session, now, room)
            found += [(ARCHIVE_JOB, a.capture_id, a, "capture_id") for a in copies]
        if self._parts.settings.liveness_hours:
            found += [(LOOK_JOB, look.id, look, "look_id") for look in store.due(session, now, room)]
        # Whatever waits longest comes first, so that none of the three starves.
        return sorted(found, key=lambda one: one[2].due_at or now)[:room]

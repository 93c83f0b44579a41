"""How claims went through their statuses: the log folded once, and kept up to date.

Each process keeps, for each ledger that it works on, one small entry for each change of a claim's status. An
answer reads only the events that came since the last one. Nothing of it is kept anywhere else: it follows
from the log.
"""

import threading
from array import array
from collections.abc import Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Any
from weakref import WeakKeyDictionary

from sqlmodel import Session

from claims.values import dataclass
from ledger.models import Status
from ledger.models.verdicts import RATING_STATUSES
from ledger.store import insights as store

STATUSES = tuple(str(status) for status in Status)
_NUMBER = {status: number for number, status in enumerate(STATUSES)}
_NONE = -1
_ASIDE = frozenset({_NONE, _NUMBER["candidate"], _NUMBER["dismissed"]})
_SETTLED = frozenset(_NUMBER[status] for status in RATING_STATUSES)
_OPEN = frozenset(_NUMBER[status] for status in ("unchecked", "checking", "proposed", "stale"))


class Flow:
    """The changes of status of all claims of one ledger, in log order.

    Times are seconds since 1970. A claim is opened when it becomes one to be checked: added by a person, or
    accepted as a candidate; also when it turns stale. It is cleared when it first has a verdict that counts.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._seq, self._leaf = -1, ""
        self._index: dict[str, int] = {}
        self._ids: list[str] = []
        self._status = array("b")
        # When each claim was opened last; and for the first time it was cleared: from when, and when.
        self._opened, self._began, self._cleared = array("q"), array("q"), array("q")
        self._at, self._claim, self._old, self._new = array("q"), array("i"), array("b"), array("b")

    def follow(self, session: Session) -> None:
        """Read what the log has more; all of it anew, should it be another log than before."""
        if self._seq >= 0 and store.leaf(session, self._seq) != self._leaf:
            self._forget()
        last = self._seq
        for seq, at, id, status in store.status_changes(session, after=last):
            self._note(int(at), id, _NUMBER[status])
            last = seq
        if last > self._seq:
            self._seq, self._leaf = last, store.leaf(session, last) or ""

    def _note(self, at: int, id: str, new: int) -> None:
        place = self._index.get(id)
        if place is None:
            place = self._index[id] = len(self._ids)
            self._ids.append(id)
            self._status.append(_NONE)
            for times in (self._opened, self._began, self._cleared):
                times.append(0)
        old = self._status[place]
        if new == old:
            return
        if new in _OPEN and old not in _OPEN:
            self._opened[place] = at
        if new in _SETTLED and not self._cleared[place]:
            # One that was accepted and settled by the same event took no time.
            self._began[place], self._cleared[place] = (self._opened[place] or at), at
        self._status[place] = new
        self._at.append(at)
        self._claim.append(place)
        self._old.append(old)
        self._new.append(new)

    def counts(self, ends: Sequence[datetime], only: list[str] | None = None) -> list[list[int]]:
        """How many claims had each of STATUSES at these moments, which ascend; of `only` these, if given."""
        import numpy as np

        marks = np.array([int(end.timestamp()) for end in ends], np.int64)
        at, claim = np.array(self._at, np.int64), np.array(self._claim, np.int32)
        old, new = np.array(self._old, np.int64), np.array(self._new, np.int64)
        # What happens at an end belongs to the time behind it.
        step = np.searchsorted(marks, at, side="right")
        counted = step < len(marks)
        if only is not None:
            counted &= self._mask(only)[claim]
        step, old, new = step[counted], old[counted], new[counted]
        width, shape = len(STATUSES), len(marks) * len(STATUSES)
        more = np.bincount(step * width + new, minlength=shape)
        known = old >= 0
        less = np.bincount(step[known] * width + old[known], minlength=shape)
        found: list[list[int]] = (more - less).reshape(-1, width).cumsum(axis=0).tolist()
        return found

    def _mask(self, only: list[str]) -> Any:
        import numpy as np

        mask = np.zeros(len(self._ids), bool)
        mask[[self._index[id] for id in only if id in self._index]] = True
        return mask

    def cleared(
        self, since: datetime, until: datetime, only: list[str] | None = None
    ) -> list[tuple[int, int]]:
        """When claims were opened and cleared, for those that were first cleared in that time."""
        import numpy as np

        began, ended = np.array(self._began, np.int64), np.array(self._cleared, np.int64)
        there = (since.timestamp() <= ended) & (ended < until.timestamp())
        if only is not None:
            there &= self._mask(only)
        return list(zip(began[there].tolist(), ended[there].tolist(), strict=True))

    def open(self, only: list[str] | None = None) -> "Open":
        """The claims that are open now."""
        import numpy as np

        status = np.array(self._status, np.int8)
        there = np.isin(status, sorted(_OPEN))
        if only is not None:
            there &= self._mask(only)
        places = np.flatnonzero(there)
        return Open(self._ids, places, np.array(self._opened, np.int64)[places], status[places])


@dataclass(frozen=True, slots=True)
class Open:
    """Open claims: where each stands among `ids`, since when it is open, and the number of its status."""

    ids: Sequence[str]
    places: Any
    since: Any
    status: Any

    def __len__(self) -> int:
        return len(self.places)

    def opened(self, first: float, until: float, *, but: str) -> int:
        """How many were opened in that time and have another status than `but`."""
        there = (first <= self.since) & (self.since < until) & (self.status != _NUMBER[but])
        return int(there.sum())

    def by_age(self, now: float, days: Sequence[float]) -> list[dict[str, int]]:
        """How many there are of each status, younger than so many days, or than the next, or older."""
        import numpy as np

        band = np.searchsorted(np.array(days), (now - self.since) / 86400, side="right")
        width = len(STATUSES)
        counts = np.bincount(band * width + self.status, minlength=width * (len(days) + 1))
        return [dict(zip(STATUSES, row, strict=True)) for row in counts.reshape(-1, width).tolist()]

    def oldest(self, limit: int) -> list[tuple[str, int]]:
        """The ids of those that are open longest, and since when."""
        import numpy as np

        if limit < len(self):
            # Many may have been opened in the second in which the last of them was.
            there = self.since <= np.partition(self.since, limit - 1)[limit - 1]
        else:
            there = slice(None)
        since, places = self.since[there].tolist(), self.places[there].tolist()
        first = nsmallest(limit, ((at, self.ids[place]) for at, place in zip(since, places, strict=True)))
        return [(id, at) for at, id in first]


_flows: WeakKeyDictionary[Any, Flow] = WeakKeyDictionary()
_flows_lock = threading.Lock()


def flow_of(session: Session) -> Flow:
    """The flow of the ledger that this session works on, to be followed and asked while its lock is held."""
    # One engine has variants with options of their own; what they share is the pool of connections.
    engine: Any = session.get_bind().engine
    with _flows_lock:
        return _flows.setdefault(engine.pool, Flow())

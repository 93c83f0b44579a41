"""How much each may ask: the counting alone, without Flask; `limits` says of whom and what is told.

Each process counts for itself.
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ledger.auth.identity import Identity

if TYPE_CHECKING:
    from ledger.settings import Settings

POLICY, LEFT, AGAIN = "RateLimit-Policy", "RateLimit", "Retry-After"
# The rates that the settings let pass: `10 per minute; 60/2 hours`.
_RATE = re.compile(r"(\d+) ?(?:per|/) ?(\d+)? ?(second|minute|hour|day|month|year)")
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "month": 30 * 86_400,
    "year": 360 * 86_400,
}


def limits_in(rates: str) -> Iterator[tuple[int, int]]:
    """The limits that a setting names: in so many seconds, so many requests."""
    for most, several, unit in _RATE.findall(rates):
        yield int(several or 1) * _SECONDS[unit], int(most)


class Window:
    """Counts requests over one stretch of time after another; hot, as every look-up is counted.

    All that ask share a stretch, so that forgetting the last one is one step.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds, self._ends = seconds, 0.0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, who: str, now: float) -> tuple[int, int]:
        """Count one request: how many there were in this stretch, and the seconds until the next."""
        with self._lock:
            if now >= self._ends:
                self._ends = now + self._seconds
                self._counts.clear()
            count = self._counts[who] = self._counts.get(who, 0) + 1
            return count, max(1, round(self._ends - now))


class Budget:
    """So many requests in so many seconds, of each that asks; perhaps several such limits at once."""

    def __init__(self, name: str, rates: str) -> None:
        # (requests, seconds), the shortest time first.
        found = sorted(limits_in(rates))
        self._limits = [
            (name if len(found) == 1 else f"{name}-{seconds}", most, Window(seconds))
            for seconds, most in found
        ]
        told = zip(self._limits, found, strict=True)
        self.policy = ", ".join(f'"{name}";q={most};w={seconds}' for (name, most, _), (seconds, _) in told)

    def take(self, who: str) -> tuple[str, int]:
        """Count one request: what is left, as the header tells it, and the seconds to wait, 0 if none."""
        left, wait, now = [], 0, time.time()
        for name, most, window in self._limits:
            count, again = window.add(who, now)
            left.append(f'"{name}";r={max(0, most - count)};t={again}')
            if count > most:
                wait = max(wait, again)
        return ", ".join(left), wait


class Limits:
    """The budgets of one process."""

    def __init__(self, settings: "Settings") -> None:
        self.tokens = Budget("token", settings.token_rate)
        self.strangers = Budget("stranger", settings.stranger_rate)
        self.sign_ins = Budget("sign-in", settings.sign_in_rate)

    def of_token(self, who: Identity) -> Sequence[tuple[str, str]] | None:
        """Count a request of a token: the answer's headers; None where it is to be refused."""
        if not self.tokens.policy:
            return ()
        left, wait = self.tokens.take(who.actor)
        return None if wait else ((POLICY, self.tokens.policy), (LEFT, left))

"""How often one may ask: so many requests in a time, for each token and for each address of a stranger.

The answer's headers say what is left (IETF RateLimit-Policy and RateLimit); who asks for more is told 429,
and when to come back. Signed-in people have no such limit. Each process counts for itself.
"""

import threading
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import cast

from flask import Flask, Response, current_app, g, request
from limits import parse_many

from ledger.auth.identity import Identity
from ledger.errors import TooManyRequests
from ledger.settings import Settings

POLICY, LEFT, AGAIN = "RateLimit-Policy", "RateLimit", "Retry-After"
# Asked by machines of the house all day long, or costing nothing.
_FREE = frozenset({"static", "healthz", "readyz", "metrics"})


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
        found = sorted((one.get_expiry(), one.amount) for one in parse_many(rates)) if rates else []
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

    def __init__(self, settings: Settings) -> None:
        self.tokens = Budget("token", settings.token_rate)
        self.strangers = Budget("stranger", settings.stranger_rate)

    def of_token(self, who: Identity) -> Sequence[tuple[str, str]] | None:
        """Count a request of a token: the answer's headers; None where it is to be refused."""
        if not self.tokens.policy:
            return ()
        left, wait = self.tokens.take(who.actor)
        return None if wait else ((POLICY, self.tokens.policy), (LEFT, left))


def register(app: Flask, settings: Settings) -> None:
    """Count each request once its sender is known, and tell what is left."""
    app.extensions["ledger_limits"] = Limits(settings)
    app.before_request(_count)
    app.after_request(_tell)


def limits() -> Limits:
    """The budgets of the running service."""
    return cast("Limits", current_app.extensions["ledger_limits"])


def _count() -> None:
    who: Identity | None = g.get("identity")
    if request.endpoint in _FREE or (who is not None and not who.actor.startswith("token:")):
        return
    _take(who.actor if who else None)


def _take(token: str | None) -> None:
    budget = limits().tokens if token else limits().strangers
    if not budget.policy:
        return
    left, wait = budget.take(token or request.remote_addr or "")
    g.ledger_limit = budget.policy, left, wait
    if wait:
        raise TooManyRequests(
            f"That is more than may be asked in so short a time. Ask again in {wait} "
            f"{'second' if wait == 1 else 'seconds'}. Many questions fit into one call of "
            "POST /api/v1/lookups, and many changes into one of POST /api/v1/claims:batch."
        )


def _tell(response: Response) -> Response:
    if response.status_code == HTTPStatus.UNAUTHORIZED and "ledger_limit" not in g:
        # A token that nobody knows is refused before it is counted; who sends it is a stranger.
        try:
            _take(None)
        except TooManyRequests as error:
            response = cast("Response", current_app.handle_user_exception(error))
    policy, left, wait = g.get("ledger_limit", ("", "", 0))
    if policy:
        response.headers[POLICY], response.headers[LEFT] = policy, left
        if wait:
            response.headers[AGAIN] = str(wait)
    return response

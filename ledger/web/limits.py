"""How often one may ask: so many requests in a time, for each token and for each address of a stranger.

The answer's headers say what is left (IETF RateLimit-Policy and RateLimit); who asks for more is told 429,
and when to come back. Signed-in people have no such limit.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, current_app, g, request

from ledger.errors import TooManyRequests
from ledger.web.budgets import AGAIN, LEFT, POLICY, Limits

if TYPE_CHECKING:
    from ledger.auth.identity import Identity

# Asked by machines of the house all day long, or costing nothing.
_FREE = frozenset({"static", "healthz", "readyz", "metrics"})


def register(app: Flask, budgets: Limits) -> None:
    """Count each request once its sender is known, and tell what is left."""
    app.extensions["ledger_limits"] = budgets
    app.before_request(_count)
    app.after_request(_tell)


def limits() -> Limits:
    """The budgets of the running service."""
    return cast("Limits", current_app.extensions["ledger_limits"])


def sign_in_tried() -> None:
    """Count a try to sign in, of the address that it comes from. Raises TooManyRequests."""
    budget = limits().sign_ins
    left, wait = budget.take(request.remote_addr or "")
    g.ledger_limit = budget.policy, left, wait
    if wait:
        raise TooManyRequests(f"Too many tries to sign in. Try again in {_seconds(wait)}.")


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
            f"That is more than may be asked in so short a time. Ask again in {_seconds(wait)}. "
            "Many questions fit into one call of "
            "POST /api/v1/lookups, and many changes into one of POST /api/v1/claims:batch."
        )


def _seconds(number: int) -> str:
    return f"{number} {'second' if number == 1 else 'seconds'}"


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

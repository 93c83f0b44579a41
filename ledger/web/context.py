"""The frame around each request: its parts, its one transaction, who is asking, what that needs.

A request that can change something gets a writing transaction when it first asks for `session()`;
others get a reading one. It is committed before the answer goes out, so that what is acknowledged
is kept; an answer of 400 or more rolls it back.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlmodel import Session

from claims.detectors import Detector
from claims.values import dataclass
from ledger.adapters import detectors
from ledger.adapters.blobs import Blobs
from ledger.adapters.fetch import AnyFetcher
from ledger.adapters.polite import Polite
from ledger.adapters.wayback import Wayback
from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.errors import Forbidden, Unauthorized
from ledger.services.matching import Matcher
from ledger.services.policies import Policy
from ledger.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is made of."""

    settings: Settings
    database: Database
    fetcher: AnyFetcher
    blobs: Blobs
    matcher: Matcher

    def detector(self, name: str | None = None) -> Detector:
        """What finds claims: the detector of that name, or the one that the settings choose."""
        return detectors.chosen(self.settings, name)

    @property
    def reading(self) -> dict[str, Any]:
        """How articles are read: what `articles.prepare` is told of the settings."""
        return detectors.reading(self.settings)

    @property
    def polite(self) -> Polite:
        """Where pages come from that the ledger asks for on its own."""
        return Polite(self.fetcher, self.database, seconds=self.settings.polite_seconds)

    @property
    def wayback(self) -> Wayback | None:
        """The archive that captures are handed to, if there are keys for it."""
        key, secret = self.settings.wayback_key, self.settings.wayback_secret
        if key is None or secret is None:
            return None
        return Wayback(self.settings.wayback_url, key.get_secret_value(), secret.get_secret_value())

    @property
    def policy(self) -> Policy:
        """What the desk asks of a verdict."""
        return Policy(self.settings.signatures, self.settings.min_evidence)


def register(app: Flask, parts: Parts) -> None:
    """Give the application its parts and close each request's transaction."""
    app.extensions["ledger"] = parts
    app.after_request(_finish)
    app.teardown_request(_abandon)


def parts() -> Parts:
    """The parts of the running service."""
    found: Parts = current_app.extensions["ledger"]
    return found


def session() -> Session:
    """The request's session, opened when first asked for."""
    if "ledger_session" not in g:
        database = parts().database
        stack = ExitStack()
        opened = database.read(briefly=True) if request.method in _READING else database.write()
        g.ledger_session = stack.enter_context(opened)
        g.ledger_stack = stack
    found: Session = g.ledger_session
    return found


def reading() -> Session:
    """A session that only reads, whatever the method; for the page that answers a change already kept."""
    if request.method in _READING:
        return session()
    if "ledger_reading" not in g:
        g.ledger_reading_stack = ExitStack()
        g.ledger_reading = g.ledger_reading_stack.enter_context(parts().database.read(briefly=True))
    found: Session = g.ledger_reading
    return found


def stop_reading() -> None:
    """End what `reading` gave: it sees one state of the ledger, and after a change there is another."""
    g.pop("ledger_reading", None)
    stack: ExitStack | None = g.pop("ledger_reading_stack", None)
    if stack is not None:
        stack.close()


def _finish(response: Response) -> Response:
    stop_reading()
    stack: ExitStack | None = g.pop("ledger_stack", None)
    opened: Session | None = g.pop("ledger_session", None)
    if stack is not None and opened is not None:
        if response.status_code >= 400:
            opened.rollback()
        try:
            stack.close()
        except Exception as error:  # noqa: BLE001  (answered as the same fault inside the view is)
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _abandon(_error: BaseException | None) -> None:
    stop_reading()
    stack: ExitStack | None = g.pop("ledger_stack", None)
    opened: Session | None = g.pop("ledger_session", None)
    if stack is not None and opened is not None:
        opened.rollback()
        stack.close()


def identity() -> Identity:
    """Who is asking. Raises Unauthorized when nobody is signed in."""
    found: Identity | None = g.get("identity")
    if found is None:
        raise Unauthorized("Sign in first.")
    return found


def maybe_identity() -> Identity | None:
    """Who is asking, or None."""
    found: Identity | None = g.get("identity")
    return found


def requires(permission: Permission | None) -> Callable[[View], View]:
    """Declare what a route needs: a permission, or with None just somebody signed in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = identity()
            if permission is not None and not who.may(permission):
                raise Forbidden(f"This needs the permission “{permission}”, which you do not have.")
            return view(*args, **kwargs)

        guarded.permission = permission or "signed in"  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Declare that anybody may use a route."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def same_for_all(view: View) -> View:
    """Declare a public route that looks at no session and sets none, so that caches may keep its answer."""
    view.cookieless = True  # type: ignore[attr-defined]
    return public(view)


def is_same_for_all() -> bool:
    """Whether the route that is asked for was declared so."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "cookieless", False)

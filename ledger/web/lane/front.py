"""What sees each request first: answers look-ups itself and passes on all else."""

import re
import sqlite3
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Unauthorized
from ledger.ids import is_id
from ledger.services import tokens
from ledger.web.lane import pages, statuses
from ledger.web.lane.answers import JSON, Sender, Whole
from ledger.web.lane.kept import Kept
from ledger.web.limits import Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ledger.db import Database

_HEAD, _TAIL = "/api/v1/claims/", "/status"
_ROUTE = "/api/v1/claims/<id>/status"
# What depends on nothing but what is asked and what the database holds; the time of day, say, plays no part.
_KEPT = re.compile(r"/api/v1/(claims|articles)(?:/([0-9a-f-]{36}))?\Z|/api/v1/articles/lookup\Z")
_PARAMETERS = frozenset({"limit", "after", "status", "kind", "url", "below", "order"})
_MOST_TOKENS = 1_000


def register(app: Flask) -> None:
    """Put the fast way in front of the application."""
    app.wsgi_app = Lane(app)  # type: ignore[method-assign]


class Lane:
    """A WSGI application that answers look-ups itself and passes on all else."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._rest: WSGIApplication = app.wsgi_app
        self._sender = Sender(
            app.extensions["ledger_watch"], app.extensions["ledger"].settings.lookup_max_age
        )
        self._making = threading.Lock()
        self._kept: Kept | None = None

    @property
    def _limits(self) -> Limits:
        limits: Limits = self._app.extensions["ledger_limits"]
        return limits

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "GET" and path.startswith("/api/v1/"):
            began = time.perf_counter()
            answered: Iterable[bytes] | None = None
            if path.endswith(_TAIL) and path.startswith(_HEAD) and not environ.get("QUERY_STRING"):
                if is_id(id := path[len(_HEAD) : -len(_TAIL)]):
                    answered = self._status(environ, start_response, began, id)
            elif (match := _KEPT.match(path)) and _plain(environ.get("QUERY_STRING", "")):
                answered = self._again(environ, start_response, began, match)
            if answered is not None:
                return answered
        return self._rest(environ, start_response)

    def _opened(self) -> Kept | None:
        database: Database = self._app.extensions["ledger"].database
        kept, path = self._kept, database.file
        if path is None or (kept is not None and kept.path == path):
            return kept if path else None
        with self._making:
            if self._kept is None or self._kept.path != path:
                self._kept = Kept(path)
            return self._kept

    def _asker(self, kept: Kept, ticket: int, environ: "WSGIEnvironment") -> Identity | None:
        """Who asks, if they may look and nothing else is to be done about it; for who holds the lock."""
        scheme, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        kept.fresh(ticket)
        who = self._who(kept, secret.strip())
        return who if who is not None and who.may(Permission.READ) else None

    def _status(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", began: float, id: str
    ) -> Iterable[bytes] | None:
        try:
            kept = self._opened()
            if kept is None:
                return None
            ticket = kept.checks
            with kept.near.lock:
                who = self._asker(kept, ticket, environ)
                if who is None:
                    return None
                found = kept.answers.get(id) or statuses.held(kept, id) or statuses.read(kept, id)
                if found is None:
                    return None
                # Inside as well: who waits for the lock does not contend for the interpreter's own.
                return self._sender.send(
                    environ, start_response, began, self._limits, who, Whole(*found, JSON, _ROUTE)
                )
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None

    def _again(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began: float,
        match: re.Match[str],
    ) -> Iterable[bytes] | None:
        """What was answered before, or else what is answered now, kept for the next time."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        under = environ.get("SCRIPT_NAME", "")
        asked = (environ.get("HTTP_AUTHORIZATION", ""), under, path, query)
        ours = match[1] == "claims" and not under
        try:
            kept = self._opened()
            if kept is None:
                return None
            ticket = kept.checks
            with kept.near.lock:
                who = self._asker(kept, ticket, environ)
                if who is None:
                    return None
                found, state = kept.whole.get(asked), kept.states
                if found is None and ours and match[2] and not query:
                    found = pages.claim(kept, match[2])
                    kept.keep(asked, found, state)
                if found is not None:
                    return self._sender.send(environ, start_response, began, self._limits, who, found)
            if ours and not match[2] and (found := pages.page(kept, path, query)):
                with kept.near.lock:
                    kept.keep(asked, found, state)
                return self._sender.send(environ, start_response, began, self._limits, who, found)
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        status, headers, body = _asked_of(self._rest, environ, start_response)
        tag = headers.get("ETag", "")
        if status.startswith("200") and tag:
            route = f"/api/v1/{match[1]}" + ("/<id>" if match[2] else "") if match[1] else path
            of_its_own = [(name, headers[name]) for name in ("Content-Type", "Link") if name in headers]
            with kept.near.lock:
                kept.keep(asked, Whole(body, tag.strip('"'), of_its_own, route), state)
        return [body]

    def _who(self, kept: Kept, secret: str) -> Identity | None:
        if secret not in kept.tokens:
            database: Database = self._app.extensions["ledger"].database
            try:
                with database.read() as session:
                    who, token, used = tokens.identify(session, secret)
            except Unauthorized:
                return None
            if len(kept.tokens) >= _MOST_TOKENS:
                kept.tokens.clear()
            kept.tokens[secret] = who, min(token.expires_at, tokens.noted_until(used))
        who, until = kept.tokens[secret]
        if clock.now() < until:
            return who
        # That a token is in use is to be noted now and then, which Flask's way does; no event tells of it.
        del kept.tokens[secret]
        return None


def _asked_of(
    rest: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body that an application answers with; the first two are on their way then."""
    given: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], fault: Any = None) -> Any:
        given[:] = status, dict(headers)
        return start_response(status, headers, fault) if fault else start_response(status, headers)

    answer = rest(environ, start)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return given[0], given[1], body


def _plain(query: str) -> bool:
    return all(part.partition("=")[0] in _PARAMETERS for part in query.split("&")) if query else True

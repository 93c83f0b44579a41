"""A hot path: the status of a claim, answered before Flask begins.

Bots and sites ask for little else, so that `GET /api/v1/claims/{id}/status` has a way of its own on SQLite:
a connection that each thread keeps, one statement, and the answers of before for as long as nothing was
written, which SQLite tells exactly (`PRAGMA data_version`, 4 µs). Whatever is not plain (no token or a bad
one, a parameter, no such claim, a fault) goes on to Flask, which answers the same; a test compares both.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects import sqlite
from werkzeug.http import parse_etags

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.errors import Unauthorized
from ledger.ids import is_id
from ledger.services import tokens
from ledger.store.claims import STATUS
from ledger.web.headers import ALWAYS, ASKERS_OWN
from ledger.web.observe import Watch, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEAD, _TAIL = "/api/v1/claims/", "/status"
_ROUTE = "/api/v1/claims/<id>/status"
_STATEMENT = str(STATUS.compile(dialect=sqlite.dialect(paramstyle="named")))
# As Flask's way has them; what packs pages and keeps sessions adds its own there.
_HEADERS = (*ALWAYS, *ASKERS_OWN[:1], ("Vary", f"{ASKERS_OWN[1][1]}, Accept-Encoding, Cookie"))
_MOST_ANSWERS = 20_000
_MOST_TOKENS = 1_000


def answer(asked: str, id: str, *, version: int, **known: Any) -> tuple[bytes, str]:
    """The body of a status look-up and its ETag; `id` is the claim that answers for the one asked for."""
    merged = id != asked
    body = orjson.dumps({"id": id, "merged_into": id if merged else None, "version": version, **known})
    # Another claim's version 3 is not what somebody has of this one's.
    return body, f"{version}-{id.replace('-', '')}" if merged else str(version)


def register(app: Flask) -> None:
    """Put the fast way in front of the application."""
    app.wsgi_app = Lane(app)  # type: ignore[method-assign]


class _Kept:
    """What a thread keeps: its connection, and what it read since somebody last wrote."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        self.connection.execute("PRAGMA query_only=ON")
        self.version = -1
        self.answers: dict[str, tuple[bytes, str]] = {}
        self.tokens: dict[str, tuple[Identity, Any, Any]] = {}

    def fresh(self) -> None:
        """Forget everything if anything was written since."""
        version = self.connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self.version:
            self.version = version
            self.answers.clear()
            self.tokens.clear()


class Lane:
    """A WSGI application that answers look-ups itself and passes on all else."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._rest: WSGIApplication = app.wsgi_app
        self._watch: Watch = app.extensions["ledger_watch"]
        self._threads = threading.local()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(_HEAD) and path.endswith(_TAIL) and environ["REQUEST_METHOD"] == "GET":
            began = time.perf_counter()
            found = self._look_up(environ, path[len(_HEAD) : -len(_TAIL)])
            if found is not None:
                who, body, tag = found
                return self._send(environ, start_response, began, who, body, tag)
        return self._rest(environ, start_response)

    def _look_up(self, environ: "WSGIEnvironment", id: str) -> tuple[Identity, bytes, str] | None:
        scheme, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        database: Database = self._app.extensions["ledger"].database
        plain = scheme.lower() == "bearer" and not environ.get("QUERY_STRING") and is_id(id)
        if not plain or database.file is None:
            return None
        try:
            kept = self._kept(database.file)
            kept.fresh()
            who = self._who(database, kept, secret.strip())
            if who is None or not who.may(Permission.READ):
                return None
            found = kept.answers.get(id) or self._read(kept, id)
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        return None if found is None else (who, *found)

    def _kept(self, path: str) -> _Kept:
        kept: _Kept | None = getattr(self._threads, "kept", None)
        if kept is None or kept.path != path:
            kept = self._threads.kept = _Kept(path)
        return kept

    def _who(self, database: Database, kept: _Kept, secret: str) -> Identity | None:
        if secret not in kept.tokens:
            try:
                with database.read() as session:
                    who, token, used = tokens.identify(session, secret)
            except Unauthorized:
                return None
            if len(kept.tokens) >= _MOST_TOKENS:
                kept.tokens.clear()
            kept.tokens[secret] = who, token.expires_at, used
        who, expires_at, used = kept.tokens[secret]
        # That a token is in use is to be noted now and then, which Flask's way does.
        return None if clock.now() >= expires_at or tokens.worth_noting(used) else who

    def _read(self, kept: _Kept, id: str) -> tuple[bytes, str] | None:
        row = kept.connection.execute(_STATEMENT, {"id": id}).fetchone()
        while row is not None and row[5] is not None:
            row = kept.connection.execute(_STATEMENT, {"id": row[5]}).fetchone()
        if row is None:
            return None
        claim, version, status, updated_at, stale_since, _, label = row
        found = answer(
            id,
            claim,
            version=version,
            status=status,
            label=label,
            updated_at=_timestamp(updated_at),
            stale_since=stale_since and _timestamp(stale_since),
        )
        if len(kept.answers) >= _MOST_ANSWERS:
            kept.answers.clear()
        kept.answers[id] = found
        return found

    def _send(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began: float,
        who: Identity,
        body: bytes,
        tag: str,
    ) -> Iterable[bytes]:
        had = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = bool(had) and parse_etags(had).contains_weak(tag)
        request = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [("ETag", f'"{tag}"'), *_HEADERS, ("X-Request-Id", request)]
        if not unchanged:
            headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        status = 304 if unchanged else 200
        seconds = time.perf_counter() - began
        self._watch.counted("GET", _ROUTE, status, seconds)
        self._watch.told("GET", environ["PATH_INFO"], status, seconds, who.actor, request=request)
        start_response("304 NOT MODIFIED" if unchanged else "200 OK", headers)
        return [] if unchanged else [body]


def _timestamp(stored: str) -> str:
    # As SQLAlchemy writes a time into SQLite: 2026-11-23 13:57:02.123456, in UTC.
    return stored.replace(" ", "T") + "Z"

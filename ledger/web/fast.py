"""A hot path: look-ups that are answered before Flask begins, on SQLite.

Bots and sites ask for a claim's status, for the claim and for pages of claims, so that these have a way of
their own: a connection that each thread keeps, and few statements. What was answered about claims and
articles, here or by Flask, is given again for as long as nothing was written, which SQLite tells exactly
(`PRAGMA data_version`, 4 µs). Whatever is not plain (no token or a bad one, an unusual parameter, no such
claim, a fault) goes on to Flask, which answers the same; a test compares both.
"""

import hashlib
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
from ledger.services.statuses import looked_up
from ledger.store.claims import STATUS
from ledger.store.desks import Thresholds, thresholds_of
from ledger.store.readout import Raw, claim_file, claims_page
from ledger.web.headers import ALWAYS, ASKERS_OWN, asker_may_keep
from ledger.web.limits import Limits
from ledger.web.listing import understood
from ledger.web.observe import Watch, request_id
from ledger.web.paging import write_keys

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEAD, _TAIL = "/api/v1/claims/", "/status"
_ROUTE = "/api/v1/claims/<id>/status"
_DESKS = "SELECT id, threshold FROM desk"
_STATEMENT = str(STATUS.compile(dialect=sqlite.dialect(paramstyle="qmark")))
# As Flask's way has them; what packs pages and keeps sessions adds its own there.
_HEADERS = (*ALWAYS, ("Vary", f"{ASKERS_OWN[1][1]}, Accept-Encoding, Cookie"))
_MOST_ANSWERS = 20_000
# What depends on nothing but what is asked and what the database holds; the time of day, say, plays no part.
_KEPT = re.compile(r"/api/v1/(claims|articles)(?:/([0-9a-f-]{36}))?\Z|/api/v1/articles/lookup\Z")
_PARAMETERS = frozenset({"limit", "after", "status", "kind", "url", "below", "order"})
_MOST_BYTES = 4 << 20  # of such answers, for each thread
_LONGEST = 256 << 10
_JSON = [("Content-Type", "application/json")]
_MOST_TOKENS = 1_000


def answer(known: dict[str, Any]) -> tuple[bytes, str]:
    """The body of a status look-up and its ETag; `known` is as `services.statuses` tells it."""
    tag = str(known["version"])
    if known["merged_into"] is not None:
        # Another claim's version 3 is not what somebody has of this one's.
        tag += f"-{known['id'].replace('-', '')}"
    return orjson.dumps(known), tag


def tag_of(body: bytes, version: int | None = None) -> str:
    """The ETag of an answer: a hash of the body, behind the record's version where it tells of one."""
    hashed = hashlib.sha256(body).hexdigest()[:16]
    return hashed if version is None else f"{version}-{hashed}"


def register(app: Flask) -> None:
    """Put the fast way in front of the application."""
    app.wsgi_app = Lane(app)  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class _Whole:
    """An answer, to be given again; `route` is what it counts as."""

    body: bytes
    tag: str
    headers: Sequence[tuple[str, str]]
    route: str


class _Kept:
    """What a thread keeps: its connection, and what it read since somebody last wrote."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        self.connection.execute("PRAGMA query_only=ON")
        self.version = -1
        self.answers: dict[str, tuple[bytes, str]] = {}
        self.tokens: dict[str, tuple[Identity, Any, Any]] = {}
        self.whole: dict[tuple[str, ...], _Whole] = {}
        self.bytes = 0
        self.names: dict[str, str] = {}
        self.way = Raw(self.connection, self.names)
        self._thresholds: Thresholds | None = None

    def fresh(self) -> None:
        """Forget everything if anything was written since."""
        version = self.connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self.version:
            self.version = version
            self.answers.clear()
            self.tokens.clear()
            self.whole.clear()
            self.names.clear()
            self._thresholds = None
            self.bytes = 0

    @contextmanager
    def one_state(self) -> Iterator[Raw]:
        """Statements that all see the same."""
        self.connection.execute("BEGIN")
        try:
            yield self.way
        finally:
            self.connection.execute("COMMIT")

    def thresholds(self) -> Thresholds:
        """Those of the desks, as they were when somebody last wrote."""
        if self._thresholds is None:
            self._thresholds = thresholds_of(self.connection.execute(_DESKS))
        return self._thresholds

    def keep(self, asked: tuple[str, ...], answer: _Whole) -> None:
        """Keep an answer, in place of all others where they become too many."""
        if self.bytes + len(answer.body) > _MOST_BYTES:
            self.whole.clear()
            self.bytes = 0
        self.whole[asked] = answer
        self.bytes += len(answer.body)


class Lane:
    """A WSGI application that answers look-ups itself and passes on all else."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._rest: WSGIApplication = app.wsgi_app
        self._watch: Watch = app.extensions["ledger_watch"]
        self._max_age: int = app.extensions["ledger"].settings.lookup_max_age
        self._threads = threading.local()

    @property
    def _limits(self) -> Limits:
        limits: Limits = self._app.extensions["ledger_limits"]
        return limits

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "GET" and path.startswith("/api/v1/"):
            began = time.perf_counter()
            if path.endswith(_TAIL) and path.startswith(_HEAD) and not environ.get("QUERY_STRING"):
                asker, found = self._asker(environ), None
                if asker is not None and is_id(id := path[len(_HEAD) : -len(_TAIL)]):
                    found = self._status(asker[1], id)
                if asker is not None and found is not None:
                    return self._send(environ, start_response, began, asker[0], found)
            elif (match := _KEPT.match(path)) and _plain(environ.get("QUERY_STRING", "")):
                asker = self._asker(environ)
                if asker is not None:
                    return self._again(environ, start_response, began, asker, match)
        return self._rest(environ, start_response)

    def _asker(self, environ: "WSGIEnvironment") -> tuple[Identity, _Kept] | None:
        """Who asks, if they may look and nothing else is to be done about it; and what their thread keeps."""
        scheme, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        database: Database = self._app.extensions["ledger"].database
        if scheme.lower() != "bearer" or database.file is None:
            return None
        try:
            kept = self._kept(database.file)
            kept.fresh()
            who = self._who(database, kept, secret.strip())
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        return (who, kept) if who is not None and who.may(Permission.READ) else None

    def _status(self, kept: _Kept, id: str) -> _Whole | None:
        try:
            found = kept.answers.get(id) or self._read(kept, id)
        except sqlite3.Error:
            return None
        return None if found is None else _Whole(*found, _JSON, _ROUTE)

    def _again(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began: float,
        asker: tuple[Identity, _Kept],
        match: re.Match[str],
    ) -> Iterable[bytes]:
        """What was answered before, or else what is answered now, kept for the next time."""
        who, kept = asker
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        asked = (environ["HTTP_AUTHORIZATION"], environ.get("SCRIPT_NAME", ""), path, query)
        found = kept.whole.get(asked)
        if found is None and match[1] == "claims" and not environ.get("SCRIPT_NAME"):
            found = self._first(kept, path, match[2], query)
            if found is not None and len(found.body) <= _LONGEST:
                kept.keep(asked, found)
        if found is not None:
            return self._send(environ, start_response, began, who, found)
        status, headers, body = _asked_of(self._rest, environ, start_response)
        tag = headers.get("ETag", "")
        if status.startswith("200") and tag and len(body) <= _LONGEST:
            route = f"/api/v1/{match[1]}" + ("/<id>" if match[2] else "") if match[1] else path
            of_its_own = [(name, headers[name]) for name in ("Content-Type", "Link") if name in headers]
            kept.keep(asked, _Whole(body, tag.strip('"'), of_its_own, route))
        return [body]

    def _first(self, kept: _Kept, path: str, id: str | None, query: str) -> _Whole | None:
        """A claim with all that belongs to it, or a page of claims; None where Flask must answer."""
        try:
            return _page(kept, path, query) if id is None else None if query else _claim(kept, id)
        except sqlite3.Error:
            return None

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
        row = kept.connection.execute(_STATEMENT, (id,)).fetchone()
        while row is not None and row[5] is not None:
            row = kept.connection.execute(_STATEMENT, (row[5],)).fetchone()
        if row is None:
            return None
        claim, version, status, updated_at, stale_since, _, label = row
        known = looked_up(
            id,
            claim,
            version=version,
            status=status,
            label=label,
            updated_at=_timestamp(updated_at),
            stale_since=stale_since and _timestamp(stale_since),
        )
        found = answer(known)
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
        found: _Whole,
    ) -> Iterable[bytes]:
        counted = self._limits.of_token(who)
        if counted is None:
            return self._rest(environ, start_response)
        had = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = bool(had) and parse_etags(had).contains_weak(found.tag)
        request = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [("ETag", f'"{found.tag}"'), *_HEADERS, *counted, ("X-Request-Id", request)]
        headers.append(("Cache-Control", asker_may_keep(found.route, self._max_age)))
        for name, value in found.headers:
            if name != "Content-Type" or not unchanged:
                headers.append((name, value))
        if not unchanged:
            headers.append(("Content-Length", str(len(found.body))))
        status = 304 if unchanged else 200
        seconds = time.perf_counter() - began
        self._watch.counted("GET", found.route, status, seconds)
        self._watch.told("GET", environ["PATH_INFO"], status, seconds, who.actor, request=request)
        start_response("304 NOT MODIFIED" if unchanged else "200 OK", headers)
        return [] if unchanged else [found.body]


def _claim(kept: _Kept, id: str) -> _Whole | None:
    with kept.one_state() as way:
        found = claim_file(way, id)
    if found is None:
        return None
    body, version = found
    return _Whole(body, tag_of(body, version), _JSON, "/api/v1/claims/<id>")


def _page(kept: _Kept, path: str, query: str) -> _Whole | None:
    asked = understood(query)
    if asked is None:
        return None
    with kept.one_state() as way:
        body, following = claims_page(way, kept.thresholds(), asked.wish, write_keys)
    link = [] if following is None else [("Link", f'<{asked.further(path, following)}>; rel="next"')]
    return _Whole(body, tag_of(body), [*_JSON, *link], path)


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


def _timestamp(stored: str) -> str:
    # As SQLAlchemy writes a time into SQLite: 2026-11-23 13:57:02.123456, in UTC.
    return stored.replace(" ", "T") + "Z"

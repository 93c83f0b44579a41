"""A hot path: look-ups that are answered before Flask begins, on SQLite.

Bots and sites ask for a claim's status, for the claim and for pages of claims, so that these have a way of
their own: a connection for which readers queue, and few statements. How claims stand is held in memory and
dropped as the log tells; what else was answered about claims and articles, here or by Flask, is given again
for as long as nothing was written, which SQLite tells exactly (`PRAGMA data_version`, 3 µs). Whatever is not
plain (no token or a bad one, an unusual parameter, no such claim, a fault) goes on to Flask, which answers
the same; a test compares both.
"""

import hashlib
import math
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import sqlalchemy as sa
import structlog
from flask import Flask
from werkzeug.http import parse_etags

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Unauthorized
from ledger.ids import is_id
from ledger.services import tokens
from ledger.services.statuses import looked_up
from ledger.store import standings
from ledger.store.desks import Thresholds, thresholds_of
from ledger.store.readout import Raw, claim_file, claims_page
from ledger.web.headers import ALWAYS, ASKERS_OWN, asker_may_keep
from ledger.web.limits import Limits
from ledger.web.listing import understood
from ledger.web.observe import Watch, request_id
from ledger.web.paging import write_keys

if TYPE_CHECKING:
    from datetime import datetime

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ledger.db import Database

_HEAD, _TAIL = "/api/v1/claims/", "/status"
_ROUTE = "/api/v1/claims/<id>/status"
_DESKS = "SELECT id, threshold FROM desk"
_STATEMENT = standings.ONE
_log = structlog.get_logger("ledger.lookups")
# As Flask's way has them; what packs pages and keeps sessions adds its own there.
_HEADERS = (*ALWAYS, ("Vary", f"{ASKERS_OWN[1][1]}, Accept-Encoding, Cookie"))
_MOST_ANSWERS = 20_000
_MOST_STANDINGS = 1_000_000
_MANY_MISSES, _AGAIN_SECONDS = 200, 60
# What depends on nothing but what is asked and what the database holds; the time of day, say, plays no part.
_KEPT = re.compile(r"/api/v1/(claims|articles)(?:/([0-9a-f-]{36}))?\Z|/api/v1/articles/lookup\Z")
_PARAMETERS = frozenset({"limit", "after", "status", "kind", "url", "below", "order"})
_MOST_BYTES = 4 << 20  # of such answers
_LONGEST = 256 << 10
_JSON = [("Content-Type", "application/json")]
_MOST_TOKENS = 1_000
_VERSION = "PRAGMA data_version"
_LONG = 0.5  # seconds: what takes longer is for Flask, which has a connection for each
_STEPS = 10_000  # of SQLite's own machine, a millisecond


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


class _Whole(NamedTuple):
    """An answer, to be given again; `route` is what it counts as."""

    body: bytes
    tag: str
    headers: Sequence[tuple[str, str]]
    route: str


class _Reader:
    """A connection for which readers queue.

    SQLite lets other threads run at each step, and each such turn costs more than the step itself; those that
    wait here for theirs do not ask for one.
    """

    def __init__(self, path: str, *, seconds: float = math.inf) -> None:
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self.connection.execute("PRAGMA query_only=ON")
        self._ends = math.inf
        self._seconds = seconds
        if seconds < math.inf:
            self.connection.set_progress_handler(lambda: time.monotonic() > self._ends, _STEPS)

    @contextmanager
    def one_state(self, names: dict[str, str]) -> Iterator[Raw]:
        """Statements that all see the same, for whoever holds the lock; cut off when they take too long."""
        self._ends = time.monotonic() + self._seconds
        self.connection.execute("BEGIN")
        try:
            yield Raw(self.connection, names)
        finally:
            self.connection.execute("COMMIT")


class _Kept:
    """What a process keeps: its connections, and what it read that still holds.

    All of it is for whoever holds the lock of `near`, which looks up what is found by an id. Pages, which
    may take long, are read by `far`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.near, self.far = _Reader(path), _Reader(path, seconds=_LONG)
        self.checks = 0
        self.states = 0
        self._version = self._seq = -1
        self._misses, self._load_from = 0, -math.inf
        self._forget()

    def _forget(self) -> None:
        self.answers: dict[str, tuple[bytes, str]] = {}
        self.tokens: dict[str, tuple[Identity, datetime]] = {}
        self.standings = standings.Standings()
        self._forget_pages()

    def _forget_pages(self) -> None:
        self.whole: dict[tuple[str, ...], _Whole] = {}
        # New ones: whoever still reads what was before goes on with the old ones.
        self.names: dict[str, str] = {}
        self.thresholds: list[Thresholds] = []
        self.bytes = 0

    def fresh(self, ticket: int) -> None:
        """Drop what was written over before `ticket`, a number of `checks`, was taken."""
        if self.checks != ticket:
            return  # somebody looked since, while one waited for the lock
        self.checks += 1
        before, self._version = self._version, -1
        news = None
        try:
            self._version = self.near.connection.execute(_VERSION).fetchone()[0]
            if self._version == before:
                return
            news = standings.news(self.near.connection, self._seq)
        finally:
            # Others go by this look: where it failed, nothing of what is kept is to be believed.
            if self._version != before or before == -1:
                self.states += 1
                self._drop(news)

    def _drop(self, news: standings.News | None) -> None:
        if news is None:
            self._forget()
            self._seq = standings.newest(self.near.connection)
            return
        self._forget_pages()
        self._seq = news.newest
        for id in news.claims:
            self.answers.pop(id, None)
            self.standings.drop(id)
        if news.rights:
            self.tokens.clear()

    def missed(self) -> None:
        """Note that a standing had to be read; where that is often, have those of all claims loaded."""
        self._misses += 1
        if self._misses > max(_MANY_MISSES, len(self.standings) // 4) and time.monotonic() > self._load_from:
            self._misses, self._load_from = 0, time.monotonic() + _AGAIN_SECONDS
            threading.Thread(target=self._load, name="ledger-standings", daemon=True).start()

    def _load(self) -> None:
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=5)) as connection:
                began = standings.newest(connection)
                found = standings.loaded(connection, _MOST_STANDINGS)
            with self.near.lock:
                news = standings.news(self.near.connection, began)
                if news is not None:
                    for id in news.claims:
                        found.drop(id)
                    self.standings = found
        except sqlite3.Error:
            _log.warning("standings are not held", exc_info=True)

    def keep(self, asked: tuple[str, ...], answer: "_Whole | None", state: int) -> None:
        """Keep an answer of this state if it is still the last; in place of all where they are too many."""
        if answer is None or state != self.states or len(answer.body) > _LONGEST:
            return
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
        self._always: dict[str, tuple[tuple[str, str], ...]] = {}
        self._making = threading.Lock()
        self._kept: _Kept | None = None

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

    def _opened(self) -> _Kept | None:
        database: Database = self._app.extensions["ledger"].database
        kept, path = self._kept, database.file
        if path is None or (kept is not None and kept.path == path):
            return kept if path else None
        with self._making:
            if self._kept is None or self._kept.path != path:
                self._kept = _Kept(path)
            return self._kept

    def _asker(self, kept: _Kept, ticket: int, environ: "WSGIEnvironment") -> Identity | None:
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
                found = kept.answers.get(id) or _held(kept, id) or _read(kept, id)
                if found is None:
                    return None
                # Inside as well: who waits for the lock does not contend for the interpreter's own.
                return self._send(environ, start_response, began, who, _Whole(*found, _JSON, _ROUTE))
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
                    found = _claim(kept, match[2])
                    kept.keep(asked, found, state)
                if found is not None:
                    return self._send(environ, start_response, began, who, found)
            if ours and not match[2] and (found := _page(kept, path, query)):
                with kept.near.lock:
                    kept.keep(asked, found, state)
                return self._send(environ, start_response, began, who, found)
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        status, headers, body = _asked_of(self._rest, environ, start_response)
        tag = headers.get("ETag", "")
        if status.startswith("200") and tag:
            route = f"/api/v1/{match[1]}" + ("/<id>" if match[2] else "") if match[1] else path
            of_its_own = [(name, headers[name]) for name in ("Content-Type", "Link") if name in headers]
            with kept.near.lock:
                kept.keep(asked, _Whole(body, tag.strip('"'), of_its_own, route), state)
        return [body]

    def _who(self, kept: _Kept, secret: str) -> Identity | None:
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

    def _send(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began: float,
        who: Identity,
        found: _Whole,
    ) -> Iterable[bytes] | None:
        """Answer; None where the asker has asked too often."""
        counted = self._limits.of_token(who)
        if counted is None:
            return None
        had = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = bool(had) and parse_etags(had).contains_weak(found.tag)
        request = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        always = self._always.get(found.route)
        if always is None:
            kept_for = asker_may_keep(found.route, self._max_age)
            always = self._always[found.route] = (*_HEADERS, ("Cache-Control", kept_for))
        headers = [*always, *counted, ("ETag", f'"{found.tag}"'), ("X-Request-Id", request)]
        if unchanged:
            headers += [one for one in found.headers if one[0] != "Content-Type"]
        else:
            headers += found.headers
            headers.append(("Content-Length", str(len(found.body))))
        status = 304 if unchanged else 200
        seconds = time.perf_counter() - began
        self._watch.counted("GET", found.route, status, seconds)
        self._watch.told("GET", environ["PATH_INFO"], status, seconds, who.actor, request=request)
        start_response("304 NOT MODIFIED" if unchanged else "200 OK", headers)
        return [] if unchanged else [found.body]


def _held(kept: _Kept, id: str) -> tuple[bytes, str] | None:
    """How a claim stands, where that is held; for who holds the lock."""
    held = kept.standings.get(id)
    if held is None:
        kept.missed()
        return None
    return answer(looked_up(id, id, **held))


def _read(kept: _Kept, id: str) -> tuple[bytes, str] | None:
    """How a claim stands, read; for who holds the lock."""
    row = kept.near.connection.execute(_STATEMENT, (id,)).fetchone()
    while row is not None and row[5] is not None:
        row = kept.near.connection.execute(_STATEMENT, (row[5],)).fetchone()
    if row is None:
        return None
    claim, version, status, updated_at, stale_since, _, label, reasons = row
    known = looked_up(
        id,
        claim,
        version=version,
        status=status,
        label=label,
        updated_at=_timestamp(updated_at),
        stale_since=stale_since and _timestamp(stale_since),
        stale_reasons=reasons and orjson.loads(reasons),
    )
    found = answer(known)
    # The log tells when this claim changes; not when the one that it was merged into does.
    if claim == id:
        if len(kept.answers) >= _MOST_ANSWERS:
            kept.answers.clear()
        kept.answers[id] = found
    return found


def _claim(kept: _Kept, id: str) -> _Whole | None:
    """A claim with all that belongs to it; for who holds the lock."""
    with kept.near.one_state(kept.names) as way:
        found = claim_file(way, id)
    if found is None:
        return None
    body, version = found
    return _Whole(body, tag_of(body, version), _JSON, "/api/v1/claims/<id>")


def _page(kept: _Kept, path: str, query: str) -> _Whole | None:
    """A page of claims; None where Flask must answer."""
    asked = understood(query)
    if asked is None or not kept.far.lock.acquire(timeout=_LONG):
        return None
    try:
        known = kept.thresholds
        with kept.far.one_state(kept.names) as way:
            if not known:
                known.append(thresholds_of(kept.far.connection.execute(_DESKS)))
            body, following = claims_page(way, known[0], asked.wish, write_keys)
    finally:
        kept.far.lock.release()
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

"""What sees each request first: answers look-ups itself and passes on all else.

It needs neither Flask nor the models, so that it is there long before the application is made. How claims
stand is told meanwhile; whoever asks for something else waits for the first that can answer it.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

import orjson

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.ids import is_id
from ledger.settings import Settings
from ledger.store import askers
from ledger.web.budgets import AGAIN, Limits
from ledger.web.headers import ALWAYS
from ledger.web.lane import statuses
from ledger.web.lane.answers import JSON, Sender, Whole
from ledger.web.lane.kept import Kept
from ledger.web.watch import Watch, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEAD, _TAIL = "/api/v1/claims/", "/status"
_ROUTE = "/api/v1/claims/<id>/status"
_ALIVE = "/healthz"
_MOST_TOKENS = 1_000
_SQLITE = "sqlite:///"
_PATIENCE = 60  # seconds: what is not made by then has hung
_WAY = 0.1  # seconds for which what is being made gives way to who waited
_NOT_NOW = orjson.dumps(
    {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The ledger is starting, or stopping. Ask again in a moment.",
        "code": "unavailable",
    }
)


class Answering(Protocol):
    """What answers some requests and leaves the others, by None."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", began: float, /
    ) -> Iterable[bytes] | None: ...


class Lane:
    """A WSGI application that answers look-ups itself and passes on all else, once there is who takes it."""

    def __init__(self, settings: Settings) -> None:
        own, path = Limits(settings), _plain_file(settings.database_url)
        self.limits: Callable[[], Limits] = lambda: own
        self.file: Callable[[], str | None] = lambda: path
        self.watch = Watch(settings.log_level)
        self.sender = Sender(self.watch, settings.lookup_max_age)
        self.rest: WSGIApplication | None = None
        self._others: Answering | None = None
        self._pages: Answering | None = None
        self._step, self._over = 0, False
        self._news = threading.Condition()
        # Threads: of those who wait for the next step, and of those who were just woken by one.
        self._waiting: set[int] = set()
        self._asking: set[int] = set()
        # One thread is left for those who need not wait.
        self._room = threading.Semaphore(max(1, settings.threads - 1))
        self._used: set[str] = set()
        self._making = threading.Lock()
        self._kept: Kept | None = None

    def meanwhile(self, others: Answering, pages: Answering | None = None) -> None:
        """Answer by these what they can answer until there is who takes all; who waited comes first."""
        self._others, self._pages = others, pages
        self._tell()
        with self._news:
            self._news.wait_for(lambda: not self._asking, _WAY)

    def go_before(
        self,
        rest: "WSGIApplication",
        others: Answering,
        *,
        file: Callable[[], str | None],
        limits: Callable[[], Limits],
    ) -> None:
        """Pass on to `rest` from now on what neither this nor `others` answers, also for who waits."""
        self.file, self.limits = file, limits
        self._others, self.rest, self._pages = others, rest, None
        self._tell()

    def give_up(self) -> None:
        """Let nobody wait any longer for what is not made yet."""
        self._over = True
        self._tell()

    def _tell(self) -> None:
        with self._news:
            self._step += 1
            self._asking |= self._waiting
            self._waiting.clear()
            self._news.notify_all()

    def _asked(self, thread: int) -> None:
        with self._news:
            self._asking.discard(thread)
            self._news.notify_all()

    def unnoted(self) -> set[str]:
        """The ids of the tokens that were used before anybody could note it; told once."""
        kept = self.opened()
        if kept is None:
            return set()
        with kept.near.lock:
            used, self._used = self._used, set()
        return used

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        step, path = self._step, environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "GET" and path.startswith("/api/v1/"):
            began = time.perf_counter()
            answered: Iterable[bytes] | None = None
            if path.endswith(_TAIL) and path.startswith(_HEAD) and not environ.get("QUERY_STRING"):
                if is_id(id := path[len(_HEAD) : -len(_TAIL)]):
                    answered = self._status(environ, start_response, began, id)
            elif self._others is not None:
                answered = self._others(environ, start_response, began)
            if answered is not None:
                return answered
        if self.rest is not None:
            return self.rest(environ, start_response)
        if path == _ALIVE and environ["REQUEST_METHOD"] == "GET":
            return self._alive(environ, start_response)
        if (pages := self._pages) is not None:
            shown = pages(environ, start_response, time.perf_counter())
            if shown is not None:
                return shown
        return self._later(environ, start_response, step)

    def _alive(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Tell that the process lives, which needs nothing that is still to be made."""
        body = b'{"ok":true}\n'
        self.watch.counted("GET", _ALIVE, 200, 0.0)
        request = "X-Request-Id", request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        start_response("200 OK", [*ALWAYS, *JSON, ("Content-Length", str(len(body))), request])
        return [body]

    def _later(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", step: int
    ) -> Iterable[bytes]:
        """Wait for what comes after that step, and ask again."""
        began, thread = time.perf_counter(), threading.get_ident()
        self._asked(thread)
        if not self._over and self._room.acquire(blocking=False):
            with self._news:
                self._waiting.add(thread)
                self._news.wait_for(lambda: self._step != step, _PATIENCE)
                self._waiting.discard(thread)
            self._room.release()
        if self.rest is not None or (self._step != step and not self._over):
            try:
                return self(environ, start_response)
            finally:
                self._asked(thread)
        seconds = time.perf_counter() - began
        self.watch.counted("other", "unknown", 503, seconds)
        self.watch.told("other", "unknown", 503, seconds, None)
        length = ("Content-Length", str(len(_NOT_NOW)))
        problem = ("Content-Type", "application/problem+json")
        start_response("503 SERVICE UNAVAILABLE", [*ALWAYS, problem, length, (AGAIN, "1")])
        return [_NOT_NOW]

    def opened(self) -> Kept | None:
        """What is kept of the SQLite file; None where the database is another."""
        kept, path = self._kept, self.file()
        if path is None or (kept is not None and kept.path == path):
            return kept if path else None
        with self._making:
            if self._kept is None or self._kept.path != path:
                self._kept = Kept(path)
            return self._kept

    def plain_asker(self, kept: Kept, environ: "WSGIEnvironment") -> Identity | None:
        """Who asks, if that is in memory, they may look and nothing else is to be done about it."""
        known = kept.tokens.get(_secret(environ) or "")
        plain = known is not None and clock.now() < known.plain_until and known.who.may(Permission.READ)
        return known.who if known is not None and plain else None

    def asker(self, kept: Kept, ticket: int, environ: "WSGIEnvironment") -> Identity | None:
        """The same, read where it is not in memory; for who holds the lock."""
        secret = _secret(environ)
        if secret is None:
            return None
        kept.fresh(ticket)
        who = self._who(kept, secret)
        return who if who is not None and who.may(Permission.READ) else None

    def _who(self, kept: Kept, secret: str) -> Identity | None:
        known = kept.tokens.get(secret)
        if known is None:
            known = askers.asker(kept.near.connection, secret)
            if known is None:
                return None
            if len(kept.tokens) >= _MOST_TOKENS:
                kept.tokens.clear()
            kept.tokens[secret] = known
        now = clock.now()
        if now < known.plain_until:
            return known.who
        if self.rest is None and now < known.ends:
            self._used.add(known.token)
            return known.who
        # That a token is in use is to be noted now and then, which Flask's way does; no event tells of it.
        del kept.tokens[secret]
        return None

    def _status(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", began: float, id: str
    ) -> Iterable[bytes] | None:
        def send(who: Identity, found: tuple[bytes, str]) -> Iterable[bytes] | None:
            whole = Whole(*found, JSON, _ROUTE)
            return self.sender.send(environ, start_response, began, self.limits(), who, whole)

        try:
            kept = self.opened()
            if kept is None:
                return None
            if kept.unchanged() and (who := self.plain_asker(kept, environ)):
                found = statuses.held(kept, id)
                if found is not None:
                    return send(who, found)
            ticket = kept.checks
            with kept.near.lock:
                who = self.asker(kept, ticket, environ)
                if who is None:
                    return None
                found = statuses.held(kept, id) or statuses.read(kept, id)
                # Inside as well: who waits for the lock does not contend for the interpreter's own.
                return None if found is None else send(who, found)
        except sqlite3.Error:
            return None


def _secret(environ: "WSGIEnvironment") -> str | None:
    scheme, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _plain_file(url: str) -> str | None:
    """The path of a SQLite file, where an address names nothing but that."""
    path = url.removeprefix(_SQLITE)
    plain = path and path not in (url, ":memory:") and "?" not in path and "%" not in path
    return path if plain else None

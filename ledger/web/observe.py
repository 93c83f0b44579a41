"""Logs with a request id, metrics, and the two questions that an operator's probes ask."""

import itertools
import logging
import re
import sys
import time
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from ledger.errors import Unavailable
from ledger.ids import new_id
from ledger.models import JobState
from ledger.settings import Settings
from ledger.store import events, jobs
from ledger.web.context import parts, public

_log = structlog.get_logger("ledger.request")
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
# Requests of one process have ids that differ in their last digits: making one up each time costs more.
_first_id = new_id()
_more = itertools.count(int(_first_id[-12:], 16) >> 1)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


def configure_logs(settings: Settings) -> None:
    """Send log lines to standard error, for a person or for a program."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Without the local variables that both show by default: a password may be among them.
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    tail: list[Any] = (
        [structlog.processors.ExceptionRenderer(plain), structlog.processors.JSONRenderer()]
        if settings.log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[*shared, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


class Watch:
    """Counts answers and writes a line of the log for each."""

    def __init__(self, registry: CollectorRegistry, log_level: str) -> None:
        labels = ["method", "route", "status"]
        self._answered = Counter("ledger_requests_total", "Requests", labels, registry=registry)
        self._took = Histogram("ledger_request_seconds", "Time to answer", ["route"], registry=registry)
        # Looking a counter up by its labels takes longer than counting.
        self._met: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._silent = getattr(logging, log_level.upper()) > logging.INFO

    def counted(self, method: str, route: str, status: int, seconds: float) -> None:
        """An answer was given."""
        met = self._met.get((method, route, status))
        if met is None:
            met = self._answered.labels(method, route, status), self._took.labels(route)
            self._met[method, route, status] = met
        met[0].inc()
        met[1].observe(seconds)

    def told(
        self, method: str, path: str, status: int, seconds: float, actor: str | None, **more: Any
    ) -> None:
        """Write the line of the log for it."""
        if self._silent:
            return
        ms = round(seconds * 1000, 1)
        _log.info("answered", method=method, path=path, status=status, ms=ms, actor=actor, **more)


def request_id(given: str) -> str:
    """The id by which a request is known: the one that was sent along, where it has the form of one."""
    # What others send is kept only where it can't forge a log line.
    return given if given and _REQUEST_ID.match(given) else f"{_first_id[:-12]}{next(_more):012x}"


def register(app: Flask, settings: Settings) -> None:
    """Watch every request, and answer /healthz, /readyz and /metrics."""
    registry = CollectorRegistry()
    watch = app.extensions["ledger_watch"] = Watch(registry, settings.log_level)
    in_log = Gauge("ledger_events", "Events in the log", registry=registry)
    promised = Gauge("ledger_jobs", "Jobs by state", ["state"], registry=registry)

    @app.before_request
    def _begin() -> None:
        g.request_id = request_id(request.headers.get("X-Request-Id", ""))
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "unknown"
        # A word of the sender's own making must not become a number of ours.
        method = request.method if request.method in _METHODS else "other"
        watch.counted(method, route, response.status_code, seconds)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in ("static", "healthz", "readyz", "metrics"):
            who = g.get("identity")
            watch.told(method, _path(), response.status_code, seconds, who.actor if who else None)
        return response

    @app.get("/healthz")
    @public
    def healthz() -> dict[str, bool]:
        """The process lives."""
        return {"ok": True}

    @app.get("/readyz")
    @public
    def readyz() -> tuple[dict[str, Any], int]:
        """Database, schema and captures folder are there."""
        faults = _faults()
        return {"ok": not faults, "faults": faults}, 503 if faults else 200

    @app.get("/metrics")
    @public
    def metrics() -> Response:
        """Numbers for Prometheus."""
        with parts().database.read() as session:
            in_log.set(events.size(session))
            counts = jobs.counts(session)
            for state in JobState:
                promised.labels(state).set(counts.get(state, 0))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _path() -> str:
    """The path as it may be logged: no line ends, and no one-time secret."""
    path = request.path
    secret = (request.view_args or {}).get("secret")
    if isinstance(secret, str):
        path = path.replace(secret, "***")
    return quote(path, safe="/:@*")


def _faults() -> list[str]:
    faults = []
    engine = parts().database.engine
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        # Alembic takes a tenth of the time that the service needs to start.
        from ledger.migrations import commands as migrations

        if migrations.current(engine) != migrations.newest(engine):
            faults.append("the schema is not the newest: run `ledger db upgrade`")
    except sa.exc.SQLAlchemyError:
        faults.append("the database does not answer")
    try:
        parts().blobs.check()
    except Unavailable as error:
        faults.append(f"the captures can't be written: {error}")
    return faults

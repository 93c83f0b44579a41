"""Every request watched, metrics, and the two questions that an operator's probes ask."""

import time
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ledger.errors import Unavailable
from ledger.models import JobState
from ledger.store import events, jobs
from ledger.web.context import parts, public
from ledger.web.watch import Watch, request_id

_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def register(app: Flask, watch: Watch) -> None:
    """Watch every request, and answer /healthz, /readyz and /metrics."""

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
            watch.in_log.set(events.size(session))
            counts = jobs.counts(session)
            for state in JobState:
                watch.jobs.labels(state).set(counts.get(state, 0))
        return Response(generate_latest(watch.registry), content_type=CONTENT_TYPE_LATEST)


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

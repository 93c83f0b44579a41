"""Log lines with a request id, and counts of answers; without Flask, which some answers precede."""

import itertools
import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ledger.ids import new_id

if TYPE_CHECKING:
    from ledger.settings import Settings

_log = structlog.get_logger("ledger.request")
# Requests of one process have ids that differ in their last digits: making one up each time costs more.
_first_id = new_id()
_more = itertools.count(int(_first_id[-12:], 16) >> 1)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


def configure_logs(settings: "Settings") -> None:
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

    def __init__(self, log_level: str) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "route", "status"]
        self._answered = Counter("ledger_requests_total", "Requests", labels, registry=self.registry)
        self._took = Histogram("ledger_request_seconds", "Time to answer", ["route"], registry=self.registry)
        self.in_log = Gauge("ledger_events", "Events in the log", registry=self.registry)
        self.jobs = Gauge("ledger_jobs", "Jobs by state", ["state"], registry=self.registry)
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

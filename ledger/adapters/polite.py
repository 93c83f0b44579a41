"""Asking sites again and again without being a nuisance to them.

Whoever asks on the ledger's own account, and not for a person who waits, asks through here. All workers
share one row for each site, so that together they keep to what the site wants:

- one request at a time, some seconds apart, or as many as its robots.txt asks for;
- nothing that its robots.txt forbids (RFC 9309), which is read once a day;
- only by what the site said to ask by, so that an unchanged page is not sent;
- not before it said that we may (Retry-After); where it says nothing and does not answer well, after a
  minute, two, four … and a day at the most.

A refusal by robots.txt is a FetchFailed with the reason `robots`.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from ledger import clock
from ledger.adapters.connections import failed
from ledger.adapters.fetch import AnyFetcher, Fetched, Validators
from ledger.db import Database
from ledger.errors import FetchFailed
from ledger.models import Host
from ledger.store import hosts

SECONDS = 5.0
AGENT = "claim-ledger"
"""The name by which a robots.txt may speak to us."""
LONGEST_PEACE = 7 * 86_400
_LONGEST_DELAY = 300
_MOST_ROBOTS = 500 * 1024
_FIRST_WAIT, _LONGEST_WAIT = 60, 86_400
_ROBOTS_KEPT, _ROBOTS_MISSED = timedelta(days=1), timedelta(hours=1)
_BUSY = frozenset({408, 425, 429})


class Later(Exception):
    """It is not our turn with that site; `at` is the moment to come back."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"not before {at.isoformat()}")
        self.at = at


class Polite:
    """Asks sites in turn; `seconds` is the least time between two requests to one of them."""

    def __init__(self, fetcher: AnyFetcher, database: Database, *, seconds: float = SECONDS) -> None:
        self._fetcher = fetcher
        self._database = database
        self._seconds = seconds

    def again(self, url: str, known: Validators | None = None) -> Fetched | None:
        """The page at `url`, or None if it is as it was.

        Raises Later where the site is not to be asked now, and FetchFailed where it gives no page.
        """
        name = host_of(url)
        with self._database.write() as session:
            host, at = hosts.take_turn(session, name, least=self._seconds)
            stale = host.robots_until is None or host.robots_until <= clock.now()
            robots = host.robots
        if at is not None:
            raise Later(at)
        if stale:
            robots = self._read_robots(url, name)
        if robots is None or not _rules(robots).can_fetch(url, AGENT):
            raise _forbidden(robots)
        try:
            page = self._fetcher.again(url, known)
        except FetchFailed as error:
            self._note(name, error)
            raise
        self._note(name, None)
        return page

    def _read_robots(self, url: str, name: str) -> str | None:
        """The site's rules, kept for a day; without any, everything is allowed, and nothing while the
        site can't say."""
        parts = urlsplit(url)
        try:
            page = self._fetcher.fetch(f"{parts.scheme}://{parts.netloc}/robots.txt")
            robots: str | None = page.body[:_MOST_ROBOTS].decode("utf-8", "replace").replace("\0", "")
        except FetchFailed as error:
            robots = "" if _has_none(error) else None
            if robots is None:
                self._note(name, error)
        delay = _rules(robots).crawl_delay(AGENT) if robots else None
        with self._database.write() as session:
            host = session.get_one(Host, name)
            host.robots = robots
            host.robots_until = clock.now() + (_ROBOTS_MISSED if robots is None else _ROBOTS_KEPT)
            host.crawl_delay = min(delay, _LONGEST_DELAY) if delay else None
            hosts.leave_in_peace(session, name, seconds=host.crawl_delay or 0)
        if robots is None:
            raise _forbidden(None)
        return robots

    def _note(self, name: str, error: FetchFailed | None) -> None:
        """Leave a site in peace that does not do well, the longer the longer."""
        with self._database.write() as session:
            host = session.get_one(Host, name)
            asked = error.facts.get("retry_after") if error else None
            if error is None or (asked is None and not _struggles(error)):
                host.failures = 0
                return
            host.failures += 1
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(host.failures - 1, 20))
            seconds = min(LONGEST_PEACE, asked) if asked is not None else wait
            hosts.leave_in_peace(session, name, seconds=seconds)


def host_of(url: str) -> str:
    """The site of an address, as a row is named by it."""
    return urlsplit(url).netloc[:300]


def _rules(robots: str) -> Any:
    # Its import takes long, and the pages never ask for it.
    from protego import Protego

    return Protego.parse(robots)


def _has_none(error: FetchFailed) -> bool:
    """Whether a failed look for robots.txt means that there is none."""
    status = error.facts.get("status")
    # What is no text says nothing to robots; a site that does not answer may say it later.
    return error.facts.get("reason") in ("media-type", "too-large") or (
        isinstance(status, int) and 400 <= status < 500 and status not in _BUSY
    )


def _struggles(error: FetchFailed) -> bool:
    reason, status = error.facts.get("reason"), error.facts.get("status", 0)
    return reason in ("timeout", "unreachable", "broken", "tls") or status in _BUSY or status >= 500


def _forbidden(robots: str | None) -> FetchFailed:
    if robots is None:
        return failed(
            "The site does not tell what programs may read (robots.txt), so we leave it alone for now.",
            reason="robots-unknown",
        )
    return failed(
        f"The site does not want programs to read this page ({AGENT} in its robots.txt). "
        "Open it yourself, and paste what has changed.",
        reason="robots",
    )

"""Claims, articles and pages of them: answered before Flask, or given again as Flask answered."""

import re
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.web.lane import pages
from ledger.web.lane.answers import Whole
from ledger.web.lane.front import Lane

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

# What depends on nothing but what is asked and what the database holds; the time of day, say, plays no part.
_KEPT = re.compile(r"/api/v1/(claims|articles)(?:/([0-9a-f-]{36}))?\Z|/api/v1/articles/lookup\Z")
_PARAMETERS = frozenset({"limit", "after", "status", "kind", "url", "below", "order"})


def register(app: "Flask", lane: Lane) -> None:
    """Put the lane in front of the application."""
    lane.go_before(
        app.wsgi_app,
        Others(lane),
        file=lambda: app.extensions["ledger"].database.file,
        limits=lambda: app.extensions["ledger_limits"],
    )
    app.wsgi_app = lane  # type: ignore[method-assign]


class Others:
    """Answers what is not a status look-up; what only Flask can tell is asked of that, once it is there."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", began: float, /
    ) -> Iterable[bytes] | None:
        """What was answered before, or else what is answered now, kept for the next time."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        match, rest = _KEPT.match(path), self._lane.rest
        if match is None or not _plain(query):
            return None
        under = environ.get("SCRIPT_NAME", "")
        asked = (environ.get("HTTP_AUTHORIZATION", ""), under, path, query)
        ours, lane = match[1] == "claims" and not under, self._lane
        try:
            kept = lane.opened()
            if kept is None:
                return None
            # In this order: what is found after nobody wrote is what holds.
            known = kept.whole.get(asked) if kept.unchanged() else None
            if known is not None and (who := lane.plain_asker(kept, environ)):
                return lane.sender.send(environ, start_response, began, lane.limits(), who, known)
            ticket = kept.checks
            with kept.near.lock:
                who = lane.asker(kept, ticket, environ)
                if who is None:
                    return None
                found, state = kept.whole.get(asked), kept.states
                if found is None and ours and match[2] and not query:
                    found = pages.claim(kept, match[2])
                    if kept.asked_again(match[2]):
                        kept.keep(asked, found, state)
                if found is not None:
                    return lane.sender.send(environ, start_response, began, lane.limits(), who, found)
            if ours and not match[2] and (found := pages.page(kept, path, query)):
                with kept.near.lock:
                    kept.keep(asked, found, state)
                return lane.sender.send(environ, start_response, began, lane.limits(), who, found)
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        if rest is None:
            return None
        status, headers, body = _asked_of(rest, environ, start_response)
        tag = headers.get("ETag", "")
        if status.startswith("200") and tag:
            route = f"/api/v1/{match[1]}" + ("/<id>" if match[2] else "") if match[1] else path
            of_its_own = [(name, headers[name]) for name in ("Content-Type", "Link") if name in headers]
            with kept.near.lock:
                kept.keep(asked, Whole(body, tag.strip('"'), of_its_own, route), state)
        return [body]


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

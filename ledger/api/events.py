"""The log: every change, in order, page by page or as a stream."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from flask import Response, current_app, request
from sqlmodel import Session
from werkzeug.exceptions import ServiceUnavailable

from claims.values import dataclass
from ledger.api.nouns import Noun
from ledger.api.replies import reply_page
from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.errors import Invalid
from ledger.eventlog.canonical import timestamp
from ledger.models import Event
from ledger.schemas.common import page_of
from ledger.schemas.events import EventOut, LogQuery
from ledger.services import tokens
from ledger.store import accounts, claims
from ledger.store import events as store
from ledger.web import live
from ledger.web.context import identity, parts, requires, session

bp = Noun("events", __name__, prefix="/events", about="What happened, in a log that nobody can rewrite.")

STREAM = "text/event-stream"
SEEN_BY_READERS = ("article", "claim", "capture", "desk")
"""The records whose events `ledger:read` shows; the rest is of people, and of what they say to each other."""
_BATCH = 200
_AGAIN = 15  # seconds after which there may be a place for a stream
_PLACE = {
    "in": "header",
    "name": "Last-Event-ID",
    "description": "For a stream: the `id` of the event had last. The stream goes on with the next one; "
    "without it and without `first`, with what happens from now on.",
    "schema": {"type": "string"},
}


def _takes(header: dict[str, Any]) -> Callable[[Any], Any]:
    """Document a header; `doc(parameters=…)` would take the place of the parameters that there are."""

    def decorate(view: Any) -> Any:
        view._apidoc = {"arguments": {"parameters": [header]}}
        return view

    return decorate


@bp.get("")
@requires(Permission.READ)
@bp.arguments(LogQuery, location="query")
@bp.answers(200, page_of(EventOut), listed=True)
@bp.doc(responses={200: {"content": {STREAM: {"schema": {"type": "string"}}}}, 503: "SERVICE_UNAVAILABLE"})
@_takes(_PLACE)
def list_events(query: dict[str, Any]) -> Response:
    """List the log, oldest first, or listen to it

    With `ledger:read`, what happens to articles, claims, captures and desks; all else, accounts among it,
    with `accounts:manage`. After the last page, go on from the last `seq` + 1. With `Accept:
    text/event-stream`, the same events come as server-sent events, as they happen: docs/api.md tells how.
    """
    if wants_stream():
        return _stream(query)
    response = _page(query)
    response.headers.add("Vary", "Accept")
    return response


def wants_stream() -> bool:
    """Whether a stream of events is asked for, rather than a page."""
    return request.accept_mimetypes.best_match(["application/json", STREAM], "application/json") == STREAM


def _nouns(who: Identity) -> tuple[str, ...]:
    """The records whose events somebody may see; none means all."""
    return () if who.may(Permission.ACCOUNTS) else SEEN_BY_READERS


def _page(query: dict[str, Any]) -> Response:
    limit = query["limit"]
    found = store.narrowed(
        session(), first=query["first"], limit=limit + 1, nouns=_nouns(identity()), kinds=query["kind"]
    )
    return _answered(found, limit, by_stream=False)


def events_page(query: dict[str, Any], *, stream: str) -> Response:
    """A page of one record's part of the log."""
    limit = query["limit"]
    found = store.listed(session(), first=query["first"], limit=limit + 1, stream=stream)
    return _answered(found, limit, by_stream=True)


def _answered(found: list[Event], limit: int, *, by_stream: bool) -> Response:
    following = found[limit] if len(found) > limit else None
    rows = found[:limit]
    names = _actors(session(), rows)
    items = [{**row.model_dump(), "actor_name": names.get(row.actor)} for row in rows]
    place = None if following is None else following.version if by_stream else following.seq
    return reply_page(EventOut, items, place, by="first")


def _actors(session: Session, rows: Sequence[Event]) -> dict[str, str]:
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        kind, _, id = row.actor.partition(":")
        by_kind.setdefault(kind, []).append(id)
    named = {"system": "the ledger itself"}
    people = claims.names(session, by_kind.get("account", []))
    programs = accounts.token_names(session, by_kind.get("token", []))
    named |= {f"account:{id}": name for id, name in people.items()}
    named |= {f"token:{id}": name for id, name in programs.items()}
    return named | {f"detector:{name}": name for name in by_kind.get("detector", [])}


# ------------------------------------------------------------------------------------- the stream


@dataclass(frozen=True, slots=True)
class _Listener:
    """Who listens, and to what; it outlives the request."""

    database: Database
    who: Identity
    kinds: tuple[str, ...]


def _stream(query: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
    since = _since(query)
    if request.method == "HEAD":
        return Response(mimetype=STREAM, headers=headers)
    here: live.Live = current_app.extensions["ledger_live"]
    number = here.open(live.Session(identity().account, "", time.time() + live.LONGEST))
    if number is None:
        raise ServiceUnavailable(
            "No place is left for another stream; ask for pages meanwhile.", retry_after=_AGAIN
        )
    listener = _Listener(parts().database, identity(), tuple(query["kind"]))
    response = Response(_lines(here, number, since, listener), mimetype=STREAM, headers=headers)
    response.call_on_close(lambda: here.close(number))
    return response


def _since(query: dict[str, Any]) -> int:
    """The place after which a stream begins. Raises Invalid for one beyond the log's end."""
    newest = store.size(session()) - 1
    given = request.headers.get("Last-Event-ID", "").strip()
    if not given:
        since = query["first"] - 1 if "first" in request.args else newest
    elif given.isascii() and given.removeprefix("-").isdigit() and len(given) <= 17:
        since = max(-1, int(given))
    else:
        raise Invalid("Send the id of the event that you had last: its `seq`.", field="Last-Event-ID")
    if since > newest:
        raise Invalid(
            f"The log ends at {newest}, before this place: it may have been restored from a backup. "
            "Read it from its beginning, or from now on.",
            field="Last-Event-ID" if given else "first",
        )
    return since


def _lines(here: live.Live, number: int, since: int, listener: _Listener) -> Iterator[bytes]:
    """The stream, until it ends or its token does."""
    yield b"retry: 2000\n\n"
    seq = since
    for newest in here.places(number, since):
        if newest is None:
            with listener.database.read() as session:
                if tokens.as_now(session, listener.who) is None:
                    return
            # The place goes with it: who comes back need not be shown again what was left out.
            yield b"id: %d\n\n" % seq
            continue
        while seq < newest:
            found = _next(listener, seq + 1, newest)
            if found is None:
                return
            seq, lines = found
            if lines:
                yield lines


def _next(listener: _Listener, first: int, newest: int) -> tuple[int, bytes] | None:
    """Up to a batch of events, and the last place looked at; None once the token ended."""
    with listener.database.read() as session:
        who = tokens.as_now(session, listener.who)
        if who is None or not who.may(Permission.READ):
            return None
        rows = store.narrowed(session, first=first, limit=_BATCH, nouns=_nouns(who), kinds=listener.kinds)
        names = _actors(session, rows)
    seq = rows[-1].seq if len(rows) == _BATCH else max([newest, *(row.seq for row in rows)])
    return seq, b"".join(_told(row, names.get(row.actor)) for row in rows)


def _told(row: Event, actor_name: str | None) -> bytes:
    data = {**row.model_dump(), "at": timestamp(row.at), "actor_name": actor_name}
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (row.seq, row.kind.encode(), orjson.dumps(data))

"""The log: every change, in order."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply_page
from ledger.auth.identity import Permission
from ledger.models import Event
from ledger.schemas.common import page_of
from ledger.schemas.events import EventOut, EventQuery
from ledger.store import accounts, claims
from ledger.store import events as store
from ledger.web.context import requires, session

bp = Noun("events", __name__, prefix="/events", about="What happened, in a log that nobody can rewrite.")


@bp.get("")
@requires(Permission.ACCOUNTS)
@bp.arguments(EventQuery, location="query")
@bp.answers(200, page_of(EventOut), listed=True)
def list_events(query: dict[str, Any]) -> Response:
    """List the log, oldest first

    What is logged of accounts is in it, hence the scope. After the last page, go on from the last `seq` + 1.
    """
    return events_page(query)


def events_page(query: dict[str, Any], *, stream: str | None = None) -> Response:
    """A page of the log, or of one record's part of it."""
    limit = query["limit"]
    found = store.listed(session(), first=query["first"], limit=limit + 1, stream=stream)
    following = found[limit] if len(found) > limit else None
    rows = found[:limit]
    names = _actors(rows)
    items = [{**row.model_dump(), "actor_name": names.get(row.actor)} for row in rows]
    place = None if following is None else following.version if stream else following.seq
    return reply_page(EventOut, items, place, by="first")


def _actors(rows: list[Event]) -> dict[str, str]:
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        kind, _, id = row.actor.partition(":")
        by_kind.setdefault(kind, []).append(id)
    named = {"system": "the ledger itself"}
    people = claims.names(session(), by_kind.get("account", []))
    programs = accounts.token_names(session(), by_kind.get("token", []))
    named |= {f"account:{id}": name for id, name in people.items()}
    named |= {f"token:{id}": name for id, name in programs.items()}
    return named | {f"detector:{name}": name for name in by_kind.get("detector", [])}

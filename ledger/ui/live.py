"""What open pages hear of: what others change, who is there, and whether one is signed in still."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from claims.model import Span
from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.ids import is_id
from ledger.models import Article, Claim
from ledger.services import feed, presence
from ledger.services.feed import Change
from ledger.services.presence import Here
from ledger.store import comments, records
from ledger.ui import timeline, workspace
from ledger.ui.pages import go, in_place, render, writing
from ledger.web import live, sessions
from ledger.web.context import identity, reading, requires
from ledger.web.live import Live

bp = Blueprint("live", __name__)

_MOST_TOPICS = 100
_MOST_NAMED = 200
"""A change of more claims than these is told of its articles alone."""
_MOST_LINES = 20
_AGAIN = 15  # seconds after which a page that found no place asks again


def register(app: Flask) -> None:
    """Give the application its streams."""
    kept = app.extensions["ledger"]
    app.extensions["ledger_live"] = Live(kept.database, kept.settings.threads // 2)
    app.jinja_env.globals["newest_event"] = _newest_event


def _newest_event() -> int | None:
    """The place in the log that a page shows; the page of an error must do without a database."""
    try:
        return feed.newest(reading())
    except SQLAlchemyError:
        return None


def streams() -> Live:
    """The streams of this process."""
    found: Live = current_app.extensions["ledger_live"]
    return found


@dataclass(frozen=True, slots=True)
class Topics:
    """What an open page wants to hear of."""

    articles: frozenset[str]
    claims: frozenset[str]

    def touched(self, change: Change) -> bool:
        """Whether a change is of anything wanted."""
        return bool(self.articles & change.articles or self.claims & change.claims.keys())


@bp.get("/live")
@requires(Permission.READ)
def stream() -> Response:
    """A stream of what changes in the articles and claims that are named, and of who is there."""
    topics, since, who = _topics(), _since(request.headers.get("Last-Event-ID")), identity()
    if request.method == "HEAD":
        return Response(mimetype="text/event-stream")
    key, until = sessions.kept()
    here = streams()
    number = here.open(live.Session(who.account, key, until, request.args.get("browser", "")[:40]))
    if number is None:
        response = Response("No place is left for another stream.\n", status=503, mimetype="text/plain")
        response.headers["Retry-After"] = str(_AGAIN)
        return response
    # The reader of what changes outlives this request, so it is given all that it needs.
    response = Response(
        _lines(here, number, since, topics, who.account),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"},
    )
    response.call_on_close(lambda: here.close(number))
    return response


@bp.get("/live/since")
@requires(Permission.READ)
def since() -> dict[str, Any]:
    """The same once, for pages that found no place for a stream."""
    topics, seq, me = _topics(), _since(None), identity().account
    session = reading()
    newest = feed.newest(session)
    found = [] if seq is None else feed.since(session, seq) if seq <= newest else None
    here = presence.everybody(session)
    return {
        "seq": newest,
        "lost": found is None,
        "changes": [_shown(change, me) for change in found or () if topics.touched(change)],
        "presence": [{"of": topic, "people": people} for topic, people in _who(here, topics, me).items()],
    }


@bp.get("/articles/<id>/lines")
@requires(Permission.READ)
def lines(id: str) -> Any:
    """For scripts: the lines and marks of the claims that others changed (`changed`), and the counts.

    `claim` is the one at hand, which stays marked as such; without `changed`, all lines and the whole text.
    """
    if not in_place():
        return go("articles.detail", id=id)
    work = workspace.Workspace(records.get(reading(), Article, id), request.args.get("claim"))
    ids = set(request.args.getlist("changed"))
    places = [Span(row.start, row.end) for row in work.rows if row.id in ids]
    touched = {part.index: part for place in places for part in work.parts(place)}
    return render(
        "live/_lines.html",
        whole=not ids or len(ids) > _MOST_LINES,
        entries=[entry for id, entry in work.numbered.items() if id in ids],
        touched=touched.values(),
        **work.heading(),
    )


@bp.post("/presence")
@requires(Permission.READ)
def here() -> tuple[str, int]:
    """Say that one has a page open, and whether one is typing; with `leave`, that one has closed it."""
    sent = request.form
    page = sent.get("page", "")
    with writing() as session:
        if sent.get("leave"):
            presence.leave(session, by=identity(), page=page)
        else:
            presence.note(
                session,
                by=identity(),
                page=page,
                article_id=sent.get("article") or None,
                claim_id=sent.get("claim") or None,
                editing=sent.get("editing") == "1",
            )
    return "", 204


@bp.get("/session")
@requires(None)
def session_now() -> dict[str, Any]:
    """Who is signed in now, and the token that their forms need: a page may have outlived a session."""
    who = identity()
    return {
        "account": who.account,
        "name": who.name,
        "csrf": generate_csrf(),
        "unread": comments.unread(reading(), who.account),
    }


def _topics() -> Topics:
    articles, claims = request.args.getlist("article"), request.args.getlist("claim")
    if len(articles) + len(claims) > _MOST_TOPICS:
        raise Invalid(f"Name at most {_MOST_TOPICS} articles and claims.", field="article")
    if not articles and not claims:
        raise Invalid("Name an article or a claim.", field="article")
    if not all(map(is_id, (*articles, *claims))):
        raise Invalid("Write the ids of articles and claims.", field="article")
    if len(articles) + len(claims) == 1:
        # One alone must be there; of many, one may have been mistyped by nobody but us.
        records.get(reading(), Article if articles else Claim, (articles or claims)[0])
    return Topics(frozenset(articles), frozenset(claims))


def _since(header: str | None) -> int | None:
    """The place after which to begin: what a browser that lost its stream had last, or what the page knew."""
    given = header or request.args.get("seq") or ""
    if not given:
        return None
    if not given.isascii() or not given.removeprefix("-").isdigit() or len(given) > 16:
        raise Invalid("Write a place in the log.", field="seq")
    return max(-1, int(given))


def _lines(here: Live, number: int, since: int | None, topics: Topics, me: str) -> Iterator[bytes]:
    """The stream as the browser reads it."""
    people: dict[str, list[dict[str, Any]]] = {}
    wrote = time.monotonic()
    yield b"retry: 2000\n\n"
    for news in here.news(number, since):
        out = []
        if news is not None:
            if news.lost:
                out.append(_event("lost", {}, news.seq))
            out += [
                _event("changed", _shown(change, me), change.seq)
                for change in news.changes
                if topics.touched(change)
            ]
            if news.here is not None:
                now = _who(news.here, topics, me)
                told = [topic for topic in now if now[topic] != people.get(topic)]
                out += [_event("presence", {"of": topic, "people": now[topic]}) for topic in told]
                people = now
        if out or time.monotonic() - wrote >= live.HEARTBEAT:
            wrote = time.monotonic()
            yield b"".join(out) or b":\n\n"


def _event(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    id = b"" if seq is None else b"id: %d\n" % seq
    return id + b"event: %s\ndata: %s\n\n" % (kind.encode(), orjson.dumps(data))


def _shown(change: Change, me: str) -> dict[str, Any]:
    claims = change.claims if len(change.claims) <= _MOST_NAMED else {}
    return {
        "seq": change.seq,
        "claims": sorted(claims),
        "versions": {id: version for id, version in claims.items() if version is not None},
        "articles": sorted(change.articles),
        "by": change.by,
        "kind": change.kind,
        "deed": timeline.deed(change.kind),
        "mine": change.actor == f"account:{me}",
    }


def _who(here: Iterable[Here], topics: Topics, me: str) -> dict[str, list[dict[str, Any]]]:
    """Who of the others is at each thing wanted, each person once."""
    found: dict[str, dict[str, dict[str, Any]]] = {id: {} for id in (*topics.articles, *topics.claims)}
    for one in here:
        if one.account_id == me:
            continue
        shown = {
            "id": one.account_id,
            "name": one.name,
            "initials": one.initials,
            "claim": one.claim_id,
            "editing": one.editing,
        }
        for topic in (one.article_id, one.claim_id):
            if topic in found:
                before = found[topic].get(one.account_id)
                # Of several pages of one person, the one where they type tells most.
                if before is None or (one.editing and not before["editing"]):
                    found[topic][one.account_id] = shown
    return {topic: list(people.values()) for topic, people in found.items()}

"""Who is looking at an article: who is there, and saying that one is."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply_page
from ledger.auth.identity import Permission
from ledger.models import Article
from ledger.schemas.common import page_of
from ledger.schemas.presence import LeaveIn, PresenceIn, PresenceOut
from ledger.services import presence
from ledger.store import records
from ledger.web.context import identity, requires, session

bp = Noun("presence", __name__, prefix="/articles", about="Who is looking at an article just now.")


@bp.get("/<id>/presence")
@requires(Permission.READ)
@bp.answers(200, page_of(PresenceOut))
def list_presence(id: str) -> Response:
    """List who has an article open in a browser, by name

    Known within seconds, forgotten a minute after the page fell silent, and no part of the log.
    """
    return _everybody(id)


@bp.post("/<id>/presence")
@requires(Permission.READ)
@bp.arguments(PresenceIn, example={"page": "01a2060b-e223-782a-96f6-dd90419789f1", "editing": True})
@bp.answers(200, page_of(PresenceOut))
def note_presence(body: dict[str, Any], id: str) -> Response:
    """Say that you have an article open, and who has

    Say it again every 20 seconds or so: after a minute of silence you are gone. Your colleagues see it on
    their pages.
    """
    article = records.get(session(), Article, id)
    presence.note(session(), by=identity(), article_id=article.id, **body)
    return _everybody(id)


@bp.post("/<id>/presence/leave")
@requires(Permission.READ)
@bp.arguments(LeaveIn)
@bp.answers(200, page_of(PresenceOut))
def leave_presence(body: dict[str, Any], id: str) -> Response:
    """Say that you have closed it"""
    records.get(session(), Article, id)
    presence.leave(session(), by=identity(), page=body["page"])
    return _everybody(id)


def _everybody(id: str) -> Response:
    records.get(session(), Article, id)
    return reply_page(PresenceOut, presence.everybody(session(), article_id=id), None)

"""Who is looking at an article."""

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply_page
from ledger.auth.identity import Permission
from ledger.models import Article
from ledger.schemas.common import page_of
from ledger.schemas.presence import PresenceOut
from ledger.services import presence
from ledger.store import records
from ledger.web.context import requires, session

bp = Noun("presence", __name__, prefix="/articles", about="Who is looking at an article just now.")


@bp.get("/<id>/presence")
@requires(Permission.READ)
@bp.answers(200, page_of(PresenceOut))
def list_presence(id: str) -> Response:
    """List who has an article open in a browser, by name

    Known within seconds, forgotten a minute after the page fell silent, and no part of the log.
    """
    records.get(session(), Article, id)
    return reply_page(PresenceOut, presence.everybody(session(), article_id=id), None)

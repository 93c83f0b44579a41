"""Taking a deed back."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import Article, Claim
from ledger.schemas.undo import UndoIn, UndoLatestIn, UndoneOut
from ledger.services import undo
from ledger.store import records
from ledger.web.context import identity, requires, session

bp = Noun("undo", __name__, about="Taking a deed back by writing what stood before it.")


@bp.post("/undo")
@requires(Permission.READ)
@bp.arguments(UndoIn, example={"first": 41, "last": 42})
@bp.answers(200, UndoneOut)
@bp.alt_response(404, "NOT_FOUND")
def undo_deed(body: dict[str, Any]) -> Response:
    """Take a deed back

    A deed is what one person wrote at once: events with one `actor` and one `at`. Name all of it. What stood
    before is written as new events; what came in by it is put out of use. One's own deeds, and for editors
    those of others; also the scopes that the deed itself needed. Nothing that was signed is undone, and
    nothing that somebody changed since: both are answered with 409.
    """
    return reply(UndoneOut, undo.undo(session(), body["first"], body["last"], by=identity()))


@bp.post("/undo/latest")
@requires(Permission.READ)
@bp.arguments(UndoLatestIn, example={"claim_id": "01a2060b-e223-782a-96f6-dd90419789f1"})
@bp.answers(200, UndoneOut)
@bp.alt_response(404, "NOT_FOUND")
def undo_latest_deed(body: dict[str, Any]) -> Response:
    """Take back what you did last on a claim or in an article

    By the same rules; asked again, the deed before it. 409 where nothing of yours is left to take back.
    """
    claim_id, article_id = body.get("claim_id"), body.get("article_id")
    records.get(session(), Claim if claim_id else Article, claim_id or article_id or "")
    return reply(
        UndoneOut,
        undo.undo_latest(session(), by=identity(), claim_id=claim_id, article_id=article_id),
    )

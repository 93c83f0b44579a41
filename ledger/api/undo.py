"""Taking a deed back."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.schemas.undo import UndoIn, UndoneOut
from ledger.services import undo
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
    those of others; also the scopes that the deed itself needed. Nothing that was signed is undone, and nothing
    that somebody changed since: both are answered with 409.
    """
    return reply(UndoneOut, undo.undo(session(), body["first"], body["last"], by=identity()))

"""Undo on the pages: one deed by name, as the notice after it offers, or one's last one there."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.ids import is_id
from ledger.models import Claim
from ledger.services import undo
from ledger.ui import claims, workspace
from ledger.ui.forms import REFUSALS
from ledger.ui.pages import go, in_place, notice, safe_next, writing
from ledger.web.context import identity, reading, requires

bp = Blueprint("undo", __name__)


@bp.post("/undo")
@requires(Permission.READ)  # further ones as the deed itself needed
def take_back() -> Any:
    """Take events `from` to `to` back; without them, what one did last in the article or on the claim."""
    article_id, claim_id = _id("article"), _id("claim")
    done = None
    try:
        span = _span()
        with writing() as session:
            if span is not None:
                done = undo.undo(session, *span, by=identity())
            else:
                there = {"article_id": article_id} if article_id else {"claim_id": claim_id}
                done = undo.undo_latest(session, by=identity(), **there)
    except (*REFUSALS, NotFound) as error:
        notice(error.message, kind="bad")
    else:
        notice(_said(done, claim_id))
    return _back(article_id, claim_id, done)


def _span() -> tuple[int, int] | None:
    first, last = request.form.get("from", ""), request.form.get("to", "")
    if not first and not last:
        return None
    if not all(one.isascii() and one.isdigit() and len(one) < 16 for one in (first, last)):
        raise Invalid("Reload the page; the form was not sent whole.")
    return int(first), int(last)


def _id(name: str) -> str | None:
    given = request.args.get(name, "")
    return given if is_id(given) else None


def _said(done: undo.Undone, claim_id: str | None) -> str:
    others = [id for id in done.claims if id != claim_id]
    if len(done.claims) > 1:
        return f"Undone, on {len(done.claims)} claims."
    if others:
        claim = reading().get(Claim, others[0])
        if claim is not None:
            words = claim.statement if len(claim.statement) <= 80 else claim.statement[:78] + " …"
            return f"Undone, on “{words}”."
    return "Undone."


def _back(article_id: str | None, claim_id: str | None, done: undo.Undone | None) -> Any:
    """Where the button was pressed: the claim at hand stays at hand."""
    if in_place() and claim_id and not (done and done.articles):
        if article_id:
            whole = done is not None and done.claims != [claim_id]
            return workspace.changed(article_id, claim_id, whole=whole)
        return claims.page_of(claim_id)
    target = safe_next(request.form.get("next"))
    if article_id:
        target = url_for("articles.detail", id=article_id, claim=claim_id, **workspace.kept())
    elif claim_id:
        target = url_for("claims.detail", id=claim_id)
    if in_place():
        return Response(status=204, headers={"HX-Redirect": target or url_for("home.index")})
    return Response(status=303, headers={"Location": target}) if target else go("home.index")

"""Tokens on one's own page: making one, which shows its secret once, and revoking it."""

from typing import Any

from flask import Blueprint, request

from ledger.errors import Invalid
from ledger.services import tokens
from ledger.ui.accounts import me_page
from ledger.ui.forms import REFUSALS, Refused, typed
from ledger.ui.pages import go, notice, writing
from ledger.web.context import identity, requires

bp = Blueprint("tokens", __name__)


@bp.post("/me/tokens")
@requires(None)
def create() -> Any:
    """Make a token."""
    sent = request.form
    try:
        days = sent.get("days", "")
        if not days.isascii() or not days.isdigit() or len(days) > 6:
            raise Invalid("Write a number of days.", field="days")
        with writing() as session:
            _, secret = tokens.create(
                session,
                by=identity(),
                name=sent.get("name", ""),
                scopes=sent.getlist("scopes"),
                days=int(days),
            )
    except REFUSALS as error:
        return me_page(Refused("token", "", error, typed() | {"scopes": sent.getlist("scopes")}))
    return me_page(secret=secret)


@bp.post("/tokens/<id>/revoke")
@requires(None)
def revoke(id: str) -> Any:
    """End a token at once."""
    try:
        with writing() as session:
            tokens.revoke(session, id, by=identity())
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go("accounts.me")
    notice("The token is revoked.")
    return go("accounts.me")

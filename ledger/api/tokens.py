"""Tokens: seeing one's own, ending them. They are made on the page only: a token can't make tokens."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.schemas.accounts import TokenOut
from ledger.schemas.common import Nothing, page_of
from ledger.services import tokens
from ledger.store import accounts as store
from ledger.web.context import identity, requires, session

bp = Noun("tokens", __name__, prefix="/tokens", about="Keys for programs.")


@bp.get("")
@requires(None)
@bp.answers(200, page_of(TokenOut))
def list_tokens() -> Response:
    """List your own tokens, newest first"""
    found = store.tokens(session(), identity().account)
    items = [{**token.model_dump(), "last_used_at": used} for token, used in found]
    return reply_page(TokenOut, items, None)


@bp.post("/<id>/revoke")
@requires(None)
@bp.arguments(Nothing, required=False)
@bp.answers(200, TokenOut)
def revoke_token(_body: dict[str, Any], id: str) -> Response:
    """End this token at once

    Any other needs `accounts:manage`, or its owner on the page: a leaked token can't end the others.
    """
    token = tokens.revoke(session(), id, by=identity())
    used = {t.id: last for t, last in store.tokens(session(), token.account_id)}
    shown = {**token.model_dump(), "last_used_at": used.get(token.id)}
    return reply(TokenOut, shown, version=token.version)

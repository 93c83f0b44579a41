"""Scales: what a verdict can say."""

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.scales import all_scales
from ledger.schemas.common import page_of
from ledger.schemas.verdicts import ScaleOut
from ledger.web.context import requires

bp = Noun("scales", __name__, prefix="/scales", about="Published ways of rating claims.")


@bp.get("")
@requires(Permission.READ)
@bp.answers(200, page_of(ScaleOut))
def list_scales() -> Response:
    """List the scales, each in its newest version"""
    return reply_page(ScaleOut, list(all_scales().values()), None)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, ScaleOut)
def show_scale(id: str) -> Response:
    """Show a scale in its newest version"""
    scale = all_scales().get(id)
    if scale is None:
        raise NotFound(f"There is no scale with the id {id[:60]!r}.")
    return reply(ScaleOut, scale)

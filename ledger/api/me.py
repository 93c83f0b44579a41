"""Who is asking."""

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.schemas.accounts import MeOut
from ledger.web.context import identity, parts, requires

bp = Noun("me", __name__, prefix="/me", about="Who is asking.")


@bp.get("")
@requires(None)
@bp.answers(200, MeOut)
def show_me() -> Response:
    """Show whose token this is, what it may do, and what the desk asks of a verdict"""
    who, settings = identity(), parts().settings
    return reply(
        MeOut,
        {
            "account": {"id": who.account, "name": who.name},
            "actor": who.actor,
            "permissions": sorted(who.permissions),
            "policy": {
                "signatures": settings.signatures,
                "min_evidence": settings.min_evidence,
                "scale": settings.scale,
            },
        },
    )

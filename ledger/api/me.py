"""Who is asking, and how they like their desk."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.schemas.accounts import MeOut
from ledger.schemas.preferences import PreferencesIn, PreferencesOut
from ledger.services import preferences
from ledger.web.context import identity, parts, requires, session

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


@bp.get("/preferences")
@requires(None)
@bp.answers(200, PreferencesOut)
def show_preferences() -> Response:
    """Show the keys that one chose for the pages"""
    return reply(PreferencesOut, preferences.of(session(), identity().account))


@bp.put("/preferences")
@requires(None)
@bp.arguments(PreferencesIn, example={"keys": {"next": "Shift+J", "undo": "u"}, "single_keys": True})
@bp.answers(200, PreferencesOut)
def set_preferences(body: dict[str, Any]) -> Response:
    """Choose the keys of the pages

    All choices at once: an action that is not named gets the key that everybody begins with. No two
    actions can have the same key.
    """
    saved = preferences.save(session(), by=identity(), changed=body["keys"], single_keys=body["single_keys"])
    return reply(PreferencesOut, saved)

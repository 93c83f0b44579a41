"""A claim's history on its page, and the claim as it stood after any event of it."""

from typing import Any

from flask import Blueprint, url_for

from ledger.errors import NotFound
from ledger.services import history
from ledger.services.history import Past
from ledger.store import claims as store
from ledger.ui import timeline
from ledger.ui.differences import by_words
from ledger.ui.pages import render
from ledger.web.context import reading

bp = Blueprint("history", __name__)
bp.add_app_template_global(by_words, "by_words")
bp.add_app_template_global(timeline.by_day, "by_day")
bp.add_app_template_global(lambda: timeline.GROUPS, "history_groups")


def page_at(id: str, at: str) -> Any:
    """The claim as it stood, to be read and not to be changed; `at` is an event's place in the log, or a
    time such as 2026-11-23."""
    past = _past(id, at)
    return render(
        "claims/past.html",
        past=past,
        claim=past.claim,
        evidence=[piece for piece in past.evidence if not piece.get("withdrawn_at")],
        verdict=past.verdict,
        waiting=next((v for v in past.verdicts if v.get("state") == "proposed"), None),
        names=store.names(reading(), _people(past)),
        address=url_for("claims.detail", id=id),
        scale_name=timeline.scale_name,
    )


def _past(id: str, at: str) -> Past:
    if at.isascii() and at.isdigit():
        if len(at) > 15:
            raise NotFound("There is no such event in the log.")
        return history.claim_after(reading(), id, int(at))
    return history.claim_at(reading(), id, history.moment(at))


def _people(past: Past) -> set[str | None]:
    found: set[str | None] = {past.claim.get("assignee_id")}
    found |= {verdict.get("proposed_by") for verdict in past.verdicts}
    return found | {signature.get("account_id") for signature in past.signatures}

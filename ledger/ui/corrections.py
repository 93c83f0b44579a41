"""Corrections for anybody, page by page; and, for colleagues, whom a change would reach."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.models import Article, Claim, Verdict
from ledger.services import corrections, reach
from ledger.services.corrections import Corrected, Where
from ledger.services.reach import Reach
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui.feeds import asked_desk, asked_place
from ledger.ui.pages import render
from ledger.ui.report import embedded, missing
from ledger.web.context import reading, requires, same_for_all
from ledger.web.house import house

bp = Blueprint("corrections", __name__)

_ON_A_PAGE = 25
_KINDS = {
    "badge": "Badge",
    "card": "Card",
    "oembed": "oEmbed",
    "feed": "Feed",
    "corrections": "Page of corrections",
    "factcheck": "Fact Check Tools API",
    "claimreview": "ClaimReview",
    "claimreviews": "Feed of ClaimReviews",
    "report": "Report",
    "annotations": "Annotations",
    "gate": "Gate",
    "status": "Status look-up",
    "lookups": "Look-ups by the thousand",
    "export": "Export",
}
"""What tells of a claim, in words."""


@bp.get("/corrections")
@same_for_all
def show() -> Response:
    """What open reports have corrected, newest first."""
    try:
        desk, before = asked_desk(), asked_place()
    except NotFound:
        return missing()
    where = Where(desk_id=desk.id if desk else None)
    found, following = corrections.listed(reading(), where, before=before, limit=_ON_A_PAGE)
    desks = desks_store.every(reading())
    named = desk or desks_store.get(reading(), None)
    html = render_template(
        "report/corrections.html",
        found=found,
        titles=_titles(found),
        desk=desk,
        desks=desks if len(desks) > 1 else [],
        publisher=house().publisher(named.name).name,
        older=following,
        first=before is None,
    )
    response = make_response(html)
    response.last_modified = max((one.correction.at for one in found), default=None)
    return embedded(response, public=True)


def _titles(found: list[Corrected]) -> dict[str, str]:
    ids = {id for one in found for id in one.articles}
    return {id: records.get(reading(), Article, id).title for id in ids}


@bp.get("/claims/<id>/reach")
@requires(Permission.READ)
def reach_of_claim(id: str) -> Any:
    """Everything that a change of a claim's verdict reaches."""
    return render("claims/reach.html", reach=reach.of(reading(), id, house()), kinds=_KINDS)


@bp.app_template_global("reach_of")
def reach_of(claim: Claim) -> Reach:
    """The same, for the forms that change one."""
    return reach.of(reading(), claim.id, house())


@bp.app_template_global("must_say_why")
def must_say_why(claim: Claim, former: Verdict, verdict: Verdict) -> bool:
    """Whether a verdict that waits would change what readers were told."""
    return corrections.must_say_why(reading(), claim, former, verdict)

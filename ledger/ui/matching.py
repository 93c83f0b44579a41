"""What the ledger holds already: of an article's claims, and beside one claim what else says so.

Both are parts that a page asks for once it is shown, so that no page waits for them; and pages of their own.
"""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.errors import Unavailable
from ledger.models import Article, Claim, Status
from ledger.services.matching import in_article
from ledger.store import desks, records
from ledger.ui.pages import render
from ledger.web.context import parts, reading, requires

bp = Blueprint("matching", __name__)

FEW = 8
_EACH = 3
# Beside a claim guesses are shown too, marked as such: one may be the same, in an article not yet sorted.
_BESIDE = tuple(status for status in Status if status is not Status.DISMISSED)


@bp.get("/articles/<id>/matches")
@requires(Permission.READ)
def of_article(id: str) -> Any:
    """Which of an article's claims the ledger has already, checked or not."""
    article = records.get(reading(), Article, id)
    least = desks.thresholds(reading()).of(article)
    try:
        told = in_article(reading(), parts().matcher, article, k=_EACH, but_guesses_below=least)
    except Unavailable:
        told = None
    return render(
        "matching/article.html",
        part="matching/_article.html",
        article=article,
        told=told,
        most=None if request.args.get("all") == "1" else FEW,
    )


@bp.get("/claims/<id>/matches")
@requires(Permission.READ)
def of_claim(id: str) -> Any:
    """The claims that say the same as a claim, or something alike."""
    claim = records.get(reading(), Claim, id)
    try:
        found = parts().matcher.like(reading(), {id: claim.statement}, k=FEW, statuses=_BESIDE)[id]
    except Unavailable:
        found = None
    return render("matching/claim.html", part="matching/_claim.html", claim=claim, found=found)

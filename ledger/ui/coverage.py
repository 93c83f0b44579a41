"""Coverage: an article's text shaded by worth, and the check-worthy sentences that have no entry."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from claims.numbered import is_read
from ledger.auth.identity import Permission
from ledger.models import Article
from ledger.services import coverage
from ledger.store import desks, records
from ledger.ui import marks
from ledger.ui.pages import render
from ledger.web.context import reading, requires

bp = Blueprint("coverage", __name__)

STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@bp.get("/articles/<id>/coverage")
@requires(Permission.READ)
def of_article(id: str) -> Any:
    """Which check-worthy sentences of an article have no entry."""
    article = records.get(reading(), Article, id)
    own = desks.thresholds(reading()).of(article)
    found = coverage.of_article(reading(), article, threshold=_asked())
    return render(
        "articles/coverage.html",
        article=article,
        found=found,
        sentences=found.sentences,
        uncovered=[(n, one) for n, one in enumerate(found.sentences) if one in found.uncovered],
        parts=_parts(found),
        own=own,
        steps=sorted({*STEPS, own}),
        understood=is_read(article.language),
    )


@bp.get("/articles/<id>/uncovered")
@requires(Permission.READ)
def uncovered(id: str) -> Response:
    """For the workspace's script: where the check-worthy sentences without an entry stand, and their worth.

    Weighing a long text for the first time takes a second or more, so the page does not wait for it.
    """
    found = coverage.of_article(reading(), records.get(reading(), Article, id))
    return jsonify([[one.start, one.end, one.worth] for one in found.uncovered])


def _asked() -> float | None:
    """The threshold in the address; what is no number from 0 to 1 asks for the desk's."""
    try:
        asked = float(request.args.get("threshold", ""))
    except ValueError:
        return None
    return asked if 0 <= asked <= 1 else None


def _parts(found: coverage.Coverage) -> list[marks.Part]:
    worthy = [
        marks.Mark(f"s-{n}", n, str(one.cover), one.start, one.end)
        for n, one in enumerate(found.sentences)
        if one.worth >= found.threshold
    ]
    return marks.laid_out(found.revision.text, found.revision.blocks, worthy)

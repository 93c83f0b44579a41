"""The command palette's search: articles and claims as one types; without a script, a page of its own."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request, url_for

from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.store import claims as claims_store
from ledger.store import palette as store
from ledger.ui.pages import render
from ledger.ui.words import STATUSES
from ledger.web.context import reading, requires

bp = Blueprint("palette", __name__)

FEW = 7
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Found:
    """A place to go to: what it is, its words, what stands beneath them, and where it is."""

    what: str
    words: str
    beside: str
    href: str


@bp.get("/palette")
@requires(Permission.READ)
def find() -> Any:
    """A few articles and claims that hold the words, as JSON."""
    return jsonify(items=[asdict(one) for one in found(request.args.get("q", ""), most=FEW)])


@bp.get("/search")
@requires(Permission.READ)
def page() -> Any:
    """The same as a page."""
    q = request.args.get("q", "").strip()[:200]
    return render("palette/search.html", q=q, found=found(q, most=25))


def found(q: str, *, most: int) -> list[Found]:
    """Articles first, then claims, newest first; nothing for no words."""
    words = q.replace("\x00", "").strip()[:200].split()[:8]
    if not words:
        return []
    rows = store.claims(reading(), words, limit=most)
    places = claims_store.first_places(reading(), [row.id for row in rows])
    return [_article(row) for row in store.articles(reading(), words, limit=most)] + [
        _claim(row, places.get(row.id)) for row in rows
    ]


def _article(row: Any) -> Found:
    return Found("Article", row.title[:LONGEST], row.publisher or "", url_for("articles.detail", id=row.id))


def _claim(row: Any, place: Any) -> Found:
    status = STATUSES[row.status].label
    if place is None:
        return Found("Claim", row.statement[:LONGEST], status, url_for("claims.detail", id=row.id))
    appearance, title = place
    href = url_for("articles.detail", id=appearance.article_id, claim=row.id, _anchor=f"m-{row.id}")
    return Found("Claim", row.statement[:LONGEST], f"{status} · {title[:LONGEST]}", href)

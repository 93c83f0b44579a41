"""The desk: every article, how far it is, and what waits."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.store import articles as store
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.ui.pages import PAGE, Paging, go, render
from ledger.ui.words import Progress
from ledger.web.context import reading, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.READ)
def index() -> Any:
    """The list of articles, newest first."""
    paging, q = Paging(), request.args.get("q", "").strip()[:200]
    desks = desks_store.every(reading())
    desk = next((one for one in desks if one.id == request.args.get("desk")), None)
    rows, further = store.listed(
        reading(),
        q=q or None,
        desk_id=desk.id if desk else None,
        after=paging.after,
        before=paging.before,
        limit=PAGE,
    )
    if paging.before and len(rows) < PAGE:
        # The top of the list: show it from its beginning, and whole.
        return go("home.index", q=q or None, desk=desk.id if desk else None)
    paging.note(rows, further)
    progress = store.progress(reading(), [row.Article.id for row in rows])
    return render(
        "home/index.html",
        part="home/_list.html",
        rows=[(row.Article, Progress(progress[row.Article.id])) for row in rows],
        paging=paging,
        q=q,
        counts=claims_store.counts(reading(), claims_store.Filters(desk_id=desk.id if desk else None)),
        desks=desks,
        desk=desk,
    )

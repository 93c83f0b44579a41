"""The desk: all claims, narrowed as the address says, and the same as a file for a spreadsheet."""

from typing import Any

from flask import Blueprint, Response, request

from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.ids import is_id
from ledger.models import Article
from ledger.store import claims as store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui import claims
from ledger.ui.context import asked
from ledger.ui.pages import PAGE, Paging, go, render
from ledger.ui.words import KINDS, STATUSES
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("desk", __name__)


@claims.bp.get("/claims")
@requires(Permission.READ)
def index() -> Any:
    """All claims, narrowed as the address says."""
    by_worth = request.args.get("order") == "worth"
    paging, filters = Paging(by_worth=by_worth), filters_asked()
    rows, further = store.listed(
        reading(), filters, after=paging.after, before=paging.before, limit=PAGE, by_worth=by_worth
    )
    if paging.before and len(rows) < PAGE:
        return go("claims.index", **asked() | {"before": None})
    paging.note(rows, further)
    found = [row.Claim for row in rows]
    article = records.get(reading(), Article, filters.article_id) if filters.article_id else None
    return render(
        "claims/index.html",
        part="claims/_list.html",
        claims=found,
        places=store.first_places(reading(), [claim.id for claim in found]),
        names=store.names(reading(), {claim.assignee_id for claim in found}),
        counts=store.counts(reading(), filters_asked(but_status=True)),
        filters=filters,
        mine=request.args.get("mine") == "1",
        article=article,
        paging=paging,
        by_worth=by_worth,
        desks=desks_store.every(reading()),
    )


def filters_asked(*, but_status: bool = False) -> store.Filters:
    """What the address narrows the list to; words that are no status or kind are left out."""
    args = request.args
    article_id, desk_id = args.get("article") or None, args.get("desk") or None
    if article_id and not is_id(article_id):
        raise NotFound("There is no such article.")
    if desk_id and not is_id(desk_id):
        raise NotFound("There is no such desk.")
    return store.Filters(
        status=() if but_status else tuple(s for s in args.getlist("status") if s in STATUSES),
        kind=tuple(k for k in args.getlist("kind") if k in KINDS),
        article_id=article_id,
        assignee_id=identity().account_id if args.get("mine") == "1" else None,
        q=args.get("q", "").strip()[:200] or None,
        worth_from=_share(args.get("worth")),
        below=args.get("below") == "1",
        desk_id=desk_id,
    )


def _share(text: str | None) -> float | None:
    """A number from 0 to 1, or None for what is none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


@claims.bp.get("/claims.csv")
@requires(Permission.READ)
def export() -> Response:
    """The list as a file for a spreadsheet, with the same filters."""
    from ledger.services import exports

    filters, settings = filters_asked(), parts().settings
    base = settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    lines = exports.claims_csv(parts().database, filters, base_url=base, bom=True)
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="claims.csv"', "X-Accel-Buffering": "no"},
    )

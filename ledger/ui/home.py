"""The desk: every article with what is left in it, who has it and when it is due, the most pressing first."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.services import search
from ledger.store import articles as store
from ledger.store import claims as claims_store
from ledger.store import search as search_store
from ledger.ui import desk, listing
from ledger.ui.listing import Pages
from ledger.ui.pages import PAGE, go, render
from ledger.ui.words import Progress
from ledger.web.context import reading, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.READ)
def index() -> Any:
    """The list of articles."""
    if (text := listing.old_address()) is not None:
        return go("home.index", q=text or None)
    found, session = listing.asked("articles"), reading()
    pages = Pages(search.order_of(session, found).kinds)
    rows, further = search.page(session, found, after=pages.after, before=pages.before, limit=PAGE)
    if pages.before and len(rows) < PAGE:
        # The top of the list: show it from its beginning, and whole.
        return go("home.index", q=found.text or None)
    pages.note(rows, further)
    ids = [row[0].id for row in rows]
    progress = store.progress(session, ids)
    people = search_store.people_of_articles(session, ids)
    return render(
        "home/index.html",
        part=desk.part("articles"),
        found=found,
        rows=[listing.line(row[0], Progress(progress[row[0].id]), people[row[0].id]) for row in rows],
        names=claims_store.names(session, {id for have in people.values() for id in have}),
        total=search.total(session, found),
        paging=pages,
        **_queues(at_once=request.args.get("facets") == "1" or not search.is_large(session, "claims")),
        listing=listing,
        **desk.around("articles", found),
    )


@bp.get("/desk/queues")
@requires(Permission.READ)
def queues() -> Any:
    """The views of claims above the list of articles, with how many each finds."""
    return render("home/_queues.html", listing=listing, **_queues(at_once=True))


def _queues(*, at_once: bool) -> dict[str, Any]:
    """The views of claims; their numbers come a moment later where counting takes one."""
    return {"queues": listing.saved("claims", "claims.index", counting=at_once), "counted": at_once}

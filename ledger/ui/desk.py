"""The desk's list of claims: searched, narrowed, taken out as a file, changed many at once; saved views."""

from functools import partial
from typing import Any

from flask import Blueprint, request, url_for

from ledger.auth.identity import ROLES, Permission
from ledger.errors import Invalid, LedgerError
from ledger.ids import is_id
from ledger.models import Status
from ledger.services import bulk, labels, renewals, search, views
from ledger.services.search import Search
from ledger.store import accounts as accounts_store
from ledger.store import claims as store
from ledger.store import search as search_store
from ledger.ui import claims, listing
from ledger.ui.forms import REFUSALS, chosen
from ledger.ui.listing import Pages
from ledger.ui.pages import PAGE, go, in_place, notice, render, version, writing
from ledger.ui.words import plural
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("desk", __name__)

INDEX = {"claims": "claims.index", "articles": "home.index"}
DEEDS = {
    "assign": "assigned", "take": "taken", "lay_down": "laid down", "accept": "accepted",
    "dismiss": "dismissed", "tag": "tagged", "untag": "untagged", "due": "given a date", "desk": "moved",
    "renew": "signed anew, as they stand now",
}  # fmt: skip


@claims.bp.get("/claims")
@requires(Permission.READ)
def index() -> Any:
    """All claims, narrowed as the search in the address says."""
    if (text := listing.old_address()) is not None:
        return go("claims.index", q=text or None)
    found, session = listing.asked("claims"), reading()
    pages = Pages(search.order_of(session, found).kinds)
    rows, further = search.page(session, found, after=pages.after, before=pages.before, limit=PAGE)
    if pages.before and len(rows) < PAGE:
        # The top of the list: show it from its beginning, and whole.
        return go("claims.index", q=found.text or None)
    pages.note(rows, further)
    shown = [row[0] for row in rows]
    ids = [claim.id for claim in shown]
    total, aside = search.totals(session, found)
    return render(
        "claims/index.html",
        part=part("claims"),
        found=found,
        claims=shown,
        places=search_store.first_articles(session, ids),
        names=store.names(session, {claim.assignee_id for claim in shown}),
        alone=store.signed_alone(session, (claim.verdict_id for claim in shown)),
        blind=store.rated_blind(session, (claim.id for claim in shown if claim.status == Status.PROPOSED)),
        total=total,
        aside=aside,
        paging=pages,
        colleagues=colleagues(),
        **around("claims", found),
        listing=listing,
    )


def part(lists: str) -> str:
    """What of the page htmx asks for: the list while one types, else all beneath the head."""
    typing = request.headers.get("HX-Target", "").endswith("list")
    folder = "claims" if lists == "claims" else "home"
    return f"{folder}/_list.html" if typing else f"{folder}/_desk.html"


def around(lists: str, found: Search, *, at_once: bool = False) -> dict[str, Any]:
    """What stands around a list; nothing where that comes a moment later."""
    if in_place() and part(lists).endswith("_list.html"):
        return {"facets": [], "capped": False, "views": []}
    if not (at_once or request.args.get("facets") == "1") and search.is_large(reading(), lists):
        return {"facets": None, "capped": False, "views": []}
    facets, counted = listing.facets(found, INDEX[lists])
    return {
        "facets": facets,
        "capped": counted.capped,
        "views": listing.saved(lists, INDEX[lists], found),
    }


@bp.get("/desk/<any(claims, articles):lists>/facets")
@requires(Permission.READ)
def facets(lists: str) -> Any:
    """The facets and views beside a list alone, for the page whose list was searched anew."""
    found = listing.asked(lists)
    return render("desk/_facets.html", found=found, listing=listing, **around(lists, found, at_once=True))


def colleagues() -> list[Any]:
    """Those who can have claims."""
    return [a for a in accounts_store.active(reading()) if Permission.CLAIMS in ROLES[a.role]]


# ----------------------------------------------------------------------------------- many at once


@bp.post("/claims/bulk")
@requires(Permission.CLAIMS)
def change_claims() -> Any:
    """What a deed on many claims would do; and, once that was seen, doing it."""
    return many("claims")


@bp.post("/articles/bulk")
@requires(Permission.ARTICLES)
def change_articles() -> Any:
    """The same for articles."""
    return many("articles")


def many(lists: str) -> Any:
    """Show what a deed on many records would do, or do it."""
    q = request.form.get("q", "")
    do: Any = bulk.on_claims if lists == "claims" else bulk.on_articles
    if lists == "claims" and request.form.get("do") == "renew":
        do = partial(renewals.on_claims, policy=parts().policy)
    confirmed = request.form.get("confirmed") == "1"
    try:
        seen, more = _seen(lists, q)
        deed = _deed()
        if confirmed:
            with writing() as session:
                outcome = do(session, seen, deed, by=identity())
        else:
            outcome = do(reading(), seen, deed, by=identity(), preview=True)
    except REFUSALS as error:
        return _preview(lists, q, error=error)
    if not confirmed:
        return _preview(lists, q, outcome=outcome, deed=deed, more=more)
    _tell(lists, q, deed, outcome)
    return go(INDEX[lists], q=q or None)


def _seen(lists: str, q: str) -> tuple[dict[str, int | None], int]:
    """The records that were chosen, with the versions that were seen, and how many more were not taken."""
    if request.form.get("all") == "1" and request.form.get("confirmed") != "1":
        found, session = listing.read(reading(), lists, q), reading()
        ids = search.ids(session, found, limit=bulk.MOST)
        return search_store.versions(session, lists, ids), max(0, search.total(session, found) - len(ids))
    chosen: dict[str, int | None] = {}
    for one in " ".join(request.form.getlist("seen")).split():
        id, _, seen = one.partition(":")
        if not is_id(id) or not seen.isascii() or not seen.isdigit() or len(seen) > 9:
            raise Invalid("Reload the page; the form was not sent whole.", field="seen")
        chosen[id] = int(seen)
    return chosen, 0


def _deed() -> bulk.Deed:
    sent = request.form
    return bulk.Deed(
        sent.get("do", ""),
        to=sent.get("to") or None,
        tags=sent.get("tags", ""),
        due=sent.get("due") or None,
        reason=sent.get("reason") or None,
        zone=listing.zone(),
    )


def _preview(
    lists: str,
    q: str,
    *,
    outcome: bulk.Outcome | None = None,
    deed: bulk.Deed | None = None,
    more: int = 0,
    error: LedgerError | None = None,
) -> Any:
    return render(
        "desk/bulk.html",
        part="desk/_bulk.html",
        status=422 if error and not in_place() else 200,
        lists=lists,
        q=q,
        back=url_for(INDEX[lists], q=q or None),
        outcome=outcome,
        deed=deed,
        aim=_aim(deed) if deed else "",
        more=more,
        most=bulk.MOST,
        error=error,
    )


def _aim(deed: bulk.Deed) -> str:
    """What is to be done, in words that follow “37 claims will be”."""
    if deed.name == "assign":
        return f"assigned to {store.names(reading(), [deed.to]).get(deed.to or '', '')}"
    if deed.name == "take":
        return "yours"
    if deed.name in ("tag", "untag"):
        tags = ", ".join(labels.tags(deed.tags) or ())
        return f"tagged {tags}" if deed.name == "tag" else f"rid of the tag {tags}"
    if deed.name == "due":
        due = labels.due(deed.due, deed.zone)
        return f"due {listing.day(due)}" if due else "without a date"
    if deed.name == "desk":
        return f"moved to the desk {listing.desk_name(deed.to)}"
    return DEEDS[deed.name]


def _tell(lists: str, q: str, deed: bulk.Deed, outcome: bulk.Outcome) -> None:
    noun = lists[:-1]
    done = f"{plural(len(outcome.changed), noun)} {_aim(deed)}."
    skipped = f" {len(outcome.skipped)} skipped: {outcome.reasons[0][0]}" if outcome.skipped else ""
    way_back = None
    if outcome.first is not None:
        way_back = (
            "Undo",
            url_for("undo.take_back"),
            {"from": outcome.first, "to": outcome.last, "next": url_for(INDEX[lists], q=q or None)},
        )
    notice(done + skipped, kind="good" if outcome.changed else "bad", undo=way_back)


# ------------------------------------------------------------------------------------ saved views


@bp.get("/views/<id>")
@requires(Permission.READ)
def view(id: str) -> Any:
    """On to what a saved view finds now."""
    found = views.seen(reading(), id, by=identity())
    return go(INDEX[found.lists], q=found.query)


@bp.post("/views")
@requires(Permission.READ)
def save_view() -> Any:
    """Save a search under a name."""
    sent = request.form
    lists = sent.get("lists", "claims")
    try:
        with writing() as session:
            kept = views.add(
                session, by=identity(), name=sent.get("name"), lists=lists, query=sent.get("query"),
                shared=sent.get("shared") == "1",
            )  # fmt: skip
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go(INDEX.get(lists, "claims.index"), q=sent.get("query") or None)
    notice(f"The view “{kept.name}” is saved.")
    return go(INDEX[kept.lists], q=kept.query)


@bp.post("/views/<id>")
@requires(Permission.READ)
def change_view(id: str) -> Any:
    """Rename a view, share it or keep it to oneself, or give it the search at hand."""
    details: dict[str, Any] = chosen("name", "query")
    details["shared"] = request.form.get("shared") == "1"
    return _changed_view(
        id, lambda s: views.change(s, id, by=identity(), version=version(), details=details), "Saved."
    )


@bp.post("/views/<id>/remove")
@requires(Permission.READ)
def remove_view(id: str) -> Any:
    """Take a view away."""
    return _changed_view(id, lambda s: views.remove(s, id, by=identity(), version=version()), "Removed.")


def _changed_view(id: str, change: Any, done: str) -> Any:
    now = views.seen(reading(), id, by=identity())
    try:
        with writing() as session:
            kept = change(session)
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go(INDEX[now.lists], q=now.query)
    notice(f"{done} “{kept.name}”")
    return go(INDEX[kept.lists], q=kept.query)

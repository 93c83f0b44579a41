"""The keys of the pages: what each page is told of them, and the page where a person changes their own."""

from typing import Any

from flask import Blueprint, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from ledger.auth.identity import Permission
from ledger.services import keys, preferences
from ledger.ui.forms import REFUSALS, Forms, Refused
from ledger.ui.pages import go, notice, render, writing
from ledger.web.context import identity, maybe_identity, reading, requires

bp = Blueprint("keys", __name__)

# Endpoint, how it is called, and what it needs; the palette offers those that the person may see.
_PLACES = (
    ("home.index", "Desk", Permission.READ),
    ("claims.index", "Claims", Permission.READ),
    ("exports.index", "Export", Permission.READ),
    ("imports.index", "Import", Permission.EVIDENCE),
    ("changesets.index", "Changes by spreadsheet", Permission.CLAIMS),
    ("insights.index", "Insights", Permission.READ),
    ("sources.index", "Sources that changed", Permission.READ),
    ("watches.index", "Watched articles", Permission.READ),
    ("articles.new", "Add an article", Permission.ARTICLES),
    ("desks.index", "Desks", Permission.DESKS),
    ("gates.index", "Gate policies", Permission.READ),
    ("accounts.index", "Accounts", Permission.ACCOUNTS),
    ("accounts.me", "Own page", Permission.READ),
    ("keys.show", "Keys", Permission.READ),
    ("palette.page", "Search", Permission.READ),
)


def keyboard() -> dict[str, Any] | None:
    """What the scripts of a page need: the person's keys, and the places to go to. None for a stranger."""
    who = maybe_identity()
    if who is None or who.account_id is None:
        return None
    try:
        chosen = preferences.of(reading(), who.account_id)
    except SQLAlchemyError:
        # The page that says that the database is away must not fail for want of keys.
        chosen = preferences.Preferences()
    views = current_app.view_functions
    return {
        "actions": [[a.name, a.label, a.group, chosen.keys[a.name]] for a in keys.ACTIONS],
        "single": chosen.single_keys,
        "places": [
            [words, url_for(endpoint)]
            for endpoint, words, needed in _PLACES
            if endpoint in views and who.may(needed)
        ],
        "find": url_for("palette.find"),
        "change": url_for("keys.show"),
    }


@bp.get("/me/keys")
@requires(None)
def show() -> Any:
    """All keys, to be changed."""
    return page()


def page(refused: Refused | None = None) -> Any:
    """The page of keys; `refused` is the form that was sent and not taken."""
    chosen = preferences.of(reading(), identity().account)
    groups: dict[str, list[keys.Action]] = {}
    for action in keys.ACTIONS:
        groups.setdefault(action.group, []).append(action)
    now = {name: keys.shown(key) for name, key in chosen.keys.items()}
    now["single_keys"] = "1" if chosen.single_keys else ""
    return render(
        "keys/show.html",
        status=refused.status if refused else 200,
        groups=groups,
        shown=keys.shown,
        forms=Forms(refused),
        now=now,
        changed=keys.changes(chosen.keys),
    )


@bp.post("/me/keys")
@requires(None)
def change() -> Any:
    """Keep what was chosen; `reset` goes back to the keys that everybody begins with."""
    sent = {} if "reset" in request.form else {a.name: request.form.get(a.name, a.key) for a in keys.ACTIONS}
    single = "reset" in request.form or request.form.get("single_keys") == "1"
    try:
        with writing() as session:
            preferences.save(session, by=identity(), changed=sent, single_keys=single)
    except REFUSALS as error:
        return page(Refused("keys", "", error, sent | {"single_keys": "1" if single else ""}))
    notice("The keys are as everybody begins with." if "reset" in request.form else "Your keys are saved.")
    return go("keys.show")

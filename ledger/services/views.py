"""Saved views: searches of the desk under a name, one's own or everybody's."""

from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Forbidden, NotFound
from ledger.ids import new_id
from ledger.models import SavedView
from ledger.services import events
from ledger.services.changes import choice, edit, expect, name_value, put, required_text
from ledger.services.terms import parsed, written
from ledger.store import records
from ledger.store import views as store

LISTS = ("claims", "articles")
MOST = 100
"""Views that one person may keep."""

USUAL = {
    "claims": (
        ("Mine", "assignee:me"),
        ("Stale", "status:stale"),
        ("Waiting for my signature", "status:proposed -proposer:me -signer:me"),
        ("Overdue", "due:overdue"),
    ),
    "articles": (
        ("With claims of mine", "assignee:me"),
        ("Stale", "state:stale"),
        ("Overdue", "due:overdue"),
    ),
}
"""What is offered where nobody has saved anything yet."""


def add(
    session: Session, *, by: Identity, name: Any, lists: Any, query: Any, shared: bool = False
) -> SavedView:
    """Save a search under a name."""
    by.require(Permission.READ)
    chosen = choice(lists, field="lists", among=LISTS)
    mine = [view for view in store.visible(session, by.account, chosen) if view.created_by == by.account]
    if len(mine) >= MOST:
        raise Conflict(f"You have {MOST} views; remove one first.", field="name")
    view = SavedView(
        id=new_id(),
        name=name_value(name),
        lists=chosen,
        query=_query(query),
        shared=bool(shared),
        created_at=clock.now(),
        created_by=by.account,
    )
    _refuse_twice(session, view)
    events.append(session, view, "saved_view.added", by=by, new=[view])
    return view


def change(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> SavedView:
    """Change a view's name, its search, or whether it is shared."""
    view = _own(session, id, by)
    expect(view, version)
    with edit(view) as changed:
        put(view, details, name=name_value, query=_query, shared=bool)
        _refuse_twice(session, view)
    if changed():
        events.append(session, view, "saved_view.changed", by=by)
    return view


def remove(session: Session, id: str, *, by: Identity, version: int | None) -> SavedView:
    """Take a view away; undoing brings it back."""
    view = _own(session, id, by)
    expect(view, version)
    view.removed_at = clock.now()
    events.append(session, view, "saved_view.removed", by=by)
    return view


def seen(session: Session, id: str, *, by: Identity) -> SavedView:
    """A view that is one's own or shared; NotFound, also for one that was removed."""
    view = records.get(session, SavedView, id, name="view")
    if view.removed_at is not None or not (view.shared or view.created_by == by.account_id):
        raise NotFound("There is no such view, or it is not shared with you.")
    return view


def _own(session: Session, id: str, by: Identity) -> SavedView:
    by.require(Permission.READ)
    view = seen(session, id, by=by)
    # A shared view is everybody's to use; whoever keeps the desks may tidy them up.
    if view.created_by != by.account_id and not by.may(Permission.DESKS):
        raise Forbidden("This view is somebody else's; save a copy of your own.")
    return view


def _refuse_twice(session: Session, view: SavedView) -> None:
    for other in store.visible(session, view.created_by, view.lists):
        if (
            other.id != view.id
            and other.created_by == view.created_by
            and other.name.casefold() == view.name.casefold()
        ):
            raise Conflict(f"You have a view called “{other.name}” already.", field="name")


def _query(query: Any) -> str:
    return written(parsed(required_text(query, field="query", longest=2000)))[:2000]

"""Saved views: searches of the desk under a name."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import SavedView
from ledger.schemas.common import page_of
from ledger.schemas.views import ViewDetails, ViewIn, ViewOut, ViewQuery
from ledger.services import views
from ledger.store import views as store
from ledger.web.context import identity, requires, session

bp = Noun("views", __name__, prefix="/views", about="Searches of the desk under a name.")


def _whole(view: SavedView, *, status: int = 200) -> Response:
    location = url_for("api_views.show_view", id=view.id) if status == 201 else None
    return reply(ViewOut, view, status=status, version=view.version, location=location)


@bp.get("")
@requires(Permission.READ)
@bp.arguments(ViewQuery, location="query")
@bp.answers(200, page_of(ViewOut))
def list_views(query: dict[str, Any]) -> Response:
    """List the views that are yours or shared, yours first"""
    return reply_page(ViewOut, store.visible(session(), identity().account_id, query.get("lists")), None)


@bp.post("")
@requires(Permission.READ)
@bp.arguments(ViewIn, example={"name": "Stale numbers", "lists": "claims", "query": "status:stale"})
@bp.answers(201, ViewOut, location=True)
def add_view(body: dict[str, Any]) -> Response:
    """Save a search under a name"""
    return _whole(views.add(session(), by=identity(), **body), status=201)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, ViewOut)
def show_view(id: str) -> Response:
    """Show a view that is yours or shared"""
    return _whole(views.seen(session(), id, by=identity()))


@bp.patch("/<id>")
@requires(Permission.READ)
@bp.edits(ViewOut, SavedView)
@bp.arguments(ViewDetails, example={"name": "Stale figures"})
@bp.answers(200, ViewOut)
def change_view(details: dict[str, Any], id: str, version: int) -> Response:
    """Change a view's name, its search, or whether it is shared

    Your own; whoever keeps the desks may change shared ones, too.
    """
    return _whole(views.change(session(), id, by=identity(), version=version, details=details))


@bp.step("/<id>/remove", Permission.READ, ViewOut, SavedView)
def remove_view(id: str, version: int) -> Response:
    """Take a view away; `POST /undo` brings it back"""
    return _whole(views.remove(session(), id, by=identity(), version=version))

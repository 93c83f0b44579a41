"""Watches: which articles' addresses are fetched again, how often, and how that goes."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.ids import is_id
from ledger.models import Article, Revision, Watch
from ledger.services import watches
from ledger.store import records
from ledger.store import watches as store
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import PAGE, go, notice, render, version, writing
from ledger.web.context import identity, reading, requires

bp = Blueprint("watches", __name__)

EVERY = (
    ("off", "Not"),
    ("15m", "Every 15 minutes"),
    ("hour", "Every hour"),
    ("6h", "Every 6 hours"),
    ("day", "Every day"),
    ("week", "Every week"),
)


@bp.get("/watches")
@requires(Permission.READ)
def index() -> Any:
    """All articles that are watched, and how that goes."""
    after = request.args.get("after", "")
    found = store.every(reading(), after=after if is_id(after) else None, limit=PAGE + 1)
    shown = found[:PAGE]
    return render(
        "watches/index.html",
        rows=shown,
        every=dict(EVERY),
        word=watches.word,
        older=shown[-1][0].id if len(found) > PAGE else None,
    )


@bp.get("/articles/<id>/watch")
@requires(Permission.READ)
def show(id: str) -> Any:
    """Whether an article is watched, and how that goes."""
    return _page(id)


def _page(id: str, refused: Refused | None = None) -> Any:
    article = records.get(reading(), Article, id)
    watch = reading().get(Watch, id)
    brought = reading().get(Revision, watch.revision_id) if watch and watch.revision_id else None
    return render(
        "watches/show.html",
        status=refused.status if refused else 200,
        article=article,
        watch=watch,
        brought=brought,
        under_way=watches.is_under_way(reading(), id),
        now=watches.word(article.watch_minutes),
        every=EVERY,
        forms=Forms(refused),
    )


@bp.post("/articles/<id>/watch")
@requires(Permission.ARTICLES)
def change(id: str) -> Any:
    """Watch an article, or watch it no more."""
    try:
        with writing() as session:
            article = watches.set_(
                session, id, by=identity(), version=version(), every=request.form.get("every", "")
            )
    except REFUSALS as error:
        return _page(id, Refused("watch", "", error, typed()))
    notice("The article is watched." if article.watch_minutes else "The article is not watched any more.")
    return go("watches.show", id=id)


@bp.post("/articles/<id>/watch/look")
@requires(Permission.ARTICLES)
def look(id: str) -> Any:
    """Fetch the article's address now."""
    try:
        with writing() as session:
            watches.ask(session, id, by=identity())
    except REFUSALS as error:
        return _page(id, Refused("look", "", error, {}))
    notice("Its address is fetched as soon as its site may be asked. Load this page again in a moment.")
    return go("watches.show", id=id)

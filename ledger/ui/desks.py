"""Desks: which there are, from which check-worthiness on each shows a candidate, and its policy."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.services import desks, policies
from ledger.store import desks as store
from ledger.ui.forms import REFUSALS, Forms, Refused, chosen, typed
from ledger.ui.pages import go, notice, render, version, writing
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("desks", __name__)

DETAILS = ("name", "threshold", *desks.POLICY)


@bp.get("/desks")
@requires(Permission.READ)
def index() -> Any:
    """All desks."""
    return _index()


def _index(refused: Refused | None = None) -> Any:
    return render(
        "desks/index.html",
        status=refused.status if refused else 200,
        desks=store.every(reading()),
        articles=store.article_counts(reading()),
        forms=Forms(refused),
    )


@bp.post("/desks")
@requires(Permission.DESKS)
def add() -> Any:
    """Found a desk."""
    try:
        with writing() as session:
            desk = desks.add(session, by=identity(), **chosen(*DETAILS))
    except REFUSALS as error:
        return _index(Refused("add", "", error, typed()))
    notice(f"The desk “{desk.name}” is founded.")
    return go("desks.detail", id=desk.id)


@bp.get("/desks/<id>")
@requires(Permission.READ)
def detail(id: str) -> Any:
    """A desk's name and threshold, with what another threshold would show."""
    return _page(id)


def _page(id: str, refused: Refused | None = None) -> Any:
    desk = store.get(reading(), id)
    asked = _asked(desk.threshold)
    steps = desks.preview(reading(), desk.id)
    return render(
        "desks/detail.html",
        status=refused.status if refused else 200,
        desk=desk,
        asked=asked,
        steps=steps,
        policy=parts().policy,
        asks=policies.of_desk(desk, parts().policy),
        floor=parts().settings.detection_floor,
        most=max(step.shown for step in steps),
        shown_now=desks.shown(reading(), desk.id, desk.threshold),
        shown_then=desks.shown(reading(), desk.id, asked),
        above=store.nearest(reading(), desk.id, asked, above=True),
        under=store.nearest(reading(), desk.id, asked, above=False),
        forms=Forms(refused),
    )


def _asked(now: float) -> float:
    """The threshold that the address tries out."""
    try:
        return desks.share(request.args["threshold"]) if request.args.get("threshold") else now
    except Invalid:
        return now


@bp.post("/desks/<id>")
@requires(Permission.DESKS)
def change(id: str) -> Any:
    """Change a desk's name, threshold or policy."""
    try:
        with writing() as session:
            desk = desks.change(session, id, by=identity(), version=version(), details=chosen(*DETAILS))
    except REFUSALS as error:
        return _page(id, Refused("change", "", error, typed()))
    notice(f"Saved: candidates are shown from {desk.threshold:.2f} on.")
    return go("desks.detail", id=id)

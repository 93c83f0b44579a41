"""Webhooks: who is told of what, and the log of what was sent."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.ids import is_id
from ledger.models import DeliveryState
from ledger.services import corrections, webhooks
from ledger.store import webhooks as store
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import go, notice, render, version, writing
from ledger.web.context import identity, reading, requires

bp = Blueprint("webhooks", __name__)

PAGE = 30
USUAL = {
    webhooks.STATUS_CHANGED: "A claim gets another status",
    corrections.KIND: "What readers were told is corrected, with before, after and reason",
    "verdict.*": "Verdicts: proposed, signed, sent back",
    "claim.*": "Claims: found, accepted, reworded, withdrawn",
    "evidence.*": "Evidence",
    "article.*": "Articles, and their public reports",
    "*": "Everything in the log but accounts",
}
"""What most ask for, in words; other events are written out."""


@bp.get("/webhooks")
@requires(Permission.WEBHOOKS)
def index() -> Any:
    """All webhooks, and how they do."""
    return _index()


def _index(refused: Refused | None = None) -> Any:
    hooks = store.every(reading())
    return render(
        "webhooks/index.html",
        status=refused.status if refused else 200,
        hooks=hooks,
        standing=webhooks.standing(reading(), [hook.id for hook in hooks]),
        usual=USUAL,
        forms=Forms(refused),
    )


@bp.post("/webhooks")
@requires(Permission.WEBHOOKS)
def add() -> Any:
    """Set a webhook up, which shows its secret this once."""
    sent = request.form
    try:
        with writing() as session:
            hook, secret = webhooks.add(
                session, by=identity(), name=sent.get("name"), url=sent.get("url"), kinds=_kinds()
            )
    except REFUSALS as error:
        return _index(Refused("add", "", error, _typed()))
    return _page(hook.id, secret=secret)


@bp.get("/webhooks/<id>")
@requires(Permission.WEBHOOKS)
def detail(id: str) -> Any:
    """A webhook, with its messages and each try to deliver them."""
    return _page(id)


def _page(id: str, refused: Refused | None = None, *, secret: str | None = None) -> Any:
    hook = webhooks.seen(reading(), id, by=identity())
    after, state = request.args.get("after", ""), request.args.get("state", "")
    found = store.deliveries(
        reading(),
        hook.id,
        state=state if state in list(DeliveryState) else None,
        after=after if is_id(after) else None,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return render(
        "webhooks/detail.html",
        status=refused.status if refused else 200,
        hook=hook,
        standing=webhooks.standing(reading(), [hook.id])[hook.id],
        deliveries=shown,
        tries=store.attempts(reading(), [one.id for one in shown]),
        older=shown[-1].id if len(found) > PAGE else None,
        state=state if state in list(DeliveryState) else "",
        secret=secret,
        usual=USUAL,
        forms=Forms(refused),
    )


@bp.post("/webhooks/<id>")
@requires(Permission.WEBHOOKS)
def change(id: str) -> Any:
    """Change a webhook, or turn it off and on."""
    sent = request.form
    details = {
        "name": sent.get("name"),
        "url": sent.get("url"),
        "kinds": _kinds(),
        "active": sent.get("active") == "1",
    }
    try:
        with writing() as session:
            hook = webhooks.change(session, id, by=identity(), version=version(), details=details)
    except REFUSALS as error:
        return _page(id, Refused("change", "", error, _typed()))
    notice("Saved. Messages are sent." if hook.active else "Saved. The webhook is off: nothing is sent.")
    return go("webhooks.detail", id=id)


@bp.post("/webhooks/<id>/test")
@requires(Permission.WEBHOOKS)
def test(id: str) -> Any:
    """Send a message that tells of nothing."""
    with writing() as session:
        webhooks.test(session, id, by=identity())
    notice("A test is on its way. Load this page again to see what came of it.")
    return go("webhooks.detail", id=id)


@bp.post("/webhooks/<id>/secret")
@requires(Permission.WEBHOOKS)
def rotate(id: str) -> Any:
    """Give a webhook a new secret."""
    try:
        with writing() as session:
            _, secret = webhooks.rotate(session, id, by=identity(), version=version())
    except REFUSALS as error:
        return _page(id, Refused("secret", "", error, typed()))
    return _page(id, secret=secret)


@bp.post("/webhooks/<id>/remove")
@requires(Permission.WEBHOOKS)
def remove(id: str) -> Any:
    """Take a webhook away for good."""
    try:
        with writing() as session:
            hook = webhooks.remove(session, id, by=identity(), version=version())
    except REFUSALS as error:
        return _page(id, Refused("remove", "", error, typed()))
    notice(f"The webhook “{hook.name}” is gone.")
    return go("webhooks.index")


@bp.post("/webhooks/deliveries/<id>/redeliver")
@requires(Permission.WEBHOOKS)
def redeliver(id: str) -> Any:
    """Send a message once more."""
    try:
        with writing() as session:
            hook_id = webhooks.redeliver(session, id, by=identity()).webhook_id
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go("webhooks.detail", id=webhooks.seen_delivery(reading(), id, by=identity()).webhook_id)
    notice("The message is on its way again. Load this page again to see what came of it.")
    return go("webhooks.detail", id=hook_id)


def _kinds() -> list[str]:
    """The events that were ticked, and those that were written out."""
    return [*request.form.getlist("kinds"), *request.form.get("others", "").replace(",", " ").split()]


def _typed() -> dict[str, Any]:
    return typed() | {"kinds": request.form.getlist("kinds")}

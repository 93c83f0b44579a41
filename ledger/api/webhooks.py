"""Webhooks: setting them up, trying them out, and what became of their messages."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Delivery, Webhook
from ledger.schemas.common import Nothing, page_of
from ledger.schemas.webhooks import (
    DeliveryOut,
    DeliveryQuery,
    KindsOut,
    NewSecretOut,
    WebhookDetails,
    WebhookIn,
    WebhookOut,
)
from ledger.services import webhooks
from ledger.store import webhooks as store
from ledger.web.context import identity, requires, session

bp = Noun(
    "webhooks", __name__, prefix="/webhooks", about="Addresses that are told of what happens, as it does."
)


def _shown(hooks: list[Webhook]) -> list[dict[str, Any]]:
    standing = webhooks.standing(session(), [hook.id for hook in hooks])
    return [{**hook.model_dump(), "standing": standing[hook.id]} for hook in hooks]


def _whole(hook: Webhook) -> Response:
    return reply(WebhookOut, _shown([hook])[0], version=hook.version)


def _with_secret(hook: Webhook, secret: str, *, status: int = 200) -> Response:
    location = url_for("api_webhooks.show_webhook", id=hook.id) if status == 201 else None
    shown = {**_shown([hook])[0], "secret": secret}
    return reply(NewSecretOut, shown, status=status, version=hook.version, location=location)


def _told(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    tries = store.attempts(session(), [one.id for one in deliveries])
    return [{**one.model_dump(), "tries": tries.get(one.id, [])} for one in deliveries]


@bp.get("")
@requires(Permission.WEBHOOKS)
@bp.answers(200, page_of(WebhookOut))
def list_webhooks() -> Response:
    """List all webhooks, with how they do"""
    return reply_page(WebhookOut, _shown(store.every(session())), None)


@bp.post("")
@requires(Permission.WEBHOOKS)
@bp.arguments(
    WebhookIn,
    example={"name": "CMS", "url": "https://cms.example.org/hook", "kinds": ["claim.status_changed"]},
)
@bp.answers(201, NewSecretOut, location=True)
def add_webhook(body: dict[str, Any]) -> Response:
    """Set a webhook up

    It is told of what happens from now on. The answer has its secret, which is shown this once.
    """
    hook, secret = webhooks.add(session(), by=identity(), **body)
    return _with_secret(hook, secret, status=201)


@bp.get("/kinds")
@requires(Permission.WEBHOOKS)
@bp.answers(200, KindsOut)
def list_webhook_kinds() -> Response:
    """List the events that a webhook may be told of"""
    return reply(KindsOut, {"kinds": webhooks.choices()})


@bp.get("/<id>")
@requires(Permission.WEBHOOKS)
@bp.answers(200, WebhookOut)
def show_webhook(id: str) -> Response:
    """Show a webhook, with how it does"""
    return _whole(webhooks.seen(session(), id, by=identity()))


@bp.patch("/<id>")
@requires(Permission.WEBHOOKS)
@bp.edits(WebhookOut, Webhook)
@bp.arguments(WebhookDetails, example={"active": True})
@bp.answers(200, WebhookOut)
def change_webhook(details: dict[str, Any], id: str, version: int) -> Response:
    """Change a webhook's name, address or events, or turn it off and on

    One that is turned on is told of what happens from then on; what came before stands in `GET /events`.
    """
    return _whole(webhooks.change(session(), id, by=identity(), version=version, details=details))


@bp.step("/<id>/remove", Permission.WEBHOOKS, WebhookOut, Webhook)
def remove_webhook(id: str, version: int) -> Response:
    """Take a webhook away for good; what waits for it is not sent"""
    return _whole(webhooks.remove(session(), id, by=identity(), version=version))


@bp.step("/<id>/secret", Permission.WEBHOOKS, WebhookOut, Webhook, answer=NewSecretOut)
def change_webhook_secret(id: str, version: int) -> Response:
    """Give a webhook a new secret

    For 24 hours each message has two signatures, by the new one and by the one before.
    """
    return _with_secret(*webhooks.rotate(session(), id, by=identity(), version=version))


@bp.post("/<id>/test")
@requires(Permission.WEBHOOKS)
@bp.arguments(Nothing, required=False)
@bp.answers(202, DeliveryOut)
def try_webhook(_body: dict[str, Any], id: str) -> Response:
    """Send a message that tells of nothing

    It is sent once, in the background, also to a webhook that is off; `GET /webhooks/deliveries/{id}` tells
    what came of it.
    """
    return reply(DeliveryOut, _told([webhooks.test(session(), id, by=identity())])[0], status=202)


@bp.get("/<id>/deliveries")
@requires(Permission.WEBHOOKS)
@bp.arguments(DeliveryQuery, location="query")
@bp.answers(200, page_of(DeliveryOut), listed=True)
def list_deliveries(query: dict[str, Any], id: str) -> Response:
    """List a webhook's messages, newest first, with each try to deliver them"""
    hook, limit = webhooks.seen(session(), id, by=identity()), query["limit"]
    found = store.deliveries(
        session(), hook.id, state=query.get("state"), after=query.get("after"), limit=limit + 1
    )
    following = found[limit - 1].id if len(found) > limit else None
    return reply_page(DeliveryOut, _told(found[:limit]), following)


@bp.get("/deliveries/<id>")
@requires(Permission.WEBHOOKS)
@bp.answers(200, DeliveryOut)
def show_delivery(id: str) -> Response:
    """Show a message, with each try to deliver it"""
    return reply(DeliveryOut, _told([webhooks.seen_delivery(session(), id, by=identity())])[0])


@bp.post("/deliveries/<id>/redeliver")
@requires(Permission.WEBHOOKS)
@bp.arguments(Nothing, required=False)
@bp.answers(202, DeliveryOut)
def redeliver(_body: dict[str, Any], id: str) -> Response:
    """Send a message once more, under the id that it has"""
    return reply(DeliveryOut, _told([webhooks.redeliver(session(), id, by=identity())])[0], status=202)

"""Webhooks: who is told of what, by which secret. What is sent, services/deliveries.py decides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
from sqlmodel import Session

from claims.values import dataclass
from ledger import clock
from ledger.adapters.addresses import valid_url
from ledger.auth import secrets
from ledger.auth.identity import SYSTEM, Identity, Permission
from ledger.errors import Conflict, Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.ids import new_id
from ledger.models import Delivery, DeliveryState, Webhook, WebhookState
from ledger.services import corrections, events
from ledger.services.changes import edit, expect, name_value, put, required_text
from ledger.store import events as log
from ledger.store import records
from ledger.store import webhooks as store

STATUS_CHANGED = "claim.status_changed"
"""Not a kind of the log: sent beside it whenever an event gives a claim another status."""

KINDS: dict[str, tuple[str, ...]] = {
    "claim": (
        "found", "found_again", "no_longer_found", "added", "imported", "accepted", "dismissed", "reopened",
        "reworded", "moved", "carried", "words_changed", "words_cut", "words_cut_undone", "split",
        "split_off", "merged", "merged_away", "tagged", "taken", "handed_over",
        "laid_down", "withdrawn", "undone", "redone",
    ),
    "verdict": (
        "proposed", "replaced", "signed", "overridden", "superseded", "sent_back", "rated_blind", "decided",
        "renewed", "scale_retired", "scale_reinstated", "undone", "redone",
    ),
    "evidence": (
        "added", "corrected", "withdrawn", "restored", "anchored", "capture_requested", "changed", "died",
        "lives", "seen", "undone", "redone",
    ),
    "capture": ("requested", "requested_again", "done", "failed", "archived"),
    "article": (
        "added", "described", "revised", "watched", "unwatched", "report_opened", "report_closed", "undone",
        "redone",
    ),
    "comment": (
        "added", "edited", "moved", "removed", "restored", "resolved", "reopened", "undone", "redone",
    ),
    "desk": ("added", "changed"),
    "scale": ("retired", "reinstated"),
}  # fmt: skip
"""What a webhook may be told of, by noun; of accounts, tokens and webhooks themselves nobody is told."""

MOST = 100
"""Webhooks that a ledger may have."""
OVERLAP = timedelta(hours=24)
"""For how long messages are signed by the secret before, too, once there is a new one."""
_MOST_KINDS = 60


def choices() -> list[str]:
    """All that a webhook may ask for, besides `*`."""
    wanted = [STATUS_CHANGED, corrections.KIND]
    for noun, verbs in KINDS.items():
        wanted += [f"{noun}.*", *(f"{noun}.{verb}" for verb in verbs)]
    return wanted


def add(session: Session, *, by: Identity, name: Any, url: Any, kinds: Any) -> tuple[Webhook, str]:
    """Set a webhook up: it is told of what happens from now on. The secret is given out this once."""
    by.require(Permission.WEBHOOKS)
    if len(store.every(session)) >= MOST:
        raise Conflict(f"There are {MOST} webhooks; take one away first.", field="name")
    hook = Webhook(
        id=new_id(),
        name=name_value(name),
        url=_url(url),
        kinds=_kinds(kinds),
        created_at=clock.now(),
        created_by=by.account,
    )
    secret = secrets.new_webhook_secret()
    events.append(session, hook, "webhook.added", by=by, new=[hook])
    session.add(WebhookState(webhook_id=hook.id, secret=secret, next_seq=log.size(session)))
    session.flush()
    return hook, secret


def change(
    session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> Webhook:
    """Change a webhook's name, address or events, turn it off, or on again from now on."""
    hook = _managed(session, id, by)
    expect(hook, version)
    was_on = hook.active
    with edit(hook) as changed:
        put(hook, details, name=name_value, url=_url, kinds=_kinds, active=bool)
        if hook.active:
            hook.stopped_because = None
    if changed():
        events.append(session, hook, "webhook.changed", by=by)
    if hook.active and not was_on:
        # What happened meanwhile can be had from the log; sent now, it would be taken for news.
        kept = session.get_one(WebhookState, hook.id)
        kept.next_seq = log.size(session)
        kept.failures, kept.failing_since, kept.not_before = 0, None, None
        session.flush()
    if was_on and not hook.active:
        store.give_up_waiting(session, hook.id, clock.now())
    return hook


def remove(session: Session, id: str, *, by: Identity, version: int | None) -> Webhook:
    """Take a webhook away for good; what waits for it is not sent."""
    hook = _managed(session, id, by)
    expect(hook, version)
    hook.active, hook.removed_at = False, clock.now()
    events.append(session, hook, "webhook.removed", by=by)
    store.give_up_waiting(session, hook.id, clock.now())
    return hook


def rotate(session: Session, id: str, *, by: Identity, version: int | None) -> tuple[Webhook, str]:
    """Give a webhook a new secret; for a day its messages are signed by the one before, too."""
    hook = _managed(session, id, by)
    expect(hook, version)
    kept = session.get_one(WebhookState, hook.id)
    kept.old_secret, kept.old_until = kept.secret, clock.now() + OVERLAP
    kept.secret = secrets.new_webhook_secret()
    events.append(session, hook, "webhook.secret_changed", by=by)
    session.flush()
    return hook, kept.secret


def stop(session: Session, hook: Webhook, why: str) -> None:
    """Turn a webhook off because its receiver takes nothing any more."""
    hook.active, hook.stopped_because = False, why[:300]
    events.append(session, hook, "webhook.stopped", by=SYSTEM)
    store.give_up_waiting(session, hook.id, clock.now())


def test(session: Session, id: str, *, by: Identity) -> Delivery:
    """Send a message that tells of nothing, once; the webhook may be off."""
    hook = _managed(session, id, by)
    now = clock.now()
    body = {"type": store.TEST, "timestamp": timestamp(now), "data": {"webhook": hook.id, "name": hook.name}}
    delivery = Delivery(
        id=new_id(),
        webhook_id=hook.id,
        kind=store.TEST,
        body=orjson.dumps(body).decode(),
        due_at=now,
        created_at=now,
    )
    session.add(delivery)
    session.flush()
    return delivery


def redeliver(session: Session, delivery_id: str, *, by: Identity) -> Delivery:
    """Send a message once more, under the id that it has."""
    delivery = seen_delivery(session, delivery_id, by=by)
    hook = _managed(session, delivery.webhook_id, by)
    if delivery.state == DeliveryState.WAITING:
        raise Conflict("This message waits to be sent already.")
    if not hook.active and delivery.kind != store.TEST:
        raise Conflict("This webhook is off: turn it on first.")
    delivery.state, delivery.finished_at = DeliveryState.WAITING, None
    delivery.due_at = clock.now()
    session.flush()
    return delivery


def seen(session: Session, id: str, *, by: Identity) -> Webhook:
    """A webhook that was not taken away."""
    return _managed(session, id, by)


def seen_delivery(session: Session, id: str, *, by: Identity) -> Delivery:
    """A message; NotFound where its webhook was taken away."""
    delivery = records.get(session, Delivery, id, name="message")
    _managed(session, delivery.webhook_id, by)
    return delivery


@dataclass(frozen=True, slots=True)
class Standing:
    """How a webhook does: when its old secret ends, since when it fails, and how many messages are where."""

    old_secret_until: Any
    failing_since: Any
    waiting: int
    delivered: int
    failed: int


def standing(session: Session, ids: Sequence[str]) -> dict[str, Standing]:
    """How these webhooks do."""
    counted = store.counts(session, ids)
    now = clock.now()
    found = {}
    for id in ids:
        kept, of = session.get_one(WebhookState, id), counted.get(id, {})
        old = kept.old_until if kept.old_until and kept.old_until > now else None
        found[id] = Standing(old, kept.failing_since, *(of.get(str(state), 0) for state in DeliveryState))
    return found


def _managed(session: Session, id: str, by: Identity) -> Webhook:
    by.require(Permission.WEBHOOKS)
    hook = records.get(session, Webhook, id)
    if hook.removed_at is not None:
        raise NotFound("This webhook was taken away.")
    return hook


def _url(url: Any) -> str:
    # Letters outside ASCII grow when they are escaped.
    return required_text(valid_url(required_text(url, field="url", longest=2000)), field="url", longest=2000)


def _kinds(kinds: Any) -> list[str]:
    known = {"*", *choices()}
    wanted = list(dict.fromkeys(str(kind).strip() for kind in kinds if str(kind).strip()))
    unknown = [kind for kind in wanted if kind not in known]
    if unknown:
        raise Invalid(
            f"There is no event “{unknown[0][:60]}”. Write kinds such as verdict.signed, whole nouns such as "
            f"claim.*, {STATUS_CHANGED}, {corrections.KIND}, or * for all.",
            field="kinds",
        )
    if not 0 < len(wanted) <= _MOST_KINDS:
        raise Invalid(f"Choose 1 to {_MOST_KINDS} events.", field="kinds")
    return sorted(wanted)

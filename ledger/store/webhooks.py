"""Webhooks, their places in the log, and the messages to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Attempt, Delivery, DeliveryState, Webhook, WebhookState

TEST = "webhook.test"


def every(session: Session) -> list[Webhook]:
    """All webhooks that were not taken away, by name."""
    query = select(Webhook).where(col(Webhook.removed_at).is_(None))
    return list(session.exec(query.order_by(col(Webhook.name), col(Webhook.id))))


def behind(session: Session, size: int) -> list[tuple[Webhook, WebhookState]]:
    """The active webhooks that have not come to the end of a log of that size."""
    query = (
        select(Webhook, WebhookState)
        .join(WebhookState, col(WebhookState.webhook_id) == col(Webhook.id))
        .where(_is_on(), col(WebhookState.next_seq) < size)
        .order_by(col(Webhook.id))
    )
    return list(session.exec(query))


def waiting(session: Session, now: datetime, *, but: Iterable[str], each: int) -> dict[str, list[str]]:
    """The ids of messages whose time has come, the oldest `each` of every webhook, by its id."""
    with_any = (
        sa.select(col(Delivery.webhook_id))
        .where(col(Delivery.state) == DeliveryState.WAITING, col(Delivery.due_at) <= now)
        .distinct()
    )
    found = {}
    for (webhook_id,) in session.execute(with_any).all():
        if webhook_id not in set(but):
            found[webhook_id] = _waiting(session, webhook_id, now, each)
    return {webhook_id: ids for webhook_id, ids in found.items() if ids}


def _waiting(session: Session, webhook_id: str, now: datetime, most: int) -> list[str]:
    in_peace = sa.or_(col(WebhookState.not_before).is_(None), col(WebhookState.not_before) <= now)
    query = (
        select(Delivery.id)
        .join(Webhook, col(Webhook.id) == col(Delivery.webhook_id))
        .join(WebhookState, col(WebhookState.webhook_id) == col(Webhook.id))
        .where(Delivery.webhook_id == webhook_id, Delivery.state == DeliveryState.WAITING)
        .where(Delivery.due_at <= now, col(Webhook.removed_at).is_(None))
        # Somebody who tries a webhook out wants to see what comes of it, on or off.
        .where(sa.or_(sa.and_(_is_on(), in_peace), col(Delivery.kind) == TEST))
        .order_by(col(Delivery.id))
        .limit(most)
    )
    return list(session.exec(query))


def _is_on() -> Any:
    return sa.and_(col(Webhook.active).is_(True), col(Webhook.removed_at).is_(None))


def counts(session: Session, ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many messages of each of these webhooks are in each state."""
    query = (
        select(Delivery.webhook_id, Delivery.state, sa.func.count())
        .where(col(Delivery.webhook_id).in_(list(ids)))
        .group_by(col(Delivery.webhook_id), col(Delivery.state))
    )
    found: dict[str, dict[str, int]] = {}
    for webhook_id, state, count in session.exec(query):
        found.setdefault(webhook_id, {})[state] = count
    return found


def deliveries(
    session: Session, webhook_id: str, *, state: str | None, after: str | None, limit: int
) -> list[Delivery]:
    """A webhook's messages, newest first, those after the one with the id `after`."""
    query = select(Delivery).where(Delivery.webhook_id == webhook_id)
    if state:
        query = query.where(Delivery.state == state)
    if after:
        query = query.where(col(Delivery.id) < after)
    return list(session.exec(query.order_by(col(Delivery.id).desc()).limit(limit)))


def attempts(session: Session, delivery_ids: Iterable[str]) -> dict[str, list[Attempt]]:
    """The tries of these messages, oldest first, by the message's id."""
    query = select(Attempt).where(col(Attempt.delivery_id).in_(list(delivery_ids)))
    found: dict[str, list[Attempt]] = {}
    for attempt in session.exec(query.order_by(col(Attempt.id))):
        found.setdefault(attempt.delivery_id, []).append(attempt)
    return found


def give_up_waiting(session: Session, webhook_id: str, now: datetime) -> None:
    """Mark all messages of a webhook that still wait as failed."""
    waits = (col(Delivery.webhook_id) == webhook_id, col(Delivery.state) == DeliveryState.WAITING)
    session.execute(
        sa.update(Delivery).where(*waits).values(state=str(DeliveryState.FAILED), finished_at=now),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, before: datetime, *, most: int) -> int:
    """Delete what was finished before that moment, up to `most` messages; gives how many."""
    query = select(Delivery.id).where(col(Delivery.finished_at) < before).limit(most)
    ids = list(session.exec(query))
    for model, key in ((Attempt, Attempt.delivery_id), (Delivery, Delivery.id)):
        session.execute(
            sa.delete(model).where(col(key).in_(ids)), execution_options={"synchronize_session": False}
        )
    return len(ids)

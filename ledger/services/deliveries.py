"""What webhooks are sent: messages made from the log, sent, sent again, given up.

The log is the outbox. An event is written with its change or not at all, in one order without gaps; each
webhook has a place in it, and the messages of the events up to there are written together with the new
place. So no change is forgotten and none is told twice under two ids, whatever process is killed when.
docs/decisions/0020 tells why there is no outbox beside it.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlmodel import Session

from claims.values import dataclass
from ledger import clock
from ledger.adapters.post import Answer, Poster
from ledger.db import Database
from ledger.eventlog.canonical import timestamp
from ledger.ids import new_id
from ledger.models import Attempt, Delivery, DeliveryState, Event, Webhook, WebhookState
from ledger.services import corrections, feed, webhooks
from ledger.services.corrections import Corrected
from ledger.services.feed import Change
from ledger.services.webhooks import KINDS, STATUS_CHANGED
from ledger.store import events as log
from ledger.store import webhooks as store

RETRIES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further try: ten tries in three days, as Standard Webhooks advises."""
_JITTER = 0.1
_LONGEST_PAUSE = 600
_LONGEST_WISH = 86_400
_BATCH = 200  # events read at once
_MOST_NAMED = 200
"""Claims that one message names; of more, the receiver asks."""


# ------------------------------------------------------------------------------------- messages


def write_messages(database: Database, base: str) -> int:
    """Write the messages of what has happened since; gives how many events were gone through.

    `base` is the service's address, for links.
    """
    with database.read() as session:
        late = store.behind(session, log.size(session))
        if not late:
            return 0
        first = min(kept.next_seq for _, kept in late)
        events = log.listed(session, first=first, limit=_BATCH)
        told = feed.told(session, events)
        wished = {kind for hook, _ in late for kind in hook.kinds}
        corrected = corrections.made_by(session, events) if corrections.KIND in wished else {}
    pairs = list(zip(events, told, strict=True))
    with database.write() as session:
        for hook, kept in late:
            _write(session, hook, kept.next_seq, pairs, corrected, base)
    return len(events)


def _write(
    session: Session,
    hook: Webhook,
    seen: int,
    pairs: Sequence[tuple[Event, Change]],
    corrected: Mapping[int, Sequence[Corrected]],
    base: str,
) -> None:
    kept = session.get(WebhookState, hook.id)
    # Another worker was first, or it was turned on anew.
    if kept is None or kept.next_seq != seen:
        return
    now = clock.now()
    for event, change in pairs:
        if event.seq < kept.next_seq:
            continue
        made = corrected.get(event.seq, ())
        for kind in wanted(hook.kinds, event, corrects=bool(made)):
            session.add(
                Delivery(
                    id=new_id(),
                    webhook_id=hook.id,
                    seq=event.seq,
                    kind=kind,
                    body=message(kind, event, change, base, made).decode(),
                    due_at=now,
                    created_at=now,
                )
            )
    kept.next_seq = max(kept.next_seq, pairs[-1][0].seq + 1)
    session.flush()


def wanted(kinds: Sequence[str], event: Event, *, corrects: bool = False) -> list[str]:
    """The kinds of message that an event makes for who asked for `kinds`; `corrects`: it corrects something
    that readers were told."""
    noun, _, verb = event.kind.partition(".")
    public = verb in KINDS.get(noun, ())
    found = [event.kind] if public and {"*", f"{noun}.*", event.kind} & set(kinds) else []
    if STATUS_CHANGED in kinds and _statuses(event):
        found.append(STATUS_CHANGED)
    if corrections.KIND in kinds and corrects:
        found.append(corrections.KIND)
    return found


def message(kind: str, event: Event, change: Change, base: str, corrected: Sequence[Corrected] = ()) -> bytes:
    """What is sent, as JSON. It names what changed, and leaves what is in it to be asked for; of a correction
    it tells all that readers are told, `corrected`."""
    statuses = _statuses(event)
    named = list(statuses) if kind == STATUS_CHANGED else sorted(change.claims)
    claims = [
        {
            "id": id,
            "url": f"{base}/claims/{id}",
            "version": change.claims.get(id),
            "status": statuses.get(id),
        }
        for id in named[:_MOST_NAMED]
    ]
    data = {
        "seq": event.seq,
        "event_id": event.id,
        "stream": event.stream,
        "version": event.version,
        "kind": event.kind,
        "actor": event.actor,
        "actor_name": change.by,
        "claims": claims,
        "more_claims": len(named) > _MOST_NAMED,
        "articles": sorted(change.articles)[:_MOST_NAMED],
    }
    if kind == corrections.KIND:
        data["corrections"] = [corrections.shown(one, base) for one in corrected]
    return orjson.dumps({"type": kind, "timestamp": timestamp(event.at), "data": data})


def _statuses(event: Event) -> dict[str, Any]:
    """The claims that an event gives a status, and which."""
    rows = (event.patch or {}).get("claim", {})
    return {id: row["status"] for id, row in rows.items() if "status" in row}


# ------------------------------------------------------------------------------------- sending


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message in the hands of whoever sends it."""

    id: str
    url: str
    body: bytes
    secrets: tuple[str, ...]


def send(database: Database, poster: Poster, delivery_id: str, *, days: int) -> bool:
    """Send one message that is due, and note what came of it; False where it was not to be sent, or was
    not taken: then this webhook's other messages had better wait, too."""
    with database.write() as session:
        letter = _taken_up(session, delivery_id, poster)
    if letter is None:
        return False
    began = clock.now()
    answer = poster.post(letter.url, letter.body, id=letter.id, secrets=letter.secrets)
    with database.write() as session:
        _note(session, letter.id, began, answer, days)
    return answer.taken


def _taken_up(session: Session, delivery_id: str, poster: Poster) -> _Letter | None:
    delivery, now = session.get(Delivery, delivery_id), clock.now()
    if delivery is None or delivery.state != DeliveryState.WAITING or delivery.due_at > now:
        return None
    hook = session.get_one(Webhook, delivery.webhook_id)
    kept = session.get_one(WebhookState, hook.id)
    if hook.removed_at is not None or not (hook.active or delivery.kind == store.TEST):
        return None
    delivery.attempts += 1
    # Until then nobody else sends it; after that its worker must have died.
    delivery.due_at = now + timedelta(seconds=2 * poster.timeout_seconds + 30)
    session.flush()
    secrets = [kept.secret]
    if kept.old_secret and kept.old_until and kept.old_until > now:
        secrets.append(kept.old_secret)
    return _Letter(delivery.id, hook.url, delivery.body.encode(), tuple(secrets))


def _note(session: Session, delivery_id: str, began: datetime, answer: Answer, days: int) -> None:
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return
    session.add(
        Attempt(
            id=new_id(),
            delivery_id=delivery.id,
            at=began,
            status=answer.status,
            milliseconds=answer.milliseconds,
            answer=answer.text,
            error=answer.error and answer.error[:300],
        )
    )
    session.flush()
    hook = session.get_one(Webhook, delivery.webhook_id)
    kept = session.get_one(WebhookState, hook.id)
    if answer.taken:
        _delivered(delivery, kept)
    else:
        _refused(session, delivery, hook, kept, answer, days)
    session.flush()


def _delivered(delivery: Delivery, kept: WebhookState) -> None:
    delivery.state, delivery.finished_at = DeliveryState.DELIVERED, clock.now()
    kept.failures, kept.failing_since, kept.not_before = 0, None, None


def _refused(
    session: Session, delivery: Delivery, hook: Webhook, kept: WebhookState, answer: Answer, days: int
) -> None:
    now = clock.now()
    is_last = delivery.kind == store.TEST or delivery.attempts > len(RETRIES)
    if delivery.state == DeliveryState.WAITING and is_last:
        delivery.state, delivery.finished_at = DeliveryState.FAILED, now
    elif delivery.state == DeliveryState.WAITING:
        wait = RETRIES[delivery.attempts - 1] * random.uniform(1, 1 + _JITTER)
        wish = min(answer.retry_after, _LONGEST_WISH)
        delivery.due_at = now + timedelta(seconds=max(wait, wish))
    if delivery.kind == store.TEST or not hook.active:
        return
    kept.failures += 1
    kept.failing_since = kept.failing_since or now
    # One dead receiver with a thousand messages must not be knocked at a thousand times over.
    pause = min(2 ** min(kept.failures, 20), _LONGEST_PAUSE)
    kept.not_before = now + timedelta(seconds=max(pause, min(answer.retry_after, _LONGEST_WISH)))
    if answer.status == 410:
        webhooks.stop(session, hook, "Its receiver answered 410 Gone: it wants no more messages.")
    elif now - kept.failing_since >= timedelta(days=days):
        since = f"{kept.failing_since:%Y-%m-%d %H:%M} UTC"
        webhooks.stop(session, hook, f"No message got through since {since}.")


def forget(database: Database, *, days: int, most: int = 1000) -> int:
    """Delete messages that were finished so many days ago, some at a time; gives how many."""
    with database.write() as session:
        return store.forget(session, clock.now() - timedelta(days=days), most=most)

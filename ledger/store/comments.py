"""What people say about claims, who is named in it, and what of that somebody has seen."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.eventlog.canonical import timestamp
from ledger.models import Account, Claim, Comment, Event, Preference
from ledger.store.records import page

_SEEN = "mentions_seen"
_KEYS = (col(Comment.added_at), col(Comment.id))


def of_claim(session: Session, claim_id: str, *, removed: bool = False) -> list[Comment]:
    """The discussion of a claim, oldest first, without what was taken back unless `removed` asks for it."""
    query = select(Comment).where(Comment.claim_id == claim_id)
    if not removed:
        query = query.where(col(Comment.removed_at).is_(None))
    return list(session.exec(query.order_by(col(Comment.id))))


def of_claim_page(
    session: Session, claim_id: str, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of a claim's discussion, oldest first: rows of (Comment, key_0, key_1)."""
    query: Any = sa.select(Comment, *_labels()).where(
        col(Comment.claim_id) == claim_id, col(Comment.removed_at).is_(None)
    )
    return page(session, query, *_KEYS, after=after, limit=limit, descending=False)


def counts(session: Session, claim_ids: Iterable[str]) -> dict[str, int]:
    """How many comments each of these claims has that has any."""
    query = (
        sa.select(col(Comment.claim_id), sa.func.count())
        .where(col(Comment.claim_id).in_(list(claim_ids)), col(Comment.removed_at).is_(None))
        .group_by(col(Comment.claim_id))
    )
    return {claim_id: count for claim_id, count in session.execute(query)}


def events_of(session: Session, claim_id: str) -> list[Event]:
    """The events of a claim's comments, in log order."""
    streams = sa.select(sa.literal("comment:") + col(Comment.id)).where(col(Comment.claim_id) == claim_id)
    return list(session.exec(select(Event).where(col(Event.stream).in_(streams)).order_by(col(Event.seq))))


def people(session: Session, ids: Iterable[str]) -> list[Account]:
    """These accounts, those that may not sign in any more too."""
    wanted = sorted(set(ids))
    return list(session.exec(select(Account).where(col(Account.id).in_(wanted)))) if wanted else []


def mentioning(
    session: Session, account_id: str, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of the comments that name somebody, newest first: rows of (Comment, Claim, key_0, key_1)."""
    query: Any = (
        sa.select(Comment, Claim, *_labels())
        .join(Claim, col(Claim.id) == col(Comment.claim_id))
        .where(_names(account_id), col(Comment.removed_at).is_(None))
    )
    return page(session, query, *_KEYS, after=after, limit=limit)


def seen(session: Session, account_id: str) -> datetime | None:
    """Up to when somebody has looked at what names them."""
    kept = session.get(Preference, account_id)
    text = kept.values.get(_SEEN) if kept else None
    return datetime.fromisoformat(text).astimezone(UTC) if isinstance(text, str) else None


def keep_seen(session: Session, account_id: str, at: datetime, *, now: datetime) -> None:
    """Keep up to when somebody has looked."""
    kept = session.get(Preference, account_id)
    if kept is None:
        kept = Preference(account_id=account_id, values={}, updated_at=now)
    kept.values = {**kept.values, _SEEN: timestamp(at)}
    kept.updated_at = now
    session.add(kept)
    session.flush()


def unread(session: Session, account_id: str) -> int:
    """How many comments of others name somebody, that came or changed since they last looked."""
    query = sa.select(sa.func.count()).where(
        _names(account_id), col(Comment.removed_at).is_(None), col(Comment.added_by) != account_id
    )
    last = seen(session, account_id)
    if last is not None:
        query = query.where(sa.or_(col(Comment.added_at) > last, col(Comment.edited_at) > last))
    return int(session.execute(query).scalar_one())


def _labels() -> list[Any]:
    return [key.label(f"key_{n}") for n, key in enumerate(_KEYS)]


def _names(account_id: str) -> Any:
    # The ids are ours, 36 plain characters, and stand in quotes in the JSON.
    return sa.cast(col(Comment.mentions), sa.Text).contains(f'"{account_id}"', autoescape=True)

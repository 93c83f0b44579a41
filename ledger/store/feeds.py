"""What feeds are made of: verdicts that readers may see, and the events that may be corrections of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import CORRECTING, Appearance, Article, Claim, Event, Triage, Verdict
from ledger.models.base import Moment
from ledger.store.desks import belongs
from ledger.store.records import page
from ledger.store.reports import OPENED

_TOLD: Any = (
    Claim.id, Claim.statement, Claim.language, Verdict.label, Verdict.status_word, Verdict.rationale,
    Verdict.settled_at, Claim.stale_since, Claim.stale_reasons,
)  # fmt: skip


def verdicts(
    session: Session, *, article_id: str | None, after: tuple[Any, ...] | None, limit: int
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of the signed verdicts that an open report tells, the one told last in front, and where the next
    page begins. `key_0` of a row is since when it is told so: signed, the report open; or stale."""
    opened = _opened(article_id)
    # Nothing turns stale before it is signed.
    latest = sa.func.coalesce(col(Claim.stale_since), col(Verdict.settled_at), type_=Moment)
    told = sa.case((latest > opened.c.opened, latest), else_=opened.c.opened)
    keys = told, col(Verdict.id)
    query = (
        sa.select(*_TOLD, keys[0].label("key_0"), keys[1].label("key_1"))
        .join(Verdict, col(Verdict.id) == col(Claim.verdict_id))
        .join(opened, opened.c.claim_id == col(Claim.id))
        .where(col(Claim.triage) == Triage.ACCEPTED)
        .where(col(Claim.withdrawn_at).is_(None))
    )
    return page(session, query, *keys, after=after, limit=limit)


def _opened(article_id: str | None, desk_id: str | None = None) -> Any:
    """The claims that stand in open reports, and since when."""
    query = (
        sa.select(col(Appearance.claim_id), sa.func.min(col(Article.report_since)).label("opened"))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Article.report_since).is_not(None))
        .group_by(col(Appearance.claim_id))
    )
    if article_id is not None:
        query = query.where(col(Article.id) == article_id)
    if desk_id is not None:
        query = query.where(belongs(desk_id))
    return query.subquery()


def suspects(
    session: Session,
    *,
    article_id: str | None = None,
    claim_id: str | None = None,
    desk_id: str | None = None,
    before: int | None,
    limit: int,
) -> list[tuple[int, str]]:
    """Events, newest first, that may be corrections of what open reports tell: their place, and the claim.

    A first verdict corrects nothing, so verdicts count only on claims that had more than one.
    """
    query = _suspects(article_id, desk_id)
    if claim_id is not None:
        query = query.where(col(Event.stream) == f"claim:{claim_id}")
    if before is not None:
        query = query.where(col(Event.seq) < before)
    found = session.execute(query.order_by(col(Event.seq).desc()).limit(limit))
    return [(seq, name.partition(":")[2]) for seq, name in found]


def suspects_among(session: Session, seqs: Sequence[int]) -> list[tuple[int, str]]:
    """The same of the events at these places in the log."""
    if not seqs:
        return []
    query = _suspects(None, None).where(col(Event.seq) >= min(seqs), col(Event.seq) <= max(seqs))
    asked = set(seqs)
    return [(seq, name.partition(":")[2]) for seq, name in session.execute(query) if seq in asked]


def _suspects(article_id: str | None, desk_id: str | None) -> Any:
    opened = _opened(article_id, desk_id)
    several = (
        sa.select(sa.literal("claim:") + col(Verdict.claim_id))
        .where(col(Verdict.settled_at).is_not(None))
        .group_by(col(Verdict.claim_id))
        .having(sa.func.count() > 1)
    )
    # Not the bare column: a database would go through all events of all open claims by its index.
    stream = col(Event.stream).concat("")
    return (
        sa.select(col(Event.seq), col(Event.stream))
        # Word for word as the index has it: a database must see that it is enough.
        .where(sa.text(CORRECTING))
        .where(stream.in_(sa.select(sa.literal("claim:") + opened.c.claim_id)))
        .where(sa.or_(col(Event.kind).not_like("verdict.%"), stream.in_(several)))
    )


def first_opened(session: Session, article_ids: Sequence[str]) -> dict[str, datetime]:
    """When the reports of these articles were opened for the first time; closing one forgets nothing."""
    query = (
        select(Event.stream, sa.func.min(Event.at))
        .where(col(Event.stream).in_([f"article:{id}" for id in article_ids]), col(Event.kind) == OPENED)
        .group_by(col(Event.stream))
    )
    return {stream.partition(":")[2]: at for stream, at in session.exec(query)}

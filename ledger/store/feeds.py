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
    if article_id is not None:
        return _page_of(session, _opened(article_id), after=after, limit=limit)
    many = _FIRST
    while True:
        # What is told since a moment was signed, turned stale or opened then: few need be looked at.
        claims, behind = _latest(session, after[0] if after else None, many)
        if len(claims) > _MOST:
            return _page_of(session, _opened(None), after=after, limit=limit)
        of_these = _opened(None, among=claims)
        rows, following = _page_of(session, of_these, after=after, limit=limit, behind=behind)
        if following is not None or behind is None:
            return rows, following
        many *= 4


_FIRST, _MOST = 100, 20_000


def _latest(session: Session, until: datetime | None, many: int) -> tuple[list[str], datetime | None]:
    """The claims of which something was told behind a moment and up to `until`, and that moment.

    None: nothing was told before.
    """
    by_article = max(many // 10, 1)
    sources: tuple[Any, ...] = (
        (Verdict.claim_id, Verdict.settled_at, many),
        (Claim.id, Claim.stale_since, many),
        (Article.id, Article.report_since, by_article),
    )
    found, ends = [], list[datetime]()
    for id, at, most in sources:
        query = sa.select(col(id), col(at)).where(col(at).is_not(None)).order_by(col(at).desc()).limit(most)
        rows = session.execute(query if until is None else query.where(col(at) <= until)).all()
        found.append([one for one, _ in rows])
        if len(rows) == most:
            ends.append(rows[-1][1])
    there = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id).in_(found.pop()))
    claims = {*found[0], *found[1], *session.execute(there).scalars()}
    return list(claims), max(ends, default=None)


def _page_of(
    session: Session,
    opened: Any,
    *,
    after: tuple[Any, ...] | None,
    limit: int,
    behind: datetime | None = None,
) -> tuple[list[Any], tuple[Any, ...] | None]:
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
    if behind is not None:
        query = query.where(told > behind)
    return page(session, query, *keys, after=after, limit=limit)


def _opened(article_id: str | None, desk_id: str | None = None, *, among: Sequence[str] | None = None) -> Any:
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
    if among is not None:
        query = query.where(col(Appearance.claim_id).in_(among))
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

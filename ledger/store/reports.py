"""What a public report is made of, each kind of row by one query however many claims there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger.models import Appearance, Article, Capture, Event, Evidence, Signature, Verdict

OPENED = "article.report_opened"
CLOSED = "article.report_closed"


@dataclass(slots=True)
class Rows:
    """The rows of an article's claims, by claim id; signatures by verdict id."""

    verdicts: dict[str, list[Verdict]]
    evidence: dict[str, list[tuple[Evidence, Capture | None]]]
    signatures: dict[str, list[Signature]]
    publicly: dict[str, list[Article]]


def rows(session: Session, article_id: str) -> Rows:
    """All that belongs to the claims of an article: verdicts once in force, evidence that counts,
    signatures, and the other articles with a public report in which the claims stand."""
    here = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id) == article_id)
    found = Rows({}, {}, {}, {})
    given = select(Verdict).where(col(Verdict.claim_id).in_(here), col(Verdict.settled_at).is_not(None))
    for verdict in session.exec(given.order_by(col(Verdict.settled_at), col(Verdict.id))):
        found.verdicts.setdefault(verdict.claim_id, []).append(verdict)
    pieces = (
        select(Evidence, Capture)
        .outerjoin(Capture, col(Capture.id) == col(Evidence.capture_id))
        .where(col(Evidence.claim_id).in_(here), col(Evidence.withdrawn_at).is_(None))
        .order_by(col(Evidence.id))
        # The text of a capture may be a whole book.
        .options(defer(Capture.text))  # type: ignore[arg-type]
    )
    for piece, capture in session.exec(pieces):
        found.evidence.setdefault(piece.claim_id, []).append((piece, capture))
    signed = (
        select(Signature)
        .join(Verdict, col(Verdict.id) == col(Signature.verdict_id))
        .where(col(Verdict.claim_id).in_(here), col(Verdict.state) == "settled")
    )
    for signature in session.exec(signed.order_by(col(Signature.id))):
        found.signatures.setdefault(signature.verdict_id, []).append(signature)
    also = (
        select(Appearance.claim_id, Article)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(here), col(Article.report_since).is_not(None))
        .where(col(Article.id) != article_id)
        .order_by(col(Appearance.id))
    )
    for claim_id, article in session.exec(also):
        found.publicly.setdefault(claim_id, []).append(article)
    return found


def public_articles(session: Session, claim_id: str) -> list[Article]:
    """The articles with a public report in which a claim stands, the one opened first in front."""
    query = (
        select(Article)
        .join(Appearance, col(Appearance.article_id) == col(Article.id))
        .where(Appearance.claim_id == claim_id, col(Article.report_since).is_not(None))
        .order_by(col(Article.report_since), col(Article.id))
    )
    return list({article.id: article for article in session.exec(query)}.values())


def partly_unseen(session: Session, claim_ids: Sequence[str]) -> set[str]:
    """Those of these claims that stand in an article, too, of which there is no open report."""
    query = (
        sa.select(col(Appearance.claim_id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(claim_ids), col(Article.report_since).is_(None))
    )
    return set(session.execute(query.distinct()).scalars())


def told_since(session: Session, claim_id: str, since: datetime) -> bool:
    """Whether an open report told of a claim at any time since then."""
    articles = sa.select(col(Appearance.article_id)).where(col(Appearance.claim_id) == claim_id)
    streams = sa.select(sa.literal("article:") + col(Appearance.article_id)).where(
        col(Appearance.claim_id) == claim_id
    )
    is_open = sa.select(1).where(col(Article.id).in_(articles), col(Article.report_since).is_not(None))
    closed = sa.select(1).where(
        col(Event.stream).in_(streams), col(Event.kind) == CLOSED, col(Event.at) >= since
    )
    return bool(session.execute(sa.select(sa.or_(is_open.exists(), closed.exists()))).scalar_one())


def first_opened(session: Session, article_id: str) -> datetime | None:
    """When the report of an article was opened for the first time; closing it forgets nothing."""
    query = select(sa.func.min(Event.at)).where(
        Event.stream == f"article:{article_id}", col(Event.kind) == OPENED
    )
    return session.exec(query).one()


def once_withdrawn(session: Session, article_id: str, since: datetime) -> set[str]:
    """The ids of an article's claims that were withdrawn since then, those that stand again too."""
    streams = sa.select(sa.literal("claim:") + col(Appearance.claim_id)).where(
        col(Appearance.article_id) == article_id
    )
    query = select(Event.stream).where(
        col(Event.stream).in_(streams), col(Event.kind) == "claim.withdrawn", col(Event.at) >= since
    )
    return {stream.partition(":")[2] for stream in session.exec(query)}


def histories(session: Session, claim_ids: list[str]) -> dict[str, list[Event]]:
    """The events of these claims, by claim id, oldest first."""
    if not claim_ids:
        return {}
    query: Any = select(Event).where(col(Event.stream).in_([f"claim:{id}" for id in claim_ids]))
    found: dict[str, list[Event]] = {}
    for event in session.exec(query.order_by(col(Event.seq))):
        found.setdefault(event.stream.partition(":")[2], []).append(event)
    return found

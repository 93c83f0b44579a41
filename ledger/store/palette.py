"""Finding a few articles and claims by some of their words, while somebody types: little, and at once."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger.models import Article, Claim, Status
from ledger.store.words import contains

# How far back is looked: a search for words that stand nowhere ends there, and the desk's own goes on.
NEWEST = 20_000


def articles(session: Session, words: list[str], *, limit: int) -> list[Any]:
    """Rows of (id, title, publisher), newest first, whose title or publisher holds each word."""
    newest = (
        sa.select(Article.id, Article.title, Article.publisher, Article.created_at)  # type: ignore[call-overload]
        .order_by(col(Article.created_at).desc())
        .limit(NEWEST)
        .subquery()
    )
    query = sa.select(newest.c.id, newest.c.title, newest.c.publisher)
    for word in words:
        query = query.where(sa.or_(contains(newest.c.title, word), contains(newest.c.publisher, word)))
    return list(session.execute(query.order_by(newest.c.created_at.desc()).limit(limit)))


def claims(session: Session, words: list[str], *, limit: int) -> list[Any]:
    """Rows of (id, statement, status), newest first, whose statement holds each word; dismissed ones not."""
    newest = (
        sa.select(Claim.id, Claim.statement, Claim.status, Claim.created_at)  # type: ignore[call-overload]
        .order_by(col(Claim.created_at).desc())
        .limit(NEWEST)
        .subquery()
    )
    query = sa.select(newest.c.id, newest.c.statement, newest.c.status).where(
        newest.c.status != Status.DISMISSED
    )
    for word in words:
        query = query.where(contains(newest.c.statement, word))
    return list(session.execute(query.order_by(newest.c.created_at.desc()).limit(limit)))

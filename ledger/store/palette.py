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
    query: Any = sa.select(Article.id, Article.title, Article.publisher)  # type: ignore[call-overload]
    for word in words:
        query = query.where(sa.or_(contains(Article.title, word), contains(Article.publisher, word)))
    return _newest(session, query, Article, limit)


def claims(session: Session, words: list[str], *, limit: int) -> list[Any]:
    """Rows of (id, statement, status), newest first, whose statement holds each word; dismissed ones not."""
    query: Any = sa.select(Claim.id, Claim.statement, Claim.status)  # type: ignore[call-overload]
    query = query.where(col(Claim.status) != Status.DISMISSED)
    for word in words:
        query = query.where(contains(Claim.statement, word))
    return _newest(session, query, Claim, limit)


def _newest(session: Session, query: Any, model: Any, limit: int) -> list[Any]:
    """The first of `query` in the order of the index by time, so that it ends when enough are found."""
    made = col(model.created_at)
    oldest = session.execute(sa.select(made).order_by(made.desc()).limit(1).offset(NEWEST)).scalar()
    if oldest is not None:
        query = query.where(made >= oldest)
    return list(session.execute(query.order_by(made.desc(), col(model.id).desc()).limit(limit)))

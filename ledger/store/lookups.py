"""What look-ups by the thousand read: plain rows, so many at a time, and no objects. A hot path."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger.models import Article, Claim, Revision, Verdict

_AT_ONCE = 2_000
_STATUS = (
    Claim.id, Claim.version, Claim.status, Claim.updated_at, Claim.stale_since, Claim.merged_into,
    Verdict.label,
)  # fmt: skip
_ARTICLE = (Article.id, Article.title, Article.url, Revision.number, Revision.sha256)


def statuses(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    """The rows of these claims by id, as `store.claims.status_row` gives one; each answers for itself."""
    query = sa.select(*_STATUS).outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))  # type: ignore[call-overload]
    return {
        row.id: row for some in _batches(ids) for row in session.execute(query.where(col(Claim.id).in_(some)))
    }


def articles_at(session: Session, urls: Sequence[str]) -> dict[str, Any]:
    """The articles with these addresses, spelled just so; of several with one address the newest."""
    query = sa.select(*_ARTICLE).join(Revision, col(Revision.id) == col(Article.revision_id))  # type: ignore[call-overload]
    return {
        row.url: row
        for some in _batches(urls)
        # Ids sort by time: the last one stays.
        for row in session.execute(query.where(col(Article.url).in_(some)).order_by(col(Article.id)))
    }


def texts(session: Session, sha256s: Sequence[str]) -> dict[str, Any]:
    """The articles that have or had these texts, by SHA-256; `current` says whether it is still theirs."""
    query = sa.select(  # type: ignore[call-overload]
        *_ARTICLE, (col(Revision.id) == col(Article.revision_id)).label("current")
    ).join(Article, col(Article.id) == col(Revision.article_id))
    return {
        row.sha256: row
        for some in _batches(sha256s)
        for row in session.execute(
            query.where(col(Revision.sha256).in_(some)).order_by(sa.desc("current"), col(Article.id).desc())
        )
        .unique(lambda row: row.sha256)
        .all()
    }


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]

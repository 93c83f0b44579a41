"""Articles whose address is fetched again, and how that goes."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from ledger.models import Article, Watch


def every(session: Session, *, after: str | None = None, limit: int) -> list[tuple[Article, Watch | None]]:
    """Watched articles with their watches, newest article first; `after` is the id before."""
    query = (
        select(Article, Watch)
        .outerjoin(Watch, col(Watch.article_id) == col(Article.id))
        .where(col(Article.watch_minutes).is_not(None))
        .order_by(col(Article.id).desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(Article.id) < after)
    return [(article, watch) for article, watch in session.exec(query)]


def unplanned(session: Session, most: int) -> Sequence[Article]:
    """Articles that are to be watched and have no watch under way, as after a ledger was rebuilt."""
    query = (
        select(Article)
        .outerjoin(Watch, col(Watch.article_id) == col(Article.id))
        .where(col(Article.watch_minutes).is_not(None), col(Watch.due_at).is_(None))
        .limit(most)
    )
    return list(session.exec(query))

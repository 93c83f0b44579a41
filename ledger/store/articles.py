"""Articles: by text, by address, and the desk's list with each one's progress."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Appearance, Article, Claim, Revision, Status
from ledger.store.desks import belongs, thresholds
from ledger.store.records import page, page_before
from ledger.store.words import contains

SETTLED = (Status.SUPPORTED, Status.MISLEADING, Status.REFUTED, Status.DISPUTED, Status.UNPROVEN)
_PLACES = 100


def with_text(session: Session, sha256: str) -> Article | None:
    """The article that has, or once had, exactly this text."""
    query = (
        select(Article)
        .join(Revision, col(Revision.article_id) == col(Article.id))
        .where(Revision.sha256 == sha256)
    )
    return session.exec(query.order_by(col(Article.id)).limit(1)).first()


def ids(session: Session) -> list[str]:
    """The ids of all articles, oldest first."""
    return list(session.exec(select(Article.id).order_by(col(Article.id))))


def current_revision(session: Session, article: Article) -> Revision:
    """The revision that is current."""
    return session.exec(select(Revision).where(Revision.id == article.revision_id)).one()


def revisions(session: Session, article_id: str) -> list[Any]:
    """An article's revisions without their texts, newest first."""
    columns = (
        Revision.id,
        Revision.number,
        Revision.length,
        Revision.sha256,
        Revision.created_at,
        Revision.created_by,
    )
    query = (
        sa.select(*columns)  # type: ignore[call-overload]
        .where(col(Revision.article_id) == article_id)
        .order_by(col(Revision.number).desc())
    )
    return list(session.execute(query).all())


def filtered(*, q: str | None = None, desk_id: str | None = None) -> list[Any]:
    """Conditions on articles: title, publisher or address hold these words; they are that desk's."""
    places = (Article.title, Article.publisher, Article.url)
    found: list[Any] = [sa.or_(*(contains(place, q) for place in places))] if q else []
    return [*found, belongs(desk_id)] if desk_id else found


def listed(
    session: Session,
    *,
    q: str | None = None,
    desk_id: str | None = None,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of the desk's list, newest first: rows of (Article, key_0, key_1), and where the next begins.

    With `before`, the page above that key instead, and where the one above it ends.
    """
    query: Any = sa.select(Article, col(Article.created_at).label("key_0"), col(Article.id).label("key_1"))
    query = query.where(*filtered(q=q, desk_id=desk_id))
    keys = col(Article.created_at), col(Article.id)
    if before is not None:
        return page_before(session, query, *keys, before=before, limit=limit)
    return page(session, query, *keys, after=after, limit=limit)


def surroundings(
    session: Session, spans: list[tuple[str, int, int]], around: int = 240
) -> list[tuple[str, str]]:
    """For each (revision id, start, end) the words before and after it, with “…” where the text goes on."""
    found: dict[int, tuple[str, str]] = {}
    # A database takes only so many parts of one query.
    for first in range(0, len(spans), _PLACES):
        queries = [
            _around(place, *span, around) for place, span in enumerate(spans[first : first + _PLACES], first)
        ]
        found |= {place: (before, after) for place, before, after in session.execute(sa.union_all(*queries))}
    return [
        (_from_a_word(found[place][0], cut=start > around), _to_a_word(found[place][1], cut=around))
        for place, (_, start, _) in enumerate(spans)
    ]


def _around(place: int, revision_id: str, start: int, end: int, around: int) -> sa.Select[Any]:
    first = max(0, start - around)
    return sa.select(
        sa.literal(place),
        sa.func.substr(Revision.text, first + 1, start - first),
        sa.func.substr(Revision.text, end + 1, around),
    ).where(col(Revision.id) == revision_id)


def _from_a_word(text: str, *, cut: bool) -> str:
    space = next((at for at, character in enumerate(text) if character.isspace()), -1)
    return f"… {text[space + 1 :]}" if cut else text


def _to_a_word(text: str, *, cut: int) -> str:
    if len(text) < cut:
        return text
    space = next((at for at in range(len(text) - 1, 0, -1) if text[at].isspace()), len(text))
    return f"{text[:space]} …"


def progress(session: Session, article_ids: list[str]) -> dict[str, dict[str, int]]:
    """Number of claims by status for each of these articles; candidates that are not shown do not count."""
    pairs = (
        sa.select(col(Appearance.article_id).label("article_id"), col(Appearance.claim_id).label("claim_id"))
        .where(col(Appearance.article_id).in_(article_ids), col(Appearance.cut_at).is_(None))
        .distinct()
        .subquery()
    )
    query = (
        sa.select(pairs.c.article_id, col(Claim.status), sa.func.count())
        .join(Claim, col(Claim.id) == pairs.c.claim_id)
        .where(thresholds(session).shown())
        .group_by(pairs.c.article_id, col(Claim.status))
    )
    found: dict[str, dict[str, int]] = {id: {} for id in article_ids}
    for article_id, status, count in session.execute(query):
        found[article_id][status] = count
    return found

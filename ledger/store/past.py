"""The log up to a time, of many records at once: what "as of" is folded from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from ledger.models import Appearance, Article, Claim, Event, Revision

_BATCH = 5_000
_DESCRIBED = ("article.described", "article.undone", "article.redone")


def until(
    session: Session, streams: Iterable[str], at: datetime, *, table: str | None = None
) -> Iterator[Any]:
    """The events of these records up to that moment, each record's in its own order: rows of (stream, seq,
    id, kind, at, patch). With `table`, of each patch only what it says of that table.

    In the records' own order: a clock that was set back must not leave a hole.
    """
    wanted = list(dict.fromkeys(streams))
    for first in range(0, len(wanted), _BATCH):
        yield from session.execute(_until(session, wanted[first : first + _BATCH], at, table))


def _until(session: Session, streams: Sequence[str], at: datetime, table: str | None) -> Any:
    these = among(session, col(Event.stream), streams)
    later = (
        sa.select(col(Event.stream).label("stream"), sa.func.min(Event.version).label("version"))
        .where(these, col(Event.at) > at)
        .group_by(col(Event.stream))
        .subquery()
    )
    patch = col(Event.patch) if table is None else col(Event.patch)[table].label("patch")
    return (
        sa.select(Event.stream, Event.seq, Event.id, Event.kind, Event.at, patch)  # type: ignore[call-overload]
        .outerjoin(later, later.c.stream == col(Event.stream))
        .where(these, sa.or_(later.c.version.is_(None), col(Event.version) < later.c.version))
        .order_by(col(Event.stream), col(Event.version))
    )


def at_places(session: Session, seqs: Sequence[int]) -> list[Any]:
    """The events at these places of the log: rows of (stream, seq, id, kind, at, patch)."""
    columns = Event.stream, Event.seq, Event.id, Event.kind, Event.at, Event.patch
    query = sa.select(*columns).where(col(Event.seq).in_(seqs))  # type: ignore[call-overload]
    return list(session.execute(query)) if seqs else []


def began(session: Session, stream: str) -> datetime | None:
    """When a record's first event was; None where there is no such record."""
    query = sa.select(col(Event.at)).where(col(Event.stream) == stream).order_by(col(Event.version)).limit(1)
    return session.execute(query).scalar_one_or_none()


def claims_in(session: Session, article_id: str) -> list[str]:
    """The ids of all claims that stand in an article or ever stood there.

    A place changes its claim only when that one is merged into another, or a merge is taken back.
    """
    found: dict[str, None] = {}
    places = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id) == article_id)
    further = set(session.execute(places).scalars())
    while further:
        found.update(dict.fromkeys(sorted(further)))
        into = among(session, col(Claim.merged_into), sorted(further))
        further = set(session.execute(sa.select(col(Claim.id)).where(into)).scalars()) - found.keys()
    return list(found)


def articles_known_by(session: Session, urls: Sequence[str], at: datetime) -> list[str]:
    """The ids of the articles that may have had one of these addresses then: those that have it now, and
    those of which something else was said since."""
    here = sa.select(col(Article.id)).where(
        among(session, col(Article.url), urls), col(Article.created_at) <= at
    )
    described = (
        sa.select(col(Article.id))
        .join(Event, col(Event.stream) == sa.literal("article:") + col(Article.id))
        .where(col(Article.updated_at) > at, col(Article.created_at) <= at)
        .where(col(Event.at) > at, col(Event.kind).in_(_DESCRIBED))
    )
    return sorted(set(session.execute(here.union(described)).scalars()))


def statements(session: Session, ids: Sequence[str]) -> list[Any]:
    """What these claims say today: rows of (id, statement)."""
    query = sa.select(Claim.id, Claim.statement).where(among(session, col(Claim.id), ids))  # type: ignore[call-overload]
    return list(session.execute(query))


def revisions(session: Session, ids: Iterable[str]) -> dict[str, Any]:
    """Number and hash of these revisions, by id; a revision never changes."""
    query = sa.select(Revision.id, Revision.number, Revision.sha256)  # type: ignore[call-overload]
    rows = session.execute(query.where(among(session, col(Revision.id), list(ids))))
    return {row.id: row for row in rows}


def with_text(session: Session, sha256s: Sequence[str], at: datetime) -> list[Any]:
    """The revisions with these hashes that were there by then: rows of (id, article_id, number, sha256)."""
    columns = Revision.id, Revision.article_id, Revision.number, Revision.sha256
    query = sa.select(*columns).where(among(session, col(Revision.sha256), sha256s))  # type: ignore[call-overload]
    return list(session.execute(query.where(col(Revision.created_at) <= at)))


def among(session: Session, column: Any, values: Sequence[str]) -> Any:
    """That a column has one of many values, as one parameter."""
    if session.get_bind().dialect.name == "sqlite":
        each = sa.func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(sa.String)))

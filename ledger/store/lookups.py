"""What look-ups by the thousand read: plain rows, so many at a time, and no objects. A hot path."""

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from ledger.models import Article, Claim, Revision, Verdict


def _table(model: Any) -> Any:
    # Columns of the table, not of the class: rows of those come without the ORM's own work on each.
    return model.__table__.c


_CLAIM, _VERDICT, _ARTICLE, _REVISION = map(_table, (Claim, Verdict, Article, Revision))
_STATUS = sa.select(
    *(_CLAIM[name] for name in ("id", "version", "status", "updated_at", "stale_since", "merged_into")),
    _VERDICT.label,
).outerjoin_from(_CLAIM.id.table, _VERDICT.id.table, _VERDICT.id == _CLAIM.verdict_id)
_FOUND = (_ARTICLE.id, _ARTICLE.title, _ARTICLE.url, _REVISION.number, _REVISION.sha256)


def statuses(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    """The rows of these claims by id, as `store.claims.status_row` gives one; each answers for itself."""
    return {row.id: row for row in session.execute(_STATUS.where(_among(session, _CLAIM.id, ids)))}


def articles_at(session: Session, urls: Sequence[str]) -> dict[str, Any]:
    """The articles with these addresses, spelled just so; of several with one address the newest."""
    query = (
        sa.select(*_FOUND)
        .join_from(_ARTICLE.id.table, _REVISION.id.table, _REVISION.id == _ARTICLE.revision_id)
        .where(_among(session, _ARTICLE.url, urls))
        .order_by(_ARTICLE.id)  # ids sort by time: the last one stays
    )
    return {row.url: row for row in session.execute(query)}


def texts(session: Session, sha256s: Sequence[str]) -> dict[str, Any]:
    """The articles that have or had these texts, by SHA-256; `current` says whether it is still theirs."""
    current = (_REVISION.id == _ARTICLE.revision_id).label("current")
    query = (
        sa.select(*_FOUND, current)
        .join_from(_REVISION.id.table, _ARTICLE.id.table, _ARTICLE.id == _REVISION.article_id)
        .where(_among(session, _REVISION.sha256, sha256s))
        .order_by(current, _ARTICLE.id)
    )
    return {row.sha256: row for row in session.execute(query)}


def _among(session: Session, column: Any, values: Sequence[str]) -> Any:
    """That a column has one of many values, as one parameter: ten thousand would take long to write out."""
    if session.get_bind().dialect.name == "sqlite":
        each = sa.func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(sa.String)))

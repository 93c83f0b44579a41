"""What look-ups by the thousand read: plain rows, so many at a time, and no objects. A hot path."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from ledger.models import Article, Claim, Revision, Verdict
from ledger.store.ways import Asked, Raw, Way, way


def _table(model: Any) -> Any:
    # Columns of the table, not of the class: rows of those come without the ORM's own work on each.
    return model.__table__.c


_CLAIM, _VERDICT, _ARTICLE, _REVISION = map(_table, (Claim, Verdict, Article, Revision))


class Standing(NamedTuple):
    """How a claim stands, as `store.claims.status_row` has it, but with its times as the API writes them."""

    id: str
    version: int
    status: str
    updated_at: str
    stale_since: str | None
    merged_into: str | None
    label: str | None
    stale_reasons: list[str] | None


class Place(NamedTuple):
    """An article that was found, with the text that was meant; `current`: it is still the article's."""

    id: str
    title: str
    url: str | None
    number: int
    sha256: str
    current: bool


def _among(query: Any, column: Any) -> tuple[Asked, Asked]:
    """A query narrowed to many values of a column, which are one parameter: for SQLite, and for others."""
    each = sa.func.json_each(sa.bindparam("many", None, type_=sa.String)).table_valued("value")
    of_array = column == sa.any_(sa.bindparam("many", None, type_=ARRAY(sa.String)))
    return Asked(query.where(column.in_(sa.select(each.c.value)))), Asked(query.where(of_array))


_STATUSES = _among(
    sa.select(
        *(_CLAIM[name] for name in ("id", "version", "status", "updated_at", "stale_since", "merged_into")),
        _VERDICT.label,
        _CLAIM.stale_reasons,
    ).outerjoin_from(_CLAIM.id.table, _VERDICT.id.table, _VERDICT.id == _CLAIM.verdict_id),
    _CLAIM.id,
)
_FOUND = (_ARTICLE.id, _ARTICLE.title, _ARTICLE.url, _REVISION.number, _REVISION.sha256)
_AT = _among(
    sa.select(*_FOUND, sa.true())
    .join_from(_ARTICLE.id.table, _REVISION.id.table, _REVISION.id == _ARTICLE.revision_id)
    .order_by(_ARTICLE.id),  # ids sort by time: the last one stays
    _ARTICLE.url,
)
_CURRENT = (_REVISION.id == _ARTICLE.revision_id).label("current")
_TEXTS = _among(
    sa.select(*_FOUND, _CURRENT)
    .join_from(_REVISION.id.table, _ARTICLE.id.table, _ARTICLE.id == _REVISION.article_id)
    .order_by(_CURRENT, _ARTICLE.id),
    _REVISION.sha256,
)


def statuses(session: Session, ids: Sequence[str]) -> dict[str, Standing]:
    """How these claims stand, by id; each answers for itself."""
    reading = way(session)
    found = {}
    for id, version, status, updated_at, stale_since, merged_into, label, reasons in _rows(
        reading, _STATUSES, ids
    ):
        since, why = (reading.moment(stale_since), reading.json(reasons)) if stale_since else (None, None)
        updated = reading.moment(updated_at)
        found[id] = Standing(id, version, status, updated, since, merged_into, label, why)
    return found


def articles_at(session: Session, urls: Sequence[str]) -> dict[str, Place]:
    """The articles with these addresses, spelled just so; of several with one address the newest."""
    return {row[2]: Place(*row) for row in _rows(way(session), _AT, urls)}


def texts(session: Session, sha256s: Sequence[str]) -> dict[str, Place]:
    """The articles that have or had these texts, by SHA-256; those that still have them come first."""
    return {row[4]: Place(*row) for row in _rows(way(session), _TEXTS, sha256s)}


def _rows(reading: Way, asked: tuple[Asked, Asked], many: Sequence[str]) -> Sequence[Any]:
    if isinstance(reading, Raw):
        return reading.rows(asked[0], {"many": orjson.dumps(list(many)).decode()})
    return reading.rows(asked[1], {"many": list(many)})

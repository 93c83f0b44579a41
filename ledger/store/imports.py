"""What an import finds of its own in the ledger, and how its values are told to the bare tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass, field
from ledger import sqlite
from ledger.models import Appearance, Article, Claim, Event, Evidence, Revision
from ledger.models.articles import QUOTED_WORDS
from ledger.models.base import Json, Moment

_ROWS = 2_000


@dataclass(slots=True)
class Known:
    """An article that is there: by its exact words, and by its spans, the claims that stand in it.

    `is_open`: its report is. `text` is put in when it is first looked at.
    """

    article_id: str
    revision_id: str
    title: str
    quotes: bool
    is_open: bool = False
    text: str = ""
    by_words: dict[str, str] = field(default_factory=dict)
    by_span: dict[tuple[int, int], str] = field(default_factory=dict)


def known(session: Session, urls: Sequence[str]) -> dict[str, list[Known]]:
    """The articles at these addresses, oldest first."""
    found: dict[str, list[Known]] = {}
    for some in _batches(urls):
        _collect(session, col(Article.url).in_(some), lambda row: str(row.url), found)
    return found


def unplaced(session: Session, filename: str) -> list[Known]:
    """The articles of words without an address that a file of this name brought in."""
    found: dict[str, list[Known]] = {}
    where = sa.and_(
        col(Article.url).is_(None),
        col(Article.media_type) == QUOTED_WORDS,
        col(Article.filename) == filename,
    )
    _collect(session, where, lambda row: "", found)
    return found.get("", [])


def _collect(session: Session, where: Any, key: Callable[[Any], str], found: dict[str, list[Known]]) -> None:
    columns = (Article.id, Article.url, Article.revision_id, Article.title, Article.media_type,
               Article.report_since)  # fmt: skip
    articles: dict[str, Known] = {}
    for row in session.execute(sa.select(*columns).where(where).order_by(col(Article.id))):  # type: ignore[call-overload]
        quotes, is_open = row.media_type == QUOTED_WORDS, row.report_since is not None
        one = Known(row.id, row.revision_id, row.title, quotes, is_open)
        articles[row.id] = one
        found.setdefault(key(row), []).append(one)
    for some in _batches(list(articles)):
        columns = (Appearance.article_id, Appearance.revision_id, Appearance.exact, Appearance.start,
                   Appearance.end, Appearance.claim_id)  # type: ignore[assignment]  # fmt: skip
        query = sa.select(*columns).where(col(Appearance.article_id).in_(some))  # type: ignore[call-overload]
        for article_id, revision_id, exact, start, end, claim_id in session.execute(query):
            one = articles[article_id]
            one.by_words[exact] = claim_id
            if revision_id == one.revision_id:
                one.by_span[start, end] = claim_id


def text_of(session: Session, revision_id: str) -> str:
    """A revision's text."""
    query = sa.select(col(Revision.text)).where(col(Revision.id) == revision_id)
    return str(session.execute(query).scalar_one())


def there(session: Session, claim_ids: Sequence[str]) -> set[str]:
    """Those of these claims that the ledger has."""
    found: set[str] = set()
    for some in _batches(claim_ids):
        found.update(session.execute(sa.select(col(Claim.id)).where(col(Claim.id).in_(some))).scalars())
    return found


def sources(session: Session, claim_ids: Sequence[str]) -> set[tuple[str, str, str | None]]:
    """Claim, address and quote of all evidence that these claims have or had."""
    columns = (Evidence.claim_id, Evidence.url, Evidence.quote)
    found: set[tuple[str, str, str | None]] = set()
    for some in _batches(claim_ids):
        query = sa.select(*columns).where(col(Evidence.claim_id).in_(some))  # type: ignore[call-overload]
        found.update((row[0], row[1], row[2]) for row in session.execute(query))
    return found


def texts(session: Session, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes of a first text that an article has."""
    found: set[str] = set()
    for some in _batches(hashes):
        column = col(Article.first_sha256)
        found.update(session.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def event_at(session: Session, seq: int) -> str | None:
    """The id of the event at this place of the log."""
    return session.execute(sa.select(col(Event.id)).where(col(Event.seq) == seq)).scalar()


@contextmanager
def roomy(connection: sa.Connection) -> Iterator[None]:
    """Keep what is written in memory until all is there: SQLite would write pages out and read them again."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA {sqlite.ROOMY}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={int(before)}")


def told(model: Any, same: Mapping[str, Any], *, to_sqlite: bool) -> dict[str, Any]:
    """What all rows of a table have, from how the log has it to how the database's driver takes it."""
    types = {column.key: column.type for column in model.__table__.columns}
    time = _sqlite_time if to_sqlite else datetime.fromisoformat
    return {
        name: as_json(value)
        if types[name] is Json
        else time(value)
        if isinstance(types[name], Moment)
        else value
        for name, value in same.items()
    }


def as_json(value: Any) -> str:
    """A value as a JSON column's text."""
    return orjson.dumps(value).decode()


def _sqlite_time(text: str) -> str:
    """A time of the log as SQLAlchemy writes it there."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]

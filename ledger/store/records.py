"""Finding one record by its id, and pages of records by key."""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from ledger.errors import NotFound
from ledger.ids import is_id

T = TypeVar("T", bound=SQLModel)


def get(session: Session, model: type[T], id: str, *, name: str | None = None) -> T:
    """The record with that id; NotFound says which one is missing."""
    found = session.get(model, id) if is_id(id) else None
    if found is None:
        raise NotFound(f"There is no {name or model.__name__.lower()} with the id {id[:60]!r}.", id=id[:60])
    return found


def page(
    session: Session,
    query: Any,
    *keys: Any,
    after: tuple[Any, ...] | None,
    limit: int,
    descending: bool = True,
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """One page of `query` ordered by `keys`, which must single a row out, and where the next begins.

    Paging by key costs the same at any depth, and rows that come in meanwhile shift nothing.
    """
    if after is not None:
        position, here = (
            sa.tuple_(*keys),
            sa.tuple_(*(sa.literal(value, key.type) for key, value in zip(keys, after, strict=True))),
        )
        query = query.where(position < here if descending else position > here)
    ordered = query.order_by(*(key.desc() if descending else key.asc() for key in keys)).limit(limit + 1)
    rows = list(session.execute(ordered).all())
    if len(rows) <= limit:
        return rows, None
    rows = rows[:limit]
    return rows, key_of(rows[-1], len(keys))


def page_before(
    session: Session, query: Any, *keys: Any, before: tuple[Any, ...], limit: int
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """The page that ends where `before` begins, in descending order, and where the one above it ends."""
    rows, further = page(session, query, *keys, after=before, limit=limit, descending=False)
    return rows[::-1], further


def key_of(row: Any, length: int = 2) -> tuple[Any, ...]:
    """The keys that single out a row of a page."""
    return tuple(row._mapping[f"key_{n}"] for n in range(length))

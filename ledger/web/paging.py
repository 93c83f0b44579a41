"""Cursors: where the next page begins, as a word that can stand in an address."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from ledger.errors import Invalid
from ledger.eventlog.canonical import timestamp
from ledger.ids import is_id

K = TypeVar("K")
_FURTHEST = 2**31 - 1
_USE = "Use the cursor that the last page gave, unchanged."


def write_cursor(key: tuple[datetime, str] | None) -> str | None:
    """A cursor for the row after `key`, a time and an id."""
    return None if key is None else _written(timestamp(key[0]), key[1])


def write_place(key: tuple[int, str] | None) -> str | None:
    """A cursor for the row after `key`, an offset in a text and an id."""
    return None if key is None else _written(*key)


def write_worth(key: tuple[float, str] | None) -> str | None:
    """A cursor for the row after `key`, a check-worthiness and an id."""
    return None if key is None else _written(*key)


def write_keys(key: Sequence[Any] | None) -> str | None:
    """A cursor for the row after `key`: times, numbers and an id, as many as the order has."""
    if key is None:
        return None
    return _written(*(timestamp(one) if isinstance(one, datetime) else one for one in key))


def read_keys(cursor: str | None, kinds: Sequence[str]) -> tuple[Any, ...] | None:
    """What `write_keys` wrote for an order of these kinds: time, number or id. Else Invalid."""
    if not cursor:
        return None
    try:
        raw: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        return tuple(_KINDS[kind](value) for kind, value in zip(kinds, raw, strict=True))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid(_USE, field="after") from None


def _time(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(value)
    return at.astimezone(UTC)


def _number(value: Any) -> float:
    # Whole numbers must fit what a database holds.
    if type(value) not in (int, float) or not abs(value) <= _FURTHEST:
        raise ValueError(value)
    return value  # type: ignore[no-any-return]


def _id(value: Any) -> str:
    if not is_id(value):
        raise ValueError(value)
    return str(value)


_KINDS: dict[str, Callable[[Any], Any]] = {"time": _time, "number": _number, "id": _id}


def _written(*key: object) -> str:
    raw = json.dumps(key).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """What `write_cursor` wrote. Raises Invalid for anything else."""
    return _read(cursor, lambda moment: datetime.fromisoformat(moment).astimezone(UTC))


def read_worth(cursor: str | None) -> tuple[float, str] | None:
    """What `write_worth` wrote. Raises Invalid for anything else."""
    return _read(cursor, _worth)


def read_place(cursor: str | None) -> tuple[int, str] | None:
    """What `write_place` wrote. Raises Invalid for anything else."""
    return _read(cursor, _offset)


def _read(cursor: str | None, key: Callable[[Any], K]) -> tuple[K, str] | None:
    if not cursor:
        return None
    try:
        raw: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        first, id = raw
        if not is_id(id):
            raise ValueError(id)
        return key(first), id
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid(_USE, field="after") from None


def _worth(value: Any) -> float:
    # -1 stands for no guess at all.
    if type(value) not in (int, float) or not -1 <= value <= 1:
        raise ValueError(value)
    return float(value)


def _offset(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _FURTHEST:
        raise ValueError(value)
    return value

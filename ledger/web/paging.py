"""Cursors: where the next page begins, as a word that can stand in an address."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from ledger.errors import Invalid
from ledger.eventlog.canonical import timestamp
from ledger.ids import is_id

_FURTHEST = 2**31 - 1
_USE = "Use the cursor that the last page gave, unchanged."


def write_cursor(key: tuple[datetime, str] | None) -> str | None:
    """A cursor for the row after `key`, a time and an id."""
    return None if key is None else _written(timestamp(key[0]), key[1])


def write_place(key: tuple[int, str] | None) -> str | None:
    """A cursor for the row after `key`, an offset in a text and an id."""
    return None if key is None else _written(*key)


def _written(*key: object) -> str:
    raw = json.dumps(key).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """What `write_cursor` wrote. Raises Invalid for anything else."""
    if not cursor:
        return None
    try:
        raw: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        moment, id = datetime.fromisoformat(raw[0]).astimezone(UTC), raw[1]
        if not is_id(id):
            raise ValueError(id)
    except (binascii.Error, ValueError, TypeError, IndexError, KeyError, OverflowError, RecursionError):
        raise Invalid(_USE, field="after") from None
    return moment, id


def read_place(cursor: str | None) -> tuple[int, str] | None:
    """What `write_place` wrote. Raises Invalid for anything else."""
    if not cursor:
        return None
    try:
        raw: Any = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        offset, id = raw
        if type(offset) is not int or not 0 <= offset <= _FURTHEST or not is_id(id):
            raise ValueError(raw)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Invalid(_USE, field="after") from None
    return offset, id

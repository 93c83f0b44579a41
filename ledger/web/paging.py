"""Cursors: where the next page begins, as a word that can stand in an address."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from ledger.errors import Invalid
from ledger.eventlog.canonical import timestamp
from ledger.ids import is_id


def write_cursor(key: tuple[datetime, str] | None) -> str | None:
    """A cursor for the row after `key`, a time and an id."""
    if key is None:
        return None
    raw = json.dumps([timestamp(key[0]), key[1]]).encode()
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
        raise Invalid("Use the cursor that the last page gave, unchanged.", field="after") from None
    return moment, id

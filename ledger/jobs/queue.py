"""The doorbell: huey's queue beside the SQLite file, or in tables of its own on PostgreSQL.

huey forgets a message when its worker is killed, and a message is not part of our transaction. So a
message carries nothing but a job's id, and nothing is lost with it: the `job` row is the truth, and
the sweep in worker.py rings again.
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from ledger.settings import Settings

Ring = Callable[[str], Any]


class _Json(Serializer):
    """Messages as JSON: huey's own are pickles, which whoever can write to the queue could abuse."""

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            return json.dumps({"message": data._asdict()}, default=str).encode()
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        value = json.loads(data)
        if isinstance(value, dict) and "message" in value:
            return Message(**{**value["message"], "args": tuple(value["message"]["args"] or ())})
        return value


def make_huey(settings: Settings) -> Huey:
    """The queue of this ledger."""
    options: dict[str, Any] = {"results": False, "utc": True, "serializer": _Json()}
    url = sa.make_url(settings.database_url)
    if settings.is_sqlite:
        # A file of its own: each poll of huey's locks the whole file, which must not hold writers up.
        return SqliteHuey("ledger", filename=f"{url.database}-queue", **options)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("ledger", dsn=dsn, **options)

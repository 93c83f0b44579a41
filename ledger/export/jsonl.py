"""JSON Lines: a claim a line, with numbers, lists and objects as such; what is not known is null."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from ledger.store.cells import Column

MEDIA_TYPE = "application/jsonl; charset=utf-8"
_CHUNK = 64 * 1024


def document(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The whole file in pieces of about 64 kB; the first comes with the first rows."""
    names = [column.name for column in columns]
    lists = [place for place, column in enumerate(columns) if column.kind in ("list", "json")]
    numbers = [place for place, column in enumerate(columns) if column.kind == "number"]
    lines: list[bytes] = []
    size, limit = 0, _CHUNK // 8
    for row in rows:
        values = list(row)
        for place in lists:
            # They are JSON already.
            values[place] = orjson.Fragment(values[place] or "[]")
        for place in numbers:
            # 5, not 5.0, as in the CSV.
            number = values[place]
            values[place] = int(number) if number is not None and number == int(number) else number
        line = orjson.dumps(dict(zip(names, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        lines.append(line)
        size += len(line)
        if size >= limit:
            yield b"".join(lines)
            lines.clear()
            size, limit = 0, _CHUNK
    if lines:
        yield b"".join(lines)

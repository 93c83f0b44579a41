"""A JSON document with one long list in it, written while it is sent: an item a line, none of them held."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

_CHUNK = 64 * 1024


def listed(
    head: bytes, items: Iterable[Any], tail: Callable[[int], bytes], *, had: int = 0
) -> Iterator[bytes]:
    """The document in pieces of about 64 kB; `head` ends with the bracket that opens the list.

    `tail` is given the number of items and closes the list. The first piece comes with the first items. With
    `had`, so many stand in a file already, which ends behind the last of them: then comes what is wanting.
    """
    held, lead = ([], b",\n") if had else ([head], b"\n")
    number, size, limit = had, len(head), _CHUNK // 8
    for item in items:
        line = orjson.dumps(item)
        held += (lead, line)
        lead, number, size = b",\n", number + 1, size + len(line)
        if size >= limit:
            yield b"".join(held)
            held, size, limit = [], 0, _CHUNK
    held.append(b"\n" + tail(number))
    yield b"".join(held)

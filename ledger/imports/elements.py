"""The members of a JSON file's list, one at a time: a feed of gigabytes needs the memory of one member.

Read are a list; an object that holds one list of members, such as a DataFeed, a `@graph` or `rows`; JSON
Lines; and any single value. Line breaks inside strings, which JSON forbids and people write, are let pass.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ledger.adapters.sheets import encoding_marked
from ledger.errors import Invalid

LISTS = ("dataFeedElement", "@graph", "itemListElement", "rows", "claims", "annotations", "items")
"""Names under which a file's one great list stands."""

_PIECE = 1 << 18
_LONGEST = 1 << 24
_SPACE = re.compile(r"[ \t\r\n,]*")
_GOES_ON = re.compile(r"[0-9.eE+-]*")
_DEEPEST = 100
_decoder = json.JSONDecoder(strict=False)


class _Cut(Exception):
    """The text read so far ends inside a value."""


def elements(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """The members with their numbers, from 1. Raises Invalid where the file is no JSON."""
    # Closed also where nobody reads on.
    with _opened(file) as text:
        reading = _Reading(text)
        number = 0
        while not reading.ended():
            # Several values one after the other are JSON Lines.
            for value in reading.members():
                number += 1
                yield number, value


def _opened(file: BinaryIO) -> io.TextIOBase:
    start = file.read(4)
    file.seek(0)
    return io.TextIOWrapper(file, encoding_marked(start) or "utf-8")


class _Reading:
    """A window on the text, moved on as values are taken."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._window = ""
        self._at = 0
        self._whole = False
        self._gone = 0

    def ended(self) -> bool:
        """Whether only white space is left."""
        while not self._skip():
            if not self._more():
                return True
        return False

    def members(self) -> Iterator[Any]:
        """The members of the list that begins here, or the one value."""
        sign = self._window[self._at]
        if sign == "[":
            self._at += 1
            yield from self._listed()
        elif sign == "{" and self._is_great():
            yield from self._object()
        else:
            yield self._value()

    def _is_great(self) -> bool:
        """Whether the object is read in parts: one that the window holds whole is read as one value,
        so that its other members are at hand."""
        try:
            value, _ = _decoder.raw_decode(self._window, self._at)
        except (ValueError, RecursionError):
            return True
        return any(isinstance(value.get(name), list) for name in LISTS)

    def _object(self) -> Iterator[Any]:
        """The members of its lists, and at the end what else it says, if that is anything."""
        rest: dict[str, Any] = {}
        self._at += 1
        while self._next() != "}":
            name = self._value()
            if not isinstance(name, str) or self._next() != ":":
                raise self._broken("a name and a colon are missing here")
            self._at += 1
            if self._next() == "[" and name in LISTS:
                self._at += 1
                yield from self._listed()
            else:
                rest[name] = self._value()
        self._at += 1
        if rest:
            yield rest

    def _listed(self) -> Iterator[Any]:
        while self._next() != "]":
            yield self._value()
        self._at += 1

    def _next(self) -> str:
        """The next sign that is no white space."""
        while not self._skip():
            if not self._more():
                raise self._broken("it ends too early")
        return self._window[self._at]

    def _skip(self) -> bool:
        match = _SPACE.match(self._window, self._at)
        self._at = match.end() if match else self._at
        return self._at < len(self._window)

    def _value(self) -> Any:
        """The value that begins here, however many pieces it needs."""
        self._next()
        while True:
            try:
                value, end = self._decoded()
            except _Cut as error:
                if len(self._window) - self._at > _LONGEST:
                    raise self._broken(f"one member has more than {_LONGEST:,} characters") from None
                if not self._more(at_least=len(self._window) - self._at):
                    raise self._broken(str(error)) from None
                continue
            self._at = end
            return value

    def _decoded(self) -> tuple[Any, int]:
        try:
            value, end = _decoder.raw_decode(self._window, self._at)
        except RecursionError:
            raise self._broken("it is nested too deeply") from None
        except json.JSONDecodeError as error:
            raise _Cut(error.msg) from None
        except ValueError:
            raise self._broken("it holds a number of thousands of digits") from None
        # A number at the window's end may go on: of 1.5 it may hold 1, or 1 and the point.
        if not self._whole and isinstance(value, int | float) and _GOES_ON.fullmatch(self._window, end):
            raise _Cut("a number is cut off")
        return value, end

    def _more(self, at_least: int = 0) -> bool:
        """Read on; False at the end of the file."""
        if self._whole:
            return False
        self._gone += self._window.count("\n", 0, self._at)
        try:
            piece = self._text.read(max(_PIECE, at_least))
        except UnicodeError:
            raise Invalid("This is no JSON: its bytes are no UTF-8.", field="file") from None
        self._whole = not piece
        self._window, self._at = self._window[self._at :] + piece, 0
        return bool(piece)

    def _broken(self, why: str) -> Invalid:
        line = self._gone + self._window.count("\n", 0, self._at) + 1
        return Invalid(f"This is no JSON: {why}, from line {line:,} on.", field="file")


def deep(value: Any, level: int = 0) -> Iterator[dict[str, Any]]:
    """All objects in a value, the outer before the inner."""
    if level > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from deep(part, level + 1)
    elif isinstance(value, list):
        for part in value:
            yield from deep(part, level + 1)

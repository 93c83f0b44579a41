"""CSV: RFC 4180, one row a record, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with `=` for a formula, quoted or not, so such a cell of
words gets an apostrophe in front; `plain` takes it away again, exactly. Cells that hold numbers by
their type are left alone: -3 must stay one. Lines of an export come from store/cells.py, which does the same.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ledger.store.cells import STARTS

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BOM = b"\xef\xbb\xbf"
_CHUNK = 64 * 1024
_FORMULA = re.compile(f"'*[{re.escape(STARTS)}]")
_SUSPECT = frozenset(STARTS + "'")


def shielded(text: str | None) -> str | None:
    """A cell of words that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in _SUSPECT and _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """The words that `shielded` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool = False) -> bytes:
    """A small file, whole: cells of words are shielded, numbers are left as they are, none is empty."""
    lines: list[str] = []
    writer = csv.writer(_Sink(lines.append), lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([shielded(cell) if isinstance(cell, str) else cell for cell in row])
    return (BOM if bom else b"") + "".join(lines).encode("utf-8", "replace")


def document(head: Sequence[str], parts: Iterable[Sequence[str]], *, bom: bool = False) -> Iterator[bytes]:
    """The whole file in pieces of about 64 kB from lines as store/exports.py gives them, some at a time; the
    first comes with the first lines. Without a head, the rest of a file that has one."""
    lines = [",".join(head) + "\r\n"] if head else []
    mark, size, limit = BOM if bom else b"", 0, 0
    for part in parts:
        lines.extend(part)
        size += sum(map(len, part))
        if size >= limit:
            yield mark + "".join(lines).encode("utf-8", "replace")
            lines.clear()
            mark, size, limit = b"", 0, _CHUNK
    if lines:
        yield mark + "".join(lines).encode("utf-8", "replace")


class _Sink:
    """The least that csv asks of a file."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self.write = write

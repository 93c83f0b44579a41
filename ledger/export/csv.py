"""CSV of claims: RFC 4180, one row a claim, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with `=` for a formula, quoted or not, so such a cell of
words gets an apostrophe in front; `plain` takes it away again, exactly. Cells that hold numbers by
their type are left alone: -3 must stay one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BOM = b"\xef\xbb\xbf"
COLUMNS = (
    "claim_id", "version", "status", "statement", "kind", "score", "reasons", "claimant",
    "span_text", "start", "end", "prefix", "suffix", "appearances",
    "article_id", "article_title", "article_url", "revision",
    "verdict_label", "verdict_code", "verdict_scale", "verdict_number", "rationale", "override",
    "proposed_by", "signed_by", "settled_at", "stale_since", "stale_reasons",
    "withdrawn_at", "withdrawn_note", "evidence_count", "evidence", "assignee",
    "created_at", "updated_at", "permalink", "tags", "due_at",
)  # fmt: skip
# Columns with words of people, of the web or of a scale; all others can hold no formula.
_WORDS = tuple(
    COLUMNS.index(name)
    for name in (
        "statement", "reasons", "claimant", "span_text", "prefix", "suffix", "article_title", "article_url",
        "verdict_label", "verdict_code", "rationale", "override", "proposed_by", "signed_by", "stale_reasons",
        "withdrawn_note", "evidence", "assignee", "tags",
    )
)  # fmt: skip
_LISTS = (COLUMNS.index("reasons"), COLUMNS.index("stale_reasons"))
_NUMBER, _LINK, _TAGS = (COLUMNS.index(name) for name in ("verdict_number", "permalink", "tags"))
_CHUNK = 64 * 1024
# What spreadsheets are known to start a formula at (OWASP), behind any apostrophes of the text's own.
_STARTS = "=+-@\t\r\n\0＝＋－＠"
_FORMULA = re.compile(f"'*[{re.escape(_STARTS)}]")
_SUSPECT = frozenset(_STARTS + "'")


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


def document(
    rows: Iterable[Sequence[Any]], *, base_url: str, raw: bool = False, bom: bool = False
) -> Iterator[bytes]:
    """The whole file in pieces of about 64 kB; the first comes with the first rows.

    `rows` have a cell for each column, as store/exports.py gives them; that of the permalink is empty.
    """
    lines: list[str] = []
    writer = csv.writer(_Sink(lines.append), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    size, limit = 0, _CHUNK // 8
    head = BOM if bom else b""
    for row in rows:
        writer.writerow(_cells(row, base_url, raw))
        size += len(lines[-1])
        if size >= limit:
            yield head + "".join(lines).encode("utf-8", "replace")
            lines.clear()
            size, limit, head = 0, _CHUNK, b""
    if lines:
        yield head + "".join(lines).encode("utf-8", "replace")


class _Sink:
    """The least that csv asks of a file."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self.write = write


def _cells(row: Sequence[Any], base_url: str, raw: bool) -> list[Any]:
    cells = list(row)
    for place in _LISTS:
        if cells[place]:
            cells[place] = "\n".join(orjson.loads(cells[place]))
    if cells[_TAGS]:
        cells[_TAGS] = ", ".join(orjson.loads(cells[_TAGS]))
    number = cells[_NUMBER]
    if number is not None and number.is_integer():
        cells[_NUMBER] = int(number)
    if not raw:
        for place in _WORDS:
            words = cells[place]
            if words and words[0] in _SUSPECT:
                cells[place] = shielded(words)
    cells[_LINK] = f"{base_url}/claims/{cells[0]}"
    return cells

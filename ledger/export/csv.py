"""CSV of claims: RFC 4180, one row a claim, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with `=` for a formula, quoted or not, so such a cell of
words gets an apostrophe in front; `plain` takes it away again, exactly. Cells that hold numbers by
their type are left alone: -3 must stay one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from ledger.store.exports import Exported

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BOM = b"\xef\xbb\xbf"
COLUMNS = (
    "claim_id", "version", "status", "statement", "kind", "score", "reasons", "claimant",
    "span_text", "start", "end", "prefix", "suffix", "appearances",
    "article_id", "article_title", "article_url", "revision",
    "verdict_label", "verdict_code", "verdict_scale", "verdict_number", "rationale", "override",
    "proposed_by", "signed_by", "settled_at", "stale_since", "stale_reasons",
    "withdrawn_at", "withdrawn_note", "evidence_count", "evidence", "assignee",
    "created_at", "updated_at", "permalink",
)  # fmt: skip
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


def document(
    rows: Iterable[Exported], *, names: dict[str, str], base_url: str, raw: bool = False, bom: bool = False
) -> Iterator[bytes]:
    """The whole file in pieces of about 64 kB; the first comes with the first rows."""
    text: Callable[[str | None], str | None] = (lambda words: words) if raw else shielded
    lines: list[str] = []
    writer = csv.writer(_Sink(lines.append), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    size, limit = 0, _CHUNK // 8
    head = BOM if bom else b""
    for row in rows:
        writer.writerow(_cells(row, names, base_url, text))
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


def _cells(row: Exported, names: dict[str, str], base_url: str, text: Any) -> tuple[Any, ...]:
    claim, place, verdict = row.claim, row.place, row.verdict
    return (
        claim.id,
        claim.version,
        claim.status,
        text(claim.statement),
        claim.kind,
        claim.score,
        text("\n".join(claim.reasons or ())),
        text(claim.claimant),
        *_place_cells(place, text),
        *_verdict_cells(row, verdict, names, text),
        _moment(claim.stale_since),
        text("\n".join(claim.stale_reasons or ())),
        _moment(claim.withdrawn_at),
        text(claim.withdrawn_note),
        len(row.evidence),
        text("\n".join(map(_piece, row.evidence))),
        text(names.get(claim.assignee_id)),
        _moment(claim.created_at),
        _moment(claim.updated_at),
        f"{base_url}/claims/{claim.id}",
    )


def _place_cells(place: Any | None, text: Any) -> tuple[Any, ...]:
    if place is None:
        return (None,) * 10
    return (
        text(place.exact),
        place.start,
        place.end,
        text(place.prefix),
        text(place.suffix),
        place.appearances,
        place.article_id,
        text(place.title),
        text(place.url),
        place.number,
    )


def _verdict_cells(row: Exported, verdict: Any | None, names: dict[str, str], text: Any) -> tuple[Any, ...]:
    if verdict is None:
        return (None,) * 9
    return (
        text(verdict.label),
        text(verdict.code),
        f"{verdict.scale}/{verdict.scale_version}",
        _number(verdict.number),
        text(verdict.rationale),
        text("\n".join(s.note or "" for s in row.signatures if s.capacity == "override")),
        text(names.get(verdict.proposed_by)),
        text("\n".join(names.get(s.account_id, s.account_id) for s in row.signatures)),
        _moment(verdict.settled_at),
    )


def _piece(evidence: Any) -> str:
    quote = f" — {evidence.quote}" if evidence.quote else ""
    return f"{evidence.stance} {evidence.url}{quote}"


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


def _moment(value: datetime | None) -> str | None:
    # Every time that the store gives is UTC.
    return f"{value.isoformat()[:19]}Z" if value is not None else None

"""Tables with a claim a row: any CSV, by a mapping of its columns, and the export of a ledger."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from claims.values import dataclass
from ledger.adapters import sheets
from ledger.errors import Invalid
from ledger.export.csv import plain
from ledger.imports.elements import elements
from ledger.imports.entry import Entry, Passed, Place, Refused, Source, shown

FIELDS = {
    "statement": "The claim, put so that it can be read alone.",
    "words": "The words of the article, verbatim, where they are others.",
    "claimant": "Who said it.",
    "kind": "What kind of claim: quantity, event, attribution …",
    "language": "Language tag, such as en or fr-CA.",
    "tags": "Tags, with commas between.",
    "url": "Where it was said: the article's address, or several.",
    "title": "The article's title.",
    "publisher": "Who published the article.",
    "published": "When it was published.",
    "evidence_url": "A source that bears on it: its address.",
    "stance": "What the source does: supports, refutes or context.",
    "quote": "The source's words.",
    "evidence_title": "The source's title.",
    "evidence_publisher": "Who published the source.",
    "evidence_published": "When the source was published.",
    "rating": "What another publisher found: their rating, in words.",
    "note": "What the source shows.",
}
"""What a column can be mapped to."""

_GUESSES = {
    "statement": "statement claim claimreviewed claim_reviewed claim_text text sentence behauptung aussage "
    "affirmation declaración",
    "words": "span_text words exact quote_in_article verbatim",
    "claimant": "claimant speaker said_by itemreviewed_author_name claim_author person sprecher",
    "kind": "kind claim_type category",
    "language": "language inlanguage lang languagecode sprache langue",
    "tags": "tags labels topics keywords",
    "url": "article_url itemreviewed_firstappearance_url itemreviewed_appearance_1_url claim_url "
    "firstappearance appearance url link source_url address",
    "title": "article_title title headline titel titre",
    "publisher": "publisher site outlet medium",
    "published": "published date claim_date itemreviewed_datepublished datum",
    "evidence_url": "evidence_url evidence source review_url fact_check_url factcheck_url proof",
    "stance": "stance",
    "quote": "quote evidence_quote reviewrating_ratingexplanation",
    "evidence_title": "evidence_title review_title source_title",
    "evidence_publisher": "evidence_publisher author_name reviewer source_publisher author fact_checker",
    "evidence_published": "evidence_published datepublished review_date",
    "rating": "rating verdict reviewrating_alternatename textual_rating textualrating label",
    "note": "note notes comment explanation",
}
_BETWEEN = re.compile(r"[\s.:/-]+")
_MANY = re.compile(r"[,;|\n]")
_MOST_PREVIEWED = 5


@dataclass(frozen=True, slots=True)
class Look:
    """A table before it is taken: its columns, the mapping that their names suggest, and its first rows."""

    columns: list[str]
    mapping: dict[str, str]
    rows: list[list[str]]
    encoding: str
    separator: str


def look(file: BinaryIO) -> Look:
    """The head of a table and its first rows."""
    sheet = sheets.opened(file)
    rows = []
    for _, row in sheet.rows:
        rows.append([plain(cell) for cell in row])
        if len(rows) == _MOST_PREVIEWED:
            break
    return Look(sheet.head, guessed(sheet.head), rows, sheet.encoding, sheet.separator)


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """Which field each column is likely to hold, by its name: {field: column}, each once."""
    known = {_key(column): column for column in reversed(columns) if column}
    taken: set[str] = set()
    found = {}
    for field, names in _GUESSES.items():
        column = next(
            (known[name] for name in names.split() if name in known and known[name] not in taken), None
        )
        if column is not None:
            found[field] = column
            taken.add(column)
    # A review's table has the review's own address in `url`, and that of the claim in a column of its own.
    if "author_name" in known and "url" in known and found.get("url") != known["url"]:
        found.setdefault("evidence_url", known["url"])
    return found


def _key(column: str) -> str:
    return _BETWEEN.sub("_", column.strip().lower())


def read(
    file: BinaryIO, passed: Passed, mapping: Mapping[str, str] | None = None
) -> Iterator[Entry | Refused]:
    """The rows of a CSV; `mapping` says which column holds what: {field: column}. Raises Invalid."""
    sheet = sheets.opened(file)
    chosen = _checked(sheet.head, mapping) if mapping else guessed(sheet.head)
    if "statement" not in chosen:
        raise Invalid(
            f"No column is known to hold the claims. The file has: {_named(sheet.head)}. "
            "Map one to `statement`.",
            field="mapping",
        )
    places = {field: sheet.head.index(column) for field, column in chosen.items()}
    for number, row in sheet.rows:
        if len(row) > len(sheet.head) and any(row[len(sheet.head) :]):
            yield Refused(number, "It has more cells than the first row has names.", None, shown(row))
            continue
        cells = {field: plain(row[at]).strip() for field, at in places.items() if at < len(row)}
        if any(cells.values()):
            yield _entry(number, cells)


def _checked(head: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    for field, column in mapping.items():
        if field not in FIELDS:
            raise Invalid(f"There is no field {field[:40]!r}. Use: {', '.join(FIELDS)}.", field="mapping")
        if column not in head:
            raise Invalid(
                f"There is no column {column[:60]!r}. The file has: {_named(head)}.", field="mapping"
            )
    return dict(mapping)


def _named(head: Sequence[str]) -> str:
    names = ", ".join(head[:40])
    return names if len(names) <= 600 else names[:600] + " …"


def _entry(number: int, cells: dict[str, str]) -> Entry | Refused:
    get: Callable[[str], str | None] = lambda name: cells.get(name) or None  # noqa: E731
    statement = get("statement") or get("words")
    if statement is None:
        return Refused(number, "The claim is missing.", "statement", shown(cells.values()))
    addresses = [part for part in re.split(r"[\s|;]+", cells.get("url", "")) if part]
    about = {name: get(name) for name in ("title", "publisher", "published")}
    places = tuple(Place(url, **about) for url in addresses)
    if not places and any(about.values()):
        places = (Place(None, **about),)
    return Entry(
        number,
        statement,
        words=get("words"),
        kind=(get("kind") or "").lower() or None,
        language=get("language"),
        claimant=get("claimant"),
        tags=tuple(tag.strip() for tag in _MANY.split(cells.get("tags", "")) if tag.strip()),
        places=places,
        sources=tuple(_sources(get)),
    )


def _sources(get: Callable[[str], str | None]) -> Iterator[Source]:
    rating, note, who = get("rating"), get("note"), get("evidence_publisher")
    if rating:
        found = f"{who or 'Another publisher'} rated this “{rating}”."
        note = f"{found} {note}" if note else found
    for url in (get("evidence_url") or "").split():
        yield Source(
            url,
            (get("stance") or "context").lower(),
            quote=get("quote"),
            title=get("evidence_title"),
            publisher=who,
            published=get("evidence_published"),
            note=note,
        )


# ------------------------------------------------------------------------------- a ledger's own


def read_lines(file: BinaryIO, passed: Passed) -> Iterator[Entry | Refused]:
    """The claims of a ledger's export as JSON Lines."""
    for number, one in elements(file):
        if isinstance(one, dict) and "statement" in one:
            yield from _own(number, one, passed)
        else:
            yield Refused(
                number, "It is no claim of a ledger: it has no `statement`.", "statement", shown([one])
            )


def read_own(file: BinaryIO, passed: Passed) -> Iterator[Entry | Refused]:
    """The claims of a ledger's export as CSV; its cell of evidence holds a line for each piece."""
    sheet = sheets.opened(file)
    for name in ("claim_id", "statement"):
        if name not in sheet.head:
            raise Invalid(f"This is no export of a ledger: it has no column `{name}`.", field="file")
    for number, row in sheet.rows:
        one: dict[str, Any] = dict(zip(sheet.head, map(plain, row), strict=False))
        one["evidence"] = list(_pieces(one.get("evidence") or ""))
        one["tags"] = [tag for tag in (one.get("tags") or "").split(", ") if tag]
        yield from _own(number, one, passed)


_PIECE = re.compile(r"^(supports|refutes|context) (https?://\S+)(?: — |$)", re.MULTILINE)


def _pieces(cell: str) -> Iterator[dict[str, Any]]:
    """The pieces in a cell; a quote of several lines goes on until the next begins."""
    starts = [*_PIECE.finditer(cell)]
    ends = [*(following.start() for following in starts[1:]), len(cell)]
    for match, end in zip(starts, ends, strict=False):
        quote = cell[match.end() : end].strip("\n")
        yield {"stance": match[1], "url": match[2], "quote": quote or None}


def _own(number: int, one: dict[str, Any], passed: Passed) -> Iterator[Entry]:
    """The claim of a row; what people did not take for a claim there is passed over."""
    if one.get("status") in ("candidate", "dismissed"):
        passed.add("guesses and dismissed claims")
        return
    get: Callable[[str], str | None] = lambda name: str(one.get(name) or "").strip() or None  # noqa: E731
    yield Entry(
        number,
        get("statement") or "",
        words=get("span_text"),
        prefix=str(one.get("prefix") or ""),
        suffix=str(one.get("suffix") or ""),
        kind=get("kind"),
        claimant=get("claimant"),
        tags=tuple(str(tag) for tag in one.get("tags") or ()),
        places=(Place(get("article_url"), get("article_title")),),
        sources=(*_evidence(one), *_verdict(one, get)),
        claim_id=get("claim_id"),
    )


def _evidence(one: dict[str, Any]) -> Iterator[Source]:
    for piece in one.get("evidence") or ():
        if isinstance(piece, dict) and piece.get("url"):
            names = ("quote", "title", "publisher", "published", "note")
            yield Source(
                str(piece["url"]),
                str(piece.get("stance") or "context"),
                **{name: piece.get(name) for name in names},
            )


def _verdict(one: dict[str, Any], get: Callable[[str], str | None]) -> Iterator[Source]:
    """What the other ledger found, as a source."""
    label, link = get("verdict_label"), get("permalink")
    if label and link:
        note = f"Another ledger rated this “{label}” on the scale {get('verdict_scale') or 'of its own'}."
        yield Source(link, note=note, quote=get("rationale"), published=get("settled_at"))

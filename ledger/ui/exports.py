"""The page on which claims are taken out: a format, the list's search, and about how much it will be."""

from typing import Any, cast

from flask import Blueprint, Response, request

from claims.values import dataclass, replace
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.export.packing import ENDINGS, Packing
from ledger.services import exports
from ledger.services.exports import FORMATS, Format, Wish
from ledger.store.claims import Filters
from ledger.store.search import COUNTED, Count
from ledger.ui import claims as claims_ui
from ledger.ui import listing
from ledger.ui.pages import render
from ledger.web.context import parts, requires
from ledger.web.downloads import download
from ledger.web.house import house

bp = Blueprint("exports", __name__)

_TOLD: dict[Format, tuple[str, str]] = {
    "csv": ("CSV", "For a spreadsheet: a row for each claim. No cell can run as a formula."),
    "xlsx": ("Excel workbook", "The same as XLSX, its head fixed."),
    "jsonl": ("JSON Lines", "For programs: an object for each claim, with its evidence."),
    "package": (
        "Data package",
        "For analysts: claims, appearances, evidence, verdicts, events as CSVs, each column described.",
    ),
    "claimreview": (
        "ClaimReview",
        "For search engines and collections of checks: settled claims as a DataFeed (schema.org).",
    ),
    "annotations": (
        "Web Annotations",
        "For readers of texts: each place of a claim with what was found (W3C), without guesses.",
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A format to choose, and about how many bytes the file will have, or `more`; `text` may be packed."""

    format: Format
    name: str
    about: str
    size: int
    more: bool
    text: bool


@bp.get("/export")
@requires(Permission.READ)
def index() -> Any:
    """Choose what to take out, and how. With `whole`, all of it is counted, however long that takes.

    Else it is counted as far as a list is, and the page asks for the whole count once it is there.
    """
    found = listing.asked("claims")
    most = None if request.args.get("whole") == "1" else COUNTED
    wishes = [_wish(format, found) for format in _TOLD]
    sizes = exports.estimates(parts().database, wishes, most=most)
    choices = [
        Choice(format, name, about, one.size, one.more, FORMATS[format].text)
        for (format, (name, about)), one in zip(_TOLD.items(), sizes, strict=True)
    ]
    # The first format tells of all claims that are found.
    number = Count.of(sizes[0].number, more=sizes[0].more)
    return render(
        "exports/index.html", found=found, number=listing.counted(number, "claim"),
        choices=choices, more=any(one.more for one in choices), chosen=_format(), size=size_words,
    )  # fmt: skip


@bp.get("/export/claims")
@requires(Permission.READ)
def claims() -> Response:
    """The file."""
    packing = request.args.get("compress") or None
    if packing is not None and packing not in ENDINGS:
        raise Invalid(f"Choose one of: {', '.join(ENDINGS)}, or none.", field="compress")
    wish = _wish(_format(), listing.asked("claims"))
    if wish.kind.text:
        wish = replace(wish, packing=cast(Packing | None, packing))
    return download(wish)


@claims_ui.bp.get("/claims.csv")
@requires(Permission.READ)
def export() -> Response:
    """The list as a file for a spreadsheet, by the same search."""
    text = listing.old_address()
    return download(_wish("csv", listing.asked("claims") if text is None else listing.everything(text)))


def _format() -> Format:
    asked = request.args.get("format", "csv")
    if asked not in FORMATS:
        raise Invalid(f"Choose one of: {', '.join(FORMATS)}.", field="format")
    return asked


def _wish(format: Format, found: Any) -> Wish:
    filters = Filters(below=True, where=found.wheres)
    raw = request.args.get("raw") == "1"
    # A spreadsheet knows UTF-8 by nothing but its mark.
    return Wish(format, filters, raw=raw, bom=format == "csv" and not raw, by=house())


def size_words(size: int, about: str = "about") -> str:
    """A size as people say it: `about 52 MB`."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= one:
            number = size / one
            return f"{about} {number:.1f} {unit}" if number < 10 else f"{about} {number:.0f} {unit}"
    return "less than 1 kB"

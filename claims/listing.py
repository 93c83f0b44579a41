"""Items of a list and rows of a table: facts without a verb, which the words above them complete."""

from claims.kinds import kind_of
from claims.lang import en
from claims.model import BlockKind, Claim, Span
from claims.patterns import Pattern
from claims.quantities import quantities
from claims.scoring import score
from claims.spans import readable
from claims.text import trimmed
from claims.tokens import tokens

_CELLS = Pattern(r"\t|\s*\|\s*")
_LONGEST = 300  # characters; a longer item has sentences of its own


def listed(text: str, item: Span, kind: BlockKind, above: str) -> Claim | None:
    """The claim of an item or row with a number in it, or None.

    `above` is what completes it: the line before the list, or the first row of the table.
    """
    start, end = trimmed(text, item.start, item.end, ".;,|")
    if start >= end or end - start > _LONGEST:
        return None
    span = Span(start, end)
    numbers = tuple(quantities(text, span))
    words = tokens(text, start, end, [])
    duty = kind is BlockKind.LIST and above.rstrip().endswith(":") and _lays_down(above)
    if len(words) < 2 or not numbers and not (duty and len(words) > 3):
        return None
    worth, reasons = score(words, numbers, role="item")
    statement = _row(span.of(text), above) if kind is BlockKind.TABLE else _under(span.of(text), above)
    return Claim(
        span,
        span.of(text),
        statement,
        kind_of(words, numbers),
        worth,
        reasons,
        None,
        numbers,
    )


def _lays_down(above: str) -> bool:
    """Are the items asked for, or laid down: "Districts must do the following:"?"""
    return not en.DUTIES.isdisjoint(above.lower().rstrip(" :").split())


def _under(item: str, above: str) -> str:
    """ "The club's record: 3 cups in five years"."""
    lead = " ".join(above.split())
    return readable(f"{lead} {item}") if lead.endswith(":") else readable(item)


def _row(row: str, header: str) -> str:
    """Each cell with the head of its column: "Sector: Care; Jobs: 1.6 million"."""
    cells, heads = _cells(row), _cells(header)
    if len(cells) != len(heads):
        return readable(", ".join(cells))
    return readable(
        "; ".join(f"{head}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True))
    )


def _cells(row: str) -> list[str]:
    return [" ".join(cell.split()) for cell in _CELLS.split(row.strip(" |"))]

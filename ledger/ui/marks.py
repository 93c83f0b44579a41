"""An article's text cut into what a page shows: paragraphs, and in them the pieces that claims cover.

Spans overlap and HTML elements may not, so each paragraph is cut wherever a span begins or ends.
Every piece names all the claims over it; the shortest of them gives it its look and its link.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from claims.blocks import passages
from claims.model import Block, BlockKind, Span
from claims.values import dataclass

TAGS = {"headline": "h2", "heading": "h3", "list": "ul", "table": "div"}
_ORDERED = re.compile(r"\(?(\d{1,3})[.)]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim's span, and what a reader is told about it."""

    claim_id: str
    number: int
    status: str
    start: int
    end: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that no span begins or ends in; `marks` are the spans over it, the shortest last."""

    text: str
    marks: tuple[Mark, ...] = ()
    first: bool = False
    last: bool = False

    @property
    def mark(self) -> Mark | None:
        """The mark that gives the piece its look."""
        return self.marks[-1] if self.marks else None


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text in one element; `start` is its offset, which the selection script counts from."""

    start: int
    pieces: tuple[Piece, ...]
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, headline, list … with its lines."""

    index: int
    kind: str
    lines: tuple[Line, ...]

    @property
    def ordered(self) -> bool:
        """Whether this is a numbered list."""
        return self.kind == "list" and self.lines[0].number is not None


def laid_out(
    text: str, blocks: Sequence[dict[str, Any]], marks: Iterable[Mark], *, within: Span | None = None
) -> list[Part]:
    """All of a text's parts in order; nothing of the text but white space between blocks is left out.

    With `within`, only the parts that have words of that span.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    reach = _furthest(ordered)
    found = []
    for index, block in enumerate(_without_gaps(text, blocks)):
        if within and (block["end"] <= within.start or block["start"] >= within.end):
            continue
        lines = []
        for start, end, number in _lines(text, block):
            here = _over(ordered, reach, start, end)
            lines.append(Line(start, tuple(_pieces(text, start, end, here)), number))
        found.append(Part(index, block["kind"], tuple(lines)))
    return found


def touched(parts: Iterable[Part], claim_id: str) -> list[Part]:
    """The parts in which a claim has words."""
    return [
        part
        for part in parts
        if any(
            mark.claim_id == claim_id for line in part.lines for piece in line.pieces for mark in piece.marks
        )
    ]


def _without_gaps(text: str, blocks: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    at = 0
    for block in [*blocks, {"kind": "", "start": len(text), "end": len(text)}]:
        gap = text[at : block["start"]]
        if gap.strip():
            start = at + len(gap) - len(gap.lstrip())
            yield {"kind": "paragraph", "start": start, "end": start + len(gap.strip())}
        if block["end"] > block["start"]:
            yield block
        at = block["end"]


def _lines(text: str, block: dict[str, Any]) -> list[tuple[int, int, str | None]]:
    start, end = block["start"], block["end"]
    if block["kind"] != "list":
        return [(start, end, None)]
    found = []
    at = start
    for item in passages(text, Block(BlockKind.LIST, Span(start, end))):
        # Bullets are drawn by the list itself; numbers are kept, as other words refer to them.
        sign = _ORDERED.search(text, at, item.start)
        found.append((item.start, item.end, sign.group(1) if sign else None))
        at = item.end
    numbers = {number is None for _, _, number in found}
    # A list that is half numbered, or that does not begin at its beginning, is shown as it stands.
    if len(numbers) > 1 or text[start : found[0][0]].strip(" \t\n-*•‣◦–().0123456789"):
        return [(start, end, None)]
    return found


def _furthest(marks: Sequence[Mark]) -> list[int]:
    reach, furthest = [], 0
    for mark in marks:
        furthest = max(furthest, mark.end)
        reach.append(furthest)
    return reach


def _over(marks: Sequence[Mark], reach: Sequence[int], start: int, end: int) -> list[Mark]:
    first = bisect_left(reach, start + 1)
    last = bisect_left(marks, end, key=lambda mark: mark.start)
    return [mark for mark in marks[first:last] if mark.end > start]


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterable[Piece]:
    cuts = {start, end}
    for mark in marks:
        cuts.update(at for at in (mark.start, mark.end) if start < at < end)
    over: list[Mark] = []
    coming = deque(marks)
    for left, right in pairwise(sorted(cuts)):
        over = [mark for mark in over if mark.end > left]
        while coming and coming[0].start < right:
            over.append(coming.popleft())
        over.sort(key=lambda mark: (mark.start - mark.end, mark.start))
        top = over[-1] if over else None
        yield Piece(
            text[left:right],
            tuple(over),
            first=top is not None and left == max(top.start, start),
            last=top is not None and right == min(top.end, end),
        )

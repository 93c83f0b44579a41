"""Which of the spans that were found is which of those that were wanted?"""

from collections.abc import Sequence

from claims.model import Span


def matched(wanted: Sequence[Span], found: Sequence[Span], least: float) -> list[tuple[int, int]]:
    """Pairs of (wanted, found) with an IoU of `least` or more, each in one pair only, the best first."""
    pairs = sorted(
        ((iou(a, b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(found)), reverse=True
    )
    lefts: set[int] = set()
    rights: set[int] = set()
    chosen = []
    for value, i, j in pairs:
        if value < least:
            break
        if i not in lefts and j not in rights:
            lefts.add(i)
            rights.add(j)
            chosen.append((i, j))
    return chosen


def iou(a: Span, b: Span) -> float:
    """How much of what two spans cover together they both cover, 0 to 1."""
    both = max(0, min(a.end, b.end) - max(a.start, b.start))
    return both / ((a.end - a.start) + (b.end - b.start) - both)

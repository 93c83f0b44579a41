"""How much a clause is worth checking, from 0 to 1, and why, in words."""

from collections.abc import Sequence

from claims.lang import en
from claims.model import Claimant, Quantity


def score(words: Sequence[str], quantities: Sequence[Quantity], claimant: Claimant | None) -> tuple[float, tuple[str, ...]]:
    """The worth of a clause, given its words in small letters."""
    worth, reasons = 0.4, []
    if any(q.value for q in quantities):
        worth, reasons = worth + 0.25, ["a number"]
    if any(q.date for q in quantities):
        worth, reasons = worth + 0.1, [*reasons, "a date"]
    if not en.PAST.isdisjoint(words) or not en.AUXILIARIES.isdisjoint(words):
        worth, reasons = worth + 0.15, [*reasons, "something that happened"]
    if not en.OPINIONS.isdisjoint(words):
        worth, reasons = worth - 0.3, [*reasons, "words of opinion"]
    return max(0.0, min(1.0, worth)), tuple(reasons)

"""How much a clause is worth checking, from 0 to 1, and why, in words."""

from collections.abc import Sequence

from claims import kinds
from claims.detection import DOUBTS, doubts, has_name
from claims.lang import en
from claims.model import Quantity
from claims.tokens import Token

_START = 0.4
_WORTH = {
    "a number with a unit": 0.25,
    "a number": 0.2,
    "a share or an amount in words": 0.2,
    "a date": 0.1,
    "a name": 0.1,
    "a named organisation": 0.15,
    "something that happened": 0.1,
    "a cause": 0.1,
    "a comparison": 0.1,
    "a superlative": 0.1,
    "law or policy": 0.1,
    "attributed to a named source": 0.05,
}


def score(
    words: Sequence[Token],
    numbers: Sequence[Quantity],
    *,
    role: str = "main",
    named: bool = False,
    vouched: int | None = None,
) -> tuple[float, tuple[str, ...]]:
    """The worth of a clause and the reasons for it, the strongest first; what lowers it comes last.

    `named` says that a source with a name stands behind it. `vouched` is where a verb of speech stands:
    what is demanded or forecast after it is the speaker's, and that it was said is a fact all the same.
    """
    found = sorted(_merits(words, numbers, role, named), key=lambda reason: -_WORTH[reason])
    counted = bool(numbers) or kinds.counted([word.low for word in words])
    against = doubts(words, numbers=counted, role=role, until=vouched)
    worth = _START + sum(_WORTH[reason] for reason in found) - sum(DOUBTS[reason] for reason in against)
    return round(min(1.0, max(0.0, worth)), 2), (*found, *against)


def _merits(words: Sequence[Token], numbers: Sequence[Quantity], role: str, named: bool) -> list[str]:
    lows = [word.low for word in words]
    known = set(lows)
    said = " ".join(lows)
    found = []
    amounts = [number for number in numbers if number.value is not None]
    if any(amount.unit not in (None, "ordinal") for amount in amounts):
        found.append("a number with a unit")
    elif amounts:
        found.append("a number")
    elif kinds.counted(lows):
        found.append("a share or an amount in words")
    month = any(word.is_name and i and word.low in en.MONTHS for i, word in enumerate(words))
    if (
        month
        or any(number.date for number in numbers)
        or known & en.WEEKDAYS
        or "last" in known
        or "ago" in known
    ):
        found.append("a date")
    if any(w.is_name and (w.low in en.ORGANISATIONS and i or w.text.isupper() and len(w.text) > 2)
           for i, w in enumerate(words)):  # fmt: skip
        found.append("a named organisation")
    elif has_name(words):
        found.append("a name")
    if happened(lows):
        found.append("something that happened")
    if known & (en.CAUSES - {"led"}) or any(phrase in said for phrase in en.CAUSE_PHRASES):
        found.append("a cause")
    if any(kinds.is_superlative(low) for low in known - {"last", "most", "only", "first", "least"}):
        found.append("a superlative")
    elif kinds.compares([low for low in lows if low not in ("last", "first", "only")]):
        found.append("a comparison")
    if known & en.LAWS:
        found.append("law or policy")
    if named:
        found.append("attributed to a named source")
    return found


def happened(lows: Sequence[str]) -> bool:
    """A past tense, or a perfect: "fell", "was found", "have protested", "had been signed"."""
    for i, low in enumerate(lows):
        if low in en.PAST or (low.endswith("ed") and low not in en.NOT_PAST and i):
            return True
        if low in ("has", "have", "had", "was", "were") and not en.PARTICIPLES.isdisjoint(
            lows[i + 1 : i + 4]
        ):
            return True
    return False

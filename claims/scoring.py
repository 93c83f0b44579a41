"""How much a clause is worth checking, from 0 to 1, and why, in words."""

from collections.abc import Sequence

from claims import kinds
from claims.detection import DOUBTS, Nature, doubts, has_name, natures
from claims.lang import en
from claims.model import Quantity
from claims.tagging import Tag
from claims.tokens import Token

_MOST = 0.45  # what is no fact is worth at most
_START = 0.55
_WORTH = {
    "a number with a unit": 0.2,
    "a number": 0.15,
    "a share or an amount in words": 0.15,
    "a date": 0.05,
    "a name": 0.05,
    "a named organisation": 0.1,
    "something that happened": 0.05,
    "a cause": 0.1,
    "a comparison": 0.05,
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
    quoted: bool = False,
    against: Sequence[str] = (),
) -> tuple[float, tuple[str, ...]]:
    """The worth of a clause and the reasons for it, the strongest first; what lowers it comes last.

    `named` says that a source with a name stands behind it, `quoted` that it is in the source's words.
    `vouched` is where a verb of speech stands: what is demanded or forecast after it is the speaker's, and
    that it was said is a fact all the same. `against` are doubts already known.
    """
    found = sorted(_merits(words, numbers, named), key=lambda reason: -_WORTH[reason])
    counted = any(n.unit != "ordinal" for n in numbers) or kinds.counted([word.low for word in words])
    amounts = any(number.value is not None and number.unit != "ordinal" for number in numbers)
    doubted = doubts(words, numbers=counted, amounts=amounts, role=role, until=vouched, quoted=quoted)
    doubted += [doubt for doubt in against if doubt not in doubted]
    worth = _START + sum(_WORTH[reason] for reason in found) - sum(DOUBTS[reason] for reason in doubted)
    if natures(doubted) is not Nature.FACT:
        worth = min(worth, _MOST)
    return round(min(1.0, max(0.0, worth)), 2), (*found, *doubted)


def _merits(words: Sequence[Token], numbers: Sequence[Quantity], named: bool) -> list[str]:
    lows = [word.low for word in words]
    known = set(lows)
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
    if happened(words):
        found.append("something that happened")
    if kinds.causes(lows):
        found.append("a cause")
    if any(kinds.is_superlative(low) for low in known - {"last", "most", "only", "first", "least"}):
        found.append("a superlative")
    elif kinds.compares([low for low in lows if low not in ("last", "first", "only")]):
        found.append("a comparison")
    if kinds.regulates(words):
        found.append("law or policy")
    if named:
        found.append("attributed to a named source")
    return found


def happened(words: Sequence[Token]) -> bool:
    """A past tense, or a perfect: "fell", "was found", "have protested", "had been signed"."""
    for i, word in enumerate(words):
        if word.tag is Tag.VERB and (word.low in en.PAST or word.low.endswith("ed")):
            return True
        if word.low in ("has", "have", "had", "was", "were"):
            if any(later.tag is Tag.PARTICIPLE for later in words[i + 1 : i + 4]):
                return True
    return False

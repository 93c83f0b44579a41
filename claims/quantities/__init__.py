"""Numbers, amounts, ranges and dates in a text, as Quantity values.

dates (dates.py) → numbers (numbers.py), but those that only name a thing (names.py) → with their unit
(amounts.py, units.py, nouns.py) → with what is said around them, and joined to ranges (here)
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from claims.lang import COMMA_DECIMALS, en
from claims.model import Quantity, Span
from claims.patterns import Pattern, either
from claims.quantities import dates
from claims.quantities.amounts import Amount, amounts
from claims.quantities.names import is_whole
from claims.quantities.numbers import written

_MODIFIER = Pattern(rf"(?<![\w-])(?P<words>{either(en.MODIFIERS)})(?: (?:the|an?))? ?$", re.IGNORECASE)
_FROM = Pattern(r"(?<!\w)(?P<words>from|between) $", re.IGNORECASE)
_BY = r"by|of|an?|about|around|another|as much as|some|further|a further|an extra|just|only"
_CHANGE = Pattern(rf"(?<!\w)(?P<verb>{either(en.RISING | en.FALLING)})(?: (?:{_BY}))* ?$", re.IGNORECASE)
_TREND = Pattern(rf"[ -](?:[a-z-]+ )?(?P<noun>{either(en.GROWTH | en.DECLINE)})(?!\w)")
_AFTER = Pattern(rf" ?(?P<words>{either(en.AFTER_NUMBERS)})(?!\w)", re.IGNORECASE)
_JOINT = Pattern(r" ?[-–—] ?| (?:up )?to |[ -]to[ -]|- (?:to|and) ")
_SCORE = Pattern(r"\s?[-–]\s?")
_LEVELS = frozenset(["percent", "percentage", "basis", "point", "mile", "degree"])  # first words of units
_AGO = "ago"
_LOOK_BACK = 34  # characters; longer than the longest modifier
_MOST_GOALS = 200


def quantities(
    text: str, span: Span, *, published: str | None = None, language: str | None = None
) -> list[Quantity]:
    """The quantities in a part of the text, in order; their spans count from the start of `text`.

    Relative dates ("last year", "on Monday") are kept as said and, given the ISO date on which the text was
    `published`, also resolved; their modifier is "relative". In a `language` (a BCP 47 tag) other than
    English only figures, money, symbols and dates in figures are read.
    """
    code = (language or "en").lower().partition("-")[0]
    english, comma = code == "en", code in COMMA_DECIMALS
    days = dates.dates(text, span.start, span.end, published, english=english)
    found = amounts(
        text, span.start, span.end, [(day.start, day.end) for day in days], english=english, comma=comma
    )
    read = [*(_dated(text, day) for day in days), *_read(text, span, found, published, english)]
    return sorted(read, key=lambda quantity: quantity.span.start if quantity.span else 0)


def _dated(text: str, found: dates.Found) -> Quantity:
    span = Span(found.start, found.end)
    return Quantity(span, None, modifier=found.modifier, date=found.iso, text=span.of(text))


class _Said(NamedTuple):
    """What a text says around an amount: from where, how far, "more than" or "from", and "up" or "down"."""

    start: int
    end: int
    bound: str | None = None
    change: str | None = None


def _read(
    text: str, span: Span, found: list[Amount], published: str | None, english: bool
) -> Iterator[Quantity]:
    taken = span.start
    skip = False
    for low, after in zip_longest(found, found[1:]):
        if skip:
            skip = False
            continue
        said = _before(text, taken, low) if english else _Said(low.start, low.end)
        high = after if after and _joins(text, low, after, said) else None
        said = said._replace(end=(high or low).end)
        said = _behind(text, span.end, low, high, said) if english else said
        skip, taken = high is not None, said.end
        yield _quantity(text, low, high, said, published)


def _quantity(text: str, low: Amount, high: Amount | None, said: _Said, published: str | None) -> Quantity:
    unit = low.unit if _is_age(low) else (high or low).unit or low.unit
    value, top = _bounds(low, high)
    words = [said.change, said.bound]
    if high is not None and _is_score(text, low, high):
        unit, words = "score", [said.bound]
    passed = said.bound is not None and said.bound.endswith(_AGO) and unit is not None
    return Quantity(
        Span(said.start, said.end),
        written(value),
        high=written(top) if top is not None else None,
        unit=unit,
        modifier=" ".join(filter(None, words)) or None,
        date=dates.ago(value, unit, dates.day(published)) if passed and unit else None,
        text=text[said.start : said.end],
    )


def _before(text: str, taken: int, amount: Amount) -> _Said:
    start, bound = amount.start, None
    found = _FROM.search(text, max(taken, start - _LOOK_BACK), start)
    found = found or _MODIFIER.search(text, max(taken, start - _LOOK_BACK), start)
    if found is not None and found["words"].lower() not in en.EMPTY_MODIFIERS:
        start, bound = found.start("words"), found["words"].lower().rstrip("-")
    verb = _CHANGE.search(text, max(taken, start - _LOOK_BACK), start)
    if verb is None or not (_is_level(amount) or " by" in verb[0]):
        return _Said(start, amount.end, bound)
    word = verb["verb"].lower()
    if word not in ("up", "down"):
        return _Said(start, amount.end, bound, "up" if word in en.RISING else "down")
    if amount.unit is None and bound != "from" and " by" not in verb[0]:
        return _Said(start, amount.end, bound)  # "make up less than half"
    return _Said(verb.start("verb"), amount.end, bound, word)


def _is_age(amount: Amount) -> bool:
    return amount.unit is not None and amount.unit.endswith("of age")


def _is_level(amount: Amount) -> bool:
    """Can it move? What somebody "lost", "added" or "gave up" is no level."""
    return amount.unit is None or amount.money or amount.unit.split()[0] in _LEVELS


def _behind(text: str, limit: int, low: Amount, high: Amount | None, said: _Said) -> _Said:
    """ "20 or more", "a 3% drop", "two years ago"."""
    last = high or low
    unit = last.unit or low.unit or ""
    if unit in en.TIME_UNITS and text.startswith(f" {_AGO}", last.end, limit):
        return said._replace(end=last.end + 4, bound=f"{said.bound or ''} {_AGO}".strip(), change=None)
    bound = said.bound or last.later
    found = None if last.later else _AFTER.match(text, last.end, limit)
    if found is not None:
        said, bound = said._replace(end=found.end()), bound or found["words"].lower().lstrip("-")
    moves = said.change is None and (low.money or unit.startswith(("percent", "basis")))
    return said._replace(bound=bound, change=_trend(text, said.end) if moves else said.change)


def _trend(text: str, at: int) -> str | None:
    """ "a 3% drop"."""
    found = _TREND.match(text, at, at + 32)
    return None if found is None else "up" if found["noun"] in en.GROWTH else "down"


def _joins(text: str, low: Amount, high: Amount, said: _Said) -> bool:
    """Are the two ends of one range?"""
    if low.number.ordinal != high.number.ordinal or low.number.high or high.number.high:
        return False
    if low.unit is None or high.unit is None:
        alike = low.unit is None or low.money or _is_age(low)
    else:
        alike = low.unit in (high.unit, f"{high.unit} of age") or high.unit.startswith(f"{low.unit} per ")
    joint = text[low.end : high.start] if high.start - low.end < 8 else ""
    if joint == " and ":
        return alike and said.bound == "between"
    if joint == " to " and said.change and said.bound is None:
        return False  # "rose 0.2% to 5.1%"
    return alike and _JOINT.fullmatch(joint) is not None


def _bounds(low: Amount, high: Amount | None) -> tuple[Decimal, Decimal | None]:
    """ "3 to 4 million" means three million to four; "$200 to $4 million" does not."""
    if high is None:
        return low.value, low.number.high
    scale = Decimal(10) ** (high.value.adjusted() // 3 * 3) if _has_scale(high) and not _has_scale(low) else 1
    fits = 0 < low.value < 1000 and low.value * scale <= high.value
    return low.value * scale if fits else low.value, high.value


def _has_scale(amount: Amount) -> bool:
    return amount.number.scaled or abs(amount.value) != abs(amount.number.value)


def _is_score(text: str, low: Amount, high: Amount) -> bool:
    short = is_whole(low.number) and is_whole(high.number) and max(low.value, high.value) < _MOST_GOALS
    if not short or low.unit or high.unit or not _SCORE.fullmatch(text, low.end, high.start):
        return False
    near = text[max(0, low.start - 60) : low.start] + " " + text[high.end : high.end + 12]
    return high.value <= low.value or not en.WINNING.isdisjoint(near.lower().replace(",", " ").split())

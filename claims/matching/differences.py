"""Why two claims that sound alike are not the same: each difference is a veto, in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from claims.lang import en
from claims.matching.facts import Facts
from claims.matching.names import one, unmatched
from claims.model import Quantity
from claims.values import dataclass

_PERCENT = "percent"
_TOLERANCE = Decimal("0.05")
"""How far two numbers may lie apart where one is said to be rough: "about 40" and "41"."""

_KNOWN_UNITS = frozenset(
    unit for table in (en.UNITS, en.SYMBOLS, en.CURRENCIES, en.CURRENCY_WORDS) for unit in table.values()
) | {"ordinal", "score"}
_ROUND = Decimal(1_000_000)


class Ground(StrEnum):
    """In what two claims differ."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    DENIAL = "denial"
    DIRECTION = "direction"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Veto:
    """One reason why two claims can't be the same, in words: "242 ≠ 424"."""

    ground: Ground
    words: str

    def __str__(self) -> str:
        return self.words


def vetoes(first: Facts, second: Facts) -> Iterator[Veto]:
    """All the reasons why the claim that `first` was read from is not the one of `second`."""
    yield from _numbers(first, second)
    yield from _dates(first.dates, second.dates)
    yield from _names(first, second)
    yield from _denials(first, second)
    yield from _directions(first, second)
    yield from _things(first, second)


def agreed_numbers(first: Facts, second: Facts) -> list[str]:
    """The numbers that both have, in the words of the first."""
    theirs = _values(second.numbers)
    found = []
    for value in _values(first.numbers):
        pair = next((other for other in theirs if agree(value, other)), None)
        if pair is not None:
            theirs.remove(pair)
            found.append(value.words)
    return list(dict.fromkeys(found))


def agreed_dates(first: Facts, second: Facts) -> list[str]:
    """The dates that both have, in the words of the first."""
    return [q.text for q in first.dates if any(same_day(q, other) for other in second.dates)]


def agreed_names(first: Facts, second: Facts) -> list[str]:
    """The names that both have, as the first has them."""
    return list(dict.fromkeys(n.text for n in first.names if any(one(n, other) for other in second.names)))


# --- numbers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a quantity, to be set against another."""

    value: Decimal
    unit: str | None
    modifier: str | None
    words: str
    most: Decimal | None = None  # of "dozens", which may be any of a hundred numbers


def _values(quantities: Sequence[Quantity]) -> list[Value]:
    return [value for quantity in quantities for value in values_of(quantity)]


def values_of(q: Quantity) -> Iterator[Value]:
    """The number, or both ends of a range."""
    low, high = Decimal(q.value or 0), Decimal(q.high) if q.high is not None else None
    if high is not None and not en.VAGUE.keys().isdisjoint(q.text.lower().split()):
        yield Value(low, q.unit, q.bound, q.text, most=high)
        return
    yield Value(low, q.unit, q.bound, q.text)
    if high is not None:
        yield Value(high, q.unit, q.bound, q.text)


def _numbers(first: Facts, second: Facts) -> Iterator[Veto]:
    mine, theirs = _values(first.numbers), _values(second.numbers)
    for value in list(mine):
        pair = next((other for other in theirs if agree(value, other)), None)
        if pair is not None:
            mine.remove(value)
            theirs.remove(pair)
            if opposed(value, pair):
                yield Veto(Ground.NUMBER, f"“{value.words}” ≠ “{pair.words}”")
    # Numbers of one unit are set against each other first: percentages against percentages.
    for value in sorted(mine, key=lambda v: v.unit is None):
        other = next((o for o in theirs if o.unit == value.unit), theirs[0] if theirs else None)
        if other is None:
            if value.unit != "ordinal":
                yield Veto(Ground.NUMBER, f"only one says “{value.words}”")
            continue
        theirs.remove(other)
        yield Veto(Ground.NUMBER, f"{_told(value, other)} ≠ {_told(other, value)}")
    for value in theirs:
        if value.unit != "ordinal":
            yield Veto(Ground.NUMBER, f"only one says “{value.words}”")


def _told(value: Value, other: Value) -> str:
    """The bare number where that tells them apart, else its words too."""
    if value.value != other.value and value.unit == other.unit and "-" not in value.words:
        return next(
            (part for part in value.words.split() if part[0].isdigit() or part[0] in "£$€"), value.words
        )
    return f"“{value.words}”"


def opposed(value: Value, other: Value) -> bool:
    """ "At least 40" and "at most 40"."""
    least = {value.modifier in en.AT_LEAST, other.modifier in en.AT_LEAST}
    return least == {True, False} and (value.modifier in en.AT_MOST or other.modifier in en.AT_MOST)


def agree(value: Value, other: Value) -> bool:
    """May both be one number, as exactly as both are told?"""
    if value.unit == _PERCENT and other.unit != _PERCENT:
        value, other = other, value
    if other.unit == _PERCENT and value.unit != _PERCENT and value.value <= 1:
        # "A quarter of them" is 25 %.
        return not _known(value) and _near(value.value * 100, other.value, rough=True)
    if not units_agree(value, other):
        return False
    if value.most is not None or other.most is not None:
        return value.value <= (other.most or other.value) and other.value <= (value.most or value.value)
    rough = value.modifier in en.ROUGH or other.modifier in en.ROUGH
    return _near(value.value, other.value, rough=rough)


def _known(value: Value) -> bool:
    # "Pound sterling per week": a known unit for a time.
    return value.unit is not None and value.unit.partition(" per ")[0] in _KNOWN_UNITS


def units_agree(value: Value, other: Value) -> bool:
    """May both count the same?"""
    if value.unit == other.unit or value.unit is None or other.unit is None:
        return True
    # What is counted has many names, "people" and "residents"; a unit has one.
    return not _known(value) and not _known(other)


def _near(value: Decimal, other: Decimal, *, rough: bool) -> bool:
    if value == other:
        return True
    if rough:
        return abs(value - other) <= _TOLERANCE * max(abs(value), abs(other))
    if min(value, other) < _ROUND:
        return False
    # "4.2 million" and "4.21 million": as near as the rounder of both is told.
    step = max(_step(value), _step(other))
    return _step(value) != _step(other) and abs(value - other) * 2 <= step


def _step(value: Decimal) -> Decimal:
    """The place of the last digit that is not nought."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** int(exponent)


# --- dates -----------------------------------------------------------------------------------------


def _dates(mine: Sequence[Quantity], theirs: Sequence[Quantity]) -> Iterator[Veto]:
    left = [q for q in mine if not any(same_day(q, other) for other in theirs)]
    right = [q for q in theirs if not any(same_day(q, other) for other in mine)]
    for one_date, other in zip(left, right, strict=False):
        yield Veto(Ground.DATE, f"{one_date.text} ≠ {other.text}")


def same_day(first: Quantity, second: Quantity) -> bool:
    """As far as both say: "2019" agrees with "March 2019", "4 May" with "4 May 2020"."""
    mine, theirs = _parts(first.date), _parts(second.date)
    return all(_same_part(a, b) for a, b in zip(mine, theirs, strict=True) if a and b)


def _same_part(first: str, second: str) -> bool:
    return len(first) == len(second) and all(
        a == b or "X" in (a, b) for a, b in zip(first, second, strict=True)
    )


def _parts(date: str | None) -> tuple[str, str, str]:
    text = (date or "").partition("/")[0]
    if text.startswith("--"):
        return "", text[2:4], text[5:7]
    if len(text) > 5 and not ("01" <= text[5:7] <= "12"):
        return text[:4], "", ""  # a week, a season, a quarter
    return text[:4].ljust(4, "X"), text[5:7], text[8:10]


# --- names -----------------------------------------------------------------------------------------


def _names(first: Facts, second: Facts) -> Iterator[Veto]:
    mine = list(unmatched(list(first.names), list(second.names), second.words))
    theirs = list(unmatched(list(second.names), list(first.names), first.words))
    if mine and theirs:
        told = ", ".join(dict.fromkeys(n.text for n in mine))
        yield Veto(
            Ground.NAME, f"different name: {told} / {', '.join(dict.fromkeys(n.text for n in theirs))}"
        )
    elif not mine and not theirs:
        yield from _turned_round(first, second)


def _turned_round(first: Facts, second: Facts) -> Iterator[Veto]:
    """ "Hamas attacked Israel", "Israel attacked Hamas": the same names and verb, the other way round."""
    if first.passive != second.passive:
        return
    verbs = frozenset(first.verbs) & frozenset(second.verbs) - en.MUTUAL
    for one_name, other in _in_another_order(first, second):
        if _between(first, one_name, other) & _between(second, other, one_name) & verbs:
            yield Veto(Ground.DIRECTION, f"the other way round: {one_name.title()}, {other.title()}")
            return


def _in_another_order(first: Facts, second: Facts) -> Iterator[tuple[str, str]]:
    """Pairs of words with capitals, names or only at the head, that change places."""
    both = [word for word in first.capitals if word in second.capitals]
    for i, word in enumerate(both):
        for other in both[i + 1 :]:
            if second.capitals[word] > second.capitals[other]:
                yield word, other


def _between(text: Facts, word: str, other: str) -> frozenset[str]:
    start, end = text.capitals[word], text.capitals[other]
    return frozenset(verb for verb, place in text.verbs.items() if start < place < end)


# --- what is denied, and which way it goes ---------------------------------------------------------


def _denials(first: Facts, second: Facts) -> Iterator[Veto]:
    if bool(first.denials) != bool(second.denials):
        yield Veto(Ground.DENIAL, f"negated: “{(first.denials or second.denials)[0]}” in only one of them")


def _directions(first: Facts, second: Facts) -> Iterator[Veto]:
    mine, theirs = first.words - second.words, second.words - first.words
    # "Rovers beat City" is "City lost to Rovers".
    for one_end, other_end in () if any(_in_another_order(first, second)) else en.OPPOSITES:
        for here, there in ((one_end, other_end), (other_end, one_end)):
            told, against = mine & here, theirs & there
            if told and against and not first.words & there and not second.words & here:
                yield Veto(Ground.DIRECTION, f"opposite: {min(told)} / {min(against)}")
    weak = [next((w for w in en.WEAKENERS if w in text), None) for text in (first.low, second.low)]
    if bool(weak[0]) != bool(weak[1]):
        yield Veto(Ground.DIRECTION, f"only one says “{weak[0] or weak[1]}”")
    for word in sorted(mine):
        for prefix in en.DENYING_PREFIXES:
            if prefix + word in theirs:
                yield Veto(Ground.DIRECTION, f"opposite: {word} / {prefix}{word}")
            elif word.startswith(prefix) and word.removeprefix(prefix) in theirs:
                yield Veto(Ground.DIRECTION, f"opposite: {word} / {word.removeprefix(prefix)}")


def _things(first: Facts, second: Facts) -> Iterator[Veto]:
    """ "The library was closed", "The museum was closed"."""
    for sort in en.OF_ONE_SORT:
        mine, theirs = first.words & sort, second.words & sort
        if mine and theirs and not mine & theirs:
            yield Veto(Ground.THING, f"different: {min(mine)} / {min(theirs)}")

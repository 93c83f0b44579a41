"""Numbers with what they count or measure."""

import re
from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from claims.lang import en
from claims.patterns import Pattern, either
from claims.quantities import names
from claims.quantities.nouns import counted
from claims.quantities.numbers import Number, numbers
from claims.quantities.units import money_before, rate, unit_after


class Amount(NamedTuple):
    """A number with its unit. `value` has its sign and scale.

    `money`: the unit stands before the figures. `later` is a modifier between them and the unit ("or more").
    """

    start: int
    end: int
    number: Number
    value: Decimal
    unit: str | None = None
    money: bool = False
    later: str | None = None


_LATER = Pattern(r"(?P<words>-plus|-odd|\+| plus| or more| or so| or fewer)(?= [a-z])")
_OF_ONE = Pattern(r"(?: of)? an?(?= )| of (?:1|one)(?= per ?cent)")  # half an hour, half of one percent
_OF = Pattern(r" of(?= [a-z])")
_MORE = Pattern(r" (?:more|other|further|additional|extra|such|different)(?= [a-z])")
_OF_AMERICA = Pattern(r" ?U\.?S\.?(?![^\W_])")
_POINTING = Pattern(r"\b(?:the|these|those|other|all|any|both|last|first) $", re.IGNORECASE)
_RANKED = Pattern(r"[ -](?P<word>[a-z]+)")
_COMPOUND = Pattern(r"-[a-z]| part(?:y|ies)(?!\w)")  # third-party
_AGED = Pattern(r"\b(?:aged|age|ages) (?:of |between )?$", re.IGNORECASE)
_NAMED = Pattern(r"[A-Z][\w'’.-]{1,30}, (?:aged )?$")
_NOT_BEFORE_ONE = Pattern(
    r"\b(?:no|any|the|this|that|every|each|some|which|another|new|old|big|good|number|last|first|next|day) $",
    re.IGNORECASE,
)
_HOW_MANY = either([*en.ONES, *en.TENS, "hundred", "thousand", "million"])
_IN_SO_MANY = Pattern(rf" (?:in|out of) (?:every |an? )?(?:\d|(?:{_HOW_MANY})(?!\w))")
_RATIO = Pattern(r" (?:in|out of|(?P<of>of))(?: every| an?)? +")
_SAME = Pattern(r",? (?:and|or) |, (?:and |or )?")
_COMPARED = Pattern(
    r"(?:,? (?:up|down|compared (?:with|to)|against|versus|vs)(?: from)?|(?: [a-z]+){0,2},? including)"
    r"(?: [a-z]+)? "
)
_ROUND = frozenset(
    map(Decimal, [*range(2, 11), 12, 15, 16, 20, 25, 30, 40, 50, *(10**n for n in range(2, 7))])
)
_NO_RATIO = en.TIME_UNITS | {"game", "match", "start", "percent"}
_LOOK_BACK = 34  # characters


def amounts(
    text: str,
    start: int,
    end: int,
    dates: list[tuple[int, int]],
    *,
    english: bool = True,
    comma: bool = False,
) -> list[Amount]:
    """The amounts of text[start:end] in order; `dates` are the stretches that are taken already.

    `comma` as for `numbers`.
    """
    taken = sorted([*dates, *names.closed(text, start, end)])
    found: list[Amount] = []
    for number in numbers(text, start, end, english=english, comma=comma):
        floor = found[-1].end if found else start
        if number.start < floor or _overlaps(taken, number):
            continue
        amount = _amount(text, number, floor, end, english)
        if amount is not None:
            found.append(amount)
    return _shared(text, _ratios(text, found))


def _overlaps(taken: list[tuple[int, int]], number: Number) -> bool:
    i = bisect_right(taken, (number.start, 1 << 60))
    return i > 0 and number.start < taken[i - 1][1] or i < len(taken) and taken[i][0] < number.end


def _amount(text: str, number: Number, floor: int, end: int, english: bool) -> Amount | None:
    signed = _signed(text, number, floor)
    if signed is None:
        return None
    amount = Amount(signed[0], number.end, number, signed[1])
    if number.ordinal:
        plain = number.digits or number.value > 2 and not _COMPOUND.match(text, number.end)
        told = not english or plain or _is_rank(text, number.end)
        return amount._replace(unit="ordinal") if told else None
    at, currency, minus = money_before(text, floor, amount.start)
    if currency is not None:
        amount = _scaled(
            amount._replace(start=at, value=-amount.value if minus else amount.value), number.letter
        )
        return _paid(text, amount, currency, end, english)
    if number.letter and not _is_scale(text, number):
        return _measured(text, amount, end, english)
    amount = _scaled(amount, number.letter)
    if english and (later := _LATER.match(text, amount.end, end)):
        return _with_later(text, amount, later, end)
    if found := _measured(text, amount, end, english):
        return found
    if number.digits and re.match(r"[A-Za-z]", text[amount.end : amount.end + 1]):
        return None  # "5G", "19bis"
    return _counted(text, amount, end) if english else amount


def _signed(text: str, number: Number, floor: int) -> tuple[int, Decimal] | None:
    """Where a number begins with its sign, and its value; None when it is the end of a word like "F-16"."""
    at = number.start
    if at <= floor or text[at - 1] not in "-−–":
        return at, number.value
    before = text[max(0, at - 12) : at - 1]
    if word := re.search(r"[A-Za-z]+$", before):
        if word[0].lower() == "minus":
            return at - 1 - len(word[0]), -number.value
        return (at, number.value) if word[0].lower() in en.PREFIXES else None
    free = not before or before[-1] in " (\n\t$£€"
    return (at - 1, -number.value) if free and number.digits and text[at - 1] != "–" else (at, number.value)


def _is_rank(text: str, at: int) -> bool:
    found = _RANKED.match(text, at, at + 24)
    return found is not None and (
        found["word"] in en.RANKED or re.fullmatch(r"\w{2,}est", found["word"]) is not None
    )


def _is_scale(text: str, number: Number) -> bool:
    """Is the letter behind the figures a scale: "12m people" rather than "12m long"?"""
    at = number.end + len(number.letter)
    after = text[at : at + 16]
    if number.letter in "kK":
        return not after.startswith((" race", " run", " walk"))
    if number.letter == "m":
        return not after.lstrip(" -").startswith(en.LENGTHS) and re.match(r" ?\(\d", after) is None
    return number.letter in ("B", "M")


def _scaled(amount: Amount, letter: str) -> Amount:
    if not letter:
        return amount
    return amount._replace(
        end=amount.end + len(letter), value=amount.value * Decimal(en.GLUED_SCALES[letter.lower()])
    )


def _paid(text: str, amount: Amount, currency: str, end: int, english: bool) -> Amount:
    america = _OF_AMERICA.match(text, amount.end, end)
    stop, unit = america.end() if america else amount.end, currency
    if english:
        stop, unit = rate(text, stop, end, currency)
    return amount._replace(end=stop, unit=unit, money=True)


def _measured(text: str, amount: Amount, end: int, english: bool) -> Amount | None:
    """The amount with its measure, where one follows."""
    at = amount.end
    if english and not amount.number.digits and amount.value < 1 and (of_one := _OF_ONE.match(text, at, end)):
        at = of_one.end()
    elif english and (amount.number.high or _is_couple(text, at)) and (of := _OF.match(text, at, end)):
        at = of.end()
    stop, unit = unit_after(
        text, at, end, value=float(amount.value), digits=amount.number.digits, english=english
    )
    return amount._replace(end=stop, unit=unit) if unit is not None else None


def _is_couple(text: str, at: int) -> bool:
    return text[at - 6 : at].lower() == "couple"


def _with_later(text: str, amount: Amount, later: re.Match[str], end: int) -> Amount:
    """ "20 or more people": the modifier stands between the number and what is counted."""
    amount = amount._replace(end=later.end(), later=later["words"].strip(" -"))
    if found := _measured(text, amount, end, True):
        return found
    stop, unit = counted(text, amount.end, end)
    return amount._replace(end=stop, unit=unit)


def _counted(text: str, amount: Amount, end: int) -> Amount | None:
    """A number of things, or one without anything said to be counted; None when it only names a thing."""
    number, at = amount.number, amount.end
    if text[number.start : number.end].lower() == "one":
        return _one(text, amount, end)
    if amount.value < 1 and not number.digits:
        return amount
    if (number.high or _is_couple(text, at)) and (of := _OF.match(text, at, end)):
        at = of.end()
    elif more := _MORE.match(text, at, end):
        at = more.end()
    stop, unit = counted(text, at, end)
    paired = re.match(r"[-–]\d", text[amount.end : amount.end + 2])
    if not paired and names.names(text, number, amount.start, amount.end, counts=unit is not None):
        return None
    if unit is not None:
        return amount._replace(end=stop, unit=unit)
    if re.match(r"-[A-Za-z]", text[amount.end : amount.end + 2]) and not text.startswith("-to-", amount.end):
        return (
            None if re.match(r"- ", text[amount.end : amount.end + 2]) is None else amount
        )  # "a five-alarm call"
    if (
        not number.digits
        and amount.value < 20
        and _POINTING.search(text, max(0, amount.start - 8), amount.start)
    ):
        return None  # "the two", "the other three"
    return amount._replace(unit="year of age") if _is_age(text, amount) else amount


def _one(text: str, amount: Amount, end: int) -> Amount | None:
    """ "One proposal" and "one of the largest banks" count; "no one", "the one who", "one of them" do not."""
    if _IN_SO_MANY.match(text, amount.end, end):
        return amount
    of = text.startswith(" of ", amount.end)
    if not of and _NOT_BEFORE_ONE.search(text, max(0, amount.start - 9), amount.start):
        return None
    stop, unit = counted(text, amount.end, end, single=True)
    return amount._replace(end=stop, unit=unit) if unit is not None else None


def _is_age(text: str, amount: Amount) -> bool:
    """ "aged 42", "Smith, 42, said"."""
    floor = max(0, amount.start - _LOOK_BACK)
    if _AGED.search(text, floor, amount.start):
        return True
    return (
        text[amount.end : amount.end + 1] in (",", ")")
        and _NAMED.search(text, floor, amount.start) is not None
    )


def _ratios(text: str, found: list[Amount]) -> list[Amount]:
    """ "one in five adults" is a fifth of them."""
    kept: list[Amount] = []
    for amount in found:
        if kept and _is_ratio(text, kept[-1], amount):
            part = kept.pop()
            value = (part.value / amount.value).quantize(Decimal("0.0001"))
            amount = part._replace(
                end=amount.end, value=value, unit=amount.unit, number=part.number._replace(digits=False)
            )
        kept.append(amount)
    return kept


def _is_ratio(text: str, part: Amount, whole: Amount) -> bool:
    joint = _RATIO.fullmatch(text, part.end, whole.start)
    if joint is None or joint["of"] and whole.value not in (10, 100, 1000):
        return False
    if part.unit is not None or whole.money or not 1 <= part.value < whole.value:
        return False
    return whole.value in _ROUND and whole.unit not in _NO_RATIO


def _shared(text: str, found: list[Amount]) -> list[Amount]:
    """ "45 and 50 mg", "3.9 million headsets, up from 2.4 million": a unit said once holds for both."""
    for i in range(len(found) - 2, -1, -1):
        here, following = found[i], found[i + 1]
        wants = here.unit is None and here.value >= 1 and not following.money and following.unit != "ordinal"
        if wants and _SAME.fullmatch(text, here.end, following.start):
            found[i] = here._replace(unit=following.unit)
    for i in range(1, len(found)):
        former, here = found[i - 1], found[i]
        wants = here.unit is None and here.number.digits and former.unit != "ordinal"
        if wants and here.start - former.end < 60 and _COMPARED.fullmatch(text, former.end, here.start):
            found[i] = here._replace(unit=former.unit)
    return found

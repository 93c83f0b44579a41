"""Numbers, amounts, ranges and dates in a text, as Quantity values.

A number is found by its digits or its words; then what stands right before it (currency, "more than")
and right after it (scale, unit, the end of a range) is read, each with a small anchored pattern.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.lang import en
from claims.model import Quantity, Span


def _either(words: Iterable[str]) -> str:
    # Longest first: "percentage points" before "percent", "no more than" before "more than".
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.3333", "⅔": "0.6667"}
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,15}(?!\d))(?:\.\d{1,9})?"
_UNITARY = list(en.ONES)[1:10]
_SPELT = rf"(?:(?:{_either(en.TENS)})[- ](?:{_either(_UNITARY)})|{_either([*en.ONES, *en.TENS])})"
_BIG = "hundred|thousand|million|billion|trillion|dozen"
_SPELT_OUT = (
    rf"(?:{_SPELT}|an?)[ -](?:{_BIG})(?:(?:,? and |,? |-)(?:{_SPELT})(?:[ -](?:{_BIG}))?){{0,4}}"
    rf"(?:[ -](?:{_BIG}))?"
    rf"|(?:{_either(_UNITARY)}|an?)[ -](?:{_either(en.FRACTIONS)})|half|{_SPELT}|{_either(en.TIMES)}"
)
_ATOM = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>[-−+](?=[\d£$€]))?"
    r"(?P<currency>(?:US|A|C|NZ|HK|R)?\$|[£€¥₹₽₩₺₴]|\b(?:GBP|USD|EUR|CHF|AUD|INR) ?)? ?"
    rf"(?P<digits>{_DIGITS})(?P<vulgar>[½¼¾⅓⅔])?"
    rf"(?:[ -]?(?P<scale>{_BIG}|lakh|crore)\b|(?P<short>mn|mln|bn|bln|trn|tn|[kmb])\b)?"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b)?"
    rf"|(?P<lone>[½¼¾⅓⅔])|\b(?P<spelt>{_SPELT_OUT})\b|\b(?P<place>{_either(en.ORDINALS)})\b)",
    re.IGNORECASE,
)
_CLOSE = _either(
    set(en.UNITS)
    & {
        "km",
        "cm",
        "mm",
        "kg",
        "mg",
        "ft",
        "lb",
        "lbs",
        "ml",
        "mph",
        "kph",
        "mw",
        "gw",
        "gb",
        "mb",
        "tb",
        "pc",
    }
)
_UNIT = re.compile(
    rf"[ -]?(?:%|°[CF]\b)|[ -](?:of )?(?:{_either(en.UNITS)})(?![\w-])|(?:{_CLOSE})(?![\w-])",
    re.IGNORECASE,
)
_MONEY = re.compile(rf" (?:{_either(en.CURRENCY_WORDS)}|{_either(en.CURRENCY_CODES)})\b", re.IGNORECASE)
_MODIFIER = re.compile(rf"(?:^|(?<=\W))({_either(en.MODIFIERS)}) (?:the )?$", re.IGNORECASE)
_FROM = re.compile(
    r"\b((?:up |down |rose |fell |grew |dropped |increased |decreased )?from|between) $", re.IGNORECASE
)
_JOINER = re.compile(r" ?[-–—] ?| to | and ")
_NOUN = re.compile(r"[ -]([^\W\d_][\w’'-]{1,30})")
_MONTH = _either(en.MONTHS)
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b\.?(?:,? (?P<year>{_YEAR})\b)?"
    rf"|(?P<month2>{_MONTH})\b\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,? (?P<year2>{_YEAR})\b)?"
    rf"|(?P<month3>{_MONTH})\b\.?,? (?P<year3>{_YEAR})\b"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)\b"
    rf"|(?<=\bin )(?P<year4>{_YEAR})\b(?!,\d|\.\d)"
    r"|(?:(?<=\bsince )|(?<=\bby )|(?<=\bof )|(?<=\buntil )|(?<=\bfrom )|(?<=\bduring )|(?<=\bfor )"
    r"|(?<=\bto )|(?<=\bbefore )|(?<=\bafter )|(?<=\bearly )|(?<=\blate )|(?<=\bmid-)|(?<=\bthe ))"
    rf"(?P<year5>{_YEAR})\b(?!,\d|\.\d| (?!to\b)\w+s\b))",
    re.IGNORECASE,
)
_LOOK_BACK = 28  # characters; longer than the longest modifier


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: Decimal
    unit: str | None
    ordinal: bool = False


def quantities(text: str, span: Span) -> list[Quantity]:
    """The quantities in a part of the text, in order; their spans count from the start of `text`."""
    return sorted(_found(text, span), key=lambda quantity: quantity.span.start if quantity.span else 0)


def _found(text: str, span: Span) -> Iterator[Quantity]:
    taken = span.start
    dates = {match.start(): match for match in _DATE.finditer(text, span.start, span.end) if _iso(match)}
    for match in dates.values():
        yield Quantity(Span(*match.span()), None, date=_iso(match), text=match.group())
    days = sorted((match.start(), match.end()) for match in dates.values())
    numbers = [n for n in _numbers(text, span) if not _in(days, n)]
    skip = False
    for i, number in enumerate(numbers):
        if skip:
            skip = False
            continue
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        start, modifier = _before(text, max(taken, number.start - _LOOK_BACK), number.start)
        joined = following if following and _is_range(text, number, following, start, modifier) else None
        last = joined or number
        end, unit = last.end, last.unit or number.unit
        if unit is None and not number.ordinal:
            end, unit = _noun(text, last.end, span.end)
        skip = joined is not None
        taken = end
        yield Quantity(
            Span(start, end),
            _written(_scaled_like(number, joined)),
            high=_written(joined.value) if joined else None,
            unit="ordinal" if number.ordinal else unit,
            modifier=modifier,
            text=text[start:end],
        )


def _numbers(text: str, span: Span) -> Iterator[_Number]:
    for match in _ATOM.finditer(text, span.start, span.end):
        ordinal = bool(match["ordinal"] or match["place"])
        value = _value(match)
        if value is None or (match["spelt"] or "").lower() == "one" and not _counts(text, match.end()):
            continue
        end, unit = match.end(), None
        if match["currency"]:
            unit = en.CURRENCIES.get(match["currency"].strip().upper(), match["currency"].strip().upper())
        elif money := _MONEY.match(text, end, span.end):
            word = money.group().strip().lower()
            end, unit = money.end(), en.CURRENCY_WORDS.get(word, word.upper())
        elif not ordinal and (known := _UNIT.match(text, end, span.end)):
            word = known.group().strip(" -").lower().removeprefix("of ")
            end, unit = known.end(), en.UNITS.get(word, word)
            # "three-year-old", "five years old": an age.
            end = end + 4 if text[end : end + 4] in (" old", "-old") else end
        yield _Number(match.start(), end, value, unit, ordinal)


def _counts(text: str, end: int) -> bool:
    """ "one in five", "one million", "one person": a number; "one of them", "the one who": hardly."""
    return (
        re.match(
            r" (?:in \w|person|man|woman|child|day|year|month|week|hour|vote|death|case)",
            text[end : end + 12],
        )
        is not None
    )


def _value(match: re.Match[str]) -> Decimal | None:
    if match["lone"]:
        return Decimal(_VULGAR[match["lone"]])
    if match["place"]:
        return Decimal(en.ORDINALS[match["place"].lower()])
    if match["spelt"]:
        return spelt_out(match["spelt"])
    value = Decimal(match["digits"].replace(",", ""))
    value += Decimal(_VULGAR[match["vulgar"]]) if match["vulgar"] else 0
    scale = (match["scale"] or match["short"] or "").lower()
    if scale:
        # "12m" is taken for twelve million, as newspapers write it; metres are mostly spelt out.
        value *= Decimal(en.SCALES[scale])
    return -value if match["sign"] in ("-", "−") else value


def spelt_out(words: str) -> Decimal | None:
    """The value of a number in words: "three hundred and forty", "two thirds", "a dozen"."""
    parts = words.lower().replace("-", " ").replace(",", " ").split()
    if len(parts) == 1 and parts[0] in en.TIMES:
        return Decimal(en.TIMES[parts[0]])
    if parts[-1] in en.FRACTIONS:
        many = Decimal(en.ONES.get(parts[0], 1)) if len(parts) > 1 else Decimal(1)
        part = en.FRACTIONS[parts[-1]]
        return (many / 3).quantize(Decimal("0.0001")) if part == "third" else many * Decimal(part)
    total, group = Decimal(0), Decimal(0)
    for part in parts:
        if part in en.ONES:
            group += en.ONES[part]
        elif part in en.TENS:
            group += en.TENS[part]
        elif part in ("a", "an"):
            group += 1
        elif part in ("hundred", "dozen"):
            group = (group or Decimal(1)) * Decimal(en.SCALES[part])
        elif part in en.SCALES:
            total += (group or Decimal(1)) * Decimal(en.SCALES[part])
            group = Decimal(0)
    return total + group


def _before(text: str, floor: int, start: int) -> tuple[int, str | None]:
    """Where the quantity starts, with the modifier in front of its number."""
    near = text[floor:start]
    if found := _MODIFIER.search(near) or _FROM.search(near):
        words = found.group(1)
        # "Some 300 people" is about 300; "over" and "under" after a verb still bound it.
        return floor + found.start(1), words.lower()
    return start, None


def _is_range(text: str, low: _Number, high: _Number, start: int, modifier: str | None) -> bool:
    between = text[low.end : high.start]
    if not _JOINER.fullmatch(between) or low.ordinal != high.ordinal:
        return False
    if between == " and ":
        return modifier == "between"
    if between == " to " and modifier is None and low.unit == high.unit is None:
        # "voted 23 to 9" is a count of each side; it is kept as one pair all the same.
        return True
    return low.unit is None or high.unit is None or low.unit == high.unit


def _scaled_like(low: _Number, high: _Number | None) -> Decimal:
    """ "3 to 4 million" means three million to four."""
    alike = high is not None and (high.unit is None or low.unit in (None, high.unit))
    if high is not None and alike and low.value < 1000 and high.value >= 10**6:
        return low.value.scaleb(high.value.adjusted() // 3 * 3)
    return low.value


def _noun(text: str, at: int, end: int) -> tuple[int, str | None]:
    """What is counted: "242 developers", "40 civil rights organisations"."""
    words: list[str] = []
    stop, best = at, 0
    while len(words) < 4 and (found := _NOUN.match(text, stop, end)):
        word = found.group(1)
        low = word.lower()
        if low in _NO_NOUN or low in en.PAST or (low.endswith("ed") and words):
            break
        words.append(word)
        stop = found.end()
        if low.endswith("s") and not low.endswith(("ss", "us", "’s", "'s")) or low in _PLURALS:
            best, at = len(words), stop
    if best == 0:
        return at, None
    return at, " ".join(words[:best])


_PLURALS = frozenset(
    [
        "people",
        "men",
        "women",
        "children",
        "police",
        "staff",
        "teeth",
        "feet",
        "mice",
        "sheep",
        "fish",
        "deer",
        "aircraft",
        "members",
    ]
)
_NO_NOUN = (
    en.PREPOSITIONS | en.DETERMINERS | en.PRONOUNS | en.COORDINATORS | en.AUXILIARIES | en.MODALS
    | en.NEGATIONS
    | frozenset(en.MONTHS) | frozenset(["per", "out", "ago", "was", "if", "because", "when", "while", "says"])
)  # fmt: skip


def _iso(match: re.Match[str]) -> str | None:
    """The date as far as it is known, or None when there is no such day."""
    groups = match.groupdict()
    if iso := groups["iso"]:
        try:
            return date.fromisoformat(iso).isoformat()
        except ValueError:
            return None
    if year := groups["year4"] or groups["year5"]:
        return str(year)
    month_name = groups["month"] or groups["month2"] or groups["month3"]
    if month_name[0].islower():
        return None  # "may 12" and "march 20" in small letters are verbs
    month = en.MONTHS[month_name.lower()]
    known = groups["year"] or groups["year2"] or groups["year3"]
    if groups["month3"]:
        return f"{known}-{month:02}"
    day = int(groups["day"] or groups["day2"])
    try:
        date(int(known or 2000), month, day)
    except ValueError:
        return None
    return f"{known}-{month:02}-{day:02}" if known else f"--{month:02}-{day:02}"


def _in(days: list[tuple[int, int]], number: _Number) -> bool:
    from bisect import bisect_right

    at = bisect_right(days, (number.start, 1 << 60)) - 1
    return at >= 0 and number.start < days[at][1]


def _written(value: Decimal) -> str:
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") or "0" if "." in written else written

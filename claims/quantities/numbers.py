"""Where numbers stand in a text and what they are worth: digits of any script, words, fractions, scales."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from claims.lang import en
from claims.patterns import Pattern, either


class Number(NamedTuple):
    """A number without its unit.

    `high` is set for vague ones ("dozens"). `digits`: written in figures. `scaled`: "million" or the like is
    part of it. `letter` stands right behind the figures and may be a scale or a unit: "4m" is four million or
    four metres.
    """

    start: int
    end: int
    value: Decimal
    high: Decimal | None = None
    ordinal: bool = False
    digits: bool = False
    scaled: bool = False
    letter: str = ""


SPACE = "[ \u00a0\u2009\u202f]"
_VULGAR = {mark: Decimal(unicodedata.numeric(mark)).quantize(Decimal("0.0001")).normalize()
           for mark in "½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒"}  # fmt: skip
_EAST = {"万": "1e4", "萬": "1e4", "億": "1e8", "亿": "1e8", "兆": "1e12"}
_ASCII = str.maketrans({"٫": ".", "٬": ",", "．": ".", "，": ",", "·": ".", "−": "-"})
_DENOMINATORS = frozenset(en.DENOMINATORS.values()) | {32, 64, 1000}
_EUROPEAN = Pattern(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}")
_FIGURES = (
    r"(?:\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"  # 1.234,5
    r"|\d{1,3}(?:\.\d{3}){2,}(?![.\d])"  # 1.234.567
    r"|\d{1,3}(?:[,٬，]\d{3}){1,6}(?!\d)(?:[.٫．·]\d{1,9})?"
    r"|\d{1,2}(?:,\d{2}){1,4},\d{3}(?!\d)(?:\.\d{1,9})?"  # 1,00,000
    rf"|[1-9][0-9]{{0,2}}(?:{SPACE}[0-9]{{3}}){{1,5}}(?!{SPACE}?\d)(?:[.,]\d{{1,9}}(?!\d))?"
    r"|\d{1,3}(?:['’]\d{3}){1,5}(?!\d)"
    r"|(?<=€)\d{1,15},\d{2}(?!\d)"
    r"|\d{1,15}(?!\d)(?:[.٫．·]\d{1,15}|,\d{1,2}(?=[ \u00a0]?[%€٪％]))?|(?<!\d)\.\d{1,9})"
)
# Letters stand before figures only where they are money: "EUR50m", "$US5".
_MONEY = "|".join(rf"(?<=(?<![^\W_]){re.escape(code)})" for code in en.CURRENCIES if code[-1].isalpha())
_COMMA_FIGURES = (
    rf"(?:\d{{1,3}}(?:\.\d{{3}}){{1,5}}(?!\d)|[1-9]\d{{0,2}}(?:{SPACE}\d{{3}}){{1,5}}(?!{SPACE}?\d)|\d{{1,15}}(?!\d))"
    r"(?:,\d{1,9}(?!\d))?"
)


def _figure(figures: str) -> Pattern:
    return Pattern(
        rf"(?=\d|\.\d)(?:(?<![0-9A-Za-z_\u00c0-\u024f])|{_MONEY})(?<![\d][.,:/])(?<!\.\.)"
        rf"(?P<figures>{figures})"
        r"(?:(?P<power>[eE][-+−]?\d{1,3}|\s?[x×]\s?10\^?[-−]?\d{1,3})(?![\d.])"
        rf"|{SPACE}?(?P<vulgar>[{''.join(_VULGAR)}])"
        r"|(?:(?<=\d)/|(?:[ -](?P<numerator>\d{1,2})/))(?P<denominator>\d{1,3})(?![\d/]|,\d))?"
        rf"(?:[ -]?(?P<scale>{either(en.SCALES)})(?![^\W\d])"
        rf"|(?P<letter>{either(en.GLUED_SCALES)})(?![^\W_])|(?P<east>[{''.join(_EAST)}]))?"
        r"(?P<ordinal>(?:st|nd|rd|th)(?![^\W_]))?",
        re.IGNORECASE,
    )


_WITH_POINT, _WITH_COMMA = _figure(_FIGURES), _figure(_COMMA_FIGURES)
_LARGE = either(("hundred", "thousand", "million", "billion", "trillion", "dozen"))
_UNITARY = either(list(en.ONES)[1:10])
_SPELT = either([*en.ONES, *en.TENS])
_WORDS = Pattern(
    rf"(?<!\w)(?:(?P<vague>(?:(?:tens|hundreds|thousands) of )?(?:{either(en.VAGUE)}))"
    rf"|(?P<part>half|a quarter|a third)(?: of)?(?: a|-) ?(?P<whole>{_LARGE})"
    rf"|(?P<many>{_UNITARY}|an?)[ -](?P<of>{either(en.DENOMINATORS)})(?P<plural>s)?"
    rf"|(?P<spelt>(?:{_SPELT}|an? (?={_LARGE}))(?:(?:,? and |[ -])?(?:{_SPELT}|{_LARGE})(?!\w)){{0,12}})"
    rf"|(?P<fold>{_SPELT})-?{en.FOLD}|(?P<couple>a couple)(?= of )|(?P<half>half)"
    rf"|(?P<times>{either(en.TIMES)})|(?P<place>{either(en.ORDINALS)}))(?!\w)",
    re.IGNORECASE,
)
_WORD = Pattern(r"[A-Za-z]+")
_LONE = Pattern(f"[{''.join(_VULGAR)}]")
_AND_A_HALF = Pattern(r"[ -]and[ -]a[ -](half|quarter)(?!\w)")
_OF_A_WHOLE = Pattern(r" (?:of|the|its|their|his|her|our|my|as|an?|all) ", re.IGNORECASE)
_BEFORE_SHARE = Pattern(
    r"\b(?:by|than|about|around|nearly|almost|over|under|only|just|roughly|least) $", re.IGNORECASE
)
_BEFORE_PART = Pattern(
    r"\b(?:first|second|other|this|last|next|final|top|bottom|the) $", re.IGNORECASE
)  # of a match, a year


def numbers(text: str, start: int, end: int, *, english: bool = True, comma: bool = False) -> list[Number]:
    """The numbers of text[start:end] in order. Words are read in English only; digits in any script.

    `comma`: it stands before decimals, and a point between thousands.
    """
    found = [*_in_figures(text, start, end, comma)]
    if english:
        found += _in_words(text, start, end)
    found += (
        Number(m.start(), m.end(), _VULGAR[m[0]], digits=True) for m in _LONE.finditer(text, start, end)
    )
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(_with_half(text, number, end) if english else number)
    return kept


def written(value: Decimal) -> str:
    """A decimal written out, without needless zeros: "4000000000", "0.5"."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") or "0" if "." in plain else plain


def _in_figures(text: str, start: int, end: int, comma: bool) -> Iterator[Number]:
    for match in (_WITH_COMMA if comma else _WITH_POINT).finditer(text, start, end):
        value = _value(match, comma)
        if value is not None:
            letter = match["letter"] or ""
            yield Number(match.start(), match.end() - len(letter), value, None, bool(match["ordinal"]), True,
                         bool(match["scale"] or match["east"]), letter)  # fmt: skip


def _value(match: re.Match[str], comma: bool) -> Decimal | None:
    value = _decimal(match["figures"], comma)
    if match["power"]:
        exponent = match["power"].translate(_ASCII).lower().replace("^", "")
        value = value.scaleb(int(re.sub(r"\s?[x×]\s?10|e", "", exponent)))
    if match["vulgar"]:
        value += _VULGAR[match["vulgar"]]
    if match["denominator"]:
        below = int(match["denominator"])
        above = Decimal(match["numerator"]) if match["numerator"] else value
        if not 0 < above < below or below not in _DENOMINATORS and above != 1:
            return None  # 24/7, 9/11, 3/2005
        value = _tidy(above / below) + (value if match["numerator"] else 0)
    if match["scale"]:
        value *= Decimal(en.SCALES[match["scale"].lower()])
    return value * Decimal(_EAST[match["east"]]) if match["east"] else value


def _decimal(figures: str, comma: bool) -> Decimal:
    """Figures with whatever groups them: "1,234.5", "1.234,5", "1 234", "１２３", "١٢٣٫٤"."""
    plain = figures.translate(_ASCII)
    if comma or _EUROPEAN.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    return Decimal(re.sub(r"[^\d.]", "", plain))


def _in_words(text: str, start: int, end: int) -> Iterator[Number]:
    for match in _WORDS.finditer(text, start, end):
        at, stop = match.span()
        if match["vague"]:
            yield Number(at, stop, *_vague(match["vague"].lower()))
        elif match["part"]:
            part = {"half": 2, "a quarter": 4, "a third": 3}[match["part"].lower()]
            yield Number(at, stop, _tidy(Decimal(en.SCALES[match["whole"].lower()]) / part))
        elif match["of"]:
            yield from _fraction(text, match)
        elif match["spelt"]:
            yield from _spelt(match)
        elif match["fold"]:
            yield Number(at, match.end("fold"), _read([match["fold"].lower()])[0])
        elif match["couple"]:
            yield Number(at, stop, Decimal(2))
        elif match["times"]:
            yield Number(at, stop, Decimal(en.TIMES[match["times"].lower()]))
        elif match["place"]:
            yield Number(at, stop, Decimal(en.ORDINALS[match["place"].lower()]), ordinal=True)
        elif _is_share(text, at, stop):
            yield Number(at, stop, Decimal("0.5"))


def _vague(words: str) -> tuple[Decimal, Decimal]:
    """What "dozens" and "tens of thousands" lie between."""
    first, _, second = words.partition(" of ")
    if not second:
        return Decimal(en.VAGUE[first][0]), Decimal(en.VAGUE[first][1])
    low = {"tens": 10, "hundreds": 100, "thousands": 1000}[first] * Decimal(en.VAGUE[second][0])
    return low, low * 10


def _fraction(text: str, match: re.Match[str]) -> Iterator[Number]:
    many, of = match["many"].lower(), match["of"].lower()
    above = Decimal(en.ONES.get(many, 1))
    sure = match["plural"] or of in ("half", "halves") or many == "one"
    if sure or many in ("a", "an") and _is_share(text, match.start(), match.end()):
        yield Number(match.start(), match.end(), _tidy(above / en.DENOMINATORS[of]))
    elif many not in ("a", "an"):
        yield Number(match.start(), match.end("many"), above)
    elif of in en.ORDINALS:
        # "A third of" is a part, "a third time" a rank, "a quarter" alone three months.
        yield Number(match.start("of"), match.end(), Decimal(en.ORDINALS[of]), ordinal=True)


def _is_share(text: str, start: int, end: int) -> bool:
    """Is "half" or "a third" a share of something, rather than a half of a match or a third attempt?"""
    if _OF_A_WHOLE.match(text, end):
        return _BEFORE_PART.search(text, max(0, start - 8), start) is None
    return _BEFORE_SHARE.search(text, max(0, start - 9), start) is not None


def _spelt(match: re.Match[str]) -> Iterator[Number]:
    """The numbers in a run of number words: "three hundred and forty" is one, "five and six" are two."""
    pieces = list(_WORD.finditer(match.string, match.start("spelt"), match.end("spelt")))
    words = [piece[0].lower() for piece in pieces]
    i = 0
    while i < len(words):
        value, used = _read(words[i:])
        if used:
            last = i + used - 1
            yield Number(pieces[i].start(), pieces[last].end(), value, scaled=words[last] in en.SCALES)
        i += max(used, 1)


def _read(words: list[str]) -> tuple[Decimal, int]:
    """The longest number at the beginning of `words`, and how many of them it takes."""
    total = group = Decimal(0)
    limit = Decimal("Infinity")
    best = (Decimal(0), 0)
    for used, word in enumerate(words, start=1):
        if word in ("a", "an", "and"):
            if used > 1 and (word != "and" or group % 100 or best[1] == 0):
                break
            group = group if word == "and" else Decimal(1)
            continue
        if word in en.ONES or word in en.TENS:
            size = Decimal(en.ONES.get(word, en.TENS.get(word, 0)))
            if not _fits(group % 100, size):
                break
            group += size
        elif word in ("hundred", "dozen"):
            if not 0 < group < 100:
                break
            group *= Decimal(en.SCALES[word])
        else:
            scale = Decimal(en.SCALES[word])
            if not group or scale >= limit:
                break
            total, group, limit = total + group * scale, Decimal(0), scale
        best = (total + group, used)
    return best


def _fits(tens: Decimal, size: Decimal) -> bool:
    """Does a word go on with a number that ends in `tens`: "forty" and "two", but not "two" and "forty"?"""
    return not tens or tens >= 20 and tens % 10 == 0 and 0 < size < 10


def _with_half(text: str, number: Number, end: int) -> Number:
    """ "two and a half", "a million and a half"."""
    match = _AND_A_HALF.match(text, number.end, end)
    if match is None or number.ordinal or number.high:
        return number
    more = Decimal("0.5") if match[1] == "half" else Decimal("0.25")
    size = Decimal(10) ** (number.value.adjusted() // 3 * 3) if number.scaled else 1
    return number._replace(end=match.end(), value=number.value + more * size)


def _tidy(value: Decimal) -> Decimal:
    """A quotient as exact as a reader needs it."""
    return (
        value
        if value == value.to_integral_value()
        else value.quantize(Decimal("0.0001" if value < 1000 else "1"))
    )

"""The unit of a number: money in front of it, money or a measure behind it, and its "per"."""

import re

from claims.lang import en
from claims.patterns import Pattern, either
from claims.quantities.nouns import singular
from claims.quantities.numbers import SPACE

_WORDS = {alias.lower(): name for alias, name in en.UNITS.items()}
_MONEY = {alias.lower(): name for alias, name in en.CURRENCY_WORDS.items()}
_CODES = [code for code in en.CURRENCIES if code.replace(".", "").isalpha()]
_SIGNS = [code for code in en.CURRENCIES if code not in _CODES]
_LAND = "US|AU|A|CA|C|NZ|HK|S|NT|R|USD|AUD|CAD"
_BEFORE = Pattern(
    rf"(?:(?<![^\W_])(?:(?P<land>{_LAND}){SPACE}?)?(?P<sign>{either(_SIGNS)})"
    rf"|(?<![^\W_])(?P<code>{either(_CODES)})){SPACE}?(?P<minus>[-−])?$"
)
_SIGN = Pattern(rf"{SPACE}?(?P<sign>{either(_SIGNS)})")
_NATION = rf"(?:(?P<nation>{either(en.NATIONS)}|U\.?S\.?|American|Japanese|Chinese) )?"
_WORDED = Pattern(rf"{SPACE}{_NATION}(?P<word>{either(_MONEY)})(?!\w)", re.IGNORECASE)
_CODED = Pattern(rf"{SPACE}?(?P<code>{either(code for code in _CODES if len(code) == 3)}|YEN)(?!\w)")
_POUNDS = Pattern(r"[ -]pounds?(?!\w)")
_MEASURE = Pattern(rf"(?:{SPACE}|-|–)(?:of a )?(?P<word>{either(_WORDS)})(?![^\W_])", re.IGNORECASE)
_SYMBOL = Pattern(
    rf"(?P<gap>{SPACE}?|-)(?P<open>[(\[{{<])?(?P<sign>{either(en.SYMBOLS)})(?![^\W_]|-\d)(?(open)[)\]}}>])"
)
_AGE = Pattern(rf"[ -]?(?P<word>{either(en.AGES)})(?![^\W_])", re.IGNORECASE)
_OLD = Pattern(r"[ -](?:old|of age)(?!\w)")
_NOT_AFTER = r"(?! (?:ago|later|earlier|before|after|of age|old|half))"
_RATE = Pattern(
    rf"(?: per |/(?=[a-z])|-per-)(?P<per>{either([*en.RATES, *en.RATE_NAMES])}|[a-z]{{3,20}})(?![^\W_])"
    rf"|/(?P<symbol>{either(en.SYMBOLS)})(?![^\W_])"
    rf"|(?:[ -]an?[ -]| each | every )(?P<a>{either(en.RATES)})(?![^\W_]){_NOT_AFTER}"
    r"| of(?: (?!an? |the |per |each )[a-z-]+){1,3} (?:an?|per|each|every) "
    rf"(?P<of>{either(en.PERIODS)})(?!\w){_NOT_AFTER}"
    r"|(?P<yearly> p\.a\.| pa(?!\w)| annually| yearly)"
)
_WEIGHING = Pattern(
    r"\b(?:weigh|weight|lost|drop|gain|heavier|lighter|lift|overweight|bag|baby|lbs|tons?|kg|kilos|dumbbell)"
)
_PAYING = Pattern(
    r"\b(?:pay|paid|cost|price|worth|fine|tax|spend|spent|earn|bill|wage|fee|charge|sold|buy|bought)"
)
_MANY_POUNDS = 500


def money_before(text: str, floor: int, at: int) -> tuple[int, str | None, bool]:
    """Where an amount begins, the currency that stands before its figures, and whether it is negative."""
    found = _BEFORE.search(text, max(floor, at - 8), at)
    if found is None:
        return at, None, False
    sign = found["sign"] or found["code"]
    joined = (found["land"] or "") + sign if found["sign"] == "$" else sign
    return found.start(), en.CURRENCIES.get(joined) or en.CURRENCIES[sign], bool(found["minus"])


def unit_after(
    text: str, at: int, end: int, *, value: float, digits: bool, english: bool = True
) -> tuple[int, str | None]:
    """Where the unit that begins at `at` ends, and its name; (at, None) when there is none.

    A symbol counts only behind a number in `digits`.
    """
    if english and (age := _AGE.match(text, at, end)):
        unit = next((unit for unit in ("month", "week", "day") if unit in age["word"].lower()), "year")
        return age.end(), f"{unit} of age"
    stop, found = _measured(text, at, end, value=value, digits=digits, english=english)
    if found is None or not english:
        return stop, found
    if found in en.PERIODS and (old := _OLD.match(text, stop, end)):
        return old.end(), f"{found} of age"
    return rate(text, stop, end, found)


def rate(text: str, at: int, end: int, unit: str) -> tuple[int, str]:
    """ "14.95 dollars" and then "a month": "dollar per month"."""
    found = _RATE.match(text, at, end)
    if found is None:
        return at, unit
    if found["symbol"]:
        return found.end(), f"{unit} per {en.SYMBOLS[found['symbol']]}"
    per = "year" if found["yearly"] else (found["per"] or found["a"] or found["of"]).lower()
    if per == "cent" or " per " in unit and found["of"]:
        return at, unit
    return found.end(), f"{unit} per {en.RATE_NAMES.get(per) or _WORDS.get(per) or singular(per)}"


def _measured(
    text: str, at: int, end: int, *, value: float, digits: bool, english: bool
) -> tuple[int, str | None]:
    if paid := _SIGN.match(text, at, end):
        return paid.end(), en.CURRENCIES[paid["sign"]]
    if coded := _CODED.match(text, at, end):
        return coded.end(), en.CURRENCIES.get(coded["code"], "Japanese yen")
    if english and (paid := _WORDED.match(text, at, end)):
        return paid.end(), _currency(paid)
    if english and (pounds := _POUNDS.match(text, at, end)):
        return pounds.end(), "pound sterling" if _is_money(text, at, pounds.end(), value) else "pound"
    if english and (word := _MEASURE.match(text, at, end)):
        return word.end(), _WORDS[word["word"].lower()]
    symbol = _SYMBOL.match(text, at, end)
    if symbol and digits and _is_symbol(symbol, value):
        return symbol.end(), en.SYMBOLS[symbol["sign"]]
    return at, None


def _is_symbol(symbol: re.Match[str], value: float) -> bool:
    sign, gap = symbol["sign"], symbol["gap"]
    if gap and sign in en.ONLY_GLUED or sign == "s" and 1900 <= value < 2100:
        return False  # "5 in", "2018s best film"
    return gap != "-" or sign.isalpha()


def _is_money(text: str, start: int, stop: int, value: float) -> bool:
    """Pounds are money when there are many of them or prices are spoken of, and a weight otherwise."""
    near = text[max(0, start - 50) : stop + 30].lower()
    if _WEIGHING.search(near):
        return False
    return value >= _MANY_POUNDS or _PAYING.search(near) is not None


def _currency(paid: re.Match[str]) -> str:
    name, nation = _MONEY[paid["word"].lower()], paid["nation"]
    if nation is None or nation.upper().replace(".", "") in ("US", "AMERICAN"):
        return name
    # "Australian dollar" is a name of its own; "Japanese yen" says it already.
    return name if nation.lower() in name.lower() else f"{nation} {name}"

"""Figures that are no quantity: times of day, telephone numbers, addresses, and numbers that name a thing."""

from claims.lang import en
from claims.patterns import Pattern, either
from claims.quantities.numbers import Number

_STREETS = either(word.capitalize() for word in en.STREETS)
_CLOSED = Pattern(
    r"(?<![\d:.])\d{1,2}(?:[:.]\d\d){0,2} ?(?:a\.m\.?|p\.m\.?|am|pm|AM|PM|o['’]clock)(?!\w)"  # times of day
    r"|(?<![\d:.])\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?!\d)"
    r"|(?<!\d)\d{4} (?:GMT|BST|UTC|EST|EDT|hrs|hours (?:GMT|local))(?!\w)"
    r"|\+\d[\d ()-]{7,18}\d|(?<![\d,.])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)"  # telephone numbers
    r"|\(\d{3,5}\) ?\d{3}[ -]?\d{3,4}(?!\d)|(?<![\d,.-])(?:\d{3}-)?\d{3}-\d{4}(?!\d)"
    r"|(?<![\d.])\d+(?:\.\d+){2,}(?![\d,])"  # versions
    r"|(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+"
    r"|(?<!\d)(?:24/7|9/11|7/7|50/50)(?!\d)"
    r"|(?<![\w£$€.,])\d{1,5}(?:-\d{1,5})?[A-Za-z]?(?: [NSEW])?"  # streets
    rf"(?: (?:[A-Z][\w'’]*|\d+(?:st|nd|rd|th))){{1,3}} (?:{_STREETS})(?!\w)"
    r"|#\d+"
    r"|(?<!\d)\d['’′]\d{1,2}(?:[\"”″]|(?!\d))"  # 6'3"
    r"|(?m:^)[ \t]*\(?\d{1,3}[.)](?=\s)|(?<=\s)\(?\d ?\)(?= )"  # items of a list
    r"|\[\d{1,3}\]"
    r"|(?:±|\+/[-−]) ?\d[\d.,]*(?:e-?\d+)?"
)
_LABEL = Pattern(r"(?:^|(?<=[\s(\"'“‘-]))(?P<word>[^\W\d_][\w.&'’-]{0,30})[ -]$")
_CAPITAL = Pattern(r" [A-Z]")
_NAME = Pattern(r" [A-Z][a-z]")
_INSIDE = Pattern(r"\w,? $")
_SPOKEN = {word for phrase in en.MODIFIERS for word in phrase.split()} | en.RISING | en.FALLING


def closed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of text[start:end] in which no figure is a quantity, in order."""
    return [match.span() for match in _CLOSED.finditer(text, start, end)]


def is_whole(number: Number) -> bool:
    """Is it written in figures, without a fraction or a scale?"""
    return number.digits and not number.scaled and number.value == number.value.to_integral_value()


def names(text: str, number: Number, start: int, stop: int, *, counts: bool) -> bool:
    """Does a number only name a thing: "Game 2", "page 4", "FTSE 100", "787 Dreamliner", "the Four Seasons"?

    `start` and `stop` bound the figures with sign and scale; `counts`: what may be counted follows.
    """
    before = _LABEL.search(text, max(0, start - 34), start)
    if not number.digits and text[number.start].isupper() and _CAPITAL.match(text, stop):
        # At the beginning of a sentence "Six Americans" are counted.
        return not counts or _INSIDE.search(text, max(0, start - 3), start) is not None
    if before is None or not _labels(before["word"]):
        return not counts and is_whole(number) and _NAME.match(text, stop) is not None
    if not counts:
        return True
    word = before["word"]
    numbered = word[0].isupper() and word.lower() in en.NUMBERED  # "Model 3 sedans"
    return is_whole(number) and (numbered or _CAPITAL.match(text, stop) is not None)


def _labels(word: str) -> bool:
    """Is a number behind this word rather part of a name than a count?"""
    low = word.lower()
    if low in en.NUMBERED:
        return True
    if not any(map(str.isupper, word)) or low in en.STARTERS or low in en.PAST:
        return False
    return low not in en.NOT_COUNTED and low not in _SPOKEN

"""What spreadsheets do to cells that nobody touched: dates and numbers written anew, letters lost, texts cut.

`same` finds what is only written otherwise. `suspicion` names what no person is likely to have typed, so
that it is not taken for an edit.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product

_ERRORS = re.compile(
    r"#(NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!)|#{3,}|Err:\d{3}", re.IGNORECASE
)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?\.?( \d{1,2}:\d\d(:\d\d)?)?"
    r"|[^\W\d_]{3,9}[-. ]{0,2}\d{1,4}|\d{1,2}[-. ]{1,2}[^\W\d_]{3,9}\.?([-. ]{1,2}\d{2,4})?"
)
_SERIAL = re.compile(r"\d{4,5}([.,]\d+)?")
_POWER = re.compile(r"-?\d([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_THOUSANDS = re.compile(r"-?\d{1,3}([.,])\d{3}(\1\d{3})*")
_CUT = (255, 256, 32_759, 32_767)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (spreadsheets know no zones)
_MISREAD = (
    ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "mac_roman"), ("utf-8", "cp437"),
    ("cp1252", "mac_roman"), ("mac_roman", "cp1252"),
)  # fmt: skip
# Bytes that Windows-1252 leaves out are read as the control characters of their number.
_UNUSED = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_NUMBERS = ("integer", "number")


def same(kind: str, before: str, after: str) -> bool:
    """Whether a cell holds what it held, if perhaps written otherwise; `kind` is its column's."""
    if before == after or _lines(before) == _lines(after):
        return True
    if kind in _NUMBERS:
        return number(before) is not None and number(before) == number(after)
    return kind == "time" and _same_time(before, after)


def suspicion(before: str, after: str) -> str | None:
    """What a spreadsheet did to a cell, in words, if it looks like that; else a person did it."""
    before, after = _lines(before), _lines(after)
    if not after or not before:
        return "The spreadsheet left an error here." if _ERRORS.fullmatch(after) else None
    if _ERRORS.fullmatch(after):
        return "The spreadsheet left an error here."
    if _rewritten(before, after):
        return f"It seems that the spreadsheet took “{before[:60]}” for a number."
    if _DATE.fullmatch(before) and (_DATE.fullmatch(after) or _SERIAL.fullmatch(after)):
        return f"It seems that the spreadsheet took “{before[:60]}” for a date."
    if len(after) in _CUT and len(before) > len(after) and before.startswith(after):
        return f"It seems that the spreadsheet cut the text after {len(after):,} characters."
    if before == f"'{after}":
        return "It seems that the spreadsheet took the apostrophe at the beginning away."
    if not before.isascii() and ("?" in after or "\ufffd" in after) and _lost(before).fullmatch(after):
        return "It seems that letters were lost: the file was not saved as “CSV UTF-8”."
    if after in _misread(before):
        return "It seems that the spreadsheet read the letters in a wrong encoding: open the file as UTF-8."
    return None


def number(text: str) -> float | None:
    """A number with a decimal point or comma, with or without signs between thousands."""
    digits = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    if "," in digits and "." in digits:
        between = "," if digits.rfind(",") < digits.rfind(".") else "."
        digits = digits.replace(between, "")
    if not re.fullmatch(r"[-+]?\d+([.,]\d+)?([eE][-+]?\d{1,3})?", digits):
        return None
    return float(digits.replace(",", "."))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _same_time(before: str, after: str) -> bool:
    try:
        moment = datetime.strptime(before, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007
    except ValueError:
        return False
    if (serial := number(after)) is not None:
        return abs(serial - (moment - _DAY_ZERO).total_seconds() / 86_400) < 1 / 1_440
    written = tuple(int(digits) for digits in re.findall(r"\d{1,4}", after)[:7])
    return written in set(_spellings(moment))


def _spellings(moment: datetime) -> Iterator[tuple[int, ...]]:
    """The numbers of a time, in each order in which spreadsheets write them."""
    year, month, day = moment.year, moment.month, moment.day
    days = [
        (a, b, c)
        for y in (year, year % 100)
        for a, b, c in ((y, month, day), (day, month, y), (month, day, y))
    ]
    hours = (moment.hour, (moment.hour - 1) % 12 + 1)
    for date, hour in product(days, hours):
        yield (*date, hour, moment.minute)
        yield (*date, hour, moment.minute, moment.second)


def _rewritten(before: str, after: str) -> bool:
    was, now = _numbers(before), _numbers(after)
    if was & now:
        return True
    shortened = bool(was and now and _POWER.fullmatch(after))
    return shortened and any(abs(old - new) <= abs(old) / 100 for old in was for new in now)


def _numbers(text: str) -> set[float]:
    """What a text may mean as a number: 1,500 is one and a half in Berlin."""
    meant = [number(text)]
    if _THOUSANDS.fullmatch(text):
        meant.append(float(re.sub("[.,]", "", text)))
    return {one for one in meant if one is not None}


def _lost(before: str) -> re.Pattern[str]:
    """The same text, each of its letters beyond ASCII perhaps lost; of an emoji, two signs are left."""
    # Atomic groups: what was taken once is not tried otherwise, however long a run of question marks is.
    parts = (re.escape(c) if c.isascii() else f"(?>{re.escape(c)}|{_left(c)})" for c in before)
    return re.compile("".join(parts))


def _left(sign: str) -> str:
    return "[?\ufffd]{1,2}" if ord(sign) > 0xFFFF else "[?\ufffd]"


def _misread(before: str) -> Iterator[str]:
    if before.isascii():
        return
    for wrote, read in _MISREAD:
        try:
            yield before.encode(wrote).decode(read, "surrogateescape").translate(_UNUSED)
        except UnicodeError:
            continue

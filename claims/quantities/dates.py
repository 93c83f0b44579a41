"""Dates as far as a text gives them, and relative ones ("last year") read against the day of writing.

Written as ISO 8601: "2026", "2026-03", "2026-03-04", "2026-W10", "2013/2014" from one to the other; "--03-04"
for a day and "--03" for a month whose year is not known. Its extension (EDTF) has decades "198X", centuries
"20XX", seasons "2026-21" and quarters "2026-33".
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from claims.lang import en
from claims.model import RELATIVE
from claims.patterns import Pattern, either
from claims.quantities.nouns import counted
from claims.quantities.units import unit_after


class Found(NamedTuple):
    """A date in a text. `iso` is None where only the day of writing, which is not known, could tell."""

    start: int
    end: int
    iso: str | None
    modifier: str | None = None


_MONTH = (
    f"(?:{either(name.capitalize() for name in en.MONTHS)}|{either(name.upper() for name in en.MONTHS)}"
    f"|{either(en.MONTHS.keys() - {'may', 'march', 'mar'})})"  # in small letters these are verbs
)
_YEAR = r"(?:1[0-9]|20)\d\d"
_TH = "(?:st|nd|rd|th)?"
_TO = r"(?:-|–|—| - | – | to | and )"
_NO_UNIT = r"(?! (?:million|billion|trillion|thousand|per ?cent|percent|points?|people|%)|[%:]|[.,]\d)"
_PART = r"(?:(?P<part>[Ee]arly|[Mm]id|[Ll]ate|[Tt]he (?:start|beginning|middle|end|close) of)[ -](?:in )?)?"
_DAY_FIRST = (
    rf"(?:(?P<first>\d{{1,2}}){_TH}(?P<joint>{_TO}))?(?P<day>\d{{1,2}}){_TH}(?: day)?(?: of)? ?"
    rf"(?P<month>{_MONTH})\b\.?(?:,? (?P<year>{_YEAR}))?"
)
_MONTH_FIRST = (
    rf"(?P<month2>{_MONTH})\b\.? (?P<day2>\d{{1,2}}){_TH}(?:{_TO}(?P<last2>\d{{1,2}})(?!\d))?(?!\d)"
    rf"{_NO_UNIT}(?:,? (?P<year2>{_YEAR})(?![\d-]))?"
)
_ABSOLUTE = Pattern(
    rf"(?<![\w/.-])(?:{_PART}(?:{_DAY_FIRST}|{_MONTH_FIRST}"
    rf"|(?P<month3>{_MONTH})\b\.?,?(?: of)? ?(?P<year3>{_YEAR})"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)(?:T[\d:.+Z-]+)?"
    r"|(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<c>(?:19|20)\d\d)"
    rf"|(?P<from>{_YEAR}) ?[-–/] ?(?P<to>{_YEAR}|\d\d)(?!\d)"
    r"|(?P<decade>(?:1[5-9]|20)\d)0['’]?s|(?P<short>['’][2-9]|(?<=[Tt]he )[2-9])0['’]?s"
    r"|(?P<nth>\d{1,2})(?:st|nd|rd|th)[ -]century"
    r"|(?:Q(?P<q>[1-4])|(?P<quarter>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)[ -]quarter(?: of)?)"
    rf" (?P<qyear>{_YEAR})"
    rf"|(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)(?: of)? (?P<syear>{_YEAR})"
    rf"|(?P<only>{_YEAR})"
    r"))(?![^\W_]|[,.:]\d)"
)
_SURE = Pattern(r"\b(?:in|since|until|till|by|during|before|after|circa|year) $", re.IGNORECASE)
_NAMED = Pattern(r"\b(?:the|an?|its|their|his|her|our|this|that) $|['’]s? $|[A-Z]\w* $")
_DAY = either(name.capitalize() for name in en.WEEKDAY_NAMES)
_FIRST, _LAST = 1000, 9000  # years of four figures, with room on both sides for "two centuries ago"
_PERIOD = "week|weekend|month|year|decade|century|quarter|spring|summer|autumn|fall|winter"
_RELATIVE = Pattern(
    rf"(?<![\w-])(?:(?P<away>{either(en.DAYS_AWAY)})"
    rf"|(?:(?:earlier|later|late|early) )?(?P<step>{either(en.STEPS)}) "
    rf"(?:(?P<period>{_PERIOD})|(?P<on>{_DAY})|(?P<within>{_MONTH}))"
    rf"|(?:(?:early|late) )?(?P<weekday>{_DAY})(?: (?:morning|afternoon|evening|night))?"
    rf"|(?:in|since|until|by|during|of|from|early|late|mid)[ -](?P<month>{_MONTH})\.?(?! \d)"
    r")(?![\w-])",
    re.IGNORECASE,
)
_NAMED_DAY = Pattern(r"(?:Black|Good|Ash|Super|Bloody|Cyber|Shrove|Easter|Palm|Giving) $")
_LONG_AGO = 1_000
_CLAUSE = 80  # characters
_AHEAD = Pattern(rf"(?<![\w])(?:{either(en.AHEAD)})(?!\w)", re.IGNORECASE)


def dates(
    text: str, start: int, end: int, published: str | None = None, *, english: bool = True
) -> list[Found]:
    """The dates in text[start:end], in order. `published` is the ISO date by which relative ones are read."""
    today = day(published)
    found: list[Found] = []
    for match in _ABSOLUTE.finditer(text, start, end):
        found += _absolute(text, match, today)
    if english:
        given = [(one.start, one.end) for one in found]
        for match in _RELATIVE.finditer(text, start, end):
            i = bisect_right(given, (match.end(), 0))
            if i == 0 or given[i - 1][1] <= match.start():
                found += _relative(text, match, today, _looks_ahead(text, start, match.start()))
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[Found] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            continue
        if (
            kept
            and kept[-1].modifier == RELATIVE
            and one.start - kept[-1].end <= 2
            and one.iso
            and len(one.iso) > 7
        ):
            kept.pop()  # "Monday, 4 March 2026": the weekday adds nothing
        kept.append(one)
    return [_with_year(text, one, after) for one, after in zip_longest(kept, kept[1:])]


def _with_year(text: str, one: Found, after: Found | None) -> Found:
    """ "between 1 March and 4 May 2020": the year holds for both."""
    if (
        after is None
        or after.iso is None
        or len(after.iso) != 10
        or one.iso is None
        or after.start - one.end > 5
    ):
        return one
    if one.modifier == RELATIVE or one.iso.startswith("--"):
        month_and_day = one.iso[-5:]
        year = int(after.iso[:4]) - (month_and_day > after.iso[5:])
        if text[one.end : after.start].strip() in ("and", "to", "-", "–") and len(one.iso) > 5:
            return Found(one.start, one.end, f"{year}-{month_and_day}")
    return one


def ago(count: Decimal, unit: str, today: date | None) -> str | None:
    """The date that lies so many days, weeks, months or years before `today`, as exact as the unit is."""
    many = int(count)
    if today is None or many != count or many > _LONG_AGO:
        return None
    try:
        if unit == "day":
            return (today - timedelta(days=many)).isoformat()
        if unit == "week":
            return _week(today - timedelta(weeks=many))
        if unit == "month":
            return _months(today, -many)
        return {"year": str(today.year - many), "decade": f"{today.year // 10 - many}X"}.get(unit)
    except OverflowError:
        return None


def day(published: str | None) -> date | None:
    """The day of an ISO date or time; None for what is none, or cannot be that of an article."""
    try:
        found = date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None
    return found if found and _FIRST <= found.year <= _LAST else None


def _absolute(text: str, match: re.Match[str], today: date | None) -> Iterator[Found]:
    part = (match["part"] or "").lower().removeprefix("the ") or None
    if match["day"]:
        month = en.MONTHS[match["month"].lower()]
        yield from _days(match, month, match["first"], match["day"], match["year"], today)
    elif match["day2"]:
        month = en.MONTHS[match["month2"].lower()]
        first, last = (match["day2"], match["last2"]) if match["last2"] else (None, match["day2"])
        yield from _days(match, month, first, last, match["year2"], today)
    elif match["only"]:
        if _is_year(text, match):
            yield Found(match.start(), match.end(), match["only"], part)
    elif (iso := _iso(match)) is not None:
        yield Found(match.start(), match.end(), iso, part)


def _iso(match: re.Match[str]) -> str | None:
    if match["month3"]:
        return f"{match['year3']}-{en.MONTHS[match['month3'].lower()]:02}"
    if match["iso"]:
        return match["iso"] if day(match["iso"]) else None
    if match["c"]:
        return _in_figures(int(match["a"]), int(match["b"]), int(match["c"]))
    if match["from"]:
        last = match["to"] if len(match["to"]) == 4 else match["from"][:2] + match["to"]
        return f"{match['from']}/{last}" if 0 < int(last) - int(match["from"]) <= 100 else None
    if match["decade"]:
        return f"{match['decade']}X"
    if match["short"]:
        return f"{'20' if match['short'][-1] == '2' else '19'}{match['short'][-1]}X"
    if match["nth"]:
        return f"{int(match['nth']) - 1:02}XX"
    if match["qyear"]:
        quarter = int(
            match["q"] or ("first", "second", "third", "fourth").index(match["quarter"].lower()) + 1
        )
        return f"{match['qyear']}-{32 + quarter}"
    return f"{match['syear']}-{en.SEASONS[match['season'].lower()]}"


def _in_figures(a: int, b: int, year: int) -> str | None:
    """Day and month in figures, when only one order can be meant; else the year."""
    if a <= 12 and b <= 12 and a != b:
        return str(year)
    day, month = (a, b) if b <= 12 else (b, a)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _days(
    match: re.Match[str], month: int, first: str | None, last: str, year: str | None, today: date | None
) -> Iterator[Found]:
    """A day of a month, or the days from one to another."""
    end = _on(year, month, int(last), today)
    if end is None:
        return
    guess = RELATIVE if year is None and today else None
    start = _on(year, month, int(first), today) if first else None
    if start is None or first is None or int(first) >= int(last):
        at = match.start("day") if first and match["day"] else match.start()
        yield Found(at, match.end(), end, guess)
    elif match["joint"] == " and ":
        yield Found(match.start("first"), match.end("first"), start, guess)
        yield Found(match.start("day"), match.end(), end, guess)
    else:
        yield Found(match.start(), match.end(), f"{start}/{end}", guess)


def _on(year: str | None, month: int, day: int, today: date | None) -> str | None:
    try:
        if year:
            return date(int(year), month, day).isoformat()
        date(2000, month, day)
        if today is None:
            return f"--{month:02}-{day:02}"
        near = [d for y in (-1, 0, 1) if (d := _maybe(today.year + y, month, day))]
        return min(near, key=lambda d: abs((d - today).days)).isoformat() if near else None
    except ValueError:
        return None


def _maybe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Is a bare "2018" a year, not a number of things?"""
    at, end = match.start("only"), match.end()
    before, after = text[max(0, at - 12) : at], text[end : end + 6]
    if (
        re.search(r"[£$€#]\s?$", before)
        or re.match(r" ?[-–/] ?\d|[/\\]", after)
        or re.match(r"[ -]?(?:hrs|GMT|BST|UTC)", text[end : end + 4])
    ):
        return False
    if _SURE.search(before) or match["part"]:
        return True
    if int(match["only"]) < 1900:
        return False
    value = float(match["only"])
    if unit_after(text, end, end + 40, value=value, digits=True)[1] is not None:
        return False
    return _NAMED.search(before) is not None or counted(text, end, end + 40)[1] is None


def _relative(text: str, match: re.Match[str], today: date | None, ahead: bool) -> Iterator[Found]:
    month, weekday = match["within"] or match["month"], match["on"] or match["weekday"]
    name = month or weekday
    if name and not name[0].isupper() or weekday and _is_name(text, match) or match[0].isupper():
        return
    iso = None
    if today is not None:
        step = en.STEPS[match["step"].lower()] if match["step"] else None
        try:
            iso = _resolved(match, today, step, month, weekday, ahead)
        except (ValueError, OverflowError):
            iso = None
    elif month and not match["step"]:
        iso = f"--{en.MONTHS[month.lower()]:02}"
    yield Found(match.start(), match.end(), iso, RELATIVE if today or iso is None else None)


def _looks_ahead(text: str, floor: int, at: int) -> bool:
    """Does the clause in front of a date speak of what is to come?"""
    clause = re.split(r"[,;:—]", text[max(floor, at - _CLAUSE) : at])[-1]
    return _AHEAD.search(clause) is not None


def _is_name(text: str, match: re.Match[str]) -> bool:
    """ "Black Friday", "the Sunday Times"."""
    after = re.match(r" ([A-Z]\w+)", text[match.end() : match.end() + 24])
    named = after is not None and after[1].lower() not in en.MONTHS and not match["on"]
    return named or _NAMED_DAY.search(text, max(0, match.start() - 12), match.start()) is not None


def _resolved(
    match: re.Match[str], today: date, step: int | None, month: str | None, weekday: str | None, ahead: bool
) -> str | None:
    if match["away"]:
        return (today + timedelta(days=en.DAYS_AWAY[match["away"].lower()])).isoformat()
    if weekday:
        return _weekday(today, en.WEEKDAY_NAMES.index(weekday.lower()), step, ahead).isoformat()
    if month:
        return _month(today, en.MONTHS[month.lower()], step, ahead)
    return _period(today, match["period"].lower(), step or 0)


def _weekday(today: date, day: int, step: int | None, ahead: bool) -> date:
    """The last such day, the day of writing included; the next one when the sentence looks ahead."""
    back = (today.weekday() - day) % 7
    if step == 0:
        return today + timedelta(days=day - today.weekday())
    if step == 1 or step is None and ahead and back:
        return today + timedelta(days=7 - back)
    return today - timedelta(days=back or (7 if step == -1 else 0))


def _month(today: date, month: int, step: int | None, ahead: bool) -> str:
    year = today.year
    if step == 1 or step is None and ahead:
        year += month < today.month or step == 1 and month == today.month
    elif step != 0:
        year -= month > today.month or step == -1 and month == today.month
    return f"{year}-{month:02}"


def _period(today: date, period: str, step: int) -> str | None:
    if period in ("week", "weekend"):
        return _week(today + timedelta(weeks=step))
    if period == "month":
        return _months(today, step)
    if period == "quarter":
        quarter = today.year * 4 + (today.month - 1) // 3 + step
        return f"{quarter // 4}-{33 + quarter % 4}"
    if period in en.SEASONS:
        return _season(today, en.SEASONS[period], step)
    size = {"year": 1, "decade": 10, "century": 100}[period]
    return str(today.year // size + step) + {1: "", 10: "X", 100: "XX"}[size]


def _season(today: date, season: int, step: int) -> str:
    # Northern seasons; a winter goes by the year in which it begins.
    last_month = {21: 5, 22: 8, 23: 11, 24: 14}[season]
    over = today.month > last_month
    year = today.year + (step if step > 0 and over else 0) - (1 if step < 0 and not over else 0)
    return f"{year}-{season}"


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _months(day: date, step: int) -> str:
    months = day.year * 12 + day.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02}"

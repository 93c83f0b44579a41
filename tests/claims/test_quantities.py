"""Numbers, amounts, ranges and dates as newspapers write them."""

from dataclasses import replace

import pytest

from claims import Span, extract
from claims import read as document_of
from claims.quantities import quantities


def read(text: str, **how: str) -> list[tuple]:
    return [
        (q.value, q.high, q.unit, q.modifier, q.date) for q in quantities(text, Span(0, len(text)), **how)
    ]


def values(text: str, **how: str) -> list[tuple]:
    return [(value, unit) for value, _, unit, _, _ in read(text, **how)]


def days(text: str, published: str | None = None) -> list[tuple]:
    return [(q.text, q.date, q.modifier) for q in quantities(text, Span(0, len(text)), published=published)]


@pytest.mark.parametrize(("text", "expected"), [
    ("signed by 242 developers at", ("242", None, "developer", None)),
    ("40 civil rights organisations and", ("40", None, "civil rights organisation", None)),
    ("more than 3.2 million people", ("3200000", None, "people", "more than")),
    ("a £14.6m wall", ("14600000", None, "pound sterling", None)),
    ("$1,242.50 each", ("1242.5", None, "dollar", None)),
    ("4 million crowns", ("4000000", None, "crown", None)),
    ("5 million Swedish kronor", ("5000000", None, "Swedish krona", None)),
    ("$1.2 trillion", ("1200000000000", None, "dollar", None)),
    ("EUR50m", ("50000000", None, "euro", None)),
    ("A$5", ("5", None, "Australian dollar", None)),
    ("3,50 € each", ("3.5", None, "euro", None)),
    ("1.234,50 euros", ("1234.5", None, "euro", None)),
    ("$14.95 a month", ("14.95", None, "dollar per month", None)),
    ("800,000 barrels a day", ("800000", None, "barrel per day", None)),
    ("nearly 60% of", ("60", None, "percent", "nearly")),
    ("12 percentage points", ("12", None, "percentage point", None)),
    ("25 basis points", ("25", None, "basis point", None)),
    ("at 50mph in", ("50", None, "mile per hour", None)),
    ("between 10 and 12 cm", ("10", "12", "centimetre", "between")),
    ("10–20 days", ("10", "20", "day", None)),
    ("10 to 12 per cent", ("10", "12", "percent", None)),
    ("up from 4.1% to 5%", ("4.1", "5", "percent", "up from")),
    ("3 to 4 million people", ("3000000", "4000000", "people", None)),
    ("from $200 to $4 million", ("200", "4000000", "dollar", "from")),
    ("£3-4bn", ("3000000000", "4000000000", "pound sterling", None)),
    ("rose 4.2% in", ("4.2", None, "percent", "up")),
    ("rose by nearly £3m", ("3000000", None, "pound sterling", "up nearly")),
    ("down by a third,", ("0.3333", None, None, "down")),
    ("a 3% drop", ("3", None, "percent", "down")),
    ("up to 400 jobs", ("400", None, "job", "up to")),
    ("20 or more people", ("20", None, "people", "or more")),
    ("three hundred and forty homes", ("340", None, "home", None)),
    ("forty-two ewes", ("42", None, "ewe", None)),
    ("two million voters", ("2000000", None, "voter", None)),
    ("a dozen homes", ("12", None, "home", None)),
    ("half a million women", ("500000", None, "woman", None)),
    ("two and a half miles", ("2.5", None, "mile", None)),
    ("half an hour", ("0.5", None, "hour", None)),
    ("about two-thirds of", ("0.6667", None, None, "about")),
    ("one in five adults", ("0.2", None, "adult", None)),
    ("two out of three voters", ("0.6667", None, "voter", None)),
    ("tens of thousands of fishermen", ("10000", "100000", "fisherman", None)),
    ("the 3rd time", ("3", None, "ordinal", None)),
    ("the second-largest", ("2", None, "ordinal", None)),
    ("a 1.8-mile wall", ("1.8", None, "mile", None)),
    ("a nine-member panel", ("9", None, "member", None)),
    ("a five-year-old boy", ("5", None, "year of age", None)),
    ("Ann Smith, 42, said", ("42", None, "year of age", None)),
    ("left 7 US soldiers", ("7", None, "US soldier", None)),
    ("aged 8–10 years", ("8", "10", "year of age", None)),
    ("aged 18 to 24", ("18", "24", "year of age", None)),
    ("at least fourteen people", ("14", None, "people", "at least")),
    ("fell to -3.4%", ("-3.4", None, "percent", None)),
    ("5½ hours", ("5.5", None, "hour", None)),
    ("half of them", ("0.5", None, None, None)),
    ("beat them 2-1 on", ("2", "1", "score", None)),
    ("1 234 567 votes", ("1234567", None, "vote", None)),
    ("1\u202f234 votes", ("1234", None, "vote", None)),
    ("at least one of the largest banks", ("1", None, "largest bank", "at least")),
    ("48,000 km", ("48000", None, "kilometre", None)),
    ("a 100m race", ("100", None, "metre", None)),
])  # fmt: skip
def test_one_amount_is_read(text, expected):
    assert read(text) == [(*expected, None)]


@pytest.mark.parametrize(("text", "expected"), [
    ("45 and 50 mg", [("45", "milligram"), ("50", "milligram")]),
    ("rose 7% to $2.3 billion", [("7", "percent"), ("2300000000", "dollar")]),
    ("3.9 million headsets, up from 2.4 million", [("3900000", "headset"), ("2400000", "headset")]),
    ("25 pounds lighter", [("25", "pound")]), ("a fine of 25 pounds", [("25", "pound sterling")]),
    ("３人 in १२% and ٤٢٪", [("3", None), ("12", "percent"), ("42", "percent")]),
    ("增长了12%，达到3万人", [("12", "percent"), ("30000", None)]),
])  # fmt: skip
def test_several_amounts_are_told_apart(text, expected):
    assert values(text) == expected


def test_in_another_language_only_figures_are_read():
    german = "Die 242 Leute zahlten 4,5 % von 1.234,50 € oder 1.234 Taler und half six"
    assert [value for value, _ in values(german, language="de")] == ["242", "4.5", "1234.5", "1234"]


@pytest.mark.parametrize("text", [
    "one of them", "no one", "no number", "A4paper", "1" * 40, "Call 020 7946 0018 or (212) 555-0100.",
    "at 10:30 a.m. or 5pm", "version 1.2.3", "10 Downing Street", "No. 10 said", "Formula 1", "the G7", "on 9/11",
    "COVID-19", "an F-16", "Game 2 began", "the FTSE 100 index", "iPhone 12 Mini", "the Four Seasons hotel",
    "a five-alarm fire", "See https://example.org/2/30", "the first half", "third-party sources", "one raises doubts", "the other two",
])  # fmt: skip
def test_what_is_no_quantity_is_left(text):
    assert read(text) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("on 4 March 2026,", [("4 March 2026", "2026-03-04", None)]),
    ("on March 4, 2026", [("March 4, 2026", "2026-03-04", None)]),
    ("Wednesday, 4 March 2026", [("4 March 2026", "2026-03-04", None)]),
    ("4–6 March 2026", [("4–6 March 2026", "2026-03-04/2026-03-06", None)]),
    ("in March 2026", [("March 2026", "2026-03", None)]),
    ("since 2012", [("2012", "2012", None)]),
    ("the 2019 election", [("2019", "2019", None)]),
    ("in 2013-14", [("2013-14", "2013/2014", None)]),
    ("between 1 March and 4 May 2020", [("1 March", "2020-03-01", None), ("4 May 2020", "2020-05-04", None)]),
    ("in mid-2019", [("mid-2019", "2019", "mid")]),
    ("since the 1980s", [("1980s", "198X", None)]),
    ("in the 21st century", [("21st century", "20XX", None)]),
    ("in Q3 2024", [("Q3 2024", "2024-35", None)]),
    ("on 4 March", [("4 March", "--03-04", None)]),
    ("2026-03-04", [("2026-03-04", "2026-03-04", None)]),
    ("31/12/2025 and 3/4/2025", [("31/12/2025", "2025-12-31", None), ("3/4/2025", "2025", None)]),
    ("by last year", [("last year", None, "relative")]),
    ("you may 12 times", [("12 times", None, None)]),
])  # fmt: skip
def test_dates_are_read_as_far_as_they_are_known(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize(("text", "date"), [
    ("yesterday", "2026-03-03"), ("on Tuesday", "2026-03-03"), ("on Wednesday", "2026-03-04"),
    ("It will open on Monday", "2026-03-09"), ("last Friday", "2026-02-27"), ("next Friday", "2026-03-06"),
    ("last week", "2026-W09"), ("last month", "2026-02"), ("earlier this year", "2026"), ("last year", "2025"),
    ("last decade", "201X"), ("last summer", "2025-22"), ("in December", "2025-12"), ("on 20 December", "2025-12-20"),
    ("two years ago", "2024"), ("three weeks ago", "2026-W07"), ("ten days ago", "2026-02-22"),
])  # fmt: skip
def test_relative_dates_are_read_from_the_day_of_writing(text, date):
    [found] = quantities(text, Span(0, len(text)), published="2026-03-04T09:00:00Z")
    assert found.date == date
    assert found.modifier in ("relative", "ago")


def test_a_claim_has_its_dates_read_from_the_day_of_its_article():
    article = replace(document_of("Wexmoor Council voted last year to build a wall."), published="2026-03-04")
    [claim] = extract(article)
    assert [(q.text, q.date) for q in claim.quantities] == [("last year", "2025")]


def test_a_day_that_does_not_exist_is_no_date():
    assert all(date is None for *_, date in read("on 31 February 2026 and 2026-13-40"))


@pytest.mark.parametrize(("text", "telling", "change"), [
    ("rose 4%", True, "up"), ("up to 4%", True, None), ("one of the banks", False, None), ("last year", False, None),
    ("one in four banks", True, None),
])  # fmt: skip
def test_a_quantity_says_what_it_is_worth(text, telling, change):
    [found] = quantities(text, Span(0, len(text)))
    assert (found.telling, found.change) == (telling, change)


@pytest.mark.parametrize("published", ["junk", "", "2026", "9999-99-99", "0001-01-01", "9999-12-31"])
def test_an_impossible_day_of_writing_resolves_nothing(published):
    text = "It fell last year and two centuries ago on Monday."
    assert [q.date for q in quantities(text, Span(0, len(text)), published=published)] == [None, None, None]

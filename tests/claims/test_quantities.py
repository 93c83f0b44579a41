"""Numbers, amounts, ranges and dates as newspapers write them."""

import pytest

from claims import Span
from claims.quantities import quantities


def read(text: str) -> list[tuple]:
    return [(q.value, q.high, q.unit, q.modifier, q.date) for q in quantities(text, Span(0, len(text)))]


@pytest.mark.parametrize(("text", "expected"), [
    ("signed by 242 developers at", ("242", None, "developers", None, None)),
    ("40 civil rights organisations and", ("40", None, "civil rights organisations", None, None)),
    ("more than 3.2 million people", ("3200000", None, "people", "more than", None)),
    ("a £14.6m wall", ("14600000", None, "GBP", None, None)),
    ("£4bn", ("4000000000", None, "GBP", None, None)),
    ("$1,242.50 each", ("1242.5", None, "USD", None, None)),
    ("5 million dollars", ("5000000", None, "USD", None, None)),
    ("nearly 60% of", ("60", None, "%", "nearly", None)),
    ("12 percentage points", ("12", None, "percentage points", None, None)),
    ("between 10 and 12 cm", ("10", "12", "cm", "between", None)),
    ("up from 4.1% to 5%", ("4.1", "5", "%", "up from", None)),
    ("3 to 4 million people", ("3000000", "4000000", "people", None, None)),
    ("£3-4bn", ("3000000000", "4000000000", "GBP", None, None)),
    ("three hundred and forty homes", ("340", None, "homes", None, None)),
    ("two million voters", ("2000000", None, "voters", None, None)),
    ("a dozen homes", ("12", None, "homes", None, None)),
    ("about two thirds of", ("0.6667", None, None, "about", None)),
    ("the 3rd time", ("3", None, "ordinal", None, None)),
    ("a 1.8-mile wall", ("1.8", None, "miles", None, None)),
    ("a five-year-old boy", ("5", None, "years", None, None)),
    ("at least fourteen people", ("14", None, "people", "at least", None)),
    ("on 4 March 2026,", (None, None, None, None, "2026-03-04")),
    ("on March 4, 2026", (None, None, None, None, "2026-03-04")),
    ("in March 2026", (None, None, None, None, "2026-03")),
    ("since 2012", (None, None, None, None, "2012")),
    ("on 4 March", (None, None, None, None, "--03-04")),
    ("2026-03-04", (None, None, None, None, "2026-03-04")),
    ("fell to -3.4%", ("-3.4", None, "%", None, None)),
    ("5½ hours", ("5.5", None, "hours", None, None)),
    ("half of them", ("0.5", None, None, None, None)),
])  # fmt: skip
def test_one_quantity_is_read(text, expected):
    assert read(text) == [expected]


@pytest.mark.parametrize("text", ["one of them", "no number", "A4paper", "1" * 40])
def test_what_is_no_quantity_is_left(text):
    assert read(text) == []


def test_a_day_that_does_not_exist_is_no_date():
    assert all(date is None for *_, date in read("on 31 February 2026 and 2026-13-40"))

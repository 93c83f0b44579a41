"""Is a sentence worth checking? Facts come before talk, whatever stands beside them, and nothing crashes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import features
from claims.encoder import MODELS, check
from claims.worth import by_meaning, by_words, worth

FACTS = [
    "Unemployment fell to 3.9% in 2019.",
    "The government spent £4bn on the railway last year.",
    "He voted against the bill twice.",
    "More than 2,400 people have died of the disease since March.",
]
TALK = [
    "Thank you very much.",
    "I think we should all be proud of that.",
    "What would you do about it?",
    "Good evening, and welcome.",
]


@pytest.mark.parametrize("judge", [worth, by_meaning, by_words])
def test_facts_come_before_talk(judge: object) -> None:
    assert callable(judge)
    assert min(judge(FACTS)) > max(judge(TALK))


def test_a_plain_fact_is_likely_and_a_thank_you_is_not() -> None:
    assert min(worth(FACTS)) > 0.6
    assert max(worth(TALK)) < 0.1


def test_neighbours_and_order_change_nothing() -> None:
    texts = [*FACTS, *TALK]
    assert np.allclose(worth(texts[::-1])[::-1], [worth([text])[0] for text in texts], atol=1e-5)
    assert worth([]) == []


def test_curly_quotes_count_as_straight_ones() -> None:
    curly, straight = worth(
        ["It’s 5 °C – the council’s “record low”.", "It's 5 °C - the council's \"record low\"."]
    )
    assert curly == straight


@pytest.mark.parametrize(
    "text", ["", "\ud800", "\x00", "a" * 1_000_000, "1," * 500_000, "😀" * 10_000, "’ve ’s " * 100_000]
)
def test_no_text_is_too_strange_or_too_long(text: str) -> None:
    assert 0 <= worth([text])[0] <= 1


@settings(max_examples=50)
@given(st.text())
def test_any_text_has_a_chance(text: str) -> None:
    assert 0 <= worth([text])[0] <= 1


def test_threads_get_the_same_answers() -> None:
    alone = worth(FACTS)
    with ThreadPoolExecutor(4) as pool:
        assert all(chances == alone for chances in pool.map(lambda _: worth(FACTS), range(8)))


def test_the_model_is_whole_and_names_its_source() -> None:
    check(MODELS / "worth")
    card = (MODELS / "worth" / "README.md").read_text()
    for due in ("Arslan", "ICWSM 2020", "CC BY 4.0", "Apache-2.0"):
        assert due in card


# -------------------------------------------------------------------------------------- features


def test_digits_are_alike_and_capitals_and_curls_do_not_matter() -> None:
    assert features.bags("It’s 3.9% NOW") == features.bags("it's 4.2% now")


def test_a_bag_has_length_one_or_nothing() -> None:
    for bag in features.bags("the cat and the dog"):
        assert sum(weight**2 for weight in bag.values()) == pytest.approx(1)
    assert features.bags("!?") == ({}, {})


def test_signs_are_counted() -> None:
    money = next(i for i, sign in enumerate(features.SIGNS) if re.search(sign, "£"))
    one, two = features.signs("It cost £4."), features.signs("It cost £4 and $5.")
    assert (one[money], two[money]) == (pytest.approx(np.log(2)), pytest.approx(np.log(3)))

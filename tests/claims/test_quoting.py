"""A pasted quote is found where its very words stand; what only comes near is not taken for it."""

import time

import pytest

from claims.quoting import MOST_PLACES, nearest, places

TEXT = (
    "“It cost 4.2\u00a0million,”\nhe said. The letter was signed by 242 developers and 40 or\u00adganisations. "
    "It’s the ﬁrst – and last … for now. It cost 4.2 million, again."
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('4.2 million," he said', "4.2\u00a0million,”\nhe said"),
        ("242 developers\r\n  and 40 organisations", "242 developers and 40 or\u00adganisations"),
        ("It's the first - and last ... for now", "It’s the ﬁrst – and last … for now"),
        ("“signed by 242 developers”", "signed by 242 developers"),
        ("... signed by 242 developers …", "signed by 242 developers"),
        ("\u200esigned by\u200b 242 developers", "signed by 242 developers"),
    ],
)
def test_what_copying_changes_is_no_difference(words, found):
    assert [span.of(TEXT) for span in places(TEXT, words)] == [found]


@pytest.mark.parametrize(
    "words",
    [
        "424 developers",
        "2 developers",
        "2 million",
        "242 developer",
        "Signed by 242",
        "cost 42 million",
        "",
        "…",
        "” “",
    ],
)
def test_other_words_and_pieces_of_words_are_not_found(words):
    assert places(TEXT, words) == []


def test_all_places_are_told():
    assert [span.of(TEXT)[:8] for span in places(TEXT, "It cost 4.2 million")] == ["It cost ", "It cost "]
    assert len(places("a. " * 1000, "a")) == MOST_PLACES


def test_an_accent_in_two_pieces_is_one_letter():
    assert len(places("Malmö is far.", "Malmo\u0308 is far")) == 1


@pytest.mark.parametrize(
    ("words", "passage", "here", "there"),
    [
        ("signed by 424 developers", "signed by 242 developers", ["242"], ["424"]),
        (
            "424 developers and 40 organisations",
            "242 developers and 40 or\u00adganisations",
            ["242"],
            ["424"],
        ),
        ("letter was not signed by 242 developers", "letter was signed by 242 developers", [], ["not"]),
        ("signed by 242 people", "signed by 242 developers", ["developers"], ["people"]),
    ],
)
def test_the_nearest_passage_is_shown_with_its_differences(words, passage, here, there):
    near = nearest(TEXT, words)
    assert near is not None and near.span.of(TEXT) == passage
    assert [span.of(TEXT) for span in near.passage] == here
    assert [span.of(words) for span in near.quote] == there


@pytest.mark.parametrize("words", ["", "…", "nothing of this kind stands anywhere in there", "the"])
def test_what_is_not_alike_is_not_near(words):
    near = nearest(TEXT, words)
    assert near is None or near.span.of(TEXT).lower() == "the"


def test_a_long_quote_in_a_long_text_takes_no_long_time():
    text = "The council spent millions on the road and then the mayor said no. " * 5000
    began = time.monotonic()
    assert nearest(text, "The council spent some more " * 400) is None
    assert not places(text, "The council spent millions on the road " * 20)
    assert time.monotonic() - began < 5

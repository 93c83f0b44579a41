"""A claim beside the words of a source: what agrees is marked as such, and what differs on both sides."""

import pytest

from claims.matching import compare_words

# Each claim and quote with what is marked in the one and in the other: = same, ≠ differs, + alone.
CASES = [
    ("The letter was signed by 242 developers.", "424 developers signed it.", ["≠ 242 developers"], ["≠ 424 developers"]),
    ("It cost 4.2 million euros.", "It cost 4.3 million euros.", ["≠ 4.2 million euros"], ["≠ 4.3 million euros"]),
    ("It cost 4.2 million euros.", "€4,200,000 was spent.", ["= 4.2 million euros"], ["= €4,200,000"]),
    ("A quarter of them left.", "25% of them left.", ["= A quarter"], ["= 25%"]),
    ("It was passed in 2023.", "It was passed in March 2024.", ["≠ 2023"], ["≠ March 2024"]),
    ("It was passed in 2024.", "It was passed in March 2024.", ["= 2024"], ["= March 2024"]),
    ("Ann Smith signed it.", "It was signed by Anna Smith.", ["≠ Ann Smith"], ["≠ Anna Smith"]),
    ("Mr Johnson signed it.", "It was signed by Boris Johnson.", ["= Johnson"], ["= Boris Johnson"]),
    ("The mayor did sign it.", "The mayor did not sign it.", ["≠ sign"], ["≠ not"]),
    ("The mayor didn’t sign it.", "The mayor signed it.", ["≠ didn’t"], ["≠ signed"]),
    ("Crime rose.", "Crime fell.", ["≠ rose"], ["≠ fell"]),
    ("At least 40 people came.", "At most 40 people came.", ["≠ At least 40 people"], ["≠ At most 40 people"]),
    ("It went from 3 to 4 million.", "It was 3 million, then 4 million.", ["= from 3 to 4 million"], ["= 3 million", "= 4 million"]),
    ("It went from 3 to 4 million.", "It was 3 million.", ["≠ from 3 to 4 million"], ["≠ 3 million"]),
    ("It was signed by 242 developers.", "Many signed it.", ["+ 242 developers"], []),
    ("It was\n signed by 242\n  developers.", "Signed by\t424\u00a0\n developers", ["≠ 242\n  developers"], ["≠ 424\u00a0\n developers"]),
    ("Everybody signed it.", "All 242 developers in Malmö signed it on 3 May 2024.", [], []),
    ("", "242", [], []),
]  # fmt: skip
SIGNS = {"same": "=", "differs": "≠", "alone": "+"}


@pytest.mark.parametrize(("claim", "quote", "here", "there"), CASES)
def test_marks(claim, quote, here, there):
    marks = compare_words(claim, quote)
    assert [f"{SIGNS[m.standing]} {m.span.of(claim)}" for m in marks.claim] == here
    assert [f"{SIGNS[m.standing]} {m.span.of(quote)}" for m in marks.quote] == there
    assert marks.differ == any(words.startswith("≠") for words in here + there)


def test_each_side_tells_the_words_of_the_other():
    marks = compare_words("Signed by 242 developers.", "424 developers signed.")
    assert (marks.claim[0].other, marks.quote[0].other) == ("424 developers", "242 developers")


def test_two_swapped_texts_are_marked_alike():
    claim, quote = "Ann Smith got 242 votes in 2023.", "Anna Smith got 424 votes in 2024."
    there, here = compare_words(claim, quote), compare_words(quote, claim)
    assert [m.span for m in there.claim] == [m.span for m in here.quote]
    assert len(there.claim) == 3 and there.differ


def test_in_other_languages_figures_are_compared_and_nouns_are_no_names():
    claim, quote = "Die Brücke kostete 4,2 Millionen Euro.", "Der Brückenbau kostete 4,3 Millionen Euro."
    marks = compare_words(claim, quote, language="de")
    assert [m.span.of(quote) for m in marks.quote] == ["4,3"]


@pytest.mark.parametrize(
    "text", ["\x00", "🙂" * 3000, "4" * 9000, "not " * 2000, "عام 2024", "A\u0301nn Smith"]
)
def test_anything_can_be_compared_with_anything(text):
    for marks in (compare_words(text, "Ann Smith had 4 in 2023."), compare_words("Not 4.", text)):
        spans = [mark.span for mark in marks.quote]
        assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))

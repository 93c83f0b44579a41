"""A quote is found again only where its very words stand."""

import pytest

from claims import Ambiguous, Quote, Span, locate, quote

TEXT = "The letter was signed by 242 developers. The other was signed by 242 developers too."


def test_a_quote_keeps_32_characters_on_either_side():
    made = quote("x" * 50 + "HERE" + "y" * 50, Span(50, 54))
    assert (made.exact, made.prefix, made.suffix) == ("HERE", "x" * 32, "y" * 32)


def test_the_surroundings_tell_two_places_apart():
    for start in (TEXT.index("signed"), TEXT.rindex("signed")):
        span = Span(start, start + len("signed by 242 developers"))
        assert locate("New words first. " + TEXT, quote(TEXT, span)) == Span(span.start + 17, span.end + 17)


def test_a_changed_number_is_never_found():
    span = Span(TEXT.index("signed"), TEXT.index("."))
    assert locate(TEXT.replace("242", "424"), quote(TEXT, span)) is None


def test_words_inside_other_words_and_numbers_are_not_the_same_words():
    assert locate("1,242 developers", Quote("242 developers")) is None
    assert locate("by 3242 developers", Quote("242 developers", "by ")) is None
    assert locate("it rose 4.25", Quote("rose 4.2", "it ")) is None
    assert locate("it rose 4.2.", Quote("rose 4.2", "it ")) == Span(3, 11)


def test_two_places_that_fit_equally_are_ambiguous():
    with pytest.raises(Ambiguous):
        locate("a man. a man.", Quote("man"))


def test_the_old_position_decides_between_equal_places_only_when_it_is_one_of_them():
    twice = "a man. " * 20
    assert locate(twice, Quote("man"), position=Span(9, 12)) == Span(9, 12)
    with pytest.raises(Ambiguous):
        locate(twice, Quote("man"), position=Span(10, 13))


def test_surroundings_that_changed_at_every_place_decide_nothing():
    with pytest.raises(Ambiguous):
        locate("ten men and ten men", Quote("men", prefix="of ten ", suffix=" went home"))


def test_half_a_word_that_was_marked_is_found_again():
    assert locate("developers", quote("developers", Span(0, 9))) == Span(0, 9)

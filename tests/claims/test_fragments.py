"""Links by text fragment: what browsers ask of them, in every script."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fragments import LONGEST, directive, link_to

PAGE = "https://news.example/a"


def test_the_words_stand_between_what_stands_around_them():
    assert (
        link_to(PAGE, "242 developers", "signed by ", " on Monday")
        == f"{PAGE}#:~:text=signed%20by-,242%20developers,-on%20Monday"
    )
    assert directive("242 developers") == "text=242%20developers"


def test_the_signs_that_the_fragment_itself_uses_are_written_as_numbers():
    told = directive("well-known, R&D #1", "a-b, ", " & c-d")
    assert told == "text=a%2Db%2C-,well%2Dknown%2C%20R%26D%20%231,-%26%20c%2Dd"


def test_surroundings_that_were_cut_in_a_word_begin_and_end_at_a_word():
    prefix, suffix = "igned by most of the people here ", " and by nobody else in the whole wor"
    assert directive("242", prefix, suffix) == (
        "text=by%20most%20of%20the%20people%20here-,242,-and%20by%20nobody%20else%20in%20the%20whole"
    )
    # 32 signs without a gap tell nothing that a browser could look for.
    assert directive("242", "x" * 32, "y" * 32) == "text=242"


def test_half_a_word_is_made_whole():
    assert directive("develop", "242 ", "ers signed") == "text=242-,developers,-signed"
    assert directive("velopers", "242 de", " signed") == "text=242-,developers,-signed"


def test_a_long_quote_is_named_by_its_beginning_and_its_end():
    words = [f"word{n}" for n in range(80)]
    told = directive(" ".join(words))
    assert told == "text=word0%20word1%20word2%20word3%20word4,word75%20word76%20word77%20word78%20word79"
    # Six long words: the two ends must not overlap, or no browser finds the second.
    six = [letter * 60 for letter in "abcdef"]
    start, end = unquote(directive(" ".join(six)).removeprefix("text=")).split(",")
    assert (start.split(), end.split()) == (six[:3], six[3:])


def test_a_quote_over_several_blocks_is_named_by_its_ends():
    told = directive("The first line.\n\nThe last line.", "Before\n\nhere ", "\n\nAfter")
    assert told == "text=here-,The%20first%20line.,The%20last%20line.,-After"


def test_right_to_left_and_signs_beyond_latin():
    assert unquote(directive("كلف 4.2 مليون", "الجسر ", " يورو")) == "text=الجسر-,كلف 4.2 مليون,-يورو"
    assert unquote(directive("橋の費用", "市の", "は高い")) == "text=市の-,橋の費用,-は高い"
    assert directive("👩‍🚀 lands") == "text=%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80%20lands"
    # A long text without spaces is cut between written signs, not within one.
    start, end = unquote(directive("👩‍🚀" * 120).removeprefix("text=")).split(",")
    assert set(start.replace("👩‍🚀", "")) == set(end.replace("👩‍🚀", "")) == set()


def test_an_anchor_is_kept_and_an_older_text_fragment_is_not():
    assert link_to(f"{PAGE}#part", "x") == f"{PAGE}#part:~:text=x"
    assert link_to(f"{PAGE}#part:~:text=old", "x") == f"{PAGE}#part:~:text=x"
    assert link_to(f"{PAGE}#:~:text=old", " \n ") == PAGE


@pytest.mark.parametrize("url", [None, "", "ftp://a/b", "javascript:alert(1)", "https://", "http://[", "/a"])
def test_what_is_no_web_address_gives_no_link(url):
    assert link_to(url, "words") is None


@given(st.text(max_size=900), st.text(max_size=40), st.text(max_size=40))
def test_whatever_the_words_the_fragment_can_be_read_back(exact, prefix, suffix):
    try:
        (exact + prefix + suffix).encode()
    except UnicodeEncodeError:
        return
    told = directive(exact, prefix, suffix)
    assert told.isascii() and not set(told) & set(' "<>#&')
    if not told:
        assert not exact.strip()
        return
    parts = told.removeprefix("text=").split(",")
    words = [part for part in parts if not part.endswith("-") and not part.startswith("-")]
    assert 1 <= len(words) <= 2 and "-" not in "".join(words)
    shown = " ".join((prefix + exact + suffix).split())
    if len(words) == 1:
        assert len(unquote(words[0])) <= LONGEST and unquote(words[0]) in shown

"""Where a text may be cut: never inside what people see as one character."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from claims.graphemes import cuts

_ODD = st.sampled_from(
    [*"ab 1\n", "\u0301", "\u200d", "👩", "👧", "🏽", "\U0001f1e9", "\U0001f1ea", "ك", "\u064e", "क", "्"]
)


def test_families_flags_and_marks_are_whole():
    text = "a 👩‍👩‍👧 ẹ́x 🇩🇪🇫🇷 كَت"
    whole = [cut for cut in range(len(text) + 1) if not cuts(text, cut)]
    pieces = [text[start:end] for start, end in zip(whole, whole[1:], strict=False)]
    assert pieces == ["a", " ", "👩‍👩‍👧", " ", "ẹ́", "x", " ", "🇩🇪", "🇫🇷", " ", "كَ", "ت"]


def test_outside_and_at_the_ends_nothing_is_cut():
    assert [cuts("👩‍👧", at) for at in (-1, 0, 1, 3, 4)] == [False, False, True, False, False]


@given(st.lists(_ODD, max_size=30).map("".join))
def test_a_long_text_need_not_be_read_from_its_start(text):
    edges, at = {0}, 0
    for piece in regex.findall(r"\X", text):
        at += len(piece)
        edges.add(at)
    assert {at for at in range(len(text) + 1) if not cuts(text, at)} == edges

"""Marks over a text: what lies over each piece, and that many of them cost no more than they are."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.ui.redlines import Marks

spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda at: (at[0], at[0] + at[1]))


@given(st.lists(spans, max_size=8), spans)
def test_each_piece_has_the_shortest_mark_that_lies_over_it(places, stretch):
    marks = [(start, end, f"{start}-{end}") for start, end in places]
    pieces = list(Marks(marks).over(*stretch))
    assert [piece[0] for piece in pieces] == [stretch[0], *(piece[1] for piece in pieces[:-1])]
    assert pieces[-1][1] == stretch[1]
    for left, right, over in pieces:
        lengths = [end - start for start, end, _ in marks if start <= left and right <= end]
        start, end = map(int, over.split("-")) if over else (0, 0)
        assert (end - start if over else None) == min(lengths, default=None)


def test_a_text_of_two_megabytes_is_marked_in_a_moment():
    marks = Marks((at, at + 5, "one") for at in range(0, 2_000_000, 10))
    assert (
        sum(over is not None for at in range(0, 2_000_000, 10) for *_, over in marks.over(at, at + 10))
        == 200_000
    )

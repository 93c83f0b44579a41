"""The article's text cut into pieces: nothing lost, offsets true, overlaps readable."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.ui.marks import Mark, laid_out, touched

TEXT = "One 🌉 bridge.\n\n- first thing\n- second thing\n\n1. uno\n2. due\n\nThe end é́."


def block(kind: str, words: str) -> dict[str, object]:
    start = TEXT.index(words)
    return {"kind": kind, "start": start, "end": start + len(words)}


BLOCKS = [
    block("paragraph", "One 🌉 bridge."),
    block("list", "- first thing\n- second thing"),
    block("list", "1. uno\n2. due"),
    block("paragraph", "The end é́."),
]


def mark(id: str, words: str, status: str = "unchecked") -> Mark:
    start = TEXT.index(words)
    return Mark(id, 1, status, start, start + len(words))


def shown(parts: object) -> list[str]:
    return ["".join(piece.text for piece in line.pieces) for part in parts for line in part.lines]  # type: ignore[attr-defined]


def test_every_line_stands_at_the_offset_that_it_names() -> None:
    for part in laid_out(TEXT, BLOCKS, []):
        for line in part.lines:
            words = "".join(piece.text for piece in line.pieces)
            assert TEXT[line.start : line.start + len(words)] == words


def test_list_items_lose_their_bullets_and_keep_their_numbers() -> None:
    parts = laid_out(TEXT, BLOCKS, [])
    assert shown(parts) == ["One 🌉 bridge.", "first thing", "second thing", "uno", "due", "The end é́."]
    assert [line.number for line in parts[2].lines] == ["1", "2"]
    assert parts[2].ordered and not parts[1].ordered


def test_the_shortest_span_gives_a_piece_its_look_and_all_are_named() -> None:
    parts = laid_out(TEXT, BLOCKS, [mark("long", "One 🌉 bridge"), mark("short", "🌉")])
    pieces = parts[0].lines[0].pieces
    assert [(p.text, [m.claim_id for m in p.marks]) for p in pieces] == [
        ("One ", ["long"]),
        ("🌉", ["long", "short"]),
        (" bridge", ["long"]),
        (".", []),
    ]


def test_spans_that_cross_are_cut_where_they_cross() -> None:
    parts = laid_out(TEXT, BLOCKS, [mark("a", "One 🌉"), mark("b", "🌉 bridge")])
    assert [p.text for p in parts[0].lines[0].pieces] == ["One ", "🌉", " bridge", "."]


def test_a_span_over_two_paragraphs_marks_both() -> None:
    across = Mark("x", 1, "stale", TEXT.index("bridge"), TEXT.index("thing") + 5)
    assert [part.index for part in touched(laid_out(TEXT, BLOCKS, [across]), "x")] == [0, 1]


def test_words_between_blocks_are_not_left_out() -> None:
    parts = laid_out(TEXT, BLOCKS[:1], [])
    assert "The end" in shown(parts)[-1]


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=12))
def test_no_marks_whatever_change_the_words(spans: list[tuple[int, int]]) -> None:
    marks = [
        Mark(str(n), n, "unchecked", a, min(a + w, len(TEXT)))
        for n, (a, w) in enumerate(spans)
        if a < len(TEXT)
    ]
    assert shown(laid_out(TEXT, BLOCKS, marks)) == shown(laid_out(TEXT, BLOCKS, []))

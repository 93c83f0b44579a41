"""Two texts set against each other: what stayed, went, came and moved."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claims as finder
from ledger.services import redlines
from ledger.services.finding import blocks_of
from tests.factories import TEXT


def _text(text):
    document = finder.read(text)
    return redlines.Text(document.text, blocks_of(document))


def _rows(old, new):
    return redlines.compared(_text(old), _text(new))


def _words(row, old, new):
    """What went and what came in a row, in one reading."""
    texts = {False: _text(old).text, True: _text(new).text}
    return [
        (run.kind, texts[is_new][run.start : run.end].strip())
        for is_new, run in row.both
        if run.kind != "same"
    ]


def test_the_same_text_has_only_rows_as_they_were():
    assert {row.kind for row in _rows(TEXT, TEXT)} == {"same"}


def test_a_changed_number_is_the_only_thing_that_changed():
    new = TEXT.replace("242", "424")
    [row] = [row for row in _rows(TEXT, new) if row.kind != "same"]
    assert row.kind == "changed"
    assert _words(row, TEXT, new) == [("out", "242"), ("in", "424")]


def test_a_paragraph_that_moved_is_shown_at_both_places_with_what_changed_in_it():
    parts = TEXT.split("\n\n")
    new = "\n\n".join([parts[0], parts[1], parts[3].strip().replace("242", "424"), parts[2]])
    rows = _rows(TEXT, new)
    moved = {row.kind: row for row in rows if row.kind.startswith("moved")}
    away, here = moved["moved_away"], moved["moved_here"]
    assert (rows[away.other], rows[here.other]) == (here, away)
    assert [_text(TEXT).text[run.start : run.end].strip() for run in away.before if run.kind == "out"] == [
        "242"
    ]
    assert [_text(new).text[run.start : run.end].strip() for run in here.after if run.kind == "in"] == ["424"]
    assert not away.after and not here.before


def test_paragraphs_that_came_and_went_stand_alone():
    gone = "\n\n".join(TEXT.split("\n\n")[:3])
    assert [row.kind for row in _rows(TEXT, gone)][-1] == "removed"
    assert [row.kind for row in _rows(gone, TEXT)][-1] == "added"


def test_a_paragraph_in_two_goes_with_both():
    new = TEXT.replace("Monday. It", "Monday.\n\nIt")
    rows = [row for row in _rows(TEXT, new) if row.old and "4.2" in _text(TEXT).text[slice(*row.old)]]
    assert len(rows) == 1
    assert _text(new).text[slice(*rows[0].new)].count("\n\n") == 1


def test_typing_that_a_reader_sees_counts_and_white_space_does_not():
    quotes = TEXT.replace("“", '"').replace("”", '"')
    assert any(row.kind == "changed" for row in _rows(TEXT, quotes))
    spaced = TEXT.replace("opened a bridge", "opened  a\nbridge")
    assert {row.kind for row in _rows(TEXT, spaced)} == {"same"}


def test_a_first_word_stays_with_its_paragraph():
    parts = [
        f"The {name} is {n} metres long, they say."
        for n, name in enumerate(("bridge", "river", "road", "wall"))
    ]
    rows = _rows("\n\n".join(parts), "\n\n".join([parts[0], *parts[2:]]))
    assert [row.kind for row in rows] == ["same", "removed", "same", "same"]


PARTS = st.lists(
    st.sampled_from(
        [
            "One two three four five six.",
            "Seven 🇩🇪 eight nine.",
            "قال رئيس البلدية 4.2 مليون",
            "Die Brücke.",
            "a",
            "b b b",
        ]
    ),
    max_size=8,
).map("\n\n".join)


@settings(max_examples=60, deadline=None)
@given(PARTS, PARTS)
def test_both_texts_are_shown_whole(old, new):
    before, after = redlines.Text(old), redlines.Text(new)
    rows = redlines.compared(before, after)
    for text, spans, runs in (
        (old, [row.old for row in rows if row.old], [run for row in rows for run in row.before]),
        (new, [row.new for row in rows if row.new], [run for row in rows for run in row.after]),
    ):
        said = "".join(text[start:end] for start, end in sorted(spans))
        assert said.split() == text.split()
        assert "".join(text[run.start : run.end] for run in sorted(runs, key=lambda run: run.start)) == said
    for row in rows:
        for side, span in ((False, row.old), (True, row.new)):
            if row.both and span:
                shown = "".join(
                    (new if is_new else old)[run.start : run.end]
                    for is_new, run in row.both
                    if is_new is side or run.kind == "same"
                )
                assert "".join(shown.split()) == "".join((old, new)[side][slice(*span)].split())


@pytest.mark.parametrize("size", [320])
def test_a_hundred_kilobytes_are_compared_quickly(size):
    rng = random.Random(3)
    words = [f"w{n}" for n in range(4000)]
    parts = [" ".join(rng.choices(words, k=55)) + "." for _ in range(size)]
    old = "\n\n".join(parts)
    parts.insert(3, parts.pop(200))
    new = "\n\n".join(parts).replace(" w1234 ", " x1234 ")
    before, after = _text(old), _text(new)
    began = time.thread_time()
    rows = redlines.compared(before, after)
    assert time.thread_time() - began < 2
    assert len(old) > 100_000 and {row.kind for row in rows} >= {
        "same",
        "changed",
        "moved_here",
        "moved_away",
    }

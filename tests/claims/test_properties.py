"""True of any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import Ambiguous, Span, extract, locate, normalise, quote, read, sentences
from claims.errors import Unreadable
from claims.quantities import quantities

words = st.sampled_from(
    "He said that the council which had 242 people , . ; “ ” \" ‘ ’ ' ( ) and but including was will £4bn 3.2 million "
    "up from 4% to 5% according to Dr. Smith U.S. in 2012 more than who fell by half — 👩‍👩‍👧 e\u0301 سلام 数字 \n \n\n "
    "Image: - 1. | We must acquisition of GitHub by Microsoft to AWS providing reported said said, told".split(
        " "
    )
)
texts = st.one_of(st.text(max_size=300), st.lists(words, max_size=60).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_every_span_slices_back_in_order_and_two_share_no_more_than_a_name(text):
    claims = extract(text, floor=0)
    for claim in claims:
        assert text[claim.span.start : claim.span.end] == claim.text
        assert claim.text == claim.text.strip()
        assert 0 <= claim.score <= 1
        for quantity in claim.quantities:
            assert quantity.span.of(text) == quantity.text
            assert claim.span.covers(quantity.span)
    assert [c.span.start for c in claims] == sorted(c.span.start for c in claims)
    for a, b in zip(claims, claims[1:], strict=False):
        shared = min(a.span.end, b.span.end) - b.span.start
        assert a.span != b.span
        assert a.span.covers(b.span) or shared <= 0.6 * min(len(a.text), len(b.text))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_no_claim_begins_or_ends_inside_a_word(text):
    for claim in extract(text, floor=0):
        for at in (claim.span.start, claim.span.end):
            assert not (0 < at < len(text) and text[at - 1].isascii() and text[at].isascii()
                        and text[at - 1].isalnum() and text[at].isalnum())  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(texts)
def test_normalising_twice_changes_nothing_and_a_document_can_be_made(text):
    once = normalise(text)
    assert normalise(once) == once
    try:
        document = read(text, media_type="text/plain")
    except Unreadable as error:
        assert error.reason in ("empty", "binary", "unsupported", "broken", "encrypted")
    else:
        assert [b.span.of(document.text).strip() for b in document.blocks]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_sentences_are_in_order_and_leave_out_nothing_but_space(text):
    spans = sentences(text)
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_quote_is_found_where_it_was_taken_or_said_to_be_ambiguous(data):
    text = data.draw(st.text(alphabet="ab 1.é数", min_size=1, max_size=60))
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert locate(text, quote(text, span), position=span) == span
    try:
        assert locate(text, quote(text, span)) == span
    except Ambiguous:
        pass


@settings(max_examples=200, deadline=None)
@given(texts)
def test_quantities_stand_where_they_say(text):
    if text:
        found = quantities(text, Span(0, len(text)))
        assert all(q.span.of(text) == q.text for q in found)


PATTERNS = [
    "a", " \n", "was, which ", "'a ", "“a ", "1 ", "(", "the 3 councils had said ", "数字增长了。", "By A\n\n", "1,",
    "the 3 of ", "🙂", "كلفت 3 ملايين ", "it said it cost £4 and ",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_long_text_of_anything_slices_back(pattern):
    text = pattern * (60_000 // len(pattern))
    for claim in extract(text, floor=0):
        assert claim.text == text[claim.span.start : claim.span.end]


@pytest.mark.soak
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_megabyte_of_anything_takes_time_in_step_with_its_length(pattern):
    def seconds(length):
        text = pattern * (length // len(pattern))
        began = time.perf_counter()
        extract(text, floor=0)
        return time.perf_counter() - began

    # Ten times the text: ten times the time, or a hundred were it quadratic.
    assert seconds(1_000_000) < 40 * max(seconds(100_000), 0.01)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\ud800", "\x00", "🙂", "e\u0301", "“", "....", "?", "\u202eabc"]
)
def test_texts_with_nothing_to_claim_give_nothing(text):
    assert extract(text) == []

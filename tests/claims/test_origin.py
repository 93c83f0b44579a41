"""From a span of a document back to the file it was read from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import Span, extract, read
from claims.origin import Origin
from claims.text import normalise
from tests.claims.samples import PAGE

PLAIN = (
    "The council of Vallée cut 18,000 jobs on Monday, Ada Finch said.\r\n\r\n"
    "It had 40,000 staff in 2023.\x0b It had 22,000 in\u20282024.\n"
)
MARKDOWN = """---
title: Bridge to close
---
# Bridge to close

The *iron bridge* over the [Mere](https://echo.example/mere) **closed on 1 May** after divers found 31 cracks.

- A ferry carries 60&nbsp;people &amp; their dogs.

The bridge closed on 1 May for six weeks, and 9,400 cars a day took the road by Calder.
"""


def back(source: str, document) -> list[tuple[str, str]]:
    """Each claim's words, and those that stand in the source where it says."""
    origin = Origin(document.text, source)
    pairs = [(claim.text, origin.span(claim.span)) for claim in extract(document, floor=0)]
    assert pairs and all(span is not None for _, span in pairs)
    return [(words, span.of(source)) for words, span in pairs]


@pytest.mark.parametrize(
    "source", [PLAIN, unicodedata.normalize("NFD", PLAIN)], ids=["composed", "decomposed"]
)
def test_a_claim_of_plain_text_is_found_with_its_line_ends_and_accents(source):
    for words, original in back(source, read(source.encode(), filename="a.txt")):
        assert normalise(original) == words


def test_a_claim_of_markdown_is_found_between_its_marks():
    document = read(MARKDOWN.encode(), filename="a.md")
    found = dict(back(MARKDOWN, document))
    assert found[next(words for words in found if "31 cracks" in words)].endswith("divers found 31 cracks")
    at = MARKDOWN.index("The bridge closed")
    late = Origin(document.text, MARKDOWN).span(Span(start := document.text.index("The bridge"), start + 10))
    assert late.start == at


def test_a_claim_of_a_page_is_found_past_tags_and_entities():
    page = PAGE.replace("had to take", "had &amp; has to&#32;take")
    document = read(page.encode(), filename="a.html")
    origin = Origin(document.text, page)
    start = document.text.index("counted 31 cracks")
    assert origin.span(Span(start, start + 17)).of(page) == "counted 31 cracks"
    start = document.text.index("had & has to take")
    assert origin.span(Span(start, start + 17)).of(page) == "had &amp; has to&#32;take"


def test_words_that_the_source_does_not_have_have_no_place_there():
    text = "The bridge closed in May."
    assert Origin(text, "Nothing of the kind").span(Span(0, len(text))) is None
    assert Origin(text, "").span(Span(0, 3)) is None
    assert Origin(text, text).span(Span(3, 4)) is None  # only a space


@given(st.text(max_size=80))
def test_what_is_found_reads_the_same_once_it_is_cleaned(source):
    text = normalise(source)
    origin = Origin(text, source)
    for start in range(len(text)):
        for end in (start + 1, start + 3, len(text)):
            if start < end <= len(text) and (found := origin.span(Span(start, end))) is not None:
                assert "".join(text[start:end].split()) in "".join(normalise(found.of(source)).split())


@pytest.mark.parametrize(
    ("pattern", "reads"),
    [(p, p) for p in ("a ", "ab", "e\u0301", "数字。", "the 3 councils said ")]
    + [("<b>x</b> ", "x "), ("&amp;", "&"), ("<!-- y -->x ", "x ")],
)
def test_long_sources_of_anything_are_mapped(pattern, reads):
    many = 60_000 // len(pattern)
    source, text = pattern * many, normalise(reads * many).strip()
    found = Origin(text, source).span(Span(len(text) - 1, len(text)))
    assert found is not None and found.end > len(source) - len(pattern)


def test_what_is_never_closed_is_read_once():
    assert Origin("x", "<!-- " * 20_000).span(Span(0, 1)) is None

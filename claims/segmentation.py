"""Text → sentence spans: by rules of our own in English, by sentencex in other languages."""

from collections.abc import Iterable, Iterator

from claims import stops
from claims.model import Span
from claims.patterns import Pattern
from claims.text import encodable, trimmed

_PARAGRAPH = Pattern(r"\n(?:[ \t]*\n)+")
_LONGEST = 4_000  # characters: a sentence longer than that is cut at a space


def sentences(text: str, language: str | None = None) -> list[Span]:
    """The sentences of `text`, in order. A blank line always ends one; whitespace belongs to none.

    `language` is a BCP 47 tag; None is taken for English.
    """
    found: list[Span] = []
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        found += sentences_in(text, start, gap.start(), language)
        start = gap.end()
    return found + sentences_in(text, start, len(text), language)


def sentences_in(text: str, start: int, end: int, language: str | None = None) -> list[Span]:
    """The sentences of one paragraph, which may be wrapped over several lines."""
    paragraph = text[start:end]
    code = (language or "en").lower().partition("-")[0]
    ends = stops.ends(paragraph) if code == "en" else _foreign(paragraph, code)
    return [Span(start + a, start + b) for a, b in _pieces(paragraph, ends)]


def _pieces(paragraph: str, ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for end in (*ends, len(paragraph)):
        start, stop = trimmed(paragraph, begin, end)
        while stop - start > _LONGEST:
            cut = paragraph.rfind(" ", start, start + _LONGEST)
            cut = cut if cut > start else start + _LONGEST
            yield trimmed(paragraph, start, cut)
            start, _ = trimmed(paragraph, cut, stop)
        if start < stop:
            yield start, stop
        begin = end


def _foreign(paragraph: str, code: str) -> Iterator[int]:
    """The ends that sentencex sees. It is given a few thousand characters at once: it slows down on more."""
    from sentencex import get_sentence_boundaries

    # A line break inside a paragraph is a space to a reader.
    flat = encodable(paragraph).replace("\n", " ").replace("\t", " ")
    begin = 0
    while begin < len(flat):
        window = flat[begin : begin + _LONGEST]
        ends = [boundary["end_index"] for boundary in get_sentence_boundaries(code, window)]
        if begin + _LONGEST < len(flat) and len(ends) > 1:
            ends.pop()  # The last was cut by the window, and comes first in the next.
        yield from (begin + end for end in ends)
        begin += ends[-1] if ends else _LONGEST

"""Candidates of a text in a language that we do not read in full: its sentences with a number in them."""

from collections.abc import Iterator

from claims import blocks
from claims.model import Block, Claim, Kind, Span
from claims.quantities import quantities
from claims.segmentation import sentences_in

READ_IN_FULL = frozenset({"en"})
NOT_READ = "in a language of which only sentences and numbers are understood"
_WORTH = 0.5
_LONGEST = 600  # characters


def is_read(language: str | None) -> bool:
    """Do we read this language (a BCP 47 tag) in full? A text that names none is taken for English."""
    return language is None or language.lower().partition("-")[0] in READ_IN_FULL


def numbered(text: str, block: Block, language: str | None) -> Iterator[Claim]:
    """The whole sentences of a block with a number, each worth no more than a coin tossed, and saying so."""
    for passage in blocks.passages(text, block):
        for span in sentences_in(text, passage.start, passage.end, language):
            claim = _claim(text, span, language)
            if claim is not None:
                yield claim


def _claim(text: str, span: Span, language: str | None) -> Claim | None:
    words = span.of(text)
    stop = len(words) - len(words.rstrip(".。।۔"))
    if stop and span.end - stop > span.start:
        span = Span(span.start, span.end - stop)
    found = tuple(quantities(text, span, language=language))
    if not found or span.end - span.start > _LONGEST:
        return None
    said = span.of(text)
    statement = " ".join(said.split())
    return Claim(span, said, statement, Kind.QUANTITY, _WORTH, ("a number", NOT_READ), None, found)

"""The pipeline: a document → its claims, in reading order."""

from claims import blocks
from claims.kinds import kind_of
from claims.model import Claim, Document, Span
from claims.quantities import quantities
from claims.scoring import score
from claims.segmentation import sentences_in
from claims.text import trimmed

DETECTOR = "rules/1"
"""Names the rules that found a claim, so that a reader knows what guessed."""


def extract(document: Document | str, *, floor: float = 0.5) -> list[Claim]:
    """The claims of a text worth at least `floor`, in reading order; `text[start:end]` is a claim's text."""
    text = document if isinstance(document, str) else document.text
    parts = blocks.split(text) if isinstance(document, str) else document.blocks
    found: list[Claim] = []
    for block in parts:
        if block.kind not in blocks.SPOKEN:
            continue
        for passage in blocks.passages(text, block):
            for sentence in sentences_in(text, passage.start, passage.end):
                start, end = trimmed(text, sentence.start, sentence.end, ".")
                if start >= end:
                    continue
                span = Span(start, end)
                numbers = tuple(quantities(text, span))
                words = span.of(text).lower().split()
                worth, reasons = score(words, numbers, None)
                if worth >= floor:
                    found.append(Claim(span, span.of(text), " ".join(span.of(text).split()), kind_of(words, numbers), worth, reasons, None, numbers))
    return found

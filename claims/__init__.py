"""Text → claims with exact spans. No network, no database, no clock.

    from claims import extract, read

    document = read(data, filename="article.html")
    for claim in extract(document):
        assert document.text[claim.span.start : claim.span.end] == claim.text

Offsets count Unicode code points, start inclusive, end exclusive.
"""

from claims.anchoring import Change, Fate, Outcome, Sort, locate, quote, reanchor
from claims.errors import Ambiguous, ClaimsError, Unreadable
from claims.extract import DETECTOR, extract
from claims.model import Block, BlockKind, Claim, Claimant, Document, Kind, Quantity, Quote, Span
from claims.readers import media_type_of, read
from claims.segmentation import sentences
from claims.text import normalise

__all__ = [
    "DETECTOR",
    "Ambiguous",
    "Block",
    "BlockKind",
    "Change",
    "Claim",
    "Claimant",
    "ClaimsError",
    "Document",
    "Fate",
    "Kind",
    "Outcome",
    "Quantity",
    "Quote",
    "Sort",
    "Span",
    "Unreadable",
    "extract",
    "locate",
    "media_type_of",
    "normalise",
    "quote",
    "read",
    "reanchor",
    "sentences",
]

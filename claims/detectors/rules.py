"""The rules: word lists and patterns, for places without the learned model."""

from claims.extract import DETECTOR, extract
from claims.model import Claim, Document


class Rules:
    """Finds claims by English rules alone."""

    name = DETECTOR

    def find(self, document: Document) -> list[Claim]:
        """All that the rules find, whatever it is worth."""
        return extract(document, floor=0.0)

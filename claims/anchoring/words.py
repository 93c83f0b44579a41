"""A text's words with their places, each also as it is compared: without what only its typesetting tells."""

from bisect import bisect_left, bisect_right
from functools import cached_property
from unicodedata import normalize

from claims.lang import en
from claims.patterns import Pattern
from claims.values import dataclass

UNSEEN = "\u00ad\u200b\u2060"
"""Soft hyphens and spaces without width, which no reader sees. Marks of direction turn figures round."""

_CJK = "\u2e80-\ua4cf\uf900-\ufaff"  # no spaces between words, so each character is one
_LETTERS = rf"\w[\w{UNSEEN}\u0300-\u036f]*"
_WORD = Pattern(rf"\d+(?:[.,]\d+)*|[{_CJK}]|{_LETTERS}(?:['’]{_LETTERS})*|[^\w\s]")
_ALIKE: dict[int, str | None] = {
    ord(mark): plain for plain, marks in (("'", "‘’‚‛"), ('"', "“”„‟«»"), ("-", "‐‑–—")) for mark in marks
}
_ALIKE.update((ord(mark), None) for mark in UNSEEN)
# Where a sentence ends and where the next begins.
_BREAK = Pattern(r"(?<=[.!?…])[\"”’)\]»]*\s+|\s*\n\s*\n\s*|\s*\n(?=[ \t]*[^\sa-z])[ \t]*|(?<=[。！？।۔])\s*")
_OPENING = '"“‘(«[„'
_CLOSING = '"”’)»].,!?…;:'


@dataclass(frozen=True)
class Words:
    """A text cut into words and punctuation marks: where each begins and ends, and as what it is compared."""

    text: str
    starts: list[int]
    ends: list[int]
    keys: list[str]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The words that two offsets touch, as a half-open range."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int]]:
        """Where sentences end, and where the ones after them begin."""
        found = [
            match.span()
            for match in _BREAK.finditer(self.text)
            if "\n" in match[0] or not _abbreviates(self.text, match.start())
        ]
        size = len(self.text)
        return [*(start for start, _ in found), size], [*(end for _, end in found), size]

    def sentence_start(self, at: int) -> int:
        """Where the sentence begins in which this offset lies."""
        _, begins = self._breaks
        number = bisect_right(begins, at) - 1
        return begins[number] if number >= 0 and begins[number] <= at else 0

    def sentence_end(self, at: int) -> int:
        """Where the sentence ends in which this offset lies, its closing marks not counted."""
        stops, begins = self._breaks
        return max(at, stops[min(bisect_left(begins, at), len(stops) - 1)])

    def begins(self, at: int) -> bool:
        """Does a sentence begin here, but for marks that open?"""
        start = self.sentence_start(at)
        return not self.text[start:at].strip(_OPENING)

    def stops(self, at: int) -> bool:
        """Does a sentence end here, but for marks that close?"""
        end = self.sentence_end(at)
        return not self.text[at:end].strip(_CLOSING)


def _abbreviates(text: str, at: int) -> bool:
    """Does a full stop before this offset belong to "Sept." or to the "J." of a name?"""
    if text[at - 1 : at] != ".":
        return False
    word = text[max(0, at - 12) : at].rsplit(maxsplit=1)[-1].lstrip(_OPENING)
    return word[:-1].lower() in en.ABBREVIATIONS or len(word) == 2 and word[0].isupper()


def words(text: str) -> Words:
    """Cut a text into words."""
    places = [match.span() for match in _WORD.finditer(text)]
    said = [text[start:end] for start, end in places]
    keys = said if text.isascii() else list(map(key, said))
    return Words(text, [start for start, _ in places], [end for _, end in places], keys)


def key(word: str) -> str:
    """As what a word is compared: one kind of quotation mark and dash, composed, without what nobody sees."""
    return word if word.isascii() else normalize("NFC", word.translate(_ALIKE))

"""Words with their places and their parts of speech, and the quotations that they stand in."""

from bisect import bisect_right
from operator import itemgetter
from typing import NamedTuple

from claims.patterns import Pattern
from claims.tagging import FINITE, Tag, tag

_TOKEN = Pattern(
    r"(?:[^\W\d_]\.){2,8}|[^\W\d_]{1,5}\.(?=\s?[^\s])(?<=\b(?:Mr|Ms|Dr|St|Lt)\.)"
    r"|[£$€]?\d+(?:,\d{3})*(?:\.\d+)?[^\W\d_]{0,3}%?|\w+s[’'](?= [^\W\d_])|\w+(?:[’'&/.\-]\w+)*|[^\w\s]"
)
_end = itemgetter(1)
_OPEN = {"“": "”", "«": "»", "„": "“"}
_SINGLE = 400  # characters of a quotation in single marks
_APOSTROPHES = 12  # of those inside it that are tried as its end
_MAX_QUOTE = 4000  # characters; a mark that is closed no sooner was never opened


class Token(NamedTuple):
    """A word or a punctuation mark. `quote` numbers the quotation it stands in, 0 for none."""

    text: str
    low: str
    start: int
    end: int
    quote: int = 0
    tag: Tag = Tag.NOUN

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or len(self.text) > 1

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper()


def tokens(text: str, start: int, end: int, quotes: list[tuple[int, int]]) -> list[Token]:
    """The tokens between two offsets; `quotes` are the quotations of the text, in order."""
    matches = list(_TOKEN.finditer(text, start, end))
    found = []
    at = bisect_right(quotes, start, key=_end)  # those that end before are passed over
    for match, part in zip(matches, tag([match.group() for match in matches]), strict=True):
        while at < len(quotes) and quotes[at][1] <= match.start():
            at += 1
        inside = at + 1 if at < len(quotes) and quotes[at][0] <= match.start() else 0
        word = match.group()
        found.append(Token(word, word.lower(), *match.span(), inside, part))
    return found


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where quotations stand, marks included. One that is never closed runs to the end of its paragraph."""
    found: list[tuple[int, int]] = []
    close, opened = "", -1
    for i in range(start, end):
        mark = text[i]
        if opened >= 0:
            if mark == close or i - opened > _MAX_QUOTE:
                found.append((opened, i + 1))
                opened = -1
        elif mark in _OPEN:
            close, opened = _OPEN[mark], i
        elif mark == '"':
            close, opened = '"', i
        elif (
            mark == "'"
            and text[i + 1 : i + 2] == "'"
            and (double := text.find("''", i + 2, min(end, i + _MAX_QUOTE))) > 0
        ):
            if not (found and found[-1][1] > i):
                found.append((i, double + 2))  # typed as two apostrophes
        elif mark == "‘" or (mark == "'" and not text[i - 1 : i].isalnum() and text[i + 1 : i + 2].isalpha()):
            stop = _single_close(text, i, min(end, i + _SINGLE), "’" if mark == "‘" else "'")
            if stop is not None and not (found and found[-1][1] > i):
                found.append((i, stop))
    if opened >= 0:
        found = [span for span in found if span[1] <= opened] + [(opened, end)]
    return _outermost(found)


def _single_close(text: str, start: int, end: int, close: str) -> int | None:
    """A single quotation mark closes where no letter follows; elsewhere it is an apostrophe."""
    at = text.find(close, start + 1, end)
    for _ in range(_APOSTROPHES):
        if at < 0:
            break
        if not text[at + 1 : at + 2].isalnum() and (text[at - 1] in ".,!?" or text[at - 1] != "s"):
            return at + 1
        at = text.find(close, at + 1, end)
    return None


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def finite(words: list[Token], i: int) -> bool:
    """Is the i-th token the verb, or an auxiliary, of a clause?"""
    return words[i].tag in FINITE


def has_verb(words: list[Token], start: int, end: int) -> bool:
    return any(finite(words, i) for i in range(start, end))

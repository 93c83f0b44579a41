"""Where the words of a document stand in the file that it was read from.

    origin = Origin(document.text, source)  # the text of the file itself: plain text, Markdown or HTML
    origin.span(claim.span)  # offsets in `source`; None where these words do not stand there

Cleaning takes out line ends, marks, tags and control characters, composes accents and decodes entities, so
that the offsets of a text and of its file drift apart. PDF and DOCX have no text of their own to count in.
"""

import html
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from claims.model import Span
from claims.patterns import Pattern
from claims.text import normalise

# What is never closed goes on to the end, as in a browser; else each beginning would read all the rest again.
_TAGS = r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|</?[A-Za-z][^<>]*>"
_MARKUP = Pattern(
    rf"(?P<tag>{_TAGS})|&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});", re.DOTALL
)
_TOKEN = Pattern(r"\w+|[^\w\s]")
_RUNS = (6, 3, 1)
"""How many tokens in a row, standing once in each text, are taken for the same place; fewer inside a gap."""


class Origin:
    """A map from a document's text back to its file, which takes time in step with both to make."""

    def __init__(self, text: str, source: str) -> None:
        self._source = _Readable(source)
        self._tokens = [match.span() for match in _TOKEN.finditer(text)]
        places = [match.span() for match in _TOKEN.finditer(self._source.text)]
        pairs = _same(
            [text[a:b] for a, b in self._tokens],
            [self._source.text[a:b] for a, b in places],
        )
        self._places = {i: places[j][0] for i, j in pairs}

    def span(self, span: Span) -> Span | None:
        """The same words in the source; None unless both the first and the last of them were found there."""
        first = bisect_left(self._tokens, span.start, key=lambda token: token[1] - 1)
        last = bisect_left(self._tokens, span.end, key=lambda token: token[0]) - 1
        if first > last or first not in self._places or last not in self._places:
            return None
        start = self._character(first, max(span.start, self._tokens[first][0]))
        end = self._character(last, min(span.end, self._tokens[last][1]) - 1)
        found = self._source.starts[start], self._source.ends[end]
        return Span(*found) if found[0] < found[1] else None

    def _character(self, token: int, offset: int) -> int:
        return self._places[token] + offset - self._tokens[token][0]


class _Readable:
    """A source as it reads, and where each of its characters begins and ends in it."""

    def __init__(self, source: str) -> None:
        pieces: list[str] = []
        self.starts, self.ends = array("q"), array("q")
        for piece, start, end in _pieces(source):
            pieces.append(piece)
            self.starts.extend([start] * len(piece))
            self.ends.extend([end] * len(piece))
        self.text = "".join(pieces)


def _pieces(source: str) -> Iterator[tuple[str, int, int]]:
    """What reads as one: a character with its accents, an entity, a tag (which reads as a space)."""
    at = 0
    for match in _MARKUP.finditer(source):
        yield from _clusters(source, at, match.start())
        yield (" " if match["tag"] else html.unescape(match.group())), match.start(), match.end()
        at = match.end()
    yield from _clusters(source, at, len(source))


def _clusters(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    at = start
    for i in range(start + 1, end + 1):
        # Where nothing joins across it, a text may be cut and its parts be composed alone.
        if i < end and not _is_seam(source[i - 1], source[i]):
            continue
        piece = normalise(source[at:i])
        if piece:
            yield piece, at, i
        at = i


def _is_seam(before: str, after: str) -> bool:
    if after < "\u0300":
        return True
    return not unicodedata.combining(after) and unicodedata.is_normalized("NFC", before + after)


def _same(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of places with the same token, increasing on both sides."""
    gaps = [(0, len(a), 0, len(b), 0)]
    while gaps:
        i, until_i, j, until_j, level = gaps.pop()
        while i < until_i and j < until_j and a[i] == b[j]:
            yield i, j
            i, j = i + 1, j + 1
        while i < until_i and j < until_j and a[until_i - 1] == b[until_j - 1]:
            until_i, until_j = until_i - 1, until_j - 1
            yield until_i, until_j
        if i == until_i or j == until_j or level == len(_RUNS):
            continue
        size = _RUNS[level]
        chain = _rising(_once(a, i, until_i, size), _once(b, j, until_j, size))
        for at_i, at_j in [*chain, (until_i, until_j)]:
            gaps.append((i, at_i, j, at_j, level + 1))
            i, j = at_i, at_j


def _once(tokens: Sequence[str], start: int, end: int, size: int) -> dict[tuple[str, ...], int]:
    """The runs of `size` tokens that stand there only once, and where."""
    places: dict[tuple[str, ...], int] = {}
    for i in range(start, end - size + 1):
        run = tuple(tokens[i : i + size])
        places[run] = -1 if run in places else i
    return {run: i for run, i in places.items() if i >= 0}


def _rising(a: dict[tuple[str, ...], int], b: dict[tuple[str, ...], int]) -> list[tuple[int, int]]:
    """The longest series of places of common runs that rises on both sides (patience)."""
    tails: list[int] = []
    ends: list[int] = []
    links: list[tuple[int, int, int]] = []
    for i, j in sorted((i, b[run]) for run, i in a.items() if run in b):
        pile = bisect_left(tails, j)
        links.append((i, j, ends[pile - 1] if pile else -1))
        tails[pile : pile + 1] = [j]
        ends[pile : pile + 1] = [len(links) - 1]
    series = []
    at = ends[-1] if ends else -1
    while at >= 0:
        i, j, at = links[at]
        series.append((i, j))
    return series[::-1]

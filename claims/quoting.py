"""A quote that somebody pasted: where it stands in a captured text, word for word, or what comes near it.

    from claims.quoting import nearest, places

    places("“It cost 4.2 million,”\\nhe said.", 'cost 4.2 million," he said')   # [Span(4, 31)]

White space, kinds of quotation marks and dashes, ligatures and characters without width may differ: they
are what copying changes. No letter and no digit may. What only comes near is shown, and never taken for it.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import islice

from claims.anchoring.selectors import cuts
from claims.model import Span
from claims.text import normalise
from claims.values import dataclass

MOST_PLACES = 100
"""Places that are looked for; a quote with more of them is no quote."""

# Soft hyphens, spaces without width and marks of direction: a reader sees none of them.
_UNSEEN = "\u00ad\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069"
_UNSEEN_AT = re.compile(f"[{_UNSEEN}]+")
_ALIKE = ('"“”„‟«»″＂', "'‘’‚‛‹›′´`", "-‐‑‒–—―−")
_CLASSES = {character: f"[{re.escape(group)}]" for group in _ALIKE for character in group}
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_PIECE = re.compile(r"\s+|\.\.\.|…|ffi|ffl|ff|fi|fl|[ﬀﬁﬂﬃﬄ]|.", re.DOTALL)
_AROUND = "".join(_ALIKE[:2]) + " \t\n…."
_LETTERS = rf"\w[\w{_UNSEEN}]*"
_WORD = re.compile(rf"{_LETTERS}(?:[.,’'\-]{_LETTERS})*")
_READ = 1_000_000  # characters in which something near is looked for
_NEAR = 0.6  # share of the words that must agree
_MOST_WORDS = 150  # of the quote that are set against the text; comparing takes the square of their number
_ROOM = 1.3  # how much longer than the quote a passage may be


@dataclass(frozen=True, slots=True)
class Near:
    """A passage like the quote, and the words of each that the other has not, in order.

    `span` and `passage` count in the text, `quote` in the words that were looked for.
    """

    span: Span
    passage: tuple[Span, ...]
    quote: tuple[Span, ...]


def places(text: str, words: str) -> list[Span]:
    """Where the words stand in `text`, the first `MOST_PLACES` of them. `text` is normalised.

    A quote that is nowhere is looked for without the quotation marks and dots around it as well.
    """
    words = normalise(words).strip()
    return _found(text, words) or _found(text, words.strip(_AROUND))


def _found(text: str, words: str) -> list[Span]:
    words = _UNSEEN_AT.sub("", words)
    if not any(character.isalnum() for character in words):
        return []
    between = f"[{_UNSEEN}]*" if _UNSEEN_AT.search(text) else ""
    pattern = re.compile(between.join(map(_pattern, _PIECE.findall(words))))
    whole = (
        Span(*match.span())
        for match in pattern.finditer(text)
        # "2 developers" inside "242 developers" is not the same words.
        if not cuts(text, match.start()) and not cuts(text, match.end())
    )
    return list(islice(whole, MOST_PLACES))


def _pattern(piece: str) -> str:
    if piece.isspace():
        return r"\s+"
    if piece in ("...", "…"):
        return r"(?:\.\.\.|…)"
    for apart, joined in _LIGATURES.items():
        if piece in (apart, joined):
            return f"(?:{apart}|{joined})"
    return _CLASSES.get(piece) or re.escape(piece)


def nearest(text: str, words: str) -> Near | None:
    """The passage that shares most words with these, or None where none shares enough."""
    words = normalise(words)
    wanted = _words(words, 0, len(words))[:_MOST_WORDS]
    place = _densest(text[:_READ], [word.casefold() for word, _ in wanted])
    if place is None:
        return None
    return _aligned(wanted, _words(text, place.start, place.end))


def _words(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """Each word as it is compared, and where it stands."""
    found = _WORD.finditer(text, start, end)
    return [(_plain(match.group()), Span(*match.span())) for match in found]


def _plain(word: str) -> str:
    return _UNSEEN_AT.sub("", word).replace("’", "'")


def _densest(text: str, wanted: list[str]) -> Span | None:
    """The stretch in which most of the wanted words stand, those that are rare in the text before all."""
    asked = frozenset(wanted)
    hits = [
        (i, word, match.span())
        for i, match in enumerate(_WORD.finditer(text))
        if (word := _plain(match.group()).casefold()) in asked
    ]
    often = Counter(word for _, word, _ in hits)
    room = len(wanted) * _ROOM + 2
    best, score, first = None, 0.0, 0
    weight = 0.0
    for i, word, (_, end) in hits:
        weight += 1 / often[word]
        while i - hits[first][0] > room:
            weight -= 1 / often[hits[first][1]]
            first += 1
        if weight > score:
            best, score = (hits[first][2][0], end), weight
    # The words before and after are part of it where they were changed.
    reach = 12 * len(wanted)
    return Span(max(0, best[0] - reach), min(len(text), best[1] + reach)) if best else None


def _aligned(wanted: list[tuple[str, Span]], here: list[tuple[str, Span]]) -> Near | None:
    matcher = SequenceMatcher(None, [w for w, _ in wanted], [w for w, _ in here], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    # As many words are taken on at either end as the quote has there that did not fit.
    first = max(0, blocks[0].b - blocks[0].a)
    last = min(len(here), blocks[-1].b + blocks[-1].size + len(wanted) - blocks[-1].a - blocks[-1].size)
    passage = here[first:last]
    matcher = SequenceMatcher(None, [w for w, _ in wanted], [w for w, _ in passage], autojunk=False)
    if matcher.ratio() < _NEAR:
        return None
    lost: list[Span] = []
    found: list[Span] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            lost += [Span(wanted[a][1].start, wanted[b - 1][1].end)] if b > a else []
            found += [Span(passage[c][1].start, passage[d - 1][1].end)] if d > c else []
    return Near(Span(passage[0][1].start, passage[-1][1].end), tuple(found), tuple(lost))

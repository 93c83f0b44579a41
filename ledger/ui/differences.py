"""What changed from one text to another, word by word, as a page shows it."""

import re
from collections.abc import Iterator

from claims.values import dataclass

SAME, OUT, IN, LEFT_OUT = "same", "out", "in", "left-out"
_AROUND = 8
_MOST = 4000  # words of either text beyond which two long texts are shown whole
_LITTLE = 3
# A word with what belongs to it (4.2, 1,500, e-mail, don't), or any other sign.
_TOKEN = re.compile(
    r"(?:[^\W_]|[\u0300-\u036f])+(?:[.,'’:/-][^\W_]+)*|[^\s]",
)
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind: the same, taken out, put in, or unchanged and left out (their number as text)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    shown: str  # with the white space behind it


def by_words(old: str, new: str, *, around: int = _AROUND) -> list[Piece]:
    """The pieces of both texts in reading order; long unchanged runs keep `around` words at their ends.

    Where next to nothing is common, or there is too much to compare, the old text and then the new.
    """
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > _MOST:
        return _whole(old, new)
    steps = _tidied(_steps(before, after))
    same = sum(len(words) for kind, words in steps if kind == SAME)
    if steps and same * 5 < min(len(before), len(after)):
        return _whole(old, new)
    found: list[Piece] = []
    for place, (kind, words) in enumerate(steps):
        if kind == SAME:
            found += _folded(words, first=place == 0, last=place == len(steps) - 1, around=around)
        else:
            found.append(Piece(kind, "".join(word.shown for word in words)))
    return found


def _whole(old: str, new: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in ((OUT, old), (IN, new)) if text]


def _words(text: str) -> list[_Word]:
    found = []
    tokens = [token for match in _TOKEN.finditer(text) for token in _split(match)]
    for place, (start, end) in enumerate(tokens):
        following = tokens[place + 1][0] if place + 1 < len(tokens) else len(text)
        found.append(_Word(text[start:end], text[start:following]))
    return found


def _split(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A match, or where it is of a script without spaces, its signs."""
    if not _UNSPACED.search(match[0]):
        yield match.span()
        return
    for place in range(*match.span()):
        yield place, place + 1


Step = tuple[str, list[_Word]]


def _steps(before: list[_Word], after: list[_Word]) -> list[Step]:
    found: list[Step] = []
    # Few pages compare texts, and the library takes a while to load.
    from rapidfuzz.distance import Indel

    for op in Indel.opcodes([word.key for word in before], [word.key for word in after]):
        if op.tag == "equal":
            # As the new text spaces them: that is what stands.
            found.append((SAME, after[op.dest_start : op.dest_end]))
        else:
            out, into = before[op.src_start : op.src_end], after[op.dest_start : op.dest_end]
            found += [(kind, words) for kind, words in ((OUT, out), (IN, into)) if words]
    return found


def _tidied(steps: list[Step]) -> list[Step]:
    """A lone small word or sign between two changes is part of them: so a phrase reads as one change."""
    found: list[Step] = []
    out: list[_Word] = []
    into: list[_Word] = []

    def close() -> None:
        found.extend((kind, words) for kind, words in ((OUT, [*out]), (IN, [*into])) if words)
        out.clear()
        into.clear()

    for place, (kind, words) in enumerate(steps):
        if kind == OUT:
            out += words
        elif kind == IN:
            into += words
        elif 0 < place < len(steps) - 1 and len(words) == 1 and len(words[0].key) <= _LITTLE and out and into:
            out += words
            into += words
        else:
            close()
            found.append((kind, words))
    close()
    return found


def _folded(words: list[_Word], *, first: bool, last: bool, around: int) -> Iterator[Piece]:
    lead, tail = (0 if first else around), (0 if last else around)
    left_out = len(words) - lead - tail
    if left_out <= around:
        yield Piece(SAME, "".join(word.shown for word in words))
        return
    if lead:
        yield Piece(SAME, "".join(word.shown for word in words[:lead]))
    yield Piece(LEFT_OUT, str(left_out))
    if tail:
        yield Piece(SAME, "".join(word.shown for word in words[-tail:]))

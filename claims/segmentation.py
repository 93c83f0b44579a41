"""Text → sentence spans. sentencex decides; what it is known to get wrong is mended here."""

import re

from claims.lang import en
from claims.model import Span
from claims.text import encodable, trimmed

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.]{0,12}\w)?)\.$")
_LONGEST = 4_000  # characters handed over at once: a sentence longer than that is cut at a space


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, in order. A blank line always ends one; whitespace belongs to none."""
    found: list[Span] = []
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        found += sentences_in(text, start, gap.start())
        start = gap.end()
    return found + sentences_in(text, start, len(text))


def sentences_in(text: str, start: int, end: int) -> list[Span]:
    """The sentences of one paragraph, which may be wrapped over several lines."""
    spans: list[Span] = []
    for at, stop in _portions(text, start, end):
        joined = _split(text[at:stop])
        spans += [Span(at + a, at + b) for a, b in joined]
    return spans


def _portions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    portions = []
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        portions.append((start, cut))
        start = cut
    if start < end:
        portions.append((start, end))
    return portions


def _split(paragraph: str) -> list[tuple[int, int]]:
    from sentencex import get_sentence_boundaries

    # A line break inside a paragraph is a space to a reader.
    flat = encodable(paragraph).replace("\n", " ").replace("\t", " ")
    spans: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries("en", flat):
        start, end = trimmed(paragraph, boundary["start_index"], boundary["end_index"])
        if start >= end:
            continue
        if spans and _belongs(paragraph, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _belongs(paragraph: str, before: tuple[int, int], start: int) -> bool:
    """Was the text cut where no sentence ends?"""
    tail = paragraph[max(before[0], before[1] - 20) : before[1]]
    follows = paragraph[start]
    if follows in ")]}”’" or follows.islower():
        # '"Really?" he asked' goes on; so does anything that begins with a small letter.
        return True
    word = _LAST_WORD.search(tail)
    if word is None:
        return False
    name = word.group(1).lower()
    if name in en.BEFORE_NAMES:
        return follows.isupper() or follows.isdigit()
    if len(name) == 1 and word.group(1).isupper() and name != "i":
        # An initial: "T. R. Maddox".
        return (
            follows.isupper()
            and tail[: word.start()].rstrip()[-1:] in ("", ".")
            or _initial(paragraph, before)
        )
    return name in en.ABBREVIATIONS and follows.isdigit()


def _initial(paragraph: str, before: tuple[int, int]) -> bool:
    words = paragraph[max(before[0], before[1] - 40) : before[1]].split()
    return len(words) > 1 and words[-2][:1].isupper() and len(words) <= 3

"""From the tokens of a clause to its exact span, and to words that can be read alone."""

from claims.lang import en
from claims.model import Span
from claims.tokens import Token

_PAIRS = {")": "(", "]": "[", "”": "“", "’": "‘", "»": "«"}
_EDGE = en.COORDINATORS | frozenset({"that", "also"})


def tight(text: str, words: list[Token], start: int, end: int, marks: list[tuple[int, int]]) -> Span | None:
    """The span of tokens `start` to `end` without stray punctuation, a leading "and" or half a quotation."""
    end = min(end, len(words))
    while start < end and _is_loose(words[start], opening=True):
        start += 1
    while (
        end > start
        and words[end - 1].low in _EDGE | {"who", "which"}
        or (end > start and _ends_loose(words, end))
    ):
        end -= 1
    if start >= end:
        return None
    return _balanced(text, words[start].start, words[end - 1].end, marks)


def readable(words: str) -> str:
    """The words on one line, beginning with a capital, without quotation marks that have no partner."""
    line = " ".join(words.split())
    for opening, closing in (("“", "”"), ('"', '"')):
        odd = line.count(opening) != line.count(closing) if opening != closing else line.count(opening) % 2
        if odd:
            line = line.replace(opening, "").replace(closing, "")
    line = line.strip(" ,;:–—") or words.strip()
    return line[:1].upper() + line[1:]


def _is_loose(word: Token, *, opening: bool) -> bool:
    if word.is_word:
        return word.low in _EDGE - {"that", "so"} if opening else False
    return word.text not in "(“‘\"'«„£$€#@[" if opening else True


def _ends_loose(words: list[Token], end: int) -> bool:
    word = words[end - 1]
    if word.is_word or word.text in ")”’\"'»%]°":
        return False
    # The full stop of "Ltd." is part of the word.
    return word.text != "." or end < 2 or words[end - 2].low not in en.ABBREVIATIONS


def _balanced(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> Span | None:
    for opened, closed in marks:
        # A quotation that is never closed has no mark at its end.
        inner = closed - (text[closed - 1] in "”\"’'»")
        if opened >= end or closed <= start:
            continue
        if start <= opened and closed <= end:
            if start == opened and closed == end:
                start, end = start + 1, inner  # a clause which is all the quotation stands inside its marks
            continue
        if opened < start and end < closed:
            continue
        # The span would cut the quotation in two.
        if opened < start:
            inside, outside = inner - start, end - closed
            start, end = (start, inner) if inside >= outside else (closed, end)
        else:
            inside, outside = end - opened - 1, opened - start
            if closed - end <= 2:
                end = closed
            else:
                start, end = (opened + 1, end) if inside > outside else (start, opened)
    for close, open_ in _PAIRS.items():
        part = text[start:end]
        if close in ")]" and part.count(close) != part.count(open_):
            start, end = _without_half(text, start, end, open_, close)
    while start < end and (text[start].isspace() or text[start] in ",;:.!?”)"):
        start += 1
    while start < end and (
        text[end - 1].isspace()
        or text[end - 1] in ",;:!?“("
        or text[end - 1] == "."
        and not _abbreviates(text, start, end)
    ):
        end -= 1
    return Span(start, end) if start < end else None


def _without_half(text: str, start: int, end: int, open_: str, close: str) -> tuple[int, int]:
    opened, closed = text.rfind(open_, start, end), text.find(close, start, end)
    if opened >= 0 and text.find(close, opened, end) < 0:
        return start, opened
    if closed >= 0 and text.find(open_, start, closed) < 0:
        return (closed + 1, end) if closed - start < end - closed else (start, closed)
    return start, end


def _abbreviates(text: str, start: int, end: int) -> bool:
    word = text[max(start, end - 12) : end - 1].split()
    return bool(word) and (word[-1].lower() in en.ABBREVIATIONS or "." in word[-1])

"""A clause → words that can be read alone, taken from the text."""

from collections.abc import Mapping

from claims.clauses import Clause
from claims.coreference import Antecedent
from claims.detection import is_pronoun
from claims.lang import en
from claims.model import Span
from claims.spans import readable
from claims.tokens import Token

_LONGEST = 600  # characters


def statement(
    text: str, words: list[Token], clause: Clause, span: Span, stands: Mapping[int, Antecedent]
) -> str:
    """The clause with what it needs: its antecedent, what a list is a list of, a name for "she".

    `stands` says what the pronoun at a token stands for. Where that is not plain, the sentence is given.
    """
    if clause.said is not None:
        return readable(clause.said)
    if clause.lead is not None:
        begin = min(clause.start + clause.skip, len(words) - 1)
        rest = text[max(words[begin].start, span.start) : span.end]
        joint = _JOINTS.get(clause.role, " ")
        return readable(_named(text, words, *clause.lead, stands) + joint + rest)
    start = _first(words, clause.start, span)
    if start in stands:
        return readable(_named(text, words, start, start + 1, stands) + text[_after(words, start) : span.end])
    if _says_nothing(words, start) and words[-1].end - words[0].start < _LONGEST:
        return readable(text[words[0].start : words[-1].end])
    return readable(span.of(text))


_JOINTS = {"item": ", including ", "apposition": ", ", "participle": ", ", "comparison": ", "}


def _first(words: list[Token], start: int, span: Span) -> int:
    """The first token of the span: a clause may begin with an "and" that its span leaves out."""
    while start + 1 < len(words) and words[start].start < span.start:
        start += 1
    return start


def _named(text: str, words: list[Token], start: int, end: int, stands: Mapping[int, Antecedent]) -> str:
    if start not in stands:
        return text[words[start].start : words[end - 1].end]
    rest = text[_after(words, start) : words[end - 1].end] if end > start + 1 else ""
    return stands[start].name + rest


def _after(words: list[Token], start: int) -> int:
    """Where the words end that a name replaces: "she", or both of "the board"."""
    return words[start + 1 if words[start].low == "the" and start + 1 < len(words) else start].end


def _says_nothing(words: list[Token], start: int) -> bool:
    return is_pronoun(words, start) or words[start].low in en.FIRST_PERSON and words[start].low in ("i", "we")

"""A clause → words that can be read alone, taken from the text."""

from claims.clauses import Clause
from claims.detection import is_pronoun
from claims.model import Span
from claims.spans import readable
from claims.tokens import Token

_LONGEST = 600  # characters


def statement(text: str, words: list[Token], clause: Clause, span: Span) -> str:
    """The clause with what it needs before it: its antecedent, or what a list is a list of."""
    if clause.said is not None:
        return readable(clause.said)
    if clause.lead is not None:
        first, last = words[clause.lead[0]], words[clause.lead[1] - 1]
        begin = (
            words[clause.start + clause.skip].start if clause.start + clause.skip < len(words) else span.start
        )
        rest = text[max(begin, span.start) : span.end]
        joint = ", including " if clause.role == "item" else ", " if clause.role == "apposition" else " "
        return readable(text[first.start : last.end] + joint + rest)
    if is_pronoun(words, clause.start) and words[-1].end - words[0].start < _LONGEST:
        return readable(text[words[0].start : words[-1].end])
    return readable(span.of(text))

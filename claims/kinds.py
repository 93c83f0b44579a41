"""The typing step: is a claim about a number, an event, a law, a cause …?"""

from collections.abc import Sequence

from claims.lang import en
from claims.model import Kind, Quantity


def kind_of(words: Sequence[str], quantities: Sequence[Quantity], *, reported: bool = False) -> Kind:
    """The kind of a clause, given its words in small letters. `reported`: its point is that it was said."""
    if reported:
        return Kind.ATTRIBUTION
    said = " ".join(words)
    known = set(words)
    if known & en.CAUSES - {"led", "caused", "cause"} or any(phrase in said for phrase in en.CAUSE_PHRASES):
        return Kind.CAUSE
    if any(q.value is not None and q.unit != "ordinal" for q in quantities) or counted(words):
        return Kind.QUANTITY
    if known & en.LAWS:
        return Kind.LAW_OR_POLICY
    if compares(words):
        return Kind.COMPARISON
    if is_identity(words):
        return Kind.IDENTITY
    return (
        Kind.EVENT
        if known & (en.PAST | en.AUXILIARIES) or any(w.endswith("ed") for w in words)
        else Kind.OTHER
    )


def counted(words: Sequence[str]) -> bool:
    """ "a large proportion of", "most members", "dozens of": a quantity without a number."""
    return any(word in en.QUANTIFIERS and "of" in words[i + 1 : i + 2] for i, word in enumerate(words))


def compares(words: Sequence[str]) -> bool:
    pairs = zip(words, (*words[1:], ""), strict=False)
    return any(
        (word in en.COMPARATIVES and "than" in words)
        or (word == "as" and "as" in words[i + 2 : i + 5])
        or (is_superlative(word) and following != "week")
        for i, (word, following) in enumerate(pairs)
    )


def is_superlative(word: str) -> bool:
    return (
        word in en.SUPERLATIVES or len(word) > 6 and word.endswith("est") and word not in en.NOT_SUPERLATIVE
    )


def is_identity(words: Sequence[str]) -> bool:
    for i, word in enumerate(words[:12]):
        if word in ("is", "was", "are", "were"):
            rest = words[i + 1 : i + 8]
            return rest[:1] in (["the"], ["a"], ["an"]) and not en.IDENTITY_ROLES.isdisjoint(rest)
    return False

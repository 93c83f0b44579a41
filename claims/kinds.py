"""The typing step: is a claim about a number, an event, a law, a cause …?"""

from collections.abc import Sequence

from claims.lang import en
from claims.model import Kind, Quantity
from claims.tagging import Tag
from claims.tokens import Token

_GRAMMAR = frozenset(["one", "once", "both", "a", "an", "pair"])


def kind_of(
    words: Sequence[Token], quantities: Sequence[Quantity], *, reported: bool = False, role: str = "main"
) -> Kind:
    """The kind of a clause, given its tokens. `reported`: its point is that it was said."""
    lows = [word.low for word in words]
    if reported:
        return Kind.ATTRIBUTION
    if role == "cause" or causes(lows):
        return Kind.CAUSE
    begins = words[0].start if words else 0
    amount = any(_is_amount(quantity, begins) for quantity in quantities) or counted(lows)
    if regulates(words) and not amount:
        return Kind.LAW_OR_POLICY
    if amount:
        return Kind.QUANTITY
    if role == "role":
        return Kind.IDENTITY
    if compares(lows):
        return Kind.COMPARISON
    if is_identity(lows):
        return Kind.IDENTITY
    return Kind.EVENT if _happens(words) else Kind.OTHER


def _is_amount(quantity: Quantity, begins: int) -> bool:
    """Is the number worth a check of its own? Not in "two rivals", nor "once", which are mere grammar."""
    if quantity.value is None or quantity.unit == "ordinal":
        return False
    word = quantity.text.lower().partition(" ")[0]
    subject = quantity.span is not None and quantity.span.start == begins
    return word not in _GRAMMAR and not (word == "two" and subject) or quantity.unit in en.UNITS.values()


def causes(lows: Sequence[str]) -> bool:
    """Does one thing bring about another: "because", "led to", "is caused by"?"""
    said = " ".join(lows)
    return not en.CAUSES.isdisjoint(lows) or any(phrase in said for phrase in en.CAUSE_PHRASES)


def regulates(words: Sequence[Token]) -> bool:
    """Is it about a law, a ruling, a vote? A verb or an object must say so, not a name ("Congress")."""
    lows = [word.low for word in words]
    for i, word in enumerate(words):
        if word.low == "ruled" and lows[i + 1 : i + 2] == ["out"]:
            continue
        if word.low in en.LAWS and not (word.is_name and i):
            if word.low in en.RULINGS or word.tag not in (Tag.NOUN, Tag.NAME):
                return True
            # "Passed a law", "the ban applies": a law by itself only where something is done to it.
            if not en.ENACTING.isdisjoint(lows):
                return True
    return False


def counted(words: Sequence[str]) -> bool:
    """ "a large proportion of", "most members", "dozens of": a quantity without a number."""
    return any(word in en.QUANTIFIERS and "of" in words[i + 1 : i + 2] for i, word in enumerate(words))


def compares(words: Sequence[str]) -> bool:
    pairs = zip(words, (*words[1:], ""), strict=False)
    return any(
        (word in en.COMPARATIVES and "than" in words)
        or (word.endswith("er") and following == "than" and word != "other")
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


def _happens(words: Sequence[Token]) -> bool:
    return any(word.tag in (Tag.VERB, Tag.AUXILIARY, Tag.PARTICIPLE) for word in words)

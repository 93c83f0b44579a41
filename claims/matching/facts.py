"""What in a claim must not differ: numbers, dates, names, denials, and which way things go."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from claims.lang import en
from claims.matching.names import Name, names
from claims.model import Quantity, Span
from claims.quantities import quantities
from claims.tagging import Tag
from claims.tokens import Token, tokens

_WORD = re.compile(r"[\w’']+")
_NOT = re.compile(r"n[’']t$")
_HARMLESS = re.compile(r"\b(?:" + "|".join(map(re.escape, en.NO_DENIAL)) + r")\b", re.IGNORECASE)
_PASSIVE = re.compile(en.PASSIVE)
_LONGEST = 2_000  # characters that are read; a claim is shorter


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read in one text; all texts as they stand there."""

    low: str  # all of it, in lower case
    numbers: tuple[Quantity, ...]
    dates: tuple[Quantity, ...]
    names: tuple[Name, ...]
    words: frozenset[str]
    capitals: dict[str, int]  # words with a capital, in lower case → offset of the first
    denials: tuple[str, ...]
    verbs: dict[str, int]  # in lower case → offset
    passive: bool


@lru_cache(maxsize=4_096)
def facts(text: str) -> Facts:
    """Read a claim for what must not differ."""
    text = text[:_LONGEST]
    words = tokens(text, 0, len(text), [])
    found = quantities(text, Span(0, len(text))) if text else []
    lows = [word.low.replace("’", "'") for word in words]
    return Facts(
        low=text.lower(),
        numbers=tuple(q for q in found if q.value is not None and q.telling),
        dates=tuple(q for q in found if q.value is None and q.date is not None),
        names=tuple(names(words)),
        words=frozenset(low.removesuffix("'s") for low in lows),
        capitals=_first_places(w for w in words if w.text[0].isupper()),
        denials=tuple(text[start:end].lower() for start, end in denials(text)),
        verbs=_first_places(w for w in words if w.tag in (Tag.VERB, Tag.PARTICIPLE)),
        passive=_PASSIVE.search(text) is not None,
    )


def denials(text: str) -> Iterable[tuple[int, int]]:
    """Where the text denies: the places of its "not", "never", "denied"."""
    # Blanked at the same length, so that the places stay right.
    for found in _WORD.finditer(_HARMLESS.sub(lambda harmless: " " * len(harmless.group()), text)):
        word = found.group().lower()
        if word in en.NEGATIONS or word in en.DENIALS or _NOT.search(word):
            yield found.span()


def _first_places(words: Iterable[Token]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found.setdefault(word.low, word.start)
    return found

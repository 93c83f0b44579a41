"""What in a claim must not differ: numbers, dates, names, denials, and which way things go."""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

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


class Facts:
    """What a text says, each part read when it is first asked for; all words as they stand there.

    Often the numbers alone tell two claims apart, and nothing else is read.
    """

    def __init__(self, text: str) -> None:
        self._text = text[:_LONGEST]

    @cached_property
    def _quantities(self) -> list[Quantity]:
        return quantities(self._text, Span(0, len(self._text))) if self._text else []

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self._text, 0, len(self._text), [])

    @cached_property
    def low(self) -> str:
        """All of it, in lower case."""
        return self._text.lower()

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """Numbers that tell something."""
        return tuple(q for q in self._quantities if q.value is not None and q.telling)

    @cached_property
    def dates(self) -> tuple[Quantity, ...]:
        """Days, months and years."""
        return tuple(q for q in self._quantities if q.value is None and q.date is not None)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Who and what is named."""
        return tuple(names(self._tokens))

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, in lower case and without "'s"."""
        return frozenset(word.low.replace("’", "'").removesuffix("'s") for word in self._tokens)

    @cached_property
    def capitals(self) -> dict[str, int]:
        """Words with a capital, in lower case → offset of the first."""
        return _first_places(word for word in self._tokens if word.text[0].isupper())

    @cached_property
    def denials(self) -> tuple[str, ...]:
        """What denies, in lower case."""
        return tuple(self._text[start:end].lower() for start, end in denials(self._text))

    @cached_property
    def verbs(self) -> dict[str, int]:
        """Verbs, in lower case → offset of the first."""
        return _first_places(word for word in self._tokens if word.tag in (Tag.VERB, Tag.PARTICIPLE))

    @cached_property
    def passive(self) -> bool:
        """Whether something is said to be done, not who does it."""
        return _PASSIVE.search(self._text) is not None


@lru_cache(maxsize=4_096)
def facts(text: str) -> Facts:
    """What a claim says, as far as it must not differ."""
    return Facts(text)


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

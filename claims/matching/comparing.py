"""Two claims: do they say the same, something alike, or not? With the reasons in words."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from claims.matching.differences import Veto, agreed_dates, agreed_names, agreed_numbers, vetoes
from claims.matching.facts import Facts, facts
from claims.matching.terms import plain, words_by_term
from claims.matching.vectors import encoded
from claims.values import dataclass

SAME = 0.75
"""Likeness from which two claims say the same, if nothing speaks against it."""
SIMILAR = 0.60
"""Likeness from which somebody who checks one claim wants to see the other."""

_WITHOUT_WORDS = 0.2  # what a cosine is worth less where no words are shared
_NEARLY = 0.85  # a cosine from which two sentences are mostly paraphrases of each other
_SHOWN = 6  # words


class Relation(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two claims have in common: `likeness` from 0 to 1, what speaks for it, and what against.

    With a veto the relation is never "same".
    """

    relation: Relation
    likeness: float
    reasons: tuple[str, ...]
    vetoes: tuple[Veto, ...]


def compare(first: str, second: str) -> Comparison:
    """How two claims stand to each other; without an encoder by their words alone."""
    rows = encoded([plain(first), plain(second)])
    return judge(first, second, None if rows is None else float(rows[0] @ rows[1]))


@lru_cache(maxsize=1 << 14)
def judge(first: str, second: str, cosine: float | None) -> Comparison:
    """The same where the cosine of the two is known already; None where there is none."""
    first, second = plain(first), plain(second)
    near = _near(first, second, cosine)
    if near < SIMILAR:
        return Comparison(Relation.DIFFERENT, round(near, 4), (), ())
    here, there = facts(first), facts(second)
    against = tuple(vetoes(here, there))
    relation = Relation.SAME if near >= SAME and not against else Relation.SIMILAR
    reasons = tuple(_reasons(_shared(first, second), cosine, here, there))
    return Comparison(relation, round(near, 4), reasons, against)


@lru_cache(maxsize=1 << 14)
def glance(first: str, second: str, cosine: float | None) -> tuple[Relation, float]:
    """Relation and likeness of the same comparison, in a fraction of the time: without the reasons."""
    first, second = plain(first), plain(second)
    near = _near(first, second, cosine)
    if near < SIMILAR:
        return Relation.DIFFERENT, round(near, 4)
    same = near >= SAME and next(vetoes(facts(first), facts(second)), None) is None
    return Relation.SAME if same else Relation.SIMILAR, round(near, 4)


_words = lru_cache(maxsize=1 << 10)(words_by_term)


def _shared(first: str, second: str) -> list[str]:
    """Words of the first whose terms the second has too."""
    theirs = _words(second)
    return [word for term, word in _words(first).items() if term in theirs]


def _near(first: str, second: str, cosine: float | None) -> float:
    mine, theirs = _words(first), _words(second)
    # Numbers are compared by value, not as words: "4bn" and "4,000 million" are one.
    both = _count(term for term in mine if term in theirs)
    return _likeness(2 * both / max(1, _count(mine) + _count(theirs)), cosine)


def _likeness(shared: float, cosine: float | None) -> float:
    """Meaning tells twice as much as words do; and alone it may do, where it is very near."""
    if cosine is None:
        return shared
    return min(1.0, max(0.0, (2 * cosine + shared) / 3, cosine - _WITHOUT_WORDS))


def _count(terms: Iterable[str]) -> int:
    return sum(not term[0].isdigit() for term in terms)


def _reasons(both: list[str], cosine: float | None, here: Facts, there: Facts) -> Iterator[str]:
    if cosine is not None and cosine >= SIMILAR:
        yield f"{'nearly the same' if cosine >= _NEARLY else 'close'} in meaning ({cosine:.2f})"
    if both:
        more = len(both) - _SHOWN
        yield f"same words: {', '.join(both[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"
    for what, found in (
        ("number", agreed_numbers(here, there)),
        ("date", agreed_dates(here, there)),
        ("name", agreed_names(here, there)),
    ):
        if found:
            yield f"same {what}{'s' if len(found) > 1 else ''}: {', '.join(found)}"

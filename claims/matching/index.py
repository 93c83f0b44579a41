"""Claims with their texts, and those among them that say what a text says."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from claims.matching.comparing import Comparison, Relation, glance, judge
from claims.matching.differences import Veto
from claims.matching.ranking import Entry, Hit, Ranking
from claims.matching.terms import plain
from claims.matching.vectors import encoded, packed
from claims.values import dataclass, replace

LOOKED_AT = 20
"""How many of the nearest claims are compared word by word."""

_BATCH = 1_024


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that says the same as a text, or something alike.

    `score` is the likeness of both from 0 to 1; with a veto the relation is never "same".
    """

    id: str
    score: float
    relation: Relation
    reasons: tuple[str, ...]
    vetoes: tuple[Veto, ...]


class Index:
    """Claims that can be added, taken away and searched. Not safe for several threads at once."""

    def __init__(self) -> None:
        self._ranking = Ranking()
        self._texts: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays; texts and ids come on top."""
        return self._ranking.nbytes

    def settle(self) -> None:
        """Put late additions where searching is fastest, which else happens now and then."""
        self._ranking.settle()

    def add(self, id: str, text: str, *, title: str = "") -> None:
        """Add a claim, in place of one with the same id."""
        self.extend([Entry(id, text, title)])

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add many claims; those without vectors get theirs in batches, where there is an encoder."""
        rest = iter(entries)
        while batch := list(islice(rest, _BATCH)):
            self._ranking.extend(with_vectors(batch))
            self._texts.update((entry.id, entry.text) for entry in batch)

    def remove(self, id: str) -> bool:
        """Take a claim away; False if it was not here."""
        self._texts.pop(id, None)
        return self._ranking.remove(id)

    def rank(self, text: str, k: int = 10) -> list[Hit]:
        """The `k` claims that come nearest, best first, whether they say the same or not."""
        return self._ranking.rank(text, vector_of(text), k)

    def search(self, text: str, k: int = 10) -> list[Match]:
        """At most `k` claims that say the same, and then those that say something alike; best first."""
        return matches(text, self.rank(text, max(k, LOOKED_AT)), self._texts, k)


def with_vectors(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries, each with a vector; as they were where there is no encoder."""
    bare = [i for i, entry in enumerate(entries) if entry.vector is None]
    titled = [i for i in bare if entries[i].title]
    rows = encoded([plain(entries[i].text) for i in bare] + [plain(entries[i].title) for i in titled])
    if rows is None:
        return list(entries)
    found = list(entries)
    sums = dict(zip(bare, rows, strict=False))
    for i, row in zip(titled, rows[len(bare) :], strict=True):
        sums[i] = sums[i] + row
    for i, row in sums.items():
        found[i] = replace(entries[i], vector=packed(row))
    return found


def vector_of(text: str) -> NDArray[np.float32] | None:
    """The vector to search by, of length 1; None where there is no encoder."""
    rows = encoded([plain(text)])
    return None if rows is None else rows[0]


def matches(text: str, hits: Sequence[Hit], texts: Mapping[str, str], k: int) -> list[Match]:
    """The best `k` of what comes near, compared with the text: the same first, then what is alike.

    All are looked at, and only those that are given are told with their reasons.
    """
    looks = [(hit, *glance(text, texts[hit.id], hit.cosine)) for hit in hits]
    near = [look for look in looks if look[1] is not Relation.DIFFERENT]
    near.sort(key=lambda look: (look[1] is not Relation.SAME, -look[2]))
    return [_match(hit.id, judge(text, texts[hit.id], hit.cosine)) for hit, *_ in near[:k]]


def _match(id: str, told: Comparison) -> Match:
    return Match(id, told.likeness, told.relation, told.reasons, told.vetoes)

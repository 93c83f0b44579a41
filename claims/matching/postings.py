"""Which claims hold which terms: an inverted index in a few arrays, to which claims can be added."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PAIR = 0.5
"""What two neighbouring terms weigh beside one of them alone."""
DAMPING = 10.0
"""Nats of information. A claim of few and common words shares them with many, which then says little."""

_FEW = 50_000  # postings that may wait in lists before they are put into the arrays

Keys = tuple[list[int], list[int]]
"""The keys of a text's terms, and those of its pairs of neighbouring terms, each once."""


def keys(terms: list[str]) -> Keys:
    """Terms as 32-bit keys. That two terms have the same one is rarer than that they are spelt alike."""
    singles = [_key(term) for term in terms]
    # Any odd multiplier will do, so that "a b" and "b a" differ.
    pairs = [(first * 0x9E3779B1 + second) & 0xFFFFFFFF for first, second in pairwise(singles)]
    return list(dict.fromkeys(singles)), list(dict.fromkeys(pairs))


@lru_cache(maxsize=1 << 16)
def _key(term: str) -> int:
    return crc32(term.encode("utf-8", "replace"))


class Postings:
    """For each key the slots (numbers of claims) that have it.

    Slots that are taken away stay here until the next merge; their scores are for the caller to drop.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint32)
        self._starts = np.zeros(1, np.int64)
        self._slots = np.empty(0, np.int32)
        self._recent: dict[int, list[int]] = {}
        self._waiting = 0

    @property
    def full(self) -> bool:
        """Whether so much waits that a merge pays."""
        return self._waiting > max(_FEW, len(self._slots) // 4)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        return self._keys.nbytes + self._starts.nbytes + self._slots.nbytes

    def add(self, slot: int, found: Keys) -> None:
        """Note the keys of a claim."""
        for some in found:
            for key in some:
                self._recent.setdefault(key, []).append(slot)
            self._waiting += len(some)

    def merge(self, alive: NDArray[np.bool_]) -> None:
        """Put what waits into the arrays, and take out the slots that are not alive."""
        order = sorted(self._recent)
        lists = [self._recent[key] for key in order]
        keys = np.repeat(np.array(order, np.uint32), [len(some) for some in lists])
        slots = np.fromiter((slot for some in lists for slot in some), np.int32, self._waiting)
        keys = np.concatenate([np.repeat(self._keys, np.diff(self._starts)), keys])
        slots = np.concatenate([self._slots, slots])
        kept = alive[slots]
        keys, slots = keys[kept], slots[kept]
        # Two sorted runs: a stable sort merges them in linear time.
        order_of = np.argsort(keys, kind="stable")
        keys, self._slots = keys[order_of], slots[order_of]
        first = np.flatnonzero(np.diff(keys, prepend=keys[:1] ^ 1)) if len(keys) else np.empty(0, np.int64)
        self._keys = keys[first]
        self._starts = np.append(first, len(keys)).astype(np.int64)
        self._recent, self._waiting = {}, 0

    def shares(self, asked: Keys, size: int, live: int) -> NDArray[np.float32]:
        """For each of `size` slots, how much of what was asked it has, 0 to 1; a rare term counts for more.

        `live` is the number of claims there are. Terms weigh what they tell (their information in nats,
        Robertson and Spärck Jones's idf); that one stands twice in a claim tells nothing more.
        """
        scores = np.zeros(size, np.float32)
        total = DAMPING
        for some, factor in zip(asked, (1.0, PAIR), strict=True):
            for key, place in zip(some, self._places(some), strict=True):
                there = self._at(place)
                recent = self._recent.get(key, ())
                many = len(there) + len(recent)
                weight = factor * float(np.log1p((max(live, many) - many + 0.5) / (many + 0.5)))
                total += weight
                scores[there] += weight
                if recent:
                    scores[np.array(recent, np.int32)] += weight
        scores /= total
        return scores

    def _places(self, some: Iterable[int]) -> list[int]:
        wanted = np.array(list(some), np.uint32)
        if not len(self._keys):
            return [-1] * len(wanted)
        places = np.searchsorted(self._keys, wanted)
        places[places == len(self._keys)] = 0
        return [int(p) if k == w else -1 for p, k, w in zip(places, self._keys[places], wanted, strict=True)]

    def _at(self, place: int) -> NDArray[np.int32]:
        if place < 0:
            return self._slots[:0]
        return self._slots[self._starts[place] : self._starts[place + 1]]

"""Which claims hold which terms: an inverted index in a few arrays, to which claims can be added."""

from array import array
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PAIR = 0.5
"""What two neighbouring terms weigh beside one of them alone."""
DAMPING = 10.0
"""Nats of information. A claim of few and common words shares them with many, which then says little."""

_FEW = 50_000

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
    """For each key the slots (numbers of claims) that have it: sorted in arrays, the latest ones unsorted.

    A slot that is taken away stays here until the next merge; its scores are for the caller to drop.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint32)
        self._starts = np.zeros(1, np.int64)
        self._slots = np.empty(0, np.int32)
        self._late_keys = array("I")
        self._late_slots = array("i")

    @property
    def waiting(self) -> int:
        """How many postings wait unsorted, which every search reads."""
        return len(self._late_keys)

    @property
    def full(self) -> bool:
        """Whether so many wait that a merge pays."""
        return self.waiting > max(_FEW, len(self._slots) // 40)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        return self._keys.nbytes + self._starts.nbytes + self._slots.nbytes + 8 * self.waiting

    def add(self, slot: int, found: Keys) -> None:
        """Note the keys of a claim."""
        for some in found:
            self._late_keys.extend(some)
            self._late_slots.extend([slot] * len(some))

    def merge(self, alive: NDArray[np.bool_]) -> None:
        """Sort in what waits, and take out the slots that are not alive."""
        late_keys, late_slots = self._late()
        order = np.argsort(late_keys, kind="stable")
        keys = np.concatenate([np.repeat(self._keys, np.diff(self._starts)), late_keys[order]])
        slots = np.concatenate([self._slots, late_slots[order]])
        kept = alive[slots]
        keys, slots = keys[kept], slots[kept]
        # Two sorted runs, which a stable sort merges in linear time.
        order = np.argsort(keys, kind="stable")
        keys, self._slots = keys[order], slots[order]
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
        self._keys, self._starts = keys[first], np.append(first, len(keys))
        self._late_keys, self._late_slots = array("I"), array("i")

    def shares(self, asked: Keys, size: int, live: int) -> NDArray[np.float32]:
        """For each of `size` slots, how much of what was asked it has, 0 to 1; a rare term counts for more.

        `live` is the number of claims there are. Terms weigh what they tell (their information in nats,
        Robertson and Spärck Jones's idf); that one stands twice in a claim tells nothing more.
        """
        singles, pairs = asked
        wanted = np.array(singles + pairs, np.uint32)
        factors = np.repeat([1.0, PAIR], [len(singles), len(pairs)])
        order = np.argsort(wanted)
        wanted, factors = wanted[order], factors[order]
        starts, ends = self._ranges(wanted)
        slots, which = self._late_hits(wanted)
        many = np.minimum(ends - starts + np.bincount(which, minlength=len(wanted)), live)
        weights = factors * np.log1p((live - many + 0.5) / (many + 0.5))
        scores = np.zeros(size, np.float32)
        for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
            # A claim is there once: this says the same as `scores[…] += weight`, in a third of the time.
            np.add.at(scores, self._slots[start:end], np.float32(weight))
        np.add.at(scores, slots, weights[which].astype(np.float32))
        scores /= DAMPING + float(weights.sum())
        return scores

    def _ranges(self, wanted: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where in the sorted slots those of each key begin and end."""
        if not len(self._keys):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        there = self._keys[places] == wanted
        return np.where(there, self._starts[places], 0), np.where(there, self._starts[places + 1], 0)

    def _late_hits(self, wanted: NDArray[np.uint32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The slots of the latest postings that have a key that is wanted, and which key that is."""
        keys, slots = self._late()
        if not len(keys) or not len(wanted):
            return slots[:0], np.zeros(0, np.int64)
        which = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
        there = wanted[which] == keys
        return slots[there], which[there]

    def _late(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        return np.array(self._late_keys, np.uint32), np.array(self._late_slots, np.int32)

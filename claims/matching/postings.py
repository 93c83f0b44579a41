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
    """For each key the slots (numbers of claims) that have it: sorted in arrays, the latest ones aside.

    A slot that is taken away stays here until the next merge; its scores are for the caller to drop.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint32)
        self._starts = np.zeros(1, np.int64)
        self._slots = np.empty(0, np.int32)
        self._late_keys = array("I")
        self._late_slots = array("i")
        self._late_sorted: NDArray[np.uint64] | None = None

    @property
    def waiting(self) -> int:
        """How many postings wait, which the first search after each addition sorts."""
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
        self._late_sorted = None

    def merge(self, alive: NDArray[np.bool_]) -> None:
        """Sort in what waits, and take out the slots that are not alive."""
        sorted_in = _both(np.repeat(self._keys, np.diff(self._starts)), self._slots)
        # Two sorted runs, which a stable sort merges in linear time.
        both = np.sort(np.concatenate([sorted_in, self._late()]), kind="stable")
        keys, slots = _apart(both)
        kept = alive[slots]
        keys, self._slots = keys[kept], slots[kept]
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
        self._keys, self._starts = keys[first], np.append(first, len(keys))
        self._late_keys, self._late_slots, self._late_sorted = array("I"), array("i"), None

    def shares(
        self, asked: Keys, size: int, live: int, some: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """For each of `size` slots, or for `some` in their order, how much of what was asked it has, 0 to 1.

        A rare term counts for more. `live` is the number of claims there are. Terms weigh what they tell (in
        nats, Robertson and Spärck Jones's idf); that one stands twice in a claim tells nothing
        more.
        """
        singles, pairs = asked
        wanted = np.array(singles + pairs, np.uint32)
        factors = np.repeat([1.0, PAIR], [len(singles), len(pairs)])
        order = np.argsort(wanted)
        wanted, factors = wanted[order], factors[order]
        starts, ends = self._ranges(wanted)
        late = self._late()
        late_starts = np.searchsorted(late, _both(wanted, 0))
        late_ends = np.searchsorted(late, _both(wanted, _LAST), "right")
        many = np.minimum(ends - starts + late_ends - late_starts, live)
        weights = factors * np.log1p((live - many + 0.5) / (many + 0.5))
        scores = np.zeros(size if some is None else len(some), np.float32)
        _, late_slots = _apart(late)
        for slots, begin, end in ((self._slots, starts, ends), (late_slots, late_starts, late_ends)):
            for first, last, weight in zip(begin.tolist(), end.tolist(), weights.tolist(), strict=True):
                if some is None:
                    # A claim is there once: as `scores[…] += weight`, in a third of the time.
                    np.add.at(scores, slots[first:last], np.float32(weight))
                elif first < last:
                    scores[_are_in(slots[first:last], some)] += np.float32(weight)
        scores /= DAMPING + float(weights.sum())
        return scores

    def _ranges(self, wanted: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where in the sorted slots those of each key begin and end."""
        if not len(self._keys):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        there = self._keys[places] == wanted
        return np.where(there, self._starts[places], 0), np.where(there, self._starts[places + 1], 0)

    def _late(self) -> NDArray[np.uint64]:
        if self._late_sorted is None:
            keys, slots = np.array(self._late_keys, np.uint32), np.array(self._late_slots, np.int32)
            self._late_sorted = np.sort(_both(keys, slots))
        return self._late_sorted


_LAST = 0x7FFF_FFFF


def _both(keys: NDArray[np.uint32], slots: NDArray[np.int32] | int) -> NDArray[np.uint64]:
    """Keys and slots in one number each, by which they are sorted."""
    return keys.astype(np.uint64) << np.uint64(32) | np.asarray(slots).astype(np.uint64)


def _apart(both: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    return (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32).astype(np.int32)


def _are_in(slots: NDArray[np.int32], some: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `some` are among these slots, which are sorted."""
    wanted = some.astype(np.int32)
    found: NDArray[np.bool_] = slots[np.minimum(np.searchsorted(slots, wanted), len(slots) - 1)] == wanted
    return found

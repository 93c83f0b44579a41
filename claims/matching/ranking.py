"""Which of very many claims come nearest to a text: in two milliseconds, over a hundred thousand."""

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from claims.matching.postings import Postings, keys
from claims.matching.terms import plain, terms
from claims.matching.vectors import Vectors
from claims.values import dataclass

NEAR = 200
"""How many claims by words, and as many by meaning, are looked at closely."""

_ROOM = 1_024
_MANY = 8_000_000  # postings that wait at most while many claims are added: 64 MB
_FEWER = 8  # times fewer than all: from there on it is quicker to pick them out
_STEPS = 4_095  # of a share of words, when the largest are looked for


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim for an index.

    `title` says the same in other words, such as the headline above a check of it. `vector` is a packed
    vector of both; without one the claim is found by its words alone. `tag` is a number of the caller's, 0 to
    255, by which a search can be narrowed.
    """

    id: str
    text: str
    title: str = ""
    vector: bytes | None = None
    tag: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim that comes near: `score` from 0 to 1 ranks it, `cosine` is None where there is no vector."""

    id: str
    score: float
    cosine: float | None


class Ranking:
    """Claims, ranked by shared words and by likeness of meaning. Not safe for several threads at once.

    It keeps no texts: about 0.6 kB of arrays for a claim with a vector.
    """

    def __init__(self) -> None:
        self._postings = Postings()
        self._vectors = Vectors()
        self._ids: list[str | None] = []
        self._slots: dict[str, int] = {}
        self._free: list[int] = []
        self._gone: list[int] = []
        self._alive = np.zeros(0, np.bool_)
        self._tags = np.zeros(0, np.uint8)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, id: str) -> bool:
        return id in self._slots

    def ids(self) -> list[str]:
        """The ids of the claims that are here."""
        return list(self._slots)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        return self._postings.nbytes + self._vectors.nbytes + self._alive.nbytes + self._tags.nbytes

    def add(self, entry: Entry) -> None:
        """Add a claim, in place of one with the same id."""
        self.extend([entry])

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add many claims; far faster than one by one, as they are sorted in at the end."""
        rest = iter(entries)
        while some := list(islice(rest, _ROOM)):
            slots = [self._place(entry) for entry in some]
            # Of two with one id the later is there.
            held = [
                (slot, e.vector)
                for slot, e in zip(slots, some, strict=True)
                if self._alive[slot] and e.vector
            ]
            self._vectors.put([slot for slot, _ in held], [vector for _, vector in held])
            if self._postings.waiting > _MANY:
                self.settle()
        if self._postings.full:
            self.settle()

    def _place(self, entry: Entry) -> int:
        self.remove(entry.id)
        slot = self._free.pop() if self._free else self._next()
        self._ids[slot], self._slots[entry.id] = entry.id, slot
        self._alive[slot], self._tags[slot] = True, entry.tag
        self._vectors.drop(slot)
        words = terms(plain(entry.text)) + terms(plain(entry.title))
        self._postings.add(slot, keys(words))
        return slot

    def put(self, id: str, *, vector: bytes | None = None, tag: int | None = None) -> None:
        """Give a claim that is here a vector or another tag."""
        slot = self._slots[id]
        if vector is not None:
            self._vectors.put([slot], [vector])
        if tag is not None:
            self._tags[slot] = tag

    def remove(self, id: str) -> bool:
        """Take a claim away; False if it was not here."""
        slot = self._slots.pop(id, None)
        if slot is None:
            return False
        self._ids[slot], self._alive[slot] = None, False
        # Its postings are still there: the slot is nobody else's before they are gone.
        self._gone.append(slot)
        return True

    def settle(self) -> None:
        """Put late additions where searching is fastest, which else happens now and then."""
        self._postings.merge(self._alive)
        self._free += self._gone
        self._gone = []

    def vector(self, id: str) -> NDArray[np.float32] | None:
        """A claim's vector, if it has one."""
        return self._vectors.at(self._slots[id])

    def rank(
        self,
        text: str,
        vector: NDArray[np.float32] | None,
        k: int,
        *,
        tags: Iterable[int] | None = None,
        but: str | None = None,
    ) -> list[Hit]:
        """The best `k` claims for a text, best first.

        `vector` is that of the text, of length 1. Only claims with one of `tags` count, and not the one with
        the id `but`.
        """
        size = len(self._ids)
        allowed = self._alive[:size] if tags is None else self._alive[:size] & self._tagged(tags)
        # Where few are allowed, those alone are looked at.
        some = np.flatnonzero(allowed) if np.count_nonzero(allowed) < size // _FEWER else None
        where = slice(0, size) if some is None else some
        shares = self._postings.shares(keys(terms(plain(text))), size, len(self), some)
        picked = _largest(np.where(allowed[where], shares * _STEPS, 0).astype(np.uint16), NEAR)
        if vector is not None:
            alike = np.where(allowed[where], self._vectors.alike(vector, where), 0)
            picked = np.union1d(picked, _largest(alike, NEAR))
        slots = picked if some is None else some[picked]
        picked, slots = picked[allowed[slots]], slots[allowed[slots]]
        cosines = np.full(len(slots), np.nan, np.float32)
        if vector is not None:
            cosines = self._vectors.cosines(vector, slots)
        # Half by words, half by meaning; who has no vector is judged by words alone.
        shared = shares[picked]
        scores = (shared + np.where(np.isnan(cosines), shared, np.maximum(cosines, 0))) / 2
        found = [
            Hit(self._id(slots[i]), float(scores[i]), None if np.isnan(cosines[i]) else float(cosines[i]))
            for i in np.argsort(-scores, kind="stable")[: k + 1]
        ]
        return [hit for hit in found if hit.id != but][:k]

    def _id(self, slot: int) -> str:
        id = self._ids[slot]
        assert id is not None  # noqa: S101  (only slots that are alive come here)
        return id

    def _tagged(self, tags: Iterable[int]) -> NDArray[np.bool_]:
        wanted = np.zeros(256, np.bool_)
        wanted[list(tags)] = True
        found: NDArray[np.bool_] = wanted.take(self._tags[: len(self._ids)])
        return found

    def _next(self) -> int:
        slot = len(self._ids)
        if slot == len(self._alive):
            more = max(_ROOM, slot // 4)
            self._alive = np.concatenate([self._alive, np.zeros(more, np.bool_)])
            self._tags = np.concatenate([self._tags, np.zeros(more, np.uint8)])
            self._vectors.grow(slot + more)
        self._ids.append(None)
        return slot


def _largest(values: NDArray[np.uint16], many: int) -> NDArray[np.int64]:
    """Where the `many` largest values stand. So many are alike that counting is far faster than sorting."""
    counts = np.cumsum(np.bincount(values, minlength=1)[::-1])
    least = len(counts) - 1 - int(np.searchsorted(counts, many))
    above = np.flatnonzero(values > max(least, 0))
    equal = np.flatnonzero(values == max(least, 0))
    return np.concatenate([above, equal[: many - len(above)]])

"""Vectors of claims: 384 bytes each to keep, and 48 bytes of signs to find the near ones by."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from claims.encoder import SIZE, ModelDamaged

MODEL = "minilm-l6-v2-int8/1"
"""Names how a vector was made; vectors of another name can't be compared with these."""

_WORDS = SIZE // 64


def encoded(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """A vector of length 1 for each text, float32 [n, 384]; None where there is no encoder to ask."""
    from claims.encoder import embed

    try:
        return embed(texts)
    except (ImportError, ModelDamaged):
        return None


def packed(vector: NDArray[np.float32]) -> bytes:
    """A vector as 384 signed bytes. The cosine of two vectors changes by less than 0.005 through it."""
    longest = float(np.abs(vector).max()) or 1.0
    small = np.rint(vector * (127.0 / longest)).astype(np.int8)
    data: bytes = small.tobytes()
    return data


def unpacked(data: bytes) -> NDArray[np.float32]:
    """What `packed` made bytes of, of length 1 again. Raises ValueError for bytes of another number."""
    if len(data) != SIZE:
        raise ValueError(f"a packed vector has {SIZE} bytes, not {len(data)}")
    vector = np.frombuffer(data, np.int8).astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


Slots = slice | NDArray[np.int64]


class Vectors:
    """The vectors of the claims in an index, by slot; a slot may be without one."""

    def __init__(self) -> None:
        self._bytes = np.zeros((0, SIZE), np.int8)
        self._lengths = np.zeros(0, np.float32)
        # One row for each 64 signs, so that a pass over a row reads memory in order.
        self._signs = np.zeros((_WORDS, 0), np.uint64)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        return self._bytes.nbytes + self._lengths.nbytes + self._signs.nbytes

    def grow(self, size: int) -> None:
        """Make room for this many slots."""
        more = size - len(self._lengths)
        self._bytes = np.concatenate([self._bytes, np.zeros((more, SIZE), np.int8)])
        self._lengths = np.concatenate([self._lengths, np.zeros(more, np.float32)])
        self._signs = np.concatenate([self._signs, np.zeros((_WORDS, more), np.uint64)], axis=1)

    def put(self, slots: Sequence[int], data: Sequence[bytes]) -> None:
        """Keep packed vectors for these slots."""
        rows = np.frombuffer(b"".join(data), np.int8).reshape(-1, SIZE)
        self._bytes[slots] = rows
        self._lengths[slots] = np.linalg.norm(rows.astype(np.float32), axis=1)
        self._signs[:, slots] = _signs(rows).T

    def drop(self, slot: int) -> None:
        """Forget the vector of a slot."""
        self._lengths[slot] = 0

    def at(self, slot: int) -> NDArray[np.float32] | None:
        """The vector of a slot, of length 1."""
        length = self._lengths[slot]
        return self._bytes[slot].astype(np.float32) / length if length else None

    def alike(self, query: NDArray[np.float32], slots: Slots) -> NDArray[np.uint16]:
        """For each of these slots, in how many of 384 signs it agrees with the query; 0 without a vector.

        Vectors whose directions are near agree in most signs (Charikar 2002): a rough cosine in 48 bytes.
        """
        there = self._lengths[slots] != 0
        found = np.full(len(there), SIZE, np.uint16)
        for row, word in zip(self._signs, _signs(query[np.newaxis])[0], strict=True):
            found -= np.bitwise_count(row[slots] ^ word)
        found[~there] = 0
        return found

    def cosines(self, query: NDArray[np.float32], slots: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of the query with each of these slots; NaN for one without a vector."""
        with np.errstate(invalid="ignore"):
            found: NDArray[np.float32] = (self._bytes[slots] @ query) / self._lengths[slots]
        return found


def _signs(rows: NDArray[np.int8] | NDArray[np.float32]) -> NDArray[np.uint64]:
    """Which of 384 numbers are positive, as six words a row."""
    return np.packbits(rows > 0, axis=1).view(np.uint64)

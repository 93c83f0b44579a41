"""The Merkle tree over the log: leaf, node and root hashes as in RFC 6962, section 2.1.

A hash is 32 raw bytes everywhere in this package; a leaf hash stands for its event. The prefix
bytes keep leaves and nodes apart, so that nobody can present a node as an event.
"""

import hashlib
from collections.abc import Iterable
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data); `data` is what `canonical.leaf_bytes` gives."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), of two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in index order, read once and not kept: memory is O(log n)."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


class Frontier:
    """The right edge of a growing tree: the roots of its perfect subtrees, largest first.

    A tree of size n has one for every bit set in n (13 = 8 + 4 + 1), and they are all that is
    needed to append and to give the root. Also called a compact range.
    """

    __slots__ = ("_peaks", "_size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """`peaks`: hashes, largest subtree first; ValueError unless they fit `size`."""
        self._size = size
        self._peaks = list(peaks)
        if size < 0 or len(self._peaks) != size.bit_count():
            raise ValueError(f"{len(self._peaks)} peaks do not make a tree of size {size}")
        for peak in self._peaks:
            _require_hash(peak)

    @property
    def size(self) -> int:
        """How many leaves there are; also the index of the next one."""
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, largest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash; gives its index. Amortised one node hash."""
        _require_hash(leaf)
        index = self._size
        node = leaf
        # Every trailing one bit of the index is a finished subtree of equal height on the left.
        carry = index
        while carry & 1:
            node = node_hash(self._peaks.pop(), node)
            carry >>= 1
        self._peaks.append(node)
        self._size += 1
        return index

    def root(self) -> bytes:
        """The root of the tree as it stands; SHA-256 of nothing when it is empty."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node

    def copy(self) -> "Frontier":
        """An independent one, to try an append on."""
        return Frontier(self._size, self._peaks)

    def to_bytes(self) -> bytes:
        """For storing: the size as 8 bytes, big-endian, then the peaks."""
        return self._size.to_bytes(8) + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """What `to_bytes` wrote; ValueError if it can't be that."""
        if len(stored) < 8 or (len(stored) - 8) % HASH_BYTES:
            raise ValueError(f"{len(stored)} bytes are not a stored frontier")
        peaks = [stored[i : i + HASH_BYTES] for i in range(8, len(stored), HASH_BYTES)]
        return cls(int.from_bytes(stored[:8]), peaks)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Frontier):
            return NotImplemented
        return self._size == other._size and self._peaks == other._peaks

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"Frontier(size={self._size}, root={self.root().hex()})"


def _require_hash(value: bytes) -> None:
    """A leaf's data in place of its hash would give a root that nobody else arrives at."""
    if len(value) != HASH_BYTES:
        raise ValueError(f"a hash has {HASH_BYTES} bytes, not {len(value)}")

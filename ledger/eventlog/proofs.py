"""Inclusion and consistency proofs: made as in RFC 6962, section 2.1; checked as in RFC 9162.

An inclusion proof shows that an event stands at an index of the tree behind a root; a consistency
proof, that a tree only grew since an older root. Both are lists of at most 63 hashes.

The makers first name the ranges of leaves whose roots are the proof, so that a caller that keeps
the hashes of finished subtrees can look them up in place of hashing every leaf again.
"""

from collections.abc import Sequence

from ledger.eventlog.tree import EMPTY_ROOT, HASH_BYTES, node_hash, root


class BadProof(ValueError):
    """The proof does not show what it should; the message says how it fails."""


def inclusion(leaves: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """The proof that leaf `index` is in the tree of the first `size` leaves (default: all),
    from the leaf's sibling upwards. `leaves` are leaf hashes. O(size) hashing.

    ValueError if there is no such leaf or no such tree.
    """
    size = _size_of(leaves, size)
    return [_range_root(leaves, start, end) for start, end in inclusion_ranges(index, size)]


def consistency(leaves: Sequence[bytes], old: int, new: int | None = None) -> list[bytes]:
    """The proof that the tree of the first `new` leaves (default: all) begins with the first
    `old` ones. Empty when `old` is 0 or `new`. ValueError unless 0 <= old <= new.
    """
    new = _size_of(leaves, new)
    return [_range_root(leaves, start, end) for start, end in consistency_ranges(old, new)]


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The half-open ranges of leaves whose roots make up `inclusion`, in its order."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of size {size}")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The half-open ranges of leaves whose roots make up `consistency`, in its order."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of size {new} does not begin with one of size {old}")
    if old == 0:
        return []
    ranges = []
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    # Where the old tree is itself a left subtree, the verifier has its root already.
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def check_inclusion(proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root: bytes) -> None:
    """Return if `proof` shows leaf hash `leaf` at `index` of the tree of `size` with `root`;
    else raise BadProof. RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise BadProof(f"there is no leaf {index} in a tree of size {size}")
    _require_hashes(leaf, root, *proof)
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise BadProof("the proof is too long")
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            # A right edge without a sibling rises unchanged until it is a right child.
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise BadProof("the proof is too short")
    if node != root:
        raise BadProof("the proof leads to another root")


def check_consistency(
    proof: Sequence[bytes], *, old: int, old_root: bytes, new: int, new_root: bytes
) -> None:
    """Return if `proof` shows that the tree of size `new` begins with the tree of size `old`;
    else raise BadProof. RFC 9162, section 2.1.4.2.

    The RFC leaves out `old` = 0: we ask for the empty tree's root and an empty proof.
    """
    _require_hashes(old_root, new_root, *proof)
    if not 0 <= old <= new:
        raise BadProof(f"a tree of size {new} does not begin with one of size {old}")
    for size, its_root in ((old, old_root), (new, new_root)):
        if size == 0 and its_root != EMPTY_ROOT:
            raise BadProof("that is not the root of the empty tree")
    if old in (0, new):
        if proof:
            raise BadProof("the proof is too long")
        if old == new and old_root != new_root:
            raise BadProof("trees of the same size have different roots")
        return
    if not proof:
        raise BadProof("the proof is too short")
    _check_growth(proof, old=old, old_root=old_root, new=new, new_root=new_root)


def _check_growth(proof: Sequence[bytes], *, old: int, old_root: bytes, new: int, new_root: bytes) -> None:
    """The walk itself, for 0 < old < new: up from the old tree's right edge, building both."""
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    in_old = in_new = path[0]
    for node in path[1:]:
        if sn == 0:
            raise BadProof("the proof is too long")
        if fn & 1 or fn == sn:
            in_old, in_new = node_hash(node, in_old), node_hash(node, in_new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            in_new = node_hash(in_new, node)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise BadProof("the proof is too short")
    if in_old != old_root:
        raise BadProof("the proof leads to another old root")
    if in_new != new_root:
        raise BadProof("the proof leads to another new root")


def _split(count: int) -> int:
    """The largest power of two smaller than `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _size_of(leaves: Sequence[bytes], size: int | None) -> int:
    if size is None:
        return len(leaves)
    if size > len(leaves):
        raise ValueError(f"{len(leaves)} leaves do not make a tree of size {size}")
    return size


def _range_root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    return root(leaves[i] for i in range(start, end))


def _require_hashes(*values: bytes) -> None:
    for value in values:
        if len(value) != HASH_BYTES:
            raise BadProof(f"a hash has {HASH_BYTES} bytes, not {len(value)}")

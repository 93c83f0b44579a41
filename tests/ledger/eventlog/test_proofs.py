"""Every proof up to size 70 holds, and none with a bit changed. Published ones: tests/contract/."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.eventlog.proofs import (
    BadProof,
    check_consistency,
    check_inclusion,
    consistency,
    consistency_ranges,
    inclusion,
    inclusion_ranges,
)
from ledger.eventlog.tree import EMPTY_ROOT, root

LEAVES = [hashlib.sha256(b"leaf %d" % i).digest() for i in range(70)]
ROOTS = [root(LEAVES[:n]) for n in range(71)]


def flipped(values, bit):
    """The hashes with one bit changed, counted over all of them."""
    joined = bytearray(b"".join(values))
    joined[bit // 8] ^= 1 << bit % 8
    return [bytes(joined[i : i + 32]) for i in range(0, len(joined), 32)]


@pytest.mark.parametrize("size", range(1, 71))
def test_every_inclusion_proof_holds(size):
    for index in range(size):
        proof = inclusion(LEAVES, index, size)
        check_inclusion(proof, leaf=LEAVES[index], index=index, size=size, root=ROOTS[size])


@pytest.mark.parametrize("new", range(71))
def test_every_consistency_proof_holds(new):
    for old in range(new + 1):
        proof = consistency(LEAVES, old, new)
        check_consistency(proof, old=old, old_root=ROOTS[old], new=new, new_root=ROOTS[new])


@given(st.data())
def test_no_inclusion_proof_survives_a_changed_bit(data):
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    values = [LEAVES[index], ROOTS[size], *inclusion(LEAVES, index, size)]
    leaf, top, *proof = flipped(values, data.draw(st.integers(0, len(values) * 256 - 1)))
    with pytest.raises(BadProof):
        check_inclusion(proof, leaf=leaf, index=index, size=size, root=top)


@given(st.data())
def test_no_inclusion_proof_holds_at_another_index(data):
    size = data.draw(st.integers(2, 70))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    with pytest.raises(BadProof):
        check_inclusion(
            inclusion(LEAVES, index, size), leaf=LEAVES[index], index=other, size=size, root=ROOTS[size]
        )


@given(st.data())
def test_no_consistency_proof_survives_a_changed_bit(data):
    new = data.draw(st.integers(1, 70))
    old = data.draw(st.integers(1, new))
    values = [ROOTS[old], ROOTS[new], *consistency(LEAVES, old, new)]
    old_root, new_root, *proof = flipped(values, data.draw(st.integers(0, len(values) * 256 - 1)))
    with pytest.raises(BadProof):
        check_consistency(proof, old=old, old_root=old_root, new=new, new_root=new_root)


@given(st.data())
def test_no_proof_survives_a_hash_too_many_or_too_few(data):
    new = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, new - 1))
    proof = consistency(LEAVES, old, new)
    place = data.draw(st.integers(0, len(proof) - 1))
    for wrong in (proof[:place] + proof[place + 1 :], [*proof[:place], ROOTS[old], *proof[place:]]):
        with pytest.raises(BadProof):
            check_consistency(wrong, old=old, old_root=ROOTS[old], new=new, new_root=ROOTS[new])


def test_a_rewritten_leaf_breaks_consistency():
    rewritten = [*LEAVES[:3], bytes(32), *LEAVES[4:]]
    with pytest.raises(BadProof, match="old root"):
        check_consistency(
            consistency(rewritten, 20, 60), old=20, old_root=ROOTS[20], new=60, new_root=root(rewritten[:60])
        )


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof"),
    [
        (0, ROOTS[1], 5, ROOTS[5], []),
        (0, EMPTY_ROOT, 5, ROOTS[5], [ROOTS[5]]),
        (0, EMPTY_ROOT, 0, ROOTS[1], []),
        (5, ROOTS[5], 0, EMPTY_ROOT, []),
        (5, ROOTS[5], 4, ROOTS[4], []),
        (5, ROOTS[5], 5, ROOTS[6], []),
        (5, ROOTS[5], 5, ROOTS[5], [ROOTS[5]]),
        (-1, ROOTS[5], 5, ROOTS[5], []),
    ],
)
def test_odd_sizes_show_nothing(old, old_root, new, new_root, proof):
    with pytest.raises(BadProof):
        check_consistency(proof, old=old, old_root=old_root, new=new, new_root=new_root)


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33)])
def test_values_that_are_no_hashes_show_nothing(value):
    with pytest.raises(BadProof, match="32 bytes"):
        check_inclusion([], leaf=value, index=0, size=1, root=value)
    with pytest.raises(BadProof, match="32 bytes"):
        check_consistency([], old=1, old_root=value, new=1, new_root=value)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (0, 71)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match=r"leaf|leaves"):
        inclusion(LEAVES, index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5), (1, 71)])
def test_there_is_no_proof_between_trees_that_are_not_there(old, new):
    with pytest.raises(ValueError, match="tree"):
        consistency(LEAVES, old, new)


def test_the_ranges_of_a_proof_and_its_leaf_make_up_the_whole_tree():
    for size in range(1, 71):
        for index in range(size):
            ranges = sorted([*inclusion_ranges(index, size), (index, index + 1)])
            assert ranges[0][0] == 0
            assert ranges[-1][1] == size
            assert all(before[1] == after[0] for before, after in pairwise(ranges))


def test_a_proof_in_a_huge_log_names_few_ranges():
    assert len(inclusion_ranges(123_456_789, 10**12)) <= 40
    assert len(consistency_ranges(123_456_789, 10**12)) <= 41

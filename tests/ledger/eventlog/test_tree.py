"""The frontier: appending, storing and restoring. The published roots are in tests/contract/."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.eventlog.tree import EMPTY_ROOT, Frontier, node_hash, root

LEAVES = [hashlib.sha256(bytes([i])).digest() for i in range(200)]


def by_definition(leaves):
    """RFC 6962, section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    k = max(2**e for e in range(10) if 2**e < len(leaves))
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def grown(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", range(0, 200, 7))
def test_the_root_is_that_of_the_definition(size):
    assert root(iter(LEAVES[:size])) == by_definition(LEAVES[:size])


def test_append_gives_the_index():
    assert [Frontier().append(LEAVES[0]), grown(5).append(LEAVES[5])] == [0, 5]


@given(st.integers(0, 199), st.integers(0, 199))
def test_a_stored_frontier_goes_on_where_it_stopped(size, more):
    frontier = Frontier.from_bytes(grown(size).to_bytes())
    for leaf in LEAVES[size : size + more]:
        frontier.append(leaf)
    assert frontier == grown(min(size + more, 200))


def test_memory_is_logarithmic():
    assert all(len(grown(size).peaks) == size.bit_count() <= 8 for size in range(200))


def test_a_copy_is_independent():
    frontier = grown(3)
    frontier.copy().append(LEAVES[3])
    assert frontier == grown(3)


@pytest.mark.parametrize("stored", [b"", bytes(7), bytes(9), (3).to_bytes(8) + bytes(32), bytes(40)])
def test_bytes_that_are_no_frontier_are_refused(stored):
    with pytest.raises(ValueError, match=r"frontier|peaks"):
        Frontier.from_bytes(stored)


def test_data_in_place_of_a_leaf_hash_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"{}")

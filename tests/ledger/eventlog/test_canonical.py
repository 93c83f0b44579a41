"""Exact bytes: what is refused, what survives the journey, and the hashes over it."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.eventlog.canonical import (
    MAX_INT,
    NotCanonical,
    canonical,
    canonical_plain,
    leaf_bytes,
    parse,
    patch_hash,
    timestamp,
)

SALT = "00" * 31 + "01"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INT, MAX_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same(value):
    written = canonical(value)
    assert canonical(parse(written)) == written


@given(VALUES)
def test_the_bytes_do_not_depend_on_how_the_json_was_laid_out(value):
    assert canonical(parse(json.dumps(value, indent=2))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"claim": {"c1": {"worth": float("nan")}}}, r"claim\.c1\.worth is nan"),
        ([0, float("-inf")], r"\[1\] is -inf"),
        ({"n": MAX_INT + 1}, r"\.n is an integer beyond"),
        ({"n": -MAX_INT - 1}, r"\.n is an integer beyond"),
        ({"s": "\ud83d"}, r"\.s contains half of a surrogate pair"),
        ({"\ude00": 1}, "key of the value contains half of a surrogate pair"),
        ({1: "one"}, "a key that is not text: 1"),
        ({"at": datetime(2026, 11, 23, tzinfo=UTC)}, r"\.at is a datetime"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(value, message):
    with pytest.raises(NotCanonical, match=message):
        canonical(value)


def test_nesting_too_deep_to_write_is_refused():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="deep"):
        canonical(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}', "NaN", "-Infinity", "1e999", "9007199254740993", "1" * 5000, '"\\ud800"',
        b'"\xff"', b'"\xed\xa0\x80"', "{'a':1}", "[1", "", "1 2", "[" * 100_000,
    ],
)  # fmt: skip
def test_json_that_can_be_read_in_two_ways_is_refused(text):
    with pytest.raises(NotCanonical):
        parse(text)


def test_a_large_float_is_read_back_from_its_digits():
    assert parse(canonical(1e20)) == 1e20


def test_a_patch_hash_covers_salt_and_patch():
    patch = {"claim": {"c1": {"status": "unchecked"}}}
    one = patch_hash(patch, SALT)
    assert one == patch_hash(patch, bytes.fromhex(SALT))
    assert one != patch_hash(patch, "00" * 32)
    assert one != patch_hash({"claim": {"c1": {"status": "checking"}}}, SALT)


@pytest.mark.parametrize("salt", ["", "00" * 31, b"\0" * 33, "zz" * 32])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(ValueError):
        patch_hash({}, salt)


def test_leaf_bytes_are_these():
    leaf = leaf_bytes(
        id="i", stream="claim:c", version=1, kind="claim.found", at="t", actor="system", patch_hash="sha256:0"
    )
    assert leaf == (
        b'{"actor":"system","at":"t","format":"claim-ledger-event/1","id":"i","kind":"claim.found",'
        b'"patch":"sha256:0","stream":"claim:c","version":1}'
    )


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "2026-11-23T00:00:00.000000Z"),
        (
            datetime(2026, 11, 23, 1, 0, 0, 123456, timezone(timedelta(hours=1))),
            "2026-11-23T00:00:00.123456Z",
        ),
    ],
)
def test_timestamps_are_utc_with_microseconds(moment, text):
    assert timestamp(moment) == text


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        timestamp(datetime(2026, 11, 23))  # noqa: DTZ001


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(_PLAIN)
def test_the_fast_way_writes_the_same_bytes_where_there_is_no_float(value):
    assert canonical_plain(value) == canonical(value)


@pytest.mark.parametrize("value", ["\ud800", 2**53, {"a": ["\udfff"]}, {1: 2}, object()])
def test_the_fast_way_refuses_what_the_slow_one_does(value):
    with pytest.raises(NotCanonical):
        canonical_plain(value)
    with pytest.raises(NotCanonical):
        canonical(value)

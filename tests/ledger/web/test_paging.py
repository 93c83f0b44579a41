"""Cursors survive an address, and nothing else is taken for one."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.ids import is_id, new_id
from ledger.web.paging import read_cursor, read_place, write_cursor, write_place

AN_ID = "019ab0d5-0000-7000-8000-0000000000a1"


def test_a_cursor_comes_back_as_it_was():
    key = (datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC), new_id())
    written = write_cursor(key)
    assert read_cursor(written) == key
    assert written.replace("-", "").replace("_", "").isalnum()
    place = (12, new_id())
    assert read_place(write_place(place)) == place


@pytest.mark.parametrize("none", [None, ""])
def test_no_cursor_is_the_first_page(none):
    assert read_cursor(none) is None and read_place(none) is None
    assert write_cursor(None) is None and write_place(None) is None


def _word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


WRONG = [
    "x",
    "é",
    "====",
    "a" * 10_000,
    _word(None),
    _word([]),
    _word({}),
    _word(["2026-11-23", "x"]),
]
WRONG += [
    _word(["0001-01-01T00:00:00+23:59", AN_ID]),
    _word([True, AN_ID]),
    _word([-1, AN_ID]),
    _word([2**31, "x"]),
]


@pytest.mark.parametrize("cursor", WRONG)
@pytest.mark.parametrize("read", [read_cursor, read_place])
def test_a_cursor_of_ones_own_making_is_refused_by_field(read, cursor):
    with pytest.raises(Invalid) as refused:
        read(cursor)
    assert refused.value.field == "after"


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_word_is_a_cursor_or_refused(word):
    for read in (read_cursor, read_place):
        try:
            key = read(word)
        except Invalid:
            continue
        assert key is None or is_id(key[1])

"""The search field's language: what is written is what is read."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.services.terms import Term, parsed, plus, values, without, written

_WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).map(
    lambda text: " ".join(parsed_text(text).split())
)
_KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=8)


def parsed_text(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


_TERMS = st.builds(
    lambda key, found, out: Term(key, tuple(found) if key else (found[0],), out),
    st.one_of(st.just(""), _KEYS),
    st.lists(_WORDS.filter(bool), min_size=1, max_size=3),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("civil rights", [Term("", ("civil",)), Term("", ("rights",))]),
        ('"civil rights"', [Term("", ("civil rights",))]),
        ("“civil rights”", [Term("", ("civil rights",))]),
        ("status:stale,unchecked", [Term("status", ("stale", "unchecked"))]),
        ("-Status:dismissed", [Term("status", ("dismissed",), out=True)]),
        ('publisher:"The Guardian",BBC', [Term("publisher", ("The Guardian", "BBC"))]),
        ("https://example.org/a,b", [Term("", ("https://example.org/a,b",))]),
        ("10:30 - noon", [Term("", ("10:30",)), Term("", ("-",)), Term("", ("noon",))]),
        ("status:", [Term("status", ())]),
        ('"never closed', [Term("", ("never closed",))]),
        (r'"said \"no\""', [Term("", ('said "no"',))]),
        ("worth:>0.6", [Term("worth", (">0.6",))]),
    ],
)
def test_a_search_is_taken_apart(text, terms):
    assert parsed(text) == terms


@given(st.lists(_TERMS, max_size=6))
@example([Term("", ("status:stale",)), Term("", ("-x",), out=True), Term("tag", ("a,b", '"', "\\"))])
def test_what_is_written_is_read_again_as_it_was(terms):
    assert parsed(written(terms)) == terms


@given(st.text(max_size=200))
def test_any_text_has_a_reading_and_keeps_it(text):
    once = parsed(text)
    assert parsed(written(once)) == [term for term in once if term.values or term.key]


@given(st.lists(_TERMS, max_size=5), _KEYS, _WORDS.filter(bool))
def test_a_facet_clicked_twice_leaves_the_search_as_it_was(terms, key, value):
    before = without(terms, key, value)
    clicked = plus(before, key, value)
    assert value.casefold() in values(clicked, key)
    assert value.casefold() not in values(without(clicked, key, value), key)
    assert without(clicked, key, value) == [
        term for term in before if term.key != key or term.out or term.values
    ]


def test_choosing_a_second_value_of_a_key_asks_for_any_of_both():
    assert written(plus(parsed("status:stale x"), "status", "unchecked")) == "status:stale,unchecked x"
    assert written(without(parsed("status:stale,unchecked x"), "status", "STALE")) == "status:unchecked x"
    assert written(without(parsed("status:stale x"), "status")) == "x"

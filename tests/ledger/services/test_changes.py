"""What every edit has in common: words, choices, versions."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid, Outdated, VersionMissing
from ledger.models import Account
from ledger.services.changes import choice, expect, required_text, text_value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  words \n", "words"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("Cafe\u0301", "Café"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("e\x00\u0301", "é"),
        ("\x00 words", "words"),
        ("tab\tstays", "tab\tstays"),
        ("\ud800half", "half"),
        ("نص עברי 数 👩‍🚀", "نص עברי 数 👩‍🚀"),
    ],
)
def test_words_are_kept_composed_trimmed_and_without_control_characters(typed, kept):
    assert text_value(typed, field="note", longest=100) == kept


@pytest.mark.parametrize("nothing", [None, "", "  \n", "\x00", "\u200b\u200d", "\u00a0\u2003", "\ufeff"])
def test_what_shows_nothing_is_nothing(nothing):
    assert text_value(nothing, field="note", longest=10) is None
    with pytest.raises(Invalid) as refused:
        required_text(nothing, field="note", longest=10)
    assert refused.value.field == "note"


@given(st.text(max_size=50))
def test_keeping_words_twice_changes_nothing_and_leaves_nothing_that_a_database_refuses(typed):
    kept = text_value(typed, field="note", longest=200)
    if kept is not None:
        assert text_value(kept, field="note", longest=200) == kept
        assert unicodedata.is_normalized("NFC", kept) and "\x00" not in kept
        kept.encode()


def test_length_is_counted_in_characters_after_composing():
    assert text_value("e\u0301" * 10, field="note", longest=10) == "é" * 10
    with pytest.raises(Invalid, match="at most 10 characters; this has 11"):
        text_value("é" * 11, field="note", longest=10)
    with pytest.raises(Invalid, match="at least 3"):
        text_value("ab", field="statement", longest=10, shortest=3)


def test_a_choice_that_is_none_names_the_ones_there_are():
    assert choice("b", field="letter", among=("a", "b")) == "b"
    with pytest.raises(Invalid, match="a, b") as refused:
        choice("c", field="letter", among=("a", "b"))
    assert refused.value.field == "letter"


def test_an_edit_must_name_the_version_that_stands():
    account = Account(id="x", version=3, email="a@b", name="A", role="reader")
    expect(account, 3)
    with pytest.raises(VersionMissing):
        expect(account, None)
    with pytest.raises(Outdated) as outdated:
        expect(account, 2)
    assert outdated.value.facts["version"] == 3
    assert outdated.value.facts["current"]["name"] == "A"


@given(st.text(max_size=40))
def test_texts_with_nothing_to_take_out_are_kept_as_all_others(typed):
    # What holds a control character goes the long way.
    assert text_value(typed, field="x", longest=200) == text_value("\0" + typed, field="x", longest=200)

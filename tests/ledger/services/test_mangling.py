"""What spreadsheets do to cells by themselves, and that no edit of a person is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.services.mangling import number, same, suspicion

AT = "2026-11-03T09:05:07Z"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("words", "one\ntwo", "one\r\ntwo"),
        ("words", "one ", "one"),
        ("number", "0.62", "0,62"),
        ("number", "3", "3.0"),
        ("integer", "12000", "12.000,0"),
        ("time", AT, "2026-11-03 09:05:07"),
        ("time", AT, "03.11.2026 09:05"),
        ("time", AT, "11/3/26 9:05"),
        ("time", AT, "11/3/2026 9:05:07 AM"),
        ("time", "2026-11-03T21:05:07Z", "11/3/2026 9:05 PM"),
        ("time", AT, "46329.37855"),
    ],
)
def test_what_is_only_written_otherwise_is_the_same(kind: str, before: str, after: str) -> None:
    assert same(kind, before, after)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("words", "0.62", "0,62"),
        ("number", "0.62", "62"),
        ("number", "", "0"),
        ("time", AT, "2026-11-04 09:05"),
        ("time", AT, ""),
        ("word", "a", "A"),
    ],
)
def test_what_is_not(kind: str, before: str, after: str) -> None:
    assert not same(kind, before, after)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("007", "7", "number"),
        ("1,500", "1500", "number"),
        ("1234567890123456", "1.23457E+15", "number"),
        ("1-2", "2-Jan", "date"),
        ("MAR1", "1-Mar", "date"),
        ("3/4", "04.03.2026", "date"),
        ("SEPT 2", "46267", "date"),
        ("2026-11", "Nov-26", "date"),
        ("Said so", "#NAME?", "error"),
        ("Said so", "#####", "error"),
        ("Said so", "Err:509", "error"),
        ("x" * 40_000, "x" * 32_767, "32,767"),
        ("Der Müller – “so”", "Der M?ller ? ?so?", "letters were lost"),
        ("日本 🙂", "?? ??", "letters were lost"),
        ("Der Müller", "Der MÃ¼ller", "wrong encoding"),
        ("“so”", "â€œsoâ€\x9d", "wrong encoding"),
        ("'tis", "tis", "apostrophe"),
    ],
)
def test_what_a_spreadsheet_did_is_named(before: str, after: str, told: str) -> None:
    assert told in (suspicion(before, after) or "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Signed by 242 developers", "Signed by 424 developers"),
        ("It cost 4.2 million", "It cost 4.2 million?"),
        ("2024", "2025"),
        ("Müller said so", "Muller said so"),
        ("Is it so?", "Is it so"),
        ("", "7"),
        ("", "3/4"),
        ("a", ""),
        ("The mayor", "May 1"),
    ],
)
def test_what_a_person_did_is_an_edit(before: str, after: str) -> None:
    assert suspicion(before, after) is None


@given(st.text(), st.text())
def test_any_two_texts_can_be_looked_at(before: str, after: str) -> None:
    suspicion(before, after)
    for kind in ("words", "number", "time"):
        assert same(kind, before, before)
        same(kind, before, after)
    number(after)


@pytest.mark.timeout(20)
def test_long_runs_of_question_marks_take_no_time() -> None:
    for letters in ("日" * 2000, "🙂" * 2000, "é🙂" * 1000):
        assert suspicion(letters, "?" * 3000 + "x") is None
    assert "letters were lost" in (suspicion("🙂" * 2000, "?" * 4000) or "")

"""A CSV that was exported, edited in a spreadsheet and comes back: what of it is an edit."""

import csv
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from ledger.db import Database
from ledger.errors import Invalid
from ledger.export.csv import plain, shielded
from ledger.models import Claim
from ledger.services import changesets, claims, exports, labels, returned
from ledger.services.returned import Found
from ledger.store.claims import Filters
from tests.conftest import People, one_database
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.services.desk import do, kinds, now


def taken(database: Database, **more: Any) -> list[dict[str, str]]:
    """All claims but candidates as an export has them, as a spreadsheet holds them."""
    where = Filters(below=True, where=() if more.pop("guesses", False) else (col(Claim.origin) == "person",))
    data = b"".join(exports.claims_csv(database, where, base_url="https://desk.test", **more))
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def saved(rows: list[dict[str, str]], encoding: str = "utf-8", separator: str = ",") -> io.BytesIO:
    """What a spreadsheet saves."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def read(database: Database, rows: list[dict[str, str]], **more: Any) -> Found:
    raw = more.pop("raw", False)
    with database.read() as session:
        return returned.read(session, saved(rows, **more), raw=raw)


def refused(found: Found) -> dict[str | None, str]:
    return {one.column: one.why for row in found.rows for one in row.refusals}


WORDS = ["=1+1", "'=1+1", "''@SUM", "'plain", "-5 degrees", "＝full", "say “no”, twice\nover", "日本 🙂 é"]


@pytest.mark.parametrize("raw", [False, True])
def test_what_nobody_touched_is_no_edit(database: Database, people: People, raw: bool) -> None:
    make_article(database, people.reviewer, floor=0.0)
    make_verdict(database, people.reviewer, people.editor)
    for n, words in enumerate(WORDS):
        claim = make_claim(database, people.reviewer, text=f"No {n}: 242 builders came.", claimant=words)
        do(
            database,
            claims.reword,
            claim.id,
            by=people.reviewer,
            version=1,
            details={"statement": words + " x"},
        )
        do(
            database,
            labels.tag,
            claim.id,
            by=people.reviewer,
            version=2,
            given=[words.split(",")[0][:30].replace("“", "")],
        )
    rows = taken(database, raw=raw, guesses=True)
    found = read(database, rows, raw=raw)
    assert found.rows == [] and found.read == len(rows) > 10
    # As spreadsheets save it, columns in another order, and one of the desk's own.
    for encoding, separator in (("utf-8-sig", ";"), ("utf-16", "\t")):
        moved = [{"mine": "!", **dict(reversed(row.items()))} for row in reversed(rows)]
        found = read(database, moved, raw=raw, encoding=encoding, separator=separator)
        assert found.rows == [] and found.unknown == ["mine"] and found.missing == []


@given(st.text())
def test_a_guard_is_taken_off_exactly_as_it_was_put_on(words: str) -> None:
    assert plain(shielded(words) or "") == words


@one_database
def test_words_that_begin_like_a_formula_come_back_as_they_are(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    for words in (*WORDS, "'", "''", "+", "\t=x"):
        version = now(database, claim).version
        do(
            database, claims.reword, claim.id, by=people.reviewer, version=version,
            details={"statement": f"{words} …", "claimant": "somebody"},
        )  # fmt: skip
        (row,) = taken(database)
        row["claimant"] = shielded(words) or ""
        (edited,) = read(database, [row]).rows
        (edit,) = edited.edits
        assert (edit.column, edit.wanted) == ("claimant", words.strip())
        row["statement"] = row["statement"].replace("…", "!")
        edits = read(database, [row]).rows[0].edits
        assert [edit.wanted for edit in edits if edit.column == "statement"] == [f"{words} !".strip()]


def test_each_column_that_may_be_changed(database: Database, people: People) -> None:
    make_article(database, people.reviewer, floor=0.0)
    row = next(row for row in taken(database, guesses=True) if row["status"] == "candidate")
    row |= {
        "status": " Unchecked",
        "statement": "Said anew.",
        "kind": "Law or policy",
        "claimant": "The mayor",
    }
    row |= {"tags": "b, A,b", "assignee": "reviewer"}
    (edited,) = read(database, [row]).rows
    values = {edit.column: edit.value for edit in edited.edits}
    assert values == {
        "status": "unchecked", "statement": "Said anew.", "kind": "law_or_policy", "claimant": "The mayor",
        "tags": ["a", "b"], "assignee": people.reviewer.account_id,
    }  # fmt: skip
    assert edited.refusals == [] and edited.number == 2


def test_an_emptied_cell_empties_and_a_missing_column_does_not(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer, claimant="The mayor")
    do(database, labels.tag, claim.id, by=people.reviewer, version=1, given="a, b")
    do(database, claims.assign, claim.id, by=people.reviewer, version=2, to=people.reviewer.account)
    (row,) = taken(database)
    few = {name: row[name] for name in ("version", "claim_id")}
    found = read(database, [few])
    assert found.rows == [] and set(found.missing) == set(returned.EDITABLE)
    (edited,) = read(database, [few | {"claimant": "", "tags": "", "assignee": "", "statement": ""}]).rows
    assert {edit.column: edit.value for edit in edited.edits} == {
        "claimant": None,
        "tags": [],
        "assignee": None,
    }
    assert refused(read(database, [few | {"statement": ""}])) == {"statement": "This can't be left empty."}


@one_database
def test_cells_that_can_t_be_taken_say_why(database: Database, people: People) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    (row,) = taken(database)
    row |= {"status": "refuted", "kind": "rumour", "assignee": "Nobody at all", "tags": 'a "b"'}
    row |= {"article_title": "Mine", "evidence_count": "7", "verdict_label": "False", "span_text": "other"}
    found = read(database, [row])
    why = refused(found)
    assert set(why) == {
        "status", "kind", "assignee", "tags", "article_title", "evidence_count", "verdict_label", "span_text",
    }  # fmt: skip
    assert "Choose one of: quantity" in why["kind"] and "Nobody here is called" in why["assignee"]
    assert "follows from the facts" in why["status"] and "article" in why["article_title"]
    assert not found.rows[0].edits and now(database, claim).version == found.rows[0].version


@one_database
def test_rows_that_can_t_be_taken_say_why(database: Database, people: People) -> None:
    make_claim(database, people.reviewer)
    (row,) = taken(database)
    other = "019ab0d5-0000-7000-8000-00000000dead"
    bad = [
        row | {"claim_id": "", "statement": "New"},
        row | {"claim_id": other, "statement": "Elsewhere"},
        row | {"claim_id": "=1", "statement": "Wild"},
        row | {"version": "x", "statement": "Changed"},
    ]
    found = read(database, [*bad, row | {"version": "9"}])
    assert [(one.number, one.refusals[0].column) for one in found.rows] == [
        (2, None), (3, "claim_id"), (4, "claim_id"), (5, "version"), (6, None),
    ]  # fmt: skip
    twice = read(
        database, [row | {"statement": "One"}, row | {"statement": "Two"}, row | {"statement": "One"}]
    )
    assert [one.edits[0].wanted for one in twice.rows if one.edits] == ["One"]
    assert [one.refusals[0].why[:35] for one in twice.rows if one.refusals] == [
        "The same claim stands in row 2; onl"
    ]


def test_what_others_changed_since_is_no_edit_of_the_file(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    (row,) = taken(database)
    do(
        database,
        claims.reword,
        claim.id,
        by=people.editor,
        version=1,
        details={"statement": "Said otherwise."},
    )
    do(database, labels.tag, claim.id, by=people.editor, version=2, given="a")
    assert read(database, [row]).rows == []
    (edited,) = read(database, [row | {"claimant": "The mayor", "statement": "Mine."}]).rows
    assert edited.version == 1
    assert {edit.column: edit.was for edit in edited.edits} == {"claimant": "", "statement": row["statement"]}


@one_database
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"statement": "x"}], "claim_id"),
        ([{"claim_id": "x"}], "version"),
        ([{"claim_id": "x", "version": "1", " Version ": "1"}], "there twice"),
    ],
)
def test_a_head_that_tells_too_little(database: Database, rows: list[dict[str, str]], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read(database, rows)


@one_database
def test_a_row_with_too_many_cells_is_left(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    data = f"claim_id,version,statement\n{claim.id},1,one, two\n{claim.id},1\n".encode()
    with database.read() as session:
        first, second = returned.read(session, io.BytesIO(data)).rows
    assert "more cells" in first.refusals[0].why
    assert refused(Found("", "", rows=[second])) == {"statement": "This can't be left empty."}


def test_picked_cells_become_ordinary_events(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    other = make_claim(database, people.reviewer, text="Only 242 builders came, no more.")
    rows = taken(database)
    for row in rows:
        row |= {"statement": f"Anew: {row['statement']}", "tags": "x", "assignee": people.reviewer.name}
    found = read(database, rows)
    with database.read() as session:
        judged = changesets.judged(session, found.rows, by=people.reviewer)
    assert changesets.counts(judged)["ready"] == 6
    applied = do(database, changesets.apply, changesets.ready(found.rows, judged), by=people.reviewer)
    assert set(applied.claims) == {claim.id, other.id} and applied.left == {}
    assert kinds(database, claim) == ["claim.added", "claim.reworded", "claim.tagged", "claim.taken"]
    assert applied.last - applied.first == 5
    with database.read() as session:
        again = changesets.judged(session, found.rows, by=people.reviewer)
    assert changesets.counts(again)["done"] == 6


def test_conflicts_are_left_until_a_person_has_seen_both_sides(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    (row,) = taken(database)
    do(
        database,
        claims.reword,
        claim.id,
        by=people.editor,
        version=1,
        details={"statement": "Said otherwise."},
    )
    rows = read(database, [row | {"statement": "Mine.", "claimant": "The mayor"}]).rows
    with database.read() as session:
        judged = changesets.judged(session, rows, by=people.reviewer)
    states = {cell.column: (cell.state, cell.was, cell.now) for cell in judged[0].cells}
    assert states == {
        "statement": ("conflict", row["statement"], "Said otherwise."), "claimant": ("outdated", "", ""),
    }  # fmt: skip
    assert changesets.ready(rows, judged) == []
    seen = changesets.picked(rows, {(claim.id, "statement"): 1})
    assert (
        "since you looked"
        in do(database, changesets.apply, seen, by=people.reviewer).left[claim.id, "statement"]
    )
    seen = changesets.picked(rows, {(claim.id, "statement"): 2})
    assert do(database, changesets.apply, seen, by=people.reviewer).claims == [claim.id]
    assert now(database, claim).statement == "Mine." and now(database, claim).claimant is None


def test_the_rules_of_each_deed_hold(database: Database, people: People) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    rows = read(
        database, [row | {"status": "dismissed", "claimant": "The mayor"} for row in taken(database)]
    ).rows
    with database.read() as session:
        judged = changesets.judged(session, rows, by=people.reviewer)
    assert {cell.column: (cell.state, cell.why) for cell in judged[0].cells} == {
        "status": ("refused", "This claim has a verdict; withdraw it instead."), "claimant": ("ready", ""),
    }  # fmt: skip
    applied = do(database, changesets.apply, changesets.picked(rows, {
        (claim.id, "status"): claim.version, (claim.id, "claimant"): claim.version,
    }), by=people.reviewer)  # fmt: skip
    assert list(applied.left) == [(claim.id, "status")] and applied.changed == [(claim.id, "claimant")]


def test_a_kept_set_comes_back_as_it_was(database: Database, people: People) -> None:
    make_claim(database, people.reviewer)
    found = read(database, [row | {"statement": "Mine.", "kind": "x"} for row in taken(database)])
    kept = do(database, changesets.keep, found, by=people.reviewer, name="mine.csv")
    with database.read() as session:
        again, rows = changesets.get(session, kept.id)
        assert rows == found.rows and again.name == "mine.csv"
        assert [one.id for one in changesets.recent(session)] == [kept.id]


def test_what_was_redacted_can_t_be_compared(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    (row,) = taken(database)
    do(database, claims.reword, claim.id, by=people.editor, version=1, details={"statement": "Theirs."})
    with database.engine.begin() as connection:
        redact = "UPDATE event SET patch = NULL, salt = NULL WHERE stream = :stream AND version = 1"
        connection.execute(sa.text(redact), {"stream": f"claim:{claim.id}"})
    found = read(database, [row | {"statement": "Mine."}])
    assert "redacted" in refused(found)["version"] and not found.rows[0].edits


def test_far_too_many_rows_that_can_t_be_taken(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_claim(database, people.reviewer)
    monkeypatch.setattr(returned, "_TOO_MANY", 3)
    monkeypatch.setattr(returned, "MOST_REFUSED", 1)
    (row,) = taken(database)
    strange = [row | {"claim_id": f"x{n}"} for n in range(4)]
    assert (len(read(database, strange[:3]).rows), read(database, strange[:3]).not_told) == (1, 2)
    with pytest.raises(Invalid, match="an export of here"):
        read(database, strange)


@one_database
def test_more_changes_than_one_file_may_hold(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_claim(database, people.reviewer)
    make_claim(database, people.reviewer, text="Only 242 builders came, no more.")
    monkeypatch.setattr(returned, "MOST", 1)
    with pytest.raises(Invalid, match="in several files"):
        read(database, [row | {"statement": "Mine."} for row in taken(database)])


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@one_database
def test_what_libreoffice_saves_anew_is_no_edit(database: Database, people: People, tmp_path: Path) -> None:
    make_article(database, people.reviewer, floor=0.0)
    make_verdict(database, people.reviewer, people.editor)
    for n, words in enumerate(WORDS):
        make_claim(database, people.reviewer, text=f"No {n}: 242 builders came.", claimant=words)
    data = b"".join(exports.claims_csv(database, Filters(below=True), base_url="https://desk.test"))
    (tmp_path / "claims.csv").write_bytes(data)
    home, kind = f"-env:UserInstallation=file://{tmp_path}/home", "csv:Text - txt - csv (StarCalc)"
    subprocess.run(
        [
            "soffice", home, "--headless", "--infilter=CSV:44,34,76,1,,1033,false,true",
            "--convert-to", f"{kind}:59,34,76,1,,1033,false,true", "--outdir", str(tmp_path / "out"),
            str(tmp_path / "claims.csv"),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with database.read() as session, (tmp_path / "out" / "claims.csv").open("rb") as file:
        found = returned.read(session, file)
    assert found.separator == "semicolon" and found.read > 10 and found.rows == []

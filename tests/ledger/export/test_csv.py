"""CSV of claims: what stands in it, that it opens safely, and that size does not matter."""

import csv
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session

from ledger import clock
from ledger.db import Database
from ledger.export.csv import plain, shielded
from ledger.models import Claim
from ledger.services import claims, evidence, exports, labels, verdicts
from ledger.store import exports as store
from ledger.store.claims import Filters
from tests.conftest import People
from tests.factories import make_article, make_claim, make_evidence, make_verdict
from tests.ledger.export.crowd import make_crowd

WILD = 'He said: "5, 6"\r\nand — 👩‍🚀 مرحبا\tthen left\n=1+1'


def _rows(database: Database, filters: Filters | None = None, **options: bool) -> list[dict[str, str]]:
    data = b"".join(
        exports.claims_csv(database, filters or Filters(), base_url="https://l.example", **options)
    )
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _one(database: Database, claim: Claim, **options: bool) -> dict[str, str]:
    return next(row for row in _rows(database, **options) if row["claim_id"] == claim.id)


def test_a_settled_claim_says_all_that_an_analyst_asks(database: Database, people: People) -> None:
    claim, verdict = make_verdict(database, people.reviewer, people.editor)

    row = _one(database, claim)

    assert list(row)[:3] == ["claim_id", "version", "status"] and len(row) == 39
    assert row["status"] == "supported" and row["version"] == str(claim.version)
    assert row["statement"] == row["span_text"] == "242 builders"
    assert int(row["end"]) - int(row["start"]) == len("242 builders")
    assert row["prefix"].endswith("signed with ") and row["suffix"].startswith(",”")
    assert row["appearances"] == "1" and row["revision"] == "1"
    assert row["article_title"] == "Council opens new bridge"
    assert (row["verdict_label"], row["verdict_code"]) == (verdict.label, "supported")
    assert (row["verdict_scale"], row["verdict_number"]) == ("ledger/1", "5")
    assert row["rationale"] == "It says so." and row["override"] == ""
    assert (row["proposed_by"], row["signed_by"]) == ("Reviewer", "Editor")
    assert row["evidence_count"] == "1"
    assert row["evidence"] == "supports https://example.org/source — 242 builders"
    assert row["settled_at"].endswith("Z") and row["created_at"] <= row["updated_at"]
    assert row["permalink"] == f"https://l.example/claims/{claim.id}"


def test_tags_and_the_date_stand_at_the_end(database: Database, people: People) -> None:
    make_article(database, people.reviewer, due_at="2090-12-01", floor=0.0)
    claim = make_claim(database, people.reviewer)
    with database.write() as session:
        labels.tag(session, claim.id, by=people.reviewer, version=1, given=["-urgent", "budget"])

    row = _one(database, claim)

    assert list(row)[-2:] == ["tags", "due_at"]
    assert row["tags"] == "'-urgent, budget" and row["due_at"] == "2090-12-01T23:59:59Z"
    assert _one(database, claim, raw=True)["tags"] == "-urgent, budget"


def test_a_candidate_has_reasons_and_no_verdict(database: Database, people: People) -> None:
    make_article(database, people.reviewer)

    rows = _rows(database)

    assert rows and {row["status"] for row in rows} == {"candidate"}
    assert all(0 <= float(row["score"]) <= 1 and row["reasons"] for row in rows)
    assert {row["verdict_label"] + row["verdict_number"] + row["signed_by"] for row in rows} == {""}


def test_a_proposal_is_no_verdict_yet(database: Database, people: People) -> None:
    claim, _ = make_verdict(database, people.reviewer)

    row = _one(database, claim)

    assert row["status"] == "proposed" and row["verdict_label"] == "" and row["assignee"] == "Reviewer"


def test_one_who_signs_alone_is_shown_with_the_reason(database: Database, people: People) -> None:
    claim, verdict = make_verdict(database, people.editor)
    with database.write() as session:
        verdicts.sign(
            session, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=verdicts.Policy(),
            note="Nobody else is on duty.", override=True,
        )  # fmt: skip

    assert _one(database, claim)["override"] == "Nobody else is on duty."


def test_evidence_that_was_taken_back_does_not_count(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    piece = make_evidence(database, people.reviewer, claim)
    make_evidence(database, people.reviewer, claim, url="https://example.org/b", stance="refutes", quote=None)
    with database.write() as session:
        evidence.withdraw(session, piece.id, by=people.reviewer, version=piece.version, reason="wrong page")

    row = _one(database, claim)

    assert (row["evidence_count"], row["evidence"]) == ("1", "refutes https://example.org/b")


def test_a_withdrawn_claim_has_its_note(database: Database, people: People) -> None:
    claim = make_claim(database, people.editor)
    with database.write() as session:
        claims.withdraw(session, claim.id, by=people.editor, version=claim.version, note="A hoax.")

    row = _one(database, claim)

    assert (row["status"], row["withdrawn_note"]) == ("withdrawn", "A hoax.") and row["withdrawn_at"]


def test_quotes_commas_line_breaks_and_every_script_come_back_as_they_are(
    database: Database, people: People
) -> None:
    claim = make_claim(database, people.reviewer)
    with database.write() as session:
        claims.reword(session, claim.id, by=people.reviewer, version=1, details={"statement": WILD})
    make_evidence(database, people.reviewer, claim, quote=WILD, title=WILD)
    with database.read() as session:
        stored = session.get_one(Claim, claim.id).statement

    row = _one(database, claim)

    assert row["statement"] == stored and "👩‍🚀 مرحبا" in stored
    assert row["evidence"].endswith(stored)


def test_lines_end_as_the_standard_says(database: Database, people: People) -> None:
    make_claim(database, people.reviewer)

    data = b"".join(exports.claims_csv(database, Filters(), base_url="https://l.example"))

    assert data.startswith(b"claim_id,version,") and data.endswith(b"\r\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert {len(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))} == {39}


def test_excel_gets_its_mark_on_request(database: Database) -> None:
    assert b"".join(exports.claims_csv(database, Filters(), base_url="", bom=True)).startswith(
        b"\xef\xbb\xbfclaim_id"
    )


def test_no_cell_of_words_is_a_formula(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    for version, start in enumerate("=+-@＝＋－＠", 1):
        words = f'{start}HYPERLINK("http://evil.example";"click")'
        with database.write() as session:
            claims.reword(session, claim.id, by=people.reviewer, version=version, details={"claimant": words})

        assert _one(database, claim)["claimant"] == f"'{words}", start
        assert _one(database, claim, raw=True)["claimant"] == words, start


@given(st.text(alphabet="'=+-@\t\r\n\0＝＋－＠a 1", max_size=6))
def test_the_apostrophe_comes_off_again_exactly(words: str) -> None:
    cell = shielded(words)

    assert cell is not None and plain(cell) == words
    assert not cell.startswith(tuple("=+-@\t\r\n\0＝＋－＠"))


def test_the_list_s_filters_narrow_it(database: Database, people: People) -> None:
    settled, _ = make_verdict(database, people.reviewer, people.editor)
    other = make_claim(
        database, people.reviewer, "12 towns", text="It was paid for by 12 towns in 2024, they said."
    )

    def found(**filters: object) -> set[str]:
        return {row["claim_id"] for row in _rows(database, Filters(**filters))}

    assert found(status=("supported",)) == {settled.id}
    assert other.id in found(q="12 TOWNS") and settled.id not in found(q="12 TOWNS")
    assert found(updated_since=clock.now() + timedelta(hours=1)) == set()
    assert settled.id in found(kind=(settled.kind,))
    with database.read() as session:
        article = session.execute(
            sa.text("SELECT article_id FROM appearance WHERE claim_id = :id"), {"id": other.id}
        )
        assert other.id in (ids := found(article_id=article.scalar_one())) and settled.id not in ids


def test_a_fault_is_raised_before_the_first_byte(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE appearance RENAME TO elsewhere")
        connection.exec_driver_sql("ALTER TABLE claim RENAME TO gone")
        connection.commit()

    with pytest.raises(sa.exc.DatabaseError):
        exports.claims_csv(database, Filters(), base_url="")


def _resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_a_crowd_takes_few_queries_no_memory_and_is_of_one_moment(database: Database, people: People) -> None:
    number = 8_000 if database.is_sqlite else 3_000
    make_crowd(database, people.reviewer, people.editor, number)
    queries: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
    b"".join(exports.claims_csv(database, Filters(q="nothing like that"), base_url=""))
    queries.clear()

    pieces = exports.claims_csv(database, Filters(), base_url="https://l.example")
    first = next(pieces)
    # What a person waits for comes with the first few rows.
    assert len(first) < 20_000 and len(queries) <= 8
    before, highest, size, seen = _resident(), 0, len(first), first.count(b"/claims/")
    with database.write() as session:
        oldest = session.execute(sa.select(Claim).order_by(Claim.created_at, Claim.id).limit(1)).scalar_one()
        claims.reword(
            session, oldest.id, by=people.reviewer, version=1, details={"statement": "changed meanwhile"}
        )
    for piece in pieces:
        assert len(piece) < 80_000 and b"changed meanwhile" not in piece
        highest, size, seen = max(highest, _resident()), size + len(piece), seen + piece.count(b"/claims/")

    assert seen == number and size > number * 500
    # All of it in memory would be twice as much on SQLite.
    assert highest - before < 3_500_000, f"{highest - before:,} bytes"
    assert len(queries) < number / 500 * 6 + 20


def test_a_reader_who_leaves_gives_the_connection_back(database: Database, people: People) -> None:
    make_crowd(database, people.reviewer, people.editor, 200)
    # The connection that writes is kept.
    kept = database.engine.pool.checkedout()
    pieces = exports.claims_csv(database, Filters(), base_url="")
    next(pieces)
    assert database.engine.pool.checkedout() == kept + 1

    del pieces

    assert database.engine.pool.checkedout() == kept


def test_the_api_answers_it_as_a_file(client, people: People, database: Database) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.editor)

    response = client.get("/api/v1/claims.csv?status=supported&bom=true", headers=people.token("reader"))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="claims-20')
    (row,) = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline=""))
    assert row["claim_id"] == claim.id and row["permalink"].startswith("http://127.0.0.1:8000/claims/")


def test_the_api_refuses_before_it_streams(client, people: People) -> None:
    assert client.get("/api/v1/claims.csv").status_code == 401
    wrong = client.get("/api/v1/claims.csv?status=nonsense", headers=people.token("reader"))
    assert wrong.status_code == 422 and wrong.json["errors"]
    assert client.get("/api/v1/claims.csv?colour=red", headers=people.token("reader")).status_code == 422


@pytest.mark.parametrize("table", ["appearances", "evidence", "verdicts", "events"])
def test_rows_of_few_claims_are_those_that_going_through_a_table_finds(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    make_crowd(database, people.reviewer, people.editor, 40)
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    settled = Filters(below=True, where=(sa.or_(Claim.status == "supported", Claim.id == claim.id),))

    def lines(session: Session) -> list[str]:
        return [line for some in store.lines(session, table, settled) for line in some]

    with database.read() as session:
        few = lines(session)
        monkeypatch.setattr(store, "FEW", 0)
        many = lines(session)
        everything = [line for some in store.lines(session, table, Filters(below=True)) for line in some]
    assert few == many
    assert any(claim.id in line for line in few) and len(few) <= len(everything)


def test_what_belongs_to_few_claims_is_looked_up(database: Database, people: People) -> None:
    claim = make_claim(database, people.reviewer)
    one = Filters(below=True, where=(Claim.id == claim.id,))
    if database.engine.dialect.name != "sqlite":
        pytest.skip("the other database plans by the size of its tables")
    with database.read() as session:
        for table in store.TABLES[1:]:
            query = store.ordered(session, table, [store.columns(session, table)[0].value], one)
            words = query.compile(session.connection(), compile_kwargs={"literal_binds": True}).string
            plan = [row[-1] for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {words}"))]
            assert not any(step.startswith("SCAN") for step in plan), (table, plan)

"""POST /claims:changes: an export that was edited and comes back."""

import csv
import io

import pytest

from ledger.api.changesets import _row
from ledger.schemas.changesets import ChangedRowOut
from ledger.services import changesets, claims, labels, verification
from ledger.services.returned import Edit, Refusal, Row
from ledger.store import events
from tests.conftest import one_database
from tests.factories import make_claim, make_verdict
from tests.ledger.api.helpers import ok, post
from tests.ledger.services.desk import do, kinds, now

URL = "/api/v1/claims:changes"


def taken(client, who, **query):
    answer = client.get("/api/v1/claims.csv", query_string={"status": "unchecked", **query}, headers=who)
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def saved(rows, encoding="utf-8", separator=","):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def send(client, who, body, status=200, kind="text/csv", headers=None, **query):
    response = client.post(
        URL, data=body, headers={**who, "Content-Type": kind, **(headers or {})}, query_string=query
    )
    return ok(response, status)


@pytest.fixture
def who(people):
    return people.token("reviewer")


def test_a_dry_run_tells_and_changes_nothing_then_it_is_done_and_undone(client, people, database, who):
    claim = make_claim(database, people.reviewer)
    rows = [row | {"statement": "=SUM(1)", "tags": "budget", "mine": "x"} for row in taken(client, who)]
    body = saved(rows, "utf-16", "\t")
    with database.read() as session:
        size = events.size(session)

    told = send(client, who, body, dry_run="true", kind="text/tab-separated-values")
    assert (told["encoding"], told["separator"], told["read"]) == ("UTF-16", "tab", 1)
    assert told["counts"] == {"ready": 2, "outdated": 0, "conflict": 0, "done": 0, "refused": 0, "applied": 0}
    assert told["unknown_columns"] == ["mine"] and told["missing_columns"] == [] and told["first"] is None
    assert [(cell["column"], cell["state"]) for cell in told["rows"][0]["cells"]] == [
        ("statement", "ready"), ("tags", "ready"),
    ]  # fmt: skip
    with database.read() as session:
        assert events.size(session) == size

    done = send(client, who, body)
    assert done["counts"]["applied"] == 2 and done["claims"] == 1 and done["last"] == done["first"] + 1
    assert kinds(database, claim) == ["claim.added", "claim.reworded", "claim.tagged"]
    assert now(database, claim).statement == "=SUM(1)"
    # The same file once more asks for nothing.
    again = send(client, who, body)
    assert again["rows"] == [] and again["first"] is None
    ok(post(client, "/undo", who, {"first": done["first"], "last": done["last"]}))
    assert now(database, claim).tags is None and now(database, claim).statement == claim.statement
    with database.read() as session:
        assert verification.verify(session).sound


def test_conflicts_and_refusals_are_told_beside_what_is_done(client, people, database, who):
    first = make_claim(database, people.reviewer)
    make_claim(database, people.reviewer, text="Only 242 builders came, no more.")
    rows = [row | {"statement": "Mine.", "article_title": "Mine"} for row in taken(client, who)]
    do(database, claims.reword, first.id, by=people.editor, version=1, details={"statement": "Theirs."})

    whole = send(client, who, saved(rows), 409, atomic="true")
    assert "1 cells are of claims that changed" in whole["detail"] and now(database, first).version == 2
    told = send(client, who, saved(rows))
    assert told["claims"] == 1
    cells = {row["claim_id"] == first.id: row["cells"][0] for row in told["rows"]}
    assert cells[True]["state"] == "conflict" and cells[True]["now"] == "Theirs."
    assert cells[False]["state"] == "applied"
    (refused,) = [one for row in told["rows"] for one in row["refusals"]]
    assert refused["column"] == "article_title" and refused["wanted"] == "Mine"
    # Whoever has seen both sides names the version that stands.
    rows = [
        row | {"version": "2", "article_title": row["article_title"]}
        for row in rows
        if row["claim_id"] == first.id
    ]
    assert (
        send(client, who, saved([{k: r[k] for k in ("claim_id", "version", "statement")} for r in rows]))[
            "claims"
        ]
        == 1
    )
    assert now(database, first).statement == "Mine."


def test_sent_twice_with_a_key_it_is_done_once(client, people, database, who):
    make_claim(database, people.reviewer)
    body = saved([row | {"tags": "a"} for row in taken(client, who)])
    first = send(client, who, body, headers={"Idempotency-Key": "k1"})
    assert first["claims"] == 1 and send(client, who, body, headers={"Idempotency-Key": "k1"}) == first


@one_database
@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        (b"", "text/csv", 422, "empty"),
        (b"PK\x03\x04", "text/csv", 422, "CSV UTF-8"),
        (b"a,b\n1,2", "text/csv", 422, "claim_id"),
        (b"{}", "application/json", 415, "text/csv"),
        (b'claim_id,version\n"', "application/octet-stream", 422, "Row 2"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_remedy(client, who, body, kind, status, told):
    problem = send(client, who, body, status, kind=kind)
    assert told in problem["detail"] + str(problem.get("errors"))


@one_database
def test_readers_may_not(client, people):
    send(client, people.token("reader"), b"claim_id,version\n", 403)


@one_database
def test_a_file_without_rows_changes_nothing(client, who):
    assert send(client, who, b"claim_id,version\r\n")["rows"] == []


@one_database
def test_too_many_claims_at_once(client, people, database, who, monkeypatch):
    make_claim(database, people.reviewer)
    body = saved([row | {"tags": "a"} for row in taken(client, who)])
    monkeypatch.setattr(changesets, "MOST", 0)
    assert "at most" in send(client, who, body, 422)["detail"]


@one_database
def test_rows_are_written_as_their_schema_says(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    do(database, labels.tag, claim.id, by=people.reviewer, version=claim.version, given="a")
    row = Row(3, claim.id, 1, [Edit("tags", "", "b", ["b"])], [Refusal(None, "x", "why")])
    with database.read() as session:
        (judged,) = changesets.judged(session, [row], by=people.reviewer)
    assert _row(judged) == ChangedRowOut().dump(judged)

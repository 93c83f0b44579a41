"""Taking claims out by the API: formats, packing, the ETag of a place in the log, and going on with the rest."""

import gzip
import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient

from ledger.db import Database
from ledger.ids import new_id
from ledger.services import claims
from tests.conftest import People
from tests.factories import make_article, make_claim
from tests.ledger.api.helpers import V1, get, ok
from tests.ledger.export.crowd import make_crowd

TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def test_each_format_is_a_file_of_the_same_claims(
    client: FlaskClient, people: People, database: Database
) -> None:
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    make_article(database, people.reviewer, floor=0.0)
    answers = {ending: get(client, f"/claims.{ending}?status=unchecked", who) for ending in TYPES}

    for ending, answer in answers.items():
        assert answer.status_code == 200 and answer.headers["Content-Type"] == TYPES[ending]
        assert answer.headers["Content-Disposition"].endswith(f'.{ending}"') and answer.headers["ETag"]
    assert json.loads(answers["jsonl"].data)["claim_id"] == claim.id
    assert answers["csv"].data.count(b"\r\n") == 2 and claim.id.encode() in answers["csv"].data
    package = zipfile.ZipFile(io.BytesIO(answers["zip"].data))
    assert claim.id in package.read("appearances.csv").decode()
    sheet = zipfile.ZipFile(io.BytesIO(answers["xlsx"].data)).read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<row>") == 2


@pytest.mark.parametrize("ending", TYPES)
def test_an_empty_ledger_gives_an_empty_file(client: FlaskClient, people: People, ending: str) -> None:
    answer = get(client, f"/claims.{ending}", people.token("reader"))

    assert answer.status_code == 200
    if ending in ("xlsx", "zip"):
        assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    else:
        assert answer.data.count(b"\n") == (1 if ending == "csv" else 0)


@pytest.mark.parametrize("ending", TYPES)
def test_who_has_it_gets_304_until_something_is_written(
    client: FlaskClient, people: People, database: Database, ending: str
) -> None:
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    place = f"/claims.{ending}"
    tag = get(client, place, who).headers["ETag"]

    again = get(client, place, who | {"If-None-Match": tag})
    assert again.status_code == 304 and not again.data and again.headers["ETag"] == tag
    assert get(client, place + "?status=stale", who | {"If-None-Match": tag}).status_code == 200
    with database.write() as session:
        claims.reword(session, claim.id, by=people.reviewer, version=1, details={"statement": "Another one."})
    assert get(client, place, who | {"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_rest_follows_the_last_claim_that_one_has(
    client: FlaskClient, people: People, database: Database, ending: str
) -> None:
    make_crowd(database, people.reviewer, people.editor, 60)
    who, place = people.token("reader"), f"/claims.{ending}?kind=quantity"
    whole = get(client, place, who)
    head, end = (1, "\r\n") if ending == "csv" else (0, "\n")
    lines = [line + end for line in whole.data.decode().split(end)[:-1]]
    assert len(lines) == 60 + head

    for had in (1, 37, 60):
        kept = lines[: had + head]
        last = kept[-1][:36] if ending == "csv" else json.loads(kept[-1])["claim_id"]
        rest = get(client, f"{place}&after={last}", who | {"If-Match": whole.headers["ETag"]})
        assert rest.status_code == 200 and "".join(kept) + rest.text == whole.text


def test_a_rest_of_another_state_is_refused_to_who_asks_for_the_same(
    client: FlaskClient, people: People, database: Database
) -> None:
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    tag = get(client, "/claims.csv", who).headers["ETag"]
    with database.write() as session:
        claims.reword(session, claim.id, by=people.reviewer, version=1, details={"statement": "Another one."})

    place = f"/claims.csv?after={claim.id}"
    assert ok(get(client, place, who | {"If-Match": tag}), 412)["code"] == "outdated"
    assert get(client, place, who).status_code == 200
    assert database.engine.pool.checkedout() == 0


def test_a_packed_file_says_so_in_its_name(client: FlaskClient, people: People, database: Database) -> None:
    make_claim(database, people.reviewer)
    who = people.token("reader")

    answer = get(client, "/claims.jsonl?compress=gzip", who | {"Accept-Encoding": "zstd, gzip"})

    assert answer.headers["Content-Type"] == "application/gzip" and "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Disposition"].endswith('.jsonl.gz"')
    assert gzip.decompress(answer.data) == get(client, "/claims.jsonl", who).data


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("claims.csv?compress=rar", "compress"),
        ("claims.xlsx?compress=gzip", "compress"),
        ("claims.zip?after=01a2060b-e223-782a-96f6-dd90419789f1", "after"),
        ("claims.csv?after=", "after"),
        ("claims.jsonl?after=01a2060b-e223-782a-96f6-dd90419789f1", "after"),
        ("claims.jsonl?raw=true", "raw"),
        ("claims.zip?search=colour:red", "search"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(
    client: FlaskClient, people: People, place: str, field: str
) -> None:
    problem = ok(get(client, f"/{place}", people.token("reader")), 422)
    assert problem["errors"][0]["pointer"] == f"#/{field}"


def test_an_unknown_claim_is_nothing_to_go_on_from(client: FlaskClient, people: People) -> None:
    problem = ok(get(client, f"/claims.csv?after={new_id()}", people.token("reader")), 422)
    assert "claim_id" in problem["detail"]


def test_a_stranger_takes_nothing_out(client: FlaskClient) -> None:
    for ending in TYPES:
        assert client.get(f"{V1}/claims.{ending}").status_code == 401

"""Taking claims out by the API: formats, packing, the ETag of a place in the log, and going on with the rest."""

import csv
import gzip
import io
import json
import re
import tracemalloc
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
import sqlmodel
from flask.testing import FlaskClient

from ledger.db import Database
from ledger.ids import new_id
from ledger.models import Appearance, Claim
from ledger.services import claims, exports
from tests.conftest import People, one_database
from tests.factories import make_article, make_claim
from tests.ledger.api.helpers import V1, get, ok
from tests.ledger.api.published import make_world
from tests.ledger.export.crowd import make_crowd

TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "claimreview.json": "application/ld+json",
    "annotations.json": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
}
PACKED = ("xlsx", "zip")


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
    (place,) = items(answers["annotations.json"])
    assert place["target"]["selector"][0]["exact"] == "242 builders"
    assert items(answers["claimreview.json"]) == [], "nothing is settled"


def items(answer: Any) -> list[dict[str, Any]]:
    """What stands in a DataFeed or in a collection of annotations."""
    told = json.loads(answer.data)
    if told["type" if "type" in told else "@type"] == "DataFeed":
        return told["dataFeedElement"]
    assert told["total"] == len(told["first"]["items"])
    return told["first"]["items"]


@one_database
@pytest.mark.parametrize("ending", TYPES)
def test_an_empty_ledger_gives_an_empty_file(client: FlaskClient, people: People, ending: str) -> None:
    answer = get(client, f"/claims.{ending}", people.token("reader"))

    assert answer.status_code == 200
    if ending in PACKED:
        assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    elif ending.endswith("json"):
        assert items(answer) == []
    else:
        assert answer.data.count(b"\n") == (1 if ending == "csv" else 0)


@one_database
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


def rows(answer: Any, ending: str) -> list[str]:
    """Of what the file tells, in its order: the claims' ids, or those of their places."""
    if ending == "xlsx":
        sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
        return re.findall(r'<row><c t="inlineStr"><is><t xml:space="preserve">([^<]{36})<', sheet)
    if ending == "zip":
        table = zipfile.ZipFile(io.BytesIO(answer.data)).read("claims.csv").decode()
        return [line[:36] for line in table.split("\r\n")[1:-1]]
    if ending.endswith("json"):
        return [item.get("url", item.get("id"))[-36:] for item in items(answer)]
    lines = answer.text.splitlines()
    return [line[:36] if ending == "csv" else json.loads(line)["claim_id"] for line in lines]


@pytest.mark.parametrize("ending", [ending for ending in TYPES if ending != "csv"])
def test_parts_are_files_of_their_own_and_together_the_whole(
    client: FlaskClient, people: People, database: Database, ending: str
) -> None:
    make_crowd(database, people.reviewer, people.editor, 12)
    who, place = people.token("reader"), f"/claims.{ending}?kind=quantity"
    whole = rows(get(client, place, who), ending)
    assert len(whole) == (6 if ending.startswith("claimreview") else 12)

    parts, asked = [], f"{V1}{place}&limit=5"
    while asked:
        answer = client.get(asked, headers=who)
        parts.append(rows(answer, ending))
        asked = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')

    assert [id for part in parts for id in part] == whole and {len(part) for part in parts[:-1]} == {5}
    assert rows(get(client, f"{place}&after={whole[3]}", who), ending) == whole[4:]


def test_a_part_of_a_package_holds_what_belongs_to_its_claims_and_no_more(
    client: FlaskClient, people: People, database: Database
) -> None:
    make_crowd(database, people.reviewer, people.editor, 8)
    answer = get(client, "/claims.zip?limit=3&kind=quantity", people.token("reader"))

    package = zipfile.ZipFile(io.BytesIO(answer.data))
    ids = set(rows(answer, "zip"))
    for name in ("appearances.csv", "evidence.csv", "verdicts.csv"):
        found = csv.DictReader(io.StringIO(package.read(name).decode(), newline=""))
        assert {row["claim_id"] for row in found} <= ids and len(ids) == 3, name


def test_others_formats_say_what_their_own_routes_say(
    client: FlaskClient, people: People, database: Database
) -> None:
    world, who = make_world(database, people), people.token("reader")

    feed = items(get(client, "/claims.claimreview.json", who))
    routes = json.loads(get(client, "/claimreviews", who).data)["dataFeedElement"]
    at = "http://127.0.0.1:8000"
    assert json.loads(json.dumps(routes).replace("http://localhost", at)) == feed and len(feed) == 2
    places = items(get(client, "/claims.annotations.json", who))
    assert [one["id"].startswith(f"{at}/api/v1/annotations/") for one in places] == [True] * 3
    own = json.loads(get(client, places[0]["id"].removeprefix(f"{at}/api/v1"), who).data)
    del own["@context"]
    assert json.loads(json.dumps(own).replace("http://localhost", at)) == places[0]
    assert [
        one["motivation"]
        for one in items(get(client, "/claims.annotations.json?search=status:unchecked", who))
    ] == ["highlighting"]
    assert world.checked.id in feed[1]["url"]


@one_database
def test_many_annotations_take_no_more_memory_than_few(database: Database, people: People) -> None:
    make_crowd(database, people.reviewer, people.editor, 900)

    def measured(limit: int) -> tuple[int, int, int]:
        wish = exports.Wish("annotations", base_url="https://l.example", limit=limit)
        tracemalloc.start()
        size = number = 0
        for piece in exports.taken(database, wish).pieces:
            size, number = size + len(piece), number + piece.count(b'"SpecificResource"')
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return number, size, peak

    measured(250)
    few, _, small = measured(250)
    number, size, large = measured(10_000)
    assert (few, number) == (250, 900) and size > 900_000
    assert large < small + 300_000


def test_a_claim_with_many_places_is_gone_on_with_in_its_midst(
    client: FlaskClient, people: People, database: Database
) -> None:
    make_crowd(database, people.reviewer, people.editor, 4, in_article=1)
    who, where = people.token("reader"), "/claims.annotations.json"
    with database.write() as session:
        table: Any = Appearance
        first, second, *_ = session.exec(sqlmodel.select(Claim.id).order_by(sqlmodel.col(Claim.id)))
        of_second = sqlmodel.col(Appearance.claim_id) == second
        session.connection().execute(sa.update(table.__table__).where(of_second).values(claim_id=first))
    whole = rows(get(client, where, who), "json")
    assert len(whole) == 4

    for number, last in enumerate(whole):
        assert rows(get(client, f"{where}?after={last}", who), "json") == whole[number + 1 :]


def test_a_rest_of_another_state_is_refused_to_who_asks_for_the_same(
    client: FlaskClient, people: People, database: Database
) -> None:
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    tag = get(client, "/claims.csv", who).headers["ETag"]
    with database.write() as session:
        claims.reword(session, claim.id, by=people.reviewer, version=1, details={"statement": "Another one."})

    place, kept = f"/claims.csv?after={claim.id}", database.engine.pool.checkedout()
    assert ok(get(client, place, who | {"If-Match": tag}), 412)["code"] == "outdated"
    for free in ({}, {"If-Match": "*"}):
        assert get(client, place, who | free).status_code == 200
    assert get(client, place, who | {"If-Match": 'W/""'}).status_code == 412
    assert database.engine.pool.checkedout() == kept


def test_a_packed_file_says_so_in_its_name(client: FlaskClient, people: People, database: Database) -> None:
    make_claim(database, people.reviewer)
    who = people.token("reader")

    answer = get(client, "/claims.jsonl?compress=gzip", who | {"Accept-Encoding": "zstd, gzip"})

    assert answer.headers["Content-Type"] == "application/gzip" and "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Disposition"].endswith('.jsonl.gz"')
    assert gzip.decompress(answer.data) == get(client, "/claims.jsonl", who).data


@one_database
@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("claims.csv?compress=rar", "compress"),
        ("claims.xlsx?compress=gzip", "compress"),
        ("claims.zip?compress=zstd", "compress"),
        ("claims.zip?after=01a2060b-e223-782a-96f6-dd90419789f1", "after"),
        ("claims.annotations.json?after=01a2060b-e223-782a-96f6-dd90419789f1", "after"),
        ("claims.claimreview.json?raw=true", "raw"),
        ("claims.xlsx?limit=0", "limit"),
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

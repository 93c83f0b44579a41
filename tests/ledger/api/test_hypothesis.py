"""Hypothesis' API for reading: its parameters, its rows, its failures."""

from datetime import datetime
from urllib.parse import quote

import pytest

from ledger import fulltext
from ledger.models import Claim
from ledger.services import claims
from ledger.store import standards
from ledger.store.search import ordered
from tests.factories import make_claim
from tests.ledger.api.published import make_world

FIELDS = {
    "id", "created", "updated", "user", "uri", "text", "tags", "group", "permissions", "target", "document", "links",
    "hidden", "flagged", "moderation_status", "references", "user_info",
}  # fmt: skip


@pytest.fixture
def world(database, people):
    return make_world(database, people)


def search(client, query="", **who):
    answer = client.get(f"/api/search?{query}", headers=who)
    assert answer.status_code == 200, answer.text
    assert answer.json.keys() == {"total", "rows"}
    return answer.json


def quotes(client, query="", **who):
    found = search(client, query, **who)
    return [row["target"][0]["selector"][1]["exact"] for row in found["rows"]]


def failure(client, path, code=400, **who):
    answer = client.get(path, headers=who)
    assert answer.status_code == code and answer.mimetype == "application/json", answer.text
    assert answer.json.keys() == {"status", "reason"} and answer.json["status"] == "failure"
    return answer.json["reason"]


def test_a_row_is_as_hypothesis_writes_it(client, world):
    (row,) = search(client, "quote=242")["rows"]
    assert row.keys() == FIELDS
    me, report = (
        "acct:ledger@localhost",
        f"http://localhost/reports/{world.article.id}#claim-{world.checked.id}",
    )
    assert (row["user"], row["group"], row["tags"]) == (me, "__world__", ["refuted"])
    assert row["text"] == "Refuted\n\n242 builders\n\nIt says so."
    assert row["permissions"] == {
        "read": ["group:__world__"], "admin": [me], "update": [me], "delete": [me],
    }  # fmt: skip
    position, words = row["target"][0]["selector"]
    assert (position["type"], words["type"]) == ("TextPositionSelector", "TextQuoteSelector")
    assert position["end"] - position["start"] == len(words["exact"]) == len("242 builders")
    assert row["target"][0]["source"] == row["uri"] == "https://news.example/bridge"
    assert row["document"] == {"title": ["Council opens new bridge"]}
    assert row["links"]["html"] == row["links"]["incontext"] == report
    assert row["user_info"] == {"display_name": "Desk"} and row["references"] == []
    for time in (row["created"], row["updated"]):
        assert time.endswith("+00:00") and datetime.fromisoformat(time)
    assert client.get(f"/api/annotations/{row['id']}").json == row
    assert client.get(row["links"]["json"].removeprefix("http://localhost")).status_code == 200


def test_what_is_private_is_hidden_and_marked_as_private(client, world):
    reader = world.people.token("reader")
    assert quotes(client) == ["12 towns", "242 builders"]
    assert quotes(client, **reader) == ["9000 lunches", "12 towns", "242 builders"]
    (row,) = search(client, "quote=lunches", **reader)["rows"]
    assert row["permissions"]["read"] == ["acct:ledger@localhost"]
    assert row["links"]["html"] == f"http://localhost/claims/{world.secret.id}"
    hidden = failure(client, f"/api/annotations/{row['id']}", 404)
    assert hidden == failure(client, "/api/annotations/nothing", 404), "nobody learns which it is"
    assert client.get(f"/api/annotations/{row['id']}", headers=reader).status_code == 200
    failure(client, "/api/search", 401, Authorization="Bearer clt_wrong")


def test_each_parameter_narrows(client, world):
    reader = world.people.token("reader")
    page = quote("https://news.example/bridge", safe="")
    here = ["12 towns", "242 builders"]
    for query, expected in {
        f"uri={page}": here,
        f"url={page}": here,
        "uri=" + quote("http://www.news.example/bridge/?utm_source=x#top", safe=""): here,
        "uri=" + quote(f"http://localhost/reports/{world.article.id}", safe=""): here,
        f"uri={page}&uri=https://food.example/lunches": ["9000 lunches", *here],
        "uri=https://food.example/lunches": ["9000 lunches"],
        "uri=https://nowhere.example/": [],
        "uri=urn:x-pdf:abc": [],
        "wildcard_uri=https://news.example/*": here,
        "wildcard_uri=https://news.example/brid_e": here,
        "wildcard_uri=https://news.example/%25": [],
        "uri.parts=news&uri.parts=bridge": here,
        "uri.parts=bridge+lunches": [],
        "quote=BUILDERS": ["242 builders"],
        "text=says+so": ["9000 lunches", "242 builders"],
        "text=says+nothing": [],
        "tag=refuted": ["242 builders"],
        "tags=Checking": ["12 towns"],
        "tag=refuted&tags=checking": [],
        "any=lunches+supported": ["9000 lunches"],
        "any=bridge+242": ["242 builders"],
        "user=acct:ledger@localhost": ["9000 lunches", *here],
        "user=ledger": ["9000 lunches", *here],
        "user=somebody": [],
        "group=__world__": ["9000 lunches", *here],
        "group=mine": [],
        "references=abc": [],
        "nonsense=1": ["9000 lunches", *here],
        "any=%25": [],
        "quote=_": [],
        "uri=": ["9000 lunches", *here],
    }.items():
        found = search(client, query, **reader)
        told = [row["target"][0]["selector"][1]["exact"] for row in found["rows"]]
        assert (told, found["total"]) == (expected, len(expected)), query


def test_order_limit_and_offset(client, world):
    reader = world.people.token("reader")
    newest = ["9000 lunches", "12 towns", "242 builders"]
    assert quotes(client, "sort=id", **reader) == newest
    for sort in ("id", "created", "user", "group"):
        assert quotes(client, f"sort={sort}&order=asc", **reader) == newest[::-1]
    assert search(client, "limit=0", **reader) == {"total": 3, "rows": []}
    assert quotes(client, "limit=1&offset=1&sort=id", **reader) == ["12 towns"]
    assert quotes(client, "offset=9800", **reader) == []
    with world.database.write() as session:
        version = session.get_one(Claim, world.checked.id).version
        claims.reword(
            session,
            world.checked.id,
            by=world.people.editor,
            version=version,
            details={"statement": "242 signed."},
        )
    assert quotes(client, "", **reader)[0] == "242 builders", "what changed last comes first"


def test_search_after_walks_through_all(client, world):
    reader = world.people.token("reader")
    for order in ("asc", "desc"):
        for sort in ("id", "created", "updated"):
            whole = search(client, f"sort={sort}&order={order}", **reader)["rows"]
            found, after = [], ""
            # An offset counts for nothing beside it.
            while rows := search(client, f"sort={sort}&order={order}&limit=1{after}", **reader)["rows"]:
                found += rows
                after = f"&offset=7&search_after={quote(rows[-1][sort])}"
            assert found == whole and len(found) == 3


def test_search_after_takes_milliseconds_too(client, world):
    newest = search(client, "sort=created&limit=1")["rows"][0]
    at = datetime.fromisoformat(newest["created"]).timestamp() * 1000
    assert len(search(client, f"sort=created&search_after={at + 1000:.0f}")["rows"]) == 2
    assert search(client, f"sort=created&search_after={at - 60_000:.0f}")["rows"] == []
    assert search(client, "sort=user&search_after=acct:ledger@localhost")["rows"] == []
    # A plus sign that nobody escaped.
    assert len(search(client, "sort=created&order=asc&search_after=2020-01-01T00:00:00+00:00")["rows"]) == 2


def test_words_are_found_as_in_every_search_whatever_their_accents(client, database, people):
    make_claim(database, people.editor, "40 towns", statement="École, 40 towns.")
    reader = people.token("reader")
    for query in ("any=ecole", "text=ECOL", "any=%22%C3%A9cole%22+40", "any=towns"):
        assert quotes(client, query, **reader) == ["40 towns"], query
    for query in ("any=cole", "text=ecolex", "quote=ecole"):
        assert quotes(client, query, **reader) == [], query


def test_what_is_public_is_found_and_counted_behind_much_that_is_not(
    client, database, people, world, monkeypatch
):
    text = "Private\n\n" + " ".join(f"There are {n} wells at the bridge." for n in range(20, 26))
    for n in range(20, 26):
        make_claim(database, people.reviewer, f"{n} wells", text, statement=f"{n} wells at the bridge.")
    asking = [
        f"any=bridge&limit=1{more}" for more in ("", "&offset=1", "&sort=created", "&order=asc", "&sort=id")
    ]
    expected = [search(client, query)["rows"] for query in asking]
    assert expected[0] != expected[1] and [row["uri"] for row in expected[0]] == [
        "https://news.example/bridge"
    ]
    monkeypatch.setattr(standards, "_COUNTED", 1)
    for few, newest in ((2_000, (200, 2_000)), (0, (200, 2_000)), (0, (1, 2))):
        monkeypatch.setattr(fulltext, "FEW", few)
        monkeypatch.setattr(ordered, "_NEWEST", newest)
        monkeypatch.setattr(ordered, "_SORTED", 1)
        for query, rows in zip(asking, expected, strict=True):
            found = search(client, query)
            assert (found["rows"], found["total"]) == (rows, 2), query


def test_replies_may_be_asked_for_apart(client, world):
    assert client.get("/api/search?_separate_replies=true").json["replies"] == []


def test_what_is_wrong_fails_as_there(client, world):
    for query, reason in {
        "limit=201": "limit: 201 is greater than maximum value 200",
        "limit=-1": "limit: -1 is less than minimum value 0",
        "limit=ten": 'limit: "ten" is not a number',
        "offset=9801": "offset: 9801 is greater than maximum value 9800",
        "sort=colour": 'sort: "colour" is not one of created, group, id, updated, user',
        "order=up": 'order: "up" is not one of asc, desc',
        "search_after=yesterday": "search_after must be a parsable date",
        "search_after=99999999999999999999": "search_after must be a parsable date",
        "wildcard_uri=https://*.example/": "wildcard_uri: Wildcards",
        "wildcard_uri=*": "wildcard_uri: Wildcards",
        "wildcard_uri=https://news.example" + "/*" * 9: "wildcard_uri: Write at most",
        "quote=a%00b": "quote: At most",
        "any=" + "a" * 2001: "any: At most",
    }.items():
        assert failure(client, f"/api/search?{query}").startswith(reason), query
    posted = client.post("/api/annotations", json={})
    assert posted.status_code == 404 and posted.json["status"] == "failure"


def test_guesses_and_what_was_put_aside_are_no_annotations(client, database, world):
    editor = world.people.editor
    gone = make_claim(database, editor, "40 towns")
    assert quotes(client, "quote=40") == ["40 towns"]
    with database.write() as session:
        session.get_one(Claim, gone.id)
        claims.dismiss(session, gone.id, by=editor, version=gone.version, reason="No claim.")
    assert quotes(client, "quote=40") == []
    told = search(client)
    answer = client.get("/api/search")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert answer.json == told and client.get("/api/search", headers=tag).status_code == 304

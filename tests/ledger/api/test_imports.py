"""Bringing files in by the API: asked for, followed, tried, and refused where they are no such file."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.jobs import runner
from tests.conftest import People
from tests.ledger.api.helpers import V1

REVIEWS = {
    "dataFeedElement": [
        {"item": [{"@type": "ClaimReview", "claimReviewed": "One is checkable", "url": "https://check.example/1",
                   "author": {"name": "Check"}, "reviewRating": {"alternateName": "False"}}]},
        {"item": None},
        {"item": [{"@type": "ClaimReview", "claimReviewed": "", "url": "https://check.example/2"}]},
    ]
}  # fmt: skip


def send(client: FlaskClient, who: dict[str, str], body: Any, query: str = "", **more: Any) -> Any:
    return client.post(f"{V1}/imports{query}", data=body, headers=who, **more)


def test_a_feed_is_tried_and_then_brought_in(app: Any, client: FlaskClient, people: People) -> None:
    who = people.token("editor")
    asked = send(
        client, who, json.dumps(REVIEWS), "?dry_run=true&name=feed.json", content_type="application/json"
    )
    assert asked.status_code == 202
    where = asked.headers["Location"]
    assert (asked.json["state"], asked.json["format"], asked.json["name"]) == (
        "queued",
        "claimreview",
        "feed.json",
    )

    runner.run(app.extensions["ledger"], asked.json["id"])
    told = client.get(where, headers=who)
    assert (told.json["state"], told.json["counts"]["claims"], told.json["counts"]["refused"]) == (
        "done",
        1,
        1,
    )
    assert told.json["refused"][0]["field"] == "claimReviewed"
    assert client.get(where, headers={**who, "If-None-Match": told.headers["ETag"]}).status_code == 304
    assert client.get(f"{V1}/claims", headers=who).json["items"] == []

    real = client.post(f"{where}/apply", headers=who)
    assert (real.status_code, real.json["dry_run"]) == (202, False)
    runner.run(app.extensions["ledger"], real.json["id"])
    (claim,) = client.get(f"{V1}/claims", headers=who).json["items"]
    assert (claim["statement"], claim["status"]) == ("One is checkable", "unchecked")
    whole = client.get(f"{V1}/claims/{claim['id']}", headers=who).json
    assert whole["evidence"][0]["note"] == "Check rated this “False”."
    assert [one["id"] for one in client.get(f"{V1}/imports", headers=who).json["items"]] == [
        real.json["id"], asked.json["id"],
    ]  # fmt: skip
    assert client.post(f"{V1}/imports/{real.json['id']}/apply", headers=who).status_code == 409


def test_a_table_with_a_mapping_as_a_form(app: Any, client: FlaskClient, people: People) -> None:
    who = people.token("editor")
    table = b"Behauptung;Wer\r\nEs waren 242;Jo\r\n"
    seen = client.post(f"{V1}/imports/columns", data={"file": (io.BytesIO(table), "t.csv")}, headers=who)
    assert seen.json["mapping"] == {"statement": "Behauptung"}
    mapping = json.dumps({"statement": "Behauptung", "claimant": "Wer"})
    asked = client.post(
        f"{V1}/imports",
        query_string={"mapping": mapping},
        data={"file": (io.BytesIO(table), "t.csv")},
        headers=who,
    )
    assert (asked.status_code, asked.json["name"]) == (202, "t.csv")
    runner.run(app.extensions["ledger"], asked.json["id"])
    (claim,) = client.get(f"{V1}/claims", headers=who).json["items"]
    assert claim["claimant"] == "Jo"


@pytest.mark.parametrize(
    ("query", "body", "field"),
    [
        ("", b"", "file"),
        ("?format=xml", b"x", "format"),
        ("?mapping=no", b"Claim\r\nx", "mapping"),
        ('?mapping={"statement":"No"}', b"Claim\r\nx", "mapping"),
        ('?format=claimreview&mapping={"statement":"Claim"}', b"[]", "mapping"),
        ("", b"PK\x03\x04", "file"),
        ("?format=hypothesis", b"hello", "file"),
        ("", b"A,B\r\n1,2\r\n", "mapping"),
        ("?desk_id=01a2060b-e223-782a-96f6-dd90419789f1", b"Claim\r\nOne is\r\n", "desk_id"),
    ],
)
def test_what_is_wrong_is_named_at_once(
    client: FlaskClient, people: People, query: str, body: bytes, field: str
) -> None:
    answer = send(client, people.token("editor"), body, query, content_type="text/csv")
    assert answer.status_code == 422
    assert field in json.dumps(answer.json["errors"])
    assert client.get(f"{V1}/imports", headers=people.token("editor")).json["items"] == []


def test_who_may_and_what_is_not_there(client: FlaskClient, people: People) -> None:
    assert (
        send(client, people.token("reader"), b"Claim\r\nOne is\r\n", content_type="text/csv").status_code
        == 403
    )
    narrow = people.token("editor", "ledger:read", "articles:write")
    assert send(client, narrow, b"Claim\r\nOne is\r\n", content_type="text/csv").status_code == 403
    who = people.token("editor")
    assert client.get(f"{V1}/imports/01a2060b-e223-782a-96f6-dd90419789f1", headers=who).status_code == 404
    both = {"file": (io.BytesIO(b"x"), "a"), "other": "y"}
    assert client.post(f"{V1}/imports", data=both, headers=who).status_code == 422

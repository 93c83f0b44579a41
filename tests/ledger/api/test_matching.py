"""Matching by the API: many texts at once, a claim's matches, an article's."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.db import Database
from tests.conftest import People
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.api.helpers import get, ok, post

STATEMENT = "The letter to the council was signed by 242 builders."


@pytest.fixture
def reader(people: People) -> dict[str, str]:
    """A reader's token."""
    return people.token("reader", "ledger:read")


@pytest.fixture
def checked(database: Database, people: People) -> str:
    """The id of a claim with a verdict in force."""
    claim = make_claim(database, people.reviewer, statement=STATEMENT)
    make_verdict(database, people.reviewer, people.reviewer2, claim=claim)
    return claim.id


def _look_up(client: FlaskClient, who: dict[str, str], *texts: str, **more: Any) -> list[Any]:
    items: list[Any] = ok(post(client, "/matches", who, {"texts": list(texts), **more}))["items"]
    return items


def test_texts_are_answered_in_order_with_status_verdict_and_reasons(
    client: FlaskClient, reader: dict[str, str], checked: str
) -> None:
    asked = (
        "242 builders signed the letter to the council",
        "Hens lay eggs.",
        "424 builders signed the letter",
    )
    items = _look_up(client, reader, *asked)
    assert [item["text"] for item in items] == list(asked)
    (same,), none, (similar,) = (item["matches"] for item in items)
    assert none == []
    assert same["claim"] | {"updated_at": None} == {
        "id": checked, "statement": STATEMENT, "kind": "quantity", "status": "supported",
        "label": "Supported", "updated_at": None,
    }  # fmt: skip
    assert (same["relation"], same["vetoes"]) == ("same", [])
    assert "same number: 242 builders" in same["reasons"]
    assert (similar["relation"], similar["vetoes"]) == ("similar", ["424 ≠ 242"])
    assert 0.6 <= similar["score"] <= 1


def test_a_look_up_can_be_narrowed_and_cut_short(
    client: FlaskClient, people: People, database: Database, reader: dict[str, str], checked: str
) -> None:
    make_claim(
        database, people.reviewer, "12 towns", statement="A letter to the council: 242 builders signed."
    )
    words = "242 builders signed the letter to the council"
    assert len(_look_up(client, reader, words)[0]["matches"]) == 2
    assert len(_look_up(client, reader, words, k=1)[0]["matches"]) == 1
    (only,) = _look_up(client, reader, words, status=["supported"])[0]["matches"]
    assert only["claim"]["id"] == checked


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/texts"),
        ({"texts": ["x" * 2_001]}, "#/texts/0"),
        ({"texts": ["x"] * 101}, "#/texts"),
        ({"texts": ["x"], "k": "5"}, "#/k"),
        ({"texts": ["x"], "status": ["done"]}, "#/status/0"),
        ({"texts": ["x"], "text": "x"}, "#/text"),
    ],
)
def test_a_wrong_look_up_is_told_which_field_is_wrong(
    client: FlaskClient, reader: dict[str, str], body: dict[str, Any], pointer: str
) -> None:
    problem = ok(post(client, "/matches", reader, body), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_claim_shows_what_else_says_so(
    client: FlaskClient, people: People, database: Database, reader: dict[str, str], checked: str
) -> None:
    twin = make_claim(
        database, people.reviewer, "12 towns", statement="242 builders signed the council’s letter."
    )
    (found,) = ok(get(client, f"/claims/{twin.id}/matches", reader))["items"]
    assert (found["claim"]["id"], found["claim"]["status"]) == (checked, "supported")
    assert ok(get(client, f"/claims/{checked}/matches?status=withdrawn", reader))["items"] == []
    ok(get(client, "/claims/0199b0a0-0000-7000-8000-000000000000/matches", reader), 404)
    ok(get(client, f"/claims/{checked}/matches?k=21", reader), 422)


def test_an_article_is_told_what_was_checked_already(
    client: FlaskClient, people: People, database: Database, reader: dict[str, str], checked: str
) -> None:
    text = "The council met. On Friday 242 builders signed the letter to the council."
    article = make_article(database, people.reviewer, text)
    answer = get(client, f"/articles/{article.id}/matches", reader)
    told = ok(answer)
    assert told["checked"] == told["same"] >= 1
    assert {item["matches"][0]["claim"]["id"] for item in told["items"]} == {checked}
    again = get(client, f"/articles/{article.id}/matches", reader, if_none_match=answer.headers["ETag"])
    assert again.status_code == 304


def test_looking_up_changes_nothing_and_needs_the_right_to_read(
    client: FlaskClient, people: People, database: Database, reader: dict[str, str], checked: str
) -> None:
    before = ok(get(client, f"/claims/{checked}", reader))
    _look_up(client, reader, STATEMENT)
    assert ok(get(client, f"/claims/{checked}", reader)) == before
    ok(post(client, "/matches", people.token("reviewer3", "claims:write"), {"texts": ["x"]}), 403)
    ok(post(client, "/matches", {}, {"texts": ["x"]}), 401)

"""Who may do what in the API, and what everybody is told alike."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.db import Database
from tests.conftest import People
from tests.factories import make_claim
from tests.ledger.api.helpers import V1, get, ok, post


@pytest.fixture
def routes(app: Flask) -> list[tuple[str, str]]:
    """All routes of the API that ask who one is, with an id that is nobody's."""
    nobody = "01a2060b-e223-782a-96f6-dd90419789f1"
    return sorted(
        (method, re.sub("<.+?>", nobody, str(rule)))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if str(rule).startswith(V1)
        and method not in ("OPTIONS", "HEAD")
        and getattr(app.view_functions[rule.endpoint], "permission", "public") != "public"
    )


def test_without_a_token_every_route_answers_401(client: FlaskClient, routes: list[tuple[str, str]]) -> None:
    for method, path in routes:
        response = client.open(path, method=method)
        assert response.status_code == 401, f"{method} {path}"
        assert ok(response, 401)["code"] == "unauthorized"
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_without_the_scope_is_refused_everywhere(
    app: Flask, client: FlaskClient, people: People, routes: list[tuple[str, str]]
) -> None:
    sign_only = people.token("admin", "verdicts:sign")
    for method, path in routes:
        endpoint = app.url_map.bind("localhost").match(path, method=method)[0]
        permission = app.view_functions[endpoint].permission  # type: ignore[attr-defined]
        response = client.open(path, method=method, headers=sign_only)
        if permission not in ("verdicts:sign", "signed in"):
            assert response.status_code == 403, f"{method} {path}"
            assert permission in ok(response, 403)["detail"]


def test_a_wrong_or_misspelt_token_is_told(client: FlaskClient) -> None:
    for header in ("Bearer nonsense", "Basic YTpi", "Bearer"):
        assert (
            ok(client.get(V1 + "/claims", headers={"Authorization": header}), 401)["code"] == "unauthorized"
        )


def test_a_cookie_opens_nothing(client: FlaskClient, database: Database, people: People) -> None:
    from ledger.services import accounts

    with database.read() as session:
        key = accounts.session_key(session, people.admin.account)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{people.admin.account} {key}"
    assert client.get(V1 + "/claims").status_code == 401


def test_me_says_whose_token_it_is_and_what_it_may(client: FlaskClient, people: People) -> None:
    me = ok(get(client, "/me", people.token("reviewer", "ledger:read", "claims:write")))
    assert me["account"]["name"] == "Reviewer"
    assert me["permissions"] == ["claims:write", "ledger:read"]
    assert me["policy"] == {"signatures": "two", "min_evidence": 1, "scale": "ledger"}


def test_one_sees_ones_own_tokens_and_a_token_ends_itself(client: FlaskClient, people: People) -> None:
    first, second = people.token("reviewer"), people.token("reviewer")
    people.token("editor")
    items = ok(get(client, "/tokens", first))["items"]
    assert [item["account"]["name"] for item in items] == ["Reviewer", "Reviewer"]
    assert "secret" not in str(items) and items[1]["last_used_at"].endswith("Z")

    itself = f"/tokens/{items[0]['id']}/revoke"
    assert ok(post(client, itself, first), 403)
    gone = ok(post(client, itself, second))
    assert gone["revoked_at"] and gone["revoked_by"]["name"] == "Reviewer"
    assert get(client, "/me", second).status_code == 401
    assert ok(post(client, itself, people.token("admin")), 409)["code"] == "conflict"


def test_somebody_elses_token_needs_the_scope(client: FlaskClient, people: People) -> None:
    theirs = ok(get(client, "/tokens", people.token("editor")))["items"][0]["id"]
    assert post(client, f"/tokens/{theirs}/revoke", people.token("reviewer")).status_code == 403
    assert post(client, f"/tokens/{theirs}/revoke", people.token("admin")).status_code == 200


def test_tokens_are_not_made_by_tokens(client: FlaskClient, people: People) -> None:
    assert post(client, "/tokens", people.token("admin"), {"name": "x"}).status_code == 405


def test_answers_are_for_the_asker_alone(client: FlaskClient, people: People) -> None:
    response = get(client, "/claims", people.token("reader"))
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response.headers["Vary"]


def test_an_unknown_query_parameter_is_refused_everywhere(
    client: FlaskClient, people: People, database: Database
) -> None:
    reader, claim = people.token("reader"), make_claim(database, people.reviewer)
    for path in (
        "/claims",
        "/articles",
        "/me",
        f"/claims/{claim.id}",
        f"/claims/{claim.id}/status",
        "/claims.csv",
    ):
        problem = ok(get(client, path + "?statsu=stale", reader), 422)
        assert problem["errors"][0]["pointer"] == "#/statsu"
    assert post(client, f"/claims/{claim.id}/take?force=1", people.token("reviewer")).status_code == 422


def test_an_unknown_address_is_a_problem_and_not_a_page(client: FlaskClient) -> None:
    assert ok(client.get(V1 + "/nothing"), 404)["code"] == "not_found"
    assert ok(client.delete(V1 + "/claims"), 405)["code"] == "method_not_allowed"


def test_an_unknown_id_is_404_in_every_form(client: FlaskClient, people: People) -> None:
    admin = people.token("admin")
    for id in ("01a2060b-e223-782a-96f6-dd90419789f1", "7", "%00", "x" * 3000, "../claims"):
        for noun in ("articles", "claims", "evidence", "verdicts", "accounts"):
            assert get(client, f"/{noun}/{id}", admin).status_code == 404
        assert ok(get(client, f"/claims/{id}/status", admin), 404)["title"] == "Not Found"

"""Accounts and the log by the API."""

from datetime import datetime

from flask.testing import FlaskClient

from ledger.db import Database
from ledger.services import accounts
from tests.conftest import People
from tests.factories import make_article
from tests.ledger.api.helpers import everything, get, ok, patch, post


def test_an_account_is_made_changed_and_listed(client: FlaskClient, people: People) -> None:
    admin = people.token("admin")
    body = {"email": "Jo@Desk.example", "name": "Jo", "role": "reviewer"}
    made = post(client, "/accounts", admin, body)
    assert ok(made, 201)["email"] == "jo@desk.example"
    assert ok(made, 201)["created_by"]["name"] == "Admin"
    assert ok(client.get(made.headers["Location"], headers=admin)) == ok(made, 201)
    assert ok(post(client, "/accounts", admin, body), 409)["errors"][0]["pointer"] == "#/email"

    path = f"/accounts/{ok(made, 201)['id']}"
    tag = get(client, path, admin).headers["ETag"]
    assert ok(patch(client, path, admin, {"role": "editor"}), 428)
    assert ok(patch(client, path, admin, {"role": "editor"}, if_match=tag))["role"] == "editor"
    assert ok(patch(client, path, admin, {"active": False}, if_match=tag), 412)["current"]["role"] == "editor"
    assert ok(patch(client, path, admin, {"active": 1}, if_match='"2"'), 422)
    assert ok(patch(client, path, admin, {"active": False}, if_match='"2"'))["active"] is False
    emails = [account["email"] for account in everything(client, "/accounts?limit=1", admin)]
    assert emails == ["admin@example.org", "jo@desk.example"]


def test_an_account_that_is_wrong_is_told(client: FlaskClient, people: People) -> None:
    admin = people.token("admin")
    for body, pointer in (
        ({"email": "nobody", "name": "Jo", "role": "reader"}, "#/email"),
        ({"email": "a@b.example", "name": " ", "role": "reader"}, "#/name"),
        ({"email": "a@b.example", "name": "Jo", "role": "king"}, "#/role"),
        ({"email": "a@b.example", "name": "Jo", "role": "reader", "password": "x"}, "#/password"),
    ):
        assert ok(post(client, "/accounts", admin, body), 422)["errors"][0]["pointer"] == pointer


def test_the_last_administrator_stays_one(client: FlaskClient, people: People) -> None:
    admin = people.token("admin")
    path = f"/accounts/{people.admin.account}"
    tag = get(client, path, admin).headers["ETag"]
    assert ok(patch(client, path, admin, {"role": "reader"}, if_match=tag), 409)
    assert ok(get(client, path, admin))["role"] == "admin"


def test_a_demotion_reaches_tokens_at_once(client: FlaskClient, people: People) -> None:
    admin, theirs = people.token("admin"), people.token("editor")
    path = f"/accounts/{people.editor.account}"
    tag = get(client, path, admin).headers["ETag"]
    ok(patch(client, path, admin, {"role": "reader"}, if_match=tag))
    assert ok(get(client, "/me", theirs))["permissions"] == ["ledger:read"]


def test_a_sign_in_link_works_once_and_is_not_cached(
    client: FlaskClient, people: People, database: Database
) -> None:
    path = f"/accounts/{people.reader.account}/sign-in-link"
    response = post(client, path, people.token("admin"))
    link = ok(response, 201)
    assert response.headers["Cache-Control"] == "no-store"
    assert datetime.fromisoformat(link["expires_at"]).tzinfo
    with database.write() as session:
        assert accounts.use_link(session, link["url"].rpartition("/")[2]).name == "Reader"


def test_signing_somebody_out_changes_what_their_cookie_must_hold(
    client: FlaskClient, people: People, database: Database
) -> None:
    with database.read() as session:
        before = accounts.session_key(session, people.reader.account)
    ok(post(client, f"/accounts/{people.reader.account}/sign-out", people.token("admin")))
    with database.read() as session:
        assert accounts.session_key(session, people.reader.account) != before


def test_the_log_is_read_from_any_place_on(client: FlaskClient, people: People, database: Database) -> None:
    admin = people.token("admin")
    make_article(database, people.reviewer)
    events = everything(client, "/events?limit=3", admin)
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert {event["actor_name"] for event in events} >= {"the ledger itself", "Reviewer"}
    page = ok(get(client, "/events?first=2&limit=2", admin))
    assert ([event["seq"] for event in page["items"]], page["next"]) == ([2, 3], 4)
    assert ok(get(client, f"/events?first={len(events)}", admin)) == {"items": [], "next": None}
    for query in ("first=-1", "first=1e9", "first=99999999999999999999", "limit=201", "after=x"):
        assert ok(get(client, f"/events?{query}", admin), 422)
    assert get(client, "/events", people.token("editor", "claims:write")).status_code == 403

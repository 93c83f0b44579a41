"""Who is asking: cookies on pages, tokens in the API, and never the other way round."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import session as cookie

from ledger import clock, db
from ledger.auth.identity import SYSTEM
from ledger.models import TokenSecret
from ledger.services import accounts
from ledger.web import sessions
from tests.ledger.services.desk import do

AN_ID = "019ab0d5-0000-7000-8000-0000000000a1"


@pytest.fixture
def signed_in(app, database, people):
    """A browser in which the reviewer is signed in, by the real page."""
    app.config["WTF_CSRF_ENABLED"] = False
    secret = do(database, accounts.new_link, people.reviewer.account, by=SYSTEM, hours=1)
    client = app.test_client()
    response = client.post(f"/sign-in/{secret}")
    assert response.status_code in (302, 303)
    client.response = response
    return client


def _is_in(client) -> bool:
    return client.get("/me").status_code == 200


def test_a_session_cookie_can_not_be_read_by_scripts_nor_sent_by_other_sites(signed_in):
    (sent,) = [h for h in signed_in.response.headers.getlist("Set-Cookie") if h.startswith("ledger=")]
    assert "HttpOnly" in sent and "SameSite=Lax" in sent and "Path=/" in sent
    assert "Secure" not in sent


def test_where_there_is_https_cookies_go_by_nothing_else(settings, app, database, people):
    from ledger.app import create_app

    safe = create_app(settings.model_copy(update={"secure_cookies": True}))
    safe.config["WTF_CSRF_ENABLED"] = False
    secret = do(database, accounts.new_link, people.reviewer.account, by=SYSTEM, hours=1)
    response = safe.test_client().post(f"/sign-in/{secret}", base_url="https://localhost")
    safe.extensions["ledger"].database.dispose()
    assert any("Secure" in header for header in response.headers.getlist("Set-Cookie"))


def test_what_stood_in_the_cookie_before_signing_in_is_gone(app, database, people):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["csrf_token"], planted["planted"] = "known to the attacker", True
    secret = do(database, accounts.new_link, people.reviewer.account, by=SYSTEM, hours=1)
    client.post(f"/sign-in/{secret}")
    with client.session_transaction() as now:
        assert "planted" not in now and now.get("csrf_token") != "known to the attacker"
        assert now["_user_id"].startswith(people.reviewer.account)


def test_signing_out_empties_the_cookie(app, signed_in):
    with app.test_request_context("/"):
        cookie["anything"] = 1
        sessions.sign_out()
        assert "anything" not in cookie
    signed_in.post("/sign-out")
    assert not _is_in(signed_in)


def test_a_session_ends_with_its_hours_even_if_it_is_in_use(signed_in, settings, monkeypatch):
    assert _is_in(signed_in)
    start = clock.now()
    # Flask's own signature goes by the real clock; ours counts from the sign-in.
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=settings.session_hours, minutes=-1))
    assert _is_in(signed_in)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=settings.session_hours, minutes=1))
    assert not _is_in(signed_in)


def test_signing_out_everywhere_ends_a_session_elsewhere(signed_in, database, people):
    do(database, accounts.sign_out_everywhere, people.reviewer.account)
    assert not _is_in(signed_in)


def test_a_change_of_role_shows_at_the_next_click(signed_in, database, people):
    assert signed_in.get("/accounts").status_code == 403
    do(
        database,
        accounts.change,
        people.reviewer.account,
        by=people.admin,
        version=1,
        details={"role": "admin"},
    )
    assert signed_in.get("/accounts").status_code == 200


@pytest.mark.parametrize("forged", ["", "x", "a b", "a b c", f"{AN_ID} key 99999999999", "a  ²"])
def test_a_cookie_that_says_something_else_lets_nobody_in(app, forged):
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = forged
    assert not _is_in(client)


def test_a_cookie_signed_with_another_key_lets_nobody_in(app, signed_in):
    app.config["SECRET_KEY"] = "another key altogether"
    assert not _is_in(signed_in)


def test_cookies_never_let_anybody_into_the_api(signed_in):
    assert signed_in.get("/api/v1/claims").status_code == 401


def test_tokens_never_let_anybody_into_the_pages(client, people):
    assert client.get("/me", headers=people.token("reviewer")).status_code == 302


@pytest.mark.parametrize(
    "header", ["Basic am86cHc=", "Bearer", "Bearer  ", "Bearer clt_nobody", "clt_x", "Bearer \xe9"]
)
def test_a_wrong_token_is_answered_with_what_would_be_right(client, header):
    response = client.get("/api/v1/claims", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.mimetype == "application/problem+json"


def test_a_token_needs_no_csrf_token_and_a_form_does(client, app, people):
    response = client.post("/api/v1/articles", json={}, headers=people.token("reviewer"))
    assert response.status_code == 422
    assert client.post("/sign-in", data={"email": "a@b", "password": "x"}).status_code == 400


def test_the_use_of_a_token_is_noted_once_in_a_while(client, database, people):
    header = people.token("reviewer")
    for _ in range(2):
        assert client.get("/api/v1/claims", headers=header).status_code == 200
    with database.read() as session:
        (kept,) = session.scalars(sa.select(TokenSecret)).all()
    assert kept.last_used_at is not None


def test_a_look_up_does_not_fail_because_its_use_can_not_be_noted(client, database, people, monkeypatch):
    header = people.token("reviewer")
    monkeypatch.setattr(db, "_PATIENCE", 0.01)
    held, done = threading.Event(), threading.Event()

    def hold():
        with database.write():
            held.set()
            done.wait(20)

    writer = threading.Thread(target=hold)
    writer.start()
    held.wait(20)
    status = client.get("/api/v1/claims", headers=header).status_code
    done.set()
    writer.join()
    assert status == 200

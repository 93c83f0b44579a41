"""Errors as people and programs see them."""

import pytest
import sqlalchemy as sa

from ledger.web import problems


@pytest.fixture
def app(own_app):
    """Routes are added to it."""
    return own_app


def _raising(app, error, path="/api/v1/raises"):
    def view():
        raise error

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(path, path, view)
    return app.test_client().get(path)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (sa.exc.OperationalError("SELECT", {}, Exception("gone")), 503),
        (sa.exc.InterfaceError("SELECT", {}, Exception("gone")), 503),
        (sa.exc.TimeoutError("no connection left"), 503),
        (sa.exc.DataError("INSERT", {}, Exception("NUL")), 422),
        (sa.exc.IntegrityError("INSERT", {}, Exception("unique")), 500),
        (KeyError("a secret"), 500),
    ],
)
def test_a_fault_below_is_answered_in_our_words(app, error, status):
    response = _raising(app, error)
    assert response.status_code == response.json["status"] == status
    assert not {"SELECT", "INSERT", "gone", "secret"} & set(response.json["detail"].split())


@pytest.mark.parametrize("path", ["/api/v1/raises", "/raises"])
def test_a_fault_is_answered_in_the_form_that_the_asker_reads(app, path):
    response = _raising(app, KeyError("a secret"), path)
    program = path.startswith("/api/")
    assert response.mimetype == (problems.MEDIA_TYPE if program else "text/html")
    assert b"a secret" not in response.data


def test_what_flask_refuses_looks_like_what_we_refuse(client):
    missing, wrong = client.get("/api/v1/no-such-thing"), client.delete("/healthz")
    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]
    assert missing.mimetype == wrong.mimetype == problems.MEDIA_TYPE


def test_a_person_who_is_not_signed_in_is_sent_to_the_door_and_back(client):
    response = client.get("/claims?status=stale&q=%C3%A9")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in?next=/claims?status%3Dstale%26q%3D%25C3%25A9"


def test_a_page_that_is_not_there_is_a_page(client):
    response = client.get("/no/such/page")
    assert (response.status_code, response.mimetype) == (404, "text/html")

"""The frame around each request: one transaction, kept before it is acknowledged, or not at all."""

import pytest
import sqlalchemy as sa
from flask import g

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict
from ledger.models import Job
from ledger.web import context
from ledger.web.sessions import csrf


@pytest.fixture
def app(own_app):
    """Routes are added to it."""
    return own_app


def _job() -> Job:
    return Job(id="j", name="n", arguments={}, due_at=clock.now(), created_at=clock.now())


@pytest.fixture
def view(app):
    """Gives the API a route that adds a job and then does something more."""

    def make(then, methods=("POST",)):
        def added():
            context.session().add(_job())
            context.session().flush()
            return then()

        csrf.exempt(added)
        app.add_url_rule("/api/v1/added", "added", added, methods=list(methods))
        return app.test_client()

    return make


def _kept(database) -> int:
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(Job)).scalar_one()


def _raise(error):
    raise error


def test_a_change_is_kept_before_the_answer_goes_out(view, database):
    seen = []

    def answer():
        g.setdefault("finished", True)
        return {"ok": True}

    client = view(answer)
    response = client.post("/api/v1/added")
    seen.append(_kept(database))
    assert (response.status_code, seen) == (200, [1])


@pytest.mark.parametrize(
    ("then", "status"),
    [
        (lambda: ({"no": True}, 422), 422),
        (lambda: _raise(Conflict("No.")), 409),
        (lambda: _raise(ZeroDivisionError()), 500),
    ],
    ids=["an answer that refuses", "an error of ours", "a fault"],
)
def test_a_request_that_fails_leaves_nothing_and_frees_the_turn(view, app, database, then, status):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert view(then).post("/api/v1/added").status_code == status
    assert _kept(database) == 0
    with database.write():
        pass


def test_a_change_that_could_not_be_kept_is_not_acknowledged(view, database):
    def fail_later():
        def gone(_session):
            raise sa.exc.OperationalError("COMMIT", {}, Exception("the disk is full"))

        sa.event.listen(context.session(), "before_commit", gone)
        return {"ok": True}

    response = view(fail_later).post("/api/v1/added")
    assert (response.status_code, response.json["code"]) == (503, "unavailable")
    assert "before you try again" in response.json["detail"] and response.headers["Retry-After"]
    assert response.headers["Content-Security-Policy"]
    assert _kept(database) == 0
    with database.write():
        pass


def test_a_request_that_only_looks_can_not_change_anything(view, app, database):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = view(lambda: {"ok": True}, methods=("GET",)).get("/api/v1/added")
    assert response.status_code >= 500
    assert _kept(database) == 0


def test_a_page_may_read_anew_after_its_change_was_refused(app, database):
    def both():
        context.session().add(_job())
        found = context.reading().execute(sa.select(sa.func.count()).select_from(Job)).scalar_one()
        return {"seen": found}

    csrf.exempt(both)
    app.add_url_rule("/api/v1/both", "both", both, methods=["POST"])
    assert app.test_client().post("/api/v1/both").json == {"seen": 0}
    assert _kept(database) == 1


@pytest.mark.parametrize(
    ("who", "needed", "status"),
    [
        (None, None, 401),
        (None, Permission.READ, 401),
        ({Permission.READ}, None, 200),
        ({Permission.READ}, Permission.READ, 200),
        ({Permission.READ}, Permission.SIGN, 403),
    ],
)
def test_a_route_lets_in_who_has_what_it_needs(app, who, needed, status):
    @context.requires(needed)
    def guarded():
        return {"ok": True}

    assert guarded.permission == (needed or "signed in")
    app.add_url_rule("/api/v1/guarded", "guarded", guarded)
    app.before_request(
        lambda: setattr(g, "identity", who and Identity("a", "A", frozenset(who), "account:a"))
    )
    assert app.test_client().get("/api/v1/guarded").status_code == status


def test_a_public_route_says_so():
    assert context.public(lambda: None).permission == "public"

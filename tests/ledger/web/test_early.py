"""Look-ups while the application is still being made."""

import re
import subprocess
import sys
import threading

import pytest
from sqlalchemy.dialects import sqlite
from sqlmodel import select
from werkzeug.serving import make_server
from werkzeug.test import Client, EnvironBuilder

from ledger import api, clock
from ledger.app import create_app, make_parts, with_pages
from ledger.cli import up
from ledger.ids import new_id
from ledger.models import TokenSecret
from ledger.store import standings
from ledger.store.claims import STATUS
from ledger.web.budgets import limits_in
from ledger.web.lane import whole
from ledger.web.lane.early import Pages
from ledger.web.lane.front import Lane
from ledger.web.sessions import note_use
from tests.conftest import one_database
from tests.factories import make_claim
from tests.ledger.web.test_lane import path, sent

# What each of those who answer must not wait for.
_HEAVY = {
    "ledger.web.lane.front": {"flask", "werkzeug", "sqlalchemy", "sqlmodel", "marshmallow"},
    "ledger.web.lane.whole": {"flask", "werkzeug", "marshmallow"},
    "ledger.ui": {"marshmallow", "flask_smorest", "ledger.api"},
}


@pytest.fixture
def early(settings, database):
    """What answers before there is an application."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL waits for the application")
    return Lane(settings)


@pytest.fixture
def whose(database, people):
    """The headers of a token that was used a moment ago, and its id."""
    headers = people.token("reader")
    with database.write() as session:
        (kept,) = session.exec(select(TokenSecret))
        kept.last_used_at = clock.now()
        return headers, kept.token_id


@pytest.mark.parametrize("name", _HEAVY)
def test_what_answers_early_needs_little(name):
    asked = f"import sys; sys.modules['rich'] = None; import {name}; print(set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(eval(told.stdout))
    assert name in loaded and not _HEAVY[name] & loaded


def test_statuses_are_told_as_flask_tells_them(early, app, database, people, whose):
    claim = make_claim(database, people.reviewer)
    first, flask = Client(early), Client(app.wsgi_app.rest)
    tag = flask.get(path(claim.id), headers=whose[0]).headers["ETag"]
    for more in ({}, {"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": '"x"'}):
        headers = {**whose[0], **more, "X-Request-Id": "one-and-the-same"}
        mine, theirs = (one.get(path(claim.id), headers=headers) for one in (first, flask))
        assert (mine.status, mine.data, sent(mine)) == (theirs.status, theirs.data, sent(theirs))


def test_a_process_that_is_still_loading_says_that_it_lives(early, app):
    mine, theirs = (
        client.get("/healthz", headers={"X-Request-Id": "one-and-the-same"})
        for client in (Client(early), Client(app.wsgi_app.rest))
    )
    assert (mine.status, mine.data) == (theirs.status, theirs.data)
    assert {"X-Request-Id", "Content-Type", "X-Content-Type-Options"} <= set(mine.headers.keys())


def test_whoever_asks_for_more_waits_and_is_answered_as_ever(early, own_app, database, people, whose):
    claim, answers = make_claim(database, people.reviewer), {}
    asked = {
        "claim": f"/api/v1/claims/{claim.id}", "page": "/sign-in", "ready": "/readyz",
        "nothing": path(claim.id.replace("7", "8")), "stranger": path(claim.id),
    }  # fmt: skip

    def ask(name):
        headers = {} if name == "stranger" else whose[0]
        answers[name] = Client(early).get(asked[name], headers=headers).status_code

    threads = [threading.Thread(target=ask, args=(name,)) for name in asked]
    for thread in threads:
        thread.start()
    assert Client(early).get(path(claim.id), headers=whose[0]).status_code == 200
    assert answers == {}
    own_app.wsgi_app = own_app.wsgi_app.rest
    whole.register(own_app, early)
    for thread in threads:
        thread.join(10)
    assert answers == {"claim": 200, "page": 200, "ready": 200, "nothing": 404, "stranger": 401}


def test_claims_are_told_before_pages_and_pages_before_the_api(
    settings, database, people, whose, monkeypatch
):
    claim, lane, register = make_claim(database, people.reviewer), Lane(settings), api.register
    pages, rest, answers, made = threading.Event(), threading.Event(), {}, []
    first = ["/api/v1/claims", f"/api/v1/claims/{claim.id}"] if database.is_sqlite else []
    last = ["/api/v1/scales", "/readyz", "/nothing", "/live"]

    def ask(path):
        answers[path] = Client(lane).get(path, headers=whose[0]).status_code

    def registered(app):
        pages.set()
        rest.wait(20)
        register(app)

    monkeypatch.setattr(api, "register", registered)
    waiting = [threading.Thread(target=ask, args=(path,)) for path in ("/sign-in", *first)]
    for thread in waiting:
        thread.start()
    late = [threading.Thread(target=ask, args=(path,)) for path in last]
    if first:
        lane.meanwhile(whole.Others(lane))
        for thread in waiting[1:]:
            thread.join(20)
        assert answers == dict.fromkeys(first, 200)
    making = threading.Thread(target=lambda: made.append(create_app(settings, lane)))
    making.start()
    pages.wait(20)
    for thread in late:
        thread.start()
    waiting[0].join(20)
    assert answers == dict.fromkeys(["/sign-in", *first], 200)
    rest.set()
    for thread in (making, *late):
        thread.join(20)
    made[0].extensions["ledger"].database.dispose()
    assert [answers[path] for path in last] == [200, 200, 404, 401]


def test_no_address_of_the_api_is_taken_for_a_page(app, settings):
    parts = make_parts(settings)
    alone = with_pages(settings, Lane(settings), parts)
    parts.database.dispose()
    first, its_own = Pages(alone), set(alone.view_functions)

    def taken(rule):
        path = re.sub(r"<[^>]+>", lambda _: new_id(), rule.rule)
        methods = rule.methods - {"HEAD", "OPTIONS"}
        return any(first.knows(EnvironBuilder(path, method=one).get_environ()) for one in methods)

    others = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in its_own]
    assert len(others) > 100 and not any(taken(rule) for rule in others)
    assert its_own < set(app.view_functions)


@one_database
def test_the_start_is_over_when_all_is_loaded_however_many_wait(settings, own_app):
    lane = Lane(settings.model_copy(update={"threads": 2}))
    server = make_server("127.0.0.1", 0, lane, threaded=True)
    first = threading.Thread(target=Client(lane).get, args=("/sign-in",))
    told, stop = [], threading.Event()
    asking = threading.Thread(
        target=lambda: told.append(up._answers("127.0.0.1", server.port, service, stop))
    )
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as service:
        for thread in (threading.Thread(target=server.serve_forever), first, asking):
            thread.start()
        asking.join(1)
        assert told == [] and asking.is_alive()
        whole.register(own_app, lane)
        for thread in (first, asking):
            thread.join(10)
        server.shutdown()
    assert told == [True]


def test_who_waits_for_what_does_not_come_is_told(early, whose):
    early.give_up()
    told = Client(early).get("/api/v1/claims", headers=whose[0])
    assert (told.status_code, told.mimetype) == (503, "application/problem+json")
    assert (told.json["code"], told.headers["Retry-After"]) == ("unavailable", "1")


def test_early_answers_count_and_each_use_is_noted_later(early, database, people, whose):
    claim, (headers, token) = make_claim(database, people.reviewer), whose
    with database.write() as session:
        session.get(TokenSecret, token).last_used_at = None
    for _ in range(2):
        assert Client(early).get(path(claim.id), headers=headers).status_code == 200
    labels = {"method": "GET", "route": "/api/v1/claims/<id>/status", "status": "200"}
    assert early.watch.registry.get_sample_value("ledger_requests_total", labels) == 2
    told = early.unnoted()
    assert (told, early.unnoted()) == ({token}, set())
    note_use(database, token)
    with database.read() as session:
        assert session.get(TokenSecret, token).last_used_at is not None


def test_one_statement_is_written_twice_and_is_the_same():
    compiled = str(STATUS.compile(dialect=sqlite.dialect(paramstyle="qmark")))
    assert compiled.split() == standings.ONE.split()


@pytest.mark.parametrize(
    ("rates", "limits"),
    [
        ("", []),
        ("10 per minute; 60 per hour", [(60, 10), (3600, 60)]),
        ("5/second", [(1, 5)]),
        ("7 per 2 days,1/1 month", [(172_800, 7), (2_592_000, 1)]),
        ("3per 4hours ;9 / 5 years", [(14_400, 3), (155_520_000, 9)]),
    ],
)
def test_a_rate_is_so_many_requests_in_so_many_seconds(rates, limits):
    assert list(limits_in(rates)) == limits


def test_so_many_wait_that_statuses_are_still_told(settings, database, people, whose):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL waits for the application")
    claim, lane = make_claim(database, people.reviewer), Lane(settings.model_copy(update={"threads": 3}))
    answers = []
    waiting = [threading.Thread(target=lambda: answers.append(Client(lane).get("/"))) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while lane._room._value:
        pass
    one_more = Client(lane).get("/")
    assert (one_more.status_code, one_more.headers["Retry-After"]) == (503, "1")
    assert Client(lane).get(path(claim.id), headers=whose[0]).status_code == 200
    assert answers == []
    lane.give_up()
    for thread in waiting:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [503, 503]

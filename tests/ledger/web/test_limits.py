"""How often one may ask: counted for each token and each stranger, told in headers, refused with 429."""

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from ledger import clock
from ledger.db import Database
from ledger.settings import Settings, SettingsError, load
from ledger.web.budgets import Budget, Limits
from tests.factories import make_claim

PUBLIC = "/v1alpha1/claims:search?query=bridge"


@pytest.fixture
def strict(app, settings):
    """Three requests a minute for a token, two for a stranger."""
    rates = {"token_rate": "3 per minute", "stranger_rate": "2 per minute"}
    app.extensions["ledger_limits"] = Limits(settings.model_copy(update=rates))


def asked(client, path, times, **headers):
    return [client.get(path, headers=headers) for _ in range(times)]


@pytest.mark.usefixtures("strict")
def test_a_token_is_told_what_is_left_and_when_to_come_back(client, database, people):
    who, other = people.token("reader"), people.token("editor")
    claim = make_claim(database, people.editor)
    # The first is answered by Flask, and what follows by the layer before it: one budget for both.
    path = f"/api/v1/claims/{claim.id}/status"
    answers = asked(client, path, 4, **who)
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert {one.headers["RateLimit-Policy"] for one in answers} == {'"token";q=3;w=60'}
    assert [one.headers["RateLimit"].split(";")[1] for one in answers] == ["r=2", "r=1", "r=0", "r=0"]
    refused = answers[-1]
    assert refused.mimetype == "application/problem+json"
    assert (refused.json["code"], refused.json["status"]) == ("too_many_requests", 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert f"in {refused.headers['Retry-After']} second" in refused.json["detail"]
    assert client.get("/api/v1/claims", headers=who).status_code == 429
    # Another token has a budget of its own.
    assert client.get(path, headers=other).status_code == 200


@pytest.mark.usefixtures("strict")
def test_a_change_that_is_refused_is_not_made(client, database, people):
    who = people.token("editor")
    claim = make_claim(database, people.editor)
    asked(client, "/api/v1/claims", 3, **who)
    sent = {**who, "If-Match": '"1"'}
    assert client.post(f"/api/v1/claims/{claim.id}/take", headers=sent).status_code == 429
    with database.read() as session:
        assert session.get(type(claim), claim.id).version == 1


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    "path", [PUBLIC, "/api/search", "/api/v1/claimreviews", "/feeds/verdicts.atom", "/reports/nothing"]
)
def test_strangers_are_counted_by_address(client, path):
    answers = asked(client, path, 3)
    assert [one.status_code == 429 for one in answers] == [False, False, True]
    assert answers[0].headers["RateLimit"] == '"stranger";r=1;t=60'
    elsewhere = client.get(path, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code != 429


@pytest.mark.usefixtures("strict")
def test_who_sends_a_token_that_nobody_knows_is_a_stranger(client):
    answers = asked(
        client, PUBLIC.replace("/v1alpha1/claims:search", "/api/v1/claims"), 3, Authorization="Bearer x"
    )
    assert [one.status_code for one in answers] == [401, 401, 429]
    assert answers[-1].headers["Retry-After"]


@pytest.mark.usefixtures("strict")
def test_probes_and_files_of_the_pages_cost_nothing(client):
    assert {one.status_code for one in asked(client, "/healthz", 5)} == {200}
    assert "RateLimit" not in client.get("/healthz").headers


def test_a_budget_begins_anew_after_its_time():
    budget = Budget("token", "2 per second; 3 per minute")
    assert budget.policy == '"token-1";q=2;w=1, "token-60";q=3;w=60'
    with time_machine.travel(clock.now(), tick=False) as at:
        assert [budget.take("a")[1] for _ in range(3)] == [0, 0, 1]
        assert budget.take("b")[1] == 0
        at.shift(timedelta(seconds=2))
        assert budget.take("a")[1] == 58
        at.shift(timedelta(seconds=60))
        assert budget.take("a") == ('"token-1";r=1;t=1, "token-60";r=2;t=60', 0)


def test_many_at_once_are_counted_exactly():
    budget = Budget("token", "500 per minute")
    refused = []

    def ask():
        refused.extend(budget.take("a")[1] > 0 for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(False) == 500


def test_no_rate_is_no_limit(client, app, settings, people):
    none = settings.model_copy(update={"token_rate": "", "stranger_rate": ""})
    app.extensions["ledger_limits"] = Limits(none)
    answers = [*asked(client, "/api/v1/claims", 3, **people.token("reader")), client.get(PUBLIC)]
    assert all(one.status_code == 200 and "RateLimit" not in one.headers for one in answers)


def test_a_rate_that_cant_be_read_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("LEDGER_TOKEN_RATE", "many")
    with pytest.raises(SettingsError, match="LEDGER_TOKEN_RATE: write it as"):
        load(_env_file=None)
    assert Settings(_env_file=None, token_rate=" ").token_rate == ""


@pytest.fixture
def who(people):
    return people.token("editor")


def nested(levels):
    return b'{"url": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(("levels", "status"), [(64, 422), (65, 400), (900, 400), (100_000, 400)])
def test_json_may_be_nested_so_deep_and_no_deeper(client, who, levels, status):
    sent = {**who, "Content-Type": "application/json"}
    response = client.post("/api/v1/articles", data=nested(levels), headers=sent)
    assert response.status_code == status
    assert levels != 65 or "64 levels" in response.json["detail"]


@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/claims:batch", "/api/v1/lookups"])
def test_a_body_that_is_too_large_is_refused_unread(app, client, who, path):
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    sent = {**who, "Content-Type": "application/json"}
    response = client.post(path, data=b'{"text": "' + b"x" * 1_000 + b'"}', headers=sent)
    assert (response.status_code, response.json["code"]) == (413, "too_large")
    assert "1,000 bytes" in response.json["detail"]


ENDLESS = sa.text(
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000000000) "
    "SELECT count(*) FROM counted"
)


def test_a_question_that_takes_too_long_is_stopped_and_told_so(app, database_url):
    brief = Database(database_url, request_seconds=0.2)
    began = time.monotonic()
    with brief.read(briefly=True) as session, pytest.raises(sa.exc.OperationalError) as stopped:
        session.execute(ENDLESS)
    assert time.monotonic() - began < 20
    with brief.read(briefly=True) as session:
        assert session.execute(sa.text("SELECT 1")).scalar() == 1
    if brief.is_sqlite:
        # Whoever streams a file, or writes, may take longer.
        with brief.read() as session:
            short = sa.text(str(ENDLESS).replace("1000000000", "3000000"))
            assert session.execute(short).scalar() == 3_000_000
    brief.dispose()
    with app.test_request_context("/api/v1/claims"):
        answer = app.make_response(app.handle_user_exception(stopped.value))
    assert (answer.status_code, answer.json["code"]) == (503, "too_slow")
    assert "fewer on a page" in answer.json["detail"]

"""Request ids, metrics, logs and probes."""

import re

import pytest
import sqlalchemy as sa
import structlog
from structlog.testing import capture_logs

from ledger import clock
from ledger.ids import is_id
from ledger.models import Job
from ledger.settings import Settings
from ledger.web.watch import configure_logs


@pytest.fixture
def app(own_app):
    """It counts from nothing."""
    return own_app


def test_a_request_keeps_the_id_that_it_came_with(client, subtests):
    for sent in ("a1b2c3d4", "0123456789-abc_DEF.42", "x" * 64):
        with subtests.test(sent):
            assert client.get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "short", "x" * 65, "a b c d e f g", "<script>alert(1)", "é" * 10, "0" * 7 + "\t"]
)
def test_an_id_that_could_forge_a_log_line_is_replaced(client, sent):
    given = client.get("/healthz", headers={"X-Request-Id": sent.encode().decode("latin-1")}).headers[
        "X-Request-Id"
    ]
    assert given != sent and is_id(given)


def test_each_request_is_logged_once_with_its_id_and_not_its_secrets(client):
    with capture_logs() as logged:
        sent = client.get("/sign-in/a-very-secret-link?password=hunter2").headers["X-Request-Id"]
    (line,) = [entry for entry in logged if entry["event"] == "answered"]
    assert (line["method"], line["path"], line["actor"]) == ("GET", "/sign-in/***", None)
    assert "very-secret" not in str(logged) and "hunter2" not in str(logged)
    assert sent


def test_a_path_can_not_forge_a_log_line(client):
    with capture_logs() as logged:
        client.get("/x%0a2026-01-01%20[info]%20all%20is%20well%1b[31m")
    (line,) = [entry for entry in logged if entry["event"] == "answered"]
    assert not re.search(r"[\x00-\x20\x7f]", line["path"])


def test_who_asked_is_logged(client, people):
    header = people.token("reviewer")
    with capture_logs() as logged:
        client.get("/api/v1/claims", headers=header)
    assert [entry["actor"].split(":")[0] for entry in logged if entry["event"] == "answered"] == ["token"]


def test_probes_are_not_logged(client):
    with capture_logs() as logged:
        for path in ("/healthz", "/readyz", "/metrics"):
            client.get(path)
    assert [entry for entry in logged if entry["event"] == "answered"] == []


def _metrics(client) -> dict[str, float]:
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")
    }


def test_requests_are_counted_by_route_and_not_by_address(client):
    for path in ("/sign-in/a", "/sign-in/b", "/no/such/page"):
        client.get(path)
    client.open("/healthz", method="BREW")
    found = _metrics(client)
    assert found['ledger_requests_total{method="GET",route="/sign-in/<secret>",status="410"}'] == 2
    assert found['ledger_requests_total{method="GET",route="unknown",status="404"}'] == 1
    assert not [name for name in found if "BREW" in name or "/sign-in/a" in name]


def test_the_log_and_the_jobs_are_counted_and_counts_go_back_to_nothing(client, database, people):
    before = _metrics(client)
    assert before["ledger_events"] == 0
    job = Job(id="j", name="n", arguments={}, due_at=clock.now(), created_at=clock.now())
    with database.write() as session:
        session.add(job)
    assert people.reviewer
    during = _metrics(client)
    assert (during["ledger_events"], during['ledger_jobs{state="queued"}']) == (1, 1)
    with database.write() as session:
        session.execute(sa.update(Job).values(state="done"))
    after = _metrics(client)
    assert (after['ledger_jobs{state="queued"}'], after['ledger_jobs{state="done"}']) == (0, 1)


def test_a_live_service_says_so(client):
    assert client.get("/healthz").json == {"ok": True}


def test_a_ready_service_has_database_schema_and_a_place_for_captures(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"ok": True, "faults": []})


def test_a_service_that_is_not_ready_says_what_is_missing(client, database, settings):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    (settings.data_dir / "captures").parent.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "captures").write_text("a file, not a folder")
    response = client.get("/readyz")
    assert response.status_code == 503
    schema, captures = response.json["faults"]
    assert "ledger db upgrade" in schema and "captures" in captures
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")


def test_a_service_without_its_database_is_live_but_not_ready(client, app, monkeypatch):
    def gone(*_args, **_more):
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(app.extensions["ledger"].database.engine, "connect", gone)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.json["faults"]) == (503, ["the database does not answer"])


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_is_logged_without_the_secrets_that_stood_in_variables(form, capsys):
    before = structlog.get_config()
    configure_logs(Settings(_env_file=None, log_format=form))

    def sign_in():
        password = "hunter2 and more"
        raise KeyError(len(password))

    try:
        sign_in()
    except KeyError as error:
        structlog.get_logger().error("unexpected", exc_info=error)
    finally:
        structlog.configure(**before)
    logged = capsys.readouterr().err
    assert "KeyError" in logged and "sign_in" in logged
    assert "hunter2" not in logged.replace('password = "hunter2 and more"', "")

"""Streams as a browser has them: from a real service, which stops while streams are open."""

import http.client
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.services import accounts, claims
from tests.conftest import People
from tests.factories import make_claim
from tests.ledger.services.desk import do

ROOT = Path(__file__).parents[3]


class Service:
    """`ledger serve` with four threads, so that there is a place for two streams."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        settings = {
            "LEDGER_DATABASE_URL": url,
            "LEDGER_DATA_DIR": str(folder),
            "LEDGER_PORT": str(self.port),
            "LEDGER_THREADS": "4",
            "LEDGER_LOG_LEVEL": "warning",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ledger", "serve"], cwd=folder, env={**os.environ, **settings}
        )
        self.cookie = ""
        self.opened: list[http.client.HTTPConnection | http.client.HTTPResponse] = []

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.opened.append(connection)
        connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
        response = connection.getresponse()
        self.opened.append(response)
        return response

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for one in self.opened:
            one.close()

    def ready(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None
            try:
                if self.get("/readyz").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the service does not answer")

    def sign_in(self, secret: str) -> None:
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://127.0.0.1:{self.port}/sign-in/{secret}"
        with browser.open(address) as page:
            (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode())[:1]
        browser.open(address, urllib.parse.urlencode({"csrf_token": token}).encode()).close()
        self.cookie = "; ".join(f"{one.name}={one.value}" for one in jar)


def read(stream: http.client.HTTPResponse) -> dict[str, str]:
    """The next event of a stream; {} at its end."""
    event: dict[str, str] = {}
    while line := stream.readline().decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if not line.strip() and "data" in event:
            return event
        if name:
            event[name] = value
    return {}


def changes(stream: http.client.HTTPResponse) -> dict[str, str]:
    """The next change of a stream."""
    while (event := read(stream)).get("event") != "changed":
        assert event, "the stream ended"
    return event


@pytest.fixture
def ledger(empty_sqlite: Path, tmp_path: Path) -> Iterator[tuple[Database, Service]]:
    """A ledger, and a service of it."""
    (tmp_path / "ledger.db").write_bytes(empty_sqlite.read_bytes())
    url = f"sqlite:///{tmp_path}/ledger.db"
    database, service = Database(url), Service(tmp_path, url)
    yield database, service
    service.end()
    database.dispose()


def test_streams_tell_go_on_are_few_and_end_at_once(ledger: tuple[Database, Service]) -> None:
    database, service = ledger
    people = People(database)
    ben, cleo = people.reviewer, people.reviewer2
    claim = make_claim(database, ben)
    service.ready()
    service.sign_in(do(database, accounts.new_link, ben.account, by=SYSTEM, hours=1))
    path = f"/live?claim={claim.id}"
    stream = service.get(path)
    assert stream.status == 200 and stream.headers.get_content_type() == "text/event-stream"
    assert "no-store" in stream.headers["Cache-Control"] and stream.headers["X-Accel-Buffering"] == "no"
    assert stream.headers["Content-Encoding"] is None
    assert read(stream)["event"] == "presence"
    # Another process, this one, changes the claim.
    do(database, claims.reword, claim.id, by=cleo, version=1, details={"statement": "Two."})
    told = changes(stream)
    data = json.loads(told["data"])
    assert (data["by"], data["claims"], data["versions"], data["mine"]) == (
        "Reviewer2", [claim.id], {claim.id: 2}, False,
    )  # fmt: skip
    # Who comes back gets what came meanwhile, and once.
    do(database, claims.reword, claim.id, by=ben, version=2, details={"statement": "Three."})
    again = service.get(path, **{"Last-Event-ID": told["id"]})
    missed = json.loads(changes(again)["data"])
    assert (missed["versions"], missed["mine"]) == ({claim.id: 3}, True)
    # There is no place for a third one; what is new can still be asked for.
    full = service.get(path)
    assert full.status == 503 and int(full.headers["Retry-After"]) > 0
    asked = json.loads(service.get(f"/live/since?claim={claim.id}&seq={told['id']}").read())
    assert [one["versions"] for one in asked["changes"]] == [{claim.id: 3}]
    # With both streams open the service stops at once, and they end properly.
    began = time.monotonic()
    service.process.terminate()
    for one in (stream, again):
        while read(one):
            pass
    assert service.process.wait(20) == 0
    assert time.monotonic() - began < 7


def test_a_program_hears_what_another_process_does_and_a_stop_ends_it_at_once(
    ledger: tuple[Database, Service],
) -> None:
    database, service = ledger
    people = People(database)
    ben, token = people.reviewer, people.token("reader")
    claim = make_claim(database, ben)
    service.ready()
    asked = {**token, "Accept": "text/event-stream"}
    stream = service.get("/api/v1/events?kind=claim.*", **asked)
    assert stream.status == 200 and stream.headers.get_content_type() == "text/event-stream"
    assert stream.headers["Content-Encoding"] is None
    do(database, claims.reword, claim.id, by=ben, version=1, details={"statement": "Two."})
    told = read(stream)
    assert (told["event"], json.loads(told["data"])["stream"]) == ("claim.reworded", f"claim:{claim.id}")
    # The other place is left to people.
    assert service.get("/api/v1/events", **asked).status == 503
    began = time.monotonic()
    service.process.terminate()
    assert read(stream) == {}
    assert service.process.wait(20) == 0
    assert time.monotonic() - began < 7

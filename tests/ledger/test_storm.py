"""Kill -9 in a storm of writes, on both databases: what was acknowledged is there, and the log is whole.

And two who change one record at the same time: one wins, the other is told what stands now.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from ledger.db import Database
from ledger.errors import Outdated
from ledger.models import Article, Claim
from ledger.services import articles, claims, verification
from ledger.settings import Settings
from tests.conftest import People
from tests.factories import make_claim

ROOT = Path(__file__).parents[2]

# Writes as fast as it can, and prints the id of each article once it is committed.
_WRITER = """
import sys
from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.services import articles

url, name = sys.argv[1:]
database = Database(url)
place = 0
while True:
    place += 1
    draft = articles.prepare(f"Storm {name}, {place}. The town paid 4.2 million euros for 12 bridges in 2024.")
    with database.write() as session:
        id = articles.add(session, draft, by=SYSTEM).article.id
    print(id, flush=True)
"""


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """What a process needs to find the test's ledger."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "LEDGER_DATABASE_URL": settings.database_url,
        "LEDGER_DATA_DIR": str(settings.data_dir),
        "LEDGER_LOG_LEVEL": "error",
    }


def _check(database: Database, acknowledged: set[str]) -> None:
    with database.read() as session:
        kept = {id for (id,) in session.execute(Article.__table__.select().with_only_columns(Article.id))}
        report = verification.verify(session)
    assert acknowledged <= kept, f"{len(acknowledged - kept)} of {len(acknowledged)} were lost"
    assert report.sound, [str(found) for found in (*report.faults, *report.differences)][:5]


def _storm(database: Database, environment: dict[str, str], *, rounds: int, writers: int) -> set[str]:
    acknowledged: set[str] = set()
    for number in range(rounds):
        command = [sys.executable, "-c", _WRITER, environment["LEDGER_DATABASE_URL"]]
        running = [
            subprocess.Popen(
                [*command, f"{number}-{writer}"], env=environment, stdout=subprocess.PIPE, cwd=ROOT
            )
            for writer in range(writers)
        ]
        for process in running:
            # Each has begun before the first is killed, so that they die among each other's writes.
            acknowledged.add(process.stdout.readline().decode().strip())
        for process in running:
            time.sleep(random.uniform(0.02, 0.3))
            process.send_signal(signal.SIGKILL)
        for process in running:
            # The last line may be half: then nobody was told.
            lines = process.stdout.read().decode().split("\n")[:-1]
            acknowledged |= set(lines)
            process.stdout.close()
            process.wait()
        _check(database, acknowledged)
    return acknowledged


def test_what_was_acknowledged_survives_writers_that_are_killed(database, environment) -> None:
    acknowledged = _storm(database, environment, rounds=1, writers=4)

    assert len(acknowledged) >= 4


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_the_same_for_long(database, environment) -> None:
    _storm(database, environment, rounds=12, writers=4)


class Service:
    """`ledger serve` as a process, which can be killed with all that belongs to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._environment = {**environment, "LEDGER_PORT": str(self.port)}

    def start(self) -> None:
        command = [sys.executable, "-m", "ledger", "serve"]
        self.process = subprocess.Popen(command, env=self._environment, cwd=ROOT, start_new_session=True)
        end = time.monotonic() + 60
        while True:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                assert connection.getresponse().status == 200
                return
            except (OSError, HTTPException):
                assert time.monotonic() < end and self.process.poll() is None, "it did not start"
                time.sleep(0.05)
            finally:
                connection.close()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def service(environment) -> Iterator[Service]:
    service = Service(environment)
    yield service
    if service.process.poll() is None:
        service.kill()


def _post(service: Service, headers: dict[str, str], name: str, acknowledged: set[str]) -> None:
    """Send articles until nobody answers any more."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        for place in range(1_000_000):
            text = f"Over the wire {name}, {place}. The town paid 4.2 million euros for 12 bridges in 2024."
            body = json.dumps({"text": text})
            connection.request(
                "POST", "/api/v1/articles", body, {**headers, "Content-Type": "application/json"}
            )
            response = connection.getresponse()
            answer = json.loads(response.read())
            assert response.status == 201, answer
            acknowledged.add(answer.get("id") or answer["article"]["id"])
    except (OSError, HTTPException, ValueError):
        pass
    finally:
        connection.close()


def _killed_service(database, people, service, *, rounds: int) -> None:
    headers, acknowledged = people.token("reviewer"), set()
    for number in range(rounds):
        service.start()
        before = len(acknowledged)
        senders = [
            threading.Thread(target=_post, args=(service, headers, f"{number}-{n}", acknowledged))
            for n in range(6)
        ]
        for sender in senders:
            sender.start()
        end = time.monotonic() + 30
        while len(acknowledged) < before + 10 and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.3))
        service.kill()
        for sender in senders:
            sender.join()
        assert len(acknowledged) >= before + 10
        _check(database, acknowledged)


def test_what_the_api_acknowledged_survives_a_service_that_is_killed(database, people, service) -> None:
    _killed_service(database, people, service, rounds=1)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_service_that_is_killed_again_and_again(database, people, service) -> None:
    _killed_service(database, people, service, rounds=6)


def test_of_two_who_change_one_record_one_wins_and_the_other_sees_what_stands(
    database: Database, people: People
) -> None:
    claim = make_claim(database, people.reviewer)
    who = [people.reviewer, people.editor]
    begin, outcomes = threading.Barrier(2), {}

    def reword(number: int) -> None:
        other = Database(database.engine.url.render_as_string(hide_password=False))
        begin.wait()
        try:
            with other.write() as session:
                details = {"statement": f"Version of {number}"}
                claims.reword(session, claim.id, by=who[number], version=claim.version, details=details)
            outcomes[number] = None
        except Outdated as error:
            outcomes[number] = error
        finally:
            other.dispose()

    threads = [threading.Thread(target=reword, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [number for number, error in outcomes.items() if error is None]
    (lost,) = [error for error in outcomes.values() if error is not None]
    assert lost.facts["current"]["statement"] == f"Version of {winner}"
    assert lost.facts["version"] == claim.version + 1
    with database.read() as session:
        assert session.get_one(Claim, claim.id).statement == f"Version of {winner}"
    _check(database, set())


def test_many_writers_at_once_leave_one_gapless_log(database: Database, people: People) -> None:
    by, errors = people.reviewer, []
    url = database.engine.url.render_as_string(hide_password=False)

    def write(number: int) -> None:
        other = Database(url)
        try:
            for place in range(10):
                draft = articles.prepare(f"Writer {number}, {place}. It cost 12 million euros in 2024.")
                with other.write() as session:
                    articles.add(session, draft, by=by)
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)
        finally:
            other.dispose()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    _check(database, set())

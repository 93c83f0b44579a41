"""The worker as a process: a job in its hands survives it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.models import Capture, Job
from ledger.services import evidence
from tests.factories import make_claim

ROOT = Path(__file__).parents[3]


class Site(ThreadingHTTPServer):
    """A site that keeps its first visitor waiting, and answers those after."""

    daemon_threads = True

    def __init__(self) -> None:
        self.visited, self.release, self.visits = threading.Event(), threading.Event(), 0
        site = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.visits += 1
                if site.visits == 1:
                    site.visited.set()
                    site.release.wait(60)
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                try:
                    self.wfile.write(b"242 developers signed it.")
                except OSError:
                    pass

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Page)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield site
    site.release.set()
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.fixture
def start(settings, site) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker."""
    started = []
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LEDGER_DATABASE_URL": settings.database_url,
        "LEDGER_DATA_DIR": str(settings.data_dir),
        "LEDGER_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
        "LEDGER_FETCH_PORTS": str(site.port),
        "LEDGER_FETCH_TIMEOUT_SECONDS": "60",
        "LEDGER_JOB_LEASE_SECONDS": "5",
        "LEDGER_LOG_LEVEL": "error",
    }

    def go() -> subprocess.Popen[bytes]:
        worker = subprocess.Popen([sys.executable, "-m", "ledger", "worker"], env=environment, cwd=ROOT)
        started.append(worker)
        return worker

    yield go
    for worker in started:
        worker.kill()
        worker.wait()


def _promise(database, people, site) -> str:
    claim = make_claim(database, people.reviewer)
    details = {"url": f"http://127.0.0.1:{site.port}/letter", "stance": "supports"}
    with database.write() as session:
        return evidence.add(session, claim.id, by=people.reviewer, details=details).capture_id


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_job_whose_worker_is_killed_is_done_by_another(database, people, site, start) -> None:
    capture_id = _promise(database, people, site)
    first = start()
    assert site.visited.wait(60)

    first.send_signal(signal.SIGKILL)
    first.wait()
    start()

    def captured() -> bool:
        with database.read() as session:
            return session.get_one(Capture, capture_id).state == "done"

    _until(captured)
    with database.read() as session:
        capture, job = session.get_one(Capture, capture_id), session.exec(Job.__table__.select()).one()
    assert "242 developers" in (capture.text or "")
    _until(lambda: _state(database) == "done")
    assert job.attempts == 2 and site.visits == 2


def _state(database) -> str:
    with database.read() as session:
        return str(session.exec(Job.__table__.select()).one().state)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_is_told_to_stop_finishes_what_it_is_at(database, people, site, start, stop) -> None:
    _promise(database, people, site)
    worker = start()
    assert site.visited.wait(60)

    worker.send_signal(stop)
    time.sleep(0.5)
    assert worker.poll() is None
    site.release.set()

    assert worker.wait(30) == 0
    assert _state(database) == "done"

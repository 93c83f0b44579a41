"""A real service while it starts: what is answered at once, what waits, a stop, and a fault."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import one_database
from tests.factories import make_claim

ROOT = Path(__file__).parents[3]


class Starting:
    """`ledger serve`, just begun."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        settings = {
            "LEDGER_DATABASE_URL": url,
            "LEDGER_DATA_DIR": str(folder),
            "LEDGER_PORT": str(self.port),
            "LEDGER_LOG_LEVEL": "warning",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ledger", "serve"],
            cwd=folder, env={**os.environ, **settings}, stderr=subprocess.PIPE,
        )  # fmt: skip

    def asked(self, path: str, **headers: str) -> socket.socket:
        """The connection over which that was asked, as soon as anybody listens."""
        while True:
            assert self.process.poll() is None
            try:
                line = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            except OSError:
                time.sleep(0.005)
            else:
                break
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{told}\r\n".encode())
        return line


def first_line(line: socket.socket) -> str:
    with line, line.makefile("rb") as file:
        return file.readline().decode().strip()


@pytest.fixture
def starting(database, tmp_path):
    begun = []

    def start():
        begun.append(Starting(tmp_path, f"sqlite:///{database.file}"))
        return begun[-1]

    yield start
    for one in begun:
        one.process.kill()
        one.process.communicate()


@one_database
def test_a_status_is_told_while_pages_wait_and_both_are_told(starting, database, people):
    who, claim = people.token("reader"), make_claim(database, people.reviewer)
    begun, service = time.monotonic(), starting()
    page = service.asked("/sign-in")
    assert first_line(service.asked(f"/api/v1/claims/{claim.id}/status", **who)) == "HTTP/1.1 200 OK"
    if time.monotonic() - begun < 0.7:  # a busy machine may have loaded all by then
        page.setblocking(False)
        with pytest.raises(BlockingIOError):
            page.recv(1)
        page.settimeout(20)
    assert first_line(page) == "HTTP/1.1 200 OK"
    # The use of the token, which nobody could note at first, is noted by now or in a moment.
    for _ in range(200):
        with database.engine.connect() as connection:
            if connection.exec_driver_sql("SELECT last_used_at FROM token_secret").scalar():
                break
        time.sleep(0.02)
    else:
        raise AssertionError("the use of the token was not noted")
    service.process.terminate()
    assert service.process.wait(10) == 0


@one_database
def test_a_stop_is_heard_while_the_rest_is_loaded(starting, database, people):
    who, claim = people.token("reader"), make_claim(database, people.reviewer)
    service = starting()
    page = service.asked("/sign-in")
    assert first_line(service.asked(f"/api/v1/claims/{claim.id}/status", **who)) == "HTTP/1.1 200 OK"
    began = time.monotonic()
    service.process.terminate()
    # On a machine that was busy elsewhere meanwhile, all may be loaded.
    assert first_line(page) in ("HTTP/1.1 503 Service Unavailable", "HTTP/1.1 200 OK")
    assert service.process.wait(10) == 0
    assert time.monotonic() - began < 5


@one_database
def test_a_fault_while_the_rest_is_loaded_ends_the_service_and_says_why(starting, tmp_path):
    (tmp_path / "session.key").write_text("x\n")
    service = starting()
    _, told = service.process.communicate(timeout=60)
    assert service.process.returncode == 1
    assert "session.key holds no usable key. Remove it, and a new one is made." in told.decode()

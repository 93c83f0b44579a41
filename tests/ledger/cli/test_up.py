"""ledger up: from nothing to a running ledger, as a person starts it."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ledger.cli.conftest import ROOT


class Up:
    """A running `ledger up`."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self.out = folder / "printed"
        with self.out.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "ledger", "up", *arguments],
                env=environment, cwd=folder, stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def printed(self) -> str:
        return self.out.read_text()

    def ready(self) -> str:
        """Wait until it says that it runs; gives what it printed."""
        end = time.monotonic() + 100
        while "Ctrl-C stops it." not in self.printed():
            assert self.process.poll() is None and time.monotonic() < end, self.printed()
            time.sleep(0.05)
        return self.printed()

    def children(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return [int(line) for line in found.stdout.split()]

    def stop(self, number: signal.Signals) -> float:
        """Stop it; gives how long that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(30) == 0, self.printed()
        return time.monotonic() - began


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[Callable[..., Up]]:
    """Start it in an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "LEDGER_PORT": str(port), "LEDGER_LOG_LEVEL": "error"}
    started: list[Up] = []

    def go(*arguments: str) -> Up:
        started.append(Up(tmp_path, environment, *arguments))
        return started[-1]

    yield go
    for one in started:
        one.process.kill()
        one.process.wait()


def _browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_an_empty_folder_becomes_a_ledger_that_one_can_sign_in_to(up, port, tmp_path) -> None:
    first = up()
    printed = first.ready()
    address = f"http://127.0.0.1:{port}"
    assert f"The claim ledger is running at {address}" in printed
    link = re.search(rf"{address}/sign-in/\S+", printed)
    assert link

    with _browser().open(f"{address}/readyz") as answer:
        assert answer.status == 200
    browser = _browser()
    with browser.open(link[0]) as page:
        assert page.status == 200
    children = first.children()
    assert len(children) == 2
    assert first.stop(signal.SIGINT) < 15
    assert not any(map(_alive, children))
    assert "Stopped." in first.printed()

    # What was there is there again, and nothing twice.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    counted = [sys.executable, "-m", "ledger", "export"]
    before = subprocess.run(counted, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert "242 developers" in before and "40 civil rights organisations" in before
    second = up()
    second.ready()
    again = subprocess.run(counted, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert again == before
    assert second.stop(signal.SIGTERM) < 15


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_it_leaves_nobody_behind(up) -> None:
    running = up()
    running.ready()
    children = running.children()

    running.process.kill()
    running.process.wait()

    end = time.monotonic() + 20
    while any(map(_alive, children)):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_taken_port_is_told_before_anything_is_made(up, port, tmp_path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = up()
        assert refused.process.wait(60) == 3

    assert f"Port {port} on 127.0.0.1 is taken" in refused.printed() and "LEDGER_PORT=" in refused.printed()
    assert not (tmp_path / "data").exists()


def test_a_folder_that_can_not_be_written_is_told(up, tmp_path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    refused = up()

    assert refused.process.wait(60) == 3
    assert "The folder data can't be written: a file has that name" in refused.printed()
    assert "Traceback" not in refused.printed()

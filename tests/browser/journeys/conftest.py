"""A real ledger in a process of its own, and people with browsers."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ledger.auth.identity import SYSTEM, Identity
from ledger.db import Database
from ledger.migrations import commands as migrations
from ledger.services import accounts

ROOT = Path(__file__).parents[3]


class Desk:
    """A running ledger: its address, and its database for what a journey takes for granted."""

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self.database = database
        self._count = 0

    def person(self, name: str, role: str = "reviewer") -> Identity:
        self._count += 1
        with self.database.write() as session:
            account = accounts.create(
                session, by=SYSTEM, email=f"{name.lower()}{self._count}@example.org", name=name, role=role
            )
        return accounts.identity_of(account)

    def link(self, who: Identity) -> str:
        with self.database.write() as session:
            return f"{self.url}/sign-in/{accounts.new_link(session, who.account, by=SYSTEM, hours=1)}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The ledger that `ledger serve` starts, on a fresh SQLite file."""
    folder = tmp_path_factory.mktemp("desk")
    address = f"sqlite:///{folder}/ledger.db"
    database = Database(address)
    migrations.upgrade(database.engine)
    port = free_port()
    settings = {
        "LEDGER_DATABASE_URL": address,
        "LEDGER_DATA_DIR": str(folder),
        "LEDGER_PORT": str(port),
        "LEDGER_FETCH": "false",
        "LEDGER_DEVELOPMENT": "true",
        "LEDGER_SIGN_IN_RATE": "10000 per minute",
        "LEDGER_LOG_LEVEL": "warning",
    }
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "ledger", "serve"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=log,
        stderr=log,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server, folder / "log")
        yield Desk(f"http://127.0.0.1:{port}", database)
    finally:
        server.terminate()
        server.wait(20)
        log.close()
        database.dispose()


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the service did not start: {log.read_text()}")


class Faults(list[str]):
    """What a browser complained about: scripts that fail, policies that are broken."""


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Every page of a journey must end with this empty."""
    found = Faults()
    yield found
    assert not found


@pytest.fixture
def browser_of(browser: Browser, desk: Desk, faults: Faults) -> Iterator[Callable[..., Page]]:
    """`browser_of(who)` is that person's own browser, signed in."""
    contexts: list[BrowserContext] = []

    def make(who: Identity | None = None, **options: object) -> Page:
        context = browser.new_context(
            base_url=desk.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note(message, faults))
        if who is not None:
            page.goto(desk.link(who))
            page.get_by_role("button", name=re.compile("Sign in as")).click()
            expect(page.get_by_role("main")).to_be_visible()
        return page

    yield make
    for context in contexts:
        context.close()


def _note(message: object, faults: Faults) -> None:
    kind, text = message.type, message.text  # type: ignore[attr-defined]
    # A refusal is an answer (409, 412, 422), not a fault, though browsers report it as one.
    if kind in ("error", "warning") and not re.search(r"status of 4\d\d", text):
        faults.append(text)

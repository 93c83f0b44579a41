"""ledger up: from nothing to a running ledger, with one process to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click

from ledger.cli.processes import STARTED_BY_UP
from ledger.errors import LedgerError

_STOP_SECONDS = 10
_START_SECONDS = 150


@click.command()
@click.option("--link", is_flag=True, help="Print a one-time sign-in link also when a password was set.")
def up(link: bool) -> None:
    """Start the ledger, ready to use; Ctrl-C stops it.

    Makes the data folder, brings the database to the newest schema, loads the sample articles
    into an empty ledger, makes the first administrator, starts service and worker, and prints the
    address and, until an administrator has set a password, a one-time sign-in link.

    \b
    Example:
      LEDGER_PORT=9000 ledger up
    """
    from ledger.cli.opening import free_port, writable
    from ledger.settings import load

    settings = load()
    # Everything that can be wrong is asked before anything is made.
    free_port(settings)
    writable(settings)
    secret = _prepare(settings, always=link)
    _run(settings.address, settings.host, settings.port, secret, settings.link_hours)


def _prepare(settings: Any, *, always: bool) -> str | None:
    """Bring the ledger up to date; gives the secret of a one-time link, where there is to be one."""
    from ledger.cli.opening import not_too_new, reach
    from ledger.db import Database
    from ledger.migrations import commands as migrations

    database = Database(settings.database_url)
    try:
        reach(database, settings)
        not_too_new(database)
        migrations.upgrade(database.engine)
        _fill(database, settings)
        return _link(database, settings, always=always)
    finally:
        database.dispose()


def _fill(database: Any, settings: Any) -> None:
    """In an empty ledger, the first administrator and the samples: both or neither."""
    from ledger.services import accounts
    from ledger.store import accounts as store
    from ledger.store import events

    with database.read() as session:
        empty = events.size(session) == 0
        if store.admins(session):
            return
    drafts = _samples(settings) if empty else []
    with database.write() as session:
        if events.size(session) == 0:
            for draft in drafts:
                _add(session, draft)
        accounts.first_administrator(session)


def _samples(settings: Any) -> list[Any]:
    from ledger.adapters import detectors
    from ledger.samples import samples
    from ledger.services import articles

    return [articles.prepare(text, **detectors.reading(settings)) for text in samples()]


def _add(session: Any, draft: Any) -> None:
    from ledger.auth.identity import SYSTEM
    from ledger.services import articles

    articles.add(session, draft, by=SYSTEM)


def _link(database: Any, settings: Any, *, always: bool) -> str | None:
    from ledger.auth.identity import SYSTEM
    from ledger.services import accounts
    from ledger.store import accounts as store

    with database.write() as session:
        admins = store.admins(session)
        known = [
            kept for admin in admins if (kept := store.credential(session, admin.id)) and kept.password_hash
        ]
        if known and not always:
            return None
        return accounts.new_link(session, admins[0].id, by=SYSTEM, hours=settings.link_hours)


def _run(address: str, host: str, port: int, secret: str | None, hours: int) -> None:
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    running = {"serve": _start("serve")}
    patience = _STOP_SECONDS
    try:
        if _answers(host, port, running["serve"], stop):
            # Only now, as loading both at once would keep people waiting twice as long.
            running["worker"] = _start("worker")
            _greet(address, secret, hours)
            _watch(running, stop)
        else:
            # Nobody was answered yet, so there is nothing to wait for.
            patience = 1
    finally:
        _stop(running, patience)
    if not stop.is_set():
        raise LedgerError("The service ended by itself; what stands above says why.")
    click.echo("Stopped.")


def _start(command: str) -> subprocess.Popen[bytes]:
    """A process of its own session: Ctrl-C reaches us alone, and we stop both in order."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603  (ourselves)
        [sys.executable, "-m", "ledger", command],
        env={**os.environ, STARTED_BY_UP: str(os.getpid()), "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _answers(host: str, port: int, service: subprocess.Popen[bytes], stop: threading.Event) -> bool:
    """Wait until the service answers; False if it ended, or was stopped, before."""
    from http.client import HTTPConnection, HTTPException

    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and service.poll() is None and not stop.is_set():
        try:
            connection = HTTPConnection(near, port, timeout=2)
            # Whatever it says, it says when all is loaded; only where too many wait for that, to ask again.
            connection.request("GET", "/readyz")
            if connection.getresponse().getheader("Retry-After") is None:
                return True
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        stop.wait(0.05)
    return False


def _greet(address: str, secret: str | None, hours: int) -> None:
    click.echo(f"The claim ledger is running at {address}")
    if secret is not None:
        click.echo(f"Sign in as administrator, once and within {hours} hours:\n  {address}/sign-in/{secret}")
    click.echo("Ctrl-C stops it.")


def _watch(running: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> None:
    """Wait for the stop, or for the service's end; a worker that ended is replaced."""
    while not stop.wait(0.3) and running["serve"].poll() is None:
        ended = running["worker"].poll()
        if ended is not None:
            click.echo(f"ledger: the worker ended ({ended}); starting another.", err=True)
            stop.wait(1)
            running["worker"] = _start("worker")


def _stop(running: dict[str, subprocess.Popen[bytes]], patience: float) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + patience
    for process in running.values():
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # What it was at is done again: a job by its row, a request by whoever asked.
            process.kill()
            process.wait()

"""ledger serve: the service, under granian."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ledger.cli.processes import STARTED_BY_UP, stop_with_parent

if TYPE_CHECKING:
    from flask import Flask

    from ledger.settings import Settings

# A request may be answered this long after the stop was asked for; a hanging one is then cut off.
_LAST_SECONDS = 8
_SERVING = "LEDGER_SERVING"


@click.command()
def serve() -> None:
    """Start the service alone: pages and API, without a worker.

    One process answers LEDGER_THREADS requests at a time. Several machines may serve one
    PostgreSQL database; each also needs LEDGER_SECRET_KEY. SIGTERM or Ctrl-C stops it after
    the requests under way.

    \b
    Example:
      LEDGER_PORT=9000 ledger serve
    """
    from ledger.cli.opening import free_port, opened, writable
    from ledger.settings import load

    settings = load()
    writable(settings)
    with opened(settings=settings):
        free_port(settings)
    if parent := os.environ.get(STARTED_BY_UP):
        stop_with_parent(int(parent))
    os.environ[_SERVING] = str(os.getpid())
    _granian(settings)


def _granian(settings: "Settings") -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "ledger.cli.serve:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=_LAST_SECONDS,
    ).serve()


def application() -> "Flask":
    """The application, made inside granian's worker process."""
    from ledger.app import create_app
    from ledger.settings import load
    from ledger.web.observe import configure_logs

    # Until granian takes the signals over, which it does after this, a stop must not go unheard.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stop_with_parent(int(os.environ[_SERVING]))
    settings = load()
    configure_logs(settings)
    app = create_app(settings)
    _hear_the_stop(app.extensions["ledger_live"].stop)
    return app


def _hear_the_stop(stop: Callable[[], None]) -> None:
    """Call `stop` at the first signal: streams would go on for minutes, and be waited for.

    Granian handles the signals itself, in a main thread that runs no Python; what can be heard beside it
    is the number that the interpreter writes to a pipe when one comes.
    """
    heard, said = socket.socketpair()
    said.setblocking(False)
    signal.set_wakeup_fd(said.fileno(), warn_on_full_buffer=False)

    def listen() -> None:
        heard.recv(1)
        stop()
        # Signals are written to the other end as long as the process lives.
        said.detach()

    threading.Thread(target=listen, name="ledger-stop", daemon=True).start()

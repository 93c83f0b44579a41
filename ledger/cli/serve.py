"""ledger serve: the service, under granian."""

import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ledger.cli.processes import STARTED_BY_UP, stop_with_parent

if TYPE_CHECKING:
    from flask import Flask

    from ledger.settings import Settings
    from ledger.web.lane.front import Lane

# A request may be answered this long after the stop was asked for; a hanging one is then cut off.
_LAST_SECONDS = 8
_SERVING = "LEDGER_SERVING"
# Libraries that others load wherever they find them, for what the service does not do: tracebacks in colour,
# OpenAPI as YAML, forms in other languages. They are kept out until all is loaded: a twentieth of the start.
_NEEDLESS = ("rich", "yaml", "babel")
# Whether pydantic has plugins, it would look for in each package that is installed: 7 ms of two hundred.
_NO_PLUGINS = "PYDANTIC_DISABLE_PLUGINS", "__all__"
_TURN_SECONDS = 0.0005
_FIRST_OTHERS_SECONDS = 1.0  # whoever waits for the start is answered first


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
    os.environ.setdefault(*_NO_PLUGINS)
    from ledger.cli.inorder import in_order
    from ledger.settings import load

    # Until all is loaded, as below; this process only waits then.
    gc.disable()
    settings = load()
    if not in_order(settings):
        _say_what_is_wrong(settings)
    if parent := os.environ.get(STARTED_BY_UP):
        stop_with_parent(int(parent))
    os.environ[_SERVING] = str(os.getpid())
    _granian(settings)


def _say_what_is_wrong(settings: "Settings") -> None:
    """Make what can be made, and raise Unavailable for the rest."""
    from ledger.cli.opening import free_port, opened, writable

    writable(settings)
    with opened(settings=settings):
        free_port(settings)


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


def application() -> "Lane":
    """What granian's worker process serves: look-ups at once, and all else when the rest is loaded."""
    # Nothing that is loaded becomes rubbish: looking for it again and again would take a fifth of the start.
    gc.disable()
    # Until granian takes the signals over, which it does after this, a stop must not go unheard.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stop_with_parent(int(os.environ[_SERVING]))
    for name in _NEEDLESS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]

    from ledger.settings import load
    from ledger.web.lane.front import Lane
    from ledger.web.watch import configure_logs

    settings = load()
    configure_logs(settings)
    lane = Lane(settings)
    lane.opened()
    loading = _Loading(settings, lane)
    _hear_the_stop(loading.stop)
    threading.Thread(target=loading.run, name="ledger-start", daemon=True).start()
    return lane


class _Loading:
    """The application, made while look-ups are answered."""

    def __init__(self, settings: "Settings", lane: "Lane") -> None:
        self._settings, self._lane = settings, lane
        self._made = threading.Event()
        self._app: Flask | None = None

    def run(self) -> None:
        """Make it; a fault ends the process."""
        # Whoever is answered meanwhile waits for this long at each step of a statement.
        patience = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_SECONDS)
        try:
            # What is asked most is there first: claims and lists of them, then pages, then all.
            from ledger.web.lane.whole import Others

            self._lane.meanwhile(Others(self._lane))

            from ledger.app import create_app

            app = self._app = create_app(self._settings, self._lane)
        except BaseException:  # noqa: BLE001  (whatever it is, nobody else hears of it)
            # As granian tells of one, and ends for it.
            traceback.print_exc()
            os._exit(1)
        finally:
            sys.setswitchinterval(patience)
            for name in _NEEDLESS:
                if sys.modules.get(name, self) is None:
                    del sys.modules[name]
        self._made.set()
        # What is there for good is not gone through for rubbish again and again: 0.2 s each time.
        gc.freeze()
        collect_seldom()
        gc.enable()
        _warm_up(app)
        _note_uses(app, self._lane.unnoted())

    def stop(self) -> None:
        """End what would go on for minutes, and the waiting for what is not there."""
        self._lane.give_up()
        self._made.wait()
        if self._app is not None:
            self._app.extensions["ledger_live"].stop()


def _note_uses(app: "Flask", tokens: set[str]) -> None:
    from ledger.web.sessions import note_use

    for token in tokens:
        note_use(app.extensions["ledger"].database, token)


def collect_seldom() -> None:
    """Look for rubbish among all that is kept, statements above all, a tenth as often as Python would.

    One of a hundred pages waited for that: 20 ms on a quiet machine. What is new is looked through as ever.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, 10 * old)


def _warm_up(app: "Flask") -> None:
    """Make ready in the background what the first look-up by words, or the first fetch, would wait for."""
    import structlog

    from ledger.adapters.late import Late

    parts = app.extensions["ledger"]

    def warm() -> None:
        time.sleep(_FIRST_OTHERS_SECONDS)
        try:
            Late.load()
            parts.matcher.warm(parts.database)
            gc.freeze()  # as below: the index, and the libraries that came with it
        except Exception:  # noqa: BLE001  (whoever asks finds it again, and is told)
            structlog.get_logger("ledger.start").warning("matching is not ready", exc_info=True)

    threading.Thread(target=warm, name="ledger-warm", daemon=True).start()


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

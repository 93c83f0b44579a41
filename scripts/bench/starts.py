"""How long one waits before anything begins; and how fast the log is replayed."""

import time

from ledger.services import verification
from ledger.store import events
from scripts.bench.measuring import Bench, command, row, seconds
from scripts.bench.serving import served

_STARTS = 5


def run(bench: Bench) -> None:
    """The check of the whole log, and commands."""
    with bench.database.read() as session:
        log = events.size(session)
        cost = seconds(lambda: verification.verify(session))
    row("verify", f"{cost:.2f} s", f"{log / cost:,.0f} events/s", "10,000 events/s")
    waits = sorted(cold(bench) for _ in range(_STARTS))
    row("cold start to the first answer", f"{waits[_STARTS // 2]:.2f} s", "", "0.8 s")
    row("ledger --help", f"{command('-m', 'ledger', '--help'):.3f} s", "", "0.15 s")
    row("import claims", f"{command('-c', 'import claims'):.3f} s", "", "0.1 s over python itself")


def cold(bench: Bench) -> float:
    """Seconds from the command to the service's first answer."""
    began = time.perf_counter()
    with served(bench):
        return time.perf_counter() - began

"""How long one waits before anything begins; and how fast the log is replayed."""

import time

from ledger.services import verification
from ledger.store import events
from scripts.bench.measuring import Bench, command, row, seconds
from scripts.bench.serving import Reply, connected, request, started

_STARTS = 5


def run(bench: Bench) -> None:
    """The check of the whole log, and commands."""
    with bench.database.read() as session:
        log = events.size(session)
        cost = seconds(lambda: verification.verify(session))
    row("verify", f"{cost:.2f} s", f"{log / cost:,.0f} events/s", "10,000 events/s")
    # Each from a start of its own: who asks for a status need not wait for what makes pages.
    for work, path, goal in (
        ("status", f"/api/v1/claims/{bench.ids[0]}/status", "0.8 s"),
        ("list", "/api/v1/claims", "0.8 s"),
        ("page", "/sign-in", "0.8 s"),
    ):
        waits = sorted(cold(bench, path) for _ in range(_STARTS))
        row(f"cold start to the first {work}", f"{waits[_STARTS // 2]:.2f} s", "", goal)
    row("ledger --help", f"{command('-m', 'ledger', '--help'):.3f} s", "", "0.15 s")
    row("import claims", f"{command('-c', 'import claims'):.3f} s", "", "0.1 s over python itself")


def cold(bench: Bench, path: str) -> float:
    """Seconds from the command to the answer of the first request, sent as soon as somebody listens."""
    began = time.perf_counter()
    with started(bench) as (_, port), connected(port) as connection:
        connection.sendall(request(path, bench.headers))
        told = Reply(connection).whole()
        wait = time.perf_counter() - began
        if not told.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {told[:400]!r}")
    return wait

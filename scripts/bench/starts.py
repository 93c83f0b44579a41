"""How long one waits before anything begins; and how fast the log is replayed."""

import time

from ledger.services import verification
from ledger.store import events
from scripts.bench.measuring import Bench, command, row, seconds
from scripts.bench.serving import Reply, request, served

_STARTS = 5
_FIRST = ("answer", "status", "list", "page")


def run(bench: Bench) -> None:
    """The check of the whole log, and commands."""
    with bench.database.read() as session:
        log = events.size(session)
        cost = seconds(lambda: verification.verify(session))
    row("verify", f"{cost:.2f} s", f"{log / cost:,.0f} events/s", "10,000 events/s")
    waits = [cold(bench) for _ in range(_STARTS)]
    goal = "0.8 s"
    for place, work in enumerate(_FIRST):
        wait = sorted(one[place] for one in waits)[_STARTS // 2]
        row(f"cold start to the first {work}", f"{wait:.2f} s", "", goal)
        goal = ""
    row("ledger --help", f"{command('-m', 'ledger', '--help'):.3f} s", "", "0.15 s")
    row("import claims", f"{command('-c', 'import claims'):.3f} s", "", "0.1 s over python itself")


def cold(bench: Bench) -> list[float]:
    """Seconds from the command to the service's first answer, and to the first one of each kind after it."""
    began = time.perf_counter()
    with served(bench) as (_, (connection, *_), headers):
        waits = [time.perf_counter() - began]
        for path in (f"/api/v1/claims/{bench.ids[0]}/status", "/api/v1/claims", "/sign-in"):
            began = time.perf_counter()
            connection.sendall(request(path, headers))
            if not Reply(connection).whole().startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{path} was not answered")
            waits.append(waits[0] + time.perf_counter() - began)
    return waits

"""Look-ups and a claim, beside Flask's hello."""

import random
import time
from collections.abc import Callable

import orjson
import sqlalchemy as sa

from scripts.bench.measuring import SETTLED, Bench, ask, hello, one_after_another, row, seconds, side_by_side


def run(bench: Bench) -> None:
    """One at a time, without a server; and many in one call. Under a server, and pages: `serving`."""
    singles(bench)
    # Asked for hundreds of standings, a process loads all of them in the background.
    time.sleep(SETTLED)
    look_ups(bench)


def singles(bench: Bench) -> None:
    """Asked for the first time since anything was written; and again, which is answered from memory."""
    floor = ask(hello(), "/", {})
    # Their goals are those under a server, as `serving` measures them.
    for work, place in (
        ("status look-up", "/api/v1/claims/{}/status"),
        ("full claim", "/api/v1/claims/{}"),
    ):
        calls = [ask(bench.app, place.format(id), bench.headers) for id in bench.ids]
        least, first, again = side_by_side(floor, one_after_another(calls), calls[0], calls=300)
        row(f"{work}, another each time", f"{first:,.0f} µs", f"{least / first:.2f} × Flask hello")
        row(f"{work}, asked again", f"{again:,.0f} µs", f"{least / again:.2f} × Flask hello")


def look_ups(bench: Bench) -> None:
    """Many questions in one call, each call with others."""
    with bench.database.read() as session:
        words = sa.text("SELECT statement FROM claim ORDER BY random() LIMIT 20")
        texts = [statement for (statement,) in session.execute(words)]

    def call(questions: list[dict[str, str]]) -> Callable[[], None]:
        body = orjson.dumps({"questions": questions})
        headers = {**bench.headers, "Content-Type": "application/json"}
        return ask(bench.app, "/api/v1/lookups", headers, method="POST", data=body)

    def address() -> str:
        return f"https://www.news.example/{random.random()}/"

    some = min(1000, len(bench.ids))
    calls = {
        "1,000 ids in one call": (
            "15 ms", [[{"claim": id} for id in random.sample(bench.ids, some)] for _ in range(9)]
        ),
        "1,000 addresses in one call": (
            "25 ms", [[{"url": address()} for _ in range(1000)] for _ in range(9)]
        ),
        "one text": ("20 ms", [[{"text": f"{text} again"}] for text in texts]),
    }  # fmt: skip
    for work, (goal, rounds) in calls.items():
        call(rounds[0])()  # the first makes the index, and loads the model
        times = sorted(1000 * seconds(call(questions)) for questions in rounds)
        row(work, f"{times[len(times) // 2]:.1f} ms, worst {times[-1]:.1f}", "", goal)

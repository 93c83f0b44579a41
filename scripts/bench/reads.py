"""Look-ups, a claim and a page: beside Flask's hello and beside raw SQL."""

import random
import sqlite3
from collections.abc import Callable

import orjson
import sqlalchemy as sa

from scripts.bench.measuring import Bench, ask, hello, one_after_another, per_call, row, seconds


def run(bench: Bench) -> None:
    """One at a time, a page, and many in one call."""
    floor = per_call(ask(hello(), "/", {}))
    singles(bench, floor)
    pages(bench, floor)
    look_ups(bench)


def singles(bench: Bench, floor: float) -> None:
    """Asked for the first time since anything was written; and again, which is answered from memory."""
    for work, place, goal in (
        ("status look-up", "/api/v1/claims/{}/status", "1.5 × hello"),
        ("full claim", "/api/v1/claims/{}", "0.6 × hello"),
    ):
        calls = [ask(bench.app, place.format(id), bench.headers) for id in bench.ids]
        first, again = per_call(one_after_another(calls)), per_call(calls[0])
        row(f"{work}, another each time", f"{first:,.0f} µs", f"{floor / first:.2f} × Flask hello", goal)
        row(f"{work}, asked again", f"{again:,.0f} µs", f"{floor / again:.2f} × Flask hello", goal)


def bare_page(path: str) -> Callable[[], bytes]:
    """Fifty claims with raw SQL and orjson: the ceiling for a page."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    query = "SELECT * FROM claim ORDER BY created_at DESC, id DESC LIMIT 50"
    return lambda: orjson.dumps([dict(row) for row in connection.execute(query)])


def pages(bench: Bench, floor: float) -> None:
    """With `below`, a page is asked of Flask each time."""
    ceiling = per_call(bare_page(bench.path)) + floor
    for work, asked in (("page of 50", "&below=true"), ("page of 50, asked again", "")):
        cost = per_call(ask(bench.app, f"/api/v1/claims?limit=50{asked}", bench.headers))
        row(work, f"{cost:,.0f} µs", f"{ceiling / cost:.2f} × raw SQL, orjson", "0.9")


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

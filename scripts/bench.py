"""How fast the ledger is, as ratios to ceilings measured in the same run: make bench

Makes a ledger of `--claims` claims in a temporary SQLite file, then times each kind of work beside
the least that the same work could cost. Requests go through the whole WSGI stack, in this process,
so that the figures show our work and not the network's. Absolute times depend on the machine; take
the ratios.
"""

import argparse
import csv
import io
import itertools
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import orjson  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from flask import Flask  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from ledger import clock  # noqa: E402
from ledger.app import create_app  # noqa: E402
from ledger.auth.identity import SYSTEM, Identity  # noqa: E402
from ledger.db import Database  # noqa: E402
from ledger.ids import new_id  # noqa: E402
from ledger.migrations import commands as migrations  # noqa: E402
from ledger.models import Claim  # noqa: E402
from ledger.services import accounts, articles, claims, exports, tokens, verification  # noqa: E402
from ledger.settings import Settings  # noqa: E402
from ledger.store import events as events_store  # noqa: E402
from ledger.store import exports as exports_store  # noqa: E402
from ledger.store.claims import Filters  # noqa: E402
from ledger.web.observe import configure_logs  # noqa: E402

_SENTENCE = "In {year}, {n:,} people in {town} signed petition number {i}, the council said. "
_TOWNS = ("Aldham", "Brook", "Carrow", "Dunmere", "Eastvale")
_PER_ARTICLE = 20


def fill(database: Database, by: Identity, wanted: int) -> float:
    """Bring `wanted` claims in, through the services; gives claims a second."""
    began = time.perf_counter()
    made = 0
    while made < wanted:
        text = "".join(
            _SENTENCE.format(year=1990 + i % 35, n=1000 + i, town=_TOWNS[i % 5], i=i)
            for i in range(made, made + _PER_ARTICLE)
        )
        draft = articles.prepare(text, floor=0.0)
        with database.write() as session:
            made += max(1, articles.add(session, draft, by=by).candidates)
    return made / (time.perf_counter() - began)


def per_call(work: Callable[[], Any], *, seconds: float = 1.0) -> float:
    """Microseconds a call: the median of five rounds, so that a neighbour's burst does not count."""
    work()
    rounds = []
    for _ in range(5):
        calls, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds / 5:
            work()
            calls += 1
        rounds.append((time.perf_counter() - began) / calls * 1e6)
    return sorted(rounds)[2]


def get(app: Flask, path: str, headers: dict[str, str]) -> Callable[[], None]:
    """A GET request through the whole WSGI stack, without what a test client costs."""
    asked = EnvironBuilder(path=path, headers=list(headers.items())).get_environ()
    status = ""

    def start(given: str, _headers: Any, _fault: Any = None) -> Any:
        nonlocal status
        status = given

    def ask() -> None:
        answer = app.wsgi_app(dict(asked), start)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not status.startswith("200"):
            raise SystemExit(f"{path}: {status} {body[:200]!r}")

    return ask


def hello() -> Flask:
    """The least that Flask itself costs."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


def bare_page(path: str) -> Callable[[], bytes]:
    """Fifty claims with raw SQL and orjson: the ceiling for a page."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    query = "SELECT * FROM claim ORDER BY created_at DESC, id DESC LIMIT 50"
    return lambda: orjson.dumps([dict(row) for row in connection.execute(query)])


def bare_csv(database: Database) -> Callable[[], None]:
    """csv.writer over the cursor of the very cells that the export has, without a guard: its ceiling."""
    with database.read() as session:
        columns = exports_store.columns(session, base_url="http://x")
        cells = [one.value if one.flat is None else one.flat.scalar_subquery() for one in columns]
        query = exports_store.ordered(session, "claims", cells, Filters())
        asked = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    connection = sqlite3.connect(str(database.engine.url.database))

    def write() -> None:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        for row in connection.execute(asked):
            writer.writerow(row)
            if buffer.tell() > 65536:
                buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()

    return write


def resident() -> int:
    """Bytes of memory that this process has; 0 where the system does not say."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") if told.exists() else 0


def measure_exports(database: Database) -> None:
    """Every format, and the CSV beside csv.writer."""
    ceiling = sorted(seconds(bare_csv(database)) for _ in range(3))[1]
    for form in exports.FORMATS:
        costs, before, grown, first = [], resident(), 0, 0.0
        for _ in range(3):
            began = time.perf_counter()
            pieces = exports.taken(database, exports.Wish(form, base_url="http://x")).pieces
            first = time.perf_counter() - began
            for _piece in pieces:
                grown = max(grown, resident() - before)
            costs.append(time.perf_counter() - began)
        cost = sorted(costs)[1]
        told = f"{cost:.2f} s, first {first * 1000:.0f} ms, +{grown / 1e6:.0f} MB"
        beside = f"{ceiling / cost:.2f} × csv.writer"
        row(f"{form} of all", told, beside, "1.0, 50 ms, 16 MB" if form == "csv" else "")


def durable(database: Database, by: Identity, id: str) -> Callable[[], None]:
    """One change with its event, committed to disk."""

    def change() -> None:
        with database.write() as session:
            claim = session.get_one(Claim, id)
            claims.reword(
                session, id, by=by, version=claim.version, details={"statement": f"Changed {time.time_ns()}"}
            )

    return change


def bare_durable(path: str, id: str) -> Callable[[], None]:
    """The same two writes in raw SQL, with the same fsync."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, patch TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS bare_claim (id TEXT PRIMARY KEY, statement TEXT)")
    connection.execute("INSERT INTO bare_claim VALUES (?, '')", (id,))

    def change() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE bare_claim SET statement = ? WHERE id = ?", (str(time.time_ns()), id))
        connection.execute("INSERT INTO bare VALUES (?, ?)", (new_id(), "x" * 300))
        connection.execute("COMMIT")

    return change


def seconds(work: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def command(*arguments: str) -> float:
    """Seconds for a whole command, the median of five."""
    times = [
        seconds(
            lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
        )
        for _ in range(5)
    ]
    return sorted(times)[2]


def row(work: str, figure: str, ratio: str, goal: str) -> None:
    """One line of the table."""
    print(f"{work:<34} {figure:<26} {ratio:<24} {goal}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=10_000, help="size of the ledger")
    size = parser.parse_args().claims
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        path = f"{folder}/ledger.db"
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{path}",
            data_dir=Path(folder),
            secret_key="only for this bench",
            log_level="error",
        )
        configure_logs(settings)
        app = create_app(settings)
        database: Database = app.extensions["ledger"].database
        migrations.upgrade(database.engine)
        with database.write() as session:
            by = accounts.identity_of(
                accounts.create(session, by=SYSTEM, email="b@example.org", name="B", role="admin")
            )
            _, secret = tokens.create(session, by=by, name="bench", scopes=["ledger:read"])
        measure(app, database, by, path, size, {"Authorization": f"Bearer {secret}"})
        database.dispose()


def one_after_another(calls: list[Callable[[], None]]) -> Callable[[], None]:
    """A call that makes each of these in its turn."""
    each = itertools.cycle(calls)

    def call() -> None:
        next(each)()

    return call


def look_ups(app: Flask, database: Database, headers: dict[str, str], ids: list[str]) -> None:
    """Many questions in one call, each call with others."""
    client = app.test_client()
    with database.read() as session:
        words = sa.text("SELECT statement FROM claim ORDER BY random() LIMIT 20")
        texts = [statement for (statement,) in session.execute(words)]

    def ask(questions: list[dict[str, str]]) -> float:
        body = orjson.dumps({"questions": questions})
        sent = {**headers, "Content-Type": "application/json"}
        began = time.perf_counter()
        response = client.post("/api/v1/lookups", data=body, headers=sent)
        took = time.perf_counter() - began
        if response.status_code != 200:
            raise SystemExit(f"lookups: {response.status_code} {response.text[:200]}")
        return took * 1000

    def address() -> str:
        return f"https://www.news.example/{random.random()}/"

    calls = {
        "1,000 ids in one call": (
            "15 ms", [[{"claim": id} for id in random.sample(ids, min(1000, len(ids)))] for _ in range(9)]
        ),
        "1,000 addresses in one call": (
            "25 ms", [[{"url": address()} for _ in range(1000)] for _ in range(9)]
        ),
        "one text": ("20 ms", [[{"text": f"{text} again"}] for text in texts]),
    }  # fmt: skip
    for work, (goal, rounds) in calls.items():
        ask(rounds[0])  # the first makes the index, and loads the model
        times = sorted(ask(questions) for questions in rounds)
        row(work, f"{times[len(times) // 2]:.1f} ms, worst {times[-1]:.1f}", "", goal)


def measure(
    app: Flask, database: Database, by: Identity, path: str, size: int, headers: dict[str, str]
) -> None:
    """All figures, one after the other."""
    where = f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    print(f"{where}, {clock.now():%Y-%m-%d}")
    rate = fill(database, by, size)
    row(f"{size:,} claims", "figure", "beside its ceiling", "goal")
    row("articles in, with their claims", f"{rate:,.0f} claims/s", "", "")
    with database.read() as session:
        ids = [id for (id,) in session.execute(sa.text("SELECT id FROM claim ORDER BY random() LIMIT 30000"))]
        log = events_store.size(session)
    id = ids[0]
    floor = per_call(get(hello(), "/", {}))
    # Asked for the first time since anything was written; and again, which is answered from memory.
    for work, place, goal in (
        ("status look-up", "/api/v1/claims/{}/status", "1.5 × hello "),
        ("full claim", "/api/v1/claims/{}", "0.6 × hello "),
    ):
        first = per_call(one_after_another([get(app, place.format(one), headers) for one in ids]))
        cost = per_call(get(app, place.format(id), headers))
        row(f"{work}, another each time", f"{first:,.0f} µs", f"{floor / first:.2f} × Flask hello", goal)
        row(f"{work}, asked again", f"{cost:,.0f} µs", f"{floor / cost:.2f} × Flask hello", goal)
    ceiling = per_call(bare_page(path)) + floor
    # With `below`, a page is asked of Flask each time.
    for work, asked in (("page of 50", "&below=true"), ("page of 50, asked again", "")):
        cost = per_call(get(app, f"/api/v1/claims?limit=50{asked}", headers))
        row(work, f"{cost:,.0f} µs", f"{ceiling / cost:.2f} × raw SQL, orjson", "0.9 ")
    look_ups(app, database, headers, ids)
    cost, ceiling = per_call(durable(database, by, id)), per_call(bare_durable(path, id))
    row("durable change", f"{cost:,.0f} µs", f"{ceiling / cost:.2f} × raw SQL", "0.7 ")
    measure_exports(database)
    with database.read() as session:
        cost = seconds(lambda: verification.verify(session))
    row("verify", f"{cost:.2f} s", f"{log / cost:,.0f} events/s", "10,000 events/s")
    row("ledger --help", f"{command('-m', 'ledger', '--help'):.3f} s", "", "0.15 s")
    row("import claims", f"{command('-c', 'import claims'):.3f} s", "", "0.1 s over python itself")


if __name__ == "__main__":
    main()

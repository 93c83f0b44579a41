"""Under a real server: granian with one worker, the ledger beside a Flask application that says hello.

Both are asked over eight connections that are kept, in rounds that take turns. What counts is the processor
time that the server's own process spends on a request; how many it answers in a second is told beside it.
"""

import os
import selectors
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from flask import Flask, Response

from ledger.web.paging import write_keys
from scripts.bench.measuring import ROOT, SETTLED, Bench, hello, row

_ROUNDS, _REQUESTS, _CONNECTIONS = 9, 600, 8
_THREADS = "8"
# What our own page tells: each claim with the first place where it stands, and that article's title.
_PAGE = """
SELECT claim.*, appearance.*, article.title FROM claim
LEFT JOIN appearance ON appearance.id = (SELECT min(id) FROM appearance WHERE claim_id = claim.id)
LEFT JOIN article ON article.id = appearance.article_id
WHERE (claim.created_at, claim.id) < (?, ?) ORDER BY claim.created_at DESC, claim.id DESC LIMIT 51
"""


def floors() -> Flask:
    """What the same server is given beside the ledger: a hello, and pages of 50 by raw SQL and orjson."""
    app, kept = hello(), threading.local()

    @app.get("/page/<at>/<id>")
    def page(at: str, id: str) -> Response:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(os.environ["BENCH_LEDGER"])
            kept.connection.row_factory = sqlite3.Row
        rows = kept.connection.execute(_PAGE, (at, id))
        return Response(orjson.dumps({"items": [dict(row) for row in rows]}), mimetype="application/json")

    return app


def run(bench: Bench) -> None:
    """A status, a claim and a page at any depth, each asked for the first time, beside its floor."""
    ids, places = cycle(bench.ids), cycle(depths(bench))
    with served(bench, "scripts.bench.serving:floors") as plain, served(bench) as ours:

        def compared(work: str, goal: str, floor: Paths, path: Paths, name: str) -> None:
            least, cost = taking_turns((plain, floor), (ours, path))
            told = f"{cost[0]:,.0f} µs CPU, {cost[1]:,.0f}/s"
            beside = f"{least[0] / cost[0]:.2f} × {name}, {cost[1] / least[1]:.2f} by rate"
            row(f"{work}, served", told, beside, goal)

        def one(tail: str) -> str:
            return f"/api/v1/claims/{next(ids)}{tail}"

        for work, tail, goal in (
            ("status look-up", "/status", "1.5 × hello"),
            ("full claim", "", "0.6 × hello"),
        ):
            # A service that is asked for hundreds of standings loads all; measured is what comes then.
            taking_turns((ours, partial(one, tail)))
            time.sleep(SETTLED)
            compared(work, goal, lambda: "/", partial(one, tail), "Flask hello")

        def bare() -> str:
            at, id = next(places)
            return f"/page/{quote(at)}/{id}"

        def page() -> str:
            at, id = next(places)
            return f"/api/v1/claims?below=true&after={write_keys((f'{at[:10]}T{at[11:]}Z', id))}"

        compared("page of 50", "0.9", bare, page, "raw SQL, orjson")


def depths(bench: Bench) -> list[tuple[str, str]]:
    """Keys of claims at any depth of the list, enough for all rounds."""
    with bench.database.read() as session:
        some = sa.text("SELECT created_at, id FROM claim ORDER BY random() LIMIT :most")
        return [(str(at), id) for at, id in session.execute(some, {"most": 2 * _ROUNDS * _REQUESTS})]


Paths = Callable[[], str]
Server = tuple[int, list[socket.socket], dict[str, str]]


@contextmanager
def served(bench: Bench, app: str | None = None) -> Iterator[Server]:
    """The ledger, or else `app`, behind granian: its worker's process, connections, the headers to send."""
    with started(bench, app) as (server, port):
        connections = [answering(port) for _ in range(_CONNECTIONS)]
        yield worker(server.pid), connections, bench.headers
        for connection in connections:
            connection.close()


@contextmanager
def started(bench: Bench, app: str | None = None) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command for it, just begun, and the port where it will answer; ended at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "LEDGER_DATABASE_URL": f"sqlite:///{bench.path}",
        "LEDGER_DATA_DIR": str(bench.folder),
        "LEDGER_SECRET_KEY": "only for this bench",
        "LEDGER_LOG_LEVEL": "error",
        "LEDGER_PORT": str(port),
        "LEDGER_THREADS": _THREADS,
        "LEDGER_TOKEN_RATE": "",
        "LEDGER_MATCHING_CLAIMS": "0",
        "BENCH_LEDGER": bench.path,
    }
    command = [sys.executable, "-m", "ledger", "serve"]
    if app:
        command = [str(Path(sys.executable).with_name("granian")), "--factory", "--interface", "wsgi"]
        command += ["--workers", "1", "--port", str(port), "--blocking-threads", _THREADS, "--no-ws", app]
    none = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=none, stderr=none)
    try:
        yield server, port
    finally:
        server.terminate()
        server.wait(20)


def answering(port: int) -> socket.socket:
    """A connection to a server that answers."""
    connection = connected(port)
    connection.sendall(request("/", {}))
    Reply(connection).whole()
    return connection


def connected(port: int) -> socket.socket:
    """A connection, as soon as there is one to be had."""
    for _ in range(12_000):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        except OSError:
            time.sleep(0.005)
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise SystemExit("the server did not start")


def worker(parent: int) -> int:
    """The process of the server's worker: of those that it started, the one that worked most."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return max((int(child) for child in children), key=spent)


def spent(process: int) -> float:
    """Seconds of processor time that the threads of a process have spent so far."""
    told = (task.read_text() for task in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(int(one.split()[0]) for one in told) / 1e9


def request(path: str, headers: dict[str, str]) -> bytes:
    """A request, as it goes over the line."""
    lines = [f"GET {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


class Reply:
    """What comes back over a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.had = connection, b""

    def more(self) -> bool:
        """Take what has come; whether all of it has."""
        came = self.connection.recv(1 << 18)
        if not came:
            raise ConnectionResetError
        self.had += came
        head, found, body = self.had.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return len(body) >= length

    def whole(self) -> bytes:
        """All of it, waited for."""
        while not self.more():
            pass
        return self.had


def asked(server: Server, paths: list[str]) -> None:
    """Ask for all of these, over every connection at once, each of them one after the other."""
    _, connections, headers = server
    waiting = iter(paths)
    with selectors.DefaultSelector() as selector:

        def next_one(connection: socket.socket) -> bool:
            path = next(waiting, None)
            if path is not None:
                connection.sendall(request(path, headers))
                selector.register(connection, selectors.EVENT_READ, (path, Reply(connection)))
            return path is not None

        left = sum(next_one(connection) for connection in connections)
        while left:
            for key, _ in selector.select():
                path, reply = key.data
                if reply.more():
                    told = reply.had
                    if not told.startswith(b"HTTP/1.1 200"):
                        raise SystemExit(f"{path}: {told[:400]!r}")
                    selector.unregister(key.fileobj)
                    left -= not next_one(reply.connection)


def taking_turns(*asking: tuple[Server, Callable[[], str]]) -> list[tuple[float, float]]:
    """For each, microseconds of the server's processor time a request, and requests a second: medians."""
    found: list[list[tuple[float, float]]] = [[] for _ in asking]
    for _ in range(_ROUNDS):
        for (server, path), figures in zip(asking, found, strict=True):
            paths = [path() for _ in range(_REQUESTS)]
            before, began = spent(server[0]), time.perf_counter()
            asked(server, paths)
            took = time.perf_counter() - began
            figures.append(((spent(server[0]) - before) / _REQUESTS * 1e6, _REQUESTS / took))
    return [
        (sorted(f[0] for f in figures)[_ROUNDS // 2], sorted(f[1] for f in figures)[_ROUNDS // 2])
        for figures in found
    ]

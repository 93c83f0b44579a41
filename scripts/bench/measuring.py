"""What all areas share: the ledger that is measured, stop-watches, and a line of the table."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from ledger.auth.identity import Identity
from ledger.db import Database

ROOT = Path(__file__).resolve().parents[2]
SETTLED = 3
"""Seconds after which what a process loads in the background is there."""


@dataclass(slots=True)
class Bench:
    """A filled ledger; `ids` are some of its claims in no order, `headers` a program's."""

    app: Flask
    database: Database
    path: str
    folder: Path
    size: int
    by: Identity
    headers: dict[str, str]
    ids: list[str] = field(default_factory=list)


def row(work: str, figure: str, ratio: str = "", goal: str = "") -> None:
    """One line of the table."""
    print(f"{work:<34} {figure:<26} {ratio:<24} {goal}".rstrip(), flush=True)


def seconds(work: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def side_by_side(
    *works: Callable[[], Any], rounds: int = 9, calls: int = 50, clock: Callable[[], float] = time.thread_time
) -> list[float]:
    """Microseconds a call of each, in processor time: the medians of rounds that take turns."""
    for work in works:
        work()
    costs: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, found in zip(works, costs, strict=True):
            began = clock()
            for _ in range(calls):
                work()
            found.append((clock() - began) / calls * 1e6)
    return [sorted(found)[rounds // 2] for found in costs]


def one_after_another(calls: list[Callable[[], None]]) -> Callable[[], None]:
    """A call that makes each of these in its turn."""
    each = itertools.cycle(calls)

    def call() -> None:
        next(each)()

    return call


def ask(
    app: Flask, path: str, headers: dict[str, str], *, method: str = "GET", data: bytes | None = None
) -> Callable[[], None]:
    """A request through the whole WSGI stack, without what a test client costs."""
    builder = EnvironBuilder(path=path, method=method, headers=list(headers.items()), data=data)
    asked, status = builder.get_environ(), ""
    body = asked.pop("wsgi.input")

    def start(given: str, _headers: Any, _fault: Any = None) -> Any:
        nonlocal status
        status = given

    def request() -> None:
        body.seek(0)
        answer = app.wsgi_app({**asked, "wsgi.input": body}, start)
        told = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not status.startswith("2"):
            raise SystemExit(f"{path}: {status} {told[:200]!r}")

    return request


def hello() -> Flask:
    """The least that Flask itself costs."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


def resident() -> int:
    """Bytes of memory that this process has; 0 where the system does not say."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") if told.exists() else 0


def command(*arguments: str) -> float:
    """Seconds for a whole command, the median of five."""
    times = [
        seconds(
            lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
        )
        for _ in range(5)
    ]
    return sorted(times)[2]

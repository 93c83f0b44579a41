"""A durable change beside the same writes in raw SQL."""

import sqlite3
import time
from collections.abc import Callable

from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.ids import new_id
from ledger.models import Claim
from ledger.services import claims
from scripts.bench.measuring import Bench, per_call, row


def run(bench: Bench) -> None:
    """One change after the other."""
    id = bench.ids[0]
    cost = per_call(durable(bench.database, bench.by, id))
    ceiling = per_call(bare_durable(bench.path, id))
    row("durable change", f"{cost:,.0f} µs", f"{ceiling / cost:.2f} × raw SQL", "0.7")


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

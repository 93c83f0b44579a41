"""Measure: python -m scripts.bench

Makes a ledger of `--claims` claims in a temporary SQLite file, then times each kind of work beside the
least that the same work could cost.
"""

import argparse
import importlib
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from ledger import clock
from ledger.app import create_app
from ledger.auth.identity import SYSTEM
from ledger.migrations import commands as migrations
from ledger.services import accounts, tokens
from ledger.settings import Settings
from ledger.web.watch import configure_logs
from scripts.bench.filling import fill
from scripts.bench.measuring import Bench, row

# Modules here, in the order in which they are measured: what writes comes after what reads.
AREAS = ("reads", "serving", "search", "exports", "imports", "writes", "starts")
_SOME = 30_000


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000, help="size of the ledger")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"only some of: {', '.join(AREAS)}")
    given = parser.parse_args()
    if unknown := set(given.areas) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))}; choose from {', '.join(AREAS)}")
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        bench = prepared(Path(folder), given.claims)
        print(
            f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores",
            end="",
        )
        print(f", {clock.now():%Y-%m-%d}")
        row(f"{given.claims:,} claims", "figure", "beside its ceiling", "goal")
        filled(bench)
        for area in AREAS:
            if area in given.areas or not given.areas:
                importlib.import_module(f"scripts.bench.{area}").run(bench)
        bench.database.dispose()


def prepared(folder: Path, size: int) -> Bench:
    """An empty ledger with an account and a token."""
    path = f"{folder}/ledger.db"
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{path}",
        data_dir=folder,
        secret_key="only for this bench",
        log_level="error",
        # Counted as always, and never reached.
        token_rate="1000000000 per minute",
        stranger_rate="1000000000 per minute",
    )
    configure_logs(settings)
    app = create_app(settings)
    parts = app.extensions["ledger"]
    database = parts.database
    migrations.upgrade(database.engine)
    with database.write() as session:
        account = accounts.create(session, by=SYSTEM, email="b@example.org", name="B", role="admin")
        by = accounts.identity_of(account)
        _, secret = tokens.create(session, by=by, name="bench", scopes=["ledger:read"])
    return Bench(app, database, path, folder, size, by, {"Authorization": f"Bearer {secret}"})


def filled(bench: Bench) -> None:
    """Bring the claims in, and choose some of them."""
    rate = fill(bench.database, bench.by, bench.size)
    row("claims in, by a bulk import", f"{rate:,.0f} claims/s")
    with bench.database.read() as session:
        some = sa.text("SELECT id FROM claim ORDER BY random() LIMIT :some")
        bench.ids = [id for (id,) in session.execute(some, {"some": _SOME})]


if __name__ == "__main__":
    main()

"""Every format of the export, the CSV beside csv.writer over the same cursor."""

import csv
import io
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.services import accounts, exports, policies, verdicts
from ledger.services.formats import Format
from ledger.store import exports as exports_store
from ledger.store.claims import Filters
from scripts.bench.measuring import Bench, resident, row, seconds

_SIGNED = 500


def run(bench: Bench) -> None:
    """Seconds, time to the first bytes, and memory."""
    ceiling = sorted(seconds(bare_csv(bench.database)) for _ in range(3))[1]
    for form in exports.FORMATS:
        if form == "claimreview":
            continue
        cost, told = taken(bench.database, form)
        beside = f"{ceiling / cost:.2f} × csv.writer"
        row(f"{form} of all", told, beside, "1.0, 50 ms, 16 MB" if form == "csv" else "")
    signed = min(_SIGNED, bench.size)
    database = signed_copy(bench, signed)
    cost, told = taken(database, "claimreview")
    row(f"claimreview of {signed:,} signed", told, f"{signed / cost:,.0f} a second")
    database.dispose()


def taken(database: Database, form: Format) -> tuple[float, str]:
    """Seconds for a whole export, the median of three; and that with the first bytes and memory, in words."""
    costs, before, grown, first = [], resident(), 0, 0.0
    for _ in range(3):
        began = time.perf_counter()
        pieces = exports.taken(database, exports.Wish(form, base_url="http://x")).pieces
        first = time.perf_counter() - began
        for _piece in pieces:
            grown = max(grown, resident() - before)
        costs.append(time.perf_counter() - began)
    cost = sorted(costs)[1]
    return cost, f"{cost:.2f} s, first {first * 1000:.0f} ms, +{grown / 1e6:.0f} MB"


def signed_copy(bench: Bench, number: int) -> Database:
    """A copy of the ledger in which so many claims have verdicts: other areas measure without them."""
    path = bench.folder / "signed.db"
    with closing(sqlite3.connect(bench.path)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    database, policy = Database(f"sqlite:///{path}"), policies.Policy()
    with database.write() as session:
        other = accounts.create(session, by=SYSTEM, email="s@example.org", name="S", role="editor")
    signer = accounts.identity_of(other)
    for id in random.sample(bench.ids, number):
        with database.write() as session:
            told = {"code": "supported", "rationale": "Both sources say so."}
            verdict = verdicts.propose(session, id, by=bench.by, version=1, policy=policy, **told)
            digest = verdict.digest
        with database.write() as session:
            verdicts.sign(session, verdict.id, by=signer, digest_seen=digest, policy=policy)
    return database


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
        for cells in connection.execute(asked):
            writer.writerow(cells)
            if buffer.tell() > 65536:
                buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()

    return write

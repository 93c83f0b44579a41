"""An import that a second process writes: the same ledger, whoever comes in between and whatever dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.imports.entry import Entry, Place, Refused, Source
from ledger.models import Appearance, Article, Claim, ClaimWords, Event, Evidence, Revision
from ledger.services import articles
from ledger.services.importing import Importing
from ledger.services.verification import verify
from tests.conftest import People

MANY = 40
"""Entries of which so many are brought together, where an import has twenty thousand."""
TABLES = (Article, Revision, Claim, Appearance, Evidence)
MADE_EACH_TIME = {"id", "article_id", "revision_id", "claim_id", "created_at", "updated_at", "added_at"}


@pytest.fixture(autouse=True)
def _on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's server is another process anyway")


def entries(number: int, *, each: int = 4) -> list[Entry]:
    """So many claims, some to an address, some with two addresses, some twice."""
    found = []
    for i in range(number):
        one = i - i % 20 // 19
        place = Place(f"https://news.example/{one // each:05}", f"Article {one // each}", "News")
        other = (Place(f"https://social.example/{one:05}"),) if one % 10 == 4 else ()
        source = Source(f"https://check.example/{i}", quote=f"It was {i}.", note=f"Check: “False”, {i}.")
        words = f"In {1990 + one % 35}, {1000 + one} people signed petition {one}, they said."
        found.append(
            Entry(i + 1, words, tags=("odd",) * (one % 2), places=(place, *other), sources=(source,))
        )
    return found


def bring(
    database: Database, by: Identity, items: Iterable[Entry | Refused], **more: Any
) -> tuple[Importing, list[Refused]]:
    importing = Importing(database, by=by, name="file.json", many=MANY, **more)
    return importing, list(importing.take(items))


def everything(database: Database, model: Any) -> list[Any]:
    with database.read() as session:
        return list(session.exec(select(model).order_by(next(iter(model.__table__.primary_key)))))


def sound(database: Database) -> bool:
    with database.read() as session:
        report = verify(session)
    return report.sound


def plain(database: Database) -> dict[str, Any]:
    """All that an import left, but for ids, salts and times: sorted rows, patches and words."""
    names = {
        record.id: str(number)
        for model in TABLES
        for number, record in enumerate(everything(database, model))
    }
    told: dict[str, Any] = {}
    for model in TABLES:
        rows = [record.model_dump(exclude=MADE_EACH_TIME) for record in everything(database, model)]
        told[model.__tablename__] = sorted(map(repr, rows))
    told["events"] = sorted(
        (event.kind, event.version, event.actor, repr(_shape(event.patch, names)))
        for event in everything(database, Event)
        if event.kind.startswith(("article.", "claim."))
    )
    words = everything(database, ClaimWords)
    told["words"] = sorted((one.statement, one.claimant, one.around, one.told) for one in words)
    return told


def _shape(patch: dict[str, Any], names: dict[str, str]) -> Any:
    return {
        table: [{n: v for n, v in row.items() if n not in MADE_EACH_TIME} for row in rows.values()]
        for table, rows in sorted(patch.items())
    }


def ledgers(tmp_path: Path, database: Database) -> Database:
    """Another ledger with the same people in it."""
    with database.write() as session:
        session.connection().exec_driver_sql("SELECT 1")
    database.dispose()
    source = Path(str(database.file))
    copy = tmp_path / "other.db"
    copy.write_bytes(source.read_bytes())
    wal = Path(f"{source}-wal")
    if wal.exists():
        Path(f"{copy}-wal").write_bytes(wal.read_bytes())
    return Database(f"sqlite:///{copy}")


def test_both_ways_leave_the_same(database: Database, people: People, tmp_path: Path) -> None:
    by = people.editor
    other = ledgers(tmp_path, database)
    items = [*entries(130), Entry(131, "x"), *entries(7)]
    ahead, refused = bring(database, by, items)
    alone, refused_too = bring(other, by, items, ahead=False)
    assert (ahead.ahead.written, ahead.ahead.turns, alone.ahead) == (3, 0, None)
    assert ahead.counts == alone.counts
    assert (ahead.counts.rows, ahead.counts.refused, refused) == (138, 1, refused_too)
    assert sound(database)
    assert plain(database) == plain(other)
    other.dispose()


def test_nothing_is_written_twice_where_addresses_straddle(database: Database, people: People) -> None:
    items = entries(200, each=70)
    importing, _ = bring(database, people.editor, items)
    assert importing.counts.claims == len(everything(database, Claim)) == 190
    again, _ = bring(database, people.editor, items)
    assert (again.counts.claims, again.counts.there) == (0, 200)
    assert sound(database)


def test_somebody_who_writes_meanwhile_is_seen(database: Database, people: People) -> None:
    items = entries(200)
    by, there = people.editor, items[100]
    outside = Database(str(database.engine.url))

    def read() -> Iterator[Entry]:
        with ExitStack() as meanwhile:
            for item in items:
                if item.row == 90:
                    # The second process waits, and two batches know nothing of this article.
                    session = meanwhile.enter_context(outside.write())
                    draft = articles.prepare(f"They say so.\n\n{there.statement} And more.", floor=1.0)
                    articles.add(session, draft, by=by, details={"url": there.places[0].url})
                if item.row == 130:
                    meanwhile.close()
                yield item

    importing, refused = bring(database, by, read())
    outside.dispose()
    assert refused == []
    assert importing.ahead.turns == 1
    assert (importing.counts.claims, importing.counts.there) == (190, 10)
    with database.read() as session:
        found = session.exec(select(Appearance).where(Appearance.exact == there.statement)).one()
        assert session.get_one(Article, found.article_id).source == "text"
    assert sound(database)


def test_it_goes_on_where_the_second_process_dies(database: Database, people: People) -> None:
    killed: list[int] = []

    def kill() -> None:
        process = importing.ahead._process
        if process is not None and not killed:
            killed.append(process.id)
            os.kill(process.id, signal.SIGKILL)

    importing = Importing(database, by=people.editor, name="file.json", many=MANY, progress=kill)
    assert list(importing.take(entries(300))) == []
    assert killed
    assert importing.counts.claims == len(everything(database, Claim)) == 285
    assert importing.counts.there == 15
    assert sound(database)


def test_an_interruption_counts_what_is_there(database: Database, people: People) -> None:
    interrupted: list[int] = []

    def interrupt() -> None:
        if importing.counts.claims > MANY and not interrupted:
            interrupted.append(importing.counts.claims)
            raise KeyboardInterrupt

    importing = Importing(database, by=people.editor, name="file.json", many=MANY, progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(importing.take(entries(300)))
    assert 0 < importing.counts.claims == len(everything(database, Claim)) < 285
    bring(database, people.editor, entries(300))
    assert len(everything(database, Claim)) == 285
    assert sound(database)


KILLED = """
import os, signal, sys
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.services import accounts
from ledger.models import Account
from ledger.services import articles
from ledger.services.importing import Importing
from tests.ledger.services.test_importing_ahead import MANY, entries

database = Database(sys.argv[1])
with database.read() as session:
    by = accounts.identity_of(session.get_one(Account, sys.argv[2]))

def die():
    if importing.counts.claims > 100:
        print(importing.ahead._process.id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

importing = Importing(database, by=by, name="file.json", many=MANY, progress=die)
list(importing.take(entries(400)))
"""


def test_a_ledger_is_whole_when_the_first_process_was_killed(database: Database, people: People) -> None:
    by = people.editor
    arguments = [sys.executable, "-c", KILLED, str(database.engine.url), str(by.account)]
    ended = subprocess.run(arguments, stdout=subprocess.PIPE, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    second = int(ended.stdout)
    until = time.monotonic() + 20
    while Path(f"/proc/{second}").exists() and _state(second) != "Z":
        assert time.monotonic() < until, "the second process goes on without the first"
        time.sleep(0.01)
    assert sound(database)
    before = len(everything(database, Claim))
    assert 100 < before < 380
    again, refused = bring(database, by, entries(400))
    assert (refused, again.counts.claims) == ([], 380 - before)
    assert len(everything(database, Claim)) == 380
    assert sound(database)


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"

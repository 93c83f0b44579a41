"""ledger backup and restore: consistent while others write, and into either kind of database."""

import sqlite3
import threading
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from ledger import clock, fulltext
from ledger.adapters.blobs import FolderBlobs
from ledger.db import Database
from ledger.models import Capture, Event, metadata
from ledger.services import accounts, articles, captures
from ledger.services import evidence as evidence_service
from tests.conftest import People
from tests.factories import make_claim, make_verdict


class _Fetcher:
    """The outside, as it would answer."""

    def fetch(self, url: str):
        from ledger.adapters.fetch import Exchange, Fetched

        names = {
            "url": url,
            "body": b"What stood there: 242 builders.",
            "media_type": "text/plain",
            "encoding": "utf-8",
            "exchanges": (Exchange(url, b"GET\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"242", clock.now()),),
        }
        fields = Fetched.__dataclass_fields__
        return Fetched(**{name: names.get(name) for name in fields})


@pytest.fixture
def filled(database: Database, people: People, settings) -> Database:
    """A ledger with a settled claim, a password, a token and a captured file."""
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    people.token("editor")
    with database.write() as session:
        accounts.set_password(session, people.editor.account, "hash")
        details = {"url": "https://example.org/captured", "stance": "supports"}
        capture_id = evidence_service.add(session, claim.id, by=people.reviewer, details=details).capture_id
    captures.take(database, _Fetcher(), FolderBlobs(settings.data_dir / "captures"), capture_id)
    return database


@pytest.fixture
def elsewhere(request, database: Database, tmp_path: Path, monkeypatch) -> Database:
    """An empty ledger of the other kind, which the commands after this are about."""
    import uuid

    from ledger.migrations import commands as migrations

    if database.is_sqlite:
        server, _ = request.getfixturevalue("empty_postgres")
        import psycopg

        name = "restored_" + uuid.uuid4().hex[:8]
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")
    else:
        url = f"sqlite:///{tmp_path}/restored.db"

    def there() -> Database:
        monkeypatch.setenv("LEDGER_DATABASE_URL", url)
        monkeypatch.setenv("LEDGER_DATA_DIR", str(tmp_path / "restored"))
        other = Database(url)
        migrations.upgrade(other.engine)
        request.addfinalizer(other.dispose)
        return other

    yield there
    if database.is_sqlite:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _contents(database: Database) -> dict[str, list[bytes]]:
    def written(row: sa.Row) -> bytes:
        return orjson.dumps(list(row), option=orjson.OPT_SORT_KEYS)

    with database.read() as session:
        return {
            table.name: sorted(map(written, session.execute(sa.select(table)).all()))
            for table in metadata.sorted_tables
        }


def test_a_ledger_moves_to_the_other_kind_of_database_whole(
    ledger, filled, elsewhere, settings, tmp_path
) -> None:
    ledger("checkpoint")
    before = _contents(filled)

    assert ledger("backup", "kept.db").code == 0
    other = elsewhere()
    done = ledger("restore", "kept.db")

    assert done.code == 0, done.err
    assert "OK: the tables are what the log says" in done.out
    assert _contents(other) == before
    with other.read() as session:
        kept = session.scalars(sa.select(Capture).where(Capture.sha256.isnot(None))).one()
        assert fulltext.few(session, [fulltext.phrase("builders")], 9)
    files = FolderBlobs(tmp_path / "restored" / "captures")
    assert files.get(kept.sha256) == b"What stood there: 242 builders."
    assert len(files.get(kept.warc_sha256)) == kept.warc_size
    # The log goes on under its own key.
    assert (tmp_path / "restored" / "log.key").read_text() == (settings.data_dir / "log.key").read_text()
    assert ledger("checkpoint").code == 0


def test_a_backup_is_the_owners_alone_and_one_file(ledger, filled, tmp_path) -> None:
    ledger("backup", tmp_path / "kept.db")

    assert (tmp_path / "kept.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob("*kept*")] == ["kept.db"]
    assert [path.name for path in tmp_path.glob(".backup*")] == []


def test_a_backup_does_not_replace_another_unless_it_is_told_to(ledger, filled, tmp_path) -> None:
    (tmp_path / "kept.db").write_text("last year's")

    assert ledger("backup", "kept.db").code == 1
    assert (tmp_path / "kept.db").read_text() == "last year's"
    assert ledger("backup", "kept.db", "--force").code == 0


def test_a_ledger_that_is_not_empty_is_left_as_it_is(ledger, filled) -> None:
    ledger("backup", "kept.db")
    before = _contents(filled)

    done = ledger("restore", "kept.db")

    assert done.code == 1 and "This ledger is not empty" in done.err
    assert _contents(filled) == before


def test_what_is_no_backup_is_refused(ledger, filled, elsewhere, tmp_path) -> None:
    (tmp_path / "text.db").write_text("not a database")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE backup (name TEXT, value TEXT)")
    connection.close()
    ledger("backup", "whole.db")
    data = bytearray((tmp_path / "whole.db").read_bytes())
    (tmp_path / "half.db").write_bytes(data[: len(data) // 2])
    other = elsewhere()

    for name in ("text.db", "other.db", "half.db", "nothing.db"):
        done = ledger("restore", name)
        assert done.code == 1 and name in done.err, name
    with other.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one() == 0


def test_a_backup_with_a_damaged_file_restores_nothing(ledger, filled, elsewhere, tmp_path) -> None:
    ledger("backup", "kept.db")
    with sqlite3.connect(tmp_path / "kept.db") as connection:
        connection.execute("UPDATE backup_file SET body = x'00' WHERE length(name) = 64")
    connection.close()
    other = elsewhere()

    assert ledger("restore", "kept.db").code == 1
    with other.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one() == 0


def test_a_missing_capture_is_told_and_the_rest_is_kept(ledger, filled, settings, elsewhere) -> None:
    for file in (settings.data_dir / "captures").rglob("*"):
        if file.is_file():
            file.unlink()

    done = ledger("backup", "kept.db")

    assert done.code == 1 and "is missing or damaged" in done.err
    elsewhere()
    assert "OK" in ledger("restore", "kept.db").out


def test_a_backup_made_in_a_storm_of_writes_is_of_one_moment(ledger, filled, people, elsewhere) -> None:
    stop, errors, written = threading.Event(), [], []

    def write(number: int) -> None:
        try:
            place = 0
            while not stop.is_set():
                place += 1
                draft = articles.prepare(f"Storm {number}, {place}. It cost 4.2 million euros for 12 towns.")
                with filled.write() as session:
                    written.append(articles.add(session, draft, by=people.reviewer).article.id)
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        while len(written) < 20 and not errors:
            stop.wait(0.02)
        done = ledger("backup", "kept.db")
        during = len(written)
        while len(written) < during + 5 and not errors:
            stop.wait(0.02)
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert not errors
    assert done.code == 0, done.err
    elsewhere()
    restored = ledger("restore", "kept.db")
    assert restored.code == 0, restored.out + restored.err
    assert "OK: the tables are what the log says" in restored.out


def test_a_backup_can_itself_be_verified(ledger, filled, people, monkeypatch, tmp_path) -> None:
    make_claim(filled, people.reviewer, "4.2 million euros")
    ledger("backup", "kept.db")
    monkeypatch.setenv("LEDGER_DATABASE_URL", f"sqlite:///{tmp_path}/kept.db")

    assert ledger("verify").code == 0

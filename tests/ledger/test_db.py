"""Transactions: who reads changes nothing, who writes has a turn."""

import os
import sqlite3
import threading
import time

import pytest
import sqlalchemy as sa

from ledger import clock, db
from ledger.db import Database, Syncs
from ledger.errors import Unavailable
from ledger.models import Job


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


def _job(id: str) -> Job:
    return Job(id=id, name="n", arguments={}, due_at=clock.now(), created_at=clock.now())


def _count(session) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(Job)).scalar_one()


def test_what_was_written_is_kept_all_of_it_or_none(database):
    with database.write() as session:
        session.add(_job("a"))

    def fail():
        with database.write() as session:
            session.add(_job("b"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as session:
        assert _count(session) == 1


def test_a_reading_session_can_not_write(database):
    for _ in range(2):
        with database.read() as session, pytest.raises(sa.exc.DBAPIError, match=r"(?i)read.?only"):
            session.execute(sa.insert(Job).values(_job("a").model_dump()))
        # The same connection, from the pool, writes again when its turn comes.
        with database.write() as session:
            session.execute(sa.delete(Job))


def test_a_reading_session_sees_one_state(database):
    with database.read() as session:
        assert _count(session) == 0
        with database.write() as writer:
            writer.add(_job("a"))
        assert _count(session) == 0
    with database.read() as session:
        assert _count(session) == 1


def test_readers_do_not_wait_for_a_writer(database):
    with database.write() as writer:
        writer.add(_job("a"))
        writer.flush()
        began = time.monotonic()
        with database.read() as session:
            assert _count(session) == 0
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("processes", ["one", "two"])
def test_writers_take_turns_and_see_what_the_one_before_did(database, database_url, processes):
    other = database if processes == "one" else Database(database_url)
    with database.write() as session:
        session.add(_job("counter"))

    def count(using):
        for _ in range(10):
            with using.write() as session:
                job = session.get_one(Job, "counter")
                seen = job.attempts
                time.sleep(0.001)
                job.attempts = seen + 1

    threads = [threading.Thread(target=count, args=(using,)) for using in (database, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.get_one(Job, "counter").attempts == 40
    other.dispose()


def test_a_write_inside_a_write_is_told_at_once(database):
    with database.write(), pytest.raises(RuntimeError, match="inside another"), database.write():
        pass
    with database.write() as session:
        assert _count(session) == 0


def test_a_writer_does_not_wait_for_ever(database, monkeypatch):
    monkeypatch.setattr(db, "_PATIENCE", 0.05)
    refused = []

    def write():
        try:
            with database.write():
                pass
        except Unavailable as error:
            refused.append(error)

    with database.write():
        waiting = threading.Thread(target=write)
        waiting.start()
        waiting.join()
    assert len(refused) == 1


def test_a_sqlite_file_is_safe_against_power_cuts_and_wrong_references(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new/folder/ledger.db")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
    with database.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
    database.dispose()
    assert found == wanted


def test_a_new_sqlite_file_has_large_pages_and_an_older_one_keeps_its_own(tmp_path):
    old = sqlite3.connect(tmp_path / "old.db")
    old.executescript("PRAGMA page_size=4096; CREATE TABLE t (x);")
    old.close()
    for name, size in (("new.db", 8192), ("old.db", 4096)):
        database = Database(f"sqlite:///{tmp_path}/{name}")
        with database.write() as session:
            session.execute(sa.text("CREATE TABLE other (x)"))
        with database.read() as session:
            assert session.execute(sa.text("PRAGMA page_size")).scalar_one() == size
        database.dispose()


@pytest.mark.parametrize(
    ("words", "lower"), [("ÉCOLE", "école"), ("ŁÓDŹ", "łódź"), ("МОСКВА", "москва"), (None, None)]
)
def test_sqlite_knows_lower_case_in_every_script(tmp_path, words, lower):
    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    with database.engine.connect() as connection:
        assert (
            connection.execute(sa.text("SELECT ledger_lower(:words)"), {"words": words}).scalar_one() == lower
        )
    database.dispose()


def test_postgresql_keeps_to_its_settings(postgres_url):
    database = Database(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    with database.write() as session:
        assert session.execute(sa.text("SHOW transaction_isolation")).scalar_one() == "read committed"
        assert session.execute(sa.text("SHOW timezone")).scalar_one() == "UTC"
    with database.read() as session:
        assert session.execute(sa.text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
    database.dispose()


@pytest.fixture
def file(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE kept (number INTEGER)"))
    yield database
    database.dispose()


def insert(database, number):
    with database.write() as session:
        session.execute(sa.text("INSERT INTO kept VALUES (:number)"), {"number": number})


def test_nobody_is_answered_before_the_disk_has_it_and_several_share_a_sync(file, monkeypatch):
    synced, answered = [], []

    def slowly(descriptor):
        # What is in the file when the sync begins is what it brings onto the disk.
        with sqlite3.connect(file.file) as reader:
            there = {number for (number,) in reader.execute("SELECT number FROM kept")}
        os.fsync(descriptor)
        time.sleep(0.01)
        synced.append(there)

    monkeypatch.setattr(db, "_sync", slowly)

    def work(first):
        for number in range(first, first + 5):
            insert(file, number)
            assert any(number in there for there in synced)
            answered.append(number)

    threads = [threading.Thread(target=work, args=(n * 5,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answered) == list(range(40))
    assert len(synced) < 40


def test_a_sync_that_fails_is_told_and_the_next_one_is_made_anew(file, monkeypatch):
    def fails(descriptor):
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(db, "_sync", fails)
        with pytest.raises(Unavailable, match="whether it was kept"):
            insert(file, 1)
    insert(file, 2)
    with file.read() as session:
        assert session.execute(sa.text("SELECT count(*) FROM kept")).scalar_one() == 2


def test_the_file_that_is_synced_is_the_one_that_is_written_to(tmp_path):
    (tmp_path / "ledger.db-wal").write_text("one")
    syncs = Syncs(f"{tmp_path}/ledger.db")
    syncs.wait(syncs.committed())
    before = syncs._file
    assert os.fstat(before).st_ino == os.stat(tmp_path / "ledger.db-wal").st_ino
    (tmp_path / "anew").write_text("two")
    os.replace(tmp_path / "anew", tmp_path / "ledger.db-wal")
    syncs.wait(syncs.committed())
    assert os.fstat(syncs._file).st_ino == os.stat(tmp_path / "ledger.db-wal").st_ino
    syncs.close()


def test_only_the_connection_that_writes_leaves_the_waiting_to_us(file):
    insert(file, 1)
    with file.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    with file.write() as session:
        assert session.execute(sa.text("PRAGMA synchronous")).scalar_one() == 1
    file.dispose()
    with file.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    insert(file, 2)

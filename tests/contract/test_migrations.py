"""Models and migrations say the same, up and down, on both databases, with data in them."""

import subprocess
import sys
import threading
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from ledger.db import make_engine
from ledger.errors import Unavailable
from ledger.fulltext import INDEX
from ledger.migrations import commands, guards
from ledger.models import RECORDS, metadata
from ledger.services.verification import verify
from tests.factories import make_claim, make_evidence, make_verdict


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def _tables(engine):
    return {
        name
        for name in sa.inspect(engine).get_table_names()
        if not name.startswith(("huey_", "sqlite_", INDEX))
    }


def test_the_newest_schema_is_what_the_models_say(engine):
    commands.check(engine)
    assert _tables(engine) == {*metadata.tables, "alembic_version"}


def test_each_index_of_the_models_is_in_the_database(engine):
    # SQLite tells nothing of those on expressions, so that neither Alembic's check nor its batches see them.
    known = (
        "SELECT name FROM sqlite_master"
        if engine.dialect.name == "sqlite"
        else "SELECT indexname FROM pg_indexes"
    )
    with engine.connect() as connection:
        there = set(connection.scalars(sa.text(known)))
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= there


def test_the_schema_goes_all_the_way_down_and_up_again(engine):
    commands.downgrade(engine, "base")
    assert _tables(engine) <= {"alembic_version"}
    assert commands.current(engine) is None
    commands.upgrade(engine)
    commands.check(engine)
    assert commands.current(engine) == commands.newest(engine)


def test_upgrading_the_newest_schema_changes_nothing_that_is_in_it(database, people):
    make_verdict(database, people.reviewer, people.editor)
    commands.upgrade(database.engine)
    with database.read() as session:
        assert verify(session).sound
        counted = {name: session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in RECORDS}
    assert counted["claim"] > 1
    assert counted["signature"] == 1


def test_a_record_from_before_a_column_came_in_is_still_the_fold_of_its_events(database, people):
    """docs/decisions/0012: what came in later is null where nothing was said of it, and has no default."""
    # No verdict: its places are signed since there are revisions.
    make_evidence(database, people.reviewer, make_claim(database, people.reviewer))
    commands.downgrade(database.engine, "0001")
    found = sa.inspect(database.engine)
    first = {name: {c["name"] for c in found.get_columns(name)} for name in RECORDS if found.has_table(name)}
    commands.upgrade(database.engine)
    later = [
        column
        for name, known in first.items()
        for column in sa.inspect(database.engine).get_columns(name)
        if column["name"] not in known
    ]
    assert "desk_id" in {column["name"] for column in later}
    assert [c["name"] for c in later if not c["nullable"] or c["default"] is not None] == []
    with database.read() as session:
        assert verify(session).sound


def test_going_down_with_data_in_it_leaves_nothing_behind(database, people):
    make_verdict(database, people.reviewer, people.editor)
    commands.downgrade(database.engine, "base")
    commands.upgrade(database.engine)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM event")) == 0


@pytest.mark.parametrize("where", ["processes", "threads"])
def test_two_who_upgrade_an_empty_ledger_at_once_make_one(engine, database_url, where):
    commands.downgrade(engine, "base")
    code = (
        "import sys; from ledger.db import make_engine; from ledger.migrations import commands;"
        "commands.upgrade(make_engine(sys.argv[1]))"
    )
    if where == "processes":
        running = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(2)]
        assert [process.wait(60) for process in running] == [0, 0]
    else:
        threads = [threading.Thread(target=commands.upgrade, args=(engine,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    commands.check(engine)
    assert commands.current(engine) == commands.newest(engine)


def test_an_upgrade_puts_the_guards_of_the_log_back(database, people):
    make_verdict(database, people.reviewer, people.editor)
    with database.engine.begin() as connection:
        guards.remove(connection)
    commands.upgrade(database.engine)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event")


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(database, people, monkeypatch):
    make_verdict(database, people.reviewer, people.editor)

    def fail(_connection):
        raise ZeroDivisionError

    monkeypatch.setattr(guards, "install", fail)
    with pytest.raises(ZeroDivisionError):
        commands.downgrade(database.engine, "base")
    monkeypatch.undo()
    assert commands.current(database.engine) == commands.newest(database.engine)
    with database.read() as session:
        assert verify(session).sound
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event")
    with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE claim SET assignee_id = 'nobody' WHERE triage = 'accepted'")


def test_a_database_that_can_not_keep_every_script_is_refused(postgres_url):
    name = "narrow_" + uuid.uuid4().hex[:8]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
    engine = make_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")
    )
    with pytest.raises(Unavailable, match="ENCODING 'UTF8'"):
        commands.upgrade(engine)
    engine.dispose()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")

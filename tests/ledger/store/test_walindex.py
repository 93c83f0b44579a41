"""Whether anybody wrote: told by the WAL index, for every commit of any process."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from ledger.store.walindex import WalIndex

WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.2)
connection.execute("INSERT INTO thing VALUES (2)")
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "ledger.db")


@pytest.fixture
def opened(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE thing (number)")
        yield connection


def test_each_commit_of_any_process_changes_it_and_nothing_else_does(path, opened):
    index = WalIndex(path)
    before = index.state()
    assert before is not None
    opened.execute("SELECT * FROM thing").fetchall()
    opened.execute("PRAGMA wal_checkpoint(PASSIVE)")
    assert index.state() == before
    opened.execute("BEGIN IMMEDIATE")
    opened.execute("INSERT INTO thing VALUES (0)")
    assert index.state() == before
    opened.execute("ROLLBACK")
    assert index.state() == before
    seen = {before}
    for number in range(3):
        opened.execute("INSERT INTO thing VALUES (?)", (number,))
        seen.add(index.state())
    subprocess.run([sys.executable, "-c", WRITE, path], check=True)
    seen.add(index.state())
    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.execute("INSERT INTO thing VALUES (9)")
    seen.add(index.state())
    assert None not in seen
    assert len(seen) == 6


def test_it_keeps_the_locks_that_sqlite_holds(path, opened):
    opened.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        assert WalIndex(path).state()
    told = subprocess.run([sys.executable, "-c", WRITE, path], capture_output=True, text=True, check=False)
    assert "database is locked" in told.stderr
    opened.execute("COMMIT")


def test_a_file_without_a_log_has_none(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE thing (number)")
        with pytest.raises(FileNotFoundError):
            WalIndex(path)

"""The second process of an import, as far as it can be asked within this one."""

import marshal
import threading

import pytest
import sqlalchemy as sa

from ledger import sqlite, writer
from ledger.db import Database
from ledger.store import events
from tests.conftest import People

TURN = 1


@pytest.fixture
def path(database: Database, people: People) -> str:
    if database.file is None:
        pytest.skip("PostgreSQL's server is another process anyway")
    assert people.editor.account
    return database.file


def named(name: str) -> list[bytes]:
    """A batch of two pieces that gives every account a name."""
    piece = marshal.dumps([("UPDATE account SET name = ?", None, [name], None)], 2)
    return [piece, piece]


def name_of(database: Database) -> str:
    with database.read() as session:
        return str(session.execute(sa.text("SELECT DISTINCT name FROM account")).scalar_one())


def size_of(database: Database) -> int:
    with database.read() as session:
        return events.size(session)


def test_a_batch_is_written_onto_the_log_that_it_was_made_for(database: Database, path: str) -> None:
    size, one = size_of(database), writer.Writer(path)
    assert one.write(TURN, size, named("First")) == writer.WRITTEN
    assert one.write(TURN, size + 1, named("Second")) == writer.LEFT_OUT
    assert one.write(TURN, size, named("Third")) == writer.LEFT_OUT, "it came behind one that was left out"
    assert name_of(database) == "First"
    assert one.write(TURN + 1, size, named("Fourth")) == writer.WRITTEN
    assert name_of(database) == "Fourth"


def test_what_sqlite_refuses_leaves_nothing(database: Database, path: str) -> None:
    one, wrong = writer.Writer(path), marshal.dumps([("UPDATE account SET role = ?", None, [None], None)], 2)
    before = name_of(database)
    assert one.write(TURN, size_of(database), [*named("Half"), wrong]) == writer.LEFT_OUT
    assert name_of(database) == before
    with database.write() as session:
        session.execute(sa.text("UPDATE account SET name = 'Free'"))
    assert name_of(database) == "Free"


def test_who_waits_goes_first_and_the_batch_comes_in_behind(database: Database, path: str) -> None:
    other = sqlite.Waiting(path)
    told = other.told()
    told.__enter__()
    seen: list[str] = []

    def change() -> None:
        seen.append(name_of(database))
        told.__exit__(None, None, None)

    timer = threading.Timer(0.05, change)
    timer.start()
    assert writer.Writer(path).write(TURN, size_of(database), named("Later")) == writer.WRITTEN
    timer.join()
    assert seen != ["Later"]
    assert name_of(database) == "Later"
    other.close()


def test_one_who_waits_is_seen_by_others_until_it_is_its_turn(path: str) -> None:
    waiting, writing = sqlite.Waiting(path), sqlite.Waiting(path)
    assert not writing.anybody()
    with waiting.told():
        assert writing.anybody()
    assert not writing.anybody()
    waiting.close()
    writing.close()


def test_threads_of_one_process_wait_together(path):
    ours, writing = sqlite.Waiting(path), sqlite.Waiting(path)
    with ours.told():
        with ours.told():
            assert ours.anybody()
        assert writing.anybody()
        assert ours.anybody()
    assert not writing.anybody()
    assert not ours.anybody()

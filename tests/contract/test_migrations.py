"""Models and migrations say the same, up and down, on both databases, with data in them."""

import pytest
import sqlalchemy as sa

from ledger.db import make_engine
from ledger.migrations import commands
from ledger.models import RECORDS, metadata
from ledger.services.verification import verify
from tests.factories import make_verdict


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def _tables(engine):
    return {
        name for name in sa.inspect(engine).get_table_names() if not name.startswith(("huey_", "sqlite_"))
    }


def test_the_newest_schema_is_what_the_models_say(engine):
    commands.check(engine)
    assert _tables(engine) == {*metadata.tables, "alembic_version"}


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


def test_going_down_with_data_in_it_leaves_nothing_behind(database, people):
    make_verdict(database, people.reviewer, people.editor)
    commands.downgrade(database.engine, "base")
    commands.upgrade(database.engine)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM event")) == 0

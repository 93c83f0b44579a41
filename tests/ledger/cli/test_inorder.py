"""What may be served at once, and what has to be looked at more closely first."""

import socket

import pytest

from ledger.cli.inorder import in_order
from ledger.db import Database
from ledger.migrations import commands as migrations
from ledger.settings import Settings


@pytest.fixture
def there(tmp_path):
    """Settings of a ledger that is in order, with whatever is to be different."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"sqlite:///{tmp_path}/ledger.db"
    database = Database(url)
    migrations.upgrade(database.engine)
    database.dispose()
    known = {"_env_file": None, "database_url": url, "data_dir": tmp_path, "host": "127.0.0.1", "port": port}
    return lambda **other: Settings(**known | other)


def test_a_ledger_with_the_newest_schema_may_be_served(there):
    assert in_order(there())


def test_whatever_is_missing_is_looked_at_more_closely(there, tmp_path):
    assert not in_order(there(database_url=f"sqlite:///{tmp_path}/other.db"))
    assert not in_order(there(data_dir=tmp_path / "nowhere"))
    assert not in_order(there(database_url="postgresql+psycopg://nobody@127.0.0.1/none"))
    (tmp_path / "text.db").write_text("This is no database, however long one looks at it. " * 20)
    assert not in_order(there(database_url=f"sqlite:///{tmp_path}/text.db"))


def test_an_older_schema_is_not_served(there, tmp_path):
    database = Database(there().database_url)
    migrations.downgrade(database.engine, "0009")
    database.dispose()
    assert not in_order(there())


def test_a_port_that_is_taken_is_not_served(there):
    settings = there()
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        assert not in_order(settings)

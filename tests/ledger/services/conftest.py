"""Services need no application: a database is enough, and made in a tenth of the time."""

from collections.abc import Iterator

import pytest

from ledger.db import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()

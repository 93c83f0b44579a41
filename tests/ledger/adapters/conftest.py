"""A site on this machine for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.ledger.adapters.sites import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site

"""A site on this machine for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.ledger.adapters import buckets
from tests.ledger.adapters.sites import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    with buckets.serving_s3() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3: str) -> buckets.Bucket:
    return buckets.made(s3)

"""The thread beside the jobs that makes the vectors of claims."""

import time

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ledger.jobs.vectors import VectorThread
from ledger.models import Claim, ClaimVector
from tests.factories import make_claim


@pytest.fixture
def thread(app):
    thread = VectorThread(app.extensions["ledger"], seconds=0.1)
    thread.start()
    yield thread
    thread.end()


def _wait_for(database, many):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with database.read() as session:
            found = len(session.exec(select(ClaimVector)).all())
        if found == many:
            return
        time.sleep(0.05)
    raise AssertionError(f"{found} vectors, not {many}")


def test_claims_get_their_vectors_as_they_come_in(app, database, people, thread):
    make_claim(database, people.reviewer)
    with database.read() as session:
        many = len(session.exec(select(Claim)).all())
    _wait_for(database, many)


def test_a_database_that_fails_does_not_end_it(app, database, people, thread):
    with database.write() as session:
        session.execute(sa.text("ALTER TABLE claim_vector RENAME TO elsewhere"))
    make_claim(database, people.reviewer)
    until = time.monotonic() + 30
    while thread.failures == 0 and time.monotonic() < until:
        time.sleep(0.05)
    with database.write() as session:
        session.execute(sa.text("ALTER TABLE elsewhere RENAME TO claim_vector"))
    with database.read() as session:
        many = len(session.exec(select(Claim)).all())
    _wait_for(database, many)

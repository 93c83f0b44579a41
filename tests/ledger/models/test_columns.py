"""Times, JSON and rows are the same on both databases and in the log."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.db import Database
from ledger.eventlog.canonical import timestamp
from ledger.models import Claim, Job, JobState, SignInLink
from ledger.models.rows import as_logged, whole_row
from tests.factories import make_claim
from tests.ledger.services.desk import do, now


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


def _job(**more):
    values = {"id": "j", "name": "n", "arguments": {}, "due_at": clock.now(), "created_at": clock.now()}
    return Job(**values | more)


def test_a_time_comes_back_in_utc_to_the_microsecond_from_whatever_zone(database):
    there = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    do(database, lambda session: session.add(_job(due_at=there)))
    with database.read() as session:
        kept = session.get_one(Job, "j").due_at
    assert kept == there
    assert kept.tzinfo == UTC
    assert timestamp(kept) == "2026-11-22T19:32:03.456789Z"


def test_a_time_without_a_zone_is_refused(database):
    naive = datetime(2026, 11, 23)  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        do(database, lambda session: session.add(_job(due_at=naive)))


def test_json_comes_back_as_it_went_in_and_none_is_null(database, people):
    arguments = {"é": ["€", 1, 0.1, None, True], "deep": {"a": {}}, "long": "x" * 100_000}
    do(database, lambda session: session.add(_job(arguments=arguments)))
    claim = make_claim(database, people.reviewer)
    with database.read() as session:
        assert session.get_one(Job, "j").arguments == arguments
        empty = (
            sa.select(sa.func.count())
            .select_from(Claim)
            .where(Claim.id == claim.id, Claim.stale_reasons.is_(None))
        )
        assert session.execute(empty).scalar_one() == 1


def test_a_row_is_logged_as_it_is_read_back(database, people):
    claim = make_claim(database, people.reviewer)
    assert whole_row(now(database, claim)) == whole_row(claim)


def test_a_word_is_logged_as_it_is():
    assert as_logged(JobState.DONE) == "done"


def test_secrets_and_jobs_stand_outside_the_log():
    assert not {model for model in (Job, SignInLink) if hasattr(model, "in_log")}

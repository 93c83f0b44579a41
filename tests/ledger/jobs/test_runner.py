"""Jobs: what happens to a row when its work is done, fails, or its worker falls silent."""

from datetime import UTC, datetime, timedelta

import pytest
import structlog
import time_machine

from ledger.errors import Conflict, NotFound
from ledger.jobs import runner
from ledger.jobs.tasks import GIVEN_UP, TASKS
from ledger.jobs.worker import Worker
from ledger.models import Job
from ledger.store import jobs as store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def parts(app):
    return app.extensions["ledger"]


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """What a job of the kind `note` has written down so far; the word `bad` makes it fail."""
    found: list[str] = []

    def note(_parts, *, word: str) -> None:
        found.append(word)
        if word == "bad":
            raise RuntimeError("this never works")

    monkeypatch.setitem(TASKS, "note", note)
    return found


@pytest.fixture
def given_up(monkeypatch) -> list[str]:
    """The words of the jobs of the kind `note` that have no attempt left."""
    found: list[str] = []
    monkeypatch.setitem(GIVEN_UP, "note", lambda _session, *, word: found.append(word))
    return found


def _promise(parts, word: str = "good", **more) -> str:
    with parts.database.write() as session:
        return store.add(session, "note", word=word, **more).id


def _job(parts, id: str) -> Job:
    with parts.database.read() as session:
        return session.get_one(Job, id)


def test_a_job_is_done_once(parts, done) -> None:
    id = _promise(parts)

    runner.run(parts, id)
    runner.run(parts, id)

    assert done == ["good"]
    assert (_job(parts, id).state, _job(parts, id).attempts) == ("done", 1)


def test_a_job_that_was_rolled_back_never_was(parts, done) -> None:
    with parts.database.write() as session:
        id = store.add(session, "note", word="never").id
        session.flush()
        session.rollback()

    runner.run(parts, id)

    assert done == []


def test_a_job_waits_for_its_time(parts, done) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        id = _promise(parts, delay=timedelta(minutes=5))
        runner.run(parts, id)
        assert done == []
        clock.shift(timedelta(minutes=5))
        runner.run(parts, id)

    assert done == ["good"]


def test_a_failed_job_is_tried_later_and_later_and_then_given_up(parts, done, given_up) -> None:
    waits = []
    with time_machine.travel(NOON, tick=False) as clock:
        id = _promise(parts, "bad")
        for _ in range(5):
            runner.run(parts, id)
            job = _job(parts, id)
            if job.state == "queued":
                waits.append((job.due_at - datetime.now(UTC)).total_seconds())
                clock.move_to(job.due_at)
        runner.run(parts, id)

    assert waits == [10, 20, 40, 80]
    assert (job.state, job.attempts) == ("failed", 5)
    assert job.error == "RuntimeError: this never works"
    assert done == ["bad"] * 5 and given_up == ["bad"]


def test_a_job_in_hand_is_left_alone_until_its_worker_is_silent_too_long(parts, done) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        id = _promise(parts)
        with parts.database.write() as session:
            # As a worker left it that was killed in the middle.
            runner._claim(session, id, parts)
        runner.run(parts, id)
        assert done == []
        clock.shift(timedelta(seconds=parts.settings.job_lease_seconds + 1))
        runner.run(parts, id)

    assert done == ["good"] and _job(parts, id).attempts == 2


def test_a_job_that_kills_each_worker_is_given_up(parts, done, given_up) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        id = _promise(parts)
        for _ in range(parts.settings.job_attempts):
            with parts.database.write() as session:
                runner._claim(session, id, parts)
            clock.shift(timedelta(seconds=parts.settings.job_lease_seconds + 1))
        runner.run(parts, id)

    assert done == [] and _job(parts, id).state == "failed"
    assert "its worker stopped without a word" in (_job(parts, id).error or "")
    assert given_up == ["good"]


def test_an_unknown_kind_of_job_fails_in_sight(parts) -> None:
    with parts.database.write() as session:
        id = store.add(session, "from-the-future").id

    runner.run(parts, id)

    assert "from-the-future" in (_job(parts, id).error or "")


def test_a_failed_job_can_be_tried_again(parts, done) -> None:
    id = _promise(parts, "bad")
    with parts.database.write() as session:
        job = session.get_one(Job, id)
        job.state, job.attempts, job.finished_at = "failed", 5, job.due_at

    with parts.database.write() as session:
        assert runner.retry(session, None) == 1
    runner.run(parts, id)

    assert done == ["bad"] and _job(parts, id).attempts == 1
    with parts.database.write() as session:
        with pytest.raises(Conflict):
            runner.retry(session, id)
        with pytest.raises(NotFound):
            runner.retry(session, "no such job")


class TestSweep:
    """The worker's sweep, and huey's queue on either database."""

    @pytest.fixture
    def worker(self, parts) -> Worker:
        worker = Worker(parts)
        yield worker
        worker._huey.storage.close()

    @staticmethod
    def _work(worker: Worker) -> None:
        while (task := worker._huey.dequeue()) is not None:
            worker._huey.execute(task)

    def test_what_is_due_is_done(self, parts, worker, done) -> None:
        for word in ("one", "two", "three"):
            _promise(parts, word)
        _promise(parts, "later", delay=timedelta(hours=1))

        assert worker.sweep() == 3
        self._work(worker)

        assert sorted(done) == ["one", "three", "two"]
        assert worker.sweep() == 0

    def test_a_job_is_not_rung_for_again_and_again(self, parts, worker, done) -> None:
        _promise(parts)

        assert (worker.sweep(), worker.sweep()) == (1, 0)

    def test_two_workers_may_ring_for_the_same_job(self, parts, worker, done) -> None:
        _promise(parts)
        other = Worker(parts)

        assert (worker.sweep(), other.sweep()) == (1, 1)
        self._work(worker)
        other._huey.storage.close()

        assert done == ["good"]

    def test_a_message_is_no_pickle(self, parts, worker, done) -> None:
        _promise(parts)
        worker.sweep()

        assert bytes(worker._huey.storage.enqueued_items(1)[0]).startswith(b'{"message"')

    def test_a_failed_job_s_error_is_in_the_list_of_jobs(
        self, parts, worker, done, monkeypatch, capsys
    ) -> None:
        from ledger.cli.main import run

        _promise(parts, "bad")
        worker.sweep()
        self._work(worker)
        monkeypatch.setenv("LEDGER_DATABASE_URL", parts.settings.database_url)

        assert run(["jobs"]) == 0
        structlog.reset_defaults()
        assert "this never works" in capsys.readouterr().out

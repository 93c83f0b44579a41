"""Handing captures to the Wayback Machine: its silence is neither yes nor no, and holds nothing up."""

import ssl
from datetime import timedelta

import pytest
import time_machine

from ledger import clock
from ledger.adapters.blobs import MemoryBlobs
from ledger.adapters.connections import trusted
from ledger.adapters.wayback import Wayback
from ledger.errors import Conflict, Forbidden
from ledger.models import Archiving, Capture
from ledger.services import archiving as service
from ledger.services import captures, evidence
from ledger.services.verification import verify
from tests.conftest import one_database
from tests.factories import make_claim
from tests.ledger.archive import archiving
from tests.ledger.services.desk import do, kinds, now
from tests.site import Site

URL = "https://example.org/a?x=1&y=ü"


@pytest.fixture
def archive():
    with archiving() as archive:
        yield archive


class Handed:
    """A capture that is handed over, and the passing of time."""

    def __init__(self, database, people, archive):
        self.database, self.archive, self.people = database, archive, people
        claim = make_claim(database, people.reviewer)
        details = {"url": URL, "stance": "supports"}
        self.piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
        captures.take(database, Site(), MemoryBlobs(), str(self.piece.capture_id))
        do(database, service.promise, self.piece.capture_id)
        self.passed = timedelta(0)
        self.wait_for(seconds=30)

    def wait_for(self, *, seconds):
        """How long an answer may take; on a busy machine any takes its time."""
        self.wayback = Wayback(self.archive.base, "key", "secret", timeout_seconds=seconds)

    @property
    def row(self):
        with self.database.read() as session:
            return session.get_one(Archiving, self.piece.capture_id)

    @property
    def capture(self):
        with self.database.read() as session:
            return session.get_one(Capture, self.piece.capture_id)

    def step(self):
        """The next step at the moment when it is due, on a clock that only goes on."""
        if self.row.due_at is not None:
            self.passed = max(self.passed, self.row.due_at - clock.now())
        self.passed += timedelta(seconds=6)
        with time_machine.travel(clock.now() + self.passed, tick=True):
            return service.step(self.database, self.wayback, self.archive.base, str(self.piece.capture_id))

    def steps(self, most=30):
        states = []
        while len(states) < most and self.row.state not in ("done", "failed"):
            states.append(self.step())
        return states

    def saves(self):
        return [asked for asked in self.archive.asked if asked[0] == "save"]


@pytest.fixture
def handed(database, people, archive):
    return Handed(database, people, archive)


def test_an_archive_that_behaves_makes_a_copy(handed, archive):
    archive.telling = [{"status": "pending"}, {"status": "pending"}, {"status": "success"}]
    assert handed.steps() == ["asked", "asked", "asked", "done"]
    stamp, url = archive.copies[0]
    assert handed.capture.archived_url == f"{archive.base}/web/{stamp}/{url}"
    assert handed.capture.archived_at.strftime("%Y%m%d%H%M%S") == stamp
    [(_, key, sent)] = handed.saves()
    assert key == "LOW key:secret" and sent["url"] == handed.capture.url
    assert kinds(handed.database, handed.capture) == ["capture.requested", "capture.done", "capture.archived"]
    with handed.database.read() as session:
        assert verify(session).sound


@pytest.mark.parametrize("answer", [523, 520, 502, 504, "hang up", 0.8])
def test_no_answer_is_unknown_and_the_copy_that_was_made_is_found_later(handed, archive, answer):
    archive.saving = [answer]
    handed.wait_for(seconds=0.5 if isinstance(answer, float) else 30)
    assert handed.step() == "unknown"
    handed.wait_for(seconds=30)
    assert handed.steps() == ["done"]
    assert len(handed.saves()) == 1 and handed.capture.archived_url.startswith(archive.base)


def test_the_index_may_lag_for_half_a_day(handed, archive):
    archive.saving, archive.indexed = [523], False
    assert [handed.step() for _ in range(3)] == ["unknown"] * 3
    archive.indexed = True
    assert handed.steps() == ["done"] and len(handed.saves()) == 1


@one_database
def test_however_often_it_is_asked_the_certificates_are_read_once(handed, monkeypatch):
    trusted()

    def read_again(*_):
        raise AssertionError("the certificates were read again")

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", read_again)
    handed.steps()
    assert len(handed.archive.asked) > 1 and handed.row.state == "done"


def test_an_outage_of_days_loses_nothing_and_asks_for_nothing_twice(handed, archive):
    archive.saving, archive.finding = [523], [503] * 25 + [200]
    states = handed.steps(40)
    assert states == ["unknown"] * 26 + ["done"] and len(handed.saves()) == 1
    assert handed.passed > timedelta(days=1)


def test_where_no_copy_was_made_it_is_handed_over_three_times_and_no_more(handed, archive):
    archive.saving, archive.captures = [504], False
    states = handed.steps()
    assert states[-1] == "failed" and len(handed.saves()) == 3
    assert "504" in handed.row.problem and handed.capture.archived_url is None


def test_a_job_that_is_never_heard_of_again_is_unknown_too(handed, archive):
    archive.telling = [{"status": "pending"}] * 20
    states = handed.steps()
    assert states == ["asked"] * 6 + ["unknown", "done"]


def test_rubbish_says_neither_yes_nor_no(handed, archive):
    archive.saving = [{"job_id": "../../x\n", "message": "?"}]
    archive.finding = [200]
    assert handed.steps() == ["unknown", "done"]


@pytest.mark.parametrize(
    "answer", [401, 403, {"job_id": None, "status": "error", "status_ext": "error:blocked-url"}]
)
def test_a_clear_no_is_one(handed, archive, answer):
    archive.saving = [answer]
    assert handed.steps() == ["failed"] and handed.row.problem


def test_a_busy_archive_is_left_in_peace_as_long_as_it_asks(handed, archive):
    archive.saving = [429, 429, 429, 429, 429, {}]
    assert handed.step() == "waiting"
    assert 50 < (handed.row.due_at - clock.now() - handed.passed).total_seconds() <= 60
    assert handed.steps() == ["waiting"] * 4 + ["asked", "done"]


def test_a_capture_that_failed_there_is_asked_for_again(handed, archive):
    archive.telling = [{"status": "error", "status_ext": "error:proxy-error"}, {"status": "success"}]
    assert handed.steps() == ["asked", "waiting", "asked", "done"]


def test_whoever_is_killed_while_handing_over_does_not_know_either(handed, archive, monkeypatch):
    def killed(_url):
        archive.save(handed.capture.url)
        raise KeyboardInterrupt

    monkeypatch.setattr(handed.wayback, "hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        handed.step()
    assert handed.row.state == "unknown"
    assert handed.steps() == ["done"]


def test_requests_to_the_archive_keep_their_distance(handed, archive):
    handed.step()
    due = handed.row.due_at
    with time_machine.travel(clock.now() + handed.passed + timedelta(seconds=1)):
        service.step(handed.database, handed.wayback, archive.base, str(handed.piece.capture_id))
    assert len(archive.asked) == 1 and handed.row.due_at != due


def test_somebody_asks_again_after_a_failure(handed, archive):
    archive.saving = [401, {}]
    handed.steps()
    ask = (handed.database, service.ask, handed.piece.id)
    with pytest.raises(Forbidden):
        do(*ask, by=handed.people.reader, on=True)
    with pytest.raises(Conflict, match="LEDGER_WAYBACK_KEY"):
        do(*ask, by=handed.people.reviewer, on=False)
    do(*ask, by=handed.people.reviewer, on=True)
    assert handed.steps() == ["asked", "done"]
    with pytest.raises(Conflict, match="already"):
        do(*ask, by=handed.people.reviewer, on=True)


def test_nothing_waits_for_the_archive(handed):
    assert now(handed.database, handed.piece).capture_id and handed.capture.state == "done"

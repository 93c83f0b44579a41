"""Evidence: adding, correcting, taking back; the copy that is promised with it."""

import pytest
import sqlalchemy as sa

from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated, VersionMissing
from ledger.ids import new_id
from ledger.models import Capture, Claim, Job
from ledger.services import claims, evidence
from tests.factories import make_claim, make_evidence
from tests.ledger.services.desk import do, history, kinds, now

URL = "https://example.org/budget"


@pytest.fixture
def claim(database, people):
    return make_claim(database, people.reviewer)


def _add(database, claim, by, **details):
    wanted = {"url": URL, "stance": "supports", **details}
    return do(database, evidence.add, claim.id, by=by, details=wanted)


def _rows(database, model):
    with database.read() as session:
        return session.scalars(sa.select(model)).all()


def test_a_piece_of_evidence_says_what_it_shows_and_a_copy_is_promised(database, people, claim):
    details = {
        "quote": "4.2 million",
        "title": "Budget",
        "publisher": "Council",
        "published": "2026",
        "note": "p. 3",
    }
    piece = _add(database, claim, people.reviewer, **details)
    assert {name: getattr(piece, name) for name in details} == details
    (capture,), (job,) = _rows(database, Capture), _rows(database, Job)
    assert (capture.url, capture.state, piece.capture_id) == (URL, "pending", capture.id)
    assert (job.name, job.arguments) == (evidence.CAPTURE_JOB, {"capture_id": capture.id})
    assert kinds(database, capture) == ["capture.requested"]


def test_evidence_is_part_of_its_claims_history_and_version(database, people, claim):
    piece = _add(database, claim, people.reviewer)
    last = history(database, claim)[-1]
    assert last.kind == "evidence.added"
    assert set(last.patch) == {"claim", "evidence"} and piece.id in last.patch["evidence"]
    assert now(database, claim).version == claim.version + 1


def test_the_promise_of_a_copy_falls_with_the_change(database, people, claim):
    def add_and_fail(session):
        evidence.add(session, claim.id, by=people.reviewer, details={"url": URL, "stance": "context"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do(database, add_and_fail)
    assert not _rows(database, Job) and not _rows(database, Capture)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"url": None}, "url"),
        ({"url": " "}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://example.org/" + "x" * 2000}, "url"),
        ({"url": "https://example.org/" + "é" * 700}, "url"),
        ({"stance": "maybe"}, "stance"),
        ({"stance": None}, "stance"),
        ({"quote": "x" * 10_001}, "quote"),
        ({"title": "x" * 501}, "title"),
        ({"publisher": "x" * 201}, "publisher"),
        ({"published": "x" * 41}, "published"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_wrong_evidence_is_refused_by_field_and_leaves_nothing(database, people, claim, details, field):
    with pytest.raises(Invalid) as refused:
        _add(database, claim, people.reviewer, **details)
    assert refused.value.field == field
    assert not _rows(database, Job) and not _rows(database, Capture)
    assert now(database, claim).version == claim.version


def test_the_same_source_with_the_same_quote_is_refused_and_with_another_is_not(database, people, claim):
    _add(database, claim, people.reviewer, quote="4.2")
    with pytest.raises(Conflict) as refused:
        _add(database, claim, people.reviewer, quote="4.2")
    assert refused.value.field == "url"
    _add(database, claim, people.reviewer, quote="12 towns")


def test_a_source_that_was_taken_back_may_be_added_again(database, people, claim):
    piece = _add(database, claim, people.reviewer)
    do(database, evidence.withdraw, piece.id, by=people.reviewer, version=1, reason="Wrong year.")
    _add(database, claim, people.reviewer)


def test_a_guess_a_dismissed_and_a_withdrawn_claim_take_no_evidence(database, people, claim):
    with database.read() as session:
        guess = session.scalars(sa.select(Claim).where(Claim.triage == "candidate")).first()
    with pytest.raises(Conflict, match="guess"):
        _add(database, guess, people.reviewer)
    do(database, claims.dismiss, guess.id, by=people.reviewer, version=1)
    with pytest.raises(Conflict, match="dismissed"):
        _add(database, guess, people.reviewer)
    do(database, claims.withdraw, claim.id, by=people.editor, version=1, note="Wrong man.")
    with pytest.raises(Conflict, match="withdrawn"):
        _add(database, claim, people.reviewer)


def test_a_correction_changes_what_is_given_and_nothing_else(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim, title="Budget")
    details = {"stance": "refutes", "note": "p. 4"}
    corrected = do(database, evidence.correct, piece.id, by=people.reviewer2, version=1, details=details)
    assert (corrected.stance, corrected.note, corrected.title) == ("refutes", "p. 4", "Budget")
    patch = history(database, claim)[-1].patch["evidence"][piece.id]
    assert patch == {"stance": "refutes", "note": "p. 4", "version": 2}


def test_a_correction_of_nothing_is_no_event(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim)
    same = {"stance": piece.stance, "quote": piece.quote, "url": piece.url}
    assert do(database, evidence.correct, piece.id, by=people.reviewer, version=1, details=same).version == 1
    assert kinds(database, claim)[-1] == "evidence.added"


def test_a_correction_does_not_put_another_source_in_the_place_of_one(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim)
    with pytest.raises(Invalid) as refused:
        do(database, evidence.correct, piece.id, by=people.reviewer, version=1, details={"url": URL})
    assert refused.value.field == "url"


def test_evidence_taken_back_stays_in_sight_with_the_reason_and_can_be_restored(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim)
    back = do(database, evidence.withdraw, piece.id, by=people.reviewer, version=1, reason="A parody.")
    assert (back.withdrawn_reason, back.withdrawn_by) == ("A parody.", people.reviewer.account)
    with pytest.raises(Conflict, match="already taken back"):
        do(database, evidence.withdraw, piece.id, by=people.reviewer, version=2, reason="Again.")
    with pytest.raises(Conflict, match="add it anew"):
        do(database, evidence.correct, piece.id, by=people.reviewer, version=2, details={"note": "x"})
    again = do(database, evidence.restore, piece.id, by=people.reviewer, version=2)
    assert (again.withdrawn_at, again.withdrawn_by, again.withdrawn_reason) == (None, None, None)
    with pytest.raises(Conflict, match="in force"):
        do(database, evidence.restore, piece.id, by=people.reviewer, version=3)


def test_taking_back_needs_a_reason(database, people, claim):
    piece = make_evidence(database, people.reviewer, claim)
    with pytest.raises(Invalid) as refused:
        do(database, evidence.withdraw, piece.id, by=people.reviewer, version=1, reason=" ")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("service", "more"),
    [
        (evidence.correct, {"details": {"note": "x"}}),
        (evidence.withdraw, {"reason": "x"}),
        (evidence.restore, {}),
    ],
)
def test_every_edit_of_evidence_needs_the_right_and_the_version(database, people, claim, service, more):
    piece = make_evidence(database, people.reviewer, claim)
    with pytest.raises(Forbidden):
        do(database, service, piece.id, by=people.reader, version=1, **more)
    with pytest.raises(VersionMissing):
        do(database, service, piece.id, by=people.reviewer, version=None, **more)
    with pytest.raises(Outdated):
        do(database, service, piece.id, by=people.reviewer, version=5, **more)
    with pytest.raises(NotFound):
        do(database, service, new_id(), by=people.reviewer, version=1, **more)

"""Claims: adding, triage, wording, who has one, withdrawing."""

import pytest
import sqlalchemy as sa

from ledger.auth.identity import SYSTEM
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated, VersionMissing
from ledger.ids import new_id
from ledger.models import Claim
from ledger.services import accounts, claims
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import do, history, kinds, now


@pytest.fixture
def article(database, people):
    return make_article(database, people.reviewer)


@pytest.fixture
def candidate(database, article):
    with database.read() as session:
        return session.scalars(sa.select(Claim).where(Claim.triage == "candidate")).first()


def _add(database, article, by, words="12 towns", **more):
    start = TEXT.index(words)
    return do(database, claims.add, article.id, by=by, start=start, end=start + len(words), **more)


def _places(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)


# ---------------------------------------------------------------------------------------- adding


def test_a_selected_passage_becomes_a_claim_at_exactly_those_words(database, people, article):
    claim = _add(database, article, people.reviewer, "paid for by 12 towns")
    assert (claim.status, claim.origin, claim.created_by) == ("unchecked", "person", people.reviewer.account)
    assert claim.statement == "paid for by 12 towns"
    (place,) = _places(database, claim)
    assert place.exact == TEXT[place.start : place.end] == "paid for by 12 towns"
    with database.read() as session:
        assert [(q.value, q.unit) for q in store.quantities(session, claim.id)] == [("12", "town")]


def test_white_space_at_the_ends_of_a_selection_is_left_out(database, people, article):
    start = TEXT.index(" 12 towns")
    claim = do(
        database, claims.add, article.id, by=people.reviewer, start=start, end=start + len(" 12 towns")
    )
    assert [place.exact for place in _places(database, claim)] == ["12 towns"]


def test_statement_kind_and_claimant_may_be_given(database, people, article):
    claim = _add(
        database, article, people.reviewer, statement="Twelve towns paid.", kind="event", claimant="The mayor"
    )
    assert (claim.statement, claim.kind, claim.claimant) == ("Twelve towns paid.", "event", "The mayor")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"start": -1, "end": 5}, "start"),
        ({"start": 5, "end": 5}, "start"),
        ({"start": 0, "end": 100_000}, "start"),
        ({"start": TEXT.index("\n\n"), "end": TEXT.index("\n\n") + 2}, "start"),
        ({"start": 0, "end": 2}, "start"),
        ({"start": 0, "end": 8, "exact": "Mayor sh"}, "exact"),
        ({"start": 0, "end": 8, "kind": "rumour"}, "kind"),
        ({"start": 0, "end": 8, "statement": "ab"}, "statement"),
        ({"start": 0, "end": 8, "statement": "x" * 2001}, "statement"),
        ({"start": 0, "end": 8, "claimant": "x" * 301}, "claimant"),
    ],
)
def test_a_selection_that_can_not_be_is_refused_by_field_and_leaves_nothing(
    database, people, article, more, field
):
    with pytest.raises(Invalid) as refused:
        do(database, claims.add, article.id, by=people.reviewer, **more)
    assert refused.value.field == field
    with database.read() as session:
        assert not session.scalars(sa.select(Claim).where(Claim.origin == "person")).all()


def test_a_selection_in_an_older_text_is_refused(database, people, article):
    with pytest.raises(Conflict, match="newer text") as refused:
        _add(database, article, people.reviewer, revision_id=new_id())
    assert refused.value.field == "revision_id"


def test_the_same_words_twice_name_the_claim_that_is_there(database, people, article):
    first = _add(database, article, people.reviewer)
    with pytest.raises(Conflict) as refused:
        _add(database, article, people.reviewer)
    assert refused.value.facts["claim"] == first.id


def test_who_may_only_read_adds_nothing(database, people, article):
    with pytest.raises(Forbidden):
        _add(database, article, people.reader)
    with pytest.raises(Forbidden, match="by a person"):
        _add(database, article, SYSTEM)


def test_a_claim_needs_an_article(database, people):
    with pytest.raises(NotFound):
        do(database, claims.add, new_id(), by=people.reviewer, start=0, end=5)


# ---------------------------------------------------------------------------------------- triage


def test_an_accepted_candidate_is_unchecked(database, people, candidate):
    claim = do(database, claims.accept, candidate.id, by=people.reviewer, version=1)
    assert (claim.triage, claim.status, claim.version) == ("accepted", "unchecked", 2)
    with pytest.raises(Conflict, match="Only a candidate"):
        do(database, claims.accept, candidate.id, by=people.reviewer, version=2)


def test_a_dismissed_candidate_can_be_brought_back(database, people, candidate):
    claim = do(database, claims.dismiss, candidate.id, by=people.reviewer, version=1, reason="An opinion.")
    assert (claim.status, claim.dismissed_reason) == ("dismissed", "An opinion.")
    with pytest.raises(Conflict, match="already dismissed"):
        do(database, claims.dismiss, candidate.id, by=people.reviewer, version=2)
    claim = do(database, claims.reopen, candidate.id, by=people.reviewer, version=2)
    assert (claim.status, claim.dismissed_reason) == ("candidate", None)
    assert kinds(database, candidate) == ["claim.found", "claim.dismissed", "claim.reopened"]


def test_an_accepted_candidate_without_work_can_be_one_again(database, people, candidate):
    do(database, claims.accept, candidate.id, by=people.reviewer, version=1)
    claim = do(database, claims.reopen, candidate.id, by=people.reviewer, version=2)
    assert (claim.status, claim.assignee_id) == ("candidate", None)


def test_a_claim_with_evidence_is_never_a_guess_again(database, people, candidate):
    do(database, claims.accept, candidate.id, by=people.reviewer, version=1)
    make_evidence(database, people.reviewer, candidate)
    with pytest.raises(Conflict, match="in use"):
        do(database, claims.reopen, candidate.id, by=people.reviewer, version=3)
    do(database, claims.dismiss, candidate.id, by=people.reviewer, version=3)
    claim = do(database, claims.reopen, candidate.id, by=people.reviewer, version=4)
    assert claim.status == "unchecked"


def test_a_persons_claim_comes_back_as_a_claim(database, people, article):
    claim = _add(database, article, people.reviewer)
    do(database, claims.dismiss, claim.id, by=people.reviewer, version=1)
    assert do(database, claims.reopen, claim.id, by=people.reviewer, version=2).status == "unchecked"
    with pytest.raises(Conflict, match="in use"):
        do(database, claims.reopen, claim.id, by=people.reviewer, version=3)


def test_a_claim_with_a_verdict_is_not_dismissed(database, people):
    claim, _ = make_verdict(database, people.reviewer)
    with pytest.raises(Conflict, match="withdraw it instead"):
        do(database, claims.dismiss, claim.id, by=people.reviewer, version=claim.version)


# -------------------------------------------------------------------------------------- wording


def test_a_reworded_claim_keeps_the_words_in_the_article(database, people, article):
    claim = _add(database, article, people.reviewer)
    details = {"statement": " Twelve\u00a0towns paid. ", "kind": "event", "claimant": "The mayor"}
    claim = do(database, claims.reword, claim.id, by=people.reviewer, version=1, details=details)
    assert (claim.statement, claim.kind) == ("Twelve\u00a0towns paid.", "event")
    assert [place.exact for place in _places(database, claim)] == ["12 towns"]


def test_an_edit_that_changes_nothing_is_no_event(database, people, article):
    claim = _add(database, article, people.reviewer)
    same = {"statement": claim.statement, "kind": claim.kind}
    assert do(database, claims.reword, claim.id, by=people.reviewer, version=1, details=same).version == 1
    assert kinds(database, claim) == ["claim.added"]


@pytest.mark.parametrize(
    "details", [{"statement": " "}, {"statement": "ab"}, {"kind": "rumour"}, {"claimant": "x" * 301}]
)
def test_a_wrong_wording_is_refused_by_field(database, people, candidate, details):
    with pytest.raises(Invalid) as refused:
        do(database, claims.reword, candidate.id, by=people.reviewer, version=1, details=details)
    assert refused.value.field in details


# ------------------------------------------------------------------------------------ who has it


def test_a_claim_is_taken_handed_over_and_laid_down(database, people, article):
    claim = _add(database, article, people.reviewer)
    me, other = people.reviewer.account, people.reviewer2.account
    taken = do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=me)
    assert (taken.status, taken.assignee_id) == ("checking", me)
    handed = do(database, claims.assign, claim.id, by=people.reviewer, version=2, to=other)
    assert handed.assignee_id == other
    laid = do(database, claims.assign, claim.id, by=people.reviewer2, version=3, to=None)
    assert (laid.status, laid.assignee_id) == ("unchecked", None)
    assert kinds(database, claim)[1:] == ["claim.taken", "claim.handed_over", "claim.laid_down"]


def test_whoever_takes_a_candidate_accepts_it(database, people, candidate):
    claim = do(
        database, claims.assign, candidate.id, by=people.reviewer, version=1, to=people.reviewer.account
    )
    assert (claim.triage, claim.status) == ("accepted", "checking")


def test_laying_down_a_candidate_that_nobody_has_accepts_nothing(database, people, candidate):
    claim = do(database, claims.assign, candidate.id, by=people.reviewer, version=1, to=None)
    assert (claim.triage, claim.version) == ("candidate", 1)


def test_only_its_holder_or_an_editor_hands_a_claim_over(database, people, article):
    claim = _add(database, article, people.reviewer)
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)
    with pytest.raises(Forbidden, match="Somebody else has this claim"):
        do(database, claims.assign, claim.id, by=people.reviewer2, version=2, to=people.reviewer2.account)
    claim = do(database, claims.assign, claim.id, by=people.editor, version=2, to=people.editor.account)
    assert claim.assignee_id == people.editor.account


def test_a_claim_goes_only_to_somebody_who_can_work_on_it(database, people, article):
    claim = _add(database, article, people.reviewer)
    gone = people.reviewer2
    do(database, accounts.change, gone.account, by=people.admin, version=1, details={"active": False})
    for wrong in (people.reader.account, gone.account, new_id(), "no id"):
        with pytest.raises(Invalid) as refused:
            do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=wrong)
        assert refused.value.field == "assignee_id"


def test_a_dismissed_claim_goes_to_nobody(database, people, candidate):
    do(database, claims.dismiss, candidate.id, by=people.reviewer, version=1)
    with pytest.raises(Conflict, match="dismissed"):
        do(database, claims.assign, candidate.id, by=people.reviewer, version=2, to=people.reviewer.account)


# ----------------------------------------------------------------------------------- withdrawing


def test_a_withdrawn_claim_says_why_and_can_stand_again(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    withdrawn = do(
        database, claims.withdraw, claim.id, by=people.editor, version=claim.version, note="Wrong man."
    )
    assert (withdrawn.status, withdrawn.withdrawn_note) == ("withdrawn", "Wrong man.")
    with pytest.raises(Conflict, match="already withdrawn"):
        do(database, claims.withdraw, claim.id, by=people.editor, version=withdrawn.version, note="Again.")
    with pytest.raises(Forbidden):
        do(database, claims.reopen, claim.id, by=people.reviewer, version=withdrawn.version)
    again = do(database, claims.reopen, claim.id, by=people.editor, version=withdrawn.version)
    assert (again.status, again.withdrawn_at, again.withdrawn_by) == ("supported", None, None)


def test_a_withdrawal_needs_a_note_and_the_right(database, people, article):
    claim = _add(database, article, people.reviewer)
    with pytest.raises(Invalid) as refused:
        do(database, claims.withdraw, claim.id, by=people.editor, version=1, note="  ")
    assert refused.value.field == "note"
    with pytest.raises(Forbidden):
        do(database, claims.withdraw, claim.id, by=people.reviewer, version=1, note="No.")


def test_a_guess_is_dismissed_and_not_withdrawn(database, people, candidate):
    with pytest.raises(Conflict, match="guess"):
        do(database, claims.withdraw, candidate.id, by=people.editor, version=1, note="No.")


def test_nobody_works_on_a_withdrawn_claim(database, people, article):
    claim = _add(database, article, people.reviewer)
    do(database, claims.withdraw, claim.id, by=people.editor, version=1, note="Wrong man.")
    by, me = people.reviewer, people.reviewer.account
    for work in (
        lambda session: claims.reword(session, claim.id, by=by, version=2, details={"kind": "event"}),
        lambda session: claims.assign(session, claim.id, by=by, version=2, to=me),
        lambda session: claims.dismiss(session, claim.id, by=by, version=2),
    ):
        with pytest.raises(Conflict, match="withdrawn"):
            do(database, work)
    assert now(database, claim).status == "withdrawn"


# ------------------------------------------------------------------------------------- versions


@pytest.mark.parametrize(
    ("service", "more"),
    [
        (claims.accept, {}),
        (claims.dismiss, {}),
        (claims.reopen, {}),
        (claims.reword, {"details": {"kind": "event"}}),
        (claims.assign, {"to": None}),
        (claims.withdraw, {"note": "No."}),
    ],
)
def test_every_edit_names_the_version_that_it_edits(database, people, candidate, service, more):
    with pytest.raises(VersionMissing):
        do(database, service, candidate.id, by=people.editor, version=None, **more)
    with pytest.raises(Outdated) as outdated:
        do(database, service, candidate.id, by=people.editor, version=7, **more)
    assert outdated.value.facts["current"]["statement"] == candidate.statement
    with pytest.raises(Forbidden):
        do(database, service, candidate.id, by=people.reader, version=1, **more)
    with pytest.raises(NotFound):
        do(database, service, new_id(), by=people.editor, version=1, **more)
    assert now(database, candidate).version == 1


def test_the_history_names_who_and_what(database, people):
    claim = make_claim(database, people.reviewer)
    do(database, claims.reword, claim.id, by=people.editor, version=1, details={"statement": "242 signed."})
    first, second = history(database, claim)
    assert (first.actor, second.actor) == (people.reviewer.actor, people.editor.actor)
    assert set(second.patch["claim"][claim.id]) == {"statement", "version", "updated_at"}
    assert set(first.patch) == {"claim", "appearance", "quantity"}

"""Verdicts: proposing, signing, sending back; and what a signature holds."""

import threading

import pytest
import sqlalchemy as sa

from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated
from ledger.ids import new_id
from ledger.models import Claim, Signature, Verdict
from ledger.services import accounts, claims, events, evidence, tokens, verdicts
from ledger.services.verdicts import Policy
from ledger.store import claims as claims_store
from tests.factories import make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, history, kinds, now


def _propose(database, claim, by, *, code="supported", policy=TWO, rationale="It says so.", **more):
    version = now(database, claim).version
    return do(
        database,
        verdicts.propose,
        claim.id,
        by=by,
        version=version,
        code=code,
        rationale=rationale,
        policy=policy,
        **more,
    )


def _sign(database, verdict, by, *, policy=TWO, seen=None, **more):
    return do(
        database, verdicts.sign, verdict.id, by=by, digest_seen=seen or verdict.digest, policy=policy, **more
    )


def _signatures(database, verdict):
    with database.read() as session:
        return session.scalars(sa.select(Signature).where(Signature.verdict_id == verdict.id)).all()


@pytest.fixture
def claim(database, people):
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    return claim


# ------------------------------------------------------------------------------------- proposing


def test_a_proposal_waits_with_its_rating_and_reasons(database, people, claim):
    verdict = _propose(database, claim, people.reviewer, code="misleading")
    assert (verdict.scale, verdict.scale_version, verdict.label, verdict.number) == (
        "ledger",
        1,
        "Misleading",
        3,
    )
    standing = now(database, claim)
    assert (standing.status, standing.assignee_id) == ("proposed", people.reviewer.account)
    assert standing.verdict_id is None


def test_a_rating_without_a_number_gets_none(database, people, claim):
    assert _propose(database, claim, people.reviewer, code="disputed").number is None


def test_a_new_proposal_replaces_one_that_nobody_signed(database, people, claim):
    first = _propose(database, claim, people.reviewer)
    second = _propose(database, claim, people.reviewer2, code="refuted")
    assert now(database, first).state == "superseded"
    assert now(database, second).state == "proposed"
    assert kinds(database, claim)[-2:] == ["verdict.replaced", "verdict.proposed"]


def test_a_rating_other_than_unproven_rests_on_evidence(database, people):
    bare = make_claim(database, people.reviewer)
    with pytest.raises(Conflict, match="rests on evidence") as refused:
        _propose(database, bare, people.reviewer)
    assert refused.value.field == "code"
    assert _propose(database, bare, people.reviewer, code="unproven").status_word == "unproven"


def test_a_desk_may_ask_for_more_evidence(database, people, claim):
    with pytest.raises(Conflict, match="2 pieces of evidence"):
        _propose(database, claim, people.reviewer, policy=Policy("two", 2))
    make_evidence(database, people.reviewer, claim, url="https://example.org/other")
    _propose(database, claim, people.reviewer, policy=Policy("two", 2))


def test_evidence_that_was_taken_back_does_not_count(database, people):
    claim = make_claim(database, people.reviewer)
    piece = make_evidence(database, people.reviewer, claim)
    do(database, evidence.withdraw, piece.id, by=people.reviewer, version=1, reason="A parody.")
    with pytest.raises(Conflict, match="rests on evidence"):
        _propose(database, claim, people.reviewer)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "true-ish"}, "code"),
        ({"scale": "no-such-scale"}, "scale"),
        ({"rationale": " "}, "rationale"),
        ({"rationale": "x" * 20_001}, "rationale"),
    ],
)
def test_a_wrong_proposal_is_refused_by_field(database, people, claim, more, field):
    with pytest.raises(Invalid) as refused:
        _propose(database, claim, people.reviewer, **more)
    assert refused.value.field == field
    assert now(database, claim).status == "unchecked"


def test_a_desk_without_a_scale_writes_a_sentence(database, people, claim):
    from ledger.scales import all_scales

    scale = next(s for s in all_scales().values() if s.own_words)
    code = scale.ratings[0].code
    with pytest.raises(Invalid) as refused:
        _propose(database, claim, people.reviewer, scale=scale.id, code=code)
    assert refused.value.field == "label"
    verdict = _propose(
        database, claim, people.reviewer, scale=scale.id, code=code, label="242 did sign, but two letters."
    )
    assert (verdict.label, verdict.number) == ("242 did sign, but two letters.", None)


def test_only_accepted_claims_in_force_get_a_verdict(database, people, claim):
    with database.read() as session:
        guess = session.scalars(sa.select(Claim).where(Claim.triage == "candidate")).first()
    with pytest.raises(Conflict, match="guess"):
        _propose(database, guess, people.reviewer, code="unproven")
    do(database, claims.dismiss, guess.id, by=people.reviewer, version=1)
    with pytest.raises(Conflict, match="dismissed"):
        _propose(database, guess, people.reviewer, code="unproven")
    version = now(database, claim).version
    do(database, claims.withdraw, claim.id, by=people.editor, version=version, note="Wrong man.")
    with pytest.raises(Conflict, match="withdrawn"):
        _propose(database, claim, people.reviewer)


def test_a_proposal_needs_the_right_and_the_version_that_stands(database, people, claim):
    with pytest.raises(Forbidden):
        _propose(database, claim, people.reader)
    with pytest.raises(Outdated):
        do(
            database, verdicts.propose, claim.id,
            by=people.reviewer, version=1, code="supported", rationale="Yes.", policy=TWO,
        )  # fmt: skip
    with pytest.raises(NotFound):
        do(
            database, verdicts.propose, new_id(),
            by=people.reviewer, version=1, code="supported", rationale="Yes.", policy=TWO,
        )  # fmt: skip


# --------------------------------------------------------------------------------------- signing


def test_a_second_person_settles_a_verdict(database, people, claim):
    verdict = _propose(database, claim, people.reviewer, code="refuted")
    _sign(database, verdict, people.reviewer2, note="Read both.")
    standing, settled = now(database, claim), now(database, verdict)
    assert (standing.status, standing.verdict_id, standing.assignee_id) == ("refuted", verdict.id, None)
    assert (settled.state, settled.settled_at is not None) == ("settled", True)
    (signature,) = _signatures(database, verdict)
    assert (signature.capacity, signature.digest, signature.note) == ("second", verdict.digest, "Read both.")


def test_the_proposer_is_never_the_second_signer(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Forbidden, match="somebody else must sign"):
        _sign(database, verdict, people.reviewer)
    with pytest.raises(Forbidden):
        _sign(database, verdict, people.reviewer, override=True, note="I am sure.")
    assert now(database, verdict).state == "proposed"


def test_a_token_of_the_proposer_is_the_proposer(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    _, secret = do(database, tokens.create, by=people.reviewer, name="bot", scopes=["verdicts:sign"])
    with database.read() as session:
        bot, _, _ = tokens.identify(session, secret)
    with pytest.raises(Forbidden, match="somebody else must sign"):
        _sign(database, verdict, bot)


def test_the_database_itself_refuses_the_proposer_as_second_signer(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    insert = sa.text(
        "INSERT INTO signature (id, verdict_id, proposer_id, account_id, capacity, digest, signed_at)"
        " VALUES (:id, :verdict, :proposer, :account, 'second', :digest, CURRENT_TIMESTAMP)"
    )
    row = {"id": new_id(), "verdict": verdict.id, "digest": verdict.digest}
    me, other = people.reviewer.account, people.reviewer2.account
    with (
        pytest.raises(sa.exc.IntegrityError, match="second_is_another"),
        database.engine.begin() as connection,
    ):
        connection.execute(insert, row | {"proposer": me, "account": me})
    # Nor does it help to name somebody else as the proposer.
    with (
        pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"),
        database.engine.begin() as connection,
    ):
        connection.execute(insert, row | {"proposer": other, "account": me})


def test_an_editor_who_overrides_says_why_in_an_event_of_its_own(database, people, claim):
    verdict = _propose(database, claim, people.editor)
    with pytest.raises(Invalid) as refused:
        _sign(database, verdict, people.editor, override=True)
    assert refused.value.field == "note"
    _sign(database, verdict, people.editor, override=True, note="Election night.")
    assert kinds(database, claim)[-1] == "verdict.overridden"
    assert [s.capacity for s in _signatures(database, verdict)] == ["override"]


def test_an_override_of_somebody_elses_proposal_is_an_ordinary_signature(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    _sign(database, verdict, people.editor, override=True)
    assert kinds(database, claim)[-1] == "verdict.signed"
    assert [s.capacity for s in _signatures(database, verdict)] == ["second"]


def test_at_a_desk_of_one_the_proposer_signs_alone(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    _sign(database, verdict, people.reviewer, policy=Policy("one", 1))
    assert [s.capacity for s in _signatures(database, verdict)] == ["sole"]
    assert now(database, claim).status == "supported"


def test_a_verdict_is_signed_once(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    _sign(database, verdict, people.editor)
    with pytest.raises(Conflict, match="it is settled"):
        _sign(database, verdict, people.reviewer2)


def test_a_signer_signs_what_they_saw(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Outdated) as outdated:
        _sign(database, verdict, people.editor, seen="0" * 64)
    assert outdated.value.facts["current"] == {"digest": verdict.digest}


def test_what_changed_after_the_proposal_must_be_proposed_again(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    make_evidence(database, people.reviewer, claim, url="https://example.org/other", stance="refutes")
    with pytest.raises(Conflict, match="must be proposed again"):
        _sign(database, verdict, people.editor)
    assert now(database, claim).status == "proposed"


def test_a_desk_that_asks_for_more_evidence_meanwhile_gets_it(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Conflict, match="2 pieces"):
        _sign(database, verdict, people.editor, policy=Policy("two", 2))


def test_signing_needs_the_right(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Forbidden):
        _sign(database, verdict, people.reader)
    with pytest.raises(NotFound):
        do(database, verdicts.sign, new_id(), by=people.editor, digest_seen="", policy=TWO)


def test_of_two_who_sign_at_once_one_wins(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    outcomes = []
    barrier = threading.Barrier(2)

    def sign(who):
        barrier.wait()
        try:
            outcomes.append(_sign(database, verdict, who).state)
        except Conflict as refused:
            outcomes.append(refused.message)

    signers = [threading.Thread(target=sign, args=(who,)) for who in (people.editor, people.reviewer2)]
    for thread in signers:
        thread.start()
    for thread in signers:
        thread.join()
    assert sorted(outcomes) == ["This verdict is no longer waiting: it is settled.", "settled"]
    assert len(_signatures(database, verdict)) == 1


# ---------------------------------------------------------------------------------- sending back


def test_a_verdict_sent_back_goes_to_its_proposer_with_the_reason(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    do(database, verdicts.send_back, verdict.id, by=people.editor, reason="Which year?")
    back, standing = now(database, verdict), now(database, claim)
    assert (back.state, back.sent_back_reason, back.sent_back_by) == (
        "sent_back",
        "Which year?",
        people.editor.account,
    )
    assert (standing.status, standing.assignee_id) == ("checking", people.reviewer.account)
    with pytest.raises(Conflict, match="it is sent back"):
        do(database, verdicts.send_back, verdict.id, by=people.editor, reason="Again.")


def test_a_verdict_is_not_sent_back_to_somebody_who_left(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    do(
        database,
        accounts.change,
        people.reviewer.account,
        by=people.admin,
        version=1,
        details={"active": False},
    )
    do(database, verdicts.send_back, verdict.id, by=people.editor, reason="Which year?")
    assert (now(database, claim).status, now(database, claim).assignee_id) == ("unchecked", None)


def test_sending_back_needs_a_reason_and_the_right(database, people, claim):
    verdict = _propose(database, claim, people.reviewer)
    with pytest.raises(Invalid) as refused:
        do(database, verdicts.send_back, verdict.id, by=people.editor, reason="")
    assert refused.value.field == "reason"
    with pytest.raises(Forbidden):
        do(database, verdicts.send_back, verdict.id, by=people.reader, reason="No.")


# ----------------------------------------------------------------------------- stale and settled


def test_a_reworded_claim_is_stale_until_its_words_are_back(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    statement = claim.statement
    changed = do(
        database,
        claims.reword,
        claim.id,
        by=people.reviewer,
        version=claim.version,
        details={"statement": "424 builders"},
    )
    assert changed.status == "stale" and changed.stale_since is not None and changed.stale_reasons
    back = do(
        database,
        claims.reword,
        claim.id,
        by=people.reviewer,
        version=changed.version,
        details={"statement": statement},
    )
    assert (back.status, back.stale_since, back.stale_reasons) == ("supported", None, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda s, by, claim, piece: evidence.add(
            s, claim.id, by=by, details={"url": "https://example.org/new", "stance": "refutes"}, capture=False
        ),
        lambda s, by, claim, piece: evidence.correct(
            s, piece.id, by=by, version=piece.version, details={"stance": "refutes"}
        ),
        lambda s, by, claim, piece: evidence.withdraw(
            s, piece.id, by=by, version=piece.version, reason="A parody."
        ),
    ],
    ids=["added", "corrected", "taken back"],
)
def test_evidence_that_changes_under_a_settled_verdict_makes_it_stale(database, people, change):
    claim = make_claim(database, people.reviewer)
    piece = make_evidence(database, people.reviewer, claim)
    verdict = _propose(database, claim, people.reviewer)
    _sign(database, verdict, people.editor)
    do(database, change, people.reviewer, claim, piece)
    assert now(database, claim).status == "stale"
    assert history(database, claim)[-1].patch["claim"][claim.id]["status"] == "stale"


def test_what_is_not_signed_does_not_make_it_stale(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    kept = do(
        database,
        claims.reword,
        claim.id,
        by=people.reviewer,
        version=claim.version,
        details={"kind": "event"},
    )
    assert kept.status == "supported"


def test_a_stale_claim_is_checked_proposed_and_settled_anew(database, people):
    claim, first = make_verdict(database, people.reviewer, people.editor)
    me = people.reviewer.account
    claim = do(
        database,
        claims.reword,
        claim.id,
        by=people.reviewer,
        version=claim.version,
        details={"statement": "424 builders"},
    )
    claim = do(database, claims.assign, claim.id, by=people.reviewer, version=claim.version, to=me)
    assert claim.status == "checking"
    second = _propose(database, claim, people.reviewer, code="refuted")
    assert now(database, claim).status == "proposed"
    _sign(database, second, people.editor)
    standing = now(database, claim)
    assert (standing.status, standing.stale_since, standing.verdict_id) == ("refuted", None, second.id)
    assert now(database, first).state == "superseded"
    assert kinds(database, claim)[-2:] == ["verdict.superseded", "verdict.signed"]


def test_a_settled_verdict_outweighs_a_newer_proposal(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    second = _propose(database, claim, people.reviewer2, code="refuted")
    assert now(database, claim).status == "supported"
    do(database, verdicts.send_back, second.id, by=people.editor, reason="No.")
    assert now(database, claim).status == "supported"


def test_one_verdict_of_a_claim_waits_and_one_counts(database, people):
    claim, _first = make_verdict(database, people.reviewer, people.editor)
    second = _propose(database, claim, people.reviewer, code="refuted")
    _sign(database, second, people.editor)
    with database.read() as session:
        states = sorted(session.scalars(sa.select(Verdict.state).where(Verdict.claim_id == claim.id)))
    assert states == ["settled", "superseded"]


def test_the_second_reader_may_name_the_rating_that_they_would_give(database, people):
    claim, verdict = make_verdict(database, people.reviewer)
    with pytest.raises(Invalid) as refused:
        do(database, verdicts.send_back, verdict.id, by=people.editor, reason="No.", code="pants-on-fire")
    assert refused.value.field == "code"
    assert now(database, verdict).state == "proposed"
    sent = do(database, verdicts.send_back, verdict.id, by=people.editor, reason="No.", code="refuted")
    assert (sent.state, sent.code, sent.sent_back_code) == ("sent_back", "supported", "refuted")
    patch = history(database, claim)[-1].patch
    assert patch["verdict"][verdict.id]["sent_back_code"] == "refuted"


def test_what_changed_under_a_proposal_is_named_one_by_one(database, people):
    claim = make_claim(database, people.reviewer)
    kept = make_evidence(database, people.reviewer, claim, url="https://example.org/a", title="A")
    gone = make_evidence(database, people.reviewer, claim, url="https://example.org/b", title=None)
    verdict = do(database, verdicts.propose, claim.id, by=people.reviewer, version=now(database, claim).version,
                 code="supported", rationale="So.", policy=TWO)  # fmt: skip
    with database.read() as session:
        assert verdicts.differences(session, verdict) == []
    do(
        database,
        evidence.correct,
        kept.id,
        by=people.editor,
        version=1,
        details={"stance": "refutes", "title": "B"},
    )
    do(database, evidence.withdraw, gone.id, by=people.editor, version=1, reason="A fake.")
    added = make_evidence(database, people.editor, claim, url="https://example.org/c", quote=None)
    do(database, claims.reword, claim.id, by=people.editor, version=now(database, claim).version,
       details={"statement": "Other words."})  # fmt: skip
    with database.read() as session:
        found = [(one.what, one.was, one.now, one.subject) for one in verdicts.differences(session, verdict)]
        taken = verdicts.differences(session, verdict)[2]
    assert found == [
        ("statement", "242 builders", "Other words.", None),
        ("evidence_changed", "supports", "refutes", "B: stance"),
        ("evidence_taken_back", "242 builders", None, gone.url),
        ("evidence_added", None, None, added.url),
    ]
    assert (taken.by, taken.note) == (people.editor.account_id, "A fake.")


def test_a_span_that_moved_is_among_what_changed(database, people):
    claim, verdict = make_verdict(database, people.reviewer)
    editor = people.editor
    with database.write() as session:
        place = claims_store.appearances(session, claim.id)[0]
        claim = session.get_one(Claim, claim.id)
        place.start, place.exact = place.start + 4, place.exact[4:]
        events.append(session, claim, "claim.moved", by=editor, also=[place])
    with database.read() as session:
        (one,) = verdicts.differences(session, verdict)
    assert (one.what, one.was, one.now) == ("span", "242 builders", "builders")

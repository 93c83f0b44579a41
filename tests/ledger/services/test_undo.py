"""Undo: what stood before comes back, as events; nothing signed is ever undone."""

import random
import threading
from contextlib import suppress

import pytest
from sqlmodel import select

from ledger.errors import Conflict, Forbidden, Invalid, LedgerError, NotFound
from ledger.models import Claim, Event, Evidence, Verdict
from ledger.models.rows import whole_row
from ledger.services import articles, claims, comments, desks, detection, evidence, finding, undo, verdicts
from ledger.services.verification import verify
from ledger.store import claims as store
from ledger.store import events as events_store
from tests.factories import make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, history, kinds, now, size

# What an undo may leave otherwise: it counts as a change.
_COUNTED = {"version", "updated_at"}
SOURCE = {"url": "https://example.org/a", "stance": "supports", "quote": "242 builders"}


@pytest.fixture
def me(people):
    return people.reviewer


@pytest.fixture
def claim(database, me):
    return make_claim(database, me)


def deed(database):
    """First and last event of what was done last."""
    with database.read() as session:
        newest = session.exec(select(Event).order_by(Event.seq.desc()).limit(1)).one()  # type: ignore[attr-defined]
        return events_store.deed_around(session, newest)


def take_back(database, who, span=None):
    return do(database, undo.undo, *(span or deed(database)), by=who)


def state(database, record):
    """The record without what every change counts up."""
    return {name: value for name, value in whole_row(now(database, record)).items() if name not in _COUNTED}


def sound(database):
    with database.read() as session:
        report = verify(session)
    assert (report.faults, report.differences) == ([], [])
    return True


def reworded(database, who, claim, words="Other words."):
    version = now(database, claim).version
    return do(database, claims.reword, claim.id, by=who, version=version, details={"statement": words})


def test_a_deed_on_a_claim_is_taken_back_and_done_again(database, me, claim):
    before = state(database, claim)
    reworded(database, me, claim)
    after = state(database, claim)
    done = take_back(database, me)
    assert state(database, claim) == before
    assert (done.claims, kinds(database, claim)[-1]) == ([claim.id], "claim.undone")
    again = take_back(database, me, (done.first, done.last))
    assert (state(database, claim), kinds(database, claim)[-1]) == (after, "claim.redone")
    take_back(database, me, (again.first, again.last))
    assert (state(database, claim), kinds(database, claim)[-1]) == (before, "claim.undone")
    assert sound(database)


@pytest.mark.parametrize("name", ["accept", "dismiss", "take"])
def test_sorting_a_candidate_is_taken_back(database, me, name):
    article = make_article(database, me)
    with database.read() as session:
        candidate = store.of_article(session, article.id)[0][0]
    before = state(database, candidate)
    given = {"by": me, "version": candidate.version}
    if name == "take":
        do(database, claims.assign, candidate.id, to=me.account_id, **given)
    else:
        do(database, getattr(claims, name), candidate.id, **given)
    assert state(database, candidate) != before
    take_back(database, me)
    assert state(database, candidate) == before
    assert sound(database)


def test_laying_down_and_handing_over_are_taken_back(database, people, me, claim):
    do(database, claims.assign, claim.id, by=me, version=1, to=me.account_id)
    for to in (None, people.reviewer2.account_id):
        version = now(database, claim).version
        do(database, claims.assign, claim.id, by=me, version=version, to=to)
        take_back(database, me)
        assert now(database, claim).assignee_id == me.account_id
        assert now(database, claim).status == "checking"


def test_a_claim_does_not_go_back_to_somebody_who_left(database, people, me, claim):
    from ledger.services import accounts

    other = people.reviewer2
    do(database, claims.assign, claim.id, by=other, version=1, to=other.account_id)
    do(database, claims.assign, claim.id, by=people.editor, version=2, to=None)
    span = deed(database)
    do(database, accounts.change, other.account, by=people.admin, version=1, details={"active": False})
    with pytest.raises(Conflict, match="can't take claims any more"):
        take_back(database, people.editor, span)


def test_a_claim_that_was_added_is_dismissed_and_comes_back(database, me, claim):
    done = take_back(database, me)
    gone = now(database, claim)
    assert (gone.status, gone.dismissed_reason) == ("dismissed", "undone")
    take_back(database, me, (done.first, done.last))
    assert (now(database, claim).status, now(database, claim).dismissed_reason) == ("unchecked", None)
    assert sound(database)


def test_evidence_that_was_added_is_withdrawn_and_its_capture_stays(database, me, claim):
    piece = do(database, evidence.add, claim.id, by=me, details=SOURCE)
    first, last = deed(database)
    assert last - first == 1  # the capture that was asked for, and the evidence
    done = take_back(database, me)
    assert (now(database, piece).withdrawn_reason, now(database, piece).withdrawn_by) == (
        "undone",
        me.account_id,
    )
    assert kinds(database, claim)[-1] == "evidence.undone"
    take_back(database, me, (done.first, done.last))
    assert (now(database, piece).withdrawn_at, now(database, piece).withdrawn_reason) == (None, None)
    assert sound(database)


def test_correcting_withdrawing_and_restoring_evidence_are_taken_back(database, me, claim):
    piece = make_evidence(database, me, claim)
    for service, more in (
        (evidence.correct, {"details": {"note": "A note", "stance": "context"}}),
        (evidence.withdraw, {"reason": "Wrong page"}),
    ):
        before = state(database, piece)
        do(database, service, piece.id, by=me, version=now(database, piece).version, **more)
        take_back(database, me)
        assert state(database, piece) == before
    do(database, evidence.withdraw, piece.id, by=me, version=now(database, piece).version, reason="Wrong")
    do(database, evidence.restore, piece.id, by=me, version=now(database, piece).version)
    take_back(database, me)
    assert now(database, piece).withdrawn_reason == "Wrong"
    assert sound(database)


def test_a_proposal_is_taken_back_and_the_one_before_it_waits_again(database, me):
    claim, first = make_verdict(database, me)
    assert claim.status == "proposed"
    second = do(
        database, verdicts.propose, claim.id, by=me, version=claim.version, code="refuted",
        rationale="On second thoughts.", policy=TWO,
    )  # fmt: skip
    done = take_back(database, me)
    assert (now(database, first).state, now(database, second).state) == ("proposed", "superseded")
    take_back(database, me, (done.first, done.last))
    assert (now(database, first).state, now(database, second).state) == ("superseded", "proposed")
    assert sound(database)


def test_the_only_proposal_taken_back_leaves_the_claim_as_it_was(database, me, claim):
    make_evidence(database, me, claim)
    before = state(database, claim)
    version = now(database, claim).version
    do(
        database,
        verdicts.propose,
        claim.id,
        by=me,
        version=version,
        code="refuted",
        rationale="So.",
        policy=TWO,
    )
    take_back(database, me)
    assert state(database, claim) == before
    gone = do(database, claims.dismiss, claim.id, by=me, version=now(database, claim).version)
    assert gone.status == "dismissed"
    assert sound(database)


def test_a_verdict_sent_back_waits_again(database, people, me):
    claim, verdict = make_verdict(database, me)
    do(database, verdicts.send_back, verdict.id, by=people.reviewer2, reason="Which bridge?")
    take_back(database, people.reviewer2)
    stands = now(database, verdict)
    assert (stands.state, stands.sent_back_reason, stands.sent_back_at) == ("proposed", None, None)
    assert now(database, claim).status == "proposed"
    assert sound(database)


def test_a_proposal_does_not_come_back_beside_another(database, people, me):
    claim, verdict = make_verdict(database, me)
    do(database, verdicts.send_back, verdict.id, by=people.reviewer2, reason="Which bridge?")
    span = deed(database)
    version = now(database, claim).version
    do(
        database,
        verdicts.propose,
        claim.id,
        by=me,
        version=version,
        code="unproven",
        rationale="So.",
        policy=TWO,
    )
    with pytest.raises(Conflict, match="Another verdict was proposed since"):
        take_back(database, people.reviewer2, span)


def test_nothing_signed_is_undone(database, people, me):
    claim = make_claim(database, me)
    added = deed(database)
    reworded(database, me, claim)
    edited = deed(database)
    make_evidence(database, me, claim, url="https://example.org/first")
    proof = deed(database)
    _, verdict = make_verdict(database, me, claim=claim, code="refuted")
    proposed = deed(database)
    do(database, verdicts.sign, verdict.id, by=people.reviewer2, digest_seen=verdict.digest, policy=TWO)
    signed = deed(database)
    held = size(database)
    for span, who in ((signed, people.reviewer2), (proposed, me), (edited, me), (proof, me)):
        with pytest.raises(Conflict, match="nothing signed is undone"):
            take_back(database, who, span)
    with pytest.raises(Conflict):
        take_back(database, me, added)
    assert size(database) == held
    assert now(database, claim).status == "refuted"


def test_what_made_a_verdict_stale_is_undone_and_the_signature_counts_again(database, people, me):
    claim, _ = make_verdict(database, me, people.reviewer2)
    reworded(database, me, claim)
    assert now(database, claim).status == "stale"
    done = take_back(database, me)
    assert (now(database, claim).status, now(database, claim).stale_since) == ("supported", None)
    take_back(database, me, (done.first, done.last))
    assert now(database, claim).status == "stale"
    assert sound(database)


def test_an_override_and_a_withdrawal_stay(database, people, me, claim):
    _, verdict = make_verdict(database, people.editor, claim=claim)
    do(
        database, verdicts.sign, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=TWO,
        override=True, note="Late.",
    )  # fmt: skip
    with pytest.raises(Conflict, match="nothing signed"):
        take_back(database, people.editor)
    version = now(database, claim).version
    do(database, claims.withdraw, claim.id, by=people.editor, version=version, note="A parody.")
    with pytest.raises(Conflict, match="public"):
        take_back(database, people.editor)
    do(database, claims.reopen, claim.id, by=people.editor, version=version + 1)
    with pytest.raises(Conflict, match="withdraw the claim anew"):
        take_back(database, people.editor)


def test_what_somebody_changed_since_is_left_alone_and_named(database, people, me, claim):
    reworded(database, me, claim)
    span = deed(database)
    reworded(database, people.reviewer2, claim, "Third words.")
    with pytest.raises(Conflict, match=r"^Reviewer2 changed the statement since \(claim reworded\)"):
        take_back(database, me, span)
    assert now(database, claim).statement == "Third words."
    do(database, claims.assign, claim.id, by=me, version=3, to=me.account_id)
    assert take_back(database, me)  # what others changed elsewhere in the claim hinders nothing


def test_what_others_work_on_is_not_taken_away(database, people, me, claim):
    added = deed(database)
    do(database, claims.assign, claim.id, by=people.reviewer2, version=1, to=people.reviewer2.account_id)
    with pytest.raises(Conflict, match="Reviewer2 changed it since"):
        take_back(database, me, added)


def test_a_claim_with_evidence_does_not_become_a_guess_again(database, me):
    article = make_article(database, me)
    with database.read() as session:
        candidate = store.of_article(session, article.id)[0][0]
    do(database, claims.accept, candidate.id, by=me, version=1)
    accepted = deed(database)
    make_evidence(database, me, candidate)
    added = deed(database)
    with pytest.raises(Conflict, match="evidence since"):
        take_back(database, me, accepted)
    take_back(database, me, added)
    take_back(database, me, accepted)
    assert now(database, candidate).status == "candidate"


def test_twice_is_refused_the_second_time(database, me, claim):
    reworded(database, me, claim)
    span = deed(database)
    take_back(database, me, span)
    with pytest.raises(Conflict, match="undone already"):
        take_back(database, me, span)


def test_others_deeds_are_undone_by_editors_only(database, people, me, claim):
    reworded(database, me, claim)
    span = deed(database)
    with pytest.raises(Forbidden, match="Reviewer did this"):
        take_back(database, people.reviewer2, span)
    with pytest.raises(Forbidden):
        take_back(database, people.reader, span)
    take_back(database, people.editor, span)
    assert now(database, claim).statement == "242 builders"


def test_a_program_s_deed_is_its_owner_s(database, me, claim):
    from ledger.services import tokens

    with database.write() as session:
        _, secret = tokens.create(session, by=me, name="bot", scopes=["claims:write"])
    with database.read() as session:
        program, _, _ = tokens.identify(session, secret)
    reworded(database, program, claim)
    take_back(database, me)
    assert now(database, claim).statement == "242 builders"


def test_only_a_whole_deed_can_be_named(database, people, me):
    claim, _ = make_verdict(database, me)
    do(
        database, verdicts.propose, claim.id, by=me, version=claim.version, code="refuted", rationale="No.",
        policy=TWO,
    )  # fmt: skip
    first, last = deed(database)
    assert last == first + 1
    for span in ((first, first), (last, last), (first - 1, last)):
        with pytest.raises(Conflict, match="not one deed"):
            take_back(database, me, span)
    with pytest.raises(Conflict, match="several people"):
        take_back(database, me, (0, last))
    with pytest.raises(NotFound):
        take_back(database, me, (first, last + 1))
    with pytest.raises(Invalid):
        take_back(database, me, (last, first))
    with pytest.raises(Conflict, match="too much"):
        take_back(database, me, (0, 10**6))


def test_machines_accounts_and_articles_are_not_undone(database, people, me):
    make_article(database, me)
    with database.read() as session:
        found = [e for e in events_store.between(session, 0, 50) if e.kind == "claim.found"]
        came = next(e for e in events_store.between(session, 0, 50) if e.kind == "article.added")
    with pytest.raises(Conflict, match="no person's deed"):
        take_back(database, people.admin, (found[0].seq, found[-1].seq))
    with pytest.raises(Conflict, match="stays in the ledger"):
        take_back(database, me, (came.seq, came.seq))
    people.token("editor")
    with pytest.raises(Conflict, match="can't be undone"):
        take_back(database, people.editor)


def test_an_article_s_details_and_a_desk_are_put_back(database, people, me):
    article = make_article(database, me)
    do(database, articles.describe, article.id, by=me, version=1, details={"title": "Other", "byline": "Jo"})
    done = take_back(database, me)
    assert (now(database, article).title, done.articles) == (article.title, [article.id])
    desk = do(database, desks.add, by=people.editor, name="Health", threshold=0.5)
    with pytest.raises(Conflict, match="stays"):
        take_back(database, people.editor)
    do(database, desks.change, desk.id, by=people.editor, version=1, details={"threshold": 0.9})
    take_back(database, people.editor)
    assert now(database, desk).threshold == 0.5
    assert sound(database)


def test_a_comment_is_removed_and_an_edit_of_it_put_back(database, me, claim):
    comment = do(database, comments.add, claim.id, by=me, text="Which bridge?")
    do(database, comments.edit, comment.id, by=me, version=1, text="Which of the bridges?")
    take_back(database, me)
    assert (now(database, comment).text, now(database, comment).edited_at) == ("Which bridge?", None)
    with database.read() as session:
        span = undo.latest(session, by=me, claim_id=claim.id)
    done = take_back(database, me, span)
    assert now(database, comment).removed_at is not None
    assert done.claims == [claim.id]
    assert sound(database)


def test_a_deed_on_many_claims_is_undone_in_one_go(database, me):
    make_article(database, me)
    with database.write() as session:
        found = [c for c in session.exec(select(Claim)).all() if c.status == "candidate"]
        for one in found:
            claims.assign(session, one.id, by=me, version=one.version, to=me.account_id)
    assert len(found) > 2
    first, last = deed(database)
    assert last - first + 1 == len(found)
    done = take_back(database, me)
    assert len(done.claims) == len(found)
    assert {now(database, one).status for one in found} == {"candidate"}
    take_back(database, me, (done.first, done.last))
    assert {now(database, one).status for one in found} == {"checking"}
    assert sound(database)


def test_one_claim_that_changed_keeps_the_whole_of_a_bulk_as_it_is(database, people, me):
    make_article(database, me)
    with database.write() as session:
        found = [c for c in session.exec(select(Claim)).all() if c.status == "candidate"]
        for one in found:
            claims.accept(session, one.id, by=me, version=one.version)
    span = deed(database)
    do(database, claims.dismiss, found[1].id, by=people.reviewer2, version=2)
    held = size(database)
    with pytest.raises(Conflict, match="Reviewer2 changed whether it is in use"):
        take_back(database, me, span)
    assert size(database) == held


def test_the_latest_deed_is_found_again_and_again(database, people, me, claim):
    reworded(database, me, claim)
    do(database, claims.assign, claim.id, by=me, version=2, to=me.account_id)
    piece = do(database, evidence.add, claim.id, by=me, details=SOURCE)
    make_claim(database, me, "12 towns")
    reworded(database, people.reviewer2, claim, "Others do things too.")
    article = store_article(database, claim)
    with database.write() as session:
        undo.undo_latest(session, by=me, claim_id=claim.id)
    assert now(database, piece).withdrawn_at is not None
    with database.write() as session:
        undo.undo_latest(session, by=me, claim_id=claim.id)
    assert now(database, claim).assignee_id is None
    with pytest.raises(Conflict, match="Reviewer2 changed the statement"), database.write() as session:
        undo.undo_latest(session, by=me, claim_id=claim.id)
    take_back(database, people.reviewer2, last_of(database, claim, "claim.reworded"))
    with database.write() as session:
        undo.undo_latest(session, by=me, claim_id=claim.id)
    assert now(database, claim).statement == "242 builders"
    with database.write() as session:
        done = undo.undo_latest(session, by=me, article_id=article)  # the other claim that was added
    assert done.claims != [claim.id]
    with database.write() as session:
        undo.undo_latest(session, by=me, article_id=article)
    assert now(database, claim).status == "dismissed"
    with database.read() as session:
        assert undo.latest(session, by=people.editor, claim_id=claim.id) is None
    with pytest.raises(Conflict, match="nothing of yours"), database.write() as session:
        undo.undo_latest(session, by=people.editor, article_id=article)
    assert sound(database)


def last_of(database, claim, kind):
    seq = [event.seq for event in history(database, claim) if event.kind == kind][-1]
    return seq, seq


def store_article(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0].article_id


def test_what_was_redone_is_the_latest_again(database, me, claim):
    reworded(database, me, claim)
    done = take_back(database, me)
    again = take_back(database, me, (done.first, done.last))
    with database.read() as session:
        assert undo.latest(session, by=me, claim_id=claim.id) == (again.first, again.last)


def test_a_signature_is_the_latest_deed_too_and_refused(database, people, me):
    claim, _ = make_verdict(database, me, people.reviewer2)
    with pytest.raises(Conflict, match="nothing signed"), database.write() as session:
        undo.undo_latest(session, by=people.reviewer2, claim_id=claim.id)


@pytest.mark.parametrize("seed", range(2))
def test_a_random_day_with_much_undoing_can_be_replayed(database, people, seed):
    chance = random.Random(seed)
    crew = [people.editor, people.editor2, people.reviewer]
    make_article(database, people.editor)
    done = 0
    for step in range(100):
        who = chance.choice(crew)
        if step == 40:
            with database.read() as session:
                article = session.exec(select(Event).where(Event.kind == "article.added")).one()
            detection.redetect(database, finding.RULES, article.stream.partition(":")[2], floor=0.3)
        with suppress(LedgerError), database.write() as session:
            if chance.random() < 0.4:
                last = events_store.size(session) - chance.randint(1, 12)
                event = events_store.between(session, last, last)[0]
                undo.undo(session, *events_store.deed_around(session, event), by=who)
                done += 1
            else:
                _something(chance, session, who, crew)
    assert done >= 8
    assert sound(database)
    with database.read() as session:
        for claim in session.exec(select(Claim)).all():
            given = store.verdicts(session, claim.id)
            assert sum(v.state == "proposed" for v in given) <= 1
            if claim.status == "candidate":
                assert not any(e.withdrawn_at is None for e in store.evidence(session, claim.id))


def _something(chance, session, who, crew):
    claim = chance.choice(session.exec(select(Claim).order_by(Claim.id)).all()[:3])
    pieces = session.exec(select(Evidence).order_by(Evidence.id)).all()
    given = session.exec(select(Verdict).order_by(Verdict.id)).all()
    named = {"by": who, "version": claim.version}
    words = chance.choice(["So it is.", "Łódź 😀 é", "=1+1"])
    url = f"https://example.org/{chance.random()}"
    code = chance.choice(["supported", "unproven"])
    to = chance.choice([one.account_id for one in crew] + [None])
    steps = [
        lambda: claims.accept(session, claim.id, **named),
        lambda: claims.dismiss(session, claim.id, reason=words, **named),
        lambda: claims.reopen(session, claim.id, **named),
        lambda: claims.reword(session, claim.id, details={"statement": words}, **named),
        lambda: claims.assign(session, claim.id, to=to, **named),
        lambda: evidence.add(session, claim.id, by=who, details={"url": url, "stance": "refutes"}),
        lambda: verdicts.propose(session, claim.id, code=code, rationale=words, policy=TWO, **named),
    ]
    if pieces:
        piece = chance.choice(pieces)
        steps.append(
            lambda: evidence.withdraw(session, piece.id, by=who, version=piece.version, reason=words)
        )
    if given:
        verdict = chance.choice(given)
        steps.append(
            lambda: verdicts.sign(session, verdict.id, by=who, digest_seen=verdict.digest, policy=TWO)
        )
        steps.append(lambda: verdicts.send_back(session, verdict.id, by=who, reason=words))
    chance.choice(steps)()


def test_of_many_who_undo_at_once_one_does(database, me, claim):
    reworded(database, me, claim)
    span = deed(database)
    outcomes = []

    def press():
        try:
            outcomes.append(take_back(database, me, span))
        except Conflict as error:
            outcomes.append(error.message)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("This was undone already.") == 3
    assert kinds(database, claim).count("claim.undone") == 1


def test_an_undo_is_not_taken_back_over_what_came_after_it(database, people, me, claim):
    reworded(database, me, claim)
    done = take_back(database, me)
    reworded(database, people.reviewer2, claim, "Third words.")
    with pytest.raises(Conflict, match="Reviewer2 changed the statement"):
        take_back(database, me, (done.first, done.last))

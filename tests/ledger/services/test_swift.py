"""The short way to change a claim: the very rows and events of the ordinary one."""

import threading

import pytest
from sqlmodel import select

from ledger.errors import Conflict, Outdated
from ledger.ids import new_id
from ledger.models import Claim, Event, Triage
from ledger.services import claims, events, swift, verification
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.services.desk import do

ODD = "Ein “Satz” mit é, \u2028, \x7f, 🦊, \\ and 1e400"


@pytest.fixture
def two(database, people):
    """Two candidates, one to change each way."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has the ordinary way alone")
    make_article(database, people.editor, floor=0.2)
    with database.read() as session:
        return [one.id for one in session.exec(select(Claim).limit(2))]


def steps(people):
    editor, colleague = people.editor, people.reviewer.account
    return [
        (claims.accept, {}),
        (claims.assign, {"to": editor.account}),
        (claims.assign, {"to": colleague}),
        (claims.assign, {"to": None}),
        (claims.reword, {"details": {"statement": ODD, "kind": "cause", "claimant": "  Zoë  "}}),
        (claims.reword, {"details": {"claimant": None}}),
        (claims.reopen, {}),
        (claims.dismiss, {"reason": None}),
        (claims.reopen, {}),
        (claims.dismiss, {"reason": "An opinion, “so to speak”."}),
        (claims.reopen, {}),
        (claims.accept, {}),
        (claims.withdraw, {"note": "Misread.\nSee the correction."}),
        (claims.reopen, {}),
    ]


def written(database, id):
    """A claim and its events, without what differs from one to the next."""
    with database.read() as session:
        row = session.get_one(Claim, id).model_dump(exclude={"id", "created_at", "updated_at"})
        log = session.exec(select(Event).where(Event.stream == f"claim:{id}").order_by(Event.version)).all()
    told = []
    for event in log[1:]:
        patch = event.patch["claim"][id]
        if patch.get("withdrawn_at"):
            patch["withdrawn_at"] = "then"
        told.append((event.version, event.kind, event.actor, patch.keys(), {**patch, "updated_at": ""}))
    return row, told


def test_both_ways_write_the_same(database, people, two):
    short, ordinary = two
    for change, details in steps(people):
        for id in two:
            with database.write() as session:
                if id == ordinary:
                    known = session.get_one(Claim, id)
                    version = known.version
                    assert swift.held(session, id) is None
                else:
                    held = swift.held(session, id)
                    assert not held.judged
                    version = held.claim.version
                changed = change(session, id, by=people.editor, version=version, **details)
                # What is given back is a record of the session, and in step with the database.
                assert changed in session
                assert not session.is_modified(changed)
                session.refresh(changed)
    shorts, ordinaries = written(database, short), written(database, ordinary)
    assert shorts[1] == ordinaries[1]
    assert len(shorts[1]) == len(steps(people))
    same = {"version", "triage", "status", "statement", "kind", "claimant", "assignee_id", "withdrawn_at"}
    assert {n: v for n, v in shorts[0].items() if n in same} == {
        n: v for n, v in ordinaries[0].items() if n in same
    }
    with database.read() as session:
        assert verification.verify(session).sound


def test_what_is_refused_changes_nothing(database, people, two):
    id = two[0]
    with pytest.raises(Outdated) as refused:
        do(database, claims.accept, id, by=people.editor, version=7)
    assert refused.value.facts["current"]["version"] == 1

    def twice():
        with database.write() as session:
            claims.reword(session, id, by=people.editor, version=1, details={"statement": "Longer words."})
            claims.accept(session, id, by=people.editor, version=2)
            claims.accept(session, id, by=people.editor, version=3)

    with pytest.raises(Conflict):
        twice()
    with database.read() as session:
        assert session.get_one(Claim, id).version == 1


def test_what_changes_nothing_is_no_event(database, people, two):
    with database.write() as session:
        before = session.get_one(Claim, two[1]).statement
    with database.write() as session:
        same = claims.reword(session, two[1], by=people.editor, version=1, details={"statement": before})
        assert same.version == 1
        assert events.written(session) == []
        # And the claim given back may be changed further, as any record.
        claims.accept(session, two[1], by=people.editor, version=1)
    with database.read() as session:
        assert session.get_one(Claim, two[1]).triage == Triage.ACCEPTED
        assert verification.verify(session).sound


def test_a_claim_with_a_verdict_takes_the_ordinary_way(database, people):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has the ordinary way alone")
    claim, _ = make_verdict(
        database, people.reviewer, people.editor, claim=make_claim(database, people.reviewer)
    )
    with database.write() as session:
        held = swift.held(session, claim.id)
        assert held.judged
        version = held.claim.version
    with database.write() as session:
        details = {"statement": "Other words than those that were signed."}
        changed = claims.reword(session, claim.id, by=people.editor, version=version, details=details)
        assert changed.status == "stale"


def test_a_claim_that_is_not_there_is_not_held(database, people):
    with database.write() as session:
        assert swift.held(session, new_id()) is None
        assert swift.held(session, "no id") is None


def test_many_writers_at_once_lose_nothing(database, people, two):
    wanted = people.editor
    lost = []

    def work(id):
        for _ in range(20):
            while True:
                try:
                    with database.write() as session:
                        version = swift.held(session, id).claim.version
                        to = None if version % 2 else wanted.account
                        claims.assign(session, id, by=wanted, version=version, to=to)
                    break
                except Conflict as error:
                    lost.append(error)
                    break

    threads = [threading.Thread(target=work, args=(two[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    with database.read() as session:
        assert verification.verify(session).sound

"""The log: the one way to change a record."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.auth.identity import SYSTEM
from ledger.errors import Outdated
from ledger.eventlog.fold import check_event
from ledger.ids import new_id
from ledger.models import RECORDS, Account, Claim, Credential, Event, Record
from ledger.models.rows import whole_row
from ledger.services import accounts, claims, events, undo
from ledger.services.events import Change, Unlogged
from ledger.services.verification import verify
from ledger.store import events as store
from tests.factories import make_claim, make_verdict
from tests.ledger.services.desk import do, history, now, size


def _account(**more):
    values = {"id": new_id(), "email": f"{new_id()}@example.org", "name": "Jo", "role": "reader"}
    return Account(created_at=clock.now(), **values | more)


def _all(database):
    with database.read() as session:
        return list(store.all_events(session))


def test_every_event_is_what_it_says_and_stands_in_its_place(database, people):
    make_verdict(database, people.reviewer, people.editor)
    logged = _all(database)
    assert [event["seq"] for event in logged] == list(range(len(logged)))
    assert [event for event in logged if check_event(event)] == []
    streams = {}
    for event in logged:
        streams[event["stream"]] = streams.get(event["stream"], 0) + 1
        assert event["version"] == streams[event["stream"]]
    assert [event["id"] for event in logged] == sorted(event["id"] for event in logged)


def test_a_change_without_an_event_never_reaches_the_database(database, people):
    claim = make_claim(database, people.reviewer)
    before = size(database)

    def quietly(session):
        session.get_one(Claim, claim.id).statement = "Something else."

    with pytest.raises(Unlogged, match="claim has no event"):
        do(database, quietly)
    assert now(database, claim).statement == claim.statement and size(database) == before


def test_a_record_without_an_event_never_reaches_the_database(database):
    with pytest.raises(Unlogged, match="account has no event"):
        do(database, lambda session: session.add(_account()))


def test_a_change_beside_the_logged_one_is_refused_with_it(database, people):
    first, second = make_claim(database, people.reviewer), make_claim(database, people.reviewer, "12 towns")

    def one_for_two(session):
        a, b = session.get_one(Claim, first.id), session.get_one(Claim, second.id)
        a.statement = b.statement = "Something else."
        events.append(session, a, "claim.reworded", by=people.reviewer)

    with pytest.raises(Unlogged):
        do(database, one_for_two)
    assert now(database, first).version == 1


def test_nothing_is_ever_deleted(database, people):
    claim = make_claim(database, people.reviewer)
    for model, key in ((Claim, claim.id), (Event, 0)):
        with pytest.raises(Unlogged, match="never deleted"):
            do(database, lambda session, m=model, k=key: session.delete(session.get_one(m, k)))


def test_an_event_is_never_changed_nor_made_by_hand(database, people):
    make_claim(database, people.reviewer)

    def rename(session):
        session.get_one(Event, 0).kind = "account.conjured"

    with pytest.raises(Unlogged, match="appended, and never changed"):
        do(database, rename)
    with pytest.raises(Unlogged, match="appended, and never changed"):
        do(database, lambda session: session.add(Event(**_all(database)[0] | {"seq": 99, "id": new_id()})))


@pytest.mark.parametrize("table", [*RECORDS, "event"])
def test_statements_do_not_go_round_the_log_either(database, table):
    model = RECORDS.get(table, Event)
    for statement in (
        sa.update(model).values(id="x"),
        sa.delete(model),
        sa.insert(model).values(id="x"),
        sa.update(model.__table__).values(id="x"),
        sa.delete(model.__table__),
    ):
        with pytest.raises(Unlogged), database.write() as session:
            session.execute(statement)


def test_what_the_log_does_not_speak_for_may_be_changed(database, people):
    who = people.reviewer.account
    do(database, lambda session: session.execute(sa.update(Credential).values(session_key="k")))
    assert do(database, accounts.session_key, who) == "k"


def test_every_table_with_a_log_is_known_to_the_replay():
    subclasses = {model for model in Record.__subclasses__() if hasattr(model, "__table__")}
    assert set(RECORDS.values()) == subclasses


def test_a_failed_change_leaves_neither_row_nor_event(database):
    before = size(database)

    def append_and_fail(session):
        account = _account()
        events.append(session, account, "account.created", by=SYSTEM, new=[account])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do(database, append_and_fail)
    assert size(database) == before


def test_several_changes_are_logged_in_order_each_in_its_own_stream(database):
    both = [_account(), _account()]
    do(
        database,
        lambda session: events.append_all(
            session, [Change(one, "account.created", [one]) for one in both], by=SYSTEM
        ),
    )
    assert [event["stream"] for event in _all(database)] == [f"account:{one.id}" for one in both]
    with pytest.raises(Unlogged, match="two calls"), database.write() as session:
        events.append_all(session, [Change(both[0], "account.changed")] * 2, by=SYSTEM)


def test_a_patch_holds_what_changed_and_times_as_text(database, people):
    claim = make_claim(database, people.reviewer)
    do(database, claims.withdraw, claim.id, by=people.editor, version=1, note="Wrong man.")
    patch = history(database, claim)[-1].patch
    assert set(patch["claim"][claim.id]) == {
        "version", "status", "updated_at", "withdrawn_at", "withdrawn_by", "withdrawn_note",
    }  # fmt: skip
    assert patch["claim"][claim.id]["withdrawn_at"].endswith("Z")


def test_a_row_that_comes_in_is_told_without_its_empty_columns(database, people):
    claim = make_claim(database, people.reviewer)
    told = history(database, claim)[0].patch["claim"][claim.id]
    assert None not in told.values()
    assert told == {key: value for key, value in whole_row(claim).items() if value is not None}


def test_older_events_that_told_empty_columns_say_the_same(database, people, monkeypatch):
    monkeypatch.setattr(events, "new_row", whole_row)
    claim = make_claim(database, people.reviewer)
    monkeypatch.undo()
    assert history(database, claim)[0].patch["claim"][claim.id]["assignee_id"] is None
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account_id)
    do(database, undo.undo_latest, by=people.reviewer, claim_id=claim.id)
    assert now(database, claim).assignee_id is None
    with database.read() as session:
        report = verify(session)
    assert (report.faults, report.differences) == ([], [])


def test_of_two_edits_of_one_version_one_wins_and_the_other_sees_both(database, people):
    claim, outcomes, barrier = make_claim(database, people.reviewer), [], threading.Barrier(2)
    editor = people.editor

    def reword(by, statement):
        barrier.wait()
        try:
            do(database, claims.reword, claim.id, by=by, version=1, details={"statement": statement})
            outcomes.append((statement, None))
        except Outdated as outdated:
            outcomes.append((statement, outdated.facts["current"]))

    threads = [
        threading.Thread(target=reword, args=(people.reviewer, "First wording.")),
        threading.Thread(target=reword, args=(editor, "Second wording.")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [statement for statement, current in outcomes if current is None]
    (shown,) = [current for _, current in outcomes if current is not None]
    assert shown["statement"] == won == now(database, claim).statement
    assert (shown["version"], now(database, claim).version) == (2, 2)


def test_many_writers_at_once_leave_one_log_without_gaps(database, people):
    mine = make_claim(database, people.reviewer)

    def edit(number):
        for turn in range(5):
            with database.write() as session:
                version = session.get_one(Claim, mine.id).version
                claims.reword(
                    session,
                    mine.id,
                    by=people.reviewer,
                    version=version,
                    details={"statement": f"{number}.{turn} said"},
                )

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logged = _all(database)
    assert [event["seq"] for event in logged] == list(range(len(logged)))
    assert now(database, mine).version == 21 == len(history(database, mine))


def test_a_clock_set_back_leaves_no_hole_in_a_record_as_of_then(database, people, monkeypatch):
    claim = make_claim(database, people.reviewer)
    start = clock.now()
    for version, minutes in ((1, 10), (2, 5), (3, 20)):
        monkeypatch.setattr(clock, "now", lambda moment=start + timedelta(minutes=minutes): moment)
        do(
            database,
            claims.reword,
            claim.id,
            by=people.reviewer,
            version=version,
            details={"statement": f"At {minutes}."},
        )
    with database.read() as session:
        stream = f"claim:{claim.id}"
        assert [e.version for e in store.of_stream(session, stream, until=start + timedelta(minutes=7))] == [
            1
        ]
        assert [e.version for e in store.of_stream(session, stream, until=start + timedelta(minutes=15))] == [
            1,
            2,
            3,
        ]

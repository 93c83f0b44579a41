"""The streams of one process, and the watcher that wakes them."""

import threading
import time

import pytest

from ledger.db import Database
from ledger.services import accounts, claims, presence
from ledger.web import live
from ledger.web.live import Live, Session
from tests.factories import make_claim
from tests.ledger.services.desk import do, size


@pytest.fixture
def quick(monkeypatch):
    """A watcher that looks often, so that tests need not wait."""
    monkeypatch.setattr(live, "TICK", 0.02)


@pytest.fixture
def streams(app, database, quick):
    """The streams of this process, two at most."""
    found = Live(database, 2)
    yield found
    found.stop()
    until = time.monotonic() + 5
    while found._watcher is not None and time.monotonic() < until:
        time.sleep(0.01)
    assert found._watcher is None, "the watcher goes on after the last stream"


@pytest.fixture
def session(database, people):
    """The reviewer's session."""
    who = people.reviewer.account
    assert people.reviewer2
    return Session(who, do(database, accounts.session_key, who), time.time() + 100)


def changes(news, count):
    """The next changes of a stream, and who was there at the last of them."""
    found, here = [], None
    for one in news:
        if one is not None:
            found += one.changes
            here = one.here if one.here is not None else here
        if len(found) >= count:
            return found, here
    return found, here


def test_a_stream_tells_what_others_do_from_another_process_too(streams, session, database, people):
    claim = make_claim(database, people.reviewer)
    number = streams.open(session)
    news = streams.news(number, None)
    assert next(news).changes == []
    other = Database(database.engine.url.render_as_string(hide_password=False))
    do(other, claims.reword, claim.id, by=people.reviewer2, version=1, details={"statement": "Other words."})
    other.dispose()
    (change,), _ = changes(news, 1)
    assert (change.kind, change.by, change.claims) == ("claim.reworded", "Reviewer2", {claim.id: 2})
    assert change.seq == size(database) - 1
    assert len(change.articles) == 1
    streams.close(number)


def test_a_stream_goes_on_where_the_one_before_it_ended(streams, session, database, people):
    claim = make_claim(database, people.reviewer)
    since = size(database) - 1
    do(database, claims.reword, claim.id, by=people.reviewer2, version=1, details={"statement": "Two."})
    number = streams.open(session)
    (missed,), _ = changes(streams.news(number, since), 1)
    assert missed.claims == {claim.id: 2}
    # Beyond what is in memory, and beyond what there is.
    everything, _ = changes(streams.news(number, -1), since)
    assert everything[0].seq == 0
    assert next(streams.news(number, 10**9)).lost


def test_it_tells_who_is_there(streams, session, database, people):
    claim = make_claim(database, people.reviewer)
    number = streams.open(session)
    news = streams.news(number, None)
    next(news)
    do(database, presence.note, by=people.reviewer2, page="page-two", claim_id=claim.id, editing=True)
    here = next(one.here for one in news if one is not None and one.here)
    assert [(one.name, one.editing) for one in here] == [("Reviewer2", True)]
    do(database, presence.leave, by=people.reviewer2, page="page-two")
    assert next(one.here for one in news if one is not None and one.here is not None) == ()


def test_there_are_only_so_many_places_and_a_browser_has_one(streams, session):
    first, second = streams.open(session), streams.open(session)
    assert first and second and streams.open(session) is None
    streams.close(first)
    mine = Session(session.account_id, session.key, session.until, "my browser")
    third = streams.open(mine)
    fourth = streams.open(mine)
    assert third and fourth
    assert list(streams.news(third, None)) == []
    for number in (second, third, fourth):
        streams.close(number)
    assert streams.streams == 0


def test_it_ends_with_the_session_the_account_and_the_process(streams, session, database, people):
    def ended(number, act):
        news = streams.news(number, None)
        next(news)
        timer = threading.Timer(0.05, act)
        timer.start()
        began = time.monotonic()
        list(news)
        timer.join()
        streams.close(number)
        return time.monotonic() - began

    over = Session(session.account_id, session.key, time.time() + 0.3)
    assert ended(streams.open(over), lambda: None) < 2
    assert ended(streams.open(session), lambda: streams.end(session.account_id)) < 2
    everywhere = lambda: do(database, accounts.sign_out_everywhere, session.account_id)  # noqa: E731
    assert ended(streams.open(session), everywhere) < 8
    again = Session(
        session.account_id, do(database, accounts.session_key, session.account_id), time.time() + 100
    )
    assert ended(streams.open(again), streams.stop) < 2
    assert streams.open(again) is None


def test_a_silent_stream_says_that_it_lives(streams, session, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)
    number = streams.open(session)
    news = streams.news(number, None)
    next(news)
    assert next(news) is None

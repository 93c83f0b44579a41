"""Webhooks: told of every change once, whatever the receiver does."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import standardwebhooks
import time_machine
from sqlmodel import select

import ledger.services
from ledger import clock
from ledger.adapters.post import Poster
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated
from ledger.models import Attempt, Claim, Delivery, Event, Webhook, WebhookState
from ledger.services import claims, corrections, deliveries, webhooks
from ledger.services.verification import verify
from ledger.store import webhooks as store
from tests.factories import make_claim, make_verdict
from tests.receiver import Listening, silent

BASE = "https://ledger.example"


@pytest.fixture
def receiver():
    with Listening() as receiver:
        yield receiver


@pytest.fixture
def poster(receiver):
    return Poster(allow_networks=("127.0.0.0/8",), ports=(receiver.port,), timeout_seconds=5)


class Posting:
    """What the worker does, step by step."""

    def __init__(self, database, poster):
        self.database, self.poster = database, poster

    def write(self):
        while deliveries.write_messages(self.database, BASE):
            pass

    def send(self):
        """Send all that is due now; gives how many were taken."""
        self.write()
        with self.database.read() as session:
            due = store.waiting(session, clock.now(), but=(), each=1000)
        ids = [id for found in due.values() for id in found]
        return [deliveries.send(self.database, self.poster, id, days=5) for id in ids].count(True)


@pytest.fixture
def posting(database, poster):
    return Posting(database, poster)


def add(database, by, url, *kinds):
    with database.write() as session:
        return webhooks.add(session, by=by, name="CMS", url=url, kinds=kinds or ("*",))


def rows(database, model):
    with database.read() as session:
        return list(session.exec(select(model).order_by(model.id)))


def state(database, hook):
    with database.read() as session:
        return session.get_one(WebhookState, hook.id)


def test_every_public_change_since_is_told_once_in_order_and_signed(
    database, people, receiver, poster, posting
):
    make_claim(database, people.reviewer, text="Before there was a webhook, 242 builders came.")
    hook, secret = add(database, people.admin, receiver.url)
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    assert posting.send() == len(receiver.received)
    with database.read() as session:
        started = state(database, hook)
        logged = session.exec(select(Event).order_by(Event.seq)).all()
        since = [e for e in logged if e.seq > next(e.seq for e in logged if e.kind == "webhook.added")]
    public = [e for e in since if e.stream.split(":")[0] in webhooks.KINDS]
    told = [json.loads(one.body) for one in receiver.received]
    assert [one["data"]["seq"] for one in told] == [e.seq for e in public]
    assert [one["type"] for one in told] == [e.kind for e in public]
    assert told[-1]["data"]["claims"] == [
        {"id": claim.id, "url": f"{BASE}/claims/{claim.id}", "version": claim.version, "status": "supported"}
    ]
    assert started.next_seq == len(logged)
    judge = standardwebhooks.Webhook(secret)
    for one in receiver.received:
        judge.verify(one.body, one.headers)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == len(receiver.received)
    assert posting.send() == 0


def test_a_spoiled_body_or_a_stale_time_is_refused_by_the_standards_own_reader(
    database, people, receiver, posting
):
    _, secret = add(database, people.admin, receiver.url, "claim.added")
    make_claim(database, people.reviewer)
    posting.send()
    (one,) = receiver.received
    judge = standardwebhooks.Webhook(secret)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        judge.verify(one.body.replace(b"claim.added", b"claim.taken"), one.headers)
    with (
        time_machine.travel(clock.now() + timedelta(minutes=6)),
        pytest.raises(standardwebhooks.WebhookVerificationError),
    ):
        judge.verify(one.body, one.headers)


def test_a_webhook_hears_only_of_what_it_asked_for(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.status_changed", "verdict.*")
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    posting.send()
    told = [json.loads(one.body) for one in receiver.received]
    kinds = [one["type"] for one in told]
    assert set(kinds) == {"claim.status_changed", "verdict.proposed", "verdict.signed"}
    of_claim = [
        one["data"]["claims"][0]["status"]
        for one in told
        if one["type"] == "claim.status_changed" and one["data"]["claims"][0]["id"] == claim.id
    ]
    assert of_claim == ["unchecked", "proposed", "supported"]


def test_what_was_not_taken_is_sent_again_under_the_same_id(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.added")
    receiver.status, receiver.body = 503, b"\xff\x00 later, please " * 200
    start = clock.now()
    with time_machine.travel(start, tick=False) as clock_now:
        make_claim(database, people.reviewer)
        assert posting.send() == 0
        assert posting.send() == 0, "nothing is sent before its time"
        clock_now.shift(6)
        assert posting.send() == 0
        receiver.status = 204
        clock_now.shift(400)
        assert posting.send() == 1
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len(receiver.received) == 3
    (delivery,) = rows(database, Delivery)
    tries = rows(database, Attempt)
    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    assert [one.status for one in tries] == [503, 503, 204]
    assert "later, please" in tries[0].answer and len(tries[0].answer) <= 1000


def test_a_message_is_given_up_after_its_last_try(database, people, receiver, posting):
    hook, _ = add(database, people.admin, receiver.url, "claim.added")
    receiver.status = 500
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        for wait in (0, *deliveries.RETRIES):
            clock_now.shift(wait * 1.2 + 1)
            posting.send()
        clock_now.shift(86_400)
        assert posting.send() == 0
    (delivery,) = rows(database, Delivery)
    assert (delivery.state, delivery.attempts) == ("failed", len(deliveries.RETRIES) + 1)
    assert rows(database, Webhook)[0].active
    assert state(database, hook).failing_since is not None


def test_a_receiver_that_asks_for_time_gets_it(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.added")
    receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        posting.send()
        clock_now.shift(3500)
        posting.send()
        assert len(receiver.received) == 1
        clock_now.shift(200)
        posting.send()
    assert len(receiver.received) == 2


def test_a_webhook_that_fails_for_days_is_turned_off_and_says_why(database, people, receiver, posting):
    hook, _ = add(database, people.admin, receiver.url, "claim.added")
    receiver.status = 404
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        posting.send()
        clock_now.shift(timedelta(days=5, hours=1))
        make_claim(database, people.reviewer, "12 towns")
        posting.send()
        kept = rows(database, Webhook)[0]
        assert not kept.active
        assert "No message got through since" in kept.stopped_because
        assert {one.state for one in rows(database, Delivery)} == {"failed"}
        # On again, it is told of what happens from now on.
        receiver.status = 200
        make_claim(database, people.reviewer, "40 towns")
        with database.write() as session:
            webhooks.change(session, hook.id, by=people.admin, version=kept.version, details={"active": True})
        make_claim(database, people.reviewer, "4.2 million")
        before = len(receiver.received)
        assert posting.send() == 1
    assert len(receiver.received) == before + 1
    with database.read() as session:
        assert verify(session).sound
        of_hook = select(Event).where(Event.stream == f"webhook:{hook.id}").order_by(Event.seq)
        kinds = [e.kind for e in session.exec(of_hook)]
    assert kinds == ["webhook.added", "webhook.stopped", "webhook.changed"]


def test_a_receiver_that_is_gone_is_left_alone_at_once(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.added")
    receiver.status = 410
    make_claim(database, people.reviewer)
    posting.send()
    (hook,) = rows(database, Webhook)
    assert not hook.active
    assert "410" in hook.stopped_because


def test_of_many_messages_to_a_dead_receiver_few_are_tried(database, people, receiver, posting):
    add(database, people.admin, receiver.url)
    receiver.status = 500
    make_verdict(database, people.reviewer, people.editor)
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        posting.write()
        for _ in range(10):
            with database.read() as session:
                due = store.waiting(session, clock.now(), but=(), each=20)
            for ids in due.values():
                # As the worker does: the first that is not taken ends the round.
                any(not deliveries.send(database, posting.poster, id, days=5) for id in ids)
            clock_now.shift(1)
    assert len(receiver.received) <= 4
    assert len(rows(database, Delivery)) > 4


def test_after_a_change_of_the_secret_both_sign_for_a_day(database, people, receiver, posting):
    hook, old = add(database, people.admin, receiver.url, "claim.added")
    with database.write() as session:
        _, new = webhooks.rotate(session, hook.id, by=people.admin, version=1)
    assert new != old
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        posting.send()
        (first,) = receiver.received
        for secret in (old, new):
            standardwebhooks.Webhook(secret).verify(first.body, first.headers)
        clock_now.shift(timedelta(hours=25))
        make_claim(database, people.reviewer, "12 towns")
        posting.send()
        second = receiver.received[-1]
        standardwebhooks.Webhook(new).verify(second.body, second.headers)
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(old).verify(second.body, second.headers)


def test_no_redirect_is_followed(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.added")
    receiver.status, receiver.headers = 307, {"Location": receiver.url + "/elsewhere"}
    make_claim(database, people.reviewer)
    posting.send()
    assert [one.path for one in receiver.received] == ["/hook"]
    (tried,) = rows(database, Attempt)
    assert tried.status == 307
    assert "Redirects are not followed" in tried.error


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_nothing_is_sent_into_a_network_that_is_not_public(database, people, receiver, host):
    add(database, people.admin, f"http://{host}:{receiver.port}/", "claim.added")
    make_claim(database, people.reviewer)
    Posting(database, Poster(ports=(receiver.port,), timeout_seconds=5)).send()
    assert receiver.received == []
    (tried,) = rows(database, Attempt)
    assert tried.status is None
    assert "not public" in tried.error


def test_a_receiver_that_says_nothing_costs_no_more_than_the_time_it_is_given(database, people):
    with silent() as deaf:
        port = deaf.getsockname()[1]
        add(database, people.admin, f"http://127.0.0.1:{port}/", "claim.added")
        make_claim(database, people.reviewer)
        Posting(database, Poster(allow_networks=("127.0.0.0/8",), ports=(port,), timeout_seconds=0.3)).send()
    (tried,) = rows(database, Attempt)
    assert tried.status is None
    assert "0.3 seconds" in tried.error
    assert tried.milliseconds < 3000


def test_two_workers_tell_nothing_twice(database, people, receiver, poster):
    add(database, people.admin, receiver.url, "claim.added", "claim.found")
    make_claim(database, people.reviewer)
    both = [Posting(database, poster), Posting(database, poster)]
    threads = [threading.Thread(target=one.send) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both[0].send()
    seqs = [json.loads(one.body)["data"]["seq"] for one in receiver.received]
    assert sorted(seqs) == sorted(set(seqs))
    assert len(seqs) == len(rows(database, Delivery)) > 1


def test_a_worker_killed_while_sending_leaves_the_message_to_another(database, people, receiver, posting):
    add(database, people.admin, receiver.url, "claim.added")
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        posting.write()
        (waits,) = rows(database, Delivery)
        with database.write() as session:
            # As far as a worker comes that is killed then.
            assert deliveries._taken_up(session, waits.id, posting.poster) is not None
        assert posting.send() == 0
        clock_now.shift(120)
        assert posting.send() == 1
    assert rows(database, Delivery)[0].attempts == 2


def test_a_worker_killed_while_writing_messages_forgets_none_and_writes_none_twice(
    database, people, receiver, posting, monkeypatch
):
    hook, _ = add(database, people.admin, receiver.url, "article.added", "claim.*")
    make_claim(database, people.reviewer)
    place, written = state(database, hook).next_seq, deliveries.message
    monkeypatch.setattr(deliveries, "message", lambda *it: written(*it) if it[1].seq <= place + 1 else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        posting.write()
    assert rows(database, Delivery) == []
    assert state(database, hook).next_seq == place
    monkeypatch.undo()
    assert posting.send() > 1
    assert [json.loads(one.body)["data"]["seq"] for one in receiver.received] == list(
        range(place + 1, state(database, hook).next_seq)
    )


def test_a_change_that_is_rolled_back_is_told_to_nobody(database, people, receiver, posting):
    claim, editor = make_claim(database, people.reviewer), people.editor
    add(database, people.admin, receiver.url)
    with database.write() as session:
        found = session.get_one(Claim, claim.id)
        claims.withdraw(session, claim.id, by=editor, version=found.version, note="No longer.")
        session.rollback()
    assert posting.send() == 0
    assert receiver.received == []


def test_a_test_is_sent_once_even_by_a_webhook_that_is_off(database, people, receiver, posting):
    hook, secret = add(database, people.admin, receiver.url, "claim.added")
    with database.write() as session:
        webhooks.change(session, hook.id, by=people.admin, version=1, details={"active": False})
        webhooks.test(session, hook.id, by=people.admin)
    receiver.status = 500
    assert posting.send() == 0
    assert rows(database, Delivery)[0].state == "failed"
    assert json.loads(receiver.received[0].body)["type"] == "webhook.test"
    assert state(database, hook).failures == 0
    standardwebhooks.Webhook(secret).verify(receiver.received[0].body, receiver.received[0].headers)


def test_what_failed_can_be_sent_once_more_by_hand(database, people, receiver, posting):
    hook, _ = add(database, people.admin, receiver.url, "claim.added")
    make_claim(database, people.reviewer)
    posting.send()
    (delivery,) = rows(database, Delivery)
    with database.write() as session:
        webhooks.redeliver(session, delivery.id, by=people.admin)
    with pytest.raises(Conflict, match="waits"), database.write() as session:
        webhooks.redeliver(session, delivery.id, by=people.admin)
    assert posting.send() == 1
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    with database.write() as session:
        webhooks.change(session, hook.id, by=people.admin, version=1, details={"active": False})
    with pytest.raises(Conflict, match="off"), database.write() as session:
        webhooks.redeliver(session, delivery.id, by=people.admin)


def test_a_webhook_taken_away_is_gone_and_its_messages_are_not_sent(database, people, receiver, posting):
    hook, _ = add(database, people.admin, receiver.url, "claim.added")
    make_claim(database, people.reviewer)
    posting.write()
    with database.write() as session:
        webhooks.remove(session, hook.id, by=people.admin, version=1)
    assert posting.send() == 0
    assert receiver.received == []
    with pytest.raises(NotFound), database.read() as session:
        webhooks.seen(session, hook.id, by=people.admin)
    with database.read() as session:
        assert store.every(session) == []
        assert verify(session).sound


def test_finished_messages_are_forgotten_in_time_and_waiting_ones_are_not(
    database, people, receiver, posting
):
    add(database, people.admin, receiver.url, "claim.added")
    with time_machine.travel(clock.now(), tick=False) as clock_now:
        make_claim(database, people.reviewer)
        posting.send()
        receiver.status = 500
        make_claim(database, people.reviewer, "12 towns")
        posting.send()
        assert deliveries.forget(database, days=30) == 0
        clock_now.shift(timedelta(days=31))
        assert deliveries.forget(database, days=30) == 1
    assert [one.state for one in rows(database, Delivery)] == ["waiting"]
    assert len(rows(database, Attempt)) == 1


def test_only_who_manages_webhooks_may_and_only_on_the_version_they_saw(database, people, receiver):
    editor = people.editor
    with pytest.raises(Forbidden), database.write() as session:
        webhooks.add(session, by=editor, name="x", url=receiver.url, kinds=["*"])
    hook, _ = add(database, people.admin, receiver.url)
    for deed in (
        lambda s: webhooks.change(s, hook.id, by=people.admin, version=7, details={"name": "y"}),
        lambda s: webhooks.remove(s, hook.id, by=people.admin, version=7),
        lambda s: webhooks.rotate(s, hook.id, by=people.admin, version=7),
    ):
        with pytest.raises(Outdated), database.write() as session:
            deed(session)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " \u200b"),
        ("name", "x" * 101),
        ("url", "ftp://example.org/"),
        ("url", "https://user:secret@example.org/"),
        ("url", "http://2130706433/"),
        ("url", "https://example.org/" + "é" * 900),
        ("kinds", []),
        ("kinds", ["account.created"]),
        ("kinds", ["claim.no_such_thing"]),
        ("kinds", ["token.*"]),
    ],
)
def test_what_is_wrong_with_a_webhook_is_told_by_its_field(database, people, field, value):
    admin = people.admin
    wanted = {"name": "CMS", "url": "https://example.org/", "kinds": ["*"]} | {field: value}
    with pytest.raises(Invalid) as refused, database.write() as session:
        webhooks.add(session, by=admin, **wanted)
    assert refused.value.field == field
    assert rows(database, Webhook) == []


def test_the_secret_stands_nowhere_in_the_log(database, people, receiver):
    hook, secret = add(database, people.admin, receiver.url)
    with database.write() as session:
        _, new = webhooks.rotate(session, hook.id, by=people.admin, version=1)
    with database.read() as session:
        logged = json.dumps(list(session.execute(sa.select(Event.patch)).scalars()))
    assert secret not in logged
    assert new not in logged
    assert hook.url in logged


def test_every_kind_of_event_that_services_write_can_be_asked_for():
    nouns = "|".join(webhooks.KINDS)
    written = set()
    for folder in ("services", "store"):
        for file in Path(ledger.services.__path__[0]).parent.joinpath(folder).rglob("*.py"):
            written |= set(re.findall(rf'"((?:{nouns})\.[a-z_]+)"', file.read_text("utf-8")))
    offered = {f"{noun}.{verb}" for noun, verbs in webhooks.KINDS.items() for verb in verbs}
    assert written - {webhooks.STATUS_CHANGED, corrections.KIND} <= offered
    assert {kind for kind in offered if not kind.endswith((".undone", ".redone"))} <= written

"""The log as pages and as a stream: each event once, whoever comes back from where."""

import json
import threading
import time
from datetime import timedelta

import pytest
import time_machine

from ledger import clock
from ledger.ids import new_id
from ledger.models import Event
from ledger.services import comments, tokens
from ledger.store import events as store
from ledger.web import live
from ledger.web.live import Live
from tests.factories import make_claim, make_verdict
from tests.ledger.api.helpers import V1, everything, get, ok

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def quick(monkeypatch):
    """A watcher that looks often, so that tests need not wait."""
    monkeypatch.setattr(live, "TICK", 0.02)
    monkeypatch.setattr(live, "HEARTBEAT", 0.2)


@pytest.fixture
def streams(app, quick):
    """The streams of this process."""
    found = app.extensions["ledger_live"]
    yield found
    end(found)


def end(streams):
    """Stop them, and wait until their watcher has given its connection back."""
    streams.stop()
    watcher = streams._watcher
    if watcher is not None:
        watcher.join(10)
        assert not watcher.is_alive()


class Listener:
    """One who listens, and reads as a browser does: by blocks."""

    def __init__(self, client, who, path="/events", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.response = client.get(V1 + path, headers={**who, **STREAM, **sent}, buffered=False)
        self.last_id = None
        self._blocks = self._read()

    def _read(self):
        rest = ""
        for piece in self.response.iter_encoded():
            rest += piece.decode()
            while "\n\n" in rest:
                block, rest = rest.split("\n\n", 1)
                yield block

    def events(self, many):
        """The next events, as an EventSource would give them out."""
        found = []
        while len(found) < many:
            fields = {}
            for line in next(self._blocks).split("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
            self.last_id = fields.get("id", self.last_id)
            if "data" in fields:
                found.append((fields["event"], json.loads(fields["data"])))
        return found

    def close(self):
        self.response.close()


def test_a_stream_gives_the_same_events_as_the_pages(client, database, people, streams):
    admin = people.token("admin")
    make_verdict(database, people.reviewer, people.editor)
    listed = everything(client, "/events?limit=20", admin)
    listener = Listener(client, admin, "/events?first=0")
    assert listener.response.mimetype == "text/event-stream"
    assert listener.response.headers["Cache-Control"] == "no-store, no-transform"
    heard = listener.events(len(listed))
    assert [data for _, data in heard] == listed
    assert [kind for kind, _ in heard] == [event["kind"] for event in listed]
    assert listener.last_id == str(listed[-1]["seq"])
    listener.close()
    assert streams.streams == 0


def test_without_a_place_it_begins_now_and_what_is_done_by_others_comes_at_once(
    client, database, people, streams
):
    make_claim(database, people.reviewer)
    listener = Listener(client, people.token("reader"))
    with database.read() as session:
        size = store.size(session)
    timer = threading.Timer(0.1, make_claim, (database, people.reviewer, "12 towns"))
    timer.start()
    ((kind, heard),) = listener.events(1)
    timer.join()
    assert (kind, heard["seq"]) == ("claim.added", size)
    listener.close()


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(client, database, people, streams):
    admin = people.token("admin")
    reviewer = people.reviewer
    with database.read() as session:
        start = store.size(session)
    done = threading.Event()

    def write():
        for _ in range(8):
            make_claim(database, reviewer, text=f"Some {new_id()} words. They met 242 builders.")
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    heard, last = [], str(start - 1)
    while not (done.is_set() and int(last) == _newest(database)):
        if int(last) == _newest(database):
            time.sleep(0.01)
            continue
        listener = Listener(client, admin, Last_Event_ID=last)
        there = max(1, min(3, _newest(database) - int(last)))
        heard += [data["seq"] for _, data in listener.events(there)]
        last = listener.last_id
        listener.close()
    writer.join()
    assert heard == list(range(start, start + len(heard)))
    assert heard[-1] == _newest(database)


def _newest(database):
    with database.read() as session:
        return store.size(session) - 1


def test_a_backlog_longer_than_a_batch_comes_whole(client, database, people, streams, monkeypatch):
    monkeypatch.setattr("ledger.api.events._BATCH", 3)
    make_verdict(database, people.reviewer, people.editor)
    listener = Listener(client, people.token("admin"), "/events?first=0")
    newest = _newest(database)
    assert [data["seq"] for _, data in listener.events(newest + 1)] == list(range(newest + 1))
    listener.close()


def test_a_reader_sees_what_happens_to_claims_and_nothing_of_people(client, database, people, streams):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    with database.write() as session:
        comments.add(session, claim.id, by=people.reviewer, text="Between us.")
    reader, admin = people.token("reader"), people.token("admin")
    seen = everything(client, "/events?limit=7", reader)
    assert {event["stream"].split(":")[0] for event in seen} == {"article", "claim"}
    assert "Between us." not in json.dumps(seen)
    everything_there = everything(client, "/events", admin)
    assert {"account", "token", "comment"} <= {e["stream"].split(":")[0] for e in everything_there}
    listener = Listener(client, reader, "/events?first=0")
    assert [data for _, data in listener.events(len(seen))] == seen
    # What is left out moves the place on, so that it is not gone through again.
    while listener.last_id != str(_newest(database)):
        for line in next(listener._blocks).split("\n"):
            if line.startswith("id: "):
                listener.last_id = line[4:]
    listener.close()


def test_only_the_kinds_that_are_asked_for_come(client, database, people, streams):
    make_verdict(database, people.reviewer, people.editor)
    reader = people.token("reader")
    query = "kind=verdict.signed&kind=article.*"
    listed = everything(client, f"/events?{query}&limit=1", reader)
    assert [event["kind"] for event in listed] == ["article.added", "verdict.signed"]
    listener = Listener(client, reader, f"/events?first=0&{query}")
    assert [data for _, data in listener.events(2)] == listed
    listener.close()
    for wrong in ("claim", "claim.%", "Claim.added", "claim.added'", "%.*", "*"):
        assert ok(get(client, f"/events?kind={wrong}", reader), 422)


@pytest.mark.parametrize("place", ["x", "1.5", "٣", "9" * 30, "1e3", "-"])
def test_a_place_that_is_none_is_refused(client, people, streams, place):
    answer = client.get(
        V1 + "/events",
        headers={**people.token("reader"), **STREAM, "Last-Event-ID": place.encode().decode("latin-1")},
    )
    assert ok(answer, 422)["errors"][0]["pointer"] == "#/Last-Event-ID"


def test_a_place_beyond_the_end_of_the_log_is_told(client, people, streams):
    answer = client.get(
        V1 + "/events", headers={**people.token("reader"), **STREAM, "Last-Event-ID": "999999"}
    )
    assert "restored from a backup" in ok(answer, 422)["detail"]
    assert streams.streams == 0


def test_a_stream_ends_with_its_token(client, database, people, streams):
    reader = people.token("reader")
    listener = Listener(client, reader)
    listener._blocks.__next__()
    mine = ok(get(client, "/tokens", reader))["items"][0]["id"]
    with database.write() as session:
        tokens.revoke(session, mine, by=people.reader)
    assert [block for block in listener._blocks if "data" in block] == []
    assert ok(client.get(V1 + "/events", headers={**reader, **STREAM}), 401)


def test_a_stream_ends_when_its_token_expires(client, database, people, streams):
    listener = Listener(client, people.token("reader"))
    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert [block for block in listener._blocks if "data" in block] == []


def test_programs_leave_room_for_people(client, app, people, quick):
    app.extensions["ledger_live"] = Live(app.extensions["ledger"].database, 4)
    reader = people.token("reader")
    listening = [Listener(client, reader) for _ in range(2)]
    refused = client.get(V1 + "/events", headers={**reader, **STREAM})
    assert "pages meanwhile" in ok(refused, 503)["detail"]
    assert refused.headers["Retry-After"] == "15"
    person = live.Session(people.reviewer.account, "a key", time.time() + 10)
    assert app.extensions["ledger_live"].open(person) is not None
    for one in listening:
        one.close()
    end(app.extensions["ledger_live"])


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/event-stream;q=0.5, application/json", ""]
)
def test_who_does_not_ask_for_a_stream_gets_a_page(client, people, accept):
    answer = client.get(V1 + "/events", headers={**people.token("reader"), "Accept": accept})
    assert ok(answer) == {"items": [], "next": None}
    assert "Accept" in answer.headers["Vary"]


def test_a_patch_with_any_words_is_one_line_of_data(client, database, people, streams):
    words = "Line\u2028one.\r\n\r\nid: 7\nevent: forged 😀\n\n242 builders came."
    make_claim(database, people.reviewer, text=words)
    with database.read() as session:
        many = len(store.narrowed(session, first=0, limit=100, nouns=("article", "claim")))
        assert session.get(Event, 0) is not None
    listener = Listener(client, people.token("reader"), "/events?first=0")
    heard = listener.events(many)
    assert all(kind == data["kind"] for kind, data in heard)
    assert "event: forged" in json.dumps(heard)
    listener.close()

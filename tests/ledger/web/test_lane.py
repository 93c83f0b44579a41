"""Look-ups before Flask: the very answer that Flask gives, and never an old one."""

import hashlib
import threading
import time
from datetime import timedelta

import pytest
from werkzeug.test import Client

from ledger import clock
from ledger.models import DEFAULT_DESK
from ledger.services import claims, desks, spans
from ledger.web.lane.answers import tag_of
from ledger.web.lane.front import Lane
from tests.factories import make_claim, make_desk, make_verdict
from tests.ledger.services.desk import do


@pytest.fixture
def ways(app, database):
    """The fast way, and the one past it."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has Flask's way alone")
    assert isinstance(app.wsgi_app, Lane)
    return Client(app.wsgi_app), Client(app.wsgi_app.rest)


@pytest.fixture(params=[False, True], ids=["asked seldom", "asked often"])
def often(request, monkeypatch):
    """Whether the process has answered so much that it looks at the log's index instead of asking SQLite."""
    if request.param:
        monkeypatch.setattr("ledger.web.lane.kept._MANY_CHECKS", 2)
    return request.param


@pytest.fixture
def passed_on(monkeypatch, app):
    """The paths that were left to Flask."""
    seen = []
    rest = app.wsgi_app.rest
    monkeypatch.setattr(
        app.wsgi_app,
        "rest",
        lambda environ, start: seen.append(environ["PATH_INFO"]) or rest(environ, start),
    )
    return seen


def path(id):
    return f"/api/v1/claims/{id}/status"


def sent(response):
    """Its headers; of what is left to ask, which each request makes less, only that it is told."""
    return sorted((name, "" if name == "RateLimit" else value) for name, value in response.headers)


def test_it_answers_as_flask_does_to_the_last_header(ways, passed_on, database, people):
    fast, slow = ways
    who = people.token("reader")
    plain = make_claim(database, people.reviewer)
    settled = make_claim(database, people.reviewer, "12 towns")
    make_verdict(database, people.reviewer, people.editor, claim=settled)
    slow.get(path(plain.id), headers=who)  # notes that the token is in use
    for id in (plain.id, settled.id):
        tag = slow.get(path(id), headers=who).headers["ETag"]
        for more in ({}, {"If-None-Match": tag}, {"If-None-Match": f"W/{tag}"}, {"If-None-Match": '"99"'}):
            headers = {**who, **more, "X-Request-Id": "one-and-the-same"}
            mine, theirs = fast.get(path(id), headers=headers), slow.get(path(id), headers=headers)
            assert (mine.status, mine.data) == (theirs.status, theirs.data)
            assert sent(mine) == sent(theirs)
    assert passed_on == []


@pytest.mark.parametrize("method", ["head", "options", "post"])
def test_other_methods_are_for_flask(ways, passed_on, database, people, method):
    fast, slow = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    assert (
        getattr(fast, method)(path(claim.id), headers=who).status
        == getattr(slow, method)(path(claim.id), headers=who).status
    )
    assert passed_on == [path(claim.id)]


def test_who_may_not_look_and_what_is_not_there_is_for_flask(ways, passed_on, database, people):
    fast, _ = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    for headers, id, status in (
        ({}, claim.id, 401),
        ({"Authorization": "Bearer no-such-token"}, claim.id, 401),
        ({"Authorization": "Basic abc"}, claim.id, 401),
        (who, "01a2060b-e223-782a-96f6-dd90419789f1", 404),
        (who, "7", 404),
        (who, f"{claim.id}?a=1", 422),
    ):
        asked = path(id) if "?" not in id else f"{path(claim.id)}?a=1"
        assert fast.get(asked, headers=headers).status_code == status
    assert len(passed_on) == 6


def test_a_change_is_seen_at_once_by_every_thread(ways, database, people, often):
    fast, _ = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    go, done = threading.Barrier(4), threading.Barrier(4)
    seen = []

    def look():
        for _ in range(10):
            go.wait(20)
            seen.append(fast.get(path(claim.id), headers=who).json["version"])
            done.wait(20)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in range(1, 11):
        words = {"statement": f"In {version} towns."}
        do(database, claims.reword, claim.id, by=people.reviewer, version=version, details=words)
        go.wait(20)
        done.wait(20)
        assert seen[-3:] == [version + 1] * 3
    for thread in threads:
        thread.join(20)
    assert (fast.application._kept._index is not None) == often


def test_who_asks_often_asks_sqlite_no_more_until_somebody_wrote(ways, database, people, often):
    fast, slow = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    whole = f"/api/v1/claims/{claim.id}"
    slow.get(whole, headers=who)  # notes that the token is in use
    for place in (path(claim.id), whole) * 3:
        fast.get(place, headers=who)
    kept, asked = fast.application._kept, []
    kept.near.connection.set_trace_callback(asked.append)
    for place in (path(claim.id), whole) * 2:
        assert fast.get(place, headers=who).status_code == 200
    assert bool(asked) is not often
    do(database, claims.reword, claim.id, by=people.reviewer, version=1, details={"statement": "Anew."})
    assert fast.get(whole, headers=who).json["statement"] == "Anew."
    assert fast.get(path(claim.id), headers=who).json["version"] == 2
    own = fast.get("/api/v1/me", headers=who).json["actor"].removeprefix("token:")
    assert slow.post(f"/api/v1/tokens/{own}/revoke", headers=who).status_code == 200
    assert [fast.get(place, headers=who).status_code for place in (whole, path(claim.id))] == [401, 401]


def test_a_writer_at_the_header_and_a_look_at_once_are_no_agreement(
    ways, database, people, often, monkeypatch
):
    fast, slow = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    slow.get(path(claim.id), headers=who)
    for _ in range(4):
        fast.get(path(claim.id), headers=who)
    kept = fast.application._kept
    assert kept.unchanged() == often
    if often:

        def state(index):
            kept._seen = None  # as another thread's look does
            # … and none while a writer is at it

        monkeypatch.setattr(type(kept._index), "state", state)
        assert not kept.unchanged()


def test_a_merged_claim_is_answered_for_by_the_one_that_stays(ways, database, people):
    fast, slow = ways
    who = people.token("reader")
    first = make_claim(database, people.reviewer)
    second = make_claim(database, people.reviewer, "12 towns")
    slow.get(path(first.id), headers=who)
    assert fast.get(path(second.id), headers=who).json["merged_into"] is None
    do(database, spans.merge, first.id, second.id, by=people.reviewer, version=first.version,
       other_version=second.version)  # fmt: skip
    mine, theirs = (one.get(path(second.id), headers=who) for one in (fast, slow))
    assert mine.json == theirs.json
    assert mine.json["merged_into"] == first.id
    assert (
        mine.headers["ETag"]
        == theirs.headers["ETag"]
        != fast.get(path(first.id), headers=who).headers["ETag"]
    )


def test_a_token_that_ends_opens_nothing_any_more(ways, database, people, monkeypatch):
    fast, _ = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    assert fast.get(path(claim.id), headers=who).status_code == 200
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=400))
    assert fast.get(path(claim.id), headers=who).status_code == 401
    monkeypatch.undo()
    assert fast.get(path(claim.id), headers=who).status_code == 200
    own = fast.get("/api/v1/me", headers=who).json["actor"].removeprefix("token:")
    assert fast.post(f"/api/v1/tokens/{own}/revoke", headers=who).status_code == 200
    assert fast.get(path(claim.id), headers=who).status_code == 401


def test_every_answer_is_counted_and_logged(ways, passed_on, database, people, capsys):
    fast, _ = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    fast.get(path(claim.id), headers=who)
    capsys.readouterr()
    route = 'ledger_requests_total{method="GET",route="/api/v1/claims/<id>/status",status="200"}'

    def counted():
        lines = fast.get("/metrics").text.splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(route)), 0.0)

    before = counted()
    fast.get(path(claim.id), headers={**who, "X-Request-Id": "asked-for-once"})
    assert counted() == before + 1
    assert passed_on.count(path(claim.id)) <= 1
    assert "asked-for-once" in "".join(capsys.readouterr())


@pytest.fixture
def filled(database, people):
    """Claims of several kinds, a settled and a merged one among them, and one that its desk does not show."""
    made = [
        make_claim(database, people.reviewer, words) for words in ("242 builders", "12 towns", "40 towns")
    ]
    make_verdict(database, people.reviewer, people.editor, claim=made[0])
    do(database, spans.merge, made[1].id, made[2].id, by=people.reviewer, version=made[1].version,
       other_version=made[2].version)  # fmt: skip
    make_desk(database, people.editor, threshold=0.9)
    return [claim.id for claim in made]


def compared(ways, who, place, **more):
    """The fast way's answer, which is the slow one's to the last header."""
    headers = {**who, **more, "X-Request-Id": "one-and-the-same"}
    mine, theirs = (one.get(place, headers=headers) for one in ways)
    assert (mine.status, mine.data) == (theirs.status, theirs.data)
    assert sent(mine) == sent(theirs)
    return mine


def test_a_claim_is_told_at_once_as_flask_tells_it(ways, passed_on, people, filled):
    who = people.token("reader")
    ways[1].get("/api/v1/claims", headers=who)
    for id in filled:
        for _ in range(2):
            told = compared(ways, who, f"/api/v1/claims/{id}")
            assert told.json["id"] in filled and told.json["merged_into"] is None
            assert (
                compared(ways, who, f"/api/v1/claims/{id}", **{"If-None-Match": told.headers["ETag"]}).data
                == b""
            )
    assert passed_on == []


def test_pages_are_told_at_once_as_flask_tells_them(ways, passed_on, people, filled):
    who = people.token("reader")
    ways[1].get("/api/v1/claims", headers=who)
    seen = set()
    for asked in (
        "limit=1", "limit=1&below=true", "order=worth&limit=2", "order=worth&limit=1&below=true",
        "status=unchecked&status=supported&limit=1&kind=quantity&status=candidate", "limit=2&order=newest",
    ):  # fmt: skip
        place = f"/api/v1/claims?{asked}"
        for _ in range(20):
            told = compared(ways, who, place)
            seen |= {claim["id"] for claim in told.json["items"]}
            if told.json["next"] is None:
                break
            place = told.headers["Link"].partition(">")[0].lstrip("<")
        assert told.json["next"] is None
    assert seen >= set(filled)
    assert compared(ways, who, "/api/v1/claims").json["items"]
    assert passed_on == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=201", "limit=1&limit=2", "limit=%31", "limit=", "after=", "after=abc", "after=bnVsbA",
        "status=good", "status=", "kind=event&kind=none", "below=maybe", "order=best", "q=towns", "limit", "&",
        "order=worth&after=WyIyMDI2LTExLTIzVDEwOjMyOjQ5LjUyMTc4MloiLCAiMDFhMjA4NDAtNmM3OC03NGI4LWE0MzYtMjk4ZDI2OTU3ZTRhIl0",
    ],
)  # fmt: skip
def test_what_is_unusual_or_wrong_in_a_query_is_for_flask(ways, passed_on, people, query):
    who = people.token("reader")
    ways[1].get("/api/v1/claims", headers=who)
    compared(ways, who, f"/api/v1/claims?{query}")
    assert passed_on == ["/api/v1/claims"]


def test_a_new_threshold_holds_at_once(ways, people, database, filled):
    who = people.token("reader")
    ways[1].get("/api/v1/claims", headers=who)
    everything = len(compared(ways, who, "/api/v1/claims?limit=200&below=true").json["items"])
    for version, threshold in enumerate((0.0, 1.0)):
        do(
            database,
            desks.change,
            DEFAULT_DESK,
            by=people.editor,
            version=version,
            details={"threshold": threshold},
        )
        told = len(compared(ways, who, "/api/v1/claims?limit=200").json["items"])
        assert (told == everything) is (threshold == 0.0)


def test_what_flask_answered_is_given_again_to_the_last_header(ways, passed_on, database, people):
    fast, slow = ways
    who, other = people.token("reader"), people.token("reviewer")
    claim = make_claim(database, people.reviewer)
    make_claim(database, people.reviewer, "12 towns")
    article = slow.get("/api/v1/articles", headers=who).json["items"][0]["id"]
    slow.get("/api/v1/claims", headers=other)  # notes that both tokens are in use
    asked = (
        f"/api/v1/articles/{article}",
        "/api/v1/articles?limit=1",
        "/api/v1/articles",
    )
    for place in asked:
        fast.get(place, headers=who)
    assert passed_on == [place.partition("?")[0] for place in asked]
    for place in asked:
        tag = fast.get(place, headers=who).headers["ETag"]
        for more in ({}, {"If-None-Match": tag}, {"If-None-Match": '"99"'}):
            headers = {**who, **more, "X-Request-Id": "one-and-the-same"}
            mine, theirs = fast.get(place, headers=headers), slow.get(place, headers=headers)
            assert (mine.status, mine.data) == (theirs.status, theirs.data)
            assert sent(mine) == sent(theirs)
    assert len(passed_on) == len(asked)
    # Another asker is answered for themselves, and after a change everybody is answered anew.
    assert fast.get(asked[0], headers=other).json["id"] == article
    assert len(passed_on) == len(asked) + 1
    told = f"/api/v1/claims/{claim.id}"
    assert fast.get(told, headers=who).json["statement"] != "Anew."
    do(database, claims.reword, claim.id, by=people.reviewer, version=1, details={"statement": "Anew."})
    assert fast.get(told, headers=who).json["statement"] == "Anew."
    assert fast.get(asked[0], headers={}).status_code == 401


def test_what_depends_on_more_is_asked_of_flask_each_time(ways, passed_on, database, people):
    fast, slow = ways
    claim, who = make_claim(database, people.reviewer), people.token("reader")
    slow.get("/api/v1/claims", headers=who)
    for place in (
        "/api/v1/claims?search=is:overdue",
        f"/api/v1/claims/{claim.id}?limit=1",
        f"/api/v1/claims/{claim.id}/history",
        "/api/v1/claims/01a2060b-e223-782a-96f6-dd90419789f1",
        "/api/v1/me",
    ):
        for _ in range(2):
            fast.get(place, headers=who)
    assert len(passed_on) == 10


def test_answers_that_are_kept_have_bounds(ways, database, people, monkeypatch):
    fast, slow = ways
    who = people.token("reader")
    ids = [make_claim(database, people.reviewer, words).id for words in ("242 builders", "12 towns")]
    slow.get("/api/v1/claims", headers=who)
    size = len(fast.get(f"/api/v1/claims/{ids[0]}", headers=who).data)
    kept = fast.application._kept
    assert len(kept.whole) == 0, "who asks but once needs nothing kept"
    fast.get(f"/api/v1/claims/{ids[0]}", headers=who)
    assert len(kept.whole) == 1
    monkeypatch.setattr("ledger.web.lane.kept._MOST_BYTES", size + 10)
    monkeypatch.setattr("ledger.web.lane.kept._MOST_ASKED", 1)
    for _ in range(2):
        fast.get(f"/api/v1/claims/{ids[1]}", headers=who)
    assert (len(kept.whole), kept.bytes <= size + 10) == (1, True)
    assert kept._asked == {ids[1]}


@pytest.mark.parametrize("length", [0, 2047, 2048, 9000])
def test_an_etag_is_a_hash_of_the_whole_body(length):
    body = bytes(at % 251 for at in range(length))
    assert tag_of(body, 3) == f"3-{hashlib.sha256(body).hexdigest()[:16]}"


def test_standings_that_are_held_are_told_as_flask_tells_them_and_follow_the_log(
    ways, passed_on, database, people, filled, monkeypatch
):
    who, lane = people.token("reader"), ways[0].application
    ways[1].get("/api/v1/claims", headers=who)
    monkeypatch.setattr("ledger.web.lane.kept._MANY_MISSES", 0)
    compared(ways, who, path(filled[0]))
    for _ in range(500):
        if len(lane._kept.standings):
            break
        time.sleep(0.01)
    lane._kept.answers.clear()
    for id in filled:
        compared(ways, who, path(id))
    # The merged one is read each time, the others were held.
    assert len(lane._kept.answers) == 0
    told = compared(ways, who, path(filled[1])).json
    do(
        database, claims.reword, filled[1], by=people.reviewer, version=told["version"],
        details={"statement": "Anew."},
    )  # fmt: skip
    assert compared(ways, who, path(filled[1])).json["version"] == told["version"] + 1
    assert filled[1] in lane._kept.answers
    assert passed_on == []


def test_a_page_that_takes_long_or_must_wait_long_is_left_to_flask(
    ways, passed_on, people, filled, monkeypatch
):
    who, lane = people.token("reader"), ways[0].application
    ways[1].get("/api/v1/claims", headers=who)
    compared(ways, who, path(filled[0]))
    far = lane._kept.far
    monkeypatch.setattr("ledger.web.lane.pages.LONG", 0.01)
    with far.lock:
        assert compared(ways, who, "/api/v1/claims?limit=1").json["items"]
    far.connection.set_progress_handler(lambda: True, 1)
    assert compared(ways, who, "/api/v1/claims?limit=2").json["items"]
    far.connection.set_progress_handler(None, 1)
    assert compared(ways, who, "/api/v1/claims?limit=3").json["items"]
    assert passed_on == ["/api/v1/claims"] * 2
    # Whatever is cut off leaves the connection fit for the next.
    assert not far.lock.locked()
    assert not far.connection.in_transaction

"""A write that is sent twice is done once, whatever became of the first answer."""

import io
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.models import Claim, KeptAnswer
from tests.factories import make_claim
from tests.ledger.api.helpers import get, ok, post

KEY = "5f0c-one"


@pytest.fixture
def who(people):
    return people.token("reviewer")


def count(database, model):
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def evidence(client, who, claim, **more):
    title = more.pop("title", "A")
    body = {"url": f"https://example.org/{title}", "stance": "supports", "title": title}
    return post(client, f"/claims/{claim.id}/evidence", who, body, **more)


def test_the_same_write_with_the_same_key_is_done_once(client, database, people, who):
    claim = make_claim(database, people.reviewer)
    first = evidence(client, who, claim, idempotency_key=KEY)
    again = evidence(client, who, claim, idempotency_key=KEY)
    assert (again.status_code, again.data) == (first.status_code, first.data) == (201, first.data)
    assert (again.headers.get("Location"), again.headers["ETag"]) == (
        first.headers.get("Location"), first.headers["ETag"],
    )  # fmt: skip
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    other = evidence(client, who, claim, idempotency_key="another", title="B")
    assert other.status_code == 201
    assert len(ok(get(client, f"/claims/{claim.id}", who))["evidence"]) == 2


def test_a_key_stands_for_one_write_of_one_sender(client, database, people, who):
    claim = make_claim(database, people.reviewer)
    assert evidence(client, who, claim, idempotency_key=KEY).status_code == 201
    problem = ok(evidence(client, who, claim, idempotency_key=KEY, title="B"), 422)
    assert problem["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert ok(post(client, f"/claims/{claim.id}/take", who, idempotency_key=KEY, if_match='"2"'), 422)
    # Another person's key is another one.
    mine = evidence(client, people.token("editor"), claim, idempotency_key=KEY, title="C")
    assert mine.status_code == 201


def test_what_failed_may_be_tried_again_with_the_same_key(client, database, people, who):
    claim = make_claim(database, people.reviewer)
    assert post(client, f"/claims/{claim.id}/take", who, idempotency_key=KEY).status_code == 428
    taken = post(client, f"/claims/{claim.id}/take", who, idempotency_key=KEY, if_match='"1"')
    assert taken.status_code == 200
    # Its version is not the newest any more, and it was done all the same.
    again = post(client, f"/claims/{claim.id}/take", who, idempotency_key=KEY, if_match='"1"')
    assert (again.status_code, again.data) == (200, taken.data)


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_that_is_none_is_refused(client, database, people, who, key):
    claim = make_claim(database, people.reviewer)
    before = count(database, Claim)
    problem = ok(evidence(client, who, claim, idempotency_key=key), 422)
    assert problem["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert count(database, Claim) == before


def test_a_key_is_forgotten_after_a_day(client, database, people, who, monkeypatch):
    claim = make_claim(database, people.reviewer)
    evidence(client, who, claim, idempotency_key=KEY)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=25))
    evidence(client, who, claim, idempotency_key="later", title="B")
    assert count(database, KeptAnswer) == 1
    assert "Idempotency-Replayed" not in evidence(client, who, claim, idempotency_key=KEY, title="C").headers


def test_of_many_at_once_one_writes(app, database, people, who):
    claim = make_claim(database, people.reviewer)
    answers, ready = [], threading.Barrier(6)

    def send():
        ready.wait(20)
        answers.append(evidence(app.test_client(), who, claim, idempotency_key=KEY))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.data for answer in answers}) == 1
    assert len(ok(get(app.test_client(), f"/claims/{claim.id}", who))["evidence"]) == 1


def test_an_article_sent_as_a_file_comes_in_once(client, who):
    for _ in range(2):
        sent = {"file": (io.BytesIO(b"The council opened a bridge. It cost 4.2 million euros."), "a.txt")}
        found = client.post(
            "/api/v1/articles", headers={**who, "Idempotency-Key": KEY}, data=sent,
            content_type="multipart/form-data; boundary=xx",
        )  # fmt: skip
        assert found.status_code == 201, found.text
    assert len(ok(get(client, "/articles", who))["items"]) == 1

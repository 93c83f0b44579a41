"""POST /claims:batch: many changes in one transaction, all or nothing or each for itself."""

import pytest
from sqlmodel import select

from ledger.errors import Conflict
from ledger.models import Claim, Event, Evidence
from ledger.schemas.batch import BODIES
from ledger.services import batch, claims, events, labels, verification
from ledger.store import claims as store
from tests.factories import make_article, make_claim

URL = "/api/v1/claims:batch"


@pytest.fixture
def send(client, people):
    headers = people.token("editor")

    def send(*operations, status=200, token=headers, atomic=None, **more):
        body = {"operations": list(operations)} | ({} if atomic is None else {"atomic": atomic})
        response = client.post(URL, json=body, headers={**token, **more})
        assert response.status_code == status, response.text
        return response.get_json()

    return send


@pytest.fixture
def candidates(database, people):
    make_article(database, people.editor, floor=0.2)
    with database.read() as session:
        return list(session.exec(select(Claim).order_by(Claim.id)))


def stored(database, model=Claim):
    with database.read() as session:
        return {one.id: one for one in session.exec(select(model))}


def log_size(database):
    with database.read() as session:
        return len(session.exec(select(Event.seq)).all())


def test_each_operation_is_what_its_own_route_does(send, database, people, candidates):
    first, second = candidates[:2]
    answer = send(
        {"op": "accept", "id": first.id, "version": 1},
        {"op": "reword", "id": first.id, "version": 2, "body": {"statement": "Put so that it reads alone."}},
        {"op": "tag", "id": first.id, "version": 3, "body": {"tags": ["Budget"]}},
        {"op": "take", "id": first.id, "version": 4},
        {"op": "lay_down", "id": first.id, "version": 5},
        {"op": "hand_over", "id": first.id, "version": 6, "body": {"assignee_id": people.reviewer.account}},
        {"op": "add_evidence", "id": first.id, "body": {"url": "https://s.example/", "stance": "supports"}},
        {
            "op": "propose",
            "id": first.id,
            "version": 8,
            "body": {"code": "supported", "rationale": "The accounts say the same."},
        },
        {"op": "dismiss", "id": second.id, "version": 1, "body": {"reason": "An opinion."}},
        {"op": "reopen", "id": second.id, "version": 2},
    )
    assert [item["status"] for item in answer["items"]] == [200] * 6 + [201, 201, 200, 200]
    assert all(item["problem"] is None for item in answer["items"])
    # Each is told as it stands at the end.
    assert {item["claim"]["status"] for item in answer["items"][:8]} == {"proposed"}
    assert answer["items"][6]["made"] in stored(database, Evidence)
    now = stored(database)[first.id]
    assert (now.statement, now.tags, now.status) == ("Put so that it reads alone.", ["budget"], "proposed")
    assert stored(database)[second.id].status == "candidate"
    with database.read() as session:
        assert verification.verify(session).sound
        logged = session.exec(select(Event).where(Event.seq >= answer["first"]).order_by(Event.seq)).all()
    assert [event.kind for event in logged if event.stream.startswith("claim:")][:3] == [
        "claim.accepted",
        "claim.reworded",
        "claim.tagged",
    ]
    assert max(event.seq for event in logged) == answer["last"]


def test_a_claim_is_added_and_withdrawn(send, database, people):
    claim = make_claim(database, people.editor)
    with database.read() as session:
        (place,) = store.appearances(session, claim.id)
    answer = send(
        {"op": "add", "id": place.article_id, "body": {"start": place.start, "end": place.end - 1}},
        {"op": "withdraw", "id": claim.id, "version": 1, "body": {"note": "We misread it."}},
    )
    assert [item["status"] for item in answer["items"]] == [201, 200]
    assert answer["items"][0]["claim"]["id"] in stored(database)
    assert answer["items"][1]["claim"]["status"] == "withdrawn"


def test_all_or_nothing_leaves_nothing_and_tells_of_everything_that_is_wrong(send, database, candidates):
    first, second = candidates[:2]
    before = log_size(database)
    answer = send(
        {"op": "accept", "id": first.id, "version": 1},
        {"op": "accept", "id": second.id, "version": 7},
        {"op": "dismiss", "id": second.id, "version": 1, "body": {"reson": "a misspelling"}},
        {"op": "take", "id": "01a2060b-e223-782a-96f6-dd90419789f1", "version": 1},
        status=422,
    )
    assert answer["code"] == "batch_refused"
    assert "3 of 4 operations" in answer["detail"]
    assert [error["pointer"] for error in answer["errors"]] == [
        "#/operations/1",
        "#/operations/2/body/reson",
        "#/operations/3",
    ]
    assert [item and item["status"] for item in answer["items"]] == [None, 412, 422, 404]
    assert answer["items"][1]["problem"]["current"]["version"] == 1
    assert log_size(database) == before
    assert stored(database)[first.id].triage == "candidate"


def test_each_for_itself_keeps_what_went_well(send, database, candidates):
    first, second = candidates[:2]
    answer = send(
        {"op": "accept", "id": first.id, "version": 1},
        {"op": "accept", "id": first.id, "version": 2},
        {"op": "accept", "id": second.id},
        {"op": "dismiss", "id": second.id, "version": 1},
        atomic=False,
    )
    assert [item["status"] for item in answer["items"]] == [200, 409, 428, 200]
    assert [item["problem"] and item["problem"]["code"] for item in answer["items"]] == [
        None,
        "conflict",
        "version_missing",
        None,
    ]
    assert answer["last"] - answer["first"] == 1
    assert stored(database)[first.id].version == 2
    assert stored(database)[second.id].triage == "dismissed"


def test_what_was_half_done_is_taken_back(database, people):
    claim = make_claim(database, people.editor)
    before = log_size(database)

    def half(session):
        with events.together(session):
            labels.tag(session, claim.id, by=people.editor, version=2, given=["gone"])
            raise Conflict("The second half failed.")

    with database.write() as session:
        labels.tag(session, claim.id, by=people.editor, version=1, given=["kept"])
        with pytest.raises(Conflict):
            half(session)
        assert [one.kind for one in events.written(session)] == ["claim.tagged"]
        claims.withdraw(session, claim.id, by=people.editor, version=2, note="Misread.")
    assert log_size(database) == before + 2
    assert stored(database)[claim.id].tags == ["kept"]
    with database.read() as session:
        assert verification.verify(session).sound


def test_a_key_makes_a_batch_happen_once(send, database, candidates):
    operation = {"op": "accept", "id": candidates[0].id, "version": 1}
    key = {"Idempotency-Key": "batch-1"}
    assert send(operation, **key) == send(operation, **key)
    assert stored(database)[candidates[0].id].version == 2


def test_each_operation_needs_its_own_scope(client, send, people, candidates):
    token = people.token("editor", "ledger:read", "claims:write")
    answer = send(
        {"op": "accept", "id": candidates[0].id, "version": 1},
        {"op": "withdraw", "id": candidates[0].id, "version": 2, "body": {"note": "No."}},
        {"op": "add_evidence", "id": candidates[0].id, "body": {"url": "https://s.example/", "stance": "context"}},
        atomic=False,
        token=token,
    )  # fmt: skip
    assert [item["status"] for item in answer["items"]] == [200, 403, 403]
    assert client.post(URL, json={"operations": []}).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/operations"),
        ({"operations": []}, "#/operations"),
        ({"operations": [{"op": "accept"}]}, "#/operations/0/id"),
        (
            {"operations": [{"op": "erase", "id": "01a2060b-e223-782a-96f6-dd90419789f1"}]},
            "#/operations/0/op",
        ),
        ({"operations": [], "atomic": "perhaps"}, "#/atomic"),
        ({"operations": [1]}, "#/operations/0"),
        ({"operations": [{"op": "add", "id": "x", "body": []}]}, "#/operations/0/body"),
    ],
)
def test_what_is_malformed_is_refused_whole(client, people, body, pointer):
    response = client.post(URL, json=body, headers=people.token("editor"))
    assert response.status_code == 422, response.text
    assert pointer in [error["pointer"] for error in response.get_json()["errors"]]


def test_more_than_a_thousand_are_refused(client, people):
    operations = [{"op": "accept", "id": "01a2060b-e223-782a-96f6-dd90419789f1", "version": 1}] * 1001
    response = client.post(URL, json={"operations": operations}, headers=people.token("editor"))
    assert response.status_code == 422
    assert "1,000" in response.text


def test_every_operation_has_its_body():
    assert BODIES.keys() == batch.DO.keys()

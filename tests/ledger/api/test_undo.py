"""Undo and preferences by the API."""

from ledger.services import claims
from ledger.store import claims as store
from tests.factories import make_claim
from tests.ledger.api.helpers import V1, get, ok, patch, post


def _events(client, who, claim):
    return ok(get(client, f"/claims/{claim.id}/history", who))["items"]


def test_a_deed_is_undone_by_the_events_that_it_wrote(client, database, people):
    claim = make_claim(database, people.reviewer)
    with database.write() as session:
        claims.reword(session, claim.id, by=people.reviewer, version=1, details={"statement": "Other words."})
    me = people.token("reviewer")
    seq = _events(client, me, claim)[-1]["seq"]
    done = ok(post(client, "/undo", me, {"first": seq, "last": seq}))
    assert done["claims"] == [claim.id]
    assert ok(get(client, f"/claims/{claim.id}", me))["statement"] == "242 builders"
    assert _events(client, me, claim)[-1]["kind"] == "claim.undone"
    assert ok(post(client, "/undo", me, {"first": seq, "last": seq}), 409)["code"] == "conflict"
    ok(post(client, "/undo", me, {"first": done["first"], "last": done["last"]}))
    assert ok(get(client, f"/claims/{claim.id}", me))["statement"] == "Other words."


def test_what_one_did_last_is_undone_without_its_numbers(client, database, people):
    claim, me = make_claim(database, people.reviewer), people.token("reviewer")
    with database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    ok(patch(client, f"/claims/{claim.id}", me, {"statement": "Other words."}, if_match='"1"'))
    ok(post(client, f"/claims/{claim.id}/take", me, if_match='"2"'))
    # Of somebody else, nothing is there.
    assert ok(post(client, "/undo/latest", people.token("reviewer2"), {"claim_id": claim.id}), 409)
    assert ok(post(client, "/undo/latest", me, {"claim_id": claim.id}))["claims"] == [claim.id]
    shown = ok(get(client, f"/claims/{claim.id}", me))
    assert (shown["assignee"], shown["statement"]) == (None, "Other words.")
    ok(post(client, "/undo/latest", me, {"article_id": article}))
    assert ok(get(client, f"/claims/{claim.id}", me))["statement"] == "242 builders"
    for body in ({}, {"claim_id": claim.id, "article_id": article}, {"claim_id": "?"}):
        assert ok(post(client, "/undo/latest", me, body), 422)
    assert ok(post(client, "/undo/latest", me, {"claim_id": article}), 404)


def test_wrong_numbers_and_strangers_are_refused(client, database, people):
    claim = make_claim(database, people.reviewer)
    me = people.token("reviewer")
    seq = _events(client, me, claim)[-1]["seq"]
    assert ok(post(client, "/undo", me, {"first": 10**8, "last": 10**8}), 404)
    assert ok(post(client, "/undo", me, {"first": seq, "last": 0}), 422)
    assert ok(post(client, "/undo", me, {"first": -1, "last": 0}), 422)["errors"][0]["pointer"] == "#/first"
    assert ok(post(client, "/undo", people.token("reviewer2"), {"first": seq, "last": seq}), 403)
    assert ok(post(client, "/undo", people.token("reader"), {"first": seq, "last": seq}), 403)


def test_one_s_keys_are_read_and_set(client, people):
    me = people.token("reviewer")
    assert ok(get(client, "/me/preferences", me))["keys"]["next"] == "j"
    sent = {"keys": {"next": "Ctrl+.", "undo": ""}, "single_keys": False}
    saved = ok(client.put(f"{V1}/me/preferences", headers=me, json=sent))
    assert (saved["keys"]["next"], saved["keys"]["undo"], saved["single_keys"]) == ("Mod+.", "", False)
    assert ok(get(client, "/me/preferences", me)) == saved
    clash = ok(client.put(f"{V1}/me/preferences", headers=me, json={"keys": {"undo": "j"}}), 422)
    assert clash["errors"][0]["pointer"] == "#/undo"
    assert ok(client.put(f"{V1}/me/preferences", headers=me, json={"keys": {"undo": 1}}), 422)
    # A body that went missing is not one that asks for the usual keys.
    assert "JSON object" in ok(client.put(f"{V1}/me/preferences", headers=me), 422)["detail"]
    assert ok(get(client, "/me/preferences", me)) == saved
    assert ok(client.put(f"{V1}/me/preferences", headers=me, json={}))["keys"]["next"] == "j"

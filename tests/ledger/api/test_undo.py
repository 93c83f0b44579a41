"""Undo and preferences by the API."""

from ledger.services import claims
from tests.factories import make_claim
from tests.ledger.api.helpers import V1, get, ok, post


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
    assert ok(client.put(f"{V1}/me/preferences", headers=me, json={}))["keys"]["next"] == "j"

"""Moving, splitting and merging claims by the API."""

import pytest

from ledger.ids import new_id
from tests.factories import TEXT, make_article, make_claim, make_evidence
from tests.ledger.api.helpers import get, ok, post

LONG = "It cost 4.2 million euros and was paid for by 12 towns"


def _at(words):
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "exact": words}


@pytest.fixture
def reviewer(people):
    """A reviewer's token."""
    return people.token("reviewer")


@pytest.fixture
def claim(database, people):
    make_article(database, people.reviewer, floor=1.0)
    return make_claim(database, people.reviewer, LONG)


def test_a_claim_is_moved_after_a_look_at_what_would_be(client, database, people, claim, reviewer):
    path = f"/claims/{claim.id}/move"
    seen = ok(post(client, f"{path}/preview", reviewer, _at("paid for by 12 towns")))
    assert [one["appearances"][0]["exact"] for one in (*seen["before"], *seen["after"])] == [
        LONG,
        "paid for by 12 towns",
    ]
    assert [q["unit"] for q in seen["after"][0]["quantities"]] == ["town"]
    assert ok(post(client, path, reviewer, _at("12 towns")), 428)
    assert ok(post(client, path, reviewer, _at("12 towns"), if_match='"9"'), 412)["current"]["id"] == claim.id
    assert ok(post(client, path, reviewer, {"start": 3, "end": 3}, if_match='"1"'), 422)
    assert ok(post(client, path, people.token("reader"), _at("12 towns"), if_match='"1"'), 403)
    assert ok(post(client, f"/claims/{new_id()}/move", reviewer, _at("12 towns"), if_match='"1"'), 404)
    there = make_claim(database, people.reviewer, "242 builders")
    taken = ok(post(client, path, reviewer, _at("242 builders"), if_match='"1"'), 409)
    assert (taken["claim"], taken["errors"][0]["pointer"]) == (there.id, "#/start")
    moved = ok(post(client, path, reviewer, _at("paid for by 12 towns"), if_match='"1"'))
    assert (moved["version"], moved["statement"]) == (2, "paid for by 12 towns")
    assert [place["exact"] for place in moved["appearances"]] == ["paid for by 12 towns"]
    assert "gone_at" not in moved["quantities"][0]


def test_a_claim_is_split_after_a_look_at_what_would_be(client, database, people, claim, reviewer):
    make_evidence(database, people.reviewer, claim)
    body = {"parts": [_at("It cost 4.2 million euros"), {**_at("was paid for by 12 towns"), "evidence": []}]}
    seen = ok(post(client, f"/claims/{claim.id}/split/preview", reviewer, body))
    assert [one["id"] for one in seen["after"]] == [claim.id, None]
    assert [len(one["evidence"]) for one in seen["after"]] == [1, 0]
    path = f"/claims/{claim.id}/split"
    one = ok(post(client, path, reviewer, {"parts": body["parts"][:1]}, if_match='"2"'), 422)
    assert one["errors"][0]["pointer"] == "#/parts"
    kept = ok(post(client, path, reviewer, body, if_match='"2"'))
    assert (kept["id"], kept["statement"]) == (claim.id, "It cost 4.2 million euros")
    listed = ok(get(client, "/claims", reviewer))["items"]
    (part,) = [one for one in listed if one["split_from"] == claim.id]
    assert part["statement"] == "was paid for by 12 towns"
    links = ok(get(client, f"/claims/{claim.id}/links", reviewer))
    assert [one["id"] for one in links["parts"]] == [part["id"]] and links["split_from"] is None
    back = ok(get(client, f"/claims/{part['id']}/links", reviewer))
    assert (back["split_from"]["id"], back["parts"], back["merged"]) == (claim.id, [], [])


def test_two_claims_are_merged_and_the_other_s_status_is_the_survivor_s(
    client, database, people, claim, reviewer
):
    other = make_claim(database, people.reviewer, "12 towns")
    had = get(client, f"/claims/{other.id}/status", reviewer)
    assert (ok(had)["merged_into"], had.headers["ETag"]) == (None, '"1"')
    seen = ok(post(client, f"/claims/{claim.id}/merge/preview", reviewer, {"other_id": other.id}))
    assert ([len(one["appearances"]) for one in seen["before"]], len(seen["after"])) == ([1, 1], 1)
    path = f"/claims/{claim.id}/merge"
    body = {"other_id": other.id, "other_version": 1}
    stale = ok(post(client, path, reviewer, {**body, "other_version": 2}, if_match='"1"'), 409)
    assert stale["errors"][0]["pointer"] == "#/other_version"
    merged = ok(post(client, path, reviewer, body, if_match='"1"'))
    assert len(merged["appearances"]) == 2
    response = get(client, f"/claims/{other.id}/status", reviewer, if_none_match=had.headers["ETag"])
    status = ok(response)
    assert (status["id"], status["merged_into"], status["status"]) == (claim.id, claim.id, "unchecked")
    assert response.headers["ETag"] != get(client, f"/claims/{claim.id}/status", reviewer).headers["ETag"]
    assert ok(get(client, f"/claims/{other.id}", reviewer)) == ok(
        get(client, f"/claims/{claim.id}", reviewer)
    )
    gone = ok(get(client, f"/claims/{other.id}?itself=true", reviewer))
    assert (gone["status"], gone["merged_into"], gone["appearances"]) == ("dismissed", claim.id, [])
    links = ok(get(client, f"/claims/{other.id}/links", reviewer))
    assert links["merged_into"]["id"] == claim.id
    taken_in = ok(get(client, f"/claims/{claim.id}/links", reviewer))["merged"]
    assert [one["id"] for one in taken_in] == [other.id]
    assert [e["kind"] for e in ok(get(client, f"/claims/{other.id}/history", reviewer))["items"]][-1] == (
        "claim.merged_away"
    )

"""The discussion by the API, and who is there."""

import pytest

from ledger.services import presence
from ledger.store import claims as store
from tests.factories import make_claim
from tests.ledger.api.helpers import everything, get, ok, patch, post
from tests.ledger.services.desk import do


@pytest.fixture
def claim(database, people):
    """A claim that nobody has said anything about."""
    return make_claim(database, people.reviewer)


def test_a_program_says_something_corrects_it_and_settles_it(client, people, claim):
    one, two = people.token("reviewer"), people.token("reviewer2")
    path = f"/claims/{claim.id}/comments"
    response = post(client, path, one, {"text": "@reviewer2 and @nobody: which year?"})
    said = ok(response, 201)
    assert [person["name"] for person in said["mentions"]] == ["Reviewer2"]
    assert said["unresolved"] == [{"words": "@nobody", "several": False}]
    here = response.headers["Location"].removeprefix("/api/v1")
    assert ok(get(client, here, two))["text"] == said["text"]
    assert ok(get(client, "/mentions/unread", two)) == {"unread": 1}
    assert ok(get(client, "/mentions", two))["items"][0]["statement"] == claim.statement
    assert ok(post(client, "/mentions/seen", two)) == {"unread": 0}
    tag = response.headers["ETag"]
    assert ok(patch(client, here, two, {"text": "Mine"}, if_match=tag), 403)["code"] == "forbidden"
    changed = ok(patch(client, here, one, {"text": "Which year?"}, if_match=tag))
    assert (changed["version"], changed["mentions"]) == (2, [])
    late = ok(patch(client, here, one, {"text": "Which?"}, if_match=tag), 412)
    assert late["current"]["text"] == "Which year?"
    assert ok(post(client, f"{here}/resolve", two, if_match='"2"'))["resolved_by"]["name"] == "Reviewer2"
    assert ok(post(client, f"{here}/reopen", two, if_match='"3"'))["resolved_at"] is None
    assert ok(post(client, f"{here}/remove", two, if_match='"4"'), 403)
    assert ok(post(client, f"{here}/remove", one, if_match='"4"'))["removed_at"]
    assert ok(get(client, path, one))["items"] == []
    assert ok(post(client, f"{here}/restore", one, if_match='"5"'))["removed_at"] is None
    # The claim is what it was.
    assert ok(get(client, f"/claims/{claim.id}", one))["version"] == claim.version


def test_a_long_discussion_comes_in_pages_oldest_first(client, people, claim):
    one = people.token("reviewer")
    for n in range(5):
        ok(post(client, f"/claims/{claim.id}/comments", one, {"text": f"Number {n}"}), 201)
    found = everything(client, f"/claims/{claim.id}/comments?limit=2", one)
    assert [item["text"] for item in found] == [f"Number {n}" for n in range(5)]


def test_wrong_words_are_named(client, people, claim):
    one = people.token("reviewer")
    answer = ok(post(client, f"/claims/{claim.id}/comments", one, {"text": "  "}), 422)
    assert answer["errors"][0]["pointer"] == "#/text"
    assert ok(post(client, f"/claims/{claim.id}/comments", people.token("reader"), {"text": "Hi"}), 403)


def test_who_has_an_article_open_is_known_to_programs(client, database, people, claim):
    one = people.token("reader")
    with database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    who = people.reviewer
    do(database, presence.note, by=who, page="a-page-of-theirs", article_id=article, claim_id=claim.id)
    (here,) = ok(get(client, f"/articles/{article}/presence", one))["items"]
    assert (here["account"], here["claim_id"], here["editing"]) == (
        {"id": who.account, "name": "Reviewer"}, claim.id, False,
    )  # fmt: skip
    assert ok(get(client, f"/articles/{claim.id}/presence", one), 404)


def test_a_program_says_that_it_is_there_and_leaves(client, database, people, claim):
    reader, page = people.token("reader"), "a-page-of-ours"
    with database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    path = f"/articles/{article}/presence"
    sent = {"page": page, "claim_id": claim.id, "editing": True}
    (here,) = ok(post(client, path, reader, sent))["items"]
    assert (here["account"]["name"], here["claim_id"], here["editing"]) == ("Reader", claim.id, True)
    (here,) = ok(post(client, path, reader, {"page": page}))["items"]
    assert (here["claim_id"], here["editing"]) == (None, False)
    assert ok(post(client, path, people.token("reviewer"), sent), 422)["errors"][0]["pointer"] == "#/page"
    # Nobody closes what somebody else has open.
    assert ok(post(client, f"{path}/leave", people.token("reviewer"), {"page": page}))["items"] != []
    assert ok(post(client, f"{path}/leave", reader, {"page": page}))["items"] == []
    assert ok(post(client, path, reader, {"page": "x"}), 422)
    assert ok(post(client, f"/articles/{claim.id}/presence", reader, sent), 404)

"""Desks, looking again and coverage by the API."""

import pytest

from ledger.jobs.runner import run
from ledger.models import DEFAULT_DESK
from ledger.services import detection
from tests.factories import TEXT, make_article
from tests.ledger.api.helpers import get, ok, patch, post


@pytest.fixture
def editor(people):
    """An editor's token."""
    return people.token("editor")


def test_an_editor_changes_what_a_desk_shows(client, database, people, editor):
    make_article(database, people.reviewer)
    early = patch(client, f"/desks/{DEFAULT_DESK}", editor, {"threshold": 1}, if_match='"7"')
    assert ok(early, 412)["current"]["threshold"] == 0.5
    (desk,) = ok(get(client, "/desks", editor))["items"]
    assert (desk["id"], desk["version"], desk["threshold"]) == (DEFAULT_DESK, 0, 0.5)
    before = ok(get(client, "/claims", editor))["items"]
    response = patch(client, f"/desks/{DEFAULT_DESK}", editor, {"threshold": 1}, if_match='"0"')
    changed = ok(response)
    assert (changed["version"], changed["threshold"], changed["articles"]) == (1, 1.0, 1)
    assert changed["preview"][10] == {"threshold": 0.5, "shown": len(before)}
    assert len(ok(get(client, "/claims", editor))["items"]) < len(before)
    assert len(ok(get(client, "/claims?below=true&order=worth", editor))["items"]) == len(before)
    late = patch(client, f"/desks/{DEFAULT_DESK}", editor, {"threshold": 0.2}, if_match='"0"')
    assert ok(late, 412)["current"]["threshold"] == 1.0


def test_an_article_comes_to_the_desk_that_is_named(client, people, editor):
    desk = ok(post(client, "/desks", editor, {"name": "Health", "threshold": 0.9}), 201)
    added = ok(post(client, "/articles", editor, {"text": TEXT, "desk_id": desk["id"]}), 201)["article"]
    assert added["desk_id"] == desk["id"]
    assert [one["id"] for one in ok(get(client, f"/articles?desk_id={desk['id']}", editor))["items"]] == [
        added["id"]
    ]
    moved = patch(client, f"/articles/{added['id']}", editor, {"desk_id": DEFAULT_DESK}, if_match='"1"')
    assert ok(moved)["desk_id"] == DEFAULT_DESK
    nowhere = post(client, "/articles", editor, {"text": "Another.", "desk_id": added["id"]})
    assert ok(nowhere, 422)["errors"][0]["pointer"] == "#/desk_id"


def test_a_reviewer_may_not_change_a_desk(client, people):
    reviewer = people.token("reviewer")
    assert ok(patch(client, f"/desks/{DEFAULT_DESK}", reviewer, {"threshold": 1}, if_match='"0"'), 403)
    assert ok(post(client, "/desks", reviewer, {"name": "Mine"}), 403)


def test_looking_again_is_a_job_whose_outcome_can_be_asked_for(app, client, database, people, editor):
    article = make_article(database, people.reviewer, TEXT, floor=1.0)
    assert ok(get(client, f"/articles/{article.id}/detection", editor), 404)
    response = post(client, f"/articles/{article.id}/detection", editor)
    assert ok(response, 202)["state"] == "queued"
    with database.read() as session:
        job = detection.newest(session, article.id)
    run(app.extensions["ledger"], job.id)
    done = ok(client.get(response.headers["Location"], headers=editor))
    assert done["state"] == "done"
    assert done["outcome"]["added"] == len(ok(get(client, "/claims?below=true", editor))["items"]) > 0
    for name, status in (("ruels", 422), ("openai", 422)):
        answer = post(client, f"/articles/{article.id}/detection", editor, {"detector": name})
        assert ok(answer, status)["errors"][0]["pointer"] == "#/detector"


def test_coverage_tells_which_sentences_have_no_entry(client, database, people, editor):
    article = make_article(
        database, people.reviewer, "The council spent 4.2 million pounds on the bridge in 2024.", floor=1.0
    )
    found = ok(get(client, f"/articles/{article.id}/coverage", editor))
    assert (found["threshold"], found["share"], found["understood"]) == (0.5, 0.0, True)
    (sentence,) = found["worthy"]
    assert (sentence["start"], sentence["cover"], sentence["claim_ids"]) == (0, "none", [])
    assert ok(get(client, f"/articles/{article.id}/coverage?threshold=1", editor))["share"] is None
    assert ok(get(client, f"/articles/{article.id}/coverage?threshold=2", editor), 422)

"""Webhooks by the API: what programs set up, change and read of them."""

import pytest

from ledger import clock
from ledger.adapters.post import Poster
from ledger.jobs.post import PostThread
from ledger.services import deliveries
from ledger.store import webhooks as store
from tests.factories import make_claim
from tests.ledger.api.helpers import everything, get, ok, patch, post
from tests.receiver import Listening

WANTED = {"name": "CMS", "url": "https://cms.example.org/hook", "kinds": ["claim.*"]}


@pytest.fixture
def admin(people):
    """An administrator's token."""
    return people.token("admin")


@pytest.fixture
def receiver():
    with Listening() as receiver:
        yield receiver


def test_a_webhook_from_its_beginning_to_its_end(client, admin):
    response = post(client, "/webhooks", admin, WANTED)
    made = ok(response, 201)
    assert made["secret"].startswith("whsec_")
    assert response.headers["Location"].endswith(f"/webhooks/{made['id']}")
    shown = get(client, f"/webhooks/{made['id']}", admin)
    assert ok(shown)["standing"] == {
        "old_secret_until": None, "failing_since": None, "waiting": 0, "delivered": 0, "failed": 0,
    }  # fmt: skip
    assert "secret" not in ok(shown)
    assert (
        get(client, f"/webhooks/{made['id']}", admin, if_none_match=shown.headers["ETag"]).status_code == 304
    )
    path = f"/webhooks/{made['id']}"
    assert ok(patch(client, path, admin, {"name": "x"}), 428)
    changed = ok(patch(client, path, admin, {"kinds": ["*"], "active": False}, if_match='"1"'))
    assert (changed["kinds"], changed["active"], changed["version"]) == (["*"], False, 2)
    late = ok(patch(client, path, admin, {"name": "x"}, if_match='"1"'), 412)
    assert late["current"]["kinds"] == ["*"]
    anew = ok(post(client, f"{path}/secret", admin, if_match='"2"'))
    assert anew["secret"] != made["secret"]
    assert anew["standing"]["old_secret_until"] is not None
    assert ok(get(client, "/webhooks", admin))["items"][0]["id"] == made["id"]
    assert ok(post(client, f"{path}/remove", admin, if_match='"3"'))["active"] is False
    assert ok(get(client, path, admin), 404)
    assert ok(get(client, "/webhooks", admin))["items"] == []


def test_what_a_webhook_may_be_told_of_is_listed_and_nothing_else_taken(client, admin):
    kinds = ok(get(client, "/webhooks/kinds", admin))["kinds"]
    assert {"claim.status_changed", "verdict.signed", "claim.*"} <= set(kinds)
    assert ok(post(client, "/webhooks", admin, {**WANTED, "kinds": kinds[:60]}), 201)
    for wrong in (["account.created"], [], ["x" * 61], "claim.*", [7], ["\x00"]):
        refused = ok(post(client, "/webhooks", admin, {**WANTED, "kinds": wrong}), 422)
        assert refused["errors"][0]["pointer"].startswith("#/kinds")
    assert ok(post(client, "/webhooks", admin, {**WANTED, "url": "javascript:alert(1)"}), 422)


def test_messages_are_listed_with_their_tries(client, database, people, admin, receiver):
    hook = ok(post(client, "/webhooks", admin, {**WANTED, "url": receiver.url}), 201)
    receiver.status = 503
    make_claim(database, people.reviewer)
    deliveries.write_messages(database, "https://ledger.example")
    tested = ok(post(client, f"/webhooks/{hook['id']}/test", admin), 202)
    assert (tested["state"], tested["tries"], tested["kind"]) == ("waiting", [], "webhook.test")
    poster = Poster(allow_networks=("127.0.0.0/8",), ports=(receiver.port,))
    with database.read() as session:
        due = store.waiting(session, clock.now(), but=(), each=10)
    for id in due[hook["id"]]:
        deliveries.send(database, poster, id, days=5)
    listed = everything(client, f"/webhooks/{hook['id']}/deliveries?limit=1", admin)
    assert len(listed) > 1
    assert listed[0]["id"] == tested["id"]
    assert [one["state"] for one in listed[:2]] == ["failed", "waiting"]
    assert listed[1]["tries"][0]["status"] == 503
    assert listed[1]["tries"][0]["answer"] == "thank you"
    failed = ok(get(client, f"/webhooks/{hook['id']}/deliveries?state=failed", admin))["items"]
    assert [one["id"] for one in failed] == [tested["id"]]
    again = ok(post(client, f"/webhooks/deliveries/{tested['id']}/redeliver", admin), 202)
    assert again["state"] == "waiting"
    assert ok(post(client, f"/webhooks/deliveries/{tested['id']}/redeliver", admin), 409)
    assert ok(get(client, f"/webhooks/deliveries/{tested['id']}", admin))["id"] == tested["id"]


def test_only_who_may_manage_webhooks_sees_them(client, people, admin):
    hook = ok(post(client, "/webhooks", admin, WANTED), 201)
    editor = people.token("editor")
    for path in ("", "/kinds", f"/{hook['id']}", f"/{hook['id']}/deliveries"):
        assert ok(get(client, f"/webhooks{path}", editor), 403)
    assert ok(post(client, "/webhooks", editor, WANTED), 403)


def test_the_worker_tells_a_receiver_by_itself(app, client, database, people, admin, receiver):
    parts = app.extensions["ledger"]
    thread = PostThread(parts, seconds=0.05)
    thread._poster = Poster(allow_networks=("127.0.0.0/8",), ports=(receiver.port,))
    thread.start()
    try:
        ok(post(client, "/webhooks", admin, {**WANTED, "url": receiver.url, "kinds": ["claim.added"]}), 201)
        for words in ("242 builders", "12 towns", "40 towns"):
            make_claim(database, people.reviewer, words)
        assert len(receiver.wait_for(3)) == 3
    finally:
        thread.end()
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 3

"""Watches of articles, by the API."""

from tests.factories import make_article
from tests.ledger.api.helpers import V1, everything, get, ok, post


def put(client, path, who, body, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(V1 + path, headers={**who, **named}, json=body)


def test_an_article_is_watched_looked_at_and_left_alone_again(client, people, database):
    who = people.token("reviewer")
    article = make_article(database, people.reviewer, url="https://example.org/a")
    path = f"/articles/{article.id}/watch"
    off = ok(get(client, path, who))
    assert (off["every"], off["due_at"], off["url"]) == ("off", None, "https://example.org/a")
    assert ok(post(client, f"{path}/look", who), 409)
    on = ok(put(client, path, who, {"every": "hour"}, if_match='"1"'))
    assert (on["every"], on["version"], on["outcome"], on["under_way"]) == ("hour", 2, None, False)
    assert on["due_at"] is not None
    assert ok(post(client, f"{path}/look", who), 202)["under_way"]
    assert [one["article_id"] for one in everything(client, "/watches?limit=1", who)] == [article.id]
    assert ok(get(client, f"/articles/{article.id}", who))["watch_minutes"] == 60
    assert ok(put(client, path, who, {"every": "off"}, if_match='"2"'))["due_at"] is None
    assert everything(client, "/watches", who) == []
    kinds = [event["kind"] for event in everything(client, "/events?kind=article.*", who)]
    assert kinds == ["article.added", "article.watched", "article.unwatched"]


def test_what_is_wrong_with_a_watch_is_told(client, people, database):
    who = people.token("reviewer")
    article = make_article(database, people.reviewer)
    path = f"/articles/{article.id}/watch"
    for body in ({"every": "minute"}, {"every": 15}, {}, {"minutes": 15}):
        assert ok(put(client, path, who, body, if_match='"1"'), 422)
    assert ok(put(client, path, who, {"every": "day"}), 428)
    assert ok(put(client, path, who, {"every": "day"}, if_match='"7"'), 412)["current"]["version"] == 1
    assert "no address" in ok(put(client, path, who, {"every": "day"}, if_match='"1"'), 409)["detail"]
    assert ok(put(client, path, people.token("reader"), {"every": "day"}, if_match='"1"'), 403)
    assert ok(get(client, "/articles/nothing/watch", who), 404)

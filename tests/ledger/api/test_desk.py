"""Searching, deeds on many and saved views, as a program does them."""

from tests.factories import make_article, make_claim
from tests.ledger.api.helpers import everything, get, ok, patch, post
from tests.ledger.services.desk import now


def test_claims_and_articles_are_searched_in_the_words_of_the_desk(client, people, database):
    claim = make_claim(database, people.reviewer)
    other = make_article(
        database, people.reviewer, "Other. It cost 5 million euros in 2024.", tags=["budget"]
    )
    who = people.token("reviewer")
    assert [c["id"] for c in everything(client, "/claims?search=status:unchecked+builders", who)] == [
        claim.id
    ]
    assert claim.id in client.get("/api/v1/claims.csv?search=status:unchecked", headers=who).text
    found = everything(client, "/articles?search=tag:budget&order=pressing&limit=1", who)
    assert [a["id"] for a in found] == [other.id] and found[0]["tags"] == ["budget"]
    assert len(everything(client, "/articles?order=pressing&limit=1", who)) == 2
    problem = ok(get(client, "/claims?search=stauts:stale", who), 422)
    assert "Did you mean “status:”" in problem["detail"]


def test_many_claims_are_changed_after_a_preview_and_undone(client, people, database):
    first, second = make_claim(database, people.reviewer), make_claim(database, people.reviewer, "12 towns")
    who = people.token("reviewer")
    body = {"search": "status:unchecked", "action": "take"}
    told = ok(post(client, "/bulk/claims", who, {**body, "preview": True}))
    assert (len(told["changed"]), told["first"]) == (2, None)
    items = [{"id": first.id, "version": 1}, {"id": second.id, "version": 9}]
    done = ok(post(client, "/bulk/claims", who, {"items": items, "action": "tag", "tags": ["Budget"]}))
    assert [line["id"] for line in done["changed"]] == [first.id]
    assert "Somebody changed it" in done["skipped"][0]["why"]
    assert now(database, first).tags == ["budget"]
    ok(post(client, "/undo", who, {"first": done["first"], "last": done["last"]}))
    assert now(database, first).tags is None
    ok(post(client, "/bulk/claims", who, {"action": "take"}), 422)
    ok(post(client, "/bulk/claims", who, {"search": "builders status:refuted", "action": "take"}), 422)
    ok(post(client, "/bulk/claims", people.token("reader"), {**body}), 403)


def test_a_claim_is_tagged_and_an_article_given_a_date(client, people, database):
    claim = make_claim(database, people.reviewer)
    who = people.token("reviewer")
    tagged = ok(post(client, f"/claims/{claim.id}/tag", who, {"tags": ["B", "a"]}, if_match='"1"'))
    assert tagged["tags"] == ["a", "b"] and tagged["version"] == 2
    article = make_article(database, people.reviewer)
    named = ok(patch(client, f"/articles/{article.id}", who, {"due_at": "2030-01-01"}, if_match='"1"'))
    assert named["due_at"] == "2030-01-01T23:59:59.000000Z"
    done = ok(
        post(client, "/bulk/articles", who, {"items": [{"id": article.id}], "action": "due", "due": None})
    )
    assert len(done["changed"]) == 1
    ok(patch(client, f"/articles/{article.id}", who, {"due_at": "soon"}, if_match='"3"'), 422)


def test_views_are_saved_changed_shared_and_removed(client, people, database):
    who, other = people.token("reviewer"), people.token("reader")
    body = {"name": "Stale", "lists": "claims", "query": "status:stale"}
    view = ok(post(client, "/views", who, body), 201)
    ok(post(client, "/views", who, body), 409)
    ok(get(client, f"/views/{view['id']}", other), 404)
    ok(patch(client, f"/views/{view['id']}", who, {"shared": True}, if_match='"1"'))
    assert [v["name"] for v in everything(client, "/views?lists=claims", other)] == ["Stale"]
    ok(patch(client, f"/views/{view['id']}", other, {"name": "Mine"}, if_match='"2"'), 403)
    ok(post(client, f"/views/{view['id']}/remove", who, if_match='"2"'))
    assert everything(client, "/views", who) == []


def test_a_list_is_counted_by_what_it_can_be_narrowed_by(client, people, database):
    first, who = make_claim(database, people.reviewer), people.token("reviewer")
    make_claim(database, people.reviewer, "12 towns")
    ok(post(client, f"/claims/{first.id}/take", who, if_match='"1"'))
    found = ok(get(client, "/facets/claims?search=status:unchecked,checking", who))
    assert (found["total"], found["capped"]) == (2, False)
    assert found["counts"]["assignee"] == {people.reviewer.account: 1, "none": 1}
    # Its other values stay in sight, whatever was chosen of the status.
    mine = ok(get(client, "/facets/claims?search=status:checking", who))
    assert mine["total"] == 1 and mine["counts"]["status"]["unchecked"] == 1
    assert ok(get(client, "/facets/articles", who))["counts"]["state"]["open"] == 1
    assert ok(get(client, "/facets/claims?search=status:nonsense", who), 422)
    assert ok(get(client, "/facets/claims?searches=x", who), 422)

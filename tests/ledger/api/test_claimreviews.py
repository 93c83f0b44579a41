"""ClaimReview of one claim and of all: who sees what, whose it is, and that size costs no memory."""

import gzip
import json
import tracemalloc
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest

from ledger.app import create_app
from ledger.export.claimreview import House
from ledger.models import Claim
from ledger.services import claims, standards
from ledger.store.claims import Filters
from tests.ledger.api.helpers import V1, get, ok
from tests.ledger.api.published import describe, make_world, publish
from tests.ledger.export.crowd import make_crowd


@pytest.fixture
def world(database, people):
    return make_world(database, people)


def elements(answer):
    assert answer.status_code == 200 and answer.mimetype == "application/ld+json", answer.text
    feed = json.loads(answer.text)
    assert (feed["@context"], feed["@type"]) == ("https://schema.org", "DataFeed")
    return [review for element in feed["dataFeedElement"] for review in element["item"]]


def withdraw(world, claim):
    with world.database.write() as session:
        version = session.get_one(Claim, claim.id).version
        claims.withdraw(session, claim.id, by=world.people.editor, version=version, note="A mistake of ours.")


def test_a_public_verdict_is_told_to_anybody(client, world):
    answer = client.get(f"{V1}/claims/{world.checked.id}/claimreview")
    assert answer.status_code == 200 and answer.mimetype == "application/ld+json"
    review = json.loads(answer.text)
    report = f"http://localhost/reports/{world.article.id}"
    assert review["url"] == f"{report}#claim-{world.checked.id}"
    assert review["author"] == {"@type": "Organization", "name": "Desk", "url": "http://localhost"}
    assert review["reviewRating"]["alternateName"] == "Refuted" and review["inLanguage"] == "en"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = client.get(f"{V1}/claims/{world.checked.id}/claimreview", headers=tag)
    assert again.status_code == 304 and not again.data
    page = lxml.html.fromstring(client.get(f"/reports/{world.article.id}").text)
    (markup,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(markup.text) == [review], "what the page has"


def test_what_is_not_public_needs_a_token_that_may_read(client, world):
    path = f"/claims/{world.secret.id}/claimreview"
    assert ok(client.get(V1 + path), 404)["code"] == "not_found"
    narrow = world.people.token("reviewer", "claims:write")
    assert client.get(V1 + path, headers=narrow).status_code == 404
    assert ok(client.get(V1 + path, headers={"Authorization": "Bearer clt_nothing"}), 401)
    answer = get(client, path, world.people.token("reader"))
    review = json.loads(answer.text)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-cache"
    assert review["url"] == f"http://localhost/claims/{world.secret.id}"
    assert review["itemReviewed"]["appearance"][0]["url"] == "https://www.food.example/lunches"


def test_only_a_verdict_in_force_has_one(client, world):
    reader = world.people.token("reader")
    assert "unchecked" in ok(get(client, f"/claims/{world.open.id}/claimreview", reader), 404)["detail"]
    withdraw(world, world.checked)
    assert get(client, f"/claims/{world.checked.id}/claimreview", reader).status_code == 404
    assert client.get(f"{V1}/claims/{world.checked.id}/claimreview").status_code == 404
    assert elements(client.get(f"{V1}/claimreviews")) == []
    for id in ("nothing", "%00", "x" * 200):
        assert client.get(f"{V1}/claims/{id}/claimreview").status_code == 404


def test_a_claimant_is_an_organisation_only_where_that_is_known(client, world):
    reader = world.people.token("reader")
    path = f"/claims/{world.secret.id}/claimreview"
    author = json.loads(get(client, path, reader).text)["itemReviewed"]["author"]
    assert author == {"@type": "Organization", "name": "The Lunch Board"}, "it published the article"
    describe(world.database, world.people, world.private, publisher="The News")
    assert json.loads(get(client, path, reader).text)["itemReviewed"]["author"] == {"name": "The Lunch Board"}


def test_the_settings_name_the_publishing_organisation(settings, world):
    named = settings.model_copy(
        update={
            "publisher_name": "The News",
            "publisher_url": "https://news.example/",
            "base_url": "https://l.example",
        }
    )
    app = create_app(named)
    client = app.test_client()
    review = json.loads(client.get(f"{V1}/claims/{world.checked.id}/claimreview").text)
    page = client.get(f"/reports/{world.article.id}").text
    card = client.get(f"/claims/{world.checked.id}/card").text
    app.extensions["ledger"].database.dispose()
    assert review["author"] == {"@type": "Organization", "name": "The News", "url": "https://news.example"}
    assert review["url"].startswith("https://l.example/reports/")
    assert '"author":{"@type":"Organization","name":"The News"' in page and "The News" in card


def test_the_feed_has_what_its_reader_may_see(client, world):
    public = client.get(f"{V1}/claimreviews")
    assert [review["claimReviewed"] for review in elements(public)] == ["242 builders"]
    whole = get(client, "/claimreviews", world.people.token("reader"))
    assert [review["claimReviewed"] for review in elements(whole)] == ["9000 lunches", "242 builders"]
    publish(world.database, world.people, world.private)
    assert len(elements(client.get(f"{V1}/claimreviews"))) == 2


def test_the_feed_is_narrowed_as_the_list_is(client, world):
    reader = world.people.token("reader")

    def told(query, who=reader):
        return [r["claimReviewed"] for r in elements(get(client, f"/claimreviews?{query}", who))]

    assert told("status=refuted") == ["242 builders"] and told("status=unchecked") == []
    assert told("q=lunches") == ["9000 lunches"] and told("search=status:supported") == ["9000 lunches"]
    assert told(f"article_id={world.article.id}") == ["242 builders"]
    assert told(f"article_id={world.private.id}", {}) == [], "nobody is told what stands in it"
    assert told("status=refuted&q=242", {}) == ["242 builders"]
    for beyond in ("desk_id=00000000-0000-7000-8000-000000000000", "search=by:me", "below=true"):
        assert ok(client.get(f"{V1}/claimreviews?{beyond}"), 401)
    assert ok(get(client, "/claimreviews?nonsense=1", reader), 422)
    assert ok(client.get(f"{V1}/claimreviews?nonsense=1"), 422)
    assert ok(get(client, "/claimreviews?status=nonsense", reader), 422)


def test_the_feed_is_not_sent_again_until_something_was_written(client, world):
    first = client.get(f"{V1}/claimreviews")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{V1}/claimreviews", headers=tag).status_code == 304
    assert client.get(f"{V1}/claimreviews?q=242", headers=tag).status_code == 200
    assert get(client, "/claimreviews", {**world.people.token("reader"), **tag}).status_code == 200
    withdraw(world, world.checked)
    assert client.get(f"{V1}/claimreviews", headers=tag).status_code == 200


def test_the_feed_is_packed_on_its_way_where_that_is_taken(client, world):
    plain = client.get(f"{V1}/claimreviews")
    packed = client.get(f"{V1}/claimreviews", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"] and plain.headers["ETag"].startswith("W/")
    assert {"Accept-Encoding", "Authorization"} <= set(plain.headers["Vary"].split(", "))


def test_a_large_feed_takes_no_more_memory_than_a_small_one(database, people):
    make_crowd(database, people.reviewer, people.editor, 1200)

    def measured(filters):
        tracemalloc.start()
        size = count = 0
        for piece in standards.feed(database, filters, House("https://l.example"), public=False):
            size, count = size + len(piece), count + piece.count(b'"DataFeedItem"')
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return count, size, peak

    last = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=800)
    measured(Filters(updated_since=last))
    few, _, small = measured(Filters(updated_since=last))
    count, size, large = measured(Filters())
    assert (few, count) == (200, 600) and size > 500_000
    assert large < small + 250_000

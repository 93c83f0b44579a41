"""A verdict that no longer fits, and a claim that was merged, as each way out of the ledger tells of them."""

import csv
import io
import json
import zipfile

import orjson
import pytest
from sqlmodel import select

from ledger.models import Article, Claim, Delivery
from ledger.services import articles, deliveries, reports, revisions, spans, webhooks
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.api.helpers import get, ok, post
from tests.ledger.services.desk import do, now

DIFFERENCE = "“242” → “424”"


class World:
    """A published article with a signed claim on 242 builders."""

    def __init__(self, client, database, people):
        self.client, self.database, self.people = client, database, people
        self.claim, _ = make_verdict(database, people.reviewer, people.editor)
        self.article = make_article(database, people.reviewer)
        self.who = people.token("admin")
        hooked = {"name": "CMS", "url": "https://cms.example.org/", "kinds": ["claim.status_changed"]}
        do(database, webhooks.add, by=people.admin, **hooked)
        do(database, reports.publish, self.article.id, by=people.editor, version=self.version(self.article))

    def version(self, record):
        return now(self.database, record).version

    def revise(self):
        text = TEXT.replace("242", "424")
        do(self.database, revisions.add, self.article.id, articles.prepare(text), by=self.people.reviewer)

    def api(self, path):
        return ok(get(self.client, path, self.who))

    def seen(self, path, status=200):
        answer = self.client.get(path, headers=self.who if path.startswith("/api/") else {})
        assert answer.status_code == status, (path, answer.text[:300])
        return answer.get_data()


@pytest.fixture
def world(client, database, people):
    return World(client, database, people)


def sha_of(world):
    return world.api(f"/articles/{world.article.id}")["revision"]["sha256"]


def test_programs_are_told_why_a_verdict_no_longer_fits(world):
    id = world.claim.id
    world.revise()
    asked = post(world.client, "/lookups", world.who, {"questions": [{"claim": id}]})
    listed = world.api("/claims?status=stale")["items"]
    for told in (
        world.api(f"/claims/{id}/status"), world.api(f"/claims/{id}"), ok(asked)["items"][0]["claim"],
        listed[0], world.api(f"/articles/{world.article.id}/gate?revision={sha_of(world)}")["blocks"][0]["claim"],
    ):  # fmt: skip
        assert (told["id"], told["status"]) == (id, "stale")
        assert told["stale_since"] is not None and told["stale_reasons"] == [
            f"The words changed: {DIFFERENCE}"
        ]
    (block,) = world.api(f"/articles/{world.article.id}/gate?revision={sha_of(world)}")["blocks"]
    assert DIFFERENCE in block["detail"] and "stale" in block["detail"]


def test_files_tell_it_too(world):
    world.revise()
    (row,) = (
        one for one in csv.DictReader(io.StringIO(world.seen("/api/v1/claims.csv").decode("utf-8-sig")))
        if one["status"] == "stale"
    )  # fmt: skip
    assert DIFFERENCE in row["stale_reasons"] and row["stale_since"]
    lines = [json.loads(line) for line in world.seen("/api/v1/claims.jsonl").splitlines()]
    assert [DIFFERENCE in one["stale_reasons"][0] for one in lines if one["status"] == "stale"] == [True]
    book = zipfile.ZipFile(io.BytesIO(world.seen("/api/v1/claims.xlsx")))
    assert any(DIFFERENCE in book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_readers_are_told_it_and_no_rating(world):
    here = f"/reports/{world.article.id}"
    assert "Supported" in world.seen(here).decode()
    world.revise()
    for path in (
        here, f"/claims/{world.claim.id}/badge.svg", f"/claims/{world.claim.id}/card",
        "/feeds/verdicts.atom", "/feeds/verdicts.json", f"{here}/verdicts.atom",
    ):  # fmt: skip
        told = world.seen(path).decode()
        assert "Being looked at again" in told and DIFFERENCE in told, path
        assert "It says so." not in told and "Supported" not in told, path
    entry = orjson.loads(world.seen("/feeds/verdicts.json"))["items"][0]
    assert entry["tags"][0] == "stale" and entry["date_modified"] > entry["date_published"]


def test_it_is_a_finding_nowhere(world):
    id = world.claim.id
    world.revise()
    world.seen(f"/api/v1/claims/{id}/claimreview", 404)
    assert world.seen("/api/v1/claimreviews").count(b'"ClaimReview"') == 0
    assert orjson.loads(world.client.get("/v1alpha1/claims:search?query=builders").data) == {}
    (place,) = orjson.loads(world.seen("/api/v1/claims.annotations.json"))["first"]["items"]
    assert [body["value"] for body in place["body"]][::2] == ["stale", f"The words changed: {DIFFERENCE}."]
    rows = ok(world.client.get("/api/search", headers=world.who))["rows"]
    assert [row["tags"] for row in rows] == [["stale"]] and DIFFERENCE in rows[0]["text"]


def test_subscribers_are_told_in_the_moment(world):
    world.revise()
    deliveries.write_messages(world.database, "http://localhost")
    with world.database.read() as session:
        sent = [orjson.loads(one.body)["data"]["claims"] for one in session.exec(select(Delivery))]
    assert [(one["id"], one["status"]) for some in sent for one in some if one["status"] == "stale"] == [
        (world.claim.id, "stale")
    ]


def test_words_of_an_article_that_is_not_public_are_not_told_to_readers(world, database, people):
    hidden = make_article(
        database, people.reviewer, "Draft. We signed with 242 builders, said the mayor of Oslo.\n"
    )
    other = make_claim(
        database,
        people.reviewer,
        "242 builders",
        "Draft. We signed with 242 builders, said the mayor of Oslo.\n",
    )
    do(
        database, spans.merge, world.claim.id, other.id, by=people.editor, version=world.version(world.claim),
        other_version=other.version,
    )  # fmt: skip
    assert hidden.report_since is None
    reason = world.api(f"/claims/{world.claim.id}/status")["stale_reasons"][0]
    assert "242 builders" in reason
    told = world.seen("/feeds/verdicts.json").decode()
    assert "The claim stands in another place too" in told and reason not in told


def test_the_id_of_a_merged_claim_is_answered_for_everywhere(world, database, people):
    old = make_claim(database, people.reviewer, "12 towns")
    new = now(database, world.claim)
    do(
        database, spans.merge, new.id, old.id, by=people.editor, version=new.version,
        other_version=old.version,
    )  # fmt: skip
    assert world.api(f"/claims/{old.id}/status")["id"] == new.id
    assert world.api(f"/claims/{old.id}")["id"] == new.id
    asked = post(world.client, "/lookups", world.who, {"questions": [{"claim": old.id}]})
    assert ok(asked)["items"][0]["claim"]["id"] == new.id
    assert world.api(f"/claims/{old.id}/reach")["claim_id"] == new.id
    assert [one["id"] for one in world.api(f"/claims/{new.id}/reach")["answers_for"]] == [old.id]
    for what in ("badge.svg", "card"):
        assert world.seen(f"/claims/{old.id}/{what}") == world.seen(f"/claims/{new.id}/{what}")
    for id in (old.id, new.id):
        told = orjson.loads(world.seen(f"/oembed?url=http://localhost/claims/{id}/card"))
        assert f"/claims/{new.id}/card" in told["html"]
    assert world.api(f"/claims/{old.id}/report") == world.api(f"/claims/{new.id}/report")
    gate = world.api(f"/articles/{world.article.id}/gate?revision={sha_of(world)}")
    assert old.id not in {block["claim"]["id"] for block in gate["blocks"]}
    places = world.client.get(f"/api/v1/articles/{world.article.id}/annotations/", headers=world.who).text
    assert old.id not in places
    with database.read() as session:
        assert session.get_one(Claim, old.id).merged_into == new.id
        assert session.get_one(Article, world.article.id).report_since is not None

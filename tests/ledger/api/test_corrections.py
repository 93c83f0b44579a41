"""Corrections by the API and on their page: asked for a reason, told with it, and whom they reach."""

import lxml.html
import orjson
import pytest
from sqlmodel import select

from ledger.models import Delivery
from ledger.services import claims, corrections, deliveries, reports, verdicts, webhooks
from tests.factories import make_article, make_claim, make_desk, make_verdict
from tests.ledger.api.helpers import V1, everything, get, ok, post
from tests.ledger.services.desk import do, now

WHY = "The register was corrected: 424 names, not 242."


class Desk:
    """A published article with signed claims."""

    def __init__(self, client, database, people):
        self.client, self.database, self.people = client, database, people
        self.article = make_article(database, people.reviewer)
        self.editor = people.token("editor")

    def claim(self, words="242 builders", code="supported"):
        made = make_claim(self.database, self.people.reviewer, words)
        return make_verdict(self.database, self.people.reviewer, self.people.editor, made, code)[0]

    def publish(self, change=reports.publish):
        version = now(self.database, self.article).version
        do(self.database, change, self.article.id, by=self.people.editor, version=version)

    def propose(self, claim, code="refuted"):
        return do(
            self.database, verdicts.propose, claim.id, by=self.people.reviewer,
            version=now(self.database, claim).version, code=code, rationale="We read the register again.",
            policy=verdicts.Policy(),
        )  # fmt: skip

    def sign(self, verdict, status=200, **more):
        body = {"digest": verdict.digest, **more}
        return ok(post(self.client, f"/verdicts/{verdict.id}/sign", self.editor, body), status)


@pytest.fixture
def desk(client, database, people):
    return Desk(client, database, people)


def listed(client, query=""):
    """As anybody reads them."""
    return ok(client.get(f"{V1}/corrections{query}"))["items"]


def test_who_changes_what_readers_were_told_must_say_why(client, database, desk):
    claim = desk.claim()
    desk.publish()
    verdict = desk.propose(claim)
    refused = desk.sign(verdict, 422)
    assert refused["errors"][0]["pointer"] == "#/correction" and "Supported" in refused["detail"]
    assert now(database, claim).status == "supported", "nothing is half done"
    assert desk.sign(verdict, correction=WHY)["correction"] == WHY
    (told,) = listed(client)
    assert (told["deed"], told["claim_id"], told["reason"]) == ("rated_anew", claim.id, WHY)
    assert told["changes"][0] == {"what": "Rating", "before": "Supported", "after": "Refuted"}
    assert told["reports"] == [f"http://localhost/reports/{desk.article.id}#claim-{claim.id}"]
    review = orjson.loads(client.get(f"{V1}/claims/{claim.id}/claimreview").data)
    assert review["correction"]["text"] == WHY
    file = ok(get(client, f"/claims/{claim.id}", desk.editor))["verdicts"]
    assert [(one["state"], one["correction"]) for one in file] == [("settled", WHY), ("superseded", None)]


@pytest.mark.parametrize("code", ["supported", "refuted"])
def test_no_reason_is_asked_where_nobody_was_told_otherwise(client, desk, code):
    claim = desk.claim()
    if code == "supported":
        desk.publish()  # the same rating once more corrects nothing
    desk.sign(desk.propose(claim, code))
    assert [one["deed"] for one in listed(client)] == (["confirmed"] if code == "supported" else [])


def test_a_report_that_was_closed_was_read_all_the_same(client, desk):
    claim = desk.claim()
    desk.publish()
    desk.publish(reports.unpublish)
    verdict = desk.propose(claim)
    desk.sign(verdict, 422)
    desk.sign(verdict, correction=WHY)
    assert listed(client) == [], "nothing public tells of it now"
    desk.publish()
    assert [one["reason"] for one in listed(client)] == [WHY]


def test_they_are_narrowed_and_paged(client, database, people, desk):
    made = [desk.claim(words) for words in ("242 builders", "12 towns", "4.2 million")]
    desk.publish()
    for claim in made:
        desk.sign(desk.propose(claim), correction=WHY)
    found = everything(client, "/corrections?limit=1", {})
    assert [one["claim_id"] for one in found] == [claim.id for claim in reversed(made)]
    other = make_desk(database, people.admin)
    for query, number in (
        (f"article_id={desk.article.id}", 3), (f"claim_id={made[1].id}", 1), (f"desk_id={other.id}", 0),
        ("desk_id=00000000-0000-7000-8000-000000000000", 3), (f"article_id={other.id}", 0),
    ):  # fmt: skip
        assert len(listed(client, f"?{query}")) == number, query
    for query in ("limit=0", "after=-1", "after=x", "claim_id=x", "colour=red"):
        answer = get(client, f"/corrections?{query}", desk.editor)
        assert answer.status_code == 422, query
    first = client.get(f"{V1}/corrections")
    again = client.get(f"{V1}/corrections", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_tells_before_after_and_why_to_anybody(client, database, people, desk):
    assert "There are none." in client.get("/corrections").text
    claim, gone = desk.claim(), desk.claim("12 towns")
    desk.publish()
    desk.sign(desk.propose(claim), correction="<b>Why</b> 😀")
    do(
        database,
        claims.withdraw,
        gone.id,
        by=people.editor,
        version=now(database, gone).version,
        note="A parody.",
    )
    answer = client.get("/corrections")
    page = lxml.html.fromstring(answer.text)
    entries = [" ".join(one.text_content().split()) for one in page.xpath("//section//ol/li")]
    assert "A parody." in entries[0] and "Supported" in entries[1] and "Refuted" in entries[1]
    assert "<b>Why</b> 😀" in entries[1] and not page.xpath("//script")
    assert "Set-Cookie" not in answer.headers and "public" in answer.headers["Cache-Control"]
    for link in page.xpath("//section//ol//a/@href") + page.xpath("//link[@rel='alternate']/@href"):
        assert client.get(link.partition("#")[0]).status_code == 200
    other = make_desk(database, people.admin)
    assert "There are none." in client.get(f"/corrections?desk={other.id}").text
    assert client.get(f"/feeds/corrections.json?desk={other.id}").json["items"] == []
    for bad in ("?desk=nowhere", "?after=x", "?after=-1"):
        assert client.get(f"/corrections{bad}").status_code == 404


def test_webhooks_are_told_all_that_readers_are(client, database, people, desk):
    claim = desk.claim()
    desk.publish()
    wanted = {"name": "CMS", "url": "https://cms.example.org/", "kinds": [corrections.KIND]}
    do(database, webhooks.add, by=people.admin, **wanted)
    desk.sign(desk.propose(claim), correction=WHY)
    deliveries.write_messages(database, "http://localhost")
    with database.read() as session:
        (message,) = [orjson.loads(one.body) for one in session.exec(select(Delivery))]
    assert message["type"] == "correction.published"
    assert message["data"]["corrections"] == listed(client)


def test_whom_a_change_reaches_is_said_beforehand(client, database, people, desk):
    claim = desk.claim()
    make_article(database, people.reviewer, "Another text.\n\n242 builders came.\n")
    before = ok(get(client, f"/claims/{claim.id}/reach", desk.editor))
    assert before["public"] is False and len(before["articles"]) == 1
    desk.publish()
    do(database, webhooks.add, by=people.admin, name="CMS", url="https://cms.example.org/", kinds=["*"])
    do(
        database,
        webhooks.add,
        by=people.admin,
        name="No",
        url="https://cms.example.org/",
        kinds=["comment.*"],
    )
    reach = ok(get(client, f"/claims/{claim.id}/reach", desk.editor))
    (place,) = reach["articles"]
    assert (place["article"]["id"], place["places"], place["waiting"]) == (desk.article.id, 1, 0)
    assert place["article"]["report_since"] and [one["name"] for one in reach["webhooks"]] == ["CMS"]
    kinds = {one["kind"] for one in reach["carriers"] if one["public"]}
    assert kinds >= {"badge", "card", "oembed", "report", "feed", "corrections", "claimreview", "annotations"}
    for one in reach["carriers"]:
        path = one["url"].removeprefix("http://localhost")
        sha = ok(get(client, f"/articles/{desk.article.id}", desk.editor))["revision"]["sha256"]
        path += {"gate": f"?revision={sha}", "factcheck": "?query=builders"}.get(one["kind"], "")
        method = client.post if one["kind"] == "lookups" else client.get
        more = {"json": {"questions": [{"claim": claim.id}]}} if one["kind"] == "lookups" else {}
        who = {} if one["public"] else desk.editor
        assert method(path, headers=who, **more).status_code == 200, path
    assert get(client, "/claims/nothing/reach", desk.editor).status_code == 404

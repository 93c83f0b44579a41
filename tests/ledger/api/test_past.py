"""As of: whatever was told at a time is told again when that time is asked for, from the log alone."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from werkzeug.http import parse_date

from ledger import clock
from ledger.eventlog.canonical import timestamp
from ledger.models import Claim
from ledger.services import articles, claims, evidence, gates, labels, spans, undo, verdicts
from tests.factories import TEXT, make_article, make_capture, make_claim, make_evidence, make_verdict
from tests.ledger.api.helpers import get, ok, post
from tests.ledger.services.desk import do, now

PAGE, LATER_PAGE = "https://news.example/2026/bridge", "https://news.example/2026/bridge-opens"


@pytest.fixture
def who(people):
    return people.token("reader")


@pytest.fixture
def article(database, people):
    """An article that is known by an address."""
    found = make_article(database, people.reviewer, TEXT, floor=1.0)
    return do(
        database, articles.describe, found.id, by=people.editor, version=found.version, details={"url": PAGE}
    )


class Told:
    """What the API tells of some claims and of their article, now or as of a time."""

    def __init__(self, client, who, article, sha, ids):
        self.client, self.who, self.article, self.sha, self.ids = client, who, article, sha, ids

    def ask(self, at=None):
        more = f"as_of={quote(at)}" if at else ""
        found = {}
        for id in self.ids:
            for path in (f"/claims/{id}/status", f"/claims/{id}"):
                found[path] = self._told(f"{path}?{more}")
        for url in (PAGE, LATER_PAGE):
            # The counts come in any order, so that the ETag may be another.
            found[url] = self._told(f"/articles/lookup?url={url}&{more}")[:2]
        gate = self._told(f"/articles/{self.article.id}/gate?revision={self.sha}&{more}")
        gate[1].pop("as_of", None)
        found["gate"] = gate[:2]  # its ETag is of the time that was asked for, too
        found["lookups"] = self._looked_up(at)
        return found

    def _told(self, path):
        response = get(self.client, path, self.who)
        body = response.json
        if response.status_code == 404:
            return 404, {}
        return response.status_code, body, response.headers["ETag"]

    def _looked_up(self, at):
        questions = [{"claim": id} for id in self.ids]
        questions += [{"url": PAGE}, {"url": LATER_PAGE}, {"sha256": self.sha}, {"text": "242 builders"}]
        body = {"questions": questions, "k": 5, **({"as_of": at} if at else {})}
        items = ok(post(self.client, "/lookups", self.who, body))["items"]
        # Why there is no answer is put in other words when it is of the past.
        return [_plain(item) for item in items]


def _plain(item):
    if "error" in item:
        return {"error": item["error"]["code"]}
    if "matches" in item:
        # What is alike is guessed by vectors too, which may not have been there yet.
        return [match["claim"] for match in item["matches"] if match["relation"] == "same"]
    return item


def test_what_was_told_at_each_step_is_told_again_as_of_then(client, database, people, who, article):
    """A claim's whole life: found, taken, reworded, checked, settled, stale, merged, unmerged, withdrawn."""
    p = people
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    seen, steps = [], []

    def look():
        steps.append(timestamp(clock.now()))
        seen.append(told.ask())

    first = make_claim(database, p.reviewer)
    other = make_claim(database, p.reviewer, "12 towns")
    told = Told(client, who, article, sha, [first.id, other.id])
    look()

    def change(service, claim, by=p.reviewer, **more):
        done = do(database, service, claim.id, by=by, version=now(database, claim).version, **more)
        look()
        return done

    change(claims.assign, first, to=p.reviewer.account)
    change(claims.reword, first, details={"statement": "242 builders signed the bridge."})
    change(labels.tag, first, given=["bridge"])
    piece = make_evidence(database, p.reviewer, first)
    look()
    make_capture(database, p.reviewer, piece, "We signed with 242 builders that day.")
    look()
    verdict = change(
        verdicts.propose, first, code="refuted", rationale="It says so.", policy=verdicts.Policy()
    )
    do(database, verdicts.sign, verdict.id, by=p.editor, digest_seen=verdict.digest, policy=verdicts.Policy())
    look()
    change(articles.describe, article, by=p.editor, details={"url": LATER_PAGE, "title": "It opens"})
    policy = {"details": {"passes": ["supported", "refuted"]}, "by": p.admin}
    do(database, gates.change, "standard", version=0, **policy)
    look()
    change(evidence.withdraw, piece, reason="The page was wrong.")
    merged = change(spans.merge, first, other_id=other.id, other_version=now(database, other).version)
    assert merged
    with database.write() as session:
        span = undo.latest(session, by=p.reviewer, claim_id=first.id)
        undo.undo(session, *span, by=p.reviewer)
    look()
    change(claims.withdraw, first, by=p.editor, note="We misread it.")

    for at, then in zip(steps, seen, strict=True):
        assert told.ask(at) == then, at
    assert len({str(one) for one in seen}) == len(seen), "each step must show"


def test_before_it_came_in_there_was_nothing(client, database, people, who, article):
    before = timestamp(article.created_at - timedelta(seconds=1))
    claim = make_claim(database, people.reviewer)
    for path in (
        f"/claims/{claim.id}/status", f"/claims/{claim.id}", f"/articles/{article.id}/gate?revision={'0' * 64}",
        f"/articles/lookup?url={PAGE}",
    ):  # fmt: skip
        told = ok(get(client, f"{path}{'&' if '?' in path else '?'}as_of={before}", who), 404)
        assert told["code"] == "not_found"
        assert before in told["detail"]
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    questions = [{"claim": claim.id}, {"url": PAGE}, {"sha256": sha}, {"text": "242 builders"}]
    items = ok(post(client, "/lookups", who, {"questions": questions, "as_of": before}))["items"]
    assert [item.get("error", {}).get("code") for item in items] == ["not_found"] * 3 + [None]
    assert items[3] == {"relation": "none", "matches": []}
    nobody = "01a2060b-e223-782a-96f6-dd90419789f1"
    told = ok(get(client, f"/claims/{nobody}/status?as_of=2026-11-01", who), 404)
    assert "There is no claim" in told["detail"]
    assert ok(get(client, f"/articles/x/gate?revision={'0' * 64}&as_of=2026-11-01", who), 404)


@pytest.mark.parametrize(
    ("as_of", "says"),
    [
        ("yesterday", "no date"), ("", "no date"), ("2026-13-01", "no date"), ("1", "no date"),
        ("9999-12-31", "still to come"), ("2999-01-01T00:00:00Z", "still to come"), ("9" * 41, "at most 40"),
        ("0001-01-01T00:00:00+14:00", "no date"),
    ],
)  # fmt: skip
def test_what_is_no_past_time_is_refused_with_the_remedy(client, database, people, who, as_of, says):
    claim = make_claim(database, people.reviewer)
    told = ok(get(client, f"/claims/{claim.id}/status?as_of={quote(as_of)}", who), 422)
    assert says in told["errors"][0]["detail"]
    assert told["errors"][0]["pointer"] == "#/as_of"
    body = {"questions": [{"claim": claim.id}], "as_of": as_of}
    assert ok(post(client, "/lookups", who, body), 422)["errors"][0]["pointer"] == "#/as_of"


def test_a_day_means_its_end_and_today_means_now(client, database, people, who):
    claim = make_claim(database, people.reviewer)
    asked = f"/claims/{claim.id}/status?as_of="
    today = clock.now().date().isoformat()
    assert ok(get(client, asked + today, who)) == ok(get(client, f"/claims/{claim.id}/status", who))
    ok(get(client, asked + (clock.now().date() - timedelta(days=1)).isoformat(), who), 404)
    # A plus sign that was left as it is arrives as a space.
    zoned = (clock.now() + timedelta(hours=1)).replace(tzinfo=None).isoformat() + "+01:00"
    assert ok(get(client, asked + zoned, who))["id"] == claim.id


def test_an_answer_of_the_past_names_its_time_and_has_an_etag(client, database, people, who, article):
    claim = make_claim(database, people.reviewer)
    at = clock.now()
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    paths = [
        f"/claims/{claim.id}/status?", f"/claims/{claim.id}?", f"/articles/lookup?url={PAGE}&",
        f"/articles/{article.id}/gate?revision={sha}&",
    ]  # fmt: skip
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)
    for path in paths:
        response = get(client, f"{path}as_of={quote(timestamp(at))}", who)
        stated = parse_date(response.headers["Memento-Datetime"])
        assert stated == at.replace(microsecond=0)
        tag = response.headers["ETag"]
        again = get(client, f"{path}as_of={quote(timestamp(at))}", who, if_none_match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert "Memento-Datetime" not in get(client, path.rstrip("?&"), who).headers


def test_questions_by_post_are_answered_with_304_and_no_deed_is(client, database, people, who):
    claim = make_claim(database, people.reviewer)
    body = {"questions": [{"claim": claim.id}]}
    asked = {"texts": ["Hens lay eggs."]}
    told = post(client, "/matches", who, asked).headers["ETag"]
    assert post(client, "/matches", who, asked, if_none_match=told).status_code == 304
    response = post(client, "/lookups", who, body)
    tag = response.headers["ETag"]
    assert post(client, "/lookups", who, body, if_none_match=tag).status_code == 304
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)
    assert post(client, "/lookups", who, body, if_none_match=tag).status_code == 200
    writer = people.token("reviewer")
    version = now(database, claim).version
    sent = post(client, f"/claims/{claim.id}/lay-down", writer, if_match=f'"{version}"', if_none_match="*")
    assert sent.status_code == 200


def test_the_gate_goes_by_the_policy_and_the_ages_of_then(client, database, people, who, article):
    claim = make_claim(database, people.reviewer)
    make_verdict(database, people.reviewer, people.editor, claim=claim)
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    at = quote(timestamp(clock.now()))
    asked = f"/articles/{article.id}/gate?revision={sha}"
    strict = {"details": {"signatures": 9}, "by": people.admin}
    do(database, gates.change, "standard", version=0, **strict)
    do(database, gates.add, by=people.admin, details={"name": "late"})
    assert ok(get(client, asked, who))["decision"] == "block"
    then = ok(get(client, f"{asked}&as_of={at}", who))
    assert (then["decision"], then["policy"]) == ("pass", "standard@0")
    # A policy that is named with its version is that one, whatever the time.
    assert ok(get(client, f"{asked}&as_of={at}&policy=standard@1", who))["decision"] == "block"
    ok(get(client, f"{asked}&as_of={at}&policy=late", who), 404)
    with database.read() as session:
        assert session.get_one(Claim, claim.id).status == "supported"

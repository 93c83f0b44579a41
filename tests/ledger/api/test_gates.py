"""The gate: this exact text, these rules, and each claim that keeps it back."""

from datetime import timedelta

import pytest

from ledger import clock
from ledger.models import Claim
from ledger.services import claims
from ledger.services.verification import verify
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.api.helpers import get, ok, patch, post
from tests.ledger.services.desk import do


@pytest.fixture
def who(people):
    return people.token("reader")


@pytest.fixture
def admin(people):
    return people.token("admin")


@pytest.fixture
def article(database, people):
    """An article without a claim, and only poor guesses."""
    return make_article(database, people.reviewer, TEXT, floor=1.0)


@pytest.fixture
def sha(client, who, article):
    return ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]


def ask(client, who, article, sha, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return ok(get(client, f"/articles/{article.id}/gate?revision={sha}{query}", who))


def reasons(answer):
    return [(block["claim"]["exact"], block["reason"]) for block in answer["blocks"]]


def test_a_text_without_claims_passes_and_another_text_does_not(client, who, article, sha):
    found = ask(client, who, article, sha)
    assert (found["decision"], found["blocks"], found["text"]) == ("pass", [], None)
    assert (found["policy"], found["policy_changed_at"]) == ("standard@0", None)
    assert ask(client, who, article, sha.upper())["decision"] == "pass"
    other = ask(client, who, article, "0" * 64)
    assert (other["decision"], other["current"]) == ("block", sha)
    assert other["text"] == "This is not the article's current text."


def test_an_unchecked_claim_blocks_until_it_is_supported(client, database, people, who, article, sha):
    claim = make_claim(database, people.reviewer)
    found = ask(client, who, article, sha)
    assert (found["decision"], reasons(found)) == ("block", [("242 builders", "status")])
    block = found["blocks"][0]
    assert TEXT[block["claim"]["start"] : block["claim"]["end"]] == "242 builders"
    assert "unchecked" in block["detail"]
    make_verdict(database, people.reviewer, claim=claim)
    assert ask(client, who, article, sha)["blocks"][0]["claim"]["status"] == "proposed"


@pytest.mark.parametrize(("code", "decision"), [("supported", "pass"), ("refuted", "block")])
def test_what_was_found_out_decides(client, database, people, who, article, sha, code, decision):
    claim = make_claim(database, people.reviewer)
    make_verdict(database, people.reviewer, people.editor, claim=claim, code=code)
    assert ask(client, who, article, sha)["decision"] == decision
    with database.read() as session:
        version = session.get_one(Claim, claim.id).version
    words = {"statement": "Signed by 424 builders."}
    do(database, claims.reword, claim.id, by=people.reviewer, version=version, details=words)
    assert ask(client, who, article, sha)["blocks"][0]["claim"]["status"] == "stale"


def test_a_policy_says_which_kinds_candidates_signatures_and_ages_count(
    client, database, people, who, admin, article, sha, monkeypatch
):
    claim = make_claim(database, people.reviewer, kind="quantity")
    make_verdict(database, people.reviewer, people.editor, claim=claim)
    made = post(client, "/policies", admin, {"name": "front-page", "signatures": 2, "max_age_days": 30})
    assert ok(made, 201)["version"] == 1
    assert made.headers["Location"].endswith("/api/v1/policies/front-page")
    assert ask(client, who, article, sha)["decision"] == "pass"
    assert reasons(ask(client, who, article, sha, policy="front-page")) == [("242 builders", "signatures")]

    def change(**rules):
        tag = get(client, "/policies/front-page", admin).headers["ETag"]
        return ok(patch(client, "/policies/front-page", admin, rules, if_match=tag))

    assert change(signatures=1)["version"] == 2
    assert ask(client, who, article, sha, policy="front-page")["policy"] == "front-page@2"
    assert ask(client, who, article, sha, policy="front-page")["decision"] == "pass"
    # The rules of before are still there to be asked for.
    assert reasons(ask(client, who, article, sha, policy="front-page@1")) == [("242 builders", "signatures")]
    assert ok(get(client, "/policies/front-page@1", who))["signatures"] == 2
    now = clock.now()
    with monkeypatch.context() as held:
        held.setattr(clock, "now", lambda: now + timedelta(days=31))
        assert reasons(ask(client, who, article, sha, policy="front-page")) == [("242 builders", "age")]
    change(signatures=2, kinds=["identity"])
    assert ask(client, who, article, sha, policy="front-page")["decision"] == "pass"
    with database.read() as session:
        assert verify(session).sound


def test_a_candidate_that_nobody_sorted_blocks_where_the_policy_says_so(client, people, database, who, admin):
    article = make_article(database, people.reviewer, TEXT, floor=0.0)
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    everything = ask(client, who, article, sha)
    assert (everything["decision"], everything["claims"] > 0) == ("pass", True)
    ok(post(client, "/policies", admin, {"name": "strict", "candidates_from": 0.0}), 201)
    found = ask(client, who, article, sha, policy="strict")
    assert {block["reason"] for block in found["blocks"]} == {"candidate"}
    assert len(found["blocks"]) == everything["claims"]


def test_the_standard_policy_can_be_changed_and_asked_for_as_it_began(client, who, admin, article, sha):
    tag = get(client, "/policies/standard", admin).headers["ETag"]
    changed = ok(
        patch(client, "/policies/standard", admin, {"passes": ["refuted", "supported"]}, if_match=tag)
    )
    assert (changed["version"], changed["passes"]) == (1, ["refuted", "supported"])
    assert "dismissed" in ok(get(client, "/policies/standard@0", who))["passes"]
    assert ask(client, who, article, sha)["policy"] == "standard@1"
    assert [one["name"] for one in ok(get(client, "/policies", who))["items"]] == ["standard"]
    assert patch(client, "/policies/standard", admin, {"signatures": 1}, if_match=tag).status_code == 412
    with_name = {"name": "house"}
    tag = get(client, "/policies/standard", admin).headers["ETag"]
    assert ok(patch(client, "/policies/standard", admin, with_name, if_match=tag))["name"] == "house"
    assert ok(get(client, "/policies/standard", who), 404)


def test_bad_rules_are_named_and_change_nothing(client, people, who, admin, article, sha):
    for rules, pointer in (
        ({"name": "Front Page"}, "#/name"),
        ({"name": ""}, "#/name"),
        ({}, "#/name"),
        ({"name": "a", "passes": ["fine"]}, "#/passes/0"),
        ({"name": "a", "passes": ["candidate"]}, "#/passes/0"),
        ({"name": "a", "kinds": ["nonsense"]}, "#/kinds/0"),
        ({"name": "a", "candidates_from": 1.5}, "#/candidates_from"),
        ({"name": "a", "signatures": 11}, "#/signatures"),
        ({"name": "a", "max_age_days": 0}, "#/max_age_days"),
    ):
        assert ok(post(client, "/policies", admin, rules), 422)["errors"][0]["pointer"] == pointer
    ok(post(client, "/policies", admin, {"name": "a"}), 201)
    assert ok(post(client, "/policies", admin, {"name": "a"}), 409)
    assert post(client, "/policies", people.token("reviewer"), {"name": "b"}).status_code == 403
    assert len(ok(get(client, "/policies", who))["items"]) == 2
    path = f"/articles/{article.id}/gate"
    assert ok(get(client, path, who), 422)["errors"][0]["pointer"] == "#/revision"
    assert ok(get(client, f"{path}?revision=abc", who), 422)["errors"][0]["pointer"] == "#/revision"
    for policy in ("none", "standard@7", "standard@x", "a@0"):
        assert ok(get(client, f"{path}?revision={sha}&policy={policy}", who), 404)


def test_a_gate_is_304_until_something_changes(client, database, people, who, article, sha):
    path = f"/articles/{article.id}/gate?revision={sha}"
    tag = get(client, path, who).headers["ETag"]
    assert get(client, path, who, if_none_match=tag).status_code == 304
    make_claim(database, people.reviewer)
    assert ok(get(client, path, who, if_none_match=tag))["decision"] == "block"

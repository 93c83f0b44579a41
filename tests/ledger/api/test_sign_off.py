"""Blind ratings, decisions, renewed verdicts and retired scales, by the API."""

import pytest

from ledger.eventlog import bundles
from ledger.models import DEFAULT_DESK
from ledger.services import claims
from tests.factories import TEXT, make_claim, make_evidence, make_verdict
from tests.ledger.api.helpers import get, ok, patch, post
from tests.ledger.services.desk import do, now

SECRET = "A quite telling rationale."


@pytest.fixture
def blind(client, database, people):
    """A claim of a desk that rates blind, with a first rating sealed."""
    editor = people.token("editor")
    ok(patch(client, f"/desks/{DEFAULT_DESK}", editor, {"blind": True}, if_match='"0"'))
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    first = people.token("reviewer")
    body = {"code": "misleading", "rationale": SECRET}
    version = now(database, claim).version
    verdict = ok(post(client, f"/claims/{claim.id}/verdicts", first, body, if_match=f'"{version}"'), 201)
    return claim, verdict


def _everywhere(claim, verdict):
    return (
        f"/claims/{claim.id}",
        f"/claims/{claim.id}/status",
        f"/verdicts/{verdict['id']}",
        f"/verdicts/{verdict['id']}/differences",
        f"/events?about=claim:{claim.id}",
        "/events",
        "/claims",
        "/exports/claims.csv?status=proposed",
        "/exports/claims.jsonl",
        "/search?q=telling",
    )


def test_nobody_is_told_what_is_sealed(client, people, blind):
    claim, verdict = blind
    assert (verdict["code"], verdict["label"], verdict["state"]) == ("sealed", "Sealed", "proposed")
    assert verdict["seal"].startswith("sha256:")
    asked = 0
    for name in ("reviewer2", "editor", "reviewer"):
        who = people.token(name)
        for path in _everywhere(claim, verdict):
            answer = get(client, path, who)
            asked += answer.status_code == 200
            said = answer.get_data()
            assert b"telling rationale" not in said and b"misleading" not in said.lower(), path
    assert asked >= 18
    assert (
        ok(get(client, f"/verdicts/{verdict['id']}/sealed", people.token("reviewer")))["rationale"] == SECRET
    )
    for name in ("reviewer2", "editor"):
        ok(get(client, f"/verdicts/{verdict['id']}/sealed", people.token(name)), 404)


def test_two_rate_blind_and_agree(client, people, blind):
    claim, verdict = blind
    second = people.token("reviewer2")
    path = f"/verdicts/{verdict['id']}"
    ok(post(client, f"{path}/sign", second, {"digest": verdict["digest"]}), 409)
    body = {"digest": verdict["digest"], "code": "misleading", "rationale": "So I read it."}
    ok(post(client, f"{path}/rate", second, body | {"digest": "0" * 64}), 412)
    opened = ok(post(client, f"{path}/rate", second, body))
    assert (opened["code"], opened["rationale"], opened["second_code"]) == (
        "misleading",
        SECRET,
        "misleading",
    )
    ok(post(client, f"{path}/sign", second, {"digest": opened["digest"]}))
    assert ok(get(client, f"/claims/{claim.id}/status", second))["status"] == "misleading"


def test_an_editor_decides_where_two_differ(client, people, blind):
    claim, verdict = blind
    path = f"/verdicts/{verdict['id']}"
    body = {"digest": verdict["digest"], "code": "refuted", "rationale": "Not at all."}
    opened = ok(post(client, f"{path}/rate", people.token("reviewer2"), body))
    decision = {"digest": opened["digest"], "choose": "second", "note": "The register says so."}
    ok(post(client, f"{path}/decide", people.token("reviewer2"), decision), 403)
    editor = people.token("editor")
    wrong = ok(post(client, f"{path}/decide", editor, decision | {"choose": "both"}), 422)
    assert wrong["errors"][0]["pointer"] == "#/choose"
    chosen = ok(post(client, f"{path}/decide", editor, decision))
    assert (chosen["code"], chosen["state"], chosen["rationale"]) == ("refuted", "settled", "Not at all.")
    assert ok(get(client, f"/claims/{claim.id}/status", editor))["status"] == "refuted"


def _stale(database, people, number=0):
    claim = make_claim(database, people.reviewer, text=f"{TEXT}\nNumber {number}.\n")
    _, verdict = make_verdict(database, people.reviewer, people.reviewer2, claim)
    version = now(database, claim).version
    details = {"statement": "They signed with 424 builders."}
    do(database, claims.reword, claim.id, by=people.reviewer, version=version, details=details)
    return now(database, claim), verdict


def test_a_stale_verdict_is_renewed_in_one_step(client, database, people):
    claim, verdict = _stale(database, people)
    editor = people.token("editor")
    whole = ok(get(client, f"/claims/{claim.id}", editor))
    assert whole["status"] == "stale" and whole["stale_reasons"][0].startswith("The statement changed: ")
    path, body = f"/verdicts/{verdict.id}/renew", {"claim_version": claim.version, "note": "Same thing."}
    ok(post(client, path, people.token("reviewer"), body), 403)
    ok(post(client, path, editor, body | {"claim_version": 1}), 412)
    ok(post(client, path, editor, body | {"note": " "}), 422)
    renewed = post(client, path, editor, body)
    new = ok(renewed, 201)
    assert renewed.headers["Location"].endswith(f"/verdicts/{new['id']}")
    assert (new["renews"], new["state"], new["signatures"][0]["note"]) == (
        verdict.id,
        "settled",
        "Same thing.",
    )
    assert ok(get(client, f"/claims/{claim.id}/status", editor))["status"] == "supported"
    ok(post(client, path, editor, body), 412)


def test_several_are_renewed_at_once(client, database, people):
    one, _ = _stale(database, people, 1)
    other, _ = _stale(database, people, 2)
    body = {
        "items": [{"id": one.id, "version": one.version}, {"id": other.id, "version": 1}],
        "note": "The layout only.",
    }
    done = ok(post(client, "/bulk/renewals", people.token("editor"), body))
    assert [line["claim_id"] for line in done["renewed"]] == [one.id]
    assert [line["claim_id"] for line in done["skipped"]] == [other.id] and done["skipped"][0]["why"]
    ok(post(client, "/bulk/renewals", people.token("editor"), body | {"items": []}), 422)
    ok(post(client, "/bulk/renewals", people.token("reader"), body), 403)


def test_a_scale_is_retired_and_reinstated(client, database, people):
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    editor, body = people.token("editor"), {"scale": "ledger", "scale_version": 1, "reason": "Too coarse."}
    ok(post(client, "/retirements", people.token("reviewer"), body), 403)
    ok(post(client, "/retirements", editor, body | {"scale": "nowhere"}), 422)
    done = ok(post(client, "/retirements", editor, body), 201)
    assert done["claims"] == 1
    whole = ok(get(client, f"/claims/{claim.id}", editor))
    assert whole["stale_reasons"] == ["The scale was retired: ledger, version 1 (Too coarse.)"]
    ok(post(client, "/retirements", editor, body), 409)
    assert [r["id"] for r in ok(get(client, "/retirements", editor))["items"]] == [done["id"]]
    back = post(client, f"/retirements/{done['id']}/reinstate", editor, if_match='"1"')
    assert ok(back)["reinstated_by"]
    assert ok(get(client, f"/claims/{claim.id}", editor))["status"] == "supported"
    ok(post(client, f"/retirements/{done['id']}/reinstate", editor, if_match='"1"'), 412)


def test_a_desk_s_policy_is_set_and_taken_back(client, people):
    editor = people.token("editor")
    path = f"/desks/{DEFAULT_DESK}"
    asked = {"signatures": "one", "min_evidence": 2, "independent_evidence": True, "carry_harmless": True}
    changed = ok(patch(client, path, editor, asked, if_match='"0"'))
    assert {name: changed[name] for name in asked} == asked
    for wrong in ({"signatures": "none"}, {"min_evidence": 0}, {"min_evidence": 9}, {"blind": "yes"}):
        ok(patch(client, path, editor, wrong, if_match='"1"'), 422)
    again = ok(patch(client, path, editor, {"signatures": None, "min_evidence": None}, if_match='"1"'))
    assert (again["signatures"], again["min_evidence"], again["independent_evidence"]) == (None, None, True)


def test_signatures_are_taken_out_to_be_checked_elsewhere(client, database, people):
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    who = people.token("reader")
    for path, number in ((f"/claims/{claim.id}/bundle", 1), ("/claims.bundle.json?status=supported", 1)):
        answer = get(client, path, who)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        done = bundles.check(answer.json)
        assert (done.sound, done.claims, done.signatures) == (True, number, 1), done.faults
    ok(get(client, "/claims.bundle.json?limit=201", who), 422)
    ok(get(client, f"/claims/{DEFAULT_DESK}/bundle", who), 404)

"""Signing off on the pages, without scripts: blind ratings, decisions, what still holds, retired scales."""

import pytest

from ledger.models import DEFAULT_DESK, Verdict
from ledger.services import claims, desks, verdicts
from tests.conftest import one_database
from tests.factories import TEXT, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import TWO, do, now

SECRET = "A quite telling rationale."


@pytest.fixture
def blind(database, people):
    """A claim of a desk that rates blind, with a first rating sealed."""
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"blind": True})
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    version = now(database, claim).version
    do(
        database, verdicts.propose, claim.id, by=people.reviewer, version=version, code="misleading",
        rationale=SECRET, policy=TWO,
    )  # fmt: skip
    return claim


def test_the_second_reader_rates_blind_and_then_signs(signed_in, database, people, blind):
    page = signed_in(people.reviewer2).open(f"/claims/{blind.id}")
    assert "Waits for a second rating, blind" in page.text
    assert SECRET not in page.html and "Propose another verdict" not in page.text
    assert "Sign" not in page.buttons()
    page.press("Give my rating", code="misleading", rationale="")
    assert page.status == 422 and SECRET not in page.html
    page.press("Give my rating", code="misleading", rationale="I read the register.")
    assert "Both are shown now" in page.text and SECRET in page.text and "I read the register." in page.text
    assert "Both gave the same rating" in page.text
    page.press("Sign")
    assert now(database, blind).status == "misleading"
    assert "Rated blind by Reviewer2" in page.text.replace("Reviewer 2", "Reviewer2")


def test_the_first_reader_reads_what_is_sealed_and_waits(signed_in, people, blind):
    page = signed_in(people.reviewer).open(f"/claims/{blind.id}")
    assert SECRET in page.text and "Nobody but you can read this" in page.text
    assert "Give my rating" not in page.buttons()
    history = page.page.get_element_by_id("history", None)
    assert history is None or SECRET not in history.text_content()


def test_a_difference_is_decided_by_an_editor(signed_in, database, people, blind):
    page = signed_in(people.reviewer2).open(f"/claims/{blind.id}")
    page.press("Give my rating", code="refuted", rationale="Not at all.")
    assert "An editor who is neither of the two decides now." in page.text
    assert "Sign" not in page.buttons() and "Decide and sign" not in page.buttons()
    page = signed_in(people.editor).open(f"/claims/{blind.id}")
    assert "Two ratings differ" in page.text and SECRET in page.text and "Not at all." in page.text
    page.press("Decide and sign", choose="second", note="")
    assert page.status == 422
    page.press("Decide and sign", choose="second", note="The register says so.")
    assert now(database, blind).status == "refuted"
    assert "Decided" in page.text


@one_database
def test_whom_a_second_rating_and_a_decision_reach_is_told_beforehand(signed_in, database, people):
    claim = make_verdict(database, people.reviewer, people.editor)[0]
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"blind": True})
    do(
        database, verdicts.propose, claim.id, by=people.reviewer, version=now(database, claim).version,
        code="misleading", rationale=SECRET, policy=TWO,
    )  # fmt: skip
    page = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    assert "Reaches 1 article" in page.form("Give my rating").text_content()
    page.press("Give my rating", code="refuted", rationale="Not at all.")
    form = signed_in(people.editor).open(f"/claims/{claim.id}").form("Decide and sign")
    assert "Reaches 1 article" in form.text_content() and "to them as the reason" in form.text_content()


def _stale(database, people, number=0):
    claim = make_claim(database, people.reviewer, text=f"{TEXT}\nNumber {number}.\n")
    make_verdict(database, people.reviewer, people.reviewer2, claim)
    version = now(database, claim).version
    details = {"statement": "They signed with 424 builders."}
    do(database, claims.reword, claim.id, by=people.reviewer, version=version, details=details)
    return now(database, claim)


def test_a_stale_verdict_is_signed_again_with_a_note(signed_in, database, people):
    claim = _stale(database, people)
    page = signed_in(people.editor).open(f"/claims/{claim.id}")
    assert "no longer fits" in page.text and "The statement changed" in page.text
    assert "Reaches 1 article" in page.form("Sign that it still holds").text_content()
    page.press("Sign that it still holds", note=" ")
    assert page.status == 422 and now(database, claim).status == "stale"
    page.press("Sign that it still holds", note="The same builders.")
    assert now(database, claim).status == "supported"
    assert "signed anew as still holding" in page.text and "The same builders." in page.text


def test_who_proposed_it_is_told_that_somebody_else_must_say_so(signed_in, database, people):
    claim = _stale(database, people)
    page = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    assert "Sign that it still holds" not in page.buttons()
    assert "somebody else must say whether it still holds" in page.text


def test_several_are_renewed_from_the_list(signed_in, database, people):
    found = [_stale(database, people, number) for number in range(3)]
    page = signed_in(people.editor).open("/claims?q=status:stale")
    seen = " ".join(f"{claim.id}:{claim.version}" for claim in found)
    page.send("/claims/bulk", {"do": "renew", "seen": seen, "q": "status:stale", "csrf_token": _token(page)})
    assert "3 claims will be signed anew, as they stand now" in page.text
    page.press("Change 3 claims", reason="Spelling only.")
    assert {now(database, claim).status for claim in found} == {"supported"}
    assert "3 claims signed anew" in page.text


def _token(page):
    return page.page.xpath("//input[@name='csrf_token']")[0].get("value")


def test_a_desk_s_policy_is_saved_on_its_page(signed_in, database, people):
    page = signed_in(people.editor).open(f"/desks/{DEFAULT_DESK}")
    page.press("Save", signatures="one", min_evidence="2", independent_evidence="yes", carry_harmless="yes")
    with database.read() as session:
        desk = desks.store.get(session, DEFAULT_DESK)
        asked = (
            desk.signatures,
            desk.min_evidence,
            desk.independent_evidence,
            desk.blind,
            desk.carry_harmless,
        )
    assert asked == ("one", 2, True, False, True)
    reader = signed_in(people.reader).open(f"/desks/{DEFAULT_DESK}")
    assert "one person" in reader.text and "from two sites at least" in reader.text


def test_a_scale_is_retired_and_used_again_on_the_page(signed_in, database, people):
    claim, verdict = make_verdict(database, people.reviewer, people.reviewer2)
    page = signed_in(people.editor).open("/scales")
    assert "1 settled verdict" in page.text
    body = {"scale": "ledger", "scale_version": "1", "csrf_token": _token(page)}
    page.send("/scales/retire", body | {"reason": " "})
    assert page.status == 422
    page.send("/scales/retire", body | {"reason": "Too coarse."})
    assert "1 claim must be looked at again" in page.text
    assert now(database, claim).status == "stale"
    told = page.open(f"/claims/{claim.id}").text
    assert "The scale was retired: ledger, version 1 (Too coarse.)" in told
    page.open("/scales").press("Use it again")
    assert now(database, claim).status == "supported"
    with database.read() as session:
        assert session.get_one(Verdict, verdict.id).retired_at is None
    assert signed_in(people.reader).open("/scales").status == 200


def test_an_override_shows_wherever_the_verdict_does(client, signed_in, database, people):
    claim = make_claim(database, people.editor)
    make_evidence(database, people.editor, claim)
    verdict = do(
        database, verdicts.propose, claim.id, by=people.editor, version=now(database, claim).version,
        code="refuted", rationale="No.", policy=TWO,
    )  # fmt: skip
    do(
        database, verdicts.sign, verdict.id, by=people.editor, digest_seen=verdict.digest, policy=TWO,
        override=True, note="It is out already.",
    )  # fmt: skip
    page = signed_in(people.reader).open("/claims")
    assert "signed alone (override)" in page.text
    page.open(f"/claims/{claim.id}")
    assert "Override: signed alone by Editor" in page.text and "It is out already." in page.text
    who = people.token("reader")
    review = client.get(f"/api/v1/claims/{claim.id}/claimreview", headers=who)
    assert review.json["creativeWorkStatus"] == "Decided by one person alone: It is out already."
    for path in (f"/api/v1/claims/{claim.id}", "/api/v1/claims.csv", f"/api/v1/claims/{claim.id}/bundle"):
        answer = client.get(path, headers=who).get_data(as_text=True)
        assert "It is out already." in answer, path
    listed = client.get("/api/v1/claims", headers=who)
    assert listed.status_code == 200

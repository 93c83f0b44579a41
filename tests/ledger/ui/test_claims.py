"""A claim's page: what people do to it, evidence, verdicts, conflicts, history."""

import dataclasses

import pytest

from ledger.models import Claim
from ledger.services import claims, reports, verdicts
from tests.factories import make_article, make_claim, make_evidence, make_verdict


def now(database, claim):
    with database.read() as session:
        return session.get_one(Claim, claim.id)


@pytest.fixture
def claim(database, people):
    return make_claim(database, people.editor)


def test_a_claim_shows_its_words_in_their_context(signed_in, people, claim):
    browser = signed_in(people.reader).open(f"/claims/{claim.id}")
    assert browser.page.xpath("//blockquote//mark")[0].text_content() == "242 builders"
    assert "We signed with" in browser.page.xpath("//blockquote")[0].text_content()
    assert "added it" in browser.text


def test_a_claim_is_taken_handed_over_and_laid_down(signed_in, people, database, claim):
    colleague = people.reviewer2
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Take it")
    assert "You have this claim now" in browser.text and now(database, claim).status == "checking"
    browser.press("Hand over", to=colleague.account)
    assert "Reviewer2" in browser.text and "Take it" not in browser.buttons()
    other = signed_in(colleague).open(f"/claims/{claim.id}").press("Lay it down")
    assert "Laid down" in other.text and now(database, claim).assignee_id is None


def test_a_statement_edited_meanwhile_shows_both_sides_and_loses_nothing(signed_in, people, claim):
    mine = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    signed_in(people.editor).open(f"/claims/{claim.id}").press(
        "Save", within="reword", statement="Theirs: 242 builders signed."
    )
    mine.press("Save", within="reword", statement="Mine: 242 builders have signed.", claimant="the mayor")
    assert mine.status == 412
    assert mine.value("edit-statement") == "Mine: 242 builders have signed."
    assert mine.value("edit-claimant") == "the mayor"
    assert "Theirs: 242" in mine.page.get_element_by_id("edit-statement-theirs").text_content()
    mine.press("Save", within="reword")
    assert (
        mine.status == 200 and "Mine: 242 builders have signed." in mine.page.xpath("//h1")[0].text_content()
    )


def test_a_rationale_is_not_lost_when_the_claim_changed(signed_in, people, database, claim):
    make_evidence(database, people.editor, claim)
    mine = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    signed_in(people.editor).open(f"/claims/{claim.id}").press(
        "Save", within="reword", statement="Another statement."
    )
    mine.press("Propose", code="refuted", rationale="A long rationale\n\nwith two paragraphs.")
    assert mine.status == 412 and mine.value("f-rationale") == "A long rationale\n\nwith two paragraphs."
    assert "Another statement." in mine.text
    mine.press("Propose")
    assert mine.status == 200 and now(database, claim).status == "proposed"


def test_evidence_is_added_corrected_taken_back_and_put_back(signed_in, people, claim):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Add evidence", url="https://example.org/a", stance="supports", quote="Two\r\nlines")
    assert "The evidence is added" in browser.text and "copy being made" in browser.text
    browser.press("Save", within="evidence-list", stance="refutes", quote="Other words")
    assert "corrected" in browser.text and "Refutes" in browser.text
    browser.press("Take back", within="evidence-list", reason="")
    assert browser.status == 422
    browser.press("Take back", within="evidence-list", reason="Wrong page")
    assert "1 piece taken back" in browser.text and "Wrong page" in browser.text
    browser.press("Put back")
    assert "counts again" in browser.text


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x https://b.example/y",
        "https://a.example/xhttps://b.example/y",
        "https://a.example/x, https://b.example",
        "https://a.example/x\nhttps://b.example",
    ],
)
def test_two_addresses_in_one_field_are_refused_and_kept(signed_in, people, claim, url):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Add evidence", url=url, stance="supports", note="My note")
    assert browser.status == 422 and "One address per entry:" in browser.text
    assert browser.value("url-new") == url and browser.value("note-new") == "My note"


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/web/2020/https://example.org/a",
        "https://a.example/?u=https://b.example&v=1",
        "https://a.example/#https://b",
    ],
)
def test_an_address_inside_another_is_one(signed_in, people, claim, url):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    assert browser.press("Add evidence", url=url, stance="context").status == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"url": "no address", "stance": "supports"}, "url-new"), ({"url": "https://a.example"}, None)],
)
def test_evidence_that_is_wrong_says_where(signed_in, people, claim, fields, field):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}").press("Add evidence", **fields)
    assert browser.status == 422
    assert browser.page.xpath("//*[@class='error']")
    if field:
        assert browser.page.get_element_by_id(field).get("aria-invalid") == "true"


def test_a_verdict_needs_evidence_and_says_so_at_the_rating(signed_in, people, claim):
    browser = (
        signed_in(people.reviewer)
        .open(f"/claims/{claim.id}")
        .press("Propose", code="supported", rationale="So it is.")
    )
    assert (
        browser.status == 409
        and "rests on evidence" in browser.page.get_element_by_id("code-error").text_content()
    )
    assert browser.value("f-rationale") == "So it is."
    assert browser.press("Propose", code="unproven").status == 200


def test_a_verdict_on_a_claim_that_changed_meanwhile_says_what_it_reads_now(signed_in, people, claim):
    mine = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    signed_in(people.editor).open(f"/claims/{claim.id}").press(
        "Save", within="reword", statement="Theirs: 242 builders signed."
    )
    mine.press("Propose", code="unproven", rationale="Nobody counted them.")
    told = mine.page.get_element_by_id("propose").text_content()
    assert (mine.status, mine.value("f-rationale")) == (412, "Nobody counted them.")
    assert "Theirs: 242 builders signed." in told and "meanwhile" not in told
    mine.press("Propose")
    assert mine.status == 200 and "Waits for a signature" in mine.text


def test_a_second_person_signs_and_the_proposer_can_not(signed_in, people, database, claim):
    make_evidence(database, people.editor, claim)
    proposer = (
        signed_in(people.reviewer)
        .open(f"/claims/{claim.id}")
        .press("Propose", code="supported", rationale="It says so.")
    )
    assert "somebody else must sign" in proposer.text and "Sign" not in proposer.buttons()
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    assert (
        "It says so." in second.text
        and "242 builders" in second.page.get_element_by_id("waiting").text_content()
    )
    second.press("Sign", note="Read twice.")
    assert now(database, claim).status == "supported"
    assert "Signed by Reviewer2" in second.text and "Read twice." in second.text


def test_a_verdict_is_sent_back_with_a_reason(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}").press("Send back")
    assert second.status == 422 and "left empty" in second.text
    second.press("Send back", reason="The quote is from another year.")
    assert "another year" in signed_in(people.reviewer).open(f"/claims/{claim.id}").text
    assert now(database, claim).status == "checking"


def test_who_proposed_sees_what_came_back_above_the_old_words(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    second.press("Send back", reason="Look at table 4.", code="refuted")
    first = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    returned = " ".join(first.page.get_element_by_id("returned").text_content().split())
    assert "Sent back by Reviewer2" in returned and "Look at table 4." in returned
    assert "proposed as “Supported”" in returned and "they would rate it Refuted" in returned
    assert first.value("f-rationale") == "It says so."
    assert first.page.xpath("//form[@id='propose-form']//input[@checked]/@value") == ["supported"]
    first.press("Propose", code="refuted")
    assert "they would rate it" not in first.text and now(database, claim).status == "proposed"


def test_what_changed_under_a_proposal_is_named_beside_it(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    make_evidence(database, people.editor, claim, url="https://example.org/new", title="New minutes")
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    waiting = " ".join(second.page.get_element_by_id("waiting").text_content().split())
    assert "Evidence was added: New minutes by Editor" in waiting
    assert "Sign" not in second.buttons() and "Send back" in second.buttons()


def test_an_own_proposal_can_be_taken_back(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    assert "Take the proposal back" not in signed_in(people.editor).open(f"/claims/{claim.id}").text
    first = signed_in(people.reviewer).open(f"/claims/{claim.id}").press("Take the proposal back")
    assert "Undone" in first.text and now(database, claim).status != "proposed"
    assert first.value("f-rationale") == "It says so."


@pytest.mark.parametrize("scale", ["fullfact", "politifact"])
def test_another_scale_has_its_own_form(app, signed_in, people, database, claim, scale):
    parts = app.extensions["ledger"]
    settings = parts.settings.model_copy(update={"scale": scale})
    app.extensions["ledger"] = dataclasses.replace(parts, settings=settings)
    make_evidence(database, people.reviewer, claim)
    first = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    sentence = {"label": "This is right, as far as it goes."} if scale == "fullfact" else {}
    code = first.page.xpath("//input[@data-action='verdict-1']/@value")[0]
    first.press("Propose", code=code, rationale="It says so.", **sentence)
    assert first.status == 200
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    if sentence:
        assert "as far as it goes" in second.page.get_element_by_id("waiting").text_content()
    else:
        assert len(second.page.xpath("//form[@id='back-form']//input[@type='radio']")) == 7
    second.press("Sign")
    assert now(database, claim).verdict_id


def test_one_who_may_settle_alone_is_told_so(app, signed_in, people, database, claim):
    parts = app.extensions["ledger"]
    settings = parts.settings.model_copy(update={"signatures": "one"})
    app.extensions["ledger"] = dataclasses.replace(parts, settings=settings)
    make_verdict(database, people.reviewer, claim=claim)
    first = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    assert "it may be yours" in first.text
    assert now(database, claim).status == "proposed"
    first.press("Sign")
    assert now(database, claim).status == "supported"


def test_an_editor_overrides_with_a_note_and_it_shows(signed_in, people, database, claim):
    make_verdict(database, people.editor, claim=claim)
    browser = signed_in(people.editor).open(f"/claims/{claim.id}").press("Sign alone")
    assert browser.status == 422
    browser.press("Sign alone", note="Going to print in ten minutes.")
    assert "Override:" in browser.text and "ten minutes" in browser.text
    assert "overriding the second reader" in browser.text


def test_a_verdict_signed_unseen_is_refused(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    signed_in(people.reviewer).open(f"/claims/{claim.id}").press(
        "Propose", code="refuted", rationale="No, the other way."
    )
    second.press("Sign")
    assert second.status == 409 and now(database, claim).status == "proposed"


def test_a_claim_that_changed_under_a_proposal_can_not_be_signed(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    signed_in(people.reviewer).open(f"/claims/{claim.id}").press(
        "Save", within="reword", statement="Changed under it."
    )
    second = signed_in(people.reviewer2).open(f"/claims/{claim.id}")
    assert "changed since this was proposed" in second.text and "Sign" not in second.buttons()


def test_a_settled_claim_that_is_edited_says_that_it_is_stale(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, people.reviewer2, claim=claim)
    browser = (
        signed_in(people.reviewer)
        .open(f"/claims/{claim.id}")
        .press("Save", within="reword", statement="Other words.")
    )
    assert "the signed verdict no longer fits" in browser.text
    assert "statement" in browser.text and "242 builders → Other words." in " ".join(
        browser.text.replace("became", "").split()
    )


def test_an_editor_withdraws_with_a_public_note_and_reopens(signed_in, people, database, claim):
    assert "Withdraw" not in signed_in(people.reviewer).open(f"/claims/{claim.id}").buttons()
    browser = (
        signed_in(people.editor)
        .open(f"/claims/{claim.id}")
        .press("Withdraw", note="The source was a parody.")
    )
    assert "do not rely on this" in browser.text and "parody" in browser.text
    browser.press("Reopen")
    assert now(database, claim).status == "unchecked"


def test_an_action_on_an_old_page_says_what_happened_meanwhile(signed_in, people, database, claim):
    mine = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    with database.write() as session:
        claims.assign(session, claim.id, by=people.editor, version=claim.version, to=people.editor.account)
    mine.press("Take it")
    assert mine.status == 412 and "Somebody changed this" in mine.text and "Editor" in mine.text


def test_a_dismissed_candidate_says_so_and_can_be_reopened(signed_in, people, database):
    from ledger.store import claims as store
    from tests.factories import make_article

    article = make_article(database, people.editor)
    with database.read() as session:
        candidate = store.of_article(session, article.id)[0][0]
    browser = signed_in(people.reviewer).open(f"/claims/{candidate.id}")
    assert "machine's guess" in browser.text.replace("’", "'")
    browser.press("Dismiss")
    assert "Dismissed" in browser.text
    browser.press("Reopen").press("Accept")
    assert now(database, candidate).status == "unchecked"


def test_htmx_gets_the_page_of_a_claim_without_its_frame(signed_in, people, claim):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    data = {"csrf_token": browser.value("csrf_token"), "version": claim.version, "statement": ""}
    browser.send(f"/claims/{claim.id}/reword", data, headers={"HX-Request": "true"})
    assert browser.status == 422 and "<html" not in browser.html and "left empty" in browser.text


def test_the_list_is_narrowed_and_taken_out_as_csv(signed_in, people, database, claim):
    make_verdict(database, people.reviewer, claim=claim)
    browser = signed_in(people.reader).open("/claims?status=proposed&q=builders&kind=")
    assert len(browser.page.xpath("//li[contains(@class, 'claim-line')]")) == 1
    link = browser.page.get_element_by_id("csv").get("href")
    assert "status%3Aproposed" in link or "status:proposed" in link
    answer = browser.client.get(link)
    assert answer.get_data(as_text=True).count("\r\n") == 2
    assert "No claim fits" in browser.open("/claims?status=withdrawn").text
    assert claim.id in signed_in(people.reviewer).open("/claims?mine=1").html


def test_claims_that_do_not_exist_can_not_be_acted_on(signed_in, people):
    browser = signed_in(people.reviewer).open("/articles/new")
    token = browser.value("csrf_token")
    for path in ("/claims/x/accept", "/evidence/x/correct", "/verdicts/x/sign", "/verdicts/x/send-back"):
        assert browser.send(path, {"csrf_token": token, "version": 1}).status == 404


@pytest.mark.parametrize("version", ["", "abc", "9" * 30, "-1"])
def test_an_edit_that_names_no_version_is_refused(signed_in, people, database, claim, version):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    data = {"csrf_token": browser.value("csrf_token"), "version": version, "statement": "Something else"}
    browser.send(f"/claims/{claim.id}/reword", data)
    assert browser.status in (422, 428) and now(database, claim).version == claim.version


def test_the_form_asks_why_before_readers_are_told_otherwise(signed_in, people, database):
    claim, _ = make_verdict(database, people.reviewer, people.editor, code="refuted")
    article = make_article(database, people.reviewer)
    with database.write() as session:
        reports.publish(session, article.id, by=people.editor, version=article.version)
    propose_anew(database, people.reviewer, claim, "misleading")
    browser = signed_in(people.editor).open(f"/claims/{claim.id}")
    form = browser.form("Sign", within="waiting")
    assert "Reaches 1 article, 1 open report" in " ".join(form.text_content().split())
    assert "Readers were told “Refuted”" in form.text_content()
    fields = {name: value or "" for name, value in form.form_values()}
    refused = browser.send(form.get("action"), {**fields, "note": "Read it twice."})
    assert refused.status == 422 and "Say why that changes" in refused.text
    assert refused.form("Sign", within="waiting").fields["note"] == "Read it twice.", "nothing typed is lost"
    done = browser.send(form.get("action"), {**fields, "correction": "The list was read wrongly."})
    assert "Signed: the verdict is settled." in done.text
    assert "The list was read wrongly." in browser.open("/corrections").text
    assert "The list was read wrongly." in browser.open(f"/reports/{article.id}").text
    reach = browser.open(f"/claims/{claim.id}/reach")
    assert reach.status == 200 and "Page of corrections" in reach.text


def propose_anew(database, by, claim, code):
    """Another proposal on a claim that has a verdict."""
    with database.write() as session:
        version = session.get_one(Claim, claim.id).version
        verdicts.propose(
            session, claim.id, by=by, version=version, code=code, rationale="We read it again.",
            policy=verdicts.Policy(),
        )  # fmt: skip

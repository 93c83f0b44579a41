"""The pages about desks, coverage and looking again, without scripts."""

from ledger.jobs.runner import run
from ledger.models import DEFAULT_DESK
from ledger.services import detection
from tests.factories import make_article, make_desk

FEW = "The council spent 4.2 million pounds on the bridge in 2024. Good morning to everybody.\n"


def test_an_editor_tries_a_threshold_out_and_saves_it(signed_in, database, people):
    make_article(database, people.reviewer)
    page = signed_in(people.editor).open("/desks")
    assert "candidates from 0.50 on" in page.text
    page.open(f"/desks/{DEFAULT_DESK}?threshold=1")
    assert "1.00 would show" in page.text
    assert "fewer than 0.50 does now" in page.text
    page.press("Save")
    assert "candidates are shown from 1.00 on" in page.text
    article = page.open("/").text
    assert "No claims yet" in article


def test_a_threshold_that_is_none_comes_back_as_it_was_typed(signed_in, people):
    page = signed_in(people.editor).open(f"/desks/{DEFAULT_DESK}")
    page.press("Save", threshold="much", name="News")
    assert page.status == 422
    assert "Write a number from 0 to 1" in page.text
    assert 'value="much"' in page.html
    page.press("Save", threshold="0.4")
    page.open("/desks").press("Add desk", name="NEWS", threshold="0.5")
    assert page.status == 409
    assert "already" in page.text


def test_a_reader_sees_desks_and_may_not_change_them(signed_in, people):
    page = signed_in(people.reader).open(f"/desks/{DEFAULT_DESK}")
    assert page.status == 200
    assert "Save" not in page.buttons()


def test_what_lies_below_the_threshold_is_one_click_away(signed_in, database, people):
    strict = make_desk(database, people.editor, threshold=1.0)
    article = make_article(database, people.reviewer, desk_id=strict.id)
    page = signed_in(people.reviewer).open(f"/articles/{article.id}")
    assert page.page.xpath("//li[@data-claim]") == []
    page.follow("below 1.00")
    assert page.page.xpath("//li[@data-claim]")
    assert "A machine's guess" in page.text
    page.follow("below 1.00")
    assert page.page.xpath("//li[@data-claim]") == []


def test_an_article_s_claims_are_looked_for_again(app, signed_in, database, people):
    article = make_article(database, people.reviewer, FEW, floor=1.0)
    page = signed_in(people.reviewer).open(f"/articles/{article.id}")
    page.press("Look for claims again")
    assert "Claims are being looked for" in page.text
    assert "Look for claims again" not in page.buttons()
    with database.read() as session:
        job = detection.newest(session, article.id)
    run(app.extensions["ledger"], job.id)
    page.open(f"/articles/{article.id}")
    assert "Looked through by " in page.text
    assert "Candidate 1" in page.text
    part = page.client.get(f"/articles/{article.id}/detection", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Show" in part.text


def test_coverage_leads_to_an_entry(signed_in, database, people):
    article = make_article(database, people.reviewer, FEW, floor=1.0)
    page = signed_in(people.reviewer).open(f"/articles/{article.id}/coverage")
    assert "0 % covered" in page.text.replace("\xa0", " ")
    page.follow("Make an entry")
    page.press("Add claim")
    page.open(f"/articles/{article.id}/coverage")
    assert "100 % covered" in page.text.replace("\xa0", " ")
    assert "Every check-worthy sentence has an entry" in page.text
    assert "Nothing here is check-worthy" in page.open(f"/articles/{article.id}/coverage?threshold=1").text


def test_a_text_in_another_language_says_that_the_guesses_are_weak(signed_in, database, people):
    text = "Le pont\n\nLe pont a coûté 4,2 millions d'euros en 2024.\n"
    article = make_article(database, people.reviewer, text=text, language="fr")
    page = signed_in(people.reviewer).open(f"/articles/{article.id}")
    assert "not in English (fr)" in page.text
    assert "not in English" in page.open(f"/articles/{article.id}/coverage").text

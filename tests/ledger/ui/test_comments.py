"""The discussion on pages, as a browser without JavaScript has it."""

import pytest

from ledger.services import comments
from tests.factories import make_claim
from tests.ledger.services.desk import do


@pytest.fixture
def claim(database, people):
    """A claim of the reviewer."""
    return make_claim(database, people.reviewer)


def discussed(browser):
    """The words of the discussion."""
    return " ".join(browser.page.get_element_by_id("discussion").text_content().split())


def test_somebody_says_something_edits_it_and_takes_it_back(signed_in, people, claim):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Say", text="<b>Which</b> year?")
    assert "<b>Which</b> year?" in discussed(browser) and "1 open" in discussed(browser)
    browser.press("Save", within="discussion", text="Which month?")
    assert "Which month?" in discussed(browser) and "edited" in discussed(browser)
    browser.press("Settle")
    assert "settled by Reviewer" in discussed(browser)
    browser.press("Open again")
    browser.press("Take back")
    assert "Which month?" not in discussed(browser)
    browser.press("Undo")
    assert "Which month?" in discussed(browser)
    history = " ".join(browser.page.find_class("history")[0].text_content().split())
    for deed in ("said something", "put a comment differently", "settled a comment", "took a comment back"):
        assert deed in history


def test_who_is_named_finds_it_in_their_mentions(signed_in, people, claim):
    other = signed_in(people.reviewer2)
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Say", text="@Reviewer2, see @Nobody")
    assert "“@Nobody” names nobody here" in browser.text
    (named,) = browser.page.find_class("mention")
    assert named.text_content() == "@Reviewer2"
    other.open("/")
    (link,) = other.page.xpath("//a[@id='mentions']")
    assert link.get("aria-label") == "Mentions, 1 new"
    other.open("/mentions")
    assert "see @Nobody" in other.text
    other.press("Mark all as seen")
    assert other.page.xpath("//a[@id='mentions']")[0].get("aria-label") == "Mentions"
    assert "see @Nobody" in other.text


def test_an_edit_of_a_comment_that_changed_meanwhile_shows_both(signed_in, database, people, claim):
    said = do(database, comments.add, claim.id, by=people.reviewer, text="One")
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    do(database, comments.edit, said.id, by=people.reviewer, version=1, text="Theirs")
    browser.press("Save", within="discussion", text="Mine")
    assert browser.status == 412
    assert browser.value(f"comment-text-{said.id}") == "Mine"
    assert "Theirs" in browser.page.get_element_by_id(f"comment-text-{said.id}-theirs").text_content()


def test_nothing_said_is_told_at_the_field(signed_in, people, claim):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}").press("Say", text="  ")
    assert browser.status == 422
    assert "can't be left empty" in browser.page.get_element_by_id("say-error").text_content()


def test_a_comment_made_in_the_workspace_is_answered_there(signed_in, database, people, claim):
    from ledger.store import claims as store

    with database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    browser = signed_in(people.reviewer).open(f"/articles/{article}?claim={claim.id}")
    browser.press("Say", text="Which year?")
    assert browser.path() == f"/articles/{article}" and "Which year?" in discussed(browser)


def test_a_reader_reads_and_says_nothing(signed_in, database, people, claim):
    do(database, comments.add, claim.id, by=people.reviewer, text="One")
    browser = signed_in(people.reader).open(f"/claims/{claim.id}")
    assert "One" in discussed(browser) and "Say" not in browser.buttons()
    assert signed_in(people.reader).open("/mentions").status == 200


def test_names_for_writing_come_from_the_accounts(signed_in, people):
    browser = signed_in(people.reviewer)
    assert people.reviewer2.name in browser.client.get("/colleagues").json["names"]

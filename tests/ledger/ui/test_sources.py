"""Pages of sources that changed, and of watched articles."""

import pytest

from ledger.services import archiving, evidence
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.services.desk import do, now
from tests.site import Site, look, take

PAGE = "<html><body><article><p>The bridge was signed for by 242 builders in May.</p><p>Printed in %s.</p>"
PAGE += "".join(f"<p>Paragraph {n} says nothing of the bridge.</p>" for n in range(6))


@pytest.fixture
def piece(app, database, people):
    """Evidence of a settled claim, with a copy of its page."""
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports", "quote": "242 builders"}
    piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    take(app, piece, PAGE % "March")
    make_verdict(database, people.reviewer, people.editor, claim)
    return piece


def test_a_changed_source_is_shown_as_a_difference_and_said_to_fit(app, signed_in, people, database, piece):
    browser = signed_in(people.reviewer)
    path = f"/evidence/{piece.id}/source"
    assert "not looked at since it was added" in browser.open(path).text
    assert "Every source that was looked at is as it was" in browser.open("/sources").text
    look(app, piece, Site((PAGE % "April").encode()))
    browser.open("/sources").follow("https://example.org/a")
    assert browser.path() == path
    assert [one.text for one in browser.page.iter("del")] == [None] and "March" in browser.text
    assert "still stands in it" in browser.text and "5 paragraphs as before" in browser.text
    assert "verdict is stale" in browser.text
    claim = browser.open(f"/claims/{piece.claim_id}").text
    assert "source changed" in claim and "A source changed" in claim
    browser.open(path).press("Still fits", note=" ")
    assert browser.status == 422 and "left empty" in browser.text
    browser.press("Still fits", note="<b>Only</b> the month.")
    assert browser.status == 200 and "<b>Only</b> the month." in browser.text
    assert "Still fits" not in browser.buttons()
    assert "<b>Only</b> the month." in browser.open("/sources?seen=1").text
    assert "Every source" in browser.open("/sources").text
    assert "Supported" in browser.open(f"/claims/{piece.claim_id}").text


def test_what_was_seen_meanwhile_is_not_said_twice(app, signed_in, people, piece):
    look(app, piece, Site((PAGE % "April").encode()))
    first, second = signed_in(people.reviewer), signed_in(people.editor)
    for browser in (first, second):
        browser.open(f"/evidence/{piece.id}/source")
    first.press("Still fits", note="Fine.")
    second.press("Still fits", note="Fine too.")
    assert second.status == 412 and "Fine." in second.text


def test_a_source_without_a_text_has_a_page_too(app, signed_in, people, piece):
    look(app, piece, Site(b"%PDF nonsense", "application/pdf"))
    browser = signed_in(people.reader).open(f"/evidence/{piece.id}/source")
    assert "no text in it that can be read" in browser.text
    assert {"Still fits", "Look now"}.isdisjoint(browser.buttons())
    assert browser.send(f"/evidence/{piece.id}/source/look", {}).status in (400, 403)


def test_a_look_and_the_archive_are_asked_for_on_the_page(signed_in, database, people, piece):
    browser = signed_in(people.reviewer).open(f"/evidence/{piece.id}/source")
    assert "just now: load this page again" in browser.press("Look now").text
    assert "Hand it to the Wayback Machine" not in browser.buttons()
    do(database, archiving.ask, piece.id, by=people.reviewer, on=True)
    assert "to be handed over" in browser.open(f"/evidence/{piece.id}/source").text


def test_an_article_is_watched_on_its_page(signed_in, database, people):
    browser = signed_in(people.reviewer)
    article = make_article(database, people.reviewer, url="https://example.org/a")
    assert "No article is watched" in browser.open("/watches").text
    browser.open(f"/articles/{article.id}").follow("Watch for new texts")
    stale = signed_in(people.reviewer).open(browser.place)
    assert browser.press("Save", every="5m").status == 422
    assert "The article is watched." in browser.press("Save", every="hour").text
    assert now(database, article).watch_minutes == 60
    assert stale.press("Save", every="day").status == 412
    assert "just now" in browser.press("Look now").text
    assert "every hour" in browser.open("/watches").text
    reader = signed_in(people.reader).open(f"/articles/{article.id}/watch")
    assert {"Save", "Look now"}.isdisjoint(reader.buttons())


def test_an_article_without_an_address_says_what_to_do(signed_in, database, people):
    article = make_article(database, people.reviewer)
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}/watch")
    assert "has no address" in browser.text and "Save" not in browser.buttons()

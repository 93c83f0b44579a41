"""New texts without scripts: one is looked at, stored, compared, and what waits in it is dealt with."""

import io

import pytest

from ledger.models import DEFAULT_DESK
from ledger.services import articles, desks, revisions
from tests.conftest import one_database
from tests.factories import TEXT, make_article, make_claim, make_evidence, make_verdict
from tests.ledger.services.desk import do, kinds, now
from tests.site import Site, outside

COST = "It cost 4.2 million euros"


@pytest.fixture
def article(database, people):
    return make_article(database, people.reviewer, OLD, floor=1.0)


@pytest.fixture
def signed(database, people, article):
    """A claim with a verdict that two people signed."""
    claim = make_claim(database, people.reviewer, text=OLD)
    return make_verdict(database, people.reviewer, people.editor, claim)[0]


MORE = "\n\n".join(
    f"Paragraph {n} tells of the weather on day {n} of the month, at some length." for n in range(4)
)
OLD = f"{TEXT}\n{MORE}\n"


def _paper():
    """A number changed, a paragraph moved, and one was cut."""
    head, line, cost, said, *rest = OLD.strip().split("\n\n")
    return "\n\n".join([head, line, said.split(" More than")[0].replace("242", "424"), *rest[:3], cost])


def _compare(article, **more):
    query = "&".join(f"{name}={value}" for name, value in more.items())
    return f"/articles/{article.id}/revisions/compare?{query}"


@one_database
def test_a_text_is_seen_before_it_is_stored(signed_in, database, people, article, signed):
    make_claim(database, people.reviewer, COST, OLD)
    make_claim(database, people.reviewer, "More than 40 towns had asked", OLD)
    browser = signed_in(people.reviewer)
    browser.open(f"/articles/{article.id}").follow("New text")
    assert "There is one text so far" in browser.text
    browser.press("See what changes", text=_paper(), note="The desk sent it.")
    assert browser.status == 200 and "2 claims would have to be checked again" in browser.text
    assert "242" in browser.text and "424" in browser.text and "1 moved" in browser.text
    assert now(database, article).version == article.version, "nothing is stored yet"
    browser.press("Store it as revision 2")
    assert browser.path() == f"/articles/{article.id}/revisions/compare"
    assert "2 claims must be checked again" in browser.text
    assert now(database, signed).status == "stale"
    listed = browser.open(f"/articles/{article.id}/revisions")
    assert "The desk sent it." in listed.text and "1 changed" in listed.text and "1 gone" in listed.text
    again = listed.press("See what changes", text=_paper())
    assert "the article has already" in again.text


@one_database
def test_words_are_placed_and_signed_anew_in_one_step(signed_in, database, people, article, signed):
    do(database, revisions.add, article.id, articles.prepare(_paper()), by=people.reviewer)
    browser = signed_in(people.editor).open(_compare(article, show="recheck"))
    browser.press("Sign that it holds")
    assert browser.status == 422 and now(database, signed).status == "stale"
    assert kinds(database, signed).count("claim.moved") == 0
    browser.press("Sign that it holds", note="The mayor counted again: 424.")
    assert browser.status == 200 and "show=recheck" in browser.place
    assert now(database, signed).status == "supported"
    assert "No claim must be checked again" in browser.text
    assert "Changed" in browser.open(_compare(article)).text


@one_database
def test_it_stands_here_can_be_undone_and_the_claim_be_taken(signed_in, database, people, article, signed):
    do(database, revisions.add, article.id, articles.prepare(_paper()), by=people.reviewer)
    browser = signed_in(people.reviewer).open(_compare(article))
    browser.press("It stands here")
    assert "Placed." in browser.text and "The words changed" in str(now(database, signed).stale_reasons)
    browser.press("Undo")
    assert browser.path() == f"/articles/{article.id}/revisions/compare"
    assert "It stands here" in browser.buttons()
    browser.press("Check again")
    assert now(database, signed).assignee_id == people.reviewer.account_id


@one_database
def test_words_that_went_are_confirmed_and_taken_back(signed_in, database, people, article, signed):
    gone = "\n\n".join(OLD.split("\n\n")[:3])
    do(database, revisions.add, article.id, articles.prepare(gone), by=people.reviewer)
    browser = signed_in(people.reviewer).open(_compare(article))
    assert "It stands here" not in browser.buttons()
    browser.press("It was cut")
    assert "Confirmed as cut" in browser.text
    browser.press("It was not cut")
    assert "It was cut" in browser.buttons()


@one_database
def test_one_of_several_places_is_chosen(signed_in, database, people, article):
    claim = make_claim(database, people.reviewer, text=OLD)
    twice = (
        OLD.replace("“We signed", "The mayor spoke.\n\n“We signed")
        + "\n\nIt was signed with 242 builders, too."
    )
    twice = twice.replace("“We signed with 242 builders,” the mayor said. ", "So said 242 builders in all. ")
    do(database, revisions.add, article.id, articles.prepare(twice), by=people.reviewer)
    browser = signed_in(people.reviewer).open(_compare(article))
    assert "Which of these is it?" in browser.text
    form = browser.form("It stands here")
    places = [one.get("value") for one in form.xpath(".//input[@name='at']")]
    assert len(places) == 2
    browser.press("It stands here", at="")
    assert browser.status == 422 and "Choose the place" in browser.text
    browser.press("It stands here", at=places[1])
    place = now(database, claim)
    assert place.status == "unchecked" and "No claim must be checked again" in browser.text


@one_database
def test_any_two_texts_side_by_side_and_whole(signed_in, database, people, article, signed):
    for text in (_paper(), OLD, OLD.replace("4.2", "5.2")):
        do(database, revisions.add, article.id, articles.prepare(text), by=people.reviewer)
    browser = signed_in(people.reader)
    for asked in (
        {"view": "side"}, {"from": 1, "to": 4, "show": "all"}, {"from": 4, "to": 2}, {"from": 2, "to": 2}, {"from": "x"},
        {"show": "same"}, {"show": "nothing", "view": "nothing"},
    ):  # fmt: skip
        assert browser.open(_compare(article, **asked)).status == 200, asked
        assert "What changed" in browser.text
    assert browser.open(_compare(article, **{"from": 1, "to": 9})).status == 404
    assert "It stands here" not in browser.buttons(), "a reader only looks"
    whole = browser.open(_compare(article, **{"from": 1, "to": 4, "show": "all"}))
    said = {one.text_content() for one in whole.page.xpath("//*[contains(@class, 'words-one')]//ins")}
    assert any("5.2" in words for words in said)


@one_database
def test_a_file_is_given_and_what_is_no_text_refused(signed_in, database, people, article):
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}/revisions")
    browser.press("See what changes")
    assert browser.status == 422 and "Paste the text, choose a file" in browser.text
    browser.press("See what changes", file=(io.BytesIO(_paper().encode()), "new.txt"))
    sent = dict(browser.form("Store it as revision 2").form_values())
    assert (
        browser.send(f"/articles/{article.id}/revisions", {**sent, "draft": sent["draft"] + "x"}).status
        == 422
    )
    do(database, revisions.add, article.id, articles.prepare(OLD.replace("12", "13")), by=people.reviewer)
    late = browser.send(f"/articles/{article.id}/revisions", sent)
    assert late.status == 422 and "another text meanwhile" in late.text
    assert (
        "See what changes" not in signed_in(people.reader).open(f"/articles/{article.id}/revisions").buttons()
    )


@one_database
def test_hostile_words_are_shown_as_words(signed_in, database, people):
    text = "Bridge\n\nIt cost <script>alert(1)</script> 42 euros & 12 towns paid."
    first = make_article(database, people.reviewer, text, floor=1.0)
    new = text.replace("42", "43<img src=x onerror=alert(1)>")
    do(database, revisions.add, first.id, articles.prepare(new), by=people.reviewer)
    for view in ("side", "inline"):
        html = signed_in(people.reviewer).open(_compare(first, view=view, show="all")).html
        assert "<script>alert" not in html and "<img" not in html


@one_database
def test_the_articles_address_is_fetched_again_and_seen_before_it_is_stored(app, signed_in, database, people):
    site = Site(_printed(OLD))
    draft = articles.prepare_url(site, "https://echo.example/bridge", floor=1.0)
    article = do(database, articles.add, draft, by=people.reviewer).article
    outside(app, site)
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}/revisions")
    fetch = "Fetch it again from echo.example"
    browser.press(fetch)
    assert "the article has already" in browser.text
    site.body = _printed(OLD.replace("242", "424"))
    browser.open(f"/articles/{article.id}/revisions").press(fetch)
    assert browser.status == 200 and now(database, article).version == article.version
    browser.press("Store it as revision 2")
    assert "424" in browser.text and site.asked == 3, "what is stored is what was seen"
    assert now(database, article).url == article.url
    site.failure = "The site answered with an error (HTTP status 404)."
    browser.open(f"/articles/{article.id}/revisions").press(fetch)
    assert browser.status == 422 and "HTTP status 404" in browser.text


def _printed(text):
    paragraphs = "".join(f"<p>{one}</p>" for one in text.strip().split("\n\n"))
    return f"<html><body><article>{paragraphs}</article></body></html>".encode()


@one_database
def test_evidence_that_came_meanwhile_is_not_signed_unseen(signed_in, database, people, article, signed):
    do(database, revisions.add, article.id, articles.prepare(_paper()), by=people.reviewer)
    browser = signed_in(people.editor).open(_compare(article, show="recheck"))
    make_evidence(
        database, people.reviewer, now(database, signed), url="https://example.org/other", stance="refutes"
    )
    browser.press("Sign that it holds", note="The mayor counted again: 424.")
    assert browser.status == 412 and now(database, signed).status == "stale"
    assert kinds(database, signed).count("verdict.renewed") == 0


@one_database
def test_what_the_desk_lets_carry_over_is_shown(signed_in, database, people, article, signed):
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"carry_harmless": True})
    text = OLD.replace("242 builders", "242  builders")
    do(database, revisions.add, article.id, articles.prepare(text), by=people.reviewer)
    told = signed_in(people.reviewer).open(_compare(article)).text
    assert "Carried over, as the desk lets it: only white space changed." in told
    assert now(database, signed).status == "supported"

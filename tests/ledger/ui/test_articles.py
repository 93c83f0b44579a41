"""Bringing articles in, the desk, the article's page, and claims made of selected words."""

import io

import pytest

from ledger.models import Claim
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim


def claims_of(database, article):
    with database.read() as session:
        return store.of_article(session, article.id)


def test_an_empty_desk_says_what_to_do_next(signed_in, people):
    browser = signed_in(people.reviewer).open("/")
    assert "No articles yet" in browser.text and "Add the first article" in browser.text
    assert "Add the first" not in signed_in(people.reader).open("/").text


def test_a_pasted_article_is_read_and_its_claims_listed(signed_in, people):
    browser = signed_in(people.reviewer).open("/articles/new")
    browser.press("Add and find claims", text=TEXT, publisher="Bridge Courier")
    assert browser.path().startswith("/articles/")
    assert "candidates were found" in browser.text and "Bridge Courier" in browser.text
    assert browser.page.xpath("//article//a[contains(@class, 's-candidate')]")
    assert "Council opens new bridge" in browser.open("/").text


def test_the_same_text_again_leads_to_the_article_that_is_there(signed_in, people, database):
    article = make_article(database, people.editor)
    browser = (
        signed_in(people.reviewer)
        .open("/articles/new")
        .press("Add and find claims", text=TEXT.replace("\n", "\r\n"))
    )
    assert browser.path() == f"/articles/{article.id}" and "in the ledger already" in browser.text


def test_an_uploaded_file_is_read(signed_in, people):
    browser = signed_in(people.reviewer).open("/articles/new")
    page = b"<html><body><article><h1>Trees felled</h1><p>The town felled 4,200 trees in 2024, the mayor said.</p></article></body></html>"
    browser.press("Add and find claims", file=(io.BytesIO(page), "trees.html"))
    assert "Trees felled" in browser.text and "trees.html" in browser.text


@pytest.mark.parametrize(
    ("fields", "said", "where"),
    [
        ({}, "Paste the text", "f-text-error"),
        ({"text": "x y", "url": "https://example.org"}, "Give only one", "f-url-error"),
        ({"url": "ftp://example.org/x"}, "http", "f-url-error"),
        ({"url": "https://example.org/article"}, "", "f-url-error"),
        ({"file": (io.BytesIO(b""), "empty.txt")}, "", "f-file-error"),
    ],
)
def test_a_refused_article_says_which_field_and_keeps_the_rest(signed_in, people, fields, said, where):
    fields = {name: (io.BytesIO(b""), v[1]) if isinstance(v, tuple) else v for name, v in fields.items()}
    browser = signed_in(people.reviewer).open("/articles/new")
    browser.press("Add and find claims", title="My title", **fields)
    assert browser.status == 422
    assert said in browser.page.get_element_by_id(where).text_content()
    assert browser.value("title") == "My title"
    for name in ("text", "url"):
        if name in fields:
            assert browser.value(name) == fields[name]


def test_hostile_words_are_shown_and_not_run(signed_in, people, database):
    evil = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }}'
    article = make_article(
        database, people.editor, text=f"{evil}\n\nIt cost 4.2 million euros in 2024 {evil}.", publisher=evil
    )
    browser = signed_in(people.reviewer)
    for path in (
        "/",
        f"/articles/{article.id}",
        "/claims",
        f"/claims/{claims_of(database, article)[0][0].id}",
        f"/?q={evil}",
    ):
        page = browser.open(path)
        assert page.status == 200
        # What has another type is data, which no browser runs.
        assert not [
            s for s in page.page.iter("script") if not s.get("src") and s.get("type") != "application/json"
        ]
        assert not page.page.xpath("//*[@onerror]") and "alert(1)" in page.text


def test_desk_pages_lead_to_older_ones_and_back(signed_in, people, database, monkeypatch):
    monkeypatch.setattr("ledger.ui.home.PAGE", 2)
    for n in range(5):
        make_article(database, people.editor, text=f"Note {n}\n\nThe town has {n + 10} trees.")
    browser = signed_in(people.reader).open("/")
    assert "Note 4" in browser.text and "Note 3" in browser.text and "Note 2" not in browser.text
    browser.follow("Older")
    assert "Note 2" in browser.text and "Note 1" in browser.text
    browser.follow("Older")
    assert "Note 0" in browser.text and "Older" not in browser.text
    browser.follow("Newer")
    assert "Note 2" in browser.text and "Note 1" in browser.text
    browser.follow("Newer")
    assert "Note 4" in browser.text and "Newer" not in browser.text


def test_the_desk_is_searched_by_title(signed_in, people, database):
    make_article(database, people.editor)
    browser = signed_in(people.reader).open("/?q=bridge")
    assert "Council opens new bridge" in browser.text
    assert "No article fits" in browser.open("/?q=100%25").text


def test_htmx_gets_the_list_alone_at_the_same_address(signed_in, people, database):
    make_article(database, people.editor)
    browser = signed_in(people.reader).open("/?q=bridge", headers={"HX-Request": "true"})
    assert "<html" not in browser.html and "Council opens" in browser.text
    assert "HX-Request" in browser.response.headers["Vary"]
    assert (
        "<html"
        in browser.open("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).html
    )


def test_parameters_that_url_for_would_obey_are_dropped(signed_in, people, database, monkeypatch):
    monkeypatch.setattr("ledger.ui.home.PAGE", 1)
    for n in range(3):
        make_article(database, people.editor, text=f"Note {n}\n\nThe town has {n + 10} trees.")
    browser = signed_in(people.reader).open("/?_external=1&_scheme=javascript&endpoint=x")
    assert browser.status == 200 and "javascript:" not in browser.html


def test_details_are_edited(signed_in, people, database):
    article = make_article(database, people.editor)
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}")
    browser.press("Save details", title="Another title", url="https://Example.org/a#b")
    assert "The details are saved" in browser.text and "Another title" in browser.text
    browser.press("Save details", title="")
    assert browser.status == 422 and "left empty" in browser.text


def test_details_that_changed_meanwhile_show_both_and_can_be_sent_again(signed_in, people, database):
    article = make_article(database, people.editor)
    mine = signed_in(people.reviewer).open(f"/articles/{article.id}")
    signed_in(people.editor).open(f"/articles/{article.id}").press(
        "Save details", title="Their title", publisher="Courier"
    )
    mine.press("Save details", title="My title")
    assert mine.status == 412
    assert mine.value("title") == "My title"
    assert "Their title" in mine.page.get_element_by_id("f-title-theirs").text_content()
    assert "Courier" in mine.page.get_element_by_id("f-publisher-theirs").text_content()
    mine.press("Save details")
    assert mine.status == 200 and "My title" in mine.text


def test_the_list_is_filtered_by_status(signed_in, people, database):
    claim = make_claim(database, people.editor)
    article_id = claims_article(database, claim)
    browser = signed_in(people.reader).open(f"/articles/{article_id}?status=unchecked")
    assert len(browser.page.xpath("//li[@data-claim]")) == 1
    assert browser.open(f"/articles/{article_id}?status=stale").text.count("Show all") == 1


def claims_article(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0].article_id


def test_words_are_found_in_the_text_and_made_a_claim(signed_in, people, database):
    article = make_article(database, people.editor)
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}")
    browser.press("New claim", words="paid for by 12 towns")
    assert browser.page.xpath("//mark")[0].text_content() == "paid for by 12 towns"
    browser.press("Add claim", statement="12 towns paid for it.", kind="quantity")
    assert "12 towns paid for it." in browser.text
    claim, place = next((c, a) for c, a in claims_of(database, article) if c.origin == "person")
    assert place.exact == "paid for by 12 towns" and claim.status == "unchecked"


@pytest.mark.parametrize(
    ("words", "said"), [("13 towns", "do not stand in the text"), ("2", "several places|do not stand")]
)
def test_words_that_can_not_be_found_are_kept(signed_in, people, database, words, said):
    article = make_article(database, people.editor)
    browser = signed_in(people.reviewer).open(
        f"/articles/{article.id}/claims/new", query_string={"words": words}
    )
    assert browser.status == 422 and browser.value("words") == words
    assert any(part in browser.text for part in said.split("|"))


def test_a_selection_that_does_not_fit_the_text_is_refused_with_the_typing_kept(signed_in, people, database):
    article = make_article(database, people.editor)
    browser = signed_in(people.reviewer).open(
        f"/articles/{article.id}/claims/new?start=3&end=9&exact=not%20it"
    )
    browser.press("Add claim", statement="My wording of it")
    assert browser.status == 422
    assert browser.value("statement") == "My wording of it" and "not the words that were sent" in browser.text


def test_a_second_claim_on_the_same_words_leads_to_the_first(signed_in, people, database):
    claim = make_claim(database, people.editor)
    browser = signed_in(people.reviewer).open(f"/articles/{claims_article(database, claim)}")
    browser.press("New claim", words="242 builders").press("Add claim")
    assert browser.path() == f"/claims/{claim.id}" and "already a claim" in browser.text


def test_readers_see_no_buttons_and_are_refused(signed_in, people, database):
    article = make_article(database, people.editor)
    claim = claims_of(database, article)[0][0]
    browser = signed_in(people.reader).open(f"/articles/{article.id}")
    assert "Accept" not in browser.buttons() and "Save details" not in browser.buttons()
    token = browser.value("csrf_token")
    for path in (
        f"/articles/{article.id}",
        "/articles/new",
        f"/articles/{article.id}/claims",
        f"/claims/{claim.id}/accept",
    ):
        assert browser.send(path, {"csrf_token": token, "version": 1}).status == 403
    with database.read() as session:
        assert session.get_one(Claim, claim.id).status == "candidate"


def test_a_form_without_its_token_is_refused_with_a_page(signed_in, people, database):
    article = make_article(database, people.editor)
    browser = signed_in(people.reviewer)
    browser.send(f"/articles/{article.id}", {"title": "x", "version": 1})
    assert browser.status == 400 and "too old" in browser.text
    browser.send(f"/articles/{article.id}", {"title": "x", "version": 1}, headers={"HX-Request": "true"})
    assert browser.status == 400 and "<html" not in browser.html
    assert browser.response.headers["HX-Retarget"] == "#messages"


def test_the_claims_of_an_article_are_taken_out_as_csv(signed_in, people, database):
    claim = make_claim(database, people.editor)
    browser = signed_in(people.reader).open(f"/articles/{claims_article(database, claim)}")
    link = next(a.get("href") for a in browser.page.iter("a") if "Download CSV" in a.text_content())
    answer = browser.client.get(link)
    assert answer.mimetype == "text/csv" and claim.id in answer.get_data(as_text=True)


def test_a_page_that_is_not_there_is_a_page(signed_in, people):
    for path in ("/nothing", "/articles/nothing", "/claims/018f0000-0000-7000-8000-000000000000"):
        browser = signed_in(people.reader).open(path)
        assert browser.status == 404 and "nothing at this address" in browser.text

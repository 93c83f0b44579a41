"""The desk's lists without scripts: search, facets, many at once, saved views; and what they cost."""

from contextlib import contextmanager
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import event
from sqlmodel import select

from ledger.models import Article, Claim, SavedView
from ledger.services import claims, search
from ledger.store import events
from tests.factories import TEXT, make_article, make_claim, make_desk
from tests.ledger.services.desk import do, now


@contextmanager
def counted(database):
    asked = []

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def rows(browser):
    return browser.page.xpath("//li[contains(@class, 'line ')]")


def test_many_lines_cost_as_many_queries_as_few(signed_in, people, database):
    browser = signed_in(people.editor)
    claim = make_claim(database, people.editor)
    do(database, claims.assign, claim.id, by=people.editor, version=1, to=people.editor.account)
    numbers = {}
    for path in ("/", "/claims"):
        browser.open(path)
        with counted(database) as asked:
            browser.open(path)
        numbers[path] = len(asked)
    for n in range(4):
        text = f"No {n}. " + TEXT
        claim = make_claim(database, people.editor, text=text)
        do(database, claims.assign, claim.id, by=people.editor, version=1, to=people.editor.account)
    for path in ("/", "/claims"):
        with counted(database) as asked:
            browser.open(path)
        assert len(rows(browser)) >= 5
        assert len(asked) <= numbers[path], path


def test_an_article_s_line_says_what_is_left_who_has_it_and_when_it_is_due(signed_in, people, database):
    article = make_article(
        database, people.editor, publisher="The Note", tags=["budget"], due_at="2020-01-01", floor=0.0
    )
    claim = make_claim(database, people.reviewer)
    do(database, claims.assign, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)
    browser = signed_in(people.reader).open("/")
    line = " ".join(rows(browser)[0].text_content().split())
    for words in ("1 checking", "candidate", "Reviewer", "overdue", "The Note", "budget", "0 of"):
        assert words in line, words
    assert browser.page.get_element_by_id(f"a-{article.id}") is not None
    assert "Choose" not in line


def test_a_facet_writes_its_words_into_the_search_and_takes_them_out(signed_in, people, database):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reviewer).open("/claims?q=bridge")
    browser.follow("Unchecked")
    assert browser.value("q") == "bridge status:unchecked"
    assert browser.page.get_element_by_id("f-status-unchecked").get("aria-current") == "true"
    browser.follow("Candidate")
    assert browser.value("q") == "bridge status:unchecked,candidate"
    browser.follow("Unchecked")
    assert browser.value("q") == "bridge status:candidate"


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("/claims?status=stale&status=unchecked&kind=", "status:stale,unchecked"),
        ("/claims?mine=1&q=bridge", "bridge assignee:me"),
        ("/claims?worth=0.6&order=worth&below=1", "worth:>=0.6 below:yes sort:worth"),
        ("/?q=bridge&desk={desk}", "bridge desk:Health"),
    ],
)
def test_an_address_of_before_leads_to_the_same_search(signed_in, people, database, old, words):
    desk = make_desk(database, people.editor)
    browser = signed_in(people.reader).open(old.format(desk=desk.id))
    assert browser.status == 200
    assert browser.value("q") == words


def test_a_search_that_is_not_understood_says_so_at_the_field(signed_in, people, database):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/claims?q=stauts:unchecked+bridge")
    assert "Did you mean “status:”" in browser.page.get_element_by_id("troubles").text_content()
    assert rows(browser)
    browser.follow("Search for status:unchecked bridge")
    assert len(rows(browser)) == 1


def test_nothing_found_says_which_words_to_drop(signed_in, people, database):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/claims?q=bridge+status:refuted")
    assert "No claim fits" in browser.text
    browser.follow("status:refuted")
    assert browser.value("q") == "bridge" and rows(browser)
    assert "No articles yet" not in browser.open("/").text


def test_while_one_types_only_the_list_and_its_count_come(signed_in, people, database):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reader)
    browser.open("/claims?q=bridge", headers={"HX-Request": "true", "HX-Target": "section#list"})
    assert "<html" not in browser.html and "claims" in browser.text and "Who has it" not in browser.text
    browser.open("/desk/claims/facets?q=bridge", headers={"HX-Request": "true"})
    assert "Who has it" in browser.text and "<html" not in browser.html


def test_many_are_assigned_with_a_preview_and_undone(signed_in, people, database):
    first, second = make_claim(database, people.reviewer), make_claim(database, people.reviewer, "12 towns")
    do(database, claims.assign, second.id, by=people.editor, version=1, to=people.editor.account)
    browser = signed_in(people.reviewer).open("/claims?q=status:unchecked,checking")
    browser.press("Assign", "bulk", all="1", do="assign", to=people.reviewer2.account)
    assert "1 claim will be assigned to Reviewer2" in browser.text
    assert "Somebody else has this claim" in browser.text
    assert now(database, first).assignee_id is None
    browser.press("Change 1 claim")
    assert browser.path() == "/claims" and browser.value("q") == "status:unchecked,checking"
    assert "1 claim assigned to Reviewer2" in browser.text
    assert now(database, first).assignee_id == people.reviewer2.account
    browser.press("Undo")
    assert now(database, first).assignee_id is None
    assert browser.path() == "/claims"


def test_a_deed_on_many_that_is_wrong_says_what_would_be_right(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    browser = signed_in(people.reviewer).open("/claims")
    browser.press("Tag", "bulk", seen=f"{claim.id}:1", do="tag", tags="")
    assert browser.status == 422 and "Write at least one tag" in browser.text
    browser.open("/claims").press("Take", "bulk", do="take")
    assert "Choose at least one" in browser.text
    browser.open("/claims").press("Take", "bulk", do="take", seen="x:1")
    assert "Reload the page" in browser.text


def test_articles_are_due_at_the_end_of_the_day_where_the_person_is(signed_in, people, database):
    article = make_article(database, people.reviewer)
    browser = signed_in(people.reviewer)
    browser.client.set_cookie("zone", "Asia/Tokyo")
    browser.open("/").press("Set due", "bulk", seen=f"{article.id}:1", do="due", due="2090-12-01")
    assert "1 article will be due 1 Dec 2090" in browser.text
    browser.press("Change 1 article")
    assert f"{now(database, article).due_at:%Y-%m-%d %H:%M}" == "2090-12-01 14:59"
    with database.read() as session:
        assert session.exec(select(Article)).one().version == 2


def test_a_search_is_saved_shared_renamed_removed_and_brought_back(signed_in, people, database):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reviewer).open("/claims?q=status:unchecked")
    assert "Waiting for my signature" in browser.text
    browser.press("Save view", name="To do", shared="1")
    assert "The view “To do” is saved." in browser.text
    with database.read() as session:
        view = session.exec(select(SavedView)).one()
    other = signed_in(people.reviewer2).open("/claims").follow("To do 1")
    assert other.value("q") == "status:unchecked" and "Change this view" not in other.text
    browser.press("Save", "facets", name="Open", query="status:unchecked kind:quantity", shared="")
    assert unquote_plus(browser.place) == "/claims?q=status:unchecked kind:quantity"
    assert browser.open(f"/views/{view.id}").value("q") == "status:unchecked kind:quantity"
    browser.send(f"/views/{view.id}/remove", {"csrf_token": browser.value("csrf_token"), "version": "2"})
    assert "Removed. “Open”" in browser.text
    browser.press("Undo")
    assert browser.open(f"/views/{view.id}").status == 200
    # Not shared any more: nobody else's business.
    assert other.open(f"/views/{view.id}").status == 404


def test_a_reader_brings_back_a_view_of_theirs_and_nobody_else_s_deed(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/claims?q=status:unchecked")
    browser.press("Save view", name="To do")
    with database.read() as session:
        view = session.exec(select(SavedView)).one()
        seq = max(event.seq for event in events.of_stream(session, f"claim:{claim.id}"))
    browser.send(f"/views/{view.id}/remove", {"csrf_token": browser.value("csrf_token"), "version": "1"})
    browser.press("Undo")
    assert browser.open(f"/views/{view.id}").status == 200
    token = browser.value("csrf_token")
    browser.send("/undo", {"csrf_token": token, "from": seq, "to": seq})
    assert now(database, claim).version == claim.version


def test_a_large_ledger_shows_the_list_before_it_counts(signed_in, people, database, monkeypatch):
    claim = make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/claims")
    assert "f-status-unchecked" in browser.html
    monkeypatch.setattr(search, "LARGE", 1)
    browser.open("/claims?q=status:unchecked,dismissed")
    assert claim.id in browser.html and "f-status-unchecked" not in browser.html
    later = browser.page.xpath("//*[@id='facets']//a[@hx-trigger='load']")[0].get("hx-get")
    part = browser.client.get(later, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "f-status-unchecked" in part
    # Without scripts they are a click away.
    browser.follow("Show views and filters")
    assert browser.page.get_element_by_id("f-status-unchecked").get("aria-current") == "true"


def test_a_large_ledger_shows_articles_before_it_counts_claims(signed_in, people, database, monkeypatch):
    make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/")
    counted = [link.text_content().split() for link in browser.page.xpath("//nav[@class='queues']/a")]
    assert ["0", "Stale"] in counted
    monkeypatch.setattr(search, "LARGE", 1)
    browser.open("/")
    queues = browser.page.xpath("//nav[@class='queues']")[0]
    assert [link.text_content().split() for link in queues][1] == ["Stale"], "the links are there at once"
    part = browser.client.get(queues.get("hx-get"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<b>0</b>" in part and "hx-get" not in part
    browser.open("/?facets=1")
    assert ["0", "Stale"] in [
        link.text_content().split() for link in browser.page.xpath("//nav[@class='queues']/a")
    ]


def test_dismissed_claims_are_put_aside_and_counted(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    with database.read() as session:
        other = next(c for c in session.exec(select(Claim)).all() if c.id != claim.id)
        article = session.exec(select(Article)).one().id
    browser = signed_in(people.reviewer).open("/claims?q=dismissed:yes")
    number = len(rows(browser))
    do(database, claims.dismiss, other.id, by=people.reviewer, version=other.version, reason=None)
    browser.open("/claims")
    assert len(rows(browser)) == number - 1 and "1 dismissed, put aside" in browser.text
    assert browser.page.get_element_by_id("f-status-dismissed").text_content().split()[-1] == "1"
    browser.follow("1 dismissed, put aside")
    assert browser.value("q") == "dismissed:yes" and len(rows(browser)) == number
    assert other.id in browser.client.get(f"/claims.csv?article={article}").get_data(as_text=True)


def test_tags_are_set_on_the_claim_and_the_date_on_the_article(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    with database.read() as session:
        article = session.exec(select(Article)).one()
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Save tags", tags="#Budget,  Schulen und Kitas")
    assert now(database, claim).tags == ["budget", "schulen und kitas"]
    browser.press("Undo")
    assert now(database, claim).tags is None
    place = f"/articles/{article.id}?claim={claim.id}"
    browser.open(place).press("Save tags", tags="budget")
    assert "About this claim #budget" in browser.text
    browser.press("Save tags", tags="none")
    assert browser.status == 422 and "“none” is no tag" in browser.text

    browser.client.set_cookie("zone", "Asia/Tokyo")
    browser.open(place).press("Save details", due_at="2090-12-01", tags="Wahl")
    assert f"{now(database, article).due_at:%H:%M}" == "14:59" and now(database, article).tags == ["wahl"]
    assert (
        browser.value("due_at") == "2090-12-01"
        and "#wahl" in browser.text
        and "due 1 Dec 2090" in browser.text
    )
    # Who lives elsewhere, and leaves the date alone, does not move it.
    browser.client.set_cookie("zone", "America/New_York")
    browser.open(place).press("Save details", tags="")
    assert f"{now(database, article).due_at:%H:%M}" == "14:59" and now(database, article).tags is None
    browser.press("Undo")
    assert now(database, article).tags == ["wahl"]
    browser.open(place).press("Save details", due_at="")
    assert now(database, article).due_at is None
    browser.press("Save details", due_at="2090-13-01")
    assert browser.status == 422 and "Write a day such as" in browser.text


def test_the_download_holds_what_the_search_finds(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    browser = signed_in(people.reader).open("/claims?q=status:unchecked+builders")
    text = browser.client.get(browser.page.get_element_by_id("csv").get("href")).get_data(as_text=True)
    assert text.count("\r\n") == 2 and claim.id in text
    with database.read() as session:
        everything = session.exec(select(Claim)).all()
    assert browser.client.get("/claims.csv").get_data(as_text=True).count("\r\n") == len(everything) + 1

"""The workspace of an article: a claim at hand by the address, deeds beside the text, and what they change."""

import pytest
import sqlalchemy as sa

from ledger.services import claims
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_desk, make_verdict

HTMX = {"HX-Request": "true"}


def claims_of(database, article):
    with database.read() as session:
        return [claim for claim, _ in store.of_article(session, article.id)]


def test_candidates_are_sorted_without_scripts_and_the_next_is_one_step_away(signed_in, people, database):
    article = make_article(database, people.editor)
    first, second = claims_of(database, article)[:2]
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}")
    # Without a claim in the address the first that waits is at hand.
    browser.press("Accept", within="panel")
    assert browser.place.endswith(f"?claim={first.id}#c-{first.id}")
    assert "Unchecked" in browser.page.get_element_by_id(f"c-{first.id}").text_content()
    browser.follow("Next unchecked")
    assert f"claim={second.id}" in browser.place
    browser.press("Dismiss", within="panel")
    assert "Dismissed." in browser.text and not browser.page.xpath(f"//*[@id='c-{second.id}']")
    browser.press("Undo", within="messages")
    assert "Candidate" in browser.page.get_element_by_id(f"c-{second.id}").text_content()


def test_dismissed_candidates_are_shown_when_asked_for_and_stay_shown_after_a_deed(
    signed_in, people, database
):
    article = make_article(database, people.editor)
    claim = claims_of(database, article)[0]
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}?claim={claim.id}")
    browser.press("Dismiss", within="panel").open(f"/articles/{article.id}").follow("Show dismissed")
    browser.open(f"{browser.place}&claim={claim.id}").press("Reopen", within="panel")
    assert "dismissed=1" in browser.place and "Reopened" in browser.text


def test_htmx_gets_the_claims_part_its_line_its_paragraph_and_the_counts(signed_in, people, database):
    article = make_article(database, people.editor)
    claim = claims_of(database, article)[0]
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}")
    token, deed = browser.value("csrf_token"), f"/claims/{claim.id}/accept?article={article.id}"
    browser.send(deed, {"csrf_token": token, "version": 1}, headers=HTMX)
    assert browser.status == 200 and "<html" not in browser.html
    assert browser.page.xpath("//div[@data-claim and @data-version='2']//h2[@id='statement']")
    for id in (f"c-{claim.id}", "progress", "filters", "said"):
        assert browser.page.get_element_by_id(id).get("hx-swap-oob"), id
    assert browser.page.xpath("//*[@hx-swap-oob]//a[contains(@class, 'mark s-unchecked')]")
    browser.send(deed, {"csrf_token": token, "version": 1}, headers=HTMX)
    assert browser.status == 412 and "changed this claim meanwhile" in browser.text


def test_a_refused_form_stays_in_the_workspace_with_its_typing(signed_in, people, database):
    claim = make_claim(database, people.editor)
    place = f"/articles/{article_of(database, claim)}"
    browser = signed_in(people.reviewer).open(f"{place}?claim={claim.id}")
    browser.press("Propose", rationale="Because the list has 242 names.")
    assert browser.status == 422 and browser.value("rationale") == "Because the list has 242 names."
    assert browser.page.xpath("//*[@id='text']") and "Choose one of:" in browser.text


def article_of(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0].article_id


def test_the_part_of_a_claim_is_the_page_with_it_where_no_script_asks(signed_in, people, database):
    claim = make_claim(database, people.editor)
    path = f"/articles/{article_of(database, claim)}/claims/{claim.id}"
    browser = signed_in(people.reader).open(path)
    assert f"claim={claim.id}" in browser.place and browser.page.xpath("//*[@id='text']")
    browser.open(path, headers=HTMX)
    assert "<html" not in browser.html and "HX-Request" in browser.response.headers["Vary"]
    other = make_article(database, people.editor, "Trees\n\nThe town felled 4,200 trees in 2024.")
    assert browser.open(f"/articles/{other.id}/claims/{claim.id}", headers=HTMX).status == 404


def test_a_claim_of_another_article_leads_to_its_own_page(signed_in, people, database):
    claim = make_claim(database, people.editor)
    other = make_article(database, people.editor, "Trees\n\nThe town felled 4,200 trees in 2024.")
    browser = signed_in(people.reader)
    assert browser.open(f"/articles/{other.id}?claim={claim.id}").path() == f"/claims/{claim.id}"
    assert browser.open(f"/articles/{other.id}?claim=nothing").status == 404


def test_the_filter_narrows_the_list_and_its_steps_but_not_the_text(signed_in, people, database):
    claim = make_claim(database, people.editor)
    article, who = article_of(database, claim), people.reviewer
    with database.write() as session:
        claims.assign(session, claim.id, by=who, version=1, to=who.account_id)
    browser = signed_in(people.reviewer)
    for query in ("mine=1", "status=checking"):
        browser.open(f"/articles/{article}?{query}")
        assert [li.get("data-claim") for li in browser.page.xpath("//li[@data-claim]")] == [claim.id]
        assert len(set(browser.page.xpath("//a[contains(@class, 'mark')]/@data-claims"))) > 1
        assert f"{query}&claim={claim.id}" in browser.page.xpath("//li[@data-claim]/a/@href")[0]
    assert "No claim with this status" in browser.open(f"/articles/{article}?status=stale").text
    assert "No claim of yours" in signed_in(people.reader).open(f"/articles/{article}?mine=1").text


def test_a_candidate_below_the_threshold_is_reached_by_its_address(signed_in, people, database):
    strict = make_desk(database, people.editor, threshold=0.99)
    article = make_article(database, people.editor, desk_id=strict.id)
    low = next(claim for claim in claims_of(database, article) if (claim.score or 0) < 0.99)
    browser = signed_in(people.reviewer).open(f"/articles/{article.id}")
    assert not browser.page.xpath(f"//*[@id='c-{low.id}']")
    browser.open(f"/articles/{article.id}?claim={low.id}")
    assert "below=1" in browser.place
    assert browser.page.xpath(f"//*[@id='c-{low.id}']/a[@aria-current='true']")


def test_overlapping_marks_each_have_their_sign_and_the_words_stay_whole(signed_in, people, database):
    outer = make_claim(database, people.editor, words="with 242 builders")
    inner = make_claim(database, people.editor, words="with 242")
    browser = signed_in(people.reader).open(f"/articles/{article_of(database, outer)}?claim={outer.id}")
    for claim in (outer, inner):
        assert len(browser.page.xpath(f"//*[@id='text']//i[@id='m-{claim.id}']")) == 1
    both = browser.page.xpath(f"//a[contains(@data-claims, '{outer.id} {inner.id}')]")
    assert [a.text_content() for a in both] == ["with 242"]
    assert {"more", "u-unchecked"} <= set(both[0].get("class").split())
    current = browser.page.xpath("//a[contains(@class, 'mark') and contains(@class, 'current')]")
    assert "".join(a.text_content() for a in current) == "with 242 builders"
    words = "".join(browser.page.get_element_by_id("text").text_content().split())
    assert words == "".join(TEXT.split())


def test_the_steps_go_round_and_skip_what_is_settled(signed_in, people, database):
    settled, _ = make_verdict(database, people.reviewer, people.editor)
    article = article_of(database, settled)
    every = [one.id for one in store_order(database, article)]
    browser = signed_in(people.reviewer).open(f"/articles/{article}?claim={every[-1]}")
    assert not browser.page.xpath("//a[@data-action='next']/@href")
    assert f"claim={every[0]}" in browser.page.xpath("//a[@data-action='next-unchecked']/@href")[0]
    assert f"claim={every[-2]}" in browser.page.xpath("//a[@data-action='previous']/@href")[0]
    assert "1 cleared" in " ".join(browser.page.get_element_by_id("progress").text_content().split())


def store_order(database, article):
    with database.read() as session:
        return store.lines_of_article(session, article)


@pytest.mark.parametrize("status", ['"><script>alert(1)</script>', "unchecked&below=1"])
def test_hostile_filters_narrow_nothing_and_are_not_run(signed_in, people, database, status):
    article = make_article(database, people.editor)
    browser = signed_in(people.reader).open(f"/articles/{article.id}", query_string={"status": status})
    assert browser.status == 200 and browser.page.xpath("//li[@data-claim]")
    assert "alert(1)" not in "".join(browser.page.xpath("//script/text()"))


def test_uncovered_sentences_are_told_to_the_script(signed_in, people, database):
    text = "Bridge\n\nThe council spent 4.2 million pounds on the bridge in 2024. Good morning to all."
    article = make_article(database, people.editor, text, floor=1.0)
    browser = signed_in(people.reader)
    [[start, end, worth]] = browser.client.get(f"/articles/{article.id}/uncovered").get_json()
    assert text[start:end].startswith("The council spent") and 0 < worth <= 1


def test_a_page_of_three_hundred_claims_asks_the_database_no_more_than_one_of_three(
    signed_in, people, database
):
    few = make_article(database, people.editor)
    many = make_article(
        database,
        people.editor,
        "\n\n".join(f"The council spent {n + 2}.5 million euros on road {n} in 2024." for n in range(300)),
    )
    browser = signed_in(people.reviewer)
    asked, counted = [], []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for article in (few, many):
        browser.open(f"/articles/{article.id}")
        asked.clear()
        browser.open(f"/articles/{article.id}")
        counted.append(len(asked))
    assert len(browser.page.xpath("//li[@data-claim]")) == 300
    assert counted[0] == counted[1]

"""An article's workspace in a real browser: stepping through it, clearing a claim, narrow and without scripts."""

import re

from playwright.sync_api import Page, expect

from ledger.store import claims as store
from tests.browser.journeys.test_journeys import unique
from tests.factories import TEXT, make_article, make_claim

ARABIC = "افتتاح جسر جديد في المدينة\n\nقال رئيس البلدية إن الجسر كلف 4.2 مليون يورو في عام 2024.\n"


def at_hand(page: Page):
    return page.get_by_role("region", name="The claim at hand")


def lines_of(desk, article):
    with desk.database.read() as session:
        return store.lines_of_article(session, article.id)


def test_a_first_time_reviewer_clears_the_first_claim(desk, browser_of):
    who = desk.person("Fay")
    article = make_article(desk.database, who, text=unique(TEXT))
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    panel, said = at_hand(page), page.locator("#said")
    # What is to be done stands beside the text, without a choice or a search.
    panel.get_by_role("button", name="Accept").click()
    panel.get_by_role("button", name="Take it").click()
    expect(said).to_contain_text("Checking")
    panel.get_by_role("textbox", name=re.compile("^Link")).fill("https://a.example/bridge")
    panel.get_by_role("radio", name=re.compile("^supports")).check()
    panel.get_by_role("textbox", name=re.compile("^Quote")).fill("The bridge opened on Monday.")
    panel.get_by_role("button", name="Add evidence").click()
    expect(panel.locator(".piece")).to_contain_text("The bridge opened on Monday.")
    panel.get_by_role("radio", name=re.compile("Supported")).check()
    panel.get_by_role("textbox", name=re.compile("^Rationale")).fill("The council's own page says so.")
    panel.get_by_role("button", name="Propose").click()
    expect(said).to_contain_text("Proposed")
    expect(page.locator("#items .item").first).to_contain_text("Proposed")
    expect(page.locator("article .mark.s-proposed").first).to_be_visible()
    panel.get_by_role("link", name="Next unchecked").click()
    expect(said).to_have_text(re.compile(r"^Claim 2 of \d+, candidate$"))


def test_steps_are_taken_at_once_and_the_back_button_takes_them_back(desk, browser_of):
    who = desk.person("Gus")
    article = make_article(desk.database, who, text=unique(TEXT))
    first, second, third = [row.id for row in lines_of(desk, article)][:3]
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    panel = at_hand(page)
    page.evaluate(
        "document.addEventListener('ledger:current', (e) => (window.seen ??= []).push(e.detail.claim))"
    )
    next_ = panel.get_by_role("link", name="Next claim")
    next_.press("Enter")
    expect(page.locator("#said")).to_have_text(re.compile(r"^Claim 2 of \d+, candidate$"))
    expect(page.locator(f'#text [data-claims~="{second}"]').first).to_have_class(re.compile("current"))
    expect(page.locator(f"#c-{second} a")).to_have_attribute("aria-current", "true")
    # The focus stays on the step, so that it can be taken again.
    expect(panel).to_contain_text("2 of")
    expect(next_).to_be_focused()
    next_.press("Enter")
    expect(panel).to_contain_text("3 of")
    expect(page).to_have_url(re.compile(f"claim={third}$"))
    page.go_back()
    expect(panel).to_contain_text("2 of")
    page.go_back()
    expect(panel).to_contain_text("1 of")
    assert page.evaluate("window.seen") == [second, third, second, first]
    mark = page.locator(f'#text [data-claims~="{third}"]').last
    mark.click()
    expect(panel).to_contain_text("3 of")
    expect(mark).to_be_focused()
    page.reload()
    expect(at_hand(page)).to_contain_text("3 of")


def test_the_answer_to_a_deed_waits_for_nobody_who_went_on(desk, browser_of):
    who = desk.person("Hal")
    article = make_article(desk.database, who, text=unique(TEXT))
    first = lines_of(desk, article)[0].id
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    panel = at_hand(page)

    def slowly(route):
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/accept*", slowly)
    panel.get_by_role("button", name="Accept").click()
    page.locator("#items .item").nth(1).get_by_role("link").click()
    expect(panel).to_contain_text("2 of")
    expect(page.locator(f"#c-{first}")).to_contain_text("Unchecked")
    expect(panel).to_contain_text("2 of")
    expect(panel.get_by_role("button", name="Accept")).to_be_visible()


def test_sentences_without_an_entry_are_underlined_until_somebody_turns_it_off(desk, browser_of):
    text = unique("🌉\n\nThe council spent 4.2 million pounds on the bridge in 2024. Good morning to all.")
    who = desk.person("Ida")
    article = make_article(desk.database, who, text, floor=1.0)
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    button = page.get_by_role("button", name="Coverage")
    words = "[...(CSS.highlights.get('uncovered') ?? [])].map(String)"
    expect(button).to_have_text("Coverage: 1 left")
    assert page.evaluate(words) == ["The council spent 4.2 million pounds on the bridge in 2024."]
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(words) == []


def test_on_a_narrow_screen_the_claim_is_a_page_of_its_own_with_a_way_back(desk, browser_of):
    who = desk.person("Jan")
    claim = make_claim(desk.database, who, text=unique(ARABIC), words="4.2 مليون")
    with desk.database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    for scripts in (True, False):
        page: Page = browser_of(who, viewport={"width": 360, "height": 700}, java_script_enabled=scripts)
        page.goto(f"/articles/{article}")
        text, panel = page.get_by_role("article", name="The article's text"), at_hand(page)
        expect(text).to_be_visible()
        expect(panel).to_be_hidden()
        text.get_by_role("link", name="4.2 مليون").click()
        expect(panel.get_by_role("heading", name="4.2 مليون")).to_be_visible()
        expect(text).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        panel.get_by_role("link", name="Text").click()
        expect(text).to_be_visible()
        expect(panel).to_be_hidden()
        if scripts:
            page.go_back()
            expect(panel).to_be_visible()

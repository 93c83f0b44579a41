"""The workspace for other eyes and hands: magnified, in large type, right to left, read aloud, with less motion."""

import re

from playwright.sync_api import Page, expect

from tests.browser.journeys.test_journeys import unique
from tests.browser.journeys.test_workspace import ARABIC, at_hand, lines_of
from tests.factories import TEXT, make_article


def sticks_out(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_at_200_percent_everything_is_there_and_in_reach(desk, browser_of):
    who = desk.person("Zoe")
    article = make_article(desk.database, who, text=unique(TEXT))
    # What a browser of 1440 by 900 makes of 200 %.
    page: Page = browser_of(who, viewport={"width": 720, "height": 450}, device_scale_factor=2)
    page.goto(f"/articles/{article.id}")
    assert not sticks_out(page)
    page.get_by_role("article", name="The article's text").get_by_role("link").first.click()
    accept = at_hand(page).get_by_role("button", name="Accept")
    accept.scroll_into_view_if_needed()
    accept.click()
    expect(at_hand(page)).to_contain_text("Unchecked")
    assert not sticks_out(page)
    for path in ("/", "/claims", "/insights"):
        page.goto(path)
        assert not sticks_out(page), path


def test_type_of_twice_the_size_pushes_nothing_out(desk, browser_of):
    who = desk.person("Yan")
    article = make_article(desk.database, who, text=unique(TEXT))
    page: Page = browser_of(who)
    # As in the browser's own settings, which style sheets and their breakpoints follow.
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    for path in (f"/articles/{article.id}", "/", "/claims"):
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert not sticks_out(page), path
        heading = page.get_by_role("heading", level=1)
        assert heading.bounding_box()["height"] > 0


def test_an_arabic_article_is_read_and_cleared_from_right_to_left(desk, browser_of):
    who = desk.person("Wafa")
    article = make_article(desk.database, who, text=unique(ARABIC), floor=0.0)
    assert lines_of(desk, article)
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    text = page.get_by_role("article", name="The article's text")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).to_have_attribute("lang", "ar")
    box, line = (
        text.bounding_box(),
        text.locator("[data-start]").last.evaluate(
            "(e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects()[0].right }"
        ),
    )
    # Lines begin at the right edge of their column.
    assert line > box["x"] + box["width"] / 2
    at_hand(page).get_by_role("button", name=re.compile("Accept")).first.click()
    expect(page.locator("#said")).to_contain_text("Unchecked")
    assert not sticks_out(page)


def test_what_happens_is_said_and_every_part_has_a_name(desk, browser_of):
    who = desk.person("Vera")
    article = make_article(desk.database, who, text=unique(TEXT))
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    for role, name in (("banner", None), ("main", None), ("article", "The article's text")):
        expect(page.get_by_role(role, name=name) if name else page.get_by_role(role)).to_have_count(1)
    expect(at_hand(page)).to_have_count(1)
    said = page.locator("#said")
    assert said.evaluate("(e) => e.closest('[aria-live=polite], [role=status]') !== null")
    at_hand(page).get_by_role("link", name="Next claim").press("Enter")
    expect(said).to_have_text(re.compile(r"^Claim 2 of \d+, candidate"))
    # A mark says which status its claim has, not by its colour alone.
    mark = page.locator("#text .mark").first
    described = mark.evaluate(
        "(e) => document.getElementById(e.getAttribute('aria-describedby'))?.textContent ?? ''"
    )
    assert "candidate" in (described + (mark.get_attribute("aria-label") or "")).lower()


def test_who_asks_for_less_motion_gets_none(desk, browser_of):
    who = desk.person("Uma")
    page: Page = browser_of(who, reduced_motion="reduce")
    page.goto("/")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((e) => {
          const s = getComputedStyle(e);
          return parseFloat(s.transitionDuration) > 0.01 || parseFloat(s.animationDuration) > 0.01
        }).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert not moving
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"

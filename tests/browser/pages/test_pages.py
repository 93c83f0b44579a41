"""Every page, in both themes and at every width: accessible, quiet, and nothing sticks out."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages.conftest import PAGES

_OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary'][:300]}" for v in found
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_axe(desk, shown, browser_of, theme):
    page: Page = browser_of(desk.admin, color_scheme=theme, reduced_motion="reduce")
    broken = {}
    for name in PAGES:
        page.goto(shown[name])
        page.evaluate(_OPEN_ALL)
        if violations := _violations(page):
            broken[name] = violations
    assert not broken


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_way_in_breaks_no_rule_of_axe(desk, shown, browser_of, theme):
    page: Page = browser_of(color_scheme=theme)
    for place in ("/sign-in", desk.link(desk.admin), "/sign-in/nothing"):
        page.goto(place)
        assert not _violations(page)


@pytest.mark.parametrize("width", [320, 390, 768, 2560])
def test_nothing_sticks_out_sideways(desk, shown, browser_of, width):
    page: Page = browser_of(desk.admin, viewport={"width": width, "height": 800})
    wide = {}
    for name in PAGES:
        page.goto(shown[name])
        page.evaluate(_OPEN_ALL)
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[name] = needed
    assert not wide


def test_every_target_is_big_enough_for_a_finger(desk, shown, browser_of):
    page: Page = browser_of(desk.admin, viewport={"width": 390, "height": 800})
    small = {}
    for name in PAGES:
        page.goto(shown[name])
        page.evaluate(_OPEN_ALL)
        # WCAG 2.2, 2.5.8: 24 by 24, except links within a line of text.
        found = page.evaluate(
            """() => [...document.querySelectorAll("button, select, summary, .button, .chip, .number, .row-title")]
                 .map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.width && (b.height < 24 || b.width < 24))
                 .map(([e, b]) => `${e.outerHTML.slice(0, 120)} ${b.width}x${b.height}`)"""
        )
        if found:
            small[name] = found[:3]
    assert not small


def test_headings_follow_in_order(desk, shown, browser_of):
    page: Page = browser_of(desk.admin)
    for name in PAGES:
        page.goto(shown[name])
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1, (name, levels)
        assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), (name, levels)


def test_no_page_weighs_more_than_120_kilobytes_packed(desk, shown, browser_of):
    page: Page = browser_of(desk.admin)
    weights: list[int] = []
    page.on(
        "response", lambda answer: weights.append(len(gzip.compress(answer.body()))) if answer.ok else None
    )
    for name in PAGES:
        weights.clear()
        page.goto(shown[name], wait_until="networkidle")
        assert sum(weights) < 120_000, (name, weights)


def test_a_printed_article_has_no_buttons(desk, shown, browser_of):
    page: Page = browser_of(desk.admin)
    page.goto(shown["article"])
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    assert page.locator("article .mark:visible").count() > 0

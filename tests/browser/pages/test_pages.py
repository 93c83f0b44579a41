"""Every page, in both themes and at every width: accessible, quiet, light, and nothing sticks out.

Each page is opened once and looked at in every way, as opening is what costs. With LEDGER_TEST_PICTURES set to a
folder, what was looked at is kept there as pictures.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.pages.conftest import MAIN, PAGES, STEPS

THEMES = ("light", "dark")
WIDTHS = (320, 390, 768, 2560)
HEAVIEST = 120_000
PICTURES = os.environ.get("LEDGER_TEST_PICTURES")
# WCAG 2.2's targets of 24 by 24 pixels are not among what axe looks at by itself; Lighthouse does.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"
_LEVELS = "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
# WCAG 2.2, 2.5.8: 24 by 24, except links within a line of text.
_SMALL = """() => [...document.querySelectorAll("button, select, summary, .button, .chip, .number, .row-title")]
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.width && (b.height < 24 || b.width < 24))
    .map(([e, b]) => `${e.outerHTML.slice(0, 120)} ${b.width}x${b.height}`)"""
# What a page asks for by itself once it is shown; asked with each frame, as a look is over sooner than `expect` asks again.
_COME = """() => !document.querySelector(".htmx-request, [hx-trigger^=load]")"""
# What is placed by a script follows a new width with the next frame.
_WIDTH_WHEN_SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.documentElement.scrollWidth))))"""
_WEIGHTS = """() => Object.fromEntries(
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(entry => [entry.name, entry.encodedBodySize]))"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, desk, shown) -> Iterator[Page]:
    """An administrator's browser, for all pages of a worker."""
    context = browser.new_context(
        base_url=desk.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(desk.link(desk.admin))
    page.get_by_role("button", name=re.compile("Sign in as")).click()
    page.wait_for_url("**/me*")
    yield page
    context.close()


def _violations(page: Page) -> list[str]:
    # Once for both looks: to read its half a megabyte takes a tenth of a look.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("async (options) => (await axe.run(document, options)).violations", _OPTIONS)
    return [
        f"{v['id']}: {n['html'][:160]} {n['failureSummary'][:200]}" for v in found for n in v["nodes"][:3]
    ]


def _keep_pictures(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=folder / f"{plain}-{width}-{theme}.png")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fit_to_be_seen(shown, visitor, name):
    page, faults = visitor, []

    def note(message):
        if message.type in ("error", "warning") and not re.search(r"status of 4\d\d", message.text):
            faults.append(message.text)

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    page.on("console", note)
    page.goto(shown[name])
    page.wait_for_function(_COME)
    STEPS.get(name, lambda _: None)(page)
    weights = page.evaluate(_WEIGHTS)
    assert sum(weights.values()) < HEAVIEST, weights
    if PICTURES and name in MAIN:
        _keep_pictures(page, Path(PICTURES), name)
    page.evaluate(_OPEN_ALL)
    # Both themes and both layouts, in two looks; the same with 500 claims takes half a minute, so that one is enough.
    looks = (("light", 1440), ("dark", 390))
    for theme, width in looks[1:] if name == "article, overfull" else looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        assert not _violations(page), theme
    levels = page.evaluate(_LEVELS)
    assert levels[0] == 1 and levels.count(1) == 1, levels
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        needed = page.evaluate(_WIDTH_WHEN_SETTLED)
        assert needed <= width, f"{needed} wide at {width}"
        if width == 390:
            assert not page.evaluate(_SMALL)
    page.remove_listener("console", note)
    assert not faults


@pytest.mark.parametrize("theme", THEMES)
def test_the_way_in_breaks_no_rule_of_axe(desk, shown, browser_of, theme):
    page: Page = browser_of(color_scheme=theme)
    for place in ("/sign-in", desk.link(desk.admin), "/sign-in/nothing"):
        page.goto(place)
        assert not _violations(page)


def test_a_printed_article_has_no_buttons(desk, shown, browser_of):
    page: Page = browser_of(desk.admin)
    page.goto(shown["article"])
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    assert page.locator("article .mark:visible").count() > 0

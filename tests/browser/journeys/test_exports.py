"""An analyst takes claims out: sees how far it is, stops it, and is told when it breaks off."""

import re

from playwright.sync_api import expect

from tests.browser.journeys.test_journeys import unique
from tests.factories import TEXT, make_article


def test_an_analyst_takes_out_what_the_list_shows(desk, browser_of, tmp_path):
    anna = desk.person("Anna", "reviewer")
    publisher = f"The Export {anna.account[-4:]}"
    make_article(desk.database, anna, text=unique(TEXT), publisher=publisher, floor=0.0)
    page = browser_of(anna)
    page.goto("/claims")
    page.get_by_role("searchbox", name="Search claims").fill(f'publisher:"{publisher}"')
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d claims$"))
    number = int(page.locator("#count").inner_text().split()[0])
    page.get_by_role("link", name="Export …").click()
    expect(page.locator("#number")).to_have_text(re.compile(f"^{number} claims,"))
    page.get_by_role("radio", name="JSON Lines").check()

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()

    waiting.value.save_as(tmp_path / "claims.jsonl")
    assert (tmp_path / "claims.jsonl").read_text("utf-8").count("\n") == number
    assert waiting.value.suggested_filename.endswith(".jsonl")
    expect(page.locator("#gone")).to_have_text(re.compile(r"claims-.*\.jsonl is there, \d+ kB"))
    expect(page.locator("#going")).to_be_hidden()


def test_a_download_that_hangs_can_be_stopped_and_one_that_fails_says_so(desk, browser_of, faults):
    page = browser_of(desk.person("Axel", "reviewer"))
    page.goto("/export")
    # No answer comes while the route is held.
    page.route("**/export/claims?*", lambda _route: None)
    page.get_by_role("button", name="Download").click()
    expect(page.locator("#going")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#gone")).to_have_text("Stopped; nothing was saved.")

    page.unroute("**/export/claims?*")
    page.route("**/export/claims?*", lambda route: route.fulfill(status=503, body="later"))
    page.get_by_role("button", name="Download").click()
    expect(page.locator("#gone")).to_have_text(re.compile("broke off"))
    expect(page.locator("#going")).to_be_hidden()
    # The browser notes the answer that we gave it, and nothing else.
    assert [fault for fault in faults if "503" not in fault] == []
    faults.clear()

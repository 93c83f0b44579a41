"""A checked article gets a new text: the editor knows within one screen what to check again, and does it."""

import re

from playwright.sync_api import Page, expect

from ledger.models import Claim
from tests.browser.journeys.test_journeys import unique
from tests.factories import make_article, make_claim, make_verdict

OLD = """Council opens new bridge

By Jo Writer

The council opened a bridge on Monday. It cost 4.2 million euros and was paid for by 12 towns.

“We signed with 242 builders,” the mayor said. More than 40 towns had asked for money in 2024.

The river had flooded the old road. 300 homes were without power for two days.

School buses have used a detour since then. The county pays 90,000 euros a year for it.

The bridge carries two lanes and a path for bicycles. Opponents went to court twice and lost.
"""


def _new(old):
    """One number changed, one paragraph moved, and one was cut."""
    parts = old.replace("242", "424").strip().split("\n\n")
    moved = next(part for part in parts if part.startswith("The river"))
    cut = next(part for part in parts if part.startswith("School"))
    return "\n\n".join([*(part for part in parts if part not in (moved, cut)), moved])


def test_an_editor_sees_in_one_screen_what_to_check_again(desk, browser_of):
    first, second = desk.person("Nora"), desk.person("Otto", "editor")
    old = unique(OLD)
    article = make_article(desk.database, first, old, floor=1.0)
    signed = {}
    for words in ("242 builders", "300 homes were without power", "90,000 euros a year", "12 towns"):
        claim = make_claim(desk.database, first, words, old)
        signed[words] = make_verdict(desk.database, first, second, claim)[0]
    page: Page = browser_of(second)

    # The new text is pasted, and what it would do is seen before anything is stored.
    page.goto(f"/articles/{article.id}")
    page.get_by_role("link", name=re.compile("^rev")).click()
    page.get_by_label("Paste the new text").fill(_new(old))
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="2 claims would have to be checked again")).to_be_visible()
    page.get_by_role("button", name="Store it as revision 2").click()

    # One screen: which changed and how, which is gone, which moved.
    head = page.get_by_role("region", name="2 claims must be checked again")
    expect(head).to_be_in_viewport(ratio=1)
    lines = head.get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text="Changed")).to_contain_text("424 builders")
    expect(lines.filter(has_text="Changed").locator("del")).to_contain_text("242")
    expect(lines.filter(has_text="Gone")).to_contain_text("90,000 euros a year")
    expect(head).to_contain_text("1 moved: 300 homes were without power")
    expect(page.locator(".entry.again")).to_have_count(2)

    # The keys go from one to the next, and press what stands there.
    page.keyboard.press("n")
    gone = page.locator(".entry.f-orphaned")
    expect(gone).to_be_focused()
    expect(page).to_have_url(re.compile("#a-"))
    page.keyboard.press("x")
    expect(gone).to_contain_text("Confirmed as cut")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 claims must be checked again")).to_be_visible()

    # The one that changed still holds: placed and signed in one step.
    changed = page.locator(".entry.f-changed")
    changed.get_by_text("Still holds").click()
    changed.get_by_label("Why it holds").fill("The mayor counted again.")
    changed.get_by_role("button", name="Sign that it holds").click()
    expect(page.get_by_role("heading", name="1 claim must be checked again")).to_be_visible()
    with desk.database.read() as session:
        states = {words: session.get_one(Claim, claim.id).status for words, claim in signed.items()}
    assert states == {
        "242 builders": "supported",
        "300 homes were without power": "supported",
        "90,000 euros a year": "stale",
        "12 towns": "supported",
    }

    # The workspace keeps what still waits in sight, and leads here; back goes back.
    page.wait_for_load_state()
    page.goto(f"/articles/{article.id}")
    tray = page.get_by_role("region", name="1 claim has no place in this text yet")
    tray.get_by_role("link", name="90,000 euros a year").click()
    expect(page.locator(".entry.f-orphaned")).to_be_in_viewport()
    page.go_back()
    expect(tray).to_be_visible()

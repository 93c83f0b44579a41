"""An editor at the desk: searches as they type, narrows by a click, saves a view, hands many over, takes it back."""

import re

from playwright.sync_api import expect

from tests.browser.journeys.test_journeys import unique
from tests.factories import TEXT, make_article


def test_an_editor_finds_narrows_saves_and_hands_over(desk, browser_of):
    edda, _cleo = desk.person("Edda", "editor"), desk.person("Cleo")
    publisher = f"The Desk {edda.account[-4:]}"
    make_article(desk.database, edda, text=unique(TEXT), publisher=publisher, floor=0.0)
    page = browser_of(edda)
    page.goto("/claims")
    field = page.get_by_role("searchbox", name="Search claims")
    field.press_sequentially(f'publisher:"{publisher}"')
    count = page.locator("#count")
    expect(count).to_have_text(re.compile(r"^\d claims$"))
    number = int(count.inner_text().split()[0])
    # The focus stays in the field, the address holds the search, and going back does not stop at each letter.
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=publisher"))
    facets = page.get_by_role("navigation", name="Narrow the list")
    expect(facets.get_by_role("link", name=f"{publisher} {number}")).to_have_attribute("aria-current", "true")
    facets.get_by_role("link", name=f"Candidate {number}").click()
    expect(field).to_have_value(f'publisher:"{publisher}" status:candidate')
    expect(facets.get_by_role("link", name=f"Candidate {number}")).to_be_focused()
    page.go_back()
    expect(field).to_have_value(f'publisher:"{publisher}"')
    page.go_forward()
    expect(field).to_have_value(f'publisher:"{publisher}" status:candidate')

    page.get_by_text("Save this search").click()
    page.get_by_label("Name of the view").fill("Desk guesses")
    page.get_by_role("button", name="Save view").click()
    view = page.get_by_role("navigation", name="Views", exact=True).get_by_role("link", name="Desk guesses")
    expect(view).to_have_attribute("aria-current", "true")

    # The keyboard walks the lines and chooses; shift chooses a range.
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_label("Colleague").select_option(label="Cleo")
    page.get_by_role("button", name="Assign").click()
    preview = page.get_by_role("dialog", name="What will change")
    expect(preview.get_by_role("heading", name="3 claims will be assigned to Cleo")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("button", name="Assign").click()
    preview.get_by_role("button", name="Change 3 claims").click()
    expect(page.get_by_text("3 claims assigned to Cleo.")).to_be_visible()
    expect(page.locator("#count")).to_have_text(f"{number - 3} claims" if number - 3 != 1 else "1 claim")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#count")).to_have_text(f"{number} claims")

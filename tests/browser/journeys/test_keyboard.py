"""A whole article by keyboard alone: nothing is clicked, and the focus is never lost."""

import re

from playwright.sync_api import Page, expect

from tests.browser.journeys.test_journeys import candidates, unique
from tests.factories import make_article, make_verdict

SMALL = """Ferry fares rise

The ferry to Holm cost 12 euros in 2023. It carried 40,000 people, more than 300 a day.

The mayor said that 7 of 9 councillors voted for the new fares.
"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def said(page: Page, words: str) -> None:
    """A live region says it."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def somewhere(page: Page) -> None:
    """The focus is on something, and it can be seen."""
    assert page.evaluate("document.activeElement && document.activeElement !== document.body")


def test_a_whole_article_is_cleared_by_keyboard_alone(desk, browser_of):
    ben = desk.person("Ben")
    article = make_article(desk.database, ben, text=unique(SMALL))
    number = len(candidates(desk, article))
    assert number >= 3
    page = browser_of(ben)
    page.goto(f"/articles/{article.id}")
    panel = page.get_by_role("region", name="The claim at hand")
    statement = panel.get_by_role("heading", level=2).first
    first = statement.inner_text()

    # There and back, and a key that fits nothing says so.
    press(page, "j")
    expect(statement).not_to_have_text(first)
    press(page, "k")
    expect(statement).to_have_text(first)
    press(page, "s")
    said(page, "Sign: not possible here")

    # Accept, undo, accept, take.
    press(page, "a")
    said(page, "Accepted.")
    press(page, "z")
    said(page, "Undone.")
    expect(panel.get_by_text("Candidate", exact=True).first).to_be_visible()
    press(page, "a")
    said(page, "Accepted.")
    press(page, "t")
    said(page, "You have this claim now.")
    somewhere(page)

    # Evidence, as it is typed: the link, how it bears on the claim, the quote.
    press(page, "e")
    link = panel.get_by_label("Link")
    expect(link).to_be_focused()
    page.keyboard.type("https://example.org/fares")
    press(page, "Tab", "Space", "Tab")
    quote = panel.get_by_label("Quote", exact=False).first
    expect(quote).to_be_focused()
    page.keyboard.type("12 euros in 2023")
    press(page, "Control+Enter")
    expect(panel.get_by_role("heading", name=re.compile("Evidence 1"))).to_be_visible()
    somewhere(page)

    # The rating takes the focus to the rationale; letters typed there press nothing.
    press(page, "1")
    rationale = panel.get_by_label("Rationale")
    expect(rationale).to_be_focused()
    page.keyboard.type("jaxz: the timetable says so.")
    expect(rationale).to_have_value("jaxz: the timetable says so.")
    press(page, "Escape", "p")
    said(page, "Your verdict is in; it waits")
    expect(panel.get_by_text("Waits for a signature").first).to_be_visible()

    # A note, taken back, and the proposal after it.
    press(page, "c")
    expect(panel.get_by_label("Say something to colleagues")).to_be_focused()
    page.keyboard.type("Is this the price of both ways?")
    press(page, "Control+Enter")
    note = panel.get_by_role("paragraph").filter(has_text="Is this the price of both ways?")
    expect(note).to_be_visible()
    press(page, "Escape", "z")
    expect(note).to_have_count(0)
    press(page, "z")
    expect(panel.get_by_text("Waits for a signature")).to_have_count(0)
    press(page, "1", "Control+Enter")
    said(page, "Your verdict is in; it waits")

    # The rest is put aside; then nothing is left.
    for left in range(number - 1, 0, -1):
        before = statement.inner_text()
        press(page, "Escape", "n")
        expect(statement).not_to_have_text(before)
        press(page, "x")
        expect(panel.get_by_role("button", name="Reopen")).to_be_visible()
        assert len(candidates(desk, article)) == left - 1
    press(page, "n")
    said(page, "Next unchecked claim: not possible here")


def test_the_palette_reaches_actions_places_and_claims(desk, browser_of):
    ben = desk.person("Ben")
    other, _ = make_verdict(desk.database, ben)
    article = make_article(desk.database, ben, text=unique(SMALL.replace("Holm", "Skaney")))
    page = browser_of(ben)
    page.goto(f"/articles/{article.id}")
    heading = page.get_by_role("region", name="The claim at hand").get_by_role("heading", level=2).first
    heading.focus()
    field = page.get_by_role("combobox", name="Action, place, article or claim")

    # Escape gives the focus back to where it was.
    press(page, "Control+k")
    expect(field).to_be_focused()
    press(page, "Escape")
    expect(field).to_be_hidden()
    expect(heading).to_be_focused()

    # An action, with its key beside it.
    press(page, "Control+k")
    page.keyboard.type("accept")
    option = page.get_by_role("option", name="Accept")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_contain_text("a")
    press(page, "Enter")
    said(page, "Accepted.")

    # A claim of another article, found on the server.
    press(page, "Control+k")
    page.keyboard.type("242 build")
    found = page.get_by_role("option", name=re.compile("242 builders")).first
    expect(found).to_be_visible()
    expect(field).to_have_attribute("aria-activedescendant", re.compile("palette-o0"))
    press(page, "ArrowDown", "ArrowUp", "Enter")
    page.wait_for_url(re.compile(r"claim="))
    assert article.id not in page.url or other.id in page.url

    # A place; and what is nowhere says so.
    press(page, "Control+k")
    page.keyboard.type("zeppelin")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    field.fill("insights")
    press(page, "Enter")
    page.wait_for_url(re.compile("/insights"))


def test_keys_are_shown_changed_and_turned_off(desk, browser_of):
    page = browser_of(desk.person("Ben"))
    page.goto("/")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_text("Next unchecked claim")).to_be_visible()
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    page.goto("/me/keys")
    page.get_by_label("Show the keys").fill("u")
    press(page, "Control+Enter")
    said(page, "Your keys are saved.")
    press(page, "?")
    expect(sheet).to_be_hidden()
    press(page, "u")
    expect(sheet).to_be_visible()
    press(page, "Escape")
    page.get_by_role("checkbox", name="Keys without Ctrl do something").uncheck()
    page.get_by_role("button", name="Save keys").press("Enter")
    said(page, "Your keys are saved.")
    press(page, "u")
    expect(sheet).to_be_hidden()
    press(page, "Control+k")
    expect(page.get_by_role("combobox", name="Action, place, article or claim")).to_be_focused()

"""Where claims stand: selecting, dragging, moving by keys, splitting, merging."""

import re

from playwright.sync_api import Page, expect

from ledger.models import Claim
from ledger.store import claims as store
from tests.browser.journeys.test_journeys import select_words, unique
from tests.factories import TEXT, make_article, make_claim, make_evidence

EMOJI = "Fête\n\nLa famille 👩‍👩‍👧 a payé 40 euros à Łódź et 🇩🇪 en a payé 12 de plus, ẹ́nfin bref.\n\nLe pont a coûté 9 euros.\n"
ARABIC = "افتتاح جسر\n\nقال رئيس البلدية إن الجسر كلف 4.2 مليون يورو في عام 2024 كما أعلن.\n"


def places(desk, article):
    """The words of the claims that people made in an article, by claim id."""
    with desk.database.read() as session:
        return {c.id: a.exact for c, a in store.of_article(session, article.id) if c.origin == "person"}


def new_claim(page: Page, words: str) -> None:
    select_words(page, words)
    page.get_by_role("group", name="Selected words").get_by_role("link", name="New claim").click()
    expect(
        page.get_by_role("region", name="The claim at hand").get_by_role("heading", name=words)
    ).to_be_visible()


def now_reads(page: Page, words: str) -> None:
    """The claim at hand has moved: its statement is its words."""
    expect(page.locator("#statement")).to_have_text(words)


def test_words_become_a_claim_in_place_and_its_ends_are_dragged_and_moved(desk, browser_of):
    who = desk.person("Sela")
    article = make_article(desk.database, who, unique(TEXT), floor=1.0)
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    new_claim(page, "4.2 million euros")
    claim, end = (
        page.get_by_role("region", name="The claim at hand"),
        page.get_by_role("slider", name="End of the claim"),
    )
    expect(page).to_have_url(re.compile("claim="))
    expect(page.locator("#items .item")).to_have_count(1)

    # By the mouse: it snaps to words, shows what would be, and Escape puts it back.
    start = page.get_by_role("slider", name="Start of the claim")
    # A pointer on it: nothing moves any more.
    start.hover()
    box = start.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    page.mouse.move(box["x"] + 14, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] - 40, box["y"] + 12, steps=4)
    page.mouse.up()
    bar = page.get_by_role("group", name="New boundaries")
    expect(bar).to_contain_text("cost 4.2 million euros")
    expect(start).to_be_focused()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    # Words are selected from within a mark, too, though it is a link; that is no click on it.
    mark = page.locator(".mark.current").first
    # This waits until nothing moves any more.
    mark.hover()
    box = mark.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 50, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, middle, steps=4)
    page.mouse.up()
    offered = page.get_by_role("group", name="Selected words")
    expect(offered).to_contain_text("Shrink this claim")
    page.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(start).to_have_attribute("aria-valuetext", "begins “4.2 million euros”")

    # By keys on a handle: words, and single characters with Shift.
    start.press("ArrowLeft")
    start.press("ArrowLeft")
    start.press("Shift+ArrowRight")
    expect(start).to_have_attribute("aria-valuetext", re.compile("begins “t cost"))
    start.press("ArrowLeft")
    end.press("ArrowRight")
    end.press("ArrowRight")
    end.press("ArrowRight")
    expect(end).to_have_attribute("aria-valuetext", re.compile("euros and was paid”"))
    end.press("Enter")
    now_reads(page, "It cost 4.2 million euros and was paid")
    expect(end).to_be_focused()
    assert [*places(desk, article).values()] == ["It cost 4.2 million euros and was paid"]

    # From anywhere by the panel's buttons, and by selecting; and all of it can be undone.
    claim.get_by_role("link", name="End a word earlier").click()
    claim.get_by_role("link", name="End a word earlier").click()
    bar.get_by_role("button", name="Save").click()
    now_reads(page, "It cost 4.2 million euros and")
    select_words(page, "It cost 4.2 million euros")
    page.get_by_role("button", name="Shrink this claim").click()
    now_reads(page, "It cost 4.2 million euros")
    select_words(page, "paid for by 12 towns")
    page.get_by_role("button", name="Move this claim").click()
    now_reads(page, "paid for by 12 towns")
    page.get_by_role("button", name="Undo").first.click()
    now_reads(page, "It cost 4.2 million euros")

    # Words that are a claim already lead to that claim.
    new_claim(page, "242 builders")
    select_words(page, "It cost 4.2 million euros")
    page.get_by_role("link", name="New claim").click()
    expect(page.locator("#messages")).to_contain_text("already a claim on exactly these words")
    now_reads(page, "It cost 4.2 million euros")


def test_ends_move_in_text_from_right_to_left_over_emoji_and_over_paragraphs(desk, browser_of):
    who = desk.person("Rima")
    french = make_article(desk.database, who, unique(EMOJI), floor=1.0)
    arabic = make_article(desk.database, who, unique(ARABIC), floor=1.0)
    page: Page = browser_of(who, viewport={"width": 390, "height": 800}, has_touch=True)
    page.set_viewport_size({"width": 1000, "height": 800})
    page.goto(f"/articles/{french.id}")
    new_claim(page, "famille 👩‍👩‍👧 a payé 40 euros")
    start, end = (page.get_by_role("slider", name=f"{one} of the claim") for one in ("Start", "End"))
    start.press("ArrowRight")
    start.press("Shift+ArrowRight")
    expect(start).to_have_attribute("aria-valuetext", re.compile("begins “ a payé"))
    start.press("Shift+ArrowLeft")
    for _ in range(3):
        end.press("ArrowRight")
    end.press("Enter")
    now_reads(page, "👩‍👩‍👧 a payé 40 euros à Łódź et")
    expect(end).to_be_focused()
    page.evaluate(
        "getSelection().setBaseAndExtent(document.querySelector('#p-1'), 0, document.querySelector('#p-2').firstChild, 12)"
    )
    page.get_by_role("button", name="Extend this claim").click()
    now_reads(
        page, "La famille 👩‍👩‍👧 a payé 40 euros à Łódź et 🇩🇪 en a payé 12 de plus, ẹ́nfin bref. Le pont a co"
    )
    assert next(iter(places(desk, french).values())).endswith("ẹ́nfin bref.\n\nLe pont a co")

    page.set_viewport_size({"width": 1800, "height": 900})
    page.goto(f"/articles/{arabic.id}")
    new_claim(page, "الجسر كلف 4.2 مليون يورو")
    # In such a text the start is on the right, and the left arrow goes on in the text.
    assert start.bounding_box()["x"] > end.bounding_box()["x"]
    end.press("ArrowLeft")
    end.press("ArrowLeft")
    end.press("Enter")
    now_reads(page, "الجسر كلف 4.2 مليون يورو في عام")
    assert [*places(desk, arabic).values()] == ["الجسر كلف 4.2 مليون يورو في عام"]


def test_a_claim_is_split_and_merged_and_moved_without_scripts(desk, browser_of):
    who = desk.person("Mina")
    text = unique(TEXT)
    article = make_article(desk.database, who, text, floor=1.0)
    whole = make_claim(desk.database, who, "It cost 4.2 million euros and was paid for by 12 towns", text)
    make_evidence(desk.database, who, whole, title="The accounts")
    page: Page = browser_of(who, java_script_enabled=False)
    page.goto(f"/articles/{article.id}?claim={whole.id}")
    page.get_by_role("link", name="Split", exact=True).click()
    page.get_by_role("link", name="paid", exact=True).click()
    page.get_by_role("link", name="was, begins a part").click()
    expect(
        page.get_by_role("group", name=re.compile("Part 2")).get_by_label("Words in the article")
    ).to_have_value("paid for by 12 towns")
    page.get_by_role("group", name=re.compile("Part 2")).get_by_label("Statement").fill(
        "The bridge was paid for by 12 towns."
    )
    page.get_by_label("Words in the article").first.fill("nowhere to be found")
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("alert")).to_contain_text("Part 1: These words do not stand in the text")
    page.get_by_label("Words in the article").first.fill("It cost 4.2 million euros")
    page.get_by_role("button", name="Show what this does").click()
    expect(page.get_by_role("region", name="What this does")).to_contain_text(
        "The bridge was paid for by 12 towns."
    )
    page.get_by_role("button", name="Split in 2").click()
    expect(page.get_by_role("status").first).to_contain_text("Split into 2 claims.")
    made = next(id for id, words in places(desk, article).items() if words == "paid for by 12 towns")

    # A word earlier, with a look before it is done.
    page.goto(f"/claims/{made}")
    page.get_by_role("link", name="Other words").click()
    page.get_by_role("link", name="Begin a word earlier").click()
    expect(page.get_by_role("region", name="What this does")).to_contain_text("was paid for by 12 towns")
    page.get_by_role("button", name="Move").click()
    assert places(desk, article)[made] == "was paid for by 12 towns"

    # The two are one again; who asks for the one that went is led on.
    page.goto(f"/claims/{whole.id}")
    page.get_by_role("link", name="Merge", exact=True).click()
    page.get_by_role("link", name=re.compile("paid for by 12 towns")).first.click()
    expect(page.get_by_role("region", name="What this does")).to_contain_text("Stays")
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("status").first).to_contain_text("Merged.")
    page.goto(f"/claims/{made}")
    expect(page).to_have_url(re.compile(whole.id))
    expect(page.get_by_role("status").first).to_contain_text("was merged into this claim")
    page.get_by_role("link", name="The bridge was paid for by 12 towns.").first.click()
    expect(page.get_by_text("merged it into another claim").first).to_be_visible()
    with desk.database.read() as session:
        assert session.get_one(Claim, made).merged_into == whole.id

"""The second reader sends a verdict back; the first mends it, and the second signs."""

from playwright.sync_api import Page, expect

from tests.browser.journeys.test_journeys import unique
from tests.factories import TEXT, make_claim, make_evidence


def test_a_verdict_is_sent_back_with_another_rating_mended_and_signed(desk, browser_of):
    first, second = desk.person("Vera"), desk.person("Wim", "editor")
    claim = make_claim(desk.database, first, text=unique(TEXT))
    make_evidence(desk.database, first, claim, title="Minutes of May", quote="signed with 242 builders")

    # The first reader proposes; nobody signs what they proposed themselves.
    page: Page = browser_of(first)
    page.goto(f"/claims/{claim.id}")
    page.get_by_role("radio", name="Supported").check()
    page.get_by_label("Rationale").fill("The minutes say it.\nTwice.")
    page.get_by_role("button", name="Propose", exact=True).click()
    waiting = page.locator("#waiting")
    expect(waiting).to_contain_text("proposed by you")
    expect(waiting).to_contain_text("somebody else must sign it")
    expect(page.get_by_role("button", name="Sign", exact=True)).to_have_count(0)

    # Taken back before anybody read it, its words are still in the form; proposed again as they were.
    page.get_by_role("button", name="Take the proposal back").click()
    expect(waiting).to_have_count(0)
    expect(page.get_by_label("Rationale")).to_have_value("The minutes say it.\nTwice.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(waiting).to_be_visible()

    # The second reader sees claim, reasoning and evidence side by side, and sends it back.
    other: Page = browser_of(second)
    other.goto(f"/claims/{claim.id}")
    read = other.locator("#waiting")
    for words in ("proposed by Vera", "The minutes say it.", "Minutes of May", "signed with 242 builders"):
        expect(read).to_contain_text(words)
    other.locator("summary", has_text="Send back").click()
    other.get_by_role("button", name="Send back").click()
    reason = other.get_by_label("Reason to send it back")
    expect(reason).to_be_focused()
    reason.fill("The minutes are of another year.")
    other.get_by_role("group", name="What would you rate it?").get_by_role("radio", name="Misleading").check()
    other.get_by_role("button", name="Send back").click()
    expect(other.get_by_text("Sent back with your reason.")).to_be_visible()

    # The first finds the reason above the old words, mends them, and nothing is typed twice.
    page.goto(f"/claims/{claim.id}")
    returned = page.locator("#returned")
    expect(returned).to_contain_text("Sent back by Wim")
    expect(returned).to_contain_text("they would rate it Misleading")
    expect(returned).to_contain_text("The minutes are of another year.")
    rationale = page.get_by_label("Rationale")
    expect(rationale).to_have_value("The minutes say it.\nTwice.")
    expect(page.get_by_role("radio", name="Supported")).to_be_checked()
    page.get_by_role("radio", name="Misleading").check()
    rationale.fill("The minutes say it, of another year.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator("#waiting")).to_contain_text("Misleading")
    expect(returned).to_have_count(0)

    # Evidence that comes in under the proposal is named, and it has to be proposed once more.
    make_evidence(desk.database, first, claim, url="https://example.org/later", title="Minutes of June")
    other.goto(f"/claims/{claim.id}")
    expect(read).to_contain_text("Evidence was added: Minutes of June by Vera")
    expect(other.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
    page.reload()
    page.locator("#propose > summary").click()
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator("#waiting")).not_to_contain_text("changed since")

    other.reload()
    other.get_by_label("Note to the signature").fill("Read with both minutes.")
    other.get_by_role("button", name="Sign", exact=True).click()
    expect(other.get_by_text("Signed by Wim")).to_be_visible()
    expect(other.get_by_text("Read with both minutes.").first).to_be_visible()
    expect(other.get_by_text("Misleading", exact=True).first).to_be_visible()

"""Two people on one claim, drafts, a lost network and a lost session, and the discussion."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from ledger.services import accounts, claims, comments, evidence
from ledger.store import claims as store
from tests.browser.journeys.test_journeys import unique
from tests.factories import TEXT, make_claim, make_evidence

NUMBERS = itertools.count(1)


def article_of(desk, claim):
    with desk.database.read() as session:
        return store.appearances(session, claim.id)[0].article_id


def do(desk, service, *args, **more):
    """What somebody does meanwhile: by another process than the one that serves the pages."""
    with desk.database.write() as session:
        return service(session, *args, **more)


@pytest.fixture
def two(desk):
    """Ben, Cleo, and a claim with evidence in an article of its own."""
    number = next(NUMBERS)
    # A name may be anything; nobody else in the ledger has it.
    ben, cleo = desk.person("Ben"), desk.person(f"Cleo{number}x<i>")
    claim = make_claim(desk.database, ben, text=unique(TEXT))
    make_evidence(desk.database, ben, claim)
    return ben, cleo, claim


def rationale(page: Page):
    return page.get_by_label("Rationale")


def drafts(page: Page) -> list[str]:
    """The drafts in the browser's store, by name."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")


def kept(page: Page) -> None:
    """Wait until what is typed stands in the browser's store."""
    for _ in range(40):
        if drafts(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was kept")


def test_the_second_of_two_on_a_claim_sees_it_at_once_and_keeps_what_they_type(desk, browser_of, two):
    ben, cleo, claim = two
    article = article_of(desk, claim)
    mine, theirs = browser_of(ben), browser_of(cleo)
    mine.goto(f"/articles/{article}?claim={claim.id}")
    theirs.goto(f"/articles/{article}?claim={claim.id}")
    # Each sees that the other is there, by name.
    expect(mine.locator("#here")).to_have_text(re.compile(f"{cleo.name}.* is here"))
    expect(mine.locator(f"#c-{claim.id} .here-mark")).to_contain_text("C")
    # With nothing typed the claim is shown as it stands, and it is said.
    theirs.locator("#reword summary").click()
    theirs.get_by_label("Statement").fill("Cleo's words")
    expect(mine.locator("#here")).to_have_text(re.compile("is typing"))
    theirs.locator("#reword").get_by_role("button", name="Save").click()
    expect(mine.locator("#statement")).to_have_text("Cleo's words")
    expect(mine.locator("#live-said")).to_contain_text("edited this claim just now")
    expect(mine.locator(f"#c-{claim.id}")).to_contain_text("Cleo's words")
    # While something is typed nothing moves: a line tells of the change, and both versions are there.
    mine.locator("#reword summary").click()
    mine.get_by_label("Statement").fill("Ben's words")
    theirs.locator("#reword summary").click()
    theirs.get_by_label("Statement").fill("Cleo's better words")
    theirs.locator("#reword").get_by_role("button", name="Save").click()
    expect(mine.locator("#changed")).to_contain_text("edited this claim just now")
    expect(mine.get_by_label("Statement")).to_have_value("Ben's words")
    expect(mine.locator("#edit-statement-theirs")).to_contain_text("Cleo's better words")
    expect(mine.locator("#statement")).to_have_text("Cleo's words")
    mine.locator("#changed").get_by_role("button", name="Show").click()
    expect(mine.locator("#statement")).to_have_text("Cleo's better words")
    expect(mine.get_by_label("Statement")).to_have_value("Ben's words")
    expect(mine.get_by_label("Statement")).to_be_focused()
    expect(mine.locator("#edit-statement-theirs")).to_contain_text("Cleo's better words")
    # Both were seen, so it can be saved.
    mine.locator("#reword").get_by_role("button", name="Save").click()
    expect(mine.locator("#statement")).to_have_text("Ben's words")
    expect(theirs.locator("#statement")).to_have_text("Ben's words")
    # Who goes is gone.
    theirs.close()
    expect(mine.locator("#here")).to_be_hidden()


def test_who_steps_to_a_claim_sees_who_is_at_it(desk, browser_of, two):
    ben, cleo, claim = two
    article = article_of(desk, claim)
    with desk.database.read() as session:
        ids = [one.id for one, _ in store.of_article(session, article)]
    assert len(ids) > 1
    mine, theirs = browser_of(ben), browser_of(cleo)
    theirs.goto(f"/articles/{article}?claim={ids[0]}")
    mine.goto(f"/articles/{article}?claim={ids[1]}")
    expect(mine.locator(f"#c-{ids[0]} .here-mark")).to_contain_text("C")
    # There and back: what is shown at once was fetched beforehand, without anybody in it.
    for way, at, seen in (("previous", ids[0], True), ("next", ids[1], False), ("previous", ids[0], True)):
        mine.locator(f'#panel [data-action="{way}"]').click()
        expect(mine.locator("#panel .case")).to_have_attribute("data-claim", at)
        if seen:
            expect(mine.locator("#here")).to_have_text(re.compile(f"{cleo.name}.* is here"))
        else:
            expect(mine.locator("#here")).to_have_count(0)
    # What is folded away in a part follows it, and can be used.
    mine.locator("#panel").get_by_text("About this claim").click()
    expect(mine.locator("#panel #about .claim-side")).to_be_visible()


def test_other_claims_change_quietly_and_the_focus_stays(desk, browser_of, two):
    ben, cleo, claim = two
    article = article_of(desk, claim)
    with desk.database.read() as session:
        other = next(c for c, _ in store.of_article(session, article) if c.status == "candidate")
    do(desk, claims.assign, claim.id, by=ben, version=claim.version + 1, to=ben.account_id)
    page = browser_of(ben)
    page.goto(f"/articles/{article}?claim={claim.id}")
    more = page.get_by_text("More filters")
    more.click()
    line = page.locator(f"#c-{other.id} > a")
    line.focus()
    do(desk, claims.accept, other.id, by=cleo, version=1)
    expect(page.locator(f"#c-{other.id}")).to_contain_text("Unchecked")
    expect(page.locator(f'#text [data-claims~="{other.id}"]').first).to_have_class(re.compile("s-unchecked"))
    expect(line).to_be_focused()
    # A fold that was opened stays open, with the new counts in it.
    expect(page.locator("#filters")).to_contain_text("Unchecked 1")
    expect(page.locator(".filters-more")).to_have_attribute("open", "")
    expect(page.locator("#panel .case")).to_have_attribute("data-claim", claim.id)
    # A page of the claim alone hears of it too, over the one stream that the browser has.
    second = page.context.new_page()
    second.goto(f"/claims/{claim.id}")
    do(
        desk, evidence.add, claim.id, by=cleo, capture=False,
        details={"url": "https://b.example/", "stance": "refutes", "title": "Another source"},
    )  # fmt: skip
    expect(second.get_by_text("Another source").first).to_be_visible()
    expect(page.get_by_text("Another source").first).to_be_visible()


def test_a_rationale_outlives_the_network_a_closed_tab_and_the_session(desk, browser_of, two, faults):
    ben, _, claim = two
    page = browser_of(ben)
    page.goto(f"/claims/{claim.id}")
    page.get_by_role("radio", name=re.compile("Supported")).check()
    rationale(page).press_sequentially("Half an hour")
    # The network goes in the middle of it.
    page.context.set_offline(True)
    expect(page.locator("#net")).to_contain_text("What you type is kept")
    rationale(page).press_sequentially(" of work")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#propose-form")).to_contain_text("Not sent. What you typed is kept.")
    page.context.set_offline(False)
    expect(page.locator("#net")).to_be_empty()
    expect(page.locator("#propose-form")).to_contain_text("The ledger answers again")
    # The tab is closed, and the claim opened in another.
    kept(page)
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(f"/claims/{claim.id}")
    expect(rationale(page)).to_have_value("Half an hour of work")
    expect(page.get_by_role("radio", name=re.compile("Supported"))).to_be_checked()
    expect(page.locator("#propose-form")).to_contain_text(
        re.compile(r"Restored what you typed at .* Discard")
    )
    # The session ends: what is sent is not taken, and one signs in again in another tab.
    page.context.clear_cookies()
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#net")).to_contain_text("You are signed out. Nothing you typed is lost.")
    expect(rationale(page)).to_have_value("Half an hour of work")
    again = page.context.new_page()
    again.goto(desk.link(ben))
    again.get_by_role("button", name="Sign in as Ben").click()
    expect(page.locator("#net")).to_be_empty()
    page.get_by_role("button", name="Send again").click()
    expect(page.locator("#waiting")).to_contain_text("Half an hour of work")
    # The server has it, so the browser keeps it no longer.
    assert drafts(page) == []
    faults[:] = [
        one for one in faults if "ERR_INTERNET_DISCONNECTED" not in one and "Failed to fetch" not in one
    ]


def test_a_draft_says_that_it_is_older_and_is_nobody_else_s(desk, browser_of, two):
    ben, cleo, claim = two
    page = browser_of(ben)
    page.goto(f"/claims/{claim.id}")
    page.locator("#reword summary").click()
    page.get_by_label("Statement").fill("Ben's words")
    kept(page)
    page.goto("/claims")
    do(desk, claims.reword, claim.id, by=cleo, version=claim.version + 1, details={"statement": "Cleo's"})
    page.goto(f"/claims/{claim.id}")
    expect(page.get_by_label("Statement")).to_have_value("Ben's words")
    expect(page.locator("#reword-form")).to_contain_text("Somebody changed this since")
    expect(page.locator("#edit-statement-theirs")).to_contain_text("Cleo's")
    # Another person in the same browser sees nothing of it; the first finds it again.
    page.get_by_role("button", name="Sign out").click()
    for who, words in ((cleo, "Cleo's"), (ben, "Ben's words")):
        page.goto(desk.link(who))
        page.get_by_role("button", name=re.compile("Sign in as")).click()
        page.goto(f"/claims/{claim.id}")
        page.locator("#reword").evaluate("(fold) => { fold.open = true; }")
        expect(page.get_by_label("Statement")).to_have_value(words)
        if who is cleo:
            page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Statement")).to_have_value("Cleo's")
    page.reload()
    page.locator("#reword").evaluate("(fold) => { fold.open = true; }")
    expect(page.get_by_label("Statement")).to_have_value("Cleo's")


def test_a_pasted_article_is_kept_until_it_is_taken(desk, browser_of):
    page = browser_of(desk.person("Dora"))
    page.goto("/articles/new")
    text = unique(TEXT)
    page.get_by_label("Paste the text").fill(text)
    page.reload()
    expect(page.get_by_label("Paste the text")).to_have_value(text)
    page.get_by_role("button", name="Add and find claims").click()
    expect(page.locator("#claims")).to_be_visible()
    assert drafts(page) == []
    page.goto("/articles/new")
    expect(page.get_by_label("Paste the text")).to_have_value("")


def test_colleagues_discuss_a_claim_and_find_what_names_them(desk, browser_of, two):
    ben, cleo, claim = two
    # Of all the names in the ledger, these two begin like this.
    begun = cleo.name.removesuffix("<i>")
    other = desk.person(f"{begun}ander")
    mine, theirs = browser_of(ben), browser_of(cleo)
    mine.goto(f"/claims/{claim.id}")
    theirs.goto(f"/claims/{claim.id}")
    say = mine.get_by_label("Say something to colleagues")
    say.press_sequentially(f"Is it, @{begun.lower()}")
    names = mine.get_by_role("listbox", name="Colleagues")
    expect(names.get_by_role("option")).to_have_text([cleo.name, other.name])
    mine.keyboard.press("ArrowDown")
    expect(names.get_by_role("option", name=other.name)).to_have_attribute("aria-selected", "true")
    mine.keyboard.press("ArrowUp")
    expect(names.get_by_role("option", name=cleo.name)).to_have_attribute("aria-selected", "true")
    mine.keyboard.press("Enter")
    expect(say).to_have_value(f"Is it, @{cleo.name} ")
    say.press_sequentially("or not?")
    # Who types something else meanwhile keeps it, and sees the comment beside it.
    theirs.get_by_label("Say something to colleagues").fill("I think")
    mine.get_by_role("button", name="Say", exact=True).click()
    expect(mine.locator(".mention")).to_have_text(f"@{cleo.name}")
    expect(theirs.locator("#discussion")).to_contain_text("or not?")
    expect(theirs.get_by_label("Say something to colleagues")).to_have_value("I think")
    theirs.goto("/")
    theirs.get_by_role("link", name="Mentions, 1 new").click()
    expect(theirs.get_by_role("main")).to_contain_text("or not?")
    theirs.get_by_role("link", name="242 builders").click()
    expect(theirs.locator(".comment:target")).to_contain_text("or not?")
    with desk.database.read() as session:
        assert session.get(type(claim), claim.id).version == claim.version + 1


# Each request for names waits; the first the longest, so that an answer to an earlier letter would come last.
SLOW_NAMES = """
const asked = window.fetch;
let wait = 1200;
window.fetch = async (address, ...rest) => {
  if (String(address).includes("colleagues")) await new Promise((done) => setTimeout(done, (wait -= 300)));
  return asked(address, ...rest);
};
"""


def test_a_late_list_of_names_does_not_undo_the_choice(desk, browser_of, two):
    ben, cleo, claim = two
    begun = cleo.name.removesuffix("<i>")
    other = desk.person(f"{begun}ander")
    page = browser_of(ben)
    page.add_init_script(SLOW_NAMES)
    page.goto(f"/claims/{claim.id}")
    page.get_by_label("Say something to colleagues").press_sequentially(f"@{begun.lower()}", delay=20)
    chosen = page.get_by_role("listbox", name="Colleagues").get_by_role("option", name=other.name)
    expect(chosen).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(1_000)
    expect(chosen).to_have_attribute("aria-selected", "true")


def test_somebody_who_may_not_look_any_more_hears_nothing(desk, browser_of, two):
    ben, cleo, claim = two
    page = browser_of(ben)
    page.goto(f"/claims/{claim.id}")
    expect(page.locator("#net")).to_be_empty()
    do(desk, accounts.sign_out_everywhere, ben.account)
    expect(page.locator("#net")).to_contain_text("You are signed out", timeout=15_000)
    do(desk, comments.add, claim.id, by=cleo, text="A secret")
    page.wait_for_timeout(800)
    expect(page.locator("#discussion")).not_to_contain_text("A secret")

"""What people come to do, from the first page to the last, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_desk, make_evidence, make_verdict

EMOJI = """🌉 Bridge news 👩‍👩‍👧‍👦

Cafe\u0301 owners 🎉🎉 cheered. The bridge cost 4.2 million euros in 2024.

- 🥇 first, 12 towns paid
- second, nobody did
"""


def unique(text: str) -> str:
    """One text is one article, so each journey needs a text of its own."""
    unique.count += 1
    return f"{text}\nNote {unique.count}.\n"


unique.count = 0


def candidates(desk, article):
    with desk.database.read() as session:
        return [claim for claim, _ in store.of_article(session, article.id) if claim.status == "candidate"]


def test_somebody_signs_in_by_a_link_and_sets_a_password(desk, browser_of):
    who = desk.person("Nadia")
    page: Page = browser_of()
    page.goto(desk.link(who))
    page.get_by_role("button", name="Sign in as Nadia").click()
    page.get_by_label("New password").fill("a password of words")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email address").fill("wrong@example.org")
    page.get_by_label("Password").fill("a password of words")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    with desk.database.read() as session:
        from ledger.models import Account

        email = session.get_one(Account, who.account).email
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill("a password of words")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Nadia")).to_be_visible()


def test_somebody_pastes_an_article_and_sorts_what_was_found(desk, browser_of):
    page: Page = browser_of(desk.person("Paula"))
    page.goto("/")
    page.get_by_role("link", name=re.compile("Add (article|the first article)")).first.click()
    page.get_by_label("Paste the text").fill(unique(TEXT))
    page.get_by_role("button", name="Add and find claims").click()
    panel, said = page.get_by_role("region", name="The claim at hand"), page.locator("#said")
    panel.get_by_role("button", name="Accept").click()
    expect(panel.locator(".claim-status")).to_contain_text("Unchecked")
    expect(said).to_contain_text("Unchecked")
    # The focus stays where the hands are: in the part that was changed.
    expect(panel.get_by_role("heading", level=2).first).to_be_focused()
    expect(page.locator("article .mark.s-unchecked").first).to_be_visible()
    expect(page.get_by_role("link", name="Unchecked 1")).to_be_visible()
    panel.get_by_role("link", name="Next unchecked").click()
    expect(said).to_have_text(re.compile(r"Claim 2 of \d+, candidate"))
    panel.get_by_role("button", name="Dismiss").click()
    expect(said).to_contain_text("Dismissed")
    panel.get_by_role("button", name="Reopen").click()
    expect(said).to_contain_text("Candidate")


def select_words(page: Page, words: str) -> None:
    """Select words of the article as a mouse would, wherever elements are nested in them."""
    page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            const nodes = []; let all = "";
            for (let n = walk.nextNode(); n; n = walk.nextNode()) { nodes.push([n, all.length]); all += n.data; }
            const at = all.indexOf(words), place = (o, end) => { const [n, s] = nodes.findLast(([, s]) => end ? s < o : s <= o); return [n, o - s]; };
            const range = document.createRange();
            range.setStart(...place(at, false)); range.setEnd(...place(at + words.length, true));
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }""",
        words,
    )


@pytest.mark.parametrize(
    "words", ["cost 4.2 million euros", "owners 🎉🎉 cheered", "12 towns paid", "👩‍👩‍👧‍👦"]
)
def test_somebody_selects_words_after_emoji_and_makes_a_claim_of_them(desk, browser_of, words):
    who = desk.person("Sela")
    article = make_article(desk.database, who, text=unique(EMOJI))
    page: Page = browser_of(who)
    page.goto(f"/articles/{article.id}")
    select_words(page, words)
    page.get_by_role("link", name="New claim").click()
    expect(page).to_have_url(re.compile("claim="))
    expect(
        page.get_by_role("region", name="The claim at hand").get_by_role("heading", name=words)
    ).to_be_visible()
    with desk.database.read() as session:
        made = next(a for c, a in store.of_article(session, article.id) if c.origin == "person")
    assert made.exact == words


def test_a_claim_is_taken_proved_proposed_and_signed_by_a_second_person(desk, browser_of):
    first, second = desk.person("Tara"), desk.person("Umar")
    claim = make_claim(desk.database, first, text=unique(TEXT))
    page: Page = browser_of(first)
    page.goto(f"/claims/{claim.id}")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".claim-status")).to_contain_text("Checking")
    rationale = page.get_by_label("Rationale")
    rationale.fill("The list of builders has 242 names.")
    link = page.get_by_role("textbox", name=re.compile("^Link"))
    link.fill("https://a.example/x https://b.example/y")
    page.get_by_role("radio", name=re.compile("^supports")).check()
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_text("One address per entry:")).to_be_visible()
    expect(link).to_be_focused()
    link.fill("https://a.example/x")
    page.get_by_label("Quote").fill("242 builders signed")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.locator(".piece")).to_contain_text("242 builders signed")
    # Words typed elsewhere on the page outlive the exchange.
    expect(rationale).to_have_value("The list of builders has 242 names.")
    page.get_by_role("radio", name=re.compile("Supported")).check()
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#waiting")).to_contain_text("The list of builders")

    other: Page = browser_of(second)
    other.goto(f"/claims/{claim.id}")
    waiting = other.locator("#waiting")
    expect(waiting).to_contain_text("242 builders signed")
    waiting.get_by_role("button", name="Sign").click()
    expect(other.locator(".claim-status")).to_contain_text("Supported")
    expect(other.get_by_text("Signed by Umar")).to_be_visible()


def test_two_reviewers_change_one_claim_and_neither_loses_words(desk, browser_of):
    first, second = desk.person("Vera"), desk.person("Will")
    claim = make_claim(desk.database, first, text=unique(TEXT))
    mine, theirs = browser_of(first), browser_of(second)
    for page, words in ((mine, "Mine: 242 builders"), (theirs, "Theirs: 242 builders")):
        page.goto(f"/claims/{claim.id}")
        page.locator("#reword summary").click()
        page.locator("#edit-statement").fill(words)
    theirs.locator("#reword").get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Theirs: 242 builders")
    mine.locator("#reword").get_by_role("button", name="Save").click()
    expect(mine.get_by_role("alert")).to_contain_text("Somebody changed this since you opened it")
    expect(mine.locator("#edit-statement")).to_have_value("Mine: 242 builders")
    expect(mine.locator("#edit-statement-theirs")).to_contain_text("Theirs: 242 builders")
    mine.locator("#reword").get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Mine: 242 builders")


def test_everything_goes_without_scripts(desk, browser_of):
    first = desk.person("Xenia")
    page: Page = browser_of(first, java_script_enabled=False)
    page.goto("/articles/new")
    page.get_by_label("Paste the text").fill(unique(TEXT))
    page.get_by_role("button", name="Add and find claims").click()
    panel = page.get_by_role("region", name="The claim at hand")
    panel.get_by_role("button", name="Accept").click()
    expect(page.locator("li[data-claim]").first).to_contain_text("Unchecked")
    page.get_by_role("link", name=re.compile("^2")).first.click()
    expect(panel).to_contain_text("2 of")
    page.get_by_label("Make a claim of words in the text").fill("242 builders")
    page.get_by_role("button", name="New claim").click()
    page.get_by_role("button", name="Add claim").click()
    # The new claim is at hand, and all is done beside the text.
    expect(panel.get_by_role("heading", name="242 builders")).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("textbox", name=re.compile("^Link")).fill("https://a.example/x")
    page.get_by_role("radio", name=re.compile("^supports")).check()
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_role("radio", name=re.compile("Supported")).check()
    page.get_by_label("Rationale").fill("So it is.")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#waiting")).to_be_visible()


def test_somebody_finds_an_article_as_they_type(desk, browser_of):
    who = desk.person("Yara")
    make_article(desk.database, who, text=unique("Harbour dredged\n\nIt cost 3 million euros in 2023."))
    page: Page = browser_of(who)
    page.goto("/")
    page.get_by_role("searchbox").press_sequentially("harbour", delay=20)
    expect(page).to_have_url(re.compile("q=harbour"))
    found = page.get_by_role("region", name="Articles").get_by_role("checkbox", name=re.compile("Choose"))
    expect(found).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("harbour")


def test_dark_or_light_is_kept(desk, browser_of):
    page: Page = browser_of(desk.person("Zoe"))
    page.goto("/")
    page.get_by_role("button", name="Dark or light").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_times_are_told_in_the_zone_of_who_reads(desk, browser_of):
    who = desk.person("Abel")
    article = make_article(desk.database, who, text=unique(TEXT))
    page: Page = browser_of(who, timezone_id="Asia/Tokyo")
    page.goto(f"/articles/{article.id}")
    time = page.locator("time").first
    expect(time).to_have_attribute("data-local", "")
    assert "UTC" not in time.inner_text()


def test_a_keyboard_reaches_the_content_first(desk, browser_of):
    page: Page = browser_of(desk.person("Bela"))
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_a_lost_network_did_not_take_is_still_in_the_field(desk, browser_of, faults):
    who = desk.person("Cora")
    claim = make_claim(desk.database, who, text=unique(TEXT))
    make_evidence(desk.database, who, claim)
    page: Page = browser_of(who)
    page.goto(f"/claims/{claim.id}")
    page.get_by_role("radio", name=re.compile("Supported")).check()
    page.get_by_label("Rationale").fill("Half an hour of work")
    page.context.set_offline(True)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The ledger does not answer")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("Half an hour of work")
    page.context.set_offline(False)
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#waiting")).to_contain_text("Half an hour of work")
    faults[:] = [
        fault
        for fault in faults
        if "ERR_INTERNET_DISCONNECTED" not in fault and "Failed to fetch" not in fault
    ]


def test_an_editor_finds_a_sentence_without_an_entry_and_makes_one(desk, browser_of):
    text = unique(
        "The council spent 4.2 million pounds on the bridge in 2024. Good morning to everybody here."
    )
    editor = desk.person("Edith", "editor")
    article = make_article(desk.database, editor, text, floor=1.0)
    page: Page = browser_of(editor)
    page.goto(f"/articles/{article.id}")
    page.get_by_text("Article", exact=True).click()
    page.get_by_role("link", name="Coverage of the whole text").click()
    expect(page.get_by_text("1 has none")).to_be_visible()
    sentence = page.get_by_role("article").get_by_role("link", name=re.compile("The council spent"))
    sentence.press("Enter")
    expect(page).to_have_url(re.compile(r"#u-\d+$"))
    page.get_by_role("link", name="Make an entry").press("Enter")
    page.get_by_role("button", name="Add claim").click()
    # What the page asks for by itself must not wipe away what was said to the person.
    expect(page.get_by_text("The ledger has nothing like these claims.")).to_be_visible()
    expect(page.get_by_text("The claim is in the ledger, unchecked.")).to_be_visible()
    page.get_by_text("Article", exact=True).click()
    page.get_by_role("link", name="Coverage of the whole text").click()
    expect(page.get_by_text("Every check-worthy sentence has an entry.")).to_be_visible()


def test_an_editor_raises_the_threshold_and_sees_fewer_candidates(desk, browser_of):
    editor = desk.person("Edna", "editor")
    health = make_desk(desk.database, editor, "Health")
    make_article(desk.database, editor, unique(TEXT), floor=0.3, desk_id=health.id)
    page: Page = browser_of(editor)
    page.goto(f"/desks/{health.id}")
    expect(page.get_by_text("is the threshold")).to_be_visible()
    page.get_by_role("link", name="1.00").click()
    expect(page.get_by_text("fewer than 0.50 does now")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("candidates are shown from 1.00 on")).to_be_visible()
    page.get_by_role("link", name="Articles").click()
    expect(page.get_by_role("region", name="Articles")).to_contain_text("No claims")


def test_somebody_sees_what_was_checked_already_and_keeps_their_place(desk, browser_of):
    first, second = desk.person("Olga"), desk.person("Otto")
    known = make_claim(
        desk.database, first, text=unique(TEXT), statement="1,911 hens live in the town of Ulm."
    )
    make_verdict(desk.database, first, second, claim=known)
    article = make_article(desk.database, first, unique("Farm news\n\nIn Ulm town live 1,911 hens in 2024."))
    page: Page = browser_of(first)
    page.goto(f"/articles/{article.id}")
    page.get_by_text("Already checked: 1").click()
    expect(page.locator("#working")).to_be_hidden()
    claims = page.get_by_role("navigation", name="Claims")
    claims.get_by_role("link", name="1,911 hens live in the town of Ulm.").click()
    expect(page.get_by_role("heading", name="Same claim elsewhere")).to_be_visible()
    expect(page.get_by_text("Candidate").first).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")

"""Signing in and out, one's own page, tokens, and what an administrator does."""

import re
from urllib.parse import unquote

import pytest

from ledger.app import create_app
from ledger.auth import passwords
from ledger.auth.identity import SYSTEM
from ledger.services import accounts
from ledger.settings import Settings
from ledger.ui.pages import safe_next

WORDS = "four words make it"


def set_password(database, who):
    hashed = passwords.hashed(WORDS)
    with database.write() as session:
        accounts.set_password(session, who.account, hashed)


def test_a_stranger_is_sent_to_sign_in_and_then_where_they_wanted_to_go(anybody, database, people):
    set_password(database, people.reviewer)
    anybody.open("/claims?status=stale")
    assert anybody.path() == "/sign-in"
    anybody.press("Sign in", email="Reviewer@Example.org", password=WORDS)
    # An address of old leads to the search that asks the same.
    assert unquote(anybody.place) == "/claims?q=status:stale"
    assert "Reviewer" in anybody.text


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(anybody, database, people):
    set_password(database, people.reviewer)
    answers = set()
    for email in ("reviewer@example.org", "nobody@example.org"):
        anybody.open("/sign-in").press("Sign in", email=email, password="not the one")
        assert anybody.status == 401
        assert anybody.value("email") == email
        answers.add(anybody.text)
    assert len(answers) == 1


def test_somebody_who_may_not_sign_in_is_told_no_more_than_a_stranger(anybody, database, people):
    set_password(database, people.reviewer)
    admin, reviewer = people.admin, people.reviewer
    with database.write() as session:
        accounts.change(session, reviewer.account, by=admin, version=1, details={"active": False})
    anybody.open("/sign-in").press("Sign in", email="reviewer@example.org", password=WORDS)
    assert anybody.status == 401


def test_looking_at_a_link_does_not_use_it_up(anybody, database, people):
    reviewer = people.reviewer
    with database.write() as session:
        secret = accounts.new_link(session, reviewer.account, by=SYSTEM, hours=1)
    for _ in range(3):
        anybody.open(f"/sign-in/{secret}")
        assert "Sign in as Reviewer" in anybody.buttons()
    anybody.press("Sign in as Reviewer")
    assert anybody.path() == "/me" and "Set a password" in anybody.text
    anybody.press("Set password", password=WORDS)
    assert anybody.path() == "/"
    anybody.press("Sign out")
    anybody.open(f"/sign-in/{secret}")
    assert anybody.status == 410
    anybody.open("/sign-in").press("Sign in", email="reviewer@example.org", password=WORDS)
    assert anybody.path() == "/"


def test_a_link_that_nobody_made_is_no_longer_good(anybody):
    assert anybody.open("/sign-in/made-up").status == 410


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/x\n",
        "",
    ],
)
def test_no_address_leads_away_from_here_after_sign_in(target):
    assert safe_next(target) is None


def test_a_place_on_this_site_is_kept():
    assert safe_next("/claims?status=stale&q=a%20b") == "/claims?status=stale&q=a%20b"


def test_a_next_that_leads_away_is_dropped(anybody, database, people):
    set_password(database, people.reviewer)
    anybody.open("/sign-in?next=//evil.example/x").press(
        "Sign in", email="reviewer@example.org", password=WORDS
    )
    assert anybody.place == "/"


def test_too_many_tries_get_a_page_that_says_so(settings: Settings, people):
    app = create_app(settings.model_copy(update={"sign_in_rate": "2 per minute"}))
    client = app.test_client()
    for _ in range(3):
        page = client.get("/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        answer = client.post("/sign-in", data={"email": "a@b.org", "password": "x", "csrf_token": token})
    assert answer.status_code == 429
    assert "Too many tries" in answer.get_data(as_text=True)
    assert "Retry-After" in answer.headers
    app.extensions["ledger"].database.dispose()


def test_sign_out_everywhere_ends_other_sessions(signed_in, people):
    here, there = signed_in(people.reviewer), signed_in(people.reviewer)
    here.open("/me").press("Sign out everywhere")
    assert here.path() == "/sign-in"
    assert there.open("/").path() == "/sign-in"


def test_a_password_is_changed_only_by_who_knows_the_present_one(anybody, database, people):
    set_password(database, people.reviewer)
    anybody.open("/sign-in").press("Sign in", email="reviewer@example.org", password=WORDS)
    anybody.open("/me").press("Set password", old_password="no", password="another set of words")
    assert anybody.status == 422 and "not your present password" in anybody.text
    assert "another set of words" not in anybody.html
    anybody.press("Set password", old_password=WORDS, password="short")
    assert anybody.status == 422 and "at least 10" in anybody.text.lower()
    anybody.press("Set password", old_password=WORDS, password="another set of words")
    assert "Your password is set" in anybody.text


def test_a_name_that_changed_meanwhile_shows_both(signed_in, people, database):
    browser = signed_in(people.reviewer).open("/me")
    admin, reviewer = people.admin, people.reviewer
    with database.write() as session:
        accounts.change(session, reviewer.account, by=admin, version=1, details={"name": "Robin"})
    browser.press("Save name", name="Robyn")
    assert browser.status == 412
    assert browser.value("f-name") == "Robyn" and "Robin" in browser.text
    browser.press("Save name")
    assert "Your name is saved" in browser.text


def test_a_token_is_shown_once_and_can_be_revoked(signed_in, people):
    browser = signed_in(people.reviewer).open("/me")
    browser.press("Make token", name="CMS", days="30", scopes=["ledger:read"])
    secret = browser.page.get_element_by_id("secret").text_content()
    assert secret.startswith("clt_")
    assert secret not in browser.open("/me").html
    assert "never used" in browser.text
    browser.press("Revoke CMS")
    assert "revoked" in browser.text


def test_a_token_that_is_wrong_keeps_what_was_typed(signed_in, people):
    browser = signed_in(people.reviewer).open("/me")
    browser.press("Make token", name="CMS", days="soon", scopes=["ledger:read"])
    assert browser.status == 422
    assert browser.value("days") == "soon" and "number of days" in browser.text


def test_nobody_revokes_the_token_of_another(signed_in, people, database):
    people.token("reviewer")
    mine = signed_in(people.reviewer).open("/me").form("Revoke test").get("action")
    other = signed_in(people.editor).open("/me")
    token = other.value("csrf_token")
    other.send(mine, {"csrf_token": token})
    assert "accounts:manage" in other.text
    assert "good until" in signed_in(people.reviewer).open("/me").text


def test_an_administrator_adds_a_person_who_signs_in_by_the_link(signed_in, people, anybody):
    browser = signed_in(people.admin).open("/accounts")
    browser.press("Add and make a sign-in link", name="Noor", email="noor@example.org", role="editor")
    link = browser.page.get_element_by_id("secret").text_content()
    anybody.open(link.removeprefix("http://localhost")).press("Sign in as Noor")
    assert "Noor" in anybody.text
    browser.open("/accounts").press("Sign-in link for Noor")
    assert browser.page.get_element_by_id("secret").text_content() != link


def test_an_account_that_is_wrong_keeps_what_was_typed(signed_in, people):
    browser = signed_in(people.admin).open("/accounts")
    browser.press("Add and make a sign-in link", name="Noor", email="noor", role="editor")
    assert browser.status == 422
    assert browser.value("email") == "noor" and "name@example.org" in browser.text


def test_an_administrator_takes_sign_in_away(signed_in, people):
    reviewer, browser = signed_in(people.reviewer), signed_in(people.admin).open("/accounts")
    form = next(f for f in browser.page.forms if f.get("action") == f"/accounts/{people.reviewer.account}")
    data = {name: value for name, value in form.form_values() if name != "active"}
    browser.send(form.get("action"), data | {"role": "editor"})
    assert "may not sign in" in browser.text
    assert reviewer.open("/").path() == "/sign-in"


def test_the_last_administrator_stays(signed_in, people):
    browser = signed_in(people.admin).open("/accounts")
    form = next(f for f in browser.page.forms if f.get("action") == f"/accounts/{people.admin.account}")
    browser.send(form.get("action"), dict(form.form_values()) | {"role": "reader"})
    assert browser.status == 409 and "one administrator" in browser.text


@pytest.mark.parametrize("role", ["reader", "reviewer", "editor"])
def test_only_administrators_see_accounts(signed_in, people, role):
    browser = signed_in(getattr(people, role)).open("/accounts")
    assert browser.status == 403 and "may not" in browser.text

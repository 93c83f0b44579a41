"""The page of keys, what pages tell their scripts, the palette's search, and undo without a script."""

import json

import pytest

from ledger.models import Claim
from ledger.services import keys
from ledger.store import claims as store
from tests.factories import make_article, make_claim


@pytest.fixture
def me(signed_in, people):
    return signed_in(people.reviewer)


def told(me):
    """What the page tells its scripts."""
    return json.loads(me.page.get_element_by_id("keyboard").text)


def key_of(me, name):
    return next(key for action, _, _, key in told(me)["actions"] if action == name)


def test_a_person_changes_a_key_and_every_page_knows(me):
    assert 'href="/me/keys">Change keys' in me.open("/me").html
    me.open("/me/keys").press("Save keys", next="u")
    assert (me.status, me.path()) == (200, "/me/keys")
    assert "Your keys are saved." in me.text
    assert me.value("next") == "u"
    assert key_of(me.open("/"), "next") == "u"
    assert told(me)["single"] is True
    me.open("/me/keys").press("Reset all keys", reset="1", next="q")
    assert me.value("next") == "j"


def test_two_actions_on_one_key_are_refused_and_nothing_typed_is_lost(me):
    me.open("/me/keys").press("Save keys", undo="j", accept="Shift+A")
    assert me.status == 422
    assert "“j” is the key of “Next claim” already" in me.text
    assert (me.value("undo"), me.value("accept")) == ("j", "Shift+A")
    assert me.page.get_element_by_id("key-undo").get("aria-invalid") == "true"
    assert key_of(me.open("/"), "accept") == "a"


def test_single_keys_can_be_turned_off(me):
    me.open("/me/keys")
    data = {name: value for name, value in me.form("Save keys").form_values() if name != "single_keys"}
    me.send("/me/keys", data)
    assert told(me)["single"] is False
    me.press("Reset all keys", reset="1")
    assert told(me)["single"] is True


def test_the_palette_offers_only_places_that_one_may_see(me, signed_in, people):
    mine = {words for words, _ in told(me.open("/"))["places"]}
    admins = {words for words, _ in told(signed_in(people.admin).open("/"))["places"]}
    assert {"Desk", "Claims", "Insights", "Own page", "Keys", "Add an article"} <= mine
    assert admins - mine == {"Desks", "Accounts"}
    for _, href in told(signed_in(people.admin).open("/"))["places"]:
        assert me.client.get(href).status_code in (200, 403)


def test_a_stranger_s_pages_have_no_keys(anybody):
    assert not anybody.open("/sign-in").page.xpath("//*[@id='keyboard']")


def test_articles_and_claims_are_found_by_some_of_their_words(me, database, people):
    claim = make_claim(database, people.reviewer, "242 builders")
    items = me.client.get("/palette?q=BUILD+242").json["items"]
    (found,) = [one for one in items if one["words"] == "242 builders"]
    assert (found["what"], found["beside"]) == ("Claim", "Unchecked · Council opens new bridge")
    assert f"claim={claim.id}" in found["href"]
    assert me.client.get(found["href"]).status_code == 200
    items = me.client.get("/palette?q=council opens").json["items"]
    assert [one["what"] for one in items].index("Article") == 0
    for nothing in ("", "   ", "%", "_____", "\x00", "zzz'); --"):
        assert me.client.get("/palette", query_string={"q": nothing}).json == {"items": []}


def test_without_a_script_there_is_a_page_to_search(me, database, people):
    make_article(database, people.reviewer)
    me.open("/search").press("Search", q="bridge")
    assert "Council opens new bridge" in me.text
    assert "Nothing among the newest" in me.press("Search", q="zeppelin").text


def test_a_deed_is_offered_for_undoing_and_the_undo_for_redoing(me, database, people):
    article = make_article(database, people.reviewer)
    with database.read() as session:
        claim = store.of_article(session, article.id)[0][0]

    def status():
        with database.read() as session:
            return session.get_one(Claim, claim.id).status

    me.open(f"/claims/{claim.id}").press("Dismiss")
    assert (status(), me.buttons().count("Undo")) == ("dismissed", 1)
    me.press("Undo", within="messages")
    assert (status(), me.path()) == ("candidate", f"/claims/{claim.id}")
    me.press("Redo", within="messages")
    assert status() == "dismissed"
    # In the workspace: what was done last in the article, wherever that was.
    me.open(f"/articles/{article.id}?claim={claim.id}").press("Undo what you did last here")
    assert (status(), me.path()) == ("candidate", f"/articles/{article.id}")
    me.press("Undo what you did last here")
    assert "There is nothing of yours to undo here." in me.text


def test_undo_in_a_workspace_reaches_the_claims_that_are_not_at_hand(me, database, people):
    article = make_article(database, people.reviewer)
    with database.read() as session:
        first, second = (claim.id for claim, _ in store.of_article(session, article.id)[:2])
    me.open(f"/articles/{article.id}?claim={first}").press("Dismiss")
    me.open(f"/articles/{article.id}?claim={second}").press("Undo what you did last here")
    with database.read() as session:
        claim = session.get_one(Claim, first)
        assert claim.status == "candidate"
        assert f"Undone, on “{claim.statement}”." in me.text


def test_an_undo_that_is_refused_says_why_and_changes_nothing(me, signed_in, database, people):
    claim = make_claim(database, people.reviewer)
    me.open(f"/claims/{claim.id}").press("Save", statement="Other words.")
    mine = me.form("Undo", within="messages")
    fields, action = dict(mine.form_values()), mine.get("action")
    other = signed_in(people.reviewer2)
    other.open(f"/claims/{claim.id}").press("Save", statement="Third words.")
    me.send(action, fields)
    assert "Reviewer2 changed the statement since" in me.text
    assert "Third words." in me.text
    for wrong in ({"from": "x", "to": "1"}, {"from": "9999999", "to": "9999999"}, {"from": "0", "to": "0"}):
        me.send(action, fields | wrong)
        assert me.status == 200
    assert me.client.post("/undo", data=fields | {"next": "//evil.example"}).headers["Location"] == "/"


def test_the_table_of_keys_names_each_action_once():
    assert len(keys.BY_NAME) == len(keys.ACTIONS)

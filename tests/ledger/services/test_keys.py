"""Keys: one table, each person's own changes to it, and never two actions on one key."""

import pytest

from ledger.errors import Invalid
from ledger.models import Preference
from ledger.services import keys, preferences
from tests.ledger.services.desk import do


def test_the_keys_by_default_do_not_clash_and_are_read_as_they_are_written():
    chosen = keys.chosen({})
    assert len({key for key in chosen.values() if key}) == len(keys.ACTIONS)
    for name, key in chosen.items():
        assert keys.read(keys.shown(key), field=name) == key


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("j", "j"),
        (" ? ", "?"),
        ("J", "Shift+J"),
        ("shift+j", "Shift+J"),
        ("Shift + É", "Shift+É"),
        ("ctrl+K", "Mod+k"),
        ("Cmd+k", "Mod+k"),
        ("Mod+.", "Mod+."),
        ("e\u0301", "é"),
        ("ж", "ж"),
        ("", ""),
    ],
)
def test_a_key_may_be_written_in_several_ways(written, kept):
    assert keys.read(written, field="next") == kept


@pytest.mark.parametrize(
    "written", ["jj", "Enter", "Alt+j", "Ctrl+", "Ctrl+c", "Ctrl+1", "Shift+/", "\x07", "\u200b", "😀😀"]
)
def test_what_is_no_key_of_ours_is_refused_at_its_field(written):
    with pytest.raises(Invalid) as refused:
        keys.read(written, field="next")
    assert refused.value.field == "next"


def test_a_clash_is_said_at_the_key_that_was_changed():
    with pytest.raises(Invalid, match="“j” is the key of “Next claim” already") as refused:
        keys.chosen({"undo": "j"})
    assert refused.value.field == "undo"
    assert keys.chosen({"undo": "j", "next": "z"})["next"] == "z"
    assert keys.chosen({"undo": "", "next": ""})["undo"] == ""
    with pytest.raises(Invalid, match="no action"):
        keys.chosen({"nothing": "j"})


def test_choices_are_kept_for_the_person_and_only_where_they_differ(database, people):
    me, other = people.reviewer, people.editor
    saved = do(database, preferences.save, by=me, changed={"next": "u", "undo": "z"}, single_keys=False)
    assert (saved.keys["next"], saved.single_keys) == ("u", False)
    with database.read() as session:
        assert session.get_one(Preference, me.account_id).values == {
            "keys": {"next": "u"},
            "single_keys": False,
        }
        assert preferences.of(session, me.account) == saved
        assert preferences.of(session, other.account) == preferences.Preferences()
    do(database, preferences.save, by=me, changed={})
    with database.read() as session:
        assert preferences.of(session, me.account) == preferences.Preferences()


def test_an_action_that_comes_later_takes_no_key_from_what_was_chosen(database, people):
    me = people.reviewer
    do(database, preferences.save, by=me, changed={"next": "u"})
    with database.write() as session:
        # As an older version kept it: another action's key, and an action that is no more.
        session.get_one(Preference, me.account_id).values = {"keys": {"next": "x", "fly": "y"}}
    with database.read() as session:
        chosen = preferences.of(session, me.account).keys
    assert (chosen["next"], chosen["dismiss"], chosen["accept"]) == ("x", "", "a")
    assert set(chosen) == set(keys.BY_NAME)

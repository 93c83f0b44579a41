"""The pages about gate policies: rules in words, versions, trying out, and who was faster."""

import pytest

from ledger.services import gates
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.services.desk import do, size


@pytest.fixture
def claim(database, people):
    """A settled claim in an article without guesses."""
    make_article(database, people.reviewer, TEXT, floor=1.0)
    return make_verdict(database, people.reviewer, people.editor, code="misleading")[0]


def test_a_policy_is_made_tried_out_and_changed(signed_in, database, people, claim):
    page = signed_in(people.editor).open("/desks").follow("Gate policies")
    assert "supported, withdrawn and dismissed pass" in page.text
    page.press("Make policy", name="front-page", signatures="1")
    assert (page.place, page.status) == ("/policies/front-page", 200)
    assert "blocked" in page.text and "1 claim whose status does not pass" in page.text
    assert "Its status is misleading" in page.text
    before = size(database)
    page.press("Try out", passes=["supported", "misleading"], max_age_days="30", **{"try": "1"})
    assert "Nothing is saved" in page.text and size(database) == before
    assert "1 may go out as it is, 0 may not" in page.text
    assert 'value="30"' in page.html
    page.press("Save as a new version")
    assert "Saved: version 2" in page.text
    assert "a verdict counts for 30 days" in page.text
    page.open("/policies/front-page?version=1")
    assert "no longer stands" in page.text and "Save as a new version" not in page.buttons()
    assert "1 claim whose status does not pass" in page.text
    with database.read() as session:
        policy = gates.policy_of(session, "front-page")
    assert (policy.version, policy.passes, policy.kinds) == (2, ["misleading", "supported"], None)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "Front Page", "small letters"), ("name", "standard", "already"),
        ("candidates_from", "much", "Write a number"), ("candidates_from", "2", "from 0 to 1"),
        ("candidates_from", "nan", "Write a number"), ("signatures", "11", "from 0 to 10"),
        ("signatures", "1" * 200, "Write a number"), ("max_age_days", "0", "from 1 to 36,500"),
    ],
)  # fmt: skip
def test_what_can_t_be_is_said_at_its_field_and_nothing_is_lost(signed_in, people, field, value, says):
    page = signed_in(people.editor).open("/policies")
    page.press("Make policy", **{"name": "late", "max_age_days": "7", field: value})
    assert page.status in (409, 422)
    assert says in page.text
    assert f'value="{value}"' in page.html
    if field != "max_age_days":
        assert 'value="7"' in page.html


def test_who_was_slower_sees_both_sides(signed_in, database, people):
    page = signed_in(people.editor).open("/policies/standard")
    details = {"passes": ["supported"], "signatures": 2}
    do(database, gates.change, "standard", by=people.admin, version=0, details=details)
    page.press("Save as a new version", max_age_days="9", signatures="1")
    assert page.status == 412
    assert "Somebody changed this" in page.text
    assert 'value="9"' in page.html and "Stands now: 2" in page.text
    page.press("Save as a new version")
    assert "Saved: version 2" in page.text


def test_a_reader_sees_policies_and_may_not_change_them(signed_in, people, claim):
    page = signed_in(people.reader).open("/policies/standard")
    assert "what every ledger begins with" in page.text
    assert "Save as a new version" not in page.buttons()
    assert page.open("/policies/standard?version=7").status == 404
    assert page.open("/policies/none").status == 404
    assert "Make policy" not in page.open("/policies").buttons()


def test_an_empty_ledger_and_a_text_that_is_hostile(signed_in, database, people):
    page = signed_in(people.editor).open("/policies/standard")
    assert "No article has come in yet" in page.text
    make_article(database, people.reviewer, TEXT, title="<script>alert(1)</script> 🙂 " + "x" * 400)
    make_claim(database, people.reviewer)
    page.open("/policies/standard")
    assert "<script>alert" not in page.html

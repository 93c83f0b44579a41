"""Who is looking at what."""

from datetime import timedelta

import pytest
import time_machine

from ledger import clock
from ledger.errors import Invalid
from ledger.ids import new_id
from ledger.services import presence
from tests.ledger.services.desk import do

ARTICLE, CLAIM = new_id(), new_id()


@pytest.fixture
def two(app, people):
    """Two people."""
    return people.reviewer, people.reviewer2


def test_somebody_is_there_until_they_leave_or_fall_silent(database, two):
    ben, cleo = two
    do(database, presence.note, by=ben, page="page-of-ben", article_id=ARTICLE, claim_id=CLAIM)
    do(database, presence.note, by=ben, page="page-of-ben", article_id=ARTICLE, claim_id=CLAIM, editing=True)
    do(database, presence.note, by=cleo, page="page-of-cleo", article_id=new_id())
    (one,) = do(database, presence.everybody, article_id=ARTICLE)
    assert (one.name, one.initials, one.claim_id, one.editing) == ("Reviewer", "R", CLAIM, True)
    assert len(do(database, presence.everybody)) == 2
    do(database, presence.leave, by=cleo, page="page-of-ben")
    assert len(do(database, presence.everybody)) == 2
    do(database, presence.leave, by=cleo, page="page-of-cleo")
    assert [one.name for one in do(database, presence.everybody)] == ["Reviewer"]
    with time_machine.travel(clock.now() + timedelta(seconds=presence.SILENT + 5), tick=False):
        assert do(database, presence.everybody) == []


def test_what_is_no_page_and_what_is_somebody_else_s_is_refused(database, two):
    ben, cleo = two
    do(database, presence.note, by=ben, page="page-of-ben")
    for page in ("", "short", "x" * 37, "<script>alert(1)</script>", "page of ben"):
        with pytest.raises(Invalid):
            do(database, presence.note, by=ben, page=page)
    with pytest.raises(Invalid):
        do(database, presence.note, by=cleo, page="page-of-ben")
    with pytest.raises(Invalid):
        do(database, presence.note, by=ben, page="page-of-ben", claim_id="1 or 1")


def test_nobody_fills_the_table_with_pages(database, two):
    ben, _ = two
    for n in range(presence.MOST_PAGES + 10):
        do(database, presence.note, by=ben, page=f"page-number-{n}")
    assert len(do(database, presence.everybody)) == presence.MOST_PAGES


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ben Adams", "BA"), ("cleo", "C"), ("Ann de la Cruz", "AC"), ("😀", "😀"), ("سارة علي", "سع")],
)
def test_people_are_known_by_their_initials(name, initials):
    here = presence.Here("id", name, None, None, False, clock.now())
    assert here.initials == initials

"""A page of the feed of verdicts is put together from little of the ledger, and is what all of it gives."""

import pytest
from sqlmodel import col, select

from ledger.models import Claim
from ledger.store import feeds
from tests.factories import make_claim, make_evidence
from tests.ledger.ui.test_feeds import Newsroom


@pytest.fixture
def told(database, people):
    """Signed claims in open reports, some opened late, some stale; two in a report that is not open."""
    for number in range(4):
        text = f"Bridge {number}\n\nIt cost {number}.2 million euros. 12 towns paid. 242 builders came.\n"
        room = Newsroom(database, people, text)
        if number in (1, 2):
            room.publish()
        found = [room.claim(words) for words in ("12 towns", "242 builders")]
        make_claim(database, people.reviewer, "million", text)
        if number == 0:
            room.publish()
        if number in (0, 2):
            make_evidence(database, people.reviewer, found[0], quote="another")
    with database.read() as session:
        assert session.exec(select(Claim).where(col(Claim.stale_since).is_not(None))).all()
    return database


@pytest.mark.parametrize("first", [1, 2, 4, 100])
def test_pages_hold_what_the_whole_list_holds(told, monkeypatch, first):
    monkeypatch.setattr(feeds, "_FIRST", first)
    with told.read() as session:
        whole, _ = feeds._page_of(session, feeds._opened(None), after=None, limit=100)
        assert len(whole) == 6
        for limit in (1, 2, 4, 6, 7):
            seen, after, more = [], None, True
            while more:
                rows, following = feeds.verdicts(session, article_id=None, after=after, limit=limit)
                seen += rows
                assert len(rows) <= limit
                after, more = following, following is not None
            assert seen == whole


def test_where_much_was_told_at_once_all_is_looked_at(told, monkeypatch):
    monkeypatch.setattr(feeds, "_MOST", 0)
    with told.read() as session:
        rows, following = feeds.verdicts(session, article_id=None, after=None, limit=4)
        assert (len(rows), following is not None) == (4, True)

"""Two texts of an article and their claims: what must be looked at again, and what people said since."""

import pytest

from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated
from ledger.services import articles, claims, comparisons, placing, revisions
from ledger.services.verification import verify
from ledger.store import claims as store
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.services.desk import TWO, do, kinds, now

COST = "It cost 4.2 million euros"


def _revise(database, article, text, by):
    return do(database, revisions.add, article.id, articles.prepare(text, floor=1.0), by=by)


def _compared(database, article, first=1, last=2):
    with database.read() as session:
        return comparisons.of_numbers(session, article.id, first, last)


def _of(comparison, claim):
    return next(one for one in comparison.entries if one.claim.id == claim.id)


def _place(database, claim):
    with database.read() as session:
        return store.appearances(session, claim.id)[0]


@pytest.fixture
def article(database, people):
    return make_article(database, people.reviewer, floor=1.0)


@pytest.fixture
def signed(database, people, article):
    """A claim with a verdict that two people signed."""
    return make_verdict(database, people.reviewer, people.editor)[0]


def test_it_tells_what_changed_moved_went_and_came(database, people, article, signed):
    moved = make_claim(database, people.reviewer, COST)
    parts = TEXT.replace("242", "424").split("\n\n")
    parts.insert(2, parts.pop(3).strip())
    _revise(database, article, "\n\n".join(parts), people.reviewer)
    compared = _compared(database, article)
    entry = _of(compared, signed)
    assert (entry.outcome, entry.was, entry.now, entry.recheck) == (
        "changed",
        "242 builders",
        "424 builders",
        True,
    )
    assert [(change["before"], change["after"]) for change in entry.changes] == [("242", "424")]
    other = _of(compared, moved)
    assert other.carried and not other.recheck and other.outcome in ("same", "moved")
    assert compared.newest and compared.counts["recheck"] == compared.counts["changed"] == 1
    assert {row.kind for row in compared.rows} >= {"moved_here", "moved_away"}


def test_a_person_says_where_the_words_stand_and_that_the_verdict_holds(database, people, article, signed):
    _revise(database, article, TEXT.replace("242 builders", "242 good builders"), people.reviewer)
    entry = _of(_compared(database, article), signed)
    assert entry.waits and entry.place
    place = {"start": entry.place[0], "end": entry.place[1], "exact": entry.now}
    version = entry.at.version
    with pytest.raises(Forbidden):
        do(database, placing.place, entry.at.id, by=people.reader, version=version, **place)
    with pytest.raises(Outdated):
        do(database, placing.place, entry.at.id, by=people.reviewer, version=version + 1, **place)
    before = now(database, signed)
    with pytest.raises(Invalid):
        do(
            database,
            placing.holds,
            entry.at.id,
            by=people.editor,
            version=version,
            claim_version=entry.claim.version,
            policy=TWO,
            note=" ",
            **place,
        )
    assert now(database, signed) == before, "nothing is half done"
    with pytest.raises(Outdated):
        # Somebody may have added evidence, or put the statement otherwise: that would be signed as well.
        do(
            database, placing.holds, entry.at.id, by=people.editor, version=version,
            claim_version=entry.claim.version - 1, policy=TWO, note="The same builders.", **place,
        )  # fmt: skip
    do(
        database, placing.holds, entry.at.id, by=people.editor, version=version,
        claim_version=entry.claim.version, policy=TWO, note="The same builders.", **place,
    )  # fmt: skip
    assert now(database, signed).status == "supported"
    assert kinds(database, signed)[-3:] == ["claim.moved", "verdict.superseded", "verdict.renewed"]
    after = _of(_compared(database, article), signed)
    assert (after.outcome, after.recheck) == ("changed", False)
    with database.read() as session:
        assert verify(session).sound


def test_words_that_went_are_confirmed_and_taken_back(database, people, article, signed):
    gone = "\n\n".join(TEXT.split("\n\n")[:3])
    _revise(database, article, gone, people.reviewer)
    entry = _of(_compared(database, article), signed)
    assert (entry.outcome, entry.place, entry.waits) == ("orphaned", None, True)
    do(database, placing.cut, entry.at.id, by=people.reviewer, version=entry.at.version)
    cut = _of(_compared(database, article), signed)
    assert cut.at.cut_at and cut.recheck and not cut.waits
    do(
        database,
        placing.holds,
        cut.at.id,
        by=people.editor,
        version=cut.at.version,
        claim_version=cut.claim.version,
        policy=TWO,
        note="Said once.",
    )
    assert not _of(_compared(database, article), signed).recheck
    with pytest.raises(Conflict):
        do(database, placing.cut, cut.at.id, by=people.reviewer, version=cut.at.version)


def test_any_two_revisions_are_compared(database, people, article, signed):
    _revise(database, article, "A word before.\n\n" + TEXT, people.reviewer)
    _revise(database, article, TEXT.replace("242", "424"), people.reviewer)
    over = _of(_compared(database, article, 1, 3), signed)
    assert (over.outcome, over.was, over.now) == ("changed", "242 builders", "424 builders")
    middle = _compared(database, article, 1, 2)
    assert not middle.newest and _of(middle, signed).carried
    for first, last, error in ((2, 2, Invalid), (3, 1, Invalid), (1, 9, NotFound), (0, 2, NotFound)):
        with pytest.raises(error):
            _compared(database, article, first, last)


def test_a_claim_that_came_with_a_text_is_new_there_also_later(database, people, article):
    text = TEXT + "\n\nThe bridge is 300 metres long."
    _revise(database, article, text, people.reviewer)
    start = text.index("300 metres")
    new = do(database, claims.add, article.id, by=people.reviewer, start=start, end=start + 10)
    assert _of(_compared(database, article), new).outcome == "new"
    _revise(database, article, "Before.\n\n" + text, people.reviewer)
    entry = _of(_compared(database, article), new)
    assert (entry.outcome, entry.now, entry.place) == ("new", "300 metres", (start, start + 10))


def test_a_draft_is_compared_before_it_is_stored(database, people, article, signed):
    draft = articles.prepare(
        TEXT.replace("242", "424") + "\n\nMore than 90 towns paid 7 million euros in 2025."
    )
    with database.read() as session:
        compared = comparisons.of_draft(session, article.id, draft)
        assert compared and _of(compared, signed).outcome == "changed"
        assert comparisons.found_anew(session, article, draft, compared.entries) >= 1
        assert comparisons.of_draft(session, article.id, articles.prepare(TEXT)) is None
    assert now(database, article).revision_id == article.revision_id

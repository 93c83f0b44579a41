"""The recipe's revisions through the whole service: every claim is where it must be, or waits for a person."""

from pathlib import Path

import pytest

import claims as finder
from ledger.services import articles, claims, revisions
from ledger.services.digests import CARRIED
from ledger.services.verification import verify
from ledger.store import claims as store
from tests.claims.anchoring.revisions import revisions as pairs_of
from tests.claims.anchoring.revisions import texts_of
from tests.ledger.services.desk import do, now
from tests.ledger.services.finds import Finds

CASES = Path(__file__).parents[2] / "claims" / "cases"


def _texts():
    """Texts as a reader gives them: an article is not stored otherwise."""
    return [finder.read(text, media_type="text/plain").text.strip("\n") for text in texts_of(CASES)]


def _through(database, by, pairs):
    """Bring pairs in as articles with a claim on each span; how many were right to carry over, and did."""
    right = kept = 0
    for number, pair in enumerate(pairs):
        # One text is one article: a line of its own keeps apart the pairs that have the same old text.
        head = f"Number {number} of the pairs\n\n"
        old, new, ahead = head + pair.old, head + pair.new, len(head)
        draft = articles.prepare(old, detector=Finds())
        assert draft.document.text == old
        article = do(database, articles.add, draft, by=by).article
        with database.write() as session:
            made = {
                span: claims.add(session, article.id, by=by, start=span.start + ahead, end=span.end + ahead)
                for span in pair.right
                if 3 <= span.end - span.start <= 2000 and span.of(pair.old) == span.of(pair.old).strip()
            }
        added = do(database, revisions.add, article.id, articles.prepare(new, detector=Finds()), by=by)
        assert added.revision.text == new.strip()
        with database.read() as session:
            stands = {claim.id: place for claim, place in store.of_article(session, article.id)}
        for span, claim in made.items():
            place, wanted = stands[claim.id], pair.right[span]
            right += wanted is not None
            if place.fate in CARRIED:
                assert wanted is not None, pair.deeds
                assert (place.start, place.end) == (wanted.start + ahead, wanted.end + ahead), pair.deeds
                assert new[place.start : place.end] == place.exact == span.of(pair.old)
                kept += 1
            else:
                assert place.revision_id != added.revision.id
                assert now(database, claim).version == 2
    with database.read() as session:
        assert verify(session).sound
    return right, kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_few_revisions_by_the_recipe(database, people):
    right, kept = _through(database, people.reviewer, pairs_of(_texts(), 6, seed=7))
    assert right > 150 and kept > 0.9 * right


@pytest.mark.soak
def test_two_hundred_revisions_by_the_recipe(database, people):
    right, kept = _through(database, people.reviewer, pairs_of(_texts(), 200, seed=20261123))
    assert right > 5000 and kept >= 0.97 * right, (right, kept)

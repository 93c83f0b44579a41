"""Coverage: which check-worthy sentences have an entry, and which have none."""

from ledger.models import DEFAULT_DESK
from ledger.services import articles, claims, coverage, desks
from ledger.services.coverage import Cover
from ledger.store import claims as store
from tests.ledger.services.desk import do

TEXT = (
    "The Lindale council spent 4.2 million pounds on the bridge in 2024. Good morning to everybody here. "
    "Unemployment in Lindale fell from 9 percent to 7 percent last year.\n\n"
    "The mayor fears that it may rain tomorrow.\n"
)


def _article(database, by, floor):
    return do(database, articles.add, articles.prepare(TEXT, floor=floor), by=by).article


def _coverage(database, article, **more):
    with database.read() as session:
        return coverage.of_article(session, article, **more)


def test_a_sentence_without_an_entry_is_uncovered_and_one_with_a_claim_is_not(database, people):
    article = _article(database, people.reviewer, floor=1.0)
    before = _coverage(database, article)
    assert [one.text[:12] for one in before.uncovered] == ["The Lindale ", "Unemployment"]
    assert before.share == 0
    best = before.uncovered[0].weighed.best
    assert TEXT[best.start : best.end].startswith("The Lindale council spent 4.2 million")
    claim = do(database, claims.add, article.id, by=people.reviewer, start=best.start, end=best.end)
    after = _coverage(database, article)
    assert after.share == 0.5
    assert (after.worthy[0].cover, after.worthy[0].claim_ids) == (Cover.CLAIM, (claim.id,))
    assert [one.text[:12] for one in after.uncovered] == ["Unemployment"]


def test_every_sentence_stands_where_it_says(database, people):
    article = _article(database, people.reviewer, floor=0.5)
    found = _coverage(database, article)
    assert len(found.sentences) == 4
    for one in found.sentences:
        assert found.revision.text[one.start : one.end] == one.text
        assert 0 <= one.worth <= 1


def test_a_dismissed_entry_covers_and_one_below_the_threshold_does_not(database, people):
    article = _article(database, people.reviewer, floor=0.0)
    with database.read() as session:
        rows = store.of_article(session, article.id)
    for claim, place in rows:
        if place.start < 60:
            do(database, claims.dismiss, claim.id, by=people.reviewer, version=1)
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"threshold": 1})
    found = _coverage(database, article, threshold=0.5)
    assert [one.cover for one in found.worthy] == [Cover.DISMISSED, Cover.NONE]
    assert found.worthy[1].below


def test_a_lower_threshold_looks_further(database, people):
    article = _article(database, people.reviewer, floor=1.0)
    assert len(_coverage(database, article, threshold=0.0).uncovered) == 4
    assert _coverage(database, article, threshold=1.0).share is None

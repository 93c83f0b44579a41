"""Looking again follows the detector, and leaves alone whatever somebody has touched."""

import threading

import pytest

from claims.errors import DetectionFailed
from ledger.errors import Outdated, Unavailable
from ledger.models import JobState
from ledger.services import articles, claims, detection, evidence
from ledger.services.verification import verify
from ledger.store import claims as store
from tests.factories import make_article
from tests.ledger.services.desk import do, history, kinds, now, size
from tests.ledger.services.finds import COST, LAMPS, MAYOR, TEXT, TOWNS, Finds


def _article(database, by, **found):
    draft = articles.prepare(TEXT, detector=Finds(**found), floor=0.1)
    return do(database, articles.add, draft, by=by).article


def _again(database, article, version=2, **found):
    outcome = detection.redetect(database, Finds(version, **found), article.id, floor=0.1)
    return {name: count for name, count in outcome.as_json().items() if count and name != "detector"}


def _entries(database, article):
    with database.read() as session:
        return {place.exact: claim for claim, place in store.of_article(session, article.id)}


def test_candidates_that_nobody_touched_follow_the_detector(database, people):
    article = _article(database, people.reviewer, cost=0.6, lamps=0.7)
    assert _again(database, article, cost=0.9, mayor=0.5) == {"added": 1, "changed": 1, "gone": 1}
    entries = _entries(database, article)
    cost, lamps, mayor = entries[COST], entries[LAMPS], entries[MAYOR]
    assert (cost.score, cost.reasons, cost.detector, cost.status) == (
        0.9,
        ["reason 0.9"],
        "test/2",
        "candidate",
    )
    assert (lamps.status, lamps.dismissed_reason) == ("dismissed", "no longer found by test/2")
    assert (mayor.status, mayor.detector) == ("candidate", "test/2")
    assert kinds(database, cost) == ["claim.found", "claim.found_again"]
    assert kinds(database, lamps) == ["claim.found", "claim.no_longer_found"]
    assert history(database, lamps)[-1].actor == "detector:test/2"


def test_looking_twice_changes_nothing_more(database, people):
    article = _article(database, people.reviewer, cost=0.6, lamps=0.7)
    _again(database, article, cost=0.9)
    before = size(database)
    assert _again(database, article, cost=0.9) == {}
    assert size(database) == before


def test_what_is_found_once_more_is_a_candidate_again(database, people):
    article = _article(database, people.reviewer, lamps=0.7)
    _again(database, article)
    assert _again(database, article, 3, lamps=0.8) == {"changed": 1}
    lamps = _entries(database, article)[LAMPS]
    assert (lamps.status, lamps.dismissed_reason, lamps.score) == ("candidate", None, 0.8)


@pytest.mark.parametrize(
    "touch",
    [
        lambda s, one, by: claims.accept(s, one, by=by, version=1),
        lambda s, one, by: claims.dismiss(s, one, by=by, version=1, reason="An opinion."),
        lambda s, one, by: claims.reword(s, one, by=by, version=1, details={"statement": "Other words."}),
        lambda s, one, by: claims.assign(s, one, by=by, version=1, to=by.account_id),
    ],
    ids=["accepted", "dismissed", "reworded", "taken"],
)
def test_what_a_person_has_touched_stays_as_it_is(database, people, touch):
    article = _article(database, people.reviewer, cost=0.6)
    claim = _entries(database, article)[COST]
    do(database, touch, claim.id, people.reviewer)
    before = now(database, claim).model_dump()
    assert _again(database, article, cost=0.9) == {"kept": 1}
    assert _again(database, article) == {}
    assert now(database, claim).model_dump() == before
    assert len(_entries(database, article)) == 1


def test_words_that_a_person_dismissed_are_not_proposed_again_cut_a_little_differently(database, people):
    article = _article(database, people.reviewer, cost=0.6)
    do(database, claims.dismiss, _entries(database, article)[COST].id, by=people.reviewer, version=1)
    assert _again(database, article, short=0.9) == {"kept": 1}


def test_a_candidate_that_somebody_brought_back_is_not_dismissed_again(database, people):
    article = _article(database, people.reviewer, lamps=0.7)
    _again(database, article)
    lamps = _entries(database, article)[LAMPS]
    do(database, claims.reopen, lamps.id, by=people.reviewer, version=lamps.version)
    assert _again(database, article, 3) == {}
    assert now(database, lamps).status == "candidate"


def test_a_claim_with_work_on_it_keeps_it(database, people):
    article = _article(database, people.reviewer, cost=0.6)
    claim = _entries(database, article)[COST]
    do(database, claims.accept, claim.id, by=people.reviewer, version=1)
    details = {"url": "https://example.org/", "stance": "supports"}
    do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    _again(database, article, mayor=0.9)
    assert now(database, claim).status == "unchecked"


def test_a_form_that_is_older_than_the_new_guess_is_told_so(database, people):
    article = _article(database, people.reviewer, cost=0.6)
    claim = _entries(database, article)[COST]
    _again(database, article, cost=0.9)
    with pytest.raises(Outdated):
        do(database, claims.accept, claim.id, by=people.reviewer, version=1)


def test_two_who_look_at_once_add_each_candidate_once(database, people):
    article = _article(database, people.reviewer)
    barrier, outcomes = threading.Barrier(2), []

    def look():
        barrier.wait()
        outcomes.append(_again(database, article, cost=0.9, lamps=0.8))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=len) == [{}, {"added": 2}]


def test_the_tables_are_the_log_s_fold_after_all_of_it(database, people):
    article = _article(database, people.reviewer, cost=0.6, lamps=0.7, towns=0.4)
    do(database, claims.dismiss, _entries(database, article)[TOWNS].id, by=people.reviewer, version=1)
    _again(database, article, cost=0.9, mayor=0.8)
    _again(database, article, 3, lamps=0.9)
    with database.read() as session:
        assert verify(session).sound


def test_a_detector_that_fails_changes_nothing_and_says_why(database, people):
    class Fails:
        name = "test/1"

        def find(self, document):
            raise DetectionFailed("The endpoint is away.")

    article = _article(database, people.reviewer, cost=0.6)
    before = size(database)
    with pytest.raises(Unavailable, match="away"):
        detection.redetect(database, Fails(), article.id, floor=0.1)
    assert size(database) == before
    added = do(database, articles.add, articles.prepare(TEXT + "More.", detector=Fails()), by=people.reviewer)
    assert added.later
    with database.read() as session:
        assert detection.newest(session, added.article.id).state == JobState.QUEUED


def test_asking_twice_is_one_job(database, people):
    article = make_article(database, people.reviewer)
    first = do(database, detection.ask, article.id, by=people.reviewer)
    again = do(database, detection.ask, article.id, by=people.reviewer)
    other = do(database, detection.ask, article.id, by=people.reviewer, detector="rules")
    assert first.id == again.id != other.id


def test_what_is_too_short_to_be_a_statement_is_no_candidate(database, people):
    draft = articles.prepare("1°. The bridge cost 4.2 million euros in 2024.", floor=0.0)
    assert draft.found and all(len(claim.statement) >= 3 for claim in draft.found)
    assert do(database, articles.add, draft, by=people.reviewer).candidates == len(draft.found)

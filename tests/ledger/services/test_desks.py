"""Desks: a threshold each, which decides what is shown and loses nothing."""

import pytest
from sqlmodel import select

from ledger.errors import Conflict, Forbidden, Invalid, Outdated, VersionMissing
from ledger.models import DEFAULT_DESK, Desk
from ledger.services import articles, desks
from ledger.services.verification import verify
from ledger.store import articles as articles_store
from ledger.store import claims as claims_store
from ledger.store import desks as store
from ledger.store.claims import Filters
from tests.factories import make_article, make_desk
from tests.ledger.services.desk import do, kinds
from tests.ledger.services.finds import TEXT, Finds

OTHER = TEXT + "And that was all.\n"


def _shown(database, **filters):
    with database.read() as session:
        rows, _ = claims_store.listed(session, Filters(**filters), limit=200)
        return {row[0].id: row[0].score for row in rows}


def _kept_low(database, by, text=TEXT, **details):
    finds = Finds(cost=0.2, lamps=0.45, mayor=0.55, towns=0.95)
    return do(
        database, articles.add, articles.prepare(text, detector=finds, floor=0.0), by=by, details=details
    )


def test_the_default_desk_is_there_before_it_is_a_row(database, people):
    with database.read() as session:
        desk = store.get(session, None)
        assert (desk.id, desk.version, desk.threshold) == (DEFAULT_DESK, 0, 0.5)
        assert list(session.exec(select(Desk))) == []
        assert [one.id for one in store.every(session)] == [DEFAULT_DESK]


def test_the_first_change_of_the_default_desk_makes_it_a_row(database, people):
    desk = do(
        database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"threshold": "0.65"}
    )
    assert (desk.version, desk.threshold, desk.name) == (1, 0.65, "Desk")
    with pytest.raises(Outdated):
        do(database, desks.change, DEFAULT_DESK, by=people.editor, version=0, details={"threshold": 0.3})
    do(database, desks.change, DEFAULT_DESK, by=people.editor, version=1, details={"name": "News"})
    assert kinds(database, desk) == ["desk.changed", "desk.changed"]
    with database.read() as session:
        assert verify(session).sound


def test_another_threshold_shows_more_or_fewer_and_finds_nothing_anew(database, people):
    added = _kept_low(database, people.reviewer)
    scores = [0.2, 0.45, 0.55, 0.95]
    for version, threshold in enumerate((0.5, 0.0, 0.7, 1.0)):
        if version:
            details = {"threshold": threshold}
            do(database, desks.change, DEFAULT_DESK, by=people.editor, version=version - 1, details=details)
        expected = [score for score in scores if score >= threshold]
        assert sorted(_shown(database).values()) == expected
        assert sorted(_shown(database, below=True).values()) == scores
        with database.read() as session:
            progress = articles_store.progress(session, [added.article.id])[added.article.id]
            counts = claims_store.counts(session, Filters())
            step = next(one for one in desks.preview(session, DEFAULT_DESK) if one.threshold == threshold)
        assert progress.get("candidate", 0) == counts.get("candidate", 0) == step.shown == len(expected)


def test_each_desk_shows_its_own_articles_by_its_own_threshold(database, people):
    strict = make_desk(database, people.editor, threshold=1.0)
    here = _kept_low(database, people.reviewer)
    there = _kept_low(database, people.reviewer, OTHER, desk_id=strict.id)
    assert there.candidates == 0 < here.candidates
    with database.read() as session:
        assert [row.Article.id for row in articles_store.listed(session, desk_id=strict.id)[0]] == [
            there.article.id
        ]
    assert _shown(database, desk_id=strict.id) == {}
    assert len(_shown(database, desk_id=strict.id, below=True)) > 0
    assert _shown(database, desk_id=DEFAULT_DESK) == _shown(database) != {}
    version = there.article.version
    do(
        database,
        articles.describe,
        there.article.id,
        by=people.reviewer,
        version=version,
        details={"desk_id": DEFAULT_DESK},
    )
    assert len(_shown(database)) > here.candidates
    with database.read() as session:
        assert verify(session).sound


def test_candidates_come_by_worth_over_all_pages(database, people):
    _kept_low(database, people.reviewer)
    found, after = [], None
    while True:
        with database.read() as session:
            rows, after = claims_store.listed(
                session, Filters(below=True), after=after, limit=2, by_worth=True
            )
        found += [row[0].score for row in rows]
        if after is None:
            break
    assert found == sorted(found, reverse=True)
    assert len(found) == len(_shown(database, below=True))
    assert set(_shown(database, worth_from=0.7).values()) == {score for score in found if score >= 0.7}


@pytest.mark.parametrize("threshold", ["", "much", "1.2", "-0.1", "nan", None])
def test_a_threshold_that_is_none_is_refused(database, people, threshold):
    with pytest.raises(Invalid) as raised:
        do(database, desks.add, by=people.editor, name="Health", threshold=threshold)
    assert raised.value.field == "threshold"


def test_names_are_taken_once_whatever_their_case(database, people):
    make_desk(database, people.editor)
    for name in ("HEALTH", "desk"):
        with pytest.raises(Conflict):
            do(database, desks.add, by=people.editor, name=name)


def test_reviewers_may_not_change_a_desk_and_nobody_without_its_version(database, people):
    with pytest.raises(Forbidden):
        do(database, desks.add, by=people.reviewer, name="Mine")
    with pytest.raises(VersionMissing):
        do(database, desks.change, DEFAULT_DESK, by=people.editor, version=None, details={})
    with pytest.raises(Invalid):
        make_article(database, people.reviewer, desk_id="01a2060b-e223-782a-96f6-dd90419789f1")

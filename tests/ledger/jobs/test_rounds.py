"""Rounds: what is due again gets its job, once, and leaves no rows behind."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from ledger import clock
from ledger.app import make_parts
from ledger.jobs import rounds, runner
from ledger.jobs.rounds import Rounds
from ledger.models import Archiving, Capture, Evidence, Job, Look, Revision, Watch
from ledger.services import articles, evidence, watches
from tests.factories import make_claim
from tests.ledger.adapters.sites import fetcher, serving
from tests.ledger.archive import archiving
from tests.ledger.services.desk import do

PAGE = (
    b"<html><body><article><h1>Bridge</h1><p>The bridge was signed for by 242 builders, the mayor said.</p>%s"
)


@pytest.fixture
def world(settings, people, database):
    """Parts with a real site and a real archive, both on this machine."""
    with serving() as site, archiving() as archive:
        site.page("/robots.txt", status="404 Not Found")
        site.page("/a", PAGE % b"")
        open_to = {
            "fetch": True,
            "fetch_allow_networks": "127.0.0.0/8",
            "fetch_ports": f"{site.port}",
            "polite_seconds": 0.1,
        }
        archived = {"wayback_url": archive.base, "wayback_key": "key", "wayback_secret": "secret"}
        given = settings.model_dump() | open_to | archived
        parts = make_parts(type(settings).model_validate(given))
        claim = make_claim(database, people.reviewer)
        details = {"url": site.url("/a"), "stance": "supports", "quote": "242 builders"}
        do(database, evidence.add, claim.id, by=people.reviewer, details=details)
        draft = articles.prepare_url(fetcher(site), site.url("/a"))
        article = do(database, articles.add, draft, by=people.reviewer).article
        do(database, watches.set_, article.id, by=people.reviewer, version=article.version, every="15m")
        yield parts, site, archive
        parts.database.dispose()


def _work(parts, *, after):
    """One round, and all that is due then; gives the names of the jobs."""
    made = Rounds(parts)
    with time_machine.travel(clock.now() + after, tick=True):
        made.plan()
        made.write()
        with parts.database.read() as session:
            due = [(job.id, job.name) for job in session.exec(select(Job)) if job.state == "queued"]
        for id, _ in due:
            runner.run(parts, id)
    return sorted({name for _, name in due})


def test_a_page_that_changes_is_found_by_the_watch_the_look_and_the_archive(world):
    parts, site, archive = world
    assert "capture-evidence" in _work(parts, after=timedelta(seconds=1))
    site.page("/a", PAGE % b"<p>The mayor will speak again in the evening, at the town hall.</p>")
    # One request to the site a round: what is not its turn comes with the next.
    for seconds in (3600, 3610, 3620, 700_000, 700_010, 700_020):
        _work(parts, after=timedelta(seconds=seconds))
    with parts.database.read() as session:
        assert [revision.source for revision in session.exec(select(Revision)) if revision.number == 2] == [
            "watch"
        ]
        assert session.exec(select(Evidence)).one().condition == "changed"
        assert session.exec(select(Archiving)).one().state == "done"
        captured = session.exec(select(Capture).where(Capture.archived_url.is_not(None))).one()
        assert captured.archived_url.startswith(archive.base)
        # However often they come again, they leave no rows.
        left = {job.name for job in session.exec(select(Job))}
        assert left.isdisjoint({"look-again", "refetch-article", "archive-capture"})


def test_two_workers_write_one_job_for_what_is_due(world, monkeypatch):
    parts, _, _ = world
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        wrote = [Rounds(parts).write() for _ in range(2)]
    assert wrote == [1, 0]


def test_what_people_wait_for_is_never_behind_it(world, monkeypatch):
    parts, _, _ = world
    with parts.database.write() as session:
        for n in range(60):
            session.add(Look(id=f"look-{n}", url=f"https://example.org/{n}", due_at=clock.now()))
    assert Rounds(parts).write() == rounds._AT_ONCE
    assert Rounds(parts).write() == 0


def test_where_nothing_may_be_fetched_nothing_is_due(world, settings):
    parts, _, _ = world
    off = make_parts(parts.settings.model_copy(update={"fetch": False}))
    with time_machine.travel(clock.now() + timedelta(days=30)):
        Rounds(off).step()
    with parts.database.read() as session:
        assert [job for job in session.exec(select(Job)) if job.name == "refetch-article"] == []
    off.database.dispose()


def test_a_job_that_comes_to_nothing_is_seen_and_the_next_round_comes_all_the_same(world, monkeypatch):
    parts, _, _ = world
    monkeypatch.setattr(watches, "run", lambda *_a, **_m: 1 / 0)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        Rounds(parts).write()
        with parts.database.read() as session:
            [job] = [job for job in session.exec(select(Job)) if job.name == "refetch-article"]
        runner.run(parts, job.id)
    with parts.database.read() as session:
        assert "ZeroDivisionError" in session.get_one(Job, job.id).error
        assert session.exec(select(Watch)).one().due_at > clock.now() + timedelta(hours=1)


def test_a_capture_is_handed_over_only_where_there_are_keys(world, database, people):
    parts, _, _ = world
    without = make_parts(parts.settings.model_copy(update={"wayback_secret": None}))
    assert without.wayback is None
    with database.read() as session:
        id = session.exec(select(Job.id).where(Job.name == "capture-evidence")).one()
    runner.run(without, id)
    with database.read() as session:
        assert session.exec(select(Capture)).one().error is None
        assert session.exec(select(Archiving)).all() == []
    without.database.dispose()

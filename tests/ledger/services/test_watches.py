"""Watches: an article's address is fetched again, and another text becomes its next revision."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from ledger import clock
from ledger.adapters.polite import Polite
from ledger.errors import Conflict, Forbidden, Invalid, Outdated
from ledger.models import Appearance, Event, Job, Revision, Watch
from ledger.services import articles, claims, revisions, undo, watches
from ledger.services.verification import verify
from tests.factories import make_verdict
from tests.ledger.adapters.sites import fetcher, serving
from tests.ledger.services.desk import do, kinds, now

PAGE = """<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1>
<p>The council opened the bridge on Monday, after years of talks with all the towns along the river.</p>
<p>It was signed for by 242 builders and by 40 towns, the mayor said in a speech at the bridge.</p>%s
</article></body></html>"""
READING = {"detector": articles.finding.RULES}


@pytest.fixture
def site():
    with serving() as site:
        site.page("/robots.txt", status="404 Not Found")
        site.page("/a", (PAGE % "").encode())
        yield site


class Watched:
    """A watched article of a real site, and the passing of time."""

    def __init__(self, database, people, site):
        self.database, self.people, self.site = database, people, site
        self.passed = timedelta(0)
        draft = articles.prepare_url(fetcher(site), site.url("/a"))
        self.article = do(database, articles.add, draft, by=people.reviewer).article
        self.watch("hour")

    def watch(self, every, **more):
        article = now(self.database, self.article)
        more = {"by": self.people.reviewer, "version": article.version, **more}
        return do(self.database, watches.set_, article.id, every=every, **more)

    def claim(self, words="242 builders"):
        with self.database.read() as session:
            text = session.exec(select(Revision)).one().text
        start = text.index(words)
        by = self.people.reviewer
        return do(self.database, claims.add, self.article.id, by=by, start=start, end=start + len(words))

    def look(self):
        self.passed += timedelta(hours=2)
        polite = Polite(fetcher(self.site), self.database, seconds=1)
        with time_machine.travel(clock.now() + self.passed, tick=True):
            return watches.run(self.database, polite, self.article.id, reading=READING)

    @property
    def state(self):
        with self.database.read() as session:
            return session.get_one(Watch, self.article.id)

    @property
    def revisions(self):
        with self.database.read() as session:
            return list(session.exec(select(Revision).order_by(Revision.number)))

    @property
    def wait(self):
        return round((self.state.due_at - self.state.checked_at).total_seconds() / 60)


@pytest.fixture
def watched(database, people, site):
    return Watched(database, people, site)


def test_the_same_text_is_no_revision(watched):
    assert watched.look()["outcome"] == "same"
    # Another advertisement is no other text.
    watched.site.page("/a", (PAGE % "<aside class='ad'>Buy!</aside><script>1</script>").encode())
    assert watched.look()["outcome"] == "same"
    assert len(watched.revisions) == 1 and watched.wait == 60


def test_another_text_is_the_next_revision_and_its_claims_are_told(watched):
    claim = watched.claim()
    make_verdict(watched.database, watched.people.reviewer, watched.people.editor, claim)
    watched.site.page("/a", (PAGE % "<p>More to come in the evening.</p>").replace("242", "424").encode())
    assert watched.look()["outcome"] == "revised"
    _, second = watched.revisions
    assert (second.number, second.source, second.created_by) == (2, "watch", None)
    assert watched.state.revision_id == second.id
    claim = now(watched.database, claim)
    assert claim.status == "stale" and "“242” → “424”" in claim.stale_reasons[0]
    assert kinds(watched.database, watched.article) == ["article.added", "article.watched", "article.revised"]
    with watched.database.read() as session:
        assert verify(session).sound
    assert watched.look()["outcome"] == "same"


def test_a_page_fetched_before_somebody_brought_a_text_in_does_not_replace_that(watched):
    class Slow(Polite):
        def again(self, url, known=None):
            page = super().again(url, known)
            draft = articles.prepare("What the desk pasted meanwhile.")
            do(watched.database, revisions.add, watched.article.id, draft, by=watched.people.reviewer)
            return page

    watched.site.page("/a", (PAGE % "<p>It had cost 12 million.</p>").encode())
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=True):
        slow = Slow(fetcher(watched.site), watched.database, seconds=1)
        watches.run(watched.database, slow, watched.article.id, reading=READING)
    assert [one.number for one in watched.revisions] == [1, 2]
    assert watched.revisions[-1].text == "What the desk pasted meanwhile."


def test_a_text_that_only_moves_words_keeps_what_was_checked(watched):
    claim = watched.claim()
    make_verdict(watched.database, watched.people.reviewer, watched.people.editor, claim)
    body = PAGE.replace("<h1>Bridge opens</h1>", "<h1>Bridge opens</h1><p>An earlier report was shorter.</p>")
    watched.site.page("/a", (body % "").encode())
    assert watched.look()["outcome"] == "revised"
    assert now(watched.database, claim).status == "supported"
    with watched.database.read() as session:
        place = session.exec(select(Appearance).where(Appearance.claim_id == claim.id)).one()
    assert place.revision_id == watched.revisions[1].id


@pytest.mark.parametrize(
    "page",
    [
        "<p>We value your privacy. Accept all cookies to go on reading our free site today.</p>",
        "<p>Gone.</p>",
    ],
)
def test_a_page_of_quite_other_words_waits_for_a_person(watched, page):
    watched.site.page("/a", f"<html><body><article>{page}</article></body></html>".encode())
    assert watched.look()["outcome"] == "unlike"
    assert len(watched.revisions) == 1 and "bring the text in" in watched.state.problem


def test_a_failure_is_told_and_tried_ever_more_rarely(watched):
    watched.site.page("/a", status="404 Not Found")
    waits = []
    for _ in range(6):
        assert watched.look()["outcome"] == "failed"
        waits.append(watched.wait)
    assert waits == [120, 240, 480, 960, 1440, 1440]
    assert "404" in watched.state.problem
    watched.site.page("/a", (PAGE % "").encode())
    assert watched.look()["outcome"] == "same"
    assert (watched.wait, watched.state.problem) == (60, None)


def test_what_can_not_be_read_is_no_text(watched):
    watched.site.page("/a", b"%PDF-1.4 nonsense", Content_Type="application/pdf")
    assert watched.look()["outcome"] == "failed" and len(watched.revisions) == 1


def test_robots_txt_is_obeyed(watched):
    watched.site.page("/robots.txt", b"User-agent: claim-ledger\nDisallow: /", Content_Type="text/plain")
    assert watched.look()["outcome"] == "failed" and "robots.txt" in watched.state.problem


def test_an_unchanged_page_is_not_sent_again(watched):
    watched.site.page("/a", (PAGE % "").encode(), ETag='"1"')
    watched.look()
    watched.site.page("/a", status="304 Not Modified")
    assert watched.look()["outcome"] == "same" and b"If-None-Match" in watched.site.requests[-1]


def test_it_is_turned_off_and_asks_no_more(watched):
    watched.watch("off")
    asked = len(watched.site.requests)
    assert watched.look() is None and len(watched.site.requests) == asked
    assert watched.state.due_at is None
    assert kinds(watched.database, watched.article)[-1] == "article.unwatched"
    with pytest.raises(Conflict, match="not watched"):
        do(watched.database, watches.ask, watched.article.id, by=watched.people.reviewer)


def test_setting_it_is_checked(watched, database, people):
    with pytest.raises(Invalid, match="15m, hour, 6h, day, week, off"):
        watched.watch("5m")
    with pytest.raises(Forbidden):
        watched.watch("day", by=people.reader)
    with pytest.raises(Outdated):
        watched.watch("day", version=1)
    before = now(database, watched.article).version
    watched.watch("hour")
    assert now(database, watched.article).version == before
    draft = articles.prepare("Some words without an address, and nothing else at all.")
    other = do(database, articles.add, draft, by=people.reviewer).article
    with pytest.raises(Conflict, match="no address"):
        do(database, watches.set_, other.id, by=people.reviewer, version=1, every="day")


def test_whoever_asks_at_once_gets_one_job(watched):
    for _ in range(2):
        do(watched.database, watches.ask, watched.article.id, by=watched.people.reviewer)
    with watched.database.read() as session:
        assert [job.name for job in session.exec(select(Job))].count("refetch-article") == 1


def test_a_rebuilt_ledger_watches_on(watched):
    with watched.database.write() as session:
        session.delete(session.get_one(Watch, watched.article.id))
    assert watches.plan(watched.database) == 1
    assert watches.plan(watched.database) == 0
    assert watched.look()["outcome"] == "same"


def test_undoing_it_ends_the_watch(watched):
    with watched.database.read() as session:
        seq = session.exec(select(Event.seq).where(Event.kind == "article.watched")).one()
    do(watched.database, undo.undo, seq, seq, by=watched.people.reviewer)
    assert now(watched.database, watched.article).watch_minutes is None
    assert watched.look() is None and watched.state.due_at is None

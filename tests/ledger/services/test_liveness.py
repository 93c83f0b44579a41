"""Sources looked at again: what is changed, what is dead, and what that does to a settled verdict."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from ledger import clock
from ledger.adapters.blobs import MemoryBlobs
from ledger.adapters.polite import Polite
from ledger.errors import Conflict, Forbidden, Invalid
from ledger.models import Capture, Event, Job, Look
from ledger.services import captures, evidence, liveness, renewals, undo, verdicts
from ledger.services.verification import verify
from tests.factories import make_claim
from tests.ledger.adapters.sites import fetcher, serving
from tests.ledger.services.desk import TWO, do, kinds, now

PAGE = b"<html><body><article><h1>Accounts</h1><p>The bridge was paid for by 242 builders, the report says.</p>%s"
WEEK = 168


@pytest.fixture
def site():
    with serving() as site:
        site.page("/robots.txt", status="404 Not Found")
        site.page("/a", PAGE % b"<p>It was printed in March.</p>")
        yield site


class Sources:
    """A settled claim that rests on a page of a real site, and the passing of time."""

    def __init__(self, database, people, site):
        self.database, self.people, self.site = database, people, site
        self.blobs, self.fetcher = MemoryBlobs(), fetcher(site)
        self.passed = timedelta(0)
        self.claim = make_claim(database, people.reviewer)
        self.piece = self.link(self.claim)
        self.settle()

    def link(self, claim, **more):
        details = {"url": self.site.url("/a"), "stance": "supports", "quote": "242 builders", **more}
        piece = do(self.database, evidence.add, claim.id, by=self.people.reviewer, details=details)
        captures.take(self.database, self.fetcher, self.blobs, str(piece.capture_id))
        return piece

    def settle(self):
        claim = now(self.database, self.claim)
        verdict = do(
            self.database, verdicts.propose, claim.id, by=self.people.reviewer, version=claim.version,
            code="supported", rationale="It says so.", policy=TWO,
        )  # fmt: skip
        do(
            self.database,
            verdicts.sign,
            verdict.id,
            by=self.people.editor,
            digest_seen=verdict.digest,
            policy=TWO,
        )

    def look(self, *, after=timedelta(days=7)):
        self.passed += after
        liveness.plan(self.database, hours=WEEK)
        with self.database.read() as session:
            [look] = session.exec(select(Look)).all()
        polite = Polite(self.fetcher, self.database, seconds=1)
        with time_machine.travel(clock.now() + self.passed, tick=True):
            return liveness.look(self.database, polite, self.blobs, look.id, hours=WEEK)

    @property
    def status(self):
        return now(self.database, self.claim).status

    @property
    def now(self):
        return now(self.database, self.piece)

    def fits(self, note="The correction is about another bridge.", **more):
        by = more.pop("by", self.people.reviewer)
        version = self.now.version
        return do(self.database, liveness.still_fits, self.piece.id, by=by, version=version, note=note)


@pytest.fixture
def sources(database, people, site):
    return Sources(database, people, site)


def test_a_page_that_is_as_it_was_changes_nothing(sources):
    before = now(sources.database, sources.piece).version
    assert sources.look().outcome == "same"
    # How quotes are drawn, and white space, tell a reader nothing.
    sources.site.page("/a", PAGE % b"<p>It  was printed\n in March.</p><script>x()</script>")
    assert sources.look().outcome == "same"
    assert (sources.now.condition, sources.now.version, sources.status) == (None, before, "supported")
    assert "evidence.changed" not in kinds(sources.database, sources.claim)


def test_a_changed_page_makes_the_verdict_stale_with_the_reason_and_keeps_what_it_says_now(sources):
    sources.site.page("/a", (PAGE % b"").replace(b"242", b"424"))
    assert sources.look().outcome == "changed"
    assert sources.now.condition == "changed" and "does not stand" in sources.now.condition_why
    claim = now(sources.database, sources.claim)
    assert claim.status == "stale" and kinds(sources.database, claim)[-1] == "evidence.changed"
    assert claim.stale_reasons == [
        f"A source changed: {sources.site.url('/a')} ({sources.now.condition_why})"
    ]
    with sources.database.read() as session:
        found = session.get_one(Capture, sources.now.found_id)
        assert (found.state, "424 builders" in found.text) == ("done", True)
        assert verify(session).sound


def test_somebody_says_that_it_still_fits_and_the_verdict_holds_again(sources):
    sources.site.page("/a", PAGE % b"<p>It was printed in April.</p>")
    sources.look()
    assert sources.status == "stale" and "still stands" in sources.now.condition_why
    with pytest.raises(Invalid):
        sources.fits(" ")
    with pytest.raises(Forbidden):
        sources.fits(by=sources.people.reader)
    sources.fits()
    assert (sources.status, sources.now.condition) == ("supported", "changed")
    with pytest.raises(Conflict, match="already"):
        sources.fits()
    # It goes on changing, but the quote stands: no news.
    sources.site.page("/a", PAGE % b"<p>It was printed in May.</p>")
    sources.look()
    assert sources.status == "supported"
    # Now the quote goes.
    sources.site.page("/a", (PAGE % b"").replace(b"242", b"424"))
    sources.look()
    assert (sources.status, sources.now.seen_at) == ("stale", None)
    # And comes back as it was.
    sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>")
    sources.look()
    assert (sources.status, sources.now.condition) == ("supported", None)
    assert kinds(sources.database, sources.claim)[-1] == "evidence.lives"
    with sources.database.read() as session:
        assert verify(session).sound


def test_three_strikes_a_day_apart_and_no_fewer_make_a_source_dead(sources):
    sources.site.page("/a", status="404 Not Found")
    assert sources.look().strikes == 1
    # However often somebody looks on one day.
    for _ in range(4):
        assert sources.look(after=timedelta(hours=1)).strikes == 1
    assert sources.look(after=timedelta(days=1)).strikes == 2
    assert sources.status == "supported"
    assert sources.look(after=timedelta(days=1)).strikes == 3
    claim = now(sources.database, sources.claim)
    assert (claim.status, sources.now.condition) == ("stale", "dead")
    assert "HTTP status 404" in claim.stale_reasons[0] and "A source is dead" in claim.stale_reasons[0]
    sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>")
    sources.look()
    assert (sources.status, sources.now.condition) == ("supported", None)


def test_a_good_answer_between_takes_the_strikes_away(sources):
    for status in ("500 Oops", "500 Oops", "200 OK", "500 Oops", "500 Oops"):
        sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>", status=status)
        looked = sources.look()
    assert (looked.strikes, sources.now.condition) == (2, None)


@pytest.mark.parametrize("status", ["403 Forbidden", "429 Slow", "451 Law", "402 Pay"])
def test_a_site_that_lets_nobody_in_says_nothing_of_its_page(sources, status):
    sources.site.page("/a", status=status)
    for _ in range(4):
        assert sources.look().outcome == "unknown"
    assert (sources.now.condition, sources.status) == (None, "supported")


def test_a_site_that_forbids_programs_is_left_alone(sources):
    sources.site.page("/robots.txt", b"User-agent: *\nDisallow: /", Content_Type="text/plain")
    for _ in range(4):
        looked = sources.look()
    assert (looked.outcome, sources.now.condition) == ("unknown", None) and "robots.txt" in looked.problem


def test_a_page_that_is_as_it_was_is_not_sent_again(sources):
    sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>", ETag='"1"')
    sources.look()
    sources.site.page("/a", status="304 Not Modified")
    assert sources.look().outcome == "same"
    assert b'If-None-Match: "1"' in sources.site.requests[-1]
    # Whoever linked it meanwhile may have found another text there: all of it is read.
    sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>", ETag='"1"')
    with time_machine.travel(clock.now() + sources.passed + timedelta(hours=1)):
        sources.link(make_claim(sources.database, sources.people.reviewer, "40 towns"))
    sources.look()
    assert b"If-None-Match" not in sources.site.requests[-1]


def test_one_look_serves_all_claims_that_rest_on_a_page(sources):
    other = make_claim(sources.database, sources.people.reviewer, "40 towns")
    before = other.version
    second = sources.link(other, quote="40 towns")
    sources.site.page("/a", (PAGE % b"").replace(b"242", b"424"))
    sources.look()
    assert (sources.now.condition, now(sources.database, second).condition) == ("changed", "changed")
    assert sources.now.found_id == now(sources.database, second).found_id
    # A claim without a verdict does not change by it, and nobody's form is outdated.
    claim = now(sources.database, other)
    assert claim.version == before + 1 and kinds(sources.database, second)[-1] == "evidence.changed"
    details = {"note": "Typed while the ledger looked."}
    do(
        sources.database, evidence.correct, second.id, by=sources.people.reviewer, version=second.version,
        details=details,
    )  # fmt: skip


def test_nothing_is_proposed_on_a_source_that_nobody_saw_since(sources):
    sources.site.page("/a", PAGE % b"<p>It was printed in April.</p>")
    sources.look()
    with pytest.raises(Conflict, match="still fits"):
        sources.settle()
    sources.fits()
    sources.settle()
    assert sources.status == "supported"


def test_what_was_taken_back_is_looked_at_no_more(sources):
    sources.look()
    do(
        sources.database, evidence.withdraw, sources.piece.id, by=sources.people.reviewer,
        version=sources.now.version, reason="Retracted.",
    )  # fmt: skip
    assert sources.look() is None
    with sources.database.read() as session:
        assert session.exec(select(Look)).all() == []


def test_somebody_asks_for_a_look_and_there_is_one_job(sources):
    for _ in range(2):
        do(sources.database, liveness.ask, sources.piece.id, by=sources.people.reviewer)
    with sources.database.read() as session:
        assert [job.name for job in session.exec(select(Job)) if job.name == liveness.LOOK_JOB] == [
            "look-again"
        ]


def test_bytes_without_a_text_are_compared_as_bytes(database, people, site):
    site.page("/a", b"%PDF-1.4 scan one", Content_Type="application/pdf")
    sources = Sources(database, people, site)
    assert sources.look().outcome == "same"
    site.page("/a", b"%PDF-1.4 scan two", Content_Type="application/pdf")
    assert sources.look().outcome == "changed"
    assert sources.now.condition_why == "The page has other words now"


def test_signing_that_a_verdict_still_holds_says_that_its_sources_fit(sources):
    sources.site.page("/a", PAGE % b"<p>It was printed in April.</p>")
    sources.look()
    claim = now(sources.database, sources.claim)
    do(
        sources.database, renewals.renew, claim.verdict_id, by=sources.people.editor, claim_version=claim.version,
        policy=TWO, note="Only the month changed.",
    )  # fmt: skip
    assert (sources.status, sources.now.seen_note) == ("supported", "Only the month changed.")
    # The page comes back as it was: nothing that was signed changed.
    sources.site.page("/a", PAGE % b"<p>It was printed in March.</p>")
    sources.look()
    assert (sources.status, sources.now.condition) == ("supported", None)


def test_what_somebody_said_of_a_source_is_undone_and_the_ledgers_own_finding_is_not(sources):
    sources.site.page("/a", PAGE % b"<p>It was printed in April.</p>")
    sources.look()
    sources.fits()
    with sources.database.read() as session:
        at = dict(session.exec(select(Event.kind, Event.seq)).all())
    do(sources.database, undo.undo, at["evidence.seen"], at["evidence.seen"], by=sources.people.reviewer)
    assert (sources.status, sources.now.seen_at) == ("stale", None)
    with pytest.raises(Conflict):
        do(
            sources.database,
            undo.undo,
            at["evidence.changed"],
            at["evidence.changed"],
            by=sources.people.editor,
        )


def test_evidence_that_is_brought_back_learns_what_its_source_became_meanwhile(sources):
    database, me = sources.database, sources.people.reviewer
    other = sources.link(make_claim(database, me, "12 towns"), quote="")
    taken = do(database, evidence.withdraw, other.id, by=me, version=other.version, reason="A slip.")
    sources.site.page("/a", PAGE % b"<p>It was printed in April.</p>", ETag='"2"')
    assert sources.look().outcome == "changed"
    do(database, undo.undo_latest, by=me, claim_id=taken.claim_id)
    assert now(database, other).condition is None
    sources.look()
    # A site that answered “not changed” would tell nothing of that piece.
    assert b"If-None-Match" not in sources.site.requests[-1]
    assert now(database, other).condition == "changed"

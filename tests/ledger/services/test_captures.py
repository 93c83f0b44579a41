"""Captures: kept by hash, failed with a reason, and harmless when done twice."""

import hashlib

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.adapters.blobs import MemoryBlobs
from ledger.adapters.fetch import Fetched
from ledger.errors import FetchFailed
from ledger.models import Capture, Claim
from ledger.services import captures, evidence
from tests.factories import make_claim
from tests.ledger.services.desk import do, kinds, now

PAGE = b"<html><body><article><p>The bridge cost 4.2 million euros in all.</p></article></body></html>"


class Site:
    """The outside: answers with a page, or fails."""

    def __init__(self, body: bytes = PAGE, media_type: str = "text/html", failure: str | None = None) -> None:
        self.body, self.media_type, self.failure, self.asked = body, media_type, failure, 0

    def fetch(self, url: str) -> Fetched:
        self.asked += 1
        if self.failure:
            raise FetchFailed(self.failure)
        return Fetched(
            requested_url=url,
            url=url + "?final",
            status=200,
            media_type=self.media_type,
            encoding="utf-8",
            headers=(),
            body=self.body,
            fetched_at=clock.now(),
        )


@pytest.fixture
def capture(database, people):
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports"}
    do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    with database.read() as session:
        return session.scalars(sa.select(Capture)).one()


def test_what_the_address_held_is_kept_by_its_hash_with_its_text(database, capture):
    blobs = MemoryBlobs()
    captures.take(database, Site(), blobs, capture.id)
    kept = now(database, capture)
    assert (kept.state, kept.size, kept.media_type) == ("done", len(PAGE), "text/html")
    assert kept.sha256 == hashlib.sha256(PAGE).hexdigest() and blobs.get(kept.sha256) == PAGE
    assert "4.2 million euros" in kept.text
    assert kept.final_url == "https://example.org/a?final" and kept.fetched_at is not None
    assert kinds(database, capture) == ["capture.requested", "capture.done"]


def test_a_failure_is_kept_as_one_and_may_be_tried_again(database, capture):
    captures.take(database, Site(failure="It does not answer."), MemoryBlobs(), capture.id)
    assert (now(database, capture).state, now(database, capture).error) == ("failed", "It does not answer.")
    captures.take(database, Site(), MemoryBlobs(), capture.id)
    assert (now(database, capture).state, now(database, capture).error) == ("done", None)


def test_taking_it_twice_does_no_harm(database, capture):
    site = Site()
    for _ in range(2):
        captures.take(database, site, MemoryBlobs(), capture.id)
    assert site.asked == 1
    for _ in range(2):
        captures.take(database, Site(failure="Gone."), MemoryBlobs(), capture.id)
    assert kinds(database, capture) == ["capture.requested", "capture.done"]


def test_what_can_not_be_read_is_evidence_all_the_same(database, capture):
    captures.take(database, Site(body=b"\x89PNG\r\n", media_type="image/png"), MemoryBlobs(), capture.id)
    assert (now(database, capture).state, now(database, capture).text) == ("done", None)


def test_control_characters_in_a_page_reach_no_database(database, capture):
    body = PAGE.replace(b"4.2", b"4\x00.2 &#0;")
    captures.take(database, Site(body=body), MemoryBlobs(), capture.id)
    assert "\x00" not in now(database, capture).text


def test_a_finished_capture_leaves_the_reviewers_version_alone(database, capture):
    with database.read() as session:
        claim = session.scalars(sa.select(Claim).where(Claim.origin == "person")).one()
    captures.take(database, Site(), MemoryBlobs(), capture.id)
    assert now(database, claim).version == claim.version

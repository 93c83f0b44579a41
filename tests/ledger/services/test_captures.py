"""Captures: kept by hash, failed with a reason, and harmless when done twice."""

import hashlib
from functools import partial
from io import BytesIO

import pytest
import sqlalchemy as sa

from ledger.adapters.blobs import MemoryBlobs
from ledger.adapters.fetch import Fetched, Fetcher
from ledger.errors import Conflict, Forbidden, Outdated, Unavailable
from ledger.export.warc import entries
from ledger.models import Capture, Claim, Job
from ledger.services import captures, evidence, undo
from tests.claims import samples
from tests.factories import make_claim, make_evidence, make_verdict
from tests.ledger.adapters.sites import serving
from tests.ledger.services.desk import do, kinds, now, size
from tests.site import NEWS, PAGE, Site


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


# --- what the page says of itself

QUOTE = "signed for by 242\r\n  builders and"


def _piece(database, people, **more):
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports", **more}
    return claim, do(database, evidence.add, claim.id, by=people.reviewer, details=details)


def _take(database, piece, **site):
    with database.read() as session:
        capture = session.get_one(Capture, piece.capture_id)
    captures.take(database, Site(**({"body": NEWS.encode()} | site)), MemoryBlobs(), capture.id)
    return now(database, capture)


def test_what_the_page_says_of_itself_is_kept(database, people):
    _, piece = _piece(database, people, title="My own title")
    kept = _take(database, piece)
    assert (kept.title, kept.publisher, kept.published) == ("Bridge opens", "Eastmere Echo", "2026-03-04")
    assert now(database, piece).title == "My own title"


def test_a_title_that_has_no_room_is_cut(database, people):
    _, piece = _piece(database, people)
    body = NEWS.replace("Bridge opens", "Bridge " * 200).encode()
    assert len(_take(database, piece, body=body).title) == 500


# --- the quote


def test_the_quote_is_found_in_the_captured_text(database, people):
    claim, piece = _piece(database, people, quote=QUOTE)
    kept, found = _take(database, piece), now(database, piece)
    assert kept.text[found.quote_start : found.quote_end] == "signed for by 242 builders and"
    assert found.quote.split() == QUOTE.split() and kept.text[: found.quote_start].endswith(
        found.quote_prefix
    )
    assert found.quote_suffix.startswith(" by 40 towns")
    assert kinds(database, piece) == ["evidence.anchored"]
    assert now(database, claim).version == 2, "the ledger's own finding is no new version of the claim"


@pytest.mark.parametrize(
    "quote", ["signed for by 424 builders", "42 builders and", "The mayor was there.", None]
)
def test_what_is_not_there_or_there_twice_has_no_place(database, people, quote):
    _, piece = _piece(database, people, quote=quote)
    _take(database, piece)
    assert now(database, piece).quote_start is None and kinds(database, piece) == []


def test_finding_the_quote_makes_no_verdict_stale(database, people):
    claim, piece = _piece(database, people, quote=QUOTE)
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2, claim)
    assert now(database, claim).status == "supported"
    _take(database, piece)
    assert now(database, piece).quote_start is not None
    assert (now(database, claim).status, now(database, claim).version) == ("supported", claim.version)


def test_a_form_opened_before_the_quote_was_found_is_still_good(database, people):
    _, piece = _piece(database, people, quote=QUOTE)
    _take(database, piece)
    do(database, evidence.correct, piece.id, by=people.reviewer, version=1, details={"note": "Mine"})
    assert now(database, piece).version == 3
    with pytest.raises(Outdated):
        do(database, evidence.correct, piece.id, by=people.reviewer, version=1, details={"note": "Late"})


def test_a_corrected_quote_is_found_at_once_and_a_wrong_one_loses_its_place(database, people):
    _, piece = _piece(database, people)
    kept = _take(database, piece)

    def correct(quote: str | None):
        version = now(database, piece).version
        do(
            database,
            evidence.correct,
            piece.id,
            by=people.reviewer,
            version=version,
            details={"quote": quote},
        )
        found = now(database, piece)
        return kept.text[found.quote_start : found.quote_end] if found.quote_end else None

    assert correct("4.2 million euros") == "4.2 million euros"
    assert correct("4.3 million euros") is None
    assert correct("by 40 towns") == "by 40 towns"
    assert correct(None) is None


# --- failures, and asking again


class Broken(Site):
    """The outside is well, but we are not."""

    def fetch(self, url: str) -> Fetched:
        raise RuntimeError("out of order")


class FullDisk(MemoryBlobs):
    def put(self, body: bytes) -> str:
        raise Unavailable("The store of files does not work: no space left.")


@pytest.mark.parametrize(
    ("site", "blobs", "why"),
    [(Broken(), MemoryBlobs(), "RuntimeError"), (Site(), FullDisk(), "no space left")],
    ids=["fault", "disk"],
)
def test_a_capture_that_fails_in_whatever_way_does_not_stay_pending(database, capture, site, blobs, why):
    with pytest.raises((RuntimeError, Unavailable)):
        captures.take(database, site, blobs, capture.id)
    assert now(database, capture).state == "failed" and why in now(database, capture).error
    captures.take(database, Site(), MemoryBlobs(), capture.id)
    assert now(database, capture).state == "done"


def test_a_page_that_breaks_the_parser_is_kept_all_the_same(database, capture, monkeypatch):
    monkeypatch.setattr("claims.readers.READERS", {"text/html": "no_such_reader"})
    captures.take(database, Site(), MemoryBlobs(), capture.id)
    assert (now(database, capture).state, now(database, capture).text) == ("done", None)


def test_a_job_that_is_given_up_leaves_no_capture_waiting(database, capture):
    do(database, captures.give_up, capture_id=capture.id)
    do(database, captures.give_up, capture_id=capture.id)
    assert kinds(database, capture) == ["capture.requested", "capture.failed"]


def test_a_failed_capture_can_be_asked_for_again(database, people):
    _, piece = _piece(database, people)
    ask = partial(do, database, evidence.retry_capture, piece.id, by=people.reviewer)
    with pytest.raises(Conflict, match="being made"):
        ask()
    kept = _take(database, piece, failure="Gone.")
    ask()
    assert (now(database, kept).state, now(database, kept).error) == ("pending", None)
    assert len(waiting(database)) == 2
    assert _take(database, piece).state == "done"
    with pytest.raises(Conflict, match="kept already"):
        ask()
    assert kinds(database, kept) == [
        "capture.requested", "capture.failed", "capture.requested_again", "capture.done"
    ]  # fmt: skip


def test_evidence_without_a_capture_can_get_one(database, people):
    piece = make_evidence(database, people.reviewer, make_claim(database, people.reviewer))
    found = do(database, evidence.retry_capture, piece.id, by=people.reviewer)
    assert _take(database, found).state == "done"


def test_who_may_add_no_evidence_may_ask_for_no_capture(database, people):
    _, piece = _piece(database, people)
    with pytest.raises(Forbidden):
        do(database, evidence.retry_capture, piece.id, by=people.reader)


def waiting(database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(sa.select(Job).where(Job.name == "capture-evidence")))


def test_a_quote_that_is_put_back_by_undo_has_its_own_place_again(database, people):
    _, piece = _piece(database, people, quote="4.2 million euros")
    kept = _take(database, piece)
    first = size(database)
    change = {"quote": "by 40 towns"}
    do(database, evidence.correct, piece.id, by=people.reviewer, version=2, details=change)
    do(database, undo.undo, first, size(database) - 1, by=people.reviewer)
    found = now(database, piece)
    assert kept.text[found.quote_start : found.quote_end] == found.quote == "4.2 million euros"


# --- what was asked and answered


def test_what_was_asked_and_answered_is_kept_as_a_warc_of_its_own(database, people):
    blobs = MemoryBlobs()
    with serving() as site:
        site.redirect("/old", "/new")
        site.page("/new", PAGE)
        _, piece = _piece(database, people, url=site.url("/old"))
        fetcher = Fetcher(allow_networks=["127.0.0.0/8"], ports=[site.port])
        captures.take(database, fetcher, blobs, piece.capture_id)
    with database.read() as session:
        kept = session.get_one(Capture, piece.capture_id)
    archive = blobs.get(kept.warc_sha256)
    assert len(archive) == kept.warc_size and blobs.get(kept.sha256) == PAGE
    found = [
        (e.fields["warc-type"], e.fields["warc-target-uri"]) for e in list(entries(BytesIO(archive)))[1:]
    ]
    old, new = site.url("/old"), site.url("/new")
    assert found == [("response", old), ("request", old), ("response", new), ("request", new)]


def test_a_site_that_is_too_large_too_slow_or_gone_leaves_a_capture_that_says_so(database, people):
    with serving() as site:
        site.page("/large", b"x" * 5000)
        site.page("/gone", b"", "410 Gone")
        site.pages["/slow"] = lambda connection, _: connection.recv(1)
        fetcher = Fetcher(
            allow_networks=["127.0.0.0/8"], ports=[site.port], max_bytes=4000, timeout_seconds=0.3
        )
        claim = make_claim(database, people.reviewer)
        for path, why in (("/large", "4,000 bytes"), ("/gone", "410"), ("/slow", "0.3 seconds")):
            details = {"url": site.url(path), "stance": "supports"}
            piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
            captures.take(database, fetcher, MemoryBlobs(), piece.capture_id)
            with database.read() as session:
                kept = session.get_one(Capture, piece.capture_id)
            assert (kept.state, kept.warc_sha256) == ("failed", None) and why in kept.error


def test_the_quote_is_found_in_a_pdf(database, people):
    _, piece = _piece(database, people, quote="signed for by 242 builders")
    body = samples.pdf(["The bridge was signed for by 242 builders in March."])
    kept, found = _take(database, piece, body=body, media_type="application/pdf"), now(database, piece)
    assert (kept.media_type, kept.size) == ("application/pdf", len(body))
    assert kept.text[found.quote_start : found.quote_end] == "signed for by 242 builders"

"""Kept copies taken out by the API, the pages and the command: for a piece, a claim and an article."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask

from ledger.adapters.blobs import FolderBlobs, MemoryBlobs
from ledger.export import warc
from ledger.export.warc import entries
from ledger.models import Capture, Claim, Evidence
from ledger.services import captures, copies, evidence, spans
from tests.conftest import one_database
from tests.factories import make_claim
from tests.ledger.api.helpers import get, ok
from tests.site import NEWS, Site, look

A, B = "https://example.org/a", "https://example.org/b"


@pytest.fixture
def kept(app: Flask, database, people):
    """An article with two claims, whose two pieces of evidence have copies: one with headers, one without."""
    parts = app.extensions["ledger"]
    pieces = []
    first = make_claim(database, people.reviewer)
    second = make_claim(database, people.reviewer, "12 towns")
    for claim, url, wire in ((first, A, True), (second, B, False)):
        with database.write() as session:
            details = {"url": url, "stance": "supports"}
            piece = evidence.add(session, claim.id, by=people.reviewer, details=details)
        site = Site(NEWS.encode())
        site.wire = wire
        captures.take(database, site, parts.blobs, piece.capture_id)
        pieces.append(piece)
    with database.read() as session:
        return [session.get_one(Evidence, p.id) for p in pieces], [
            session.get_one(Capture, p.capture_id) for p in pieces
        ]


def opened(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
        return json.loads(archive.read("datapackage.json")), pages, archive.namelist()


def test_a_copy_is_taken_out_as_warc(client, people, kept):
    (with_headers, without), (capture, _) = kept
    reader = people.token("reader")
    answer = get(client, f"/evidence/{with_headers.id}/capture/warc", reader)
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{capture.id}.warc.gz"'
    found = [entry.fields["warc-type"] for entry in entries(io.BytesIO(answer.data))]
    assert found == ["warcinfo", "response", "request"]
    told = ok(get(client, f"/evidence/{with_headers.id}/capture", reader))
    assert (told["warc_sha256"], told["warc_size"]) == (capture.warc_sha256, len(answer.data))
    problem = ok(get(client, f"/evidence/{without.id}/capture/warc", reader), 404)
    assert "headers" in problem["detail"]


def test_a_piece_a_claim_and_an_article_are_taken_out_as_wacz(client, people, database, kept):
    (first, second), (one, two) = kept
    reader = people.token("reader")
    places = ok(get(client, f"/claims/{first.claim_id}", reader))["appearances"]
    for path, wanted in (
        (f"/evidence/{first.id}/capture/wacz", [one]),
        (f"/evidence/{second.id}/capture/wacz", [two]),
        (f"/claims/{first.claim_id}/evidence.wacz", [one]),
        (f"/articles/{places[0]['article_id']}/evidence.wacz", [one, two]),
    ):
        answer = get(client, path, reader)
        assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
        package, pages, names = opened(answer.data)
        assert [f"archive/{capture.id}.warc.gz" for capture in wanted] == names[: len(wanted)]
        assert [page["title"] for page in pages] == ["Bridge opens"] * len(wanted)
        assert all("4.2 million euros" in page["text"] for page in pages)
        assert [page["url"] for page in pages] == [(A if c is one else B + "?final") for c in wanted]
        assert package["mainPageUrl"] == pages[0]["url"]
        again = get(client, path, reader, if_none_match=answer.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")


def test_what_was_taken_back_is_not_among_a_claims_copies(client, people, database, kept):
    (first, _), _ = kept
    path = f"/claims/{first.claim_id}/evidence.wacz"
    with database.write() as session:
        evidence.withdraw(session, first.id, by=people.reviewer, version=first.version, reason="Wrong page.")
    assert ok(get(client, path, people.token("reader")), 404)["detail"].startswith("No copy")
    assert get(client, f"/evidence/{first.id}/capture/wacz", people.token("reader")).status_code == 200


def test_a_copy_whose_file_is_damaged_is_left_out_and_named(app, client, people, kept, settings):
    (first, _), (one, two) = kept
    reader = people.token("reader")
    article = ok(get(client, f"/claims/{first.claim_id}", reader))["appearances"][0]["article_id"]
    blobs = app.extensions["ledger"].blobs
    assert isinstance(blobs, FolderBlobs)
    file = settings.data_dir / "captures" / one.warc_sha256[:2] / one.warc_sha256[2:4] / one.warc_sha256
    file.write_bytes(b"something else")
    package, pages, _ = opened(get(client, f"/articles/{article}/evidence.wacz", reader).data)
    assert [page["url"] for page in pages] == [B + "?final"]
    assert f"Missing, as their files are gone or damaged: {A}." in package["description"]
    assert two.warc_sha256 is None


def test_nothing_is_there_to_be_taken_out_of_what_is_not_known(client, people):
    reader = people.token("reader")
    unknown = "01900000-0000-7000-8000-000000000000"
    for path in ("/evidence/{}/capture/warc", "/evidence/{}/capture/wacz", "/claims/{}/evidence.wacz"):
        assert ok(get(client, path.format(unknown), reader), 404)
    assert ok(get(client, "/articles/none/evidence.wacz", reader), 404)
    assert client.get(f"/api/v1/claims/{unknown}/evidence.wacz").status_code == 401


def test_memory_holds_one_copy_at_a_time(database, people, kept):
    opened_at_once, most = 0, 0

    class Watched(MemoryBlobs):
        def open(self, sha256: str) -> Any:
            nonlocal opened_at_once, most
            opened_at_once += 1
            most = max(most, opened_at_once)
            file = super().open(sha256)
            close = file.close

            def closed() -> None:
                nonlocal opened_at_once
                opened_at_once -= 1
                close()

            file.close = closed
            return file

    (first, _), (one, _) = kept
    assert one.warc_sha256
    with database.read() as session:
        wanted = copies.of_claim(session, first.claim_id)
    blobs = Watched()
    body = warc.of_bytes(A, b"x" * 100, "text/plain", one.fetched_at)
    name = blobs.put(body)
    twenty = [c._replace(id=str(n), warc_sha256=name) for n, c in enumerate(wanted.copies * 20)]
    made = b"".join(copies.archive(database, blobs, copies.Wanted("t", "n", twenty)))
    assert len(opened(made)[1]) == 20
    assert most == 1


def test_what_was_found_where_a_source_changed_is_among_the_copies(app, client, people, kept):
    (first, _), (one, _) = kept
    site = Site(NEWS.replace("4.2 million", "4.9 million").encode())
    site.wire = True
    look(app, first, site)
    answer = get(client, f"/claims/{first.claim_id}/evidence.wacz", people.token("reader"))
    _, pages, names = opened(answer.data)
    assert len(names) == 6 and names[0] == f"archive/{one.id}.warc.gz"
    assert ["4.2 million" in page["text"] for page in pages] == [True, False]
    assert "4.9 million" in pages[1]["text"]


@one_database
def test_a_claim_that_was_merged_is_answered_for_by_its_survivor(client, people, database, kept):
    (first, second), _ = kept
    reader = people.token("reader")
    with database.write() as session:
        stays, goes = (session.get_one(Claim, piece.claim_id) for piece in (first, second))
        spans.merge(
            session, stays.id, goes.id, by=people.reviewer, version=stays.version, other_version=goes.version
        )
    answers = [get(client, f"/claims/{id}/evidence.wacz", reader) for id in (first.claim_id, second.claim_id)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
    assert len(opened(answers[1].data)[1]) == 2

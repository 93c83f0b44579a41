"""Evidence and verdicts by the API."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.db import Database
from ledger.models import Evidence
from ledger.services import evidence
from tests.conftest import People
from tests.factories import make_article, make_claim, make_evidence, make_verdict
from tests.ledger.api.helpers import get, ok, patch, post
from tests.site import NEWS, take


@pytest.fixture
def reviewer(people: People) -> dict[str, str]:
    """A reviewer's token."""
    return people.token("reviewer")


WRONG_EVIDENCE: list[tuple[Any, str]] = [
    ({}, "#/url"),
    ({"url": "https://a.example/", "stance": "maybe"}, "#/stance"),
    ({"url": "javascript:alert(1)", "stance": "context"}, "#/url"),
    ({"url": "https://a.example/\x00", "stance": "context"}, "#/url"),
    ({"url": "https://a.example/", "stance": "context", "quote": "x" * 10_001}, "#/quote"),
    ({"url": "https://a.example/", "stance": "context", "capture_id": "x"}, "#/capture_id"),
]


def test_what_is_wrong_with_evidence_is_told(
    client: FlaskClient,
    people: People,
    reviewer: dict[str, str],
    database: Database,
    subtests: pytest.Subtests,
) -> None:
    claim = make_claim(database, people.reviewer)
    for body, pointer in WRONG_EVIDENCE:
        with subtests.test(body=body):
            problem = ok(post(client, f"/claims/{claim.id}/evidence", reviewer, body), 422)
            assert pointer in [error["pointer"] for error in problem["errors"]]


def test_a_guess_takes_no_evidence_and_no_verdict(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    article = make_article(database, people.reviewer)
    path = f"/claims/{ok(get(client, f'/articles/{article.id}/claims', reviewer))['items'][0]['id']}"
    body = {"url": "https://a.example/", "stance": "context"}
    assert ok(post(client, f"{path}/evidence", reviewer, body), 409)["code"] == "conflict"
    verdict = {"code": "unproven", "rationale": "None found."}
    assert ok(post(client, f"{path}/verdicts", reviewer, verdict, if_match='"1"'), 409)


def test_evidence_is_corrected_taken_back_and_restored_in_its_own_version(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    path = f"/evidence/{make_evidence(database, people.reviewer, claim).id}"
    tag = get(client, path, reviewer).headers["ETag"]
    assert patch(client, path, reviewer, {"note": "x"}).status_code == 428
    corrected = patch(client, path, reviewer, {"note": "The year before.", "stance": "context"}, if_match=tag)
    assert (ok(corrected)["note"], ok(corrected)["version"]) == ("The year before.", 2)
    assert ok(patch(client, path, reviewer, {"url": "https://b.example/"}, if_match='"2"'), 422)

    late = ok(post(client, f"{path}/withdraw", reviewer, {"reason": "Retracted."}, if_match=tag), 412)
    assert late["current"]["note"] == "The year before." and late["sent"] == {"reason": "Retracted."}
    gone = ok(post(client, f"{path}/withdraw", reviewer, {"reason": "Retracted."}, if_match='"2"'))
    assert (gone["withdrawn_reason"], gone["withdrawn_by"]["name"]) == ("Retracted.", "Reviewer")
    assert ok(patch(client, path, reviewer, {"note": "y"}, if_match='"3"'), 409)
    assert ok(post(client, f"{path}/restore", reviewer, if_match='"3"'))["withdrawn_at"] is None
    assert ok(get(client, f"/claims/{claim.id}/status", reviewer))["version"] == 5


def test_evidence_that_changes_under_a_verdict_makes_it_stale(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    piece = ok(get(client, f"/claims/{claim.id}", reviewer))["evidence"][0]
    ok(
        patch(
            client,
            f"/evidence/{piece['id']}",
            reviewer,
            {"quote": "424 builders"},
            if_match=f'"{piece["version"]}"',
        )
    )
    status = ok(get(client, f"/claims/{claim.id}/status", reviewer))
    assert status["status"] == "stale" and status["stale_since"].endswith("Z")


def test_a_verdict_needs_evidence_and_the_claims_version(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    path = f"/claims/{make_claim(database, people.reviewer).id}/verdicts"
    body = {"code": "supported", "rationale": "It says so."}
    assert ok(post(client, path, reviewer, body), 428)
    assert (
        ok(post(client, path, reviewer, body, if_match='"7"'), 412)["current"]["statement"] == "242 builders"
    )
    assert ok(post(client, path, reviewer, body, if_match='"1"'), 409)["errors"][0]["pointer"] == "#/code"
    assert ok(post(client, path, reviewer, {**body, "code": "true"}, if_match='"1"'), 422)
    assert ok(post(client, path, reviewer, {**body, "scale": "none"}, if_match='"1"'), 422)
    assert ok(post(client, path, reviewer, {"code": "unproven"}, if_match='"1"'), 422)
    assert (
        ok(post(client, path, reviewer, {**body, "code": "unproven"}, if_match='"1"'), 201)["number"] is None
    )


def test_a_scale_of_ones_own_words_takes_a_sentence(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    scale = next(s for s in ok(get(client, "/scales", reviewer))["items"] if s["own_words"])
    assert ok(get(client, f"/scales/{scale['id']}", reviewer)) == scale
    claim = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, claim)
    body = {"scale": scale["id"], "code": scale["ratings"][0]["code"], "rationale": "It says so."}
    assert ok(post(client, f"/claims/{claim.id}/verdicts", reviewer, body, if_match='"2"'), 422)
    told = {**body, "label": "This is right, but old."}
    verdict = ok(post(client, f"/claims/{claim.id}/verdicts", reviewer, told, if_match='"2"'), 201)
    assert verdict["label"] == "This is right, but old."


def test_a_signature_is_for_what_was_seen(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    _, verdict = make_verdict(database, people.reviewer)
    second, path = people.token("reviewer2"), f"/verdicts/{verdict.id}"
    assert ok(post(client, f"{path}/sign", second, {"digest": "short"}), 422)
    seen = ok(post(client, f"{path}/sign", second, {"digest": "0" * 64}), 412)
    assert seen["current"]["digest"] == verdict.digest
    assert (
        ok(post(client, f"{path}/sign", second, {"digest": verdict.digest, "note": "Fine."}))["state"]
        == "settled"
    )
    assert ok(post(client, f"{path}/sign", second, {"digest": verdict.digest}), 409)


def test_an_editor_may_sign_alone_and_says_why(
    client: FlaskClient, people: People, database: Database
) -> None:
    _, verdict = make_verdict(database, people.editor)
    path, editor = f"/verdicts/{verdict.id}/sign", people.token("editor")
    assert ok(post(client, path, editor, {"digest": verdict.digest}), 403)
    alone = {"digest": verdict.digest, "override": True}
    narrow = people.token("editor", "verdicts:sign", "ledger:read")
    assert ok(post(client, path, narrow, {**alone, "note": "x"}), 403)
    assert ok(post(client, path, editor, alone), 422)["errors"][0]["pointer"] == "#/note"
    assert ok(post(client, path, editor, {**alone, "override": "yes", "note": "x"}), 422)
    signed = ok(post(client, path, editor, {**alone, "note": "Nobody else is in today."}))
    assert signed["signatures"][0]["capacity"] == "override"


def test_a_verdict_is_sent_back_with_a_reason(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim, verdict = make_verdict(database, people.reviewer)
    second, path = people.token("reviewer2"), f"/verdicts/{verdict.id}"
    assert (
        ok(post(client, f"{path}/send-back", second, {"reason": "   "}), 422)["errors"][0]["pointer"]
        == "#/reason"
    )
    back = ok(post(client, f"{path}/send-back", second, {"reason": "Another bridge."}))
    assert (back["state"], back["sent_back_by"]["name"]) == ("sent_back", "Reviewer2")
    assert ok(get(client, path, reviewer))["sent_back_reason"] == "Another bridge."
    assert ok(get(client, f"/claims/{claim.id}/status", reviewer))["status"] == "checking"


@pytest.fixture
def piece(app: Flask, database: Database, people: People) -> Evidence:
    """Evidence with a quote, and a copy of the page that has it."""
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports", "quote": "4.2 million euros"}
    with database.write() as session:
        made = evidence.add(session, claim.id, by=people.reviewer, details=details)
    take(app, made, NEWS)
    return made


def test_a_capture_is_shown_with_its_text_and_its_bytes(
    client: FlaskClient, people: People, piece: Evidence
) -> None:
    reader = people.token("reader")
    path = f"/evidence/{piece.id}"
    capture = ok(get(client, f"{path}/capture", reader))
    assert (capture["title"], capture["publisher"], capture["published"], capture["state"]) == (
        "Bridge opens", "Eastmere Echo", "2026-03-04", "done",
    )  # fmt: skip
    text = ok(get(client, f"{path}/capture/text", reader))["text"]
    shown = ok(get(client, path, reader))
    assert shown["title"] is None, "what the page says of itself is not what the reviewer says of it"
    assert text[shown["quote_start"] : shown["quote_end"]] == "4.2 million euros"

    download = get(client, f"{path}/capture/bytes", reader)
    assert download.data == NEWS.encode()
    assert download.headers["Content-Disposition"] == f'attachment; filename="{capture["sha256"]}.html"'
    assert download.headers["Content-Type"] == "application/octet-stream"
    assert download.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert download.headers["X-Content-Type-Options"] == "nosniff"


def test_a_capture_is_asked_for_again(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database, piece: Evidence
) -> None:
    path = f"/evidence/{piece.id}/capture"
    assert (
        ok(post(client, f"{path}/retry", reviewer), 409)["detail"] == "A copy of this page is kept already."
    )
    bare = make_evidence(database, people.reviewer, make_claim(database, people.reviewer, "12 towns"))
    path = f"/evidence/{bare.id}/capture"
    for part in ("", "/text", "/bytes"):
        assert ok(get(client, f"{path}{part}", reviewer), 404)
    assert ok(post(client, f"{path}/retry", people.token("reader")), 403)
    asked = post(client, f"{path}/retry", reviewer)
    assert ok(asked, 202)["capture"]["state"] == "pending"
    assert asked.headers["Location"].endswith(f"/evidence/{bare.id}")
    assert ok(get(client, f"{path}/text", reviewer), 404) and ok(get(client, f"{path}/bytes", reviewer), 404)

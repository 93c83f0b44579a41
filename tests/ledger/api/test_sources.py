"""Sources that are looked at again, by the API."""

import pytest
from sqlmodel import select

from ledger.models import Job
from ledger.services import archiving, evidence
from tests.factories import make_claim, make_verdict
from tests.ledger.api.helpers import V1, everything, get, ok, post
from tests.ledger.services.desk import do
from tests.site import Site, look, take

PAGE = (
    "<html><body><article><p>The first.</p><p>The bridge was signed for by 242 builders in May.</p><p>%s</p>"
)
PAGE += "".join(f"<p>Paragraph number {n} says nothing of the bridge at all.</p>" for n in range(9))


@pytest.fixture
def piece(app, database, people):
    """Evidence of a settled claim, with a copy of its page."""
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports", "quote": "242 builders"}
    piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    take(app, piece, PAGE % "Printed in March.")
    make_verdict(database, people.reviewer, people.editor, claim)
    return piece


def test_a_source_that_changed_is_listed_shown_compared_and_seen(app, client, people, piece):
    who = people.token("reviewer")
    assert ok(get(client, f"/evidence/{piece.id}/source", who))["evidence"]["condition"] is None
    look(app, piece, Site((PAGE % "Printed in April.").replace("242", "424").encode()))
    [listed] = everything(client, "/sources", who)
    assert (listed["id"], listed["condition"], listed["seen_at"]) == (piece.id, "changed", None)
    shown = ok(get(client, f"/evidence/{piece.id}/source", who))
    assert (shown["quote_stood"], shown["quote_stands"], shown["under_way"]) == (True, False, False)
    assert shown["look"]["outcome"] == "changed" and shown["found"]["state"] == "done"
    assert shown["archiving"] is None
    told = ok(get(client, f"/evidence/{piece.id}/source/changes", who))
    kinds = [paragraph["kind"] for paragraph in told["paragraphs"]]
    assert (
        kinds == ["same", "changed", "changed", "same", "left_out"] and told["paragraphs"][-1]["count"] == 8
    )
    pieces = [p for paragraph in told["paragraphs"] for p in paragraph["pieces"] if p["kind"] != "same"]
    assert [(p["kind"], p["text"].strip()) for p in pieces] == [
        ("out", "242"), ("in", "424"), ("out", "March"), ("in", "April"),
    ]  # fmt: skip
    claim = ok(get(client, f"/claims/{piece.claim_id}", who))
    assert claim["status"] == "stale" and "A source changed" in claim["stale_reasons"][0]
    path, version = f"/evidence/{piece.id}/source/fits", f'"{listed["version"]}"'
    assert ok(post(client, path, who, {"note": "It is the same."}), 428)
    assert ok(post(client, path, who, {}, if_match=version), 422)
    assert ok(post(client, path, people.token("reader"), {"note": "x"}, if_match=version), 403)
    seen = ok(post(client, path, who, {"note": "Another bridge."}, if_match=version))
    assert (seen["seen_note"], seen["seen_by"]["id"]) == ("Another bridge.", people.reviewer.account_id)
    assert ok(get(client, f"/claims/{piece.claim_id}", who))["status"] == "supported"
    assert everything(client, "/sources", who) == []
    assert [one["id"] for one in everything(client, "/sources?seen=true", who)] == [piece.id]
    conflict = ok(post(client, path, who, {"note": "x"}, if_match=version), 412)
    assert conflict["current"]["seen_note"] == "Another bridge."


def test_the_list_goes_on_page_by_page(app, client, people, database, piece):
    who = people.token("reviewer")
    look(app, piece, Site((PAGE % "Printed in April.").encode()))
    for n in range(2):
        claim = make_claim(database, people.reviewer, ("40 towns", "12 towns")[n])
        details = {"url": f"https://example.org/{n}", "stance": "supports"}
        other = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
        take(app, other, PAGE % "Printed in March.")
        look(app, other, Site((PAGE % "Printed in April.").encode()))
    assert len({one["id"] for one in everything(client, "/sources?limit=1", who)}) == 3


def test_a_look_is_asked_for_once(client, people, database, piece):
    who = people.token("reviewer")
    for _ in range(2):
        assert ok(post(client, f"/evidence/{piece.id}/source/look", who), 202)["under_way"]
    with database.read() as session:
        names = list(session.exec(select(Job.name)))
    assert names.count("look-again") == 1
    assert ok(post(client, f"/evidence/{piece.id}/source/look", people.token("reader")), 403)


def test_the_archive_is_asked_only_where_there_are_keys(client, people, database, piece):
    path = f"/evidence/{piece.id}/source/archive"
    assert "LEDGER_WAYBACK_KEY" in ok(post(client, path, people.token("reviewer")), 409)["detail"]
    do(database, archiving.ask, piece.id, by=people.reviewer, on=True)
    shown = ok(get(client, f"/evidence/{piece.id}/source", people.token("reader")))
    assert (shown["archiving"]["state"], shown["archiving"]["asked"]) == ("waiting", 0)


def test_a_link_without_a_copy_has_nothing_to_be_compared_with(client, people, database):
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports"}
    piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details, capture=False)
    who = people.token("reviewer")
    assert ok(get(client, f"/evidence/{piece.id}/source/changes", who))["paragraphs"] == []
    assert ok(post(client, f"/evidence/{piece.id}/source/look", who), 409)
    assert ok(post(client, f"/evidence/{piece.id}/source/fits", who, {"note": "x"}, if_match='"1"'), 409)
    assert client.get(f"{V1}/evidence/nothing/source", headers=who).status_code == 404

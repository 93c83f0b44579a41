"""ledger watch and ledger evidence: looking again, from a terminal, at a real site."""

import pytest

from ledger.app import make_parts
from ledger.services import articles, captures, evidence
from ledger.settings import Settings
from tests.factories import make_claim
from tests.ledger.adapters.sites import fetcher, serving
from tests.ledger.services.desk import do, now

PAGE = (
    b"<html><body><article><h1>Bridge</h1><p>The bridge was signed for by 242 builders, the mayor said.</p>%s"
)


@pytest.fixture
def site(environment, monkeypatch):
    with serving() as site:
        site.page("/robots.txt", status="404 Not Found")
        site.page("/a", PAGE % b"")
        for name, value in {
            "FETCH": "true",
            "FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
            "FETCH_PORTS": str(site.port),
            "POLITE_SECONDS": "0.1",
        }.items():
            monkeypatch.setenv(f"LEDGER_{name}", value)
        yield site


def test_an_article_is_watched_and_looked_at(ledger, database, people, site):
    draft = articles.prepare_url(fetcher(site), site.url("/a"))
    id = do(database, articles.add, draft, by=people.admin).article.id
    assert "No article is watched" in ledger("watch", "list").out
    refused = ledger("watch", "look", id)
    assert refused.code == 1 and "not watched" in refused.out
    assert ledger("watch", "set", id, "hour").code == 0
    assert ledger("watch", "look", id).out.strip().endswith("same")
    site.page("/a", PAGE % b"<p>More is to come in the evening, it was said at the bridge.</p>")
    again = ledger("watch", "look", id)
    while "not before" in again.out:
        again = ledger("watch", "look", id)
    assert "revised" in again.out and again.code == 0
    assert f"{id}  hour revised" in ledger("watch", "list").out
    assert ledger("watch", "look", "--due").out == ""
    assert ledger("watch", "set", id, "off").code == 0
    assert ledger("watch", "set", id, "often").code == 2 and ledger("watch", "look").code == 2


def test_sources_are_looked_at_and_those_that_changed_are_listed(ledger, database, people, site):
    claim = make_claim(database, people.reviewer)
    details = {"url": site.url("/a"), "stance": "supports", "quote": "242 builders"}
    piece = do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    parts = make_parts(Settings(_env_file=None))
    captures.take(parts.database, parts.fetcher, parts.blobs, str(piece.capture_id))
    parts.database.dispose()
    same = ledger("evidence", "check", piece.id)
    assert (same.code, same.out.split()[0]) == (0, "same"), same.err
    assert ledger("evidence", "changed").out.strip() == "None."
    site.page("/a", (PAGE % b"").replace(b"242", b"424"))
    changed = ledger("evidence", "check", "--all")
    while changed.out.startswith("later"):
        changed = ledger("evidence", "check", "--all")
    assert changed.code == 1 and changed.out.startswith("changed")
    assert now(database, piece).condition == "changed"
    listed = ledger("evidence", "changed").out
    assert piece.id in listed and "does not stand" in listed
    assert ledger("evidence", "check").code == 2
    assert ledger("evidence", "check", "nothing").code == 1

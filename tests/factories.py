"""Articles, claims and verdicts for tests, made through the services as everything else is."""

from typing import Any

from ledger.adapters.blobs import MemoryBlobs
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.models import Article, Claim, Desk, Evidence, Verdict
from ledger.services import articles, captures, claims, desks, evidence, verdicts
from tests.site import Site

TEXT = """Council opens new bridge

By Jo Writer

The council opened a bridge on Monday. It cost 4.2 million euros and was paid for by 12 towns.

“We signed with 242 builders,” the mayor said. More than 40 towns had asked for money in 2024.
"""


def make_article(
    database: Database, by: Identity, text: str = TEXT, *, floor: float = 0.5, **details: Any
) -> Article:
    """An article with the candidates found in it that are worth `floor` or more; with 1.0, hardly any."""
    draft = articles.prepare(text, floor=floor)
    with database.write() as session:
        return articles.add(session, draft, by=by, details=details).article


def make_desk(database: Database, by: Identity, name: str = "Health", threshold: float = 0.5) -> Desk:
    """A desk beside the default one."""
    with database.write() as session:
        return desks.add(session, by=by, name=name, threshold=threshold)


def make_claim(
    database: Database, by: Identity, words: str = "242 builders", text: str = TEXT, **more: Any
) -> Claim:
    """An accepted claim on the first place of `words` in an article."""
    article = make_article(database, by, text)
    draft = articles.prepare(text)
    start = draft.document.text.index(words)
    with database.write() as session:
        return claims.add(
            session, article.id, by=by, start=start, end=start + len(words), exact=words, **more
        )


def make_evidence(database: Database, by: Identity, claim: Claim, **details: Any) -> Evidence:
    """A piece of evidence, without a capture."""
    wanted = {"url": "https://example.org/source", "stance": "supports", "quote": "242 builders", **details}
    with database.write() as session:
        return evidence.add(session, claim.id, by=by, details=wanted, capture=False)


def make_verdict(
    database: Database,
    proposer: Identity,
    signer: Identity | None = None,
    claim: Claim | None = None,
    code: str = "supported",
) -> tuple[Claim, Verdict]:
    """A verdict on a claim with evidence: proposed, and settled if there is a signer."""
    claim = claim or make_claim(database, proposer)
    make_evidence(database, proposer, claim)
    policy = verdicts.Policy()
    with database.write() as session:
        found = session.get_one(Claim, claim.id)
        verdict = verdicts.propose(
            session,
            claim.id,
            by=proposer,
            version=found.version,
            code=code,
            rationale="It says so.",
            policy=policy,
        )
    if signer is not None:
        with database.write() as session:
            verdict = verdicts.sign(session, verdict.id, by=signer, digest_seen=verdict.digest, policy=policy)
    with database.read() as session:
        return session.get_one(Claim, claim.id), verdict


def make_capture(database: Database, by: Identity, piece: Evidence, text: str) -> None:
    """A copy of what a piece of evidence links to: a page of plain text."""
    with database.write() as session:
        asked = evidence.retry_capture(session, piece.id, by=by)
    captures.take(database, Site(text.encode(), "text/plain"), MemoryBlobs(), str(asked.capture_id))

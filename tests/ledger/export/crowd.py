"""Many claims at once, put straight into the tables: too many to go through the services in a test."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.ids import new_id
from ledger.models import Appearance, Article, Claim, Evidence, Revision, Signature, Verdict

_SENTENCE = "More than 242 developers signed the open letter of the towns. "
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 1000


def make_crowd(
    database: Database, by: Identity, signer: Identity, number: int, *, in_article: int = 20
) -> None:
    """`number` claims over articles of `in_article` each; two pieces of evidence for each, and a
    settled verdict for every second one."""
    with database.write() as session:
        connection = session.connection()
        for first in range(0, number, _BATCH):
            rows: dict[Any, list[dict[str, Any]]] = {}
            for start in range(first, min(first + _BATCH, number), in_article):
                for model, row in _article(
                    start, min(in_article, number - start), by.account, signer.account
                ):
                    rows.setdefault(model, []).append(row)
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for model in (Article, Revision, Claim, Appearance, Evidence, Verdict, Signature):
                if model is Article and not database.is_sqlite:
                    connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
                connection.execute(sa.insert(model.__table__), rows.get(model, []))


def _article(start: int, number: int, by: str, signer: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    at = _BEGAN + timedelta(seconds=start)
    text = f"Article {start}. " + _SENTENCE * number
    article, revision, sha256 = new_id(), new_id(), hashlib.sha256(text.encode()).hexdigest()
    yield Article, {
        "id": article, "version": 1, "title": f"Article, with a comma, {start}", "direction": "ltr",
        "source": "text", "media_type": "text/plain", "revision_id": revision, "first_sha256": sha256,
        "url": f"https://example.org/articles/{start}", "created_at": at, "created_by": by, "updated_at": at,
    }  # fmt: skip
    yield Revision, {
        "id": revision, "article_id": article, "number": 1, "text": text, "length": len(text),
        "sha256": sha256, "blocks": [], "created_at": at, "created_by": by,
    }  # fmt: skip
    head = len(text) - len(_SENTENCE) * number
    for place in range(number):
        begin = head + place * len(_SENTENCE)
        yield from _claim(at, article, revision, begin, start + place, by, signer)


def _claim(
    at: datetime, article: str, revision: str, begin: int, place: int, by: str, signer: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    claim, verdict = new_id(), new_id() if place % 2 else None
    exact = _SENTENCE.strip()
    yield Claim, {
        "id": claim, "version": 1, "statement": exact, "kind": "quantity", "origin": "person",
        "triage": "accepted", "status": "supported" if verdict else "unchecked", "verdict_id": verdict,
        "score": 0.75, "reasons": ["a number", "somebody is named"], "created_at": at, "created_by": by,
        "updated_at": at,
    }  # fmt: skip
    yield Appearance, {
        "id": new_id(), "version": 1, "claim_id": claim, "article_id": article, "revision_id": revision,
        "start": begin, "end": begin + len(exact), "exact": exact, "prefix": "before ", "suffix": " after",
        "fate": "same", "quoted": False,
    }  # fmt: skip
    for stance in ("supports", "context"):
        yield Evidence, {
            "id": new_id(), "version": 1, "claim_id": claim, "url": f"https://example.org/{place}/{stance}",
            "stance": stance, "quote": "signed by 242 developers", "added_at": at, "added_by": by,
        }  # fmt: skip
    if verdict:
        yield Verdict, {
            "id": verdict, "version": 2, "claim_id": claim, "scale": "ledger", "scale_version": 1,
            "code": "supported", "label": "Supported", "number": 5.0, "status_word": "supported",
            "rationale": "Both sources say so.", "state": "settled", "digest": "0" * 64,
            "proposed_at": at, "proposed_by": by, "settled_at": at,
        }  # fmt: skip
        yield Signature, {
            "id": new_id(), "verdict_id": verdict, "proposer_id": by, "account_id": signer,
            "capacity": "second", "digest": "0" * 64, "signed_at": at,
        }  # fmt: skip

"""Claims for an export: in batches, each with what belongs to its claims fetched at once.

A hot path: plain rows and no objects, so that a hundred thousand claims take seconds and memory
stays the same at any number of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger.models import Account, Appearance, Article, Claim, Evidence, Revision, Signature, Verdict
from ledger.store.claims import Filters, narrowed
from ledger.store.records import page

# The first rows come at once, so that whoever waits sees something; later ones in larger batches.
_FIRST, _BATCH = 50, 500


@dataclass(frozen=True, slots=True)
class Exported:
    """One claim as an export has it; each part is a row with the columns asked for below."""

    claim: Any
    place: Any | None
    verdict: Any | None
    signatures: list[Any]
    evidence: list[Any]


def names(session: Session) -> dict[str, str]:
    """The names of all accounts, by id."""
    return {id: name for id, name in session.execute(sa.select(Account.id, Account.name))}  # type: ignore[call-overload]


def count(session: Session, filters: Filters) -> int:
    """How many claims there are."""
    found: int = session.execute(narrowed(sa.select(sa.func.count(col(Claim.id))), filters)).scalar_one()
    return found


def claims(session: Session, filters: Filters) -> Iterator[Exported]:
    """Claims newest first, with their first appearance, verdict in force, signatures and evidence."""
    query = narrowed(
        sa.select(
            *_columns(Claim, "claimant_cue", "origin", "detector", "triage", "dismissed_reason"),
            col(Claim.created_at).label("key_0"),
            col(Claim.id).label("key_1"),
        ),
        filters,
    )
    after, limit = None, _FIRST
    while True:
        rows, after = page(session, query, col(Claim.created_at), col(Claim.id), after=after, limit=limit)
        yield from _completed(session, rows)
        if after is None:
            return
        limit = _BATCH


def _columns(model: Any, *left_out: str) -> list[Any]:
    return [column for column in model.__table__.columns if column.key not in left_out]


def _completed(session: Session, rows: list[Any]) -> Iterator[Exported]:
    if not rows:
        return
    ids = [row.id for row in rows]
    places = _first_places(session, ids)
    verdicts = _verdicts(session, [row.verdict_id for row in rows if row.verdict_id])
    signatures = _grouped(
        session,
        sa.select(Signature.verdict_id, Signature.account_id, Signature.capacity, Signature.note)  # type: ignore[call-overload]
        .where(col(Signature.verdict_id).in_(list(verdicts)))
        .order_by(col(Signature.id)),
    )
    evidence = _grouped(
        session,
        sa.select(Evidence.claim_id, Evidence.stance, Evidence.url, Evidence.quote)  # type: ignore[call-overload]
        .where(col(Evidence.claim_id).in_(ids), col(Evidence.withdrawn_at).is_(None))
        .order_by(col(Evidence.id)),
    )
    for row in rows:
        yield Exported(
            claim=row,
            place=places.get(row.id),
            verdict=verdicts.get(row.verdict_id),
            signatures=signatures.get(row.verdict_id, []),
            evidence=evidence.get(row.id, []),
        )


def _first_places(session: Session, ids: list[str]) -> dict[str, Any]:
    """Each claim's first appearance with its article, and how many appearances it has."""
    first = (
        sa.select(sa.func.min(col(Appearance.id)).label("id"), sa.func.count().label("appearances"))
        .where(col(Appearance.claim_id).in_(ids))
        .group_by(col(Appearance.claim_id))
        .subquery()
    )
    query = (
        sa.select(
            *_columns(Appearance, "id", "version", "fate", "quoted"),
            first.c.appearances,
            col(Article.title),
            col(Article.url),
            col(Revision.number),
        )
        .join(first, first.c.id == col(Appearance.id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .join(Revision, col(Revision.id) == col(Appearance.revision_id))
    )
    return {row.claim_id: row for row in session.execute(query)}


def _verdicts(session: Session, ids: list[str]) -> dict[str, Any]:
    if not ids:
        return {}
    query = sa.select(*_columns(Verdict)).where(col(Verdict.id).in_(ids))
    return {row.id: row for row in session.execute(query)}


def _grouped(session: Session, query: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(row)
    return found

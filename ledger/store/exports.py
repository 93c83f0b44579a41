"""Claims for an export: one statement that the database answers row by row.

A hot path: cells are put together by the database as far as it can, and read through a cursor as
plain values, so that a hundred thousand claims take seconds and memory stays the same for any number.
"""

from collections.abc import Generator
from contextlib import closing
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from ledger.models import Account, Appearance, Article, Claim, Evidence, Revision, Signature, Verdict
from ledger.store.claims import Filters, narrowed

_FETCHED = 200


def count(session: Session, filters: Filters) -> int:
    """How many claims there are."""
    found: int = session.execute(
        narrowed(session, sa.select(sa.func.count(col(Claim.id))), filters)
    ).scalar_one()
    return found


def claims(session: Session, filters: Filters) -> Generator[Any, None, None]:
    """Claims newest first, each a row of cells by the names that export/csv.py gives its columns.

    Times are ISO 8601 texts, lists of words JSON texts; everything else is as the tables have it.
    """
    connection = session.connection()
    query = narrowed(session, _query(connection.dialect.name == "sqlite"), filters)
    query = query.order_by(col(Claim.created_at).desc(), col(Claim.id).desc())
    with closing(connection.execution_options(yield_per=_FETCHED).execute(query)) as found:
        yield from found


def _query(sqlite: bool) -> Any:
    # Of any type, as the checker takes a comparison of two of SQLModel's columns for a bool.
    place: Any = aliased(Appearance)
    proposer: Any = aliased(Account)
    assignee: Any = aliased(Account)
    of_claim = sa.select(sa.func.min(Appearance.id)).where(col(Appearance.claim_id) == col(Claim.id))

    def when(moment: Any) -> Any:
        if sqlite:
            text = sa.type_coerce(moment, sa.Text)
            return sa.func.substr(text, 1, 10) + "T" + sa.func.substr(text, 12, 8) + "Z"
        return sa.func.to_char(sa.func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')

    def json(column: Any) -> Any:
        return sa.type_coerce(column, sa.Text) if sqlite else sa.cast(column, sa.Text)

    cells = {
        "claim_id": col(Claim.id),
        "version": col(Claim.version),
        "status": col(Claim.status),
        "statement": col(Claim.statement),
        "kind": col(Claim.kind),
        "score": col(Claim.score),
        "reasons": json(Claim.reasons),
        "claimant": col(Claim.claimant),
        "span_text": place.exact,
        "start": place.start,
        "end": place.end,
        "prefix": place.prefix,
        "suffix": place.suffix,
        "appearances": _number(Appearance.claim_id),
        "article_id": place.article_id,
        "article_title": col(Article.title),
        "article_url": col(Article.url),
        "revision": col(Revision.number),
        "verdict_label": col(Verdict.label),
        "verdict_code": col(Verdict.code),
        "verdict_scale": col(Verdict.scale) + "/" + sa.cast(col(Verdict.scale_version), sa.Text),
        "verdict_number": col(Verdict.number),
        "rationale": col(Verdict.rationale),
        "override": _override(),
        "proposed_by": proposer.name,
        "signed_by": _joined(_signers(), sqlite),
        "settled_at": when(Verdict.settled_at),
        "stale_since": when(Claim.stale_since),
        "stale_reasons": json(Claim.stale_reasons),
        "withdrawn_at": when(Claim.withdrawn_at),
        "withdrawn_note": col(Claim.withdrawn_note),
        "evidence_count": _number(Evidence.claim_id, col(Evidence.withdrawn_at).is_(None)),
        "evidence": _joined(_pieces(), sqlite),
        "assignee": assignee.name,
        "created_at": when(Claim.created_at),
        "updated_at": when(Claim.updated_at),
        "permalink": sa.null(),
        "tags": json(Claim.tags),
        "due_at": when(Article.due_at),
    }
    return (
        sa.select(*(cell.label(name) for name, cell in cells.items()))
        .select_from(Claim)
        .outerjoin(place, place.id == of_claim.scalar_subquery())
        .outerjoin(Article, col(Article.id) == place.article_id)
        .outerjoin(Revision, col(Revision.id) == place.revision_id)
        .outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))
        .outerjoin(proposer, proposer.id == col(Verdict.proposed_by))
        .outerjoin(assignee, assignee.id == col(Claim.assignee_id))
    )


def _number(claim_id: Any, *where: Any) -> Any:
    return sa.select(sa.func.count()).where(col(claim_id) == col(Claim.id), *where).scalar_subquery()


def _override() -> Any:
    signed = col(Signature.verdict_id) == col(Claim.verdict_id)
    alone = col(Signature.capacity) == "override"
    return sa.select(col(Signature.note)).where(signed, alone).limit(1).scalar_subquery()


def _signers() -> Any:
    return (
        sa.select(col(Account.name).label("line"), col(Signature.id).label("place"))
        .join(Account, col(Account.id) == col(Signature.account_id))
        .where(col(Signature.verdict_id) == col(Claim.verdict_id))
    )


def _pieces() -> Any:
    quote = sa.func.coalesce(" — " + col(Evidence.quote), "")
    return sa.select(
        (col(Evidence.stance) + " " + col(Evidence.url) + quote).label("line"),
        col(Evidence.id).label("place"),
    ).where(col(Evidence.claim_id) == col(Claim.id), col(Evidence.withdrawn_at).is_(None))


def _joined(lines: Any, sqlite: bool) -> Any:
    """The lines of a query about one claim in one cell, in the order of their ids."""
    ordered = lines.correlate(Claim).order_by(sa.text("place")).subquery()
    if sqlite:
        return sa.select(sa.func.group_concat(ordered.c.line, "\n")).scalar_subquery()
    from sqlalchemy.dialects.postgresql import aggregate_order_by

    sorted_lines = aggregate_order_by(sa.literal("\n"), ordered.c.place)
    return sa.select(sa.func.string_agg(ordered.c.line, sorted_lines)).scalar_subquery()

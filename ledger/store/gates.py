"""Gate policies by name and version, and what the gate looks at: an article's claims with their verdicts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import DEFAULT_POLICY, Appearance, Claim, GatePolicy, Signature, Status, Verdict

DEFAULT_ID = "00000000-0000-7000-8000-000000000001"


def default_policy() -> GatePolicy:
    """The policy of every ledger before anybody changed it: no row yet, and so of version 0.

    Nothing that is a claim goes out unchecked, refuted, misleading or in dispute; guesses do not block.
    """
    passes = [str(Status.SUPPORTED), str(Status.DISMISSED), str(Status.WITHDRAWN)]
    return GatePolicy(id=DEFAULT_ID, version=0, name=DEFAULT_POLICY, passes=passes)


def named(session: Session, name: str) -> GatePolicy | None:
    """The policy of that name as it stands."""
    found = session.exec(select(GatePolicy).where(GatePolicy.name == name)).first()
    if found is None and name == DEFAULT_POLICY and session.get(GatePolicy, DEFAULT_ID) is None:
        return default_policy()
    return found


def every(session: Session) -> list[GatePolicy]:
    """All policies by name, with the one that is there from the beginning."""
    rows = list(session.exec(select(GatePolicy).order_by(GatePolicy.name)))
    first = [] if any(row.id == DEFAULT_ID for row in rows) else [default_policy()]
    return sorted([*first, *rows], key=lambda policy: policy.name)


def claims(session: Session, article_id: str) -> list[Any]:
    """The claims of an article, as `claims_of` gives those of several."""
    return claims_of(session, [article_id])[article_id]


def claims_of(session: Session, article_ids: Sequence[str]) -> dict[str, list[Any]]:
    """The claims of each of these articles in reading order, each once, with what a policy may ask of it. One
    query. What an article was found to say no more does not count.

    `signatures` counts those under the verdict in force; `settled_at` is when that was settled.
    """
    signed = (
        sa.select(sa.func.count())
        .where(col(Signature.verdict_id) == col(Claim.verdict_id))
        .correlate(Claim)
        .scalar_subquery()
    )
    query = (
        sa.select(  # type: ignore[call-overload]
            Claim.id, Claim.status, Claim.kind, Claim.score, Claim.stale_since,
            Claim.stale_reasons,
            Appearance.exact, Appearance.start, Appearance.end,
            Verdict.label, Verdict.settled_at, signed.label("signatures"), Appearance.article_id,
        )
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))
        .where(col(Appearance.article_id).in_(article_ids), col(Appearance.cut_at).is_(None))
        .order_by(col(Appearance.start), col(Appearance.end).desc(), col(Claim.id))
    )  # fmt: skip
    found: dict[str, list[Any]] = {id: [] for id in article_ids}
    for row in session.execute(query).unique(lambda row: (row.article_id, row.id)):
        found[row.article_id].append(row)
    return found

"""Claims as a change set looks at them, and the sets that wait for a person."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Account, ChangeSet, ChangeSetRow, Claim
from ledger.store import exports

_AT_ONCE = 500


class Standing(NamedTuple):
    """A claim as it stands, in those columns that a file may change."""

    id: str
    version: int
    statement: str
    kind: str
    claimant: str | None
    tags: list[str] | None
    status: str
    assignee_id: str | None
    assignee: str | None


def standing(session: Session, ids: Iterable[str]) -> dict[str, Standing]:
    """These claims as they stand, by id; those that there are."""
    wanted, found = list(dict.fromkeys(ids)), {}
    query = sa.select(
        *(col(getattr(Claim, name)) for name in Standing._fields[:-1]), col(Account.name)
    ).outerjoin(Account, col(Account.id) == col(Claim.assignee_id))
    for start in range(0, len(wanted), _AT_ONCE):
        some = query.where(col(Claim.id).in_(wanted[start : start + _AT_ONCE]))
        found.update({row[0]: Standing(*row) for row in session.execute(some)})
    return found


def exported(session: Session, ids: Sequence[str], *, base_url: str, raw: bool) -> dict[str, list[str]]:
    """The cells of these claims, at most some thousand, exactly as an export writes them, by id."""
    lines = exports.lines_of(session, ids, base_url=base_url, guarded=not raw)
    return {row[0]: row for row in csv.reader(lines)}


def people(session: Session) -> list[Account]:
    """All accounts, to know them by name."""
    return list(session.exec(select(Account)))


def kept(session: Session, since: datetime, limit: int) -> list[ChangeSet]:
    """The sets that came in since, newest first."""
    query = select(ChangeSet).where(col(ChangeSet.created_at) >= since)
    return list(session.exec(query.order_by(col(ChangeSet.created_at).desc()).limit(limit)))


def rows(
    session: Session, id: str
) -> list[tuple[int, str | None, int, list[dict[str, Any]], list[dict[str, Any]]]]:
    """The rows of a set in the file's order: number, claim, version, edits, refusals."""
    table = ChangeSetRow
    query = sa.select(
        col(table.number), col(table.claim_id), col(table.version), col(table.edits), col(table.refusals)
    ).where(col(table.set_id) == id)
    return [tuple(row) for row in session.execute(query.order_by(col(table.number)))]


def forget(session: Session, before: datetime) -> None:
    """Remove the sets that came in before."""
    old = sa.select(col(ChangeSet.id)).where(col(ChangeSet.created_at) < before)
    session.execute(sa.delete(ChangeSetRow).where(col(ChangeSetRow.set_id).in_(old)))
    session.execute(sa.delete(ChangeSet).where(col(ChangeSet.created_at) < before))

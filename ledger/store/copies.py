"""The copies that are kept of sources: of a piece of evidence, a claim, an article, or any claims."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger.models import Capture, CaptureState, Claim, Evidence
from ledger.store.claims import Filters, narrowed


class Copy(NamedTuple):
    """A capture that is done, without its text; `warc_sha256` is None where no headers were kept."""

    id: str
    url: str
    final_url: str | None
    title: str | None
    sha256: str
    media_type: str | None
    fetched_at: datetime
    warc_sha256: str | None


_COLUMNS = [col(getattr(Capture, name)) for name in Copy._fields]


def one(session: Session, capture_id: str | None) -> list[Copy]:
    """The copy of this id, if it is there."""
    return _copies(session, col(Capture.id) == capture_id)


def of_claims(session: Session, filters: Filters) -> list[Copy]:
    """The copies of all evidence in force for claims narrowed so, oldest first; and of what was found there
    when a source had changed."""
    claims = narrowed(session, sa.select(col(Claim.id)), filters)
    evidence = sa.and_(col(Evidence.claim_id).in_(claims), col(Evidence.withdrawn_at).is_(None))
    ids = (sa.select(column).where(evidence) for column in (col(Evidence.capture_id), col(Evidence.found_id)))
    return _copies(session, col(Capture.id).in_(sa.union_all(*ids)))


def text(session: Session, capture_id: str) -> str | None:
    """The captured text, whole."""
    found: str | None = session.execute(
        sa.select(col(Capture.text)).where(col(Capture.id) == capture_id)
    ).scalar()
    return found


def _copies(session: Session, where: sa.ColumnElement[bool]) -> list[Copy]:
    query = sa.select(*_COLUMNS).where(where, col(Capture.state) == CaptureState.DONE)
    return [Copy(*row) for row in session.execute(query.order_by(col(Capture.id)))]

"""Saved views."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import SavedView


def visible(session: Session, account_id: str | None, lists: str | None = None) -> list[SavedView]:
    """The views that a person sees, their own first, each by name."""
    query = select(SavedView).where(
        col(SavedView.removed_at).is_(None),
        sa.or_(col(SavedView.created_by) == account_id, col(SavedView.shared)),
    )
    if lists is not None:
        query = query.where(SavedView.lists == lists)
    found = list(session.exec(query.order_by(SavedView.name, col(SavedView.id))))
    return sorted(found, key=lambda view: view.created_by != account_id)

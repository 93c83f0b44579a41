"""Desks: whose articles are whose, and from which check-worthiness on a guess is shown to people."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, moment

DEFAULT_DESK = "00000000-0000-7000-8000-000000000000"
"""The desk of every article that names none. It is there before it is a row: see store/desks.py."""
DEFAULT_THRESHOLD = 0.5


class Desk(Record, table=True):
    """People who check articles together, by rules of their own."""

    __tablename__ = "desk"
    __table_args__ = (
        sa.CheckConstraint("threshold >= 0 AND threshold <= 1", name="threshold_range"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.UniqueConstraint("name"),
    )

    id: str = id_field(description="The desk's id.")
    version: int = Field(default=1, description="Counts the changes of the desk; edits name it.")
    name: str = Field(max_length=100, min_length=1, description="The desk's name.")
    threshold: float = Field(
        default=DEFAULT_THRESHOLD,
        description="Check-worthiness, 0 to 1, from which a candidate is shown. What lies below is kept.",
    )
    carry_harmless: bool | None = Field(
        default=None,
        description="Whether a check is kept where only spelling, quotes or spaces of its words changed.",
    )
    updated_at: datetime | None = moment(nullable=True, description="When it last changed.")

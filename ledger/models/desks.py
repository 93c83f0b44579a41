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
        sa.CheckConstraint("signatures IN ('one', 'two')", name="signatures_known"),
        sa.CheckConstraint("min_evidence BETWEEN 1 AND 5", name="min_evidence_range"),
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
    signatures: str | None = Field(
        default=None,
        max_length=3,
        description="How many people a verdict takes, one or two; null as the ledger's settings say.",
    )
    min_evidence: int | None = Field(
        default=None,
        description="Pieces of evidence that a verdict rests on; null as the ledger's settings say.",
    )
    independent_evidence: bool | None = Field(
        default=None, description="Whether evidence must come from two different sites at least."
    )
    blind: bool | None = Field(
        default=None,
        description="Whether the second reader rates before seeing what the first one said.",
    )
    updated_at: datetime | None = moment(nullable=True, description="When it last changed.")

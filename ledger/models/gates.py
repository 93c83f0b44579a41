"""The rules by which the gate says whether a text may be published."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, json, moment

DEFAULT_POLICY = "standard"
"""The policy that every ledger begins with; it is there before it is a row: see store/gates.py."""


class GatePolicy(Record, table=True):
    """What claims must have come to before a text goes out. Its versions stay in the log."""

    __tablename__ = "gate_policy"
    __table_args__ = (
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("candidates_from IS NULL OR (candidates_from BETWEEN 0 AND 1)", name="share"),
        sa.CheckConstraint("signatures BETWEEN 0 AND 10", name="signatures_range"),
        sa.CheckConstraint("max_age_days IS NULL OR max_age_days BETWEEN 1 AND 36500", name="age_range"),
        sa.UniqueConstraint("name"),
    )

    id: str = id_field(description="The policy's id.")
    version: int = Field(default=1, description="Counts the changes of the policy; edits name it.")
    name: str = Field(max_length=60, min_length=1, description="The name that a gate is asked with.")
    passes: list[str] = json(description="The statuses that let a claim through.")
    kinds: list[str] | None = json(
        nullable=True,
        default=None,
        description="Only claims of these kinds must be checked; null means all kinds.",
    )
    candidates_from: float | None = Field(
        default=None,
        description="Check-worthiness, 0 to 1, from which a candidate that nobody has sorted blocks; "
        "null lets all candidates through.",
    )
    signatures: int = Field(
        default=0, description="Signatures that a settled verdict must have, beside its proposal."
    )
    max_age_days: int | None = Field(
        default=None, description="How many days old a verdict may be; null means any age."
    )
    updated_at: datetime | None = moment(nullable=True, description="When it last changed.")

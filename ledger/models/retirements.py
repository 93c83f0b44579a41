"""Versions of scales that are in use no more."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, link, moment


class ScaleRetirement(Record, table=True):
    """A version of a scale that somebody retired: what was settled on it has to be looked at again."""

    __tablename__ = "scale_retirement"
    __table_args__ = (
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint(
            "(reinstated_at IS NULL) = (reinstated_by IS NULL)", name="reinstated_by_somebody"
        ),
        sa.Index(
            "uq_scale_retirement_standing",
            "scale",
            "scale_version",
            unique=True,
            sqlite_where=sa.text("reinstated_at IS NULL"),
            postgresql_where=sa.text("reinstated_at IS NULL"),
        ),
    )

    id: str = id_field(description="The retirement's id.")
    version: int = Field(default=1, description="Counts the changes of the retirement.")
    scale: str = Field(max_length=40, description="Id of the scale.")
    scale_version: int = Field(description="The version that is retired.")
    reason: str = Field(sa_type=sa.Text, min_length=1, description="Why, for those who look again.")
    retired_at: datetime = moment(description="When.")
    retired_by: str = link("account.id", description="Who retired it.")
    reinstated_at: datetime | None = moment(nullable=True, description="When it was taken into use again.")
    reinstated_by: str | None = link("account.id", nullable=True, description="Who took it into use again.")

"""What people say to each other about a claim."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, json, link, moment


class Comment(Record, table=True):
    """One remark in the discussion of a claim; taken back, it stays in the log and leaves the page."""

    __tablename__ = "comment"
    __table_args__ = (
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"),
        sa.Index("ix_comment_claim_id", "claim_id", "id"),
    )

    id: str = id_field(description="The comment's id; ids sort by time.")
    version: int = Field(default=1, description="Counts the changes of the comment; edits name it.")
    claim_id: str = link("claim.id", description="The claim that it is about.")
    text: str = Field(sa_type=sa.Text, min_length=1, description="What was said.")
    mentions: list[str] = json(default_factory=list, description="Ids of the accounts that it names by @.")
    added_at: datetime = moment(description="When it was said.")
    added_by: str = link("account.id", description="Who said it.")
    edited_at: datetime | None = moment(nullable=True, description="When its words last changed.")
    resolved_at: datetime | None = moment(nullable=True, description="When it was settled.")
    resolved_by: str | None = link("account.id", nullable=True, description="Who settled it.")
    removed_at: datetime | None = moment(nullable=True, description="When it was taken back.")

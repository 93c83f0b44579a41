"""What was answered to a write, in case it is sent once more. Not in the log: the write itself is."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import moment


class KeptAnswer(SQLModel, table=True):
    """The answer to a write that came with an Idempotency-Key; forgotten after a day."""

    __tablename__ = "kept_answer"
    __table_args__ = (sa.Index("ix_kept_answer_created_at", "created_at"),)

    actor: str = Field(primary_key=True, max_length=60)
    key: str = Field(primary_key=True, max_length=255)
    # Of method, address and body: a key stands for one write and no other.
    digest: str = Field(max_length=64)
    status: int
    body: bytes = Field(sa_type=sa.LargeBinary)
    etag: str | None = Field(default=None, max_length=100)
    location: str | None = Field(default=None, max_length=500)
    created_at: datetime = moment()

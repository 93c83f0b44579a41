"""Work to be done after a change, promised in the same transaction. Not in the log."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import id_field, json, moment, one_of


class JobState(enum.StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    """One piece of work; the queue only carries its id, this row is the truth."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        sa.CheckConstraint("attempts >= 0", name="attempts_counted"),
        sa.Index("ix_job_state_due_at", "state", "due_at"),
        sa.Index("ix_job_about", "about"),
    )

    id: str = id_field()
    name: str = Field(max_length=60)
    # The record that it is about, where somebody may ask how far it is.
    about: str | None = Field(default=None, max_length=36)
    arguments: dict[str, Any] = json()
    result: dict[str, Any] | None = json(nullable=True, default=None)
    state: str = Field(default="queued", max_length=10)
    attempts: int = Field(default=0)
    # Queued: not before. Running: its lease ends then, and the sweep gives it to another worker.
    due_at: datetime = moment()
    error: str | None = Field(default=None, max_length=2000)
    created_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)

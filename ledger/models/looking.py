"""Looking again at addresses: what is due, what came of it, and when a site wants to be asked next.

None of it is in the log: what a look finds out about a piece of evidence, or an article, stands there and
has its event. These tables say only what the ledger is at, and can be made anew.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import id_field, link, moment, one_of


class LookOutcome(enum.StrEnum):
    """What came of looking at a source again."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"


class WatchOutcome(enum.StrEnum):
    """What came of fetching an article again."""

    SAME = "same"
    REVISED = "revised"
    UNLIKE = "unlike"
    FAILED = "failed"


class ArchivingState(enum.StrEnum):
    """How far the Wayback Machine is with a copy; `unknown` is what its time-outs mean."""

    WAITING = "waiting"
    ASKED = "asked"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"


class Host(SQLModel, table=True):
    """A site that we ask on our own: when it may be asked next, and its robots.txt."""

    __tablename__ = "host"

    # As in an address, with a port that is not the usual one.
    name: str = Field(primary_key=True, max_length=300)
    next_at: datetime = moment()
    # Answers one after another that asked us to come back later, or none at all.
    failures: int = Field(default=0)
    # Seconds between two requests that its robots.txt asks for.
    crawl_delay: float | None = Field(default=None)
    # The rules as they were sent; empty: everything is allowed; none while nobody could read them.
    robots: str | None = Field(default=None, sa_type=sa.Text)
    robots_until: datetime | None = moment(nullable=True)


class Look(SQLModel, table=True):
    """The address of some evidence, which is looked at again and again."""

    __tablename__ = "look"
    __table_args__ = (
        one_of("outcome", LookOutcome),
        sa.UniqueConstraint("url"),
        sa.Index("ix_look_due_at", "due_at"),
        sa.CheckConstraint("strikes BETWEEN 0 AND 3", name="strikes_counted"),
    )

    id: str = id_field(description="The look's id.")
    url: str = Field(max_length=2000, description="The address that is looked at.")
    due_at: datetime = moment(description="When it is looked at next.")
    checked_at: datetime | None = moment(nullable=True, description="When it was last looked at.")
    outcome: str | None = Field(
        default=None, max_length=10, description="What came of it: same, changed, gone or unknown."
    )
    problem: str | None = Field(default=None, max_length=500, description="Why nothing was found out.")
    strikes: int = Field(default=0, description="Looks one after another, at least a day apart, that failed.")
    struck_at: datetime | None = moment(nullable=True, description="When the last of them was.")
    # What to ask by, so that an unchanged page need not be sent.
    etag: str | None = Field(default=None, max_length=500)
    modified: str | None = Field(default=None, max_length=100)
    answered_url: str | None = Field(default=None, max_length=4096)


class Watch(SQLModel, table=True):
    """How the watch of an article's address does; whether there is one, the article says."""

    __tablename__ = "watch"
    __table_args__ = (
        one_of("outcome", WatchOutcome),
        sa.Index("ix_watch_due_at", "due_at"),
    )

    article_id: str = Field(
        primary_key=True, foreign_key="article.id", max_length=36, description="The article."
    )
    due_at: datetime | None = moment(nullable=True, description="When it is fetched next.")
    checked_at: datetime | None = moment(nullable=True, description="When it was last fetched.")
    outcome: str | None = Field(
        default=None, max_length=10, description="What came of it: same, revised, unlike or failed."
    )
    problem: str | None = Field(default=None, max_length=500, description="Why there is no new text.")
    failures: int = Field(default=0, description="Failures one after another.")
    revision_id: str | None = link(
        "revision.id", nullable=True, description="The newest text that it brought in."
    )
    etag: str | None = Field(default=None, max_length=500)
    modified: str | None = Field(default=None, max_length=100)
    answered_url: str | None = Field(default=None, max_length=4096)


class Archiving(SQLModel, table=True):
    """A captured address that is handed over to the Wayback Machine."""

    __tablename__ = "archiving"
    __table_args__ = (
        one_of("state", ArchivingState),
        sa.Index("ix_archiving_due_at", "due_at"),
    )

    capture_id: str = Field(
        primary_key=True, foreign_key="capture.id", max_length=36, description="The capture."
    )
    url: str = Field(max_length=2000, description="The address.")
    state: str = Field(
        default="waiting", max_length=10, description="waiting, asked, unknown, done or failed."
    )
    asked_at: datetime | None = moment(nullable=True, description="When it was last handed over.")
    asked: int = Field(default=0, description="How often it was handed over.")
    # Looks since then whether there is a copy, or answers that it is not ready.
    looks: int = Field(default=0)
    due_at: datetime | None = moment(nullable=True, description="When the next step is due.")
    job_id: str | None = Field(default=None, max_length=200)
    problem: str | None = Field(default=None, max_length=500, description="What the archive said last.")

"""Evidence and the captures of what it links to."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, link, moment, one_of


class Stance(enum.StrEnum):
    """How a piece of evidence bears on its claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class Condition(enum.StrEnum):
    """What became of a source since it was captured; one that is as it was has none."""

    CHANGED = "changed"
    DEAD = "dead"


class CaptureState(enum.StrEnum):
    """How far a capture has come; it never holds anything else up."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


def _among(name: str, *columns: str, where: str) -> sa.Index:
    """An index of some rows only."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Evidence(Record, table=True):
    """A link to something that bears on a claim, with its own quote."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("stance", Stance),
        one_of("condition", Condition),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("condition IS NULL OR condition_at IS NOT NULL", name="condition_has_time"),
        sa.CheckConstraint("seen_at IS NULL OR condition IS NOT NULL", name="seen_is_a_condition"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"
        ),
        sa.CheckConstraint(
            "quote_start IS NULL OR (quote_start >= 0 AND quote_end > quote_start AND quote IS NOT NULL)",
            name="quote_span",
        ),
        sa.Index("ix_evidence_claim_id", "claim_id", "id"),
        # Only what has a capture is looked at again; an import of many thousand links needs no index.
        _among("ix_evidence_url", "url", where="capture_id IS NOT NULL"),
        _among("ix_evidence_condition", "condition_at", "id", where="condition IS NOT NULL"),
    )

    id: str = id_field(description="The evidence's id.")
    version: int = Field(default=1, description="Counts the changes of this piece; edits name it.")
    claim_id: str = link("claim.id", description="The claim that it bears on.")
    url: str = Field(max_length=2000, min_length=8, description="Where it is: an http or https address.")
    stance: str = Field(max_length=10, description="supports, refutes or context.")
    quote: str | None = Field(default=None, sa_type=sa.Text, description="The words that count, verbatim.")
    quote_prefix: str | None = Field(
        default=None, max_length=64, description="Up to 32 characters before them."
    )
    quote_suffix: str | None = Field(
        default=None, max_length=64, description="Up to 32 characters after them."
    )
    quote_start: int | None = Field(default=None, description="Offset of the quote in the captured text.")
    quote_end: int | None = Field(default=None, description="Offset after the quote in the captured text.")
    title: str | None = Field(default=None, max_length=500, description="Title of the source.")
    publisher: str | None = Field(default=None, max_length=200, description="Who published it.")
    published: str | None = Field(
        default=None, max_length=40, description="When: 2026, 2026-11-23 or with a time."
    )
    note: str | None = Field(
        default=None, max_length=4000, description="What it shows, in the reviewer's words."
    )
    capture_id: str | None = link("capture.id", nullable=True, description="The capture of it.")
    added_at: datetime = moment(description="When it was added.")
    added_by: str = link("account.id", description="Who added it.")
    withdrawn_at: datetime | None = moment(nullable=True, description="When it was taken back.")
    withdrawn_by: str | None = link("account.id", nullable=True, description="Who took it back.")
    withdrawn_reason: str | None = Field(default=None, max_length=1000, description="Why it was taken back.")
    condition: str | None = Field(
        default=None, max_length=10, description="changed or dead; null while the source is as it was."
    )
    condition_at: datetime | None = moment(nullable=True, description="Since when it is known to be so.")
    condition_why: str | None = Field(default=None, max_length=500, description="What was found there.")
    found_id: str | None = link(
        "capture.id", nullable=True, description="The capture of what the source holds since it changed."
    )
    seen_at: datetime | None = moment(
        nullable=True, description="When somebody looked at that and said that the evidence still fits."
    )
    seen_by: str | None = link("account.id", nullable=True, description="Who said so.")
    seen_note: str | None = Field(default=None, max_length=1000, description="Why it still fits.")


class Capture(Record, table=True):
    """What an address held at one time: bytes kept by their hash, and the text in them."""

    __tablename__ = "capture"
    __table_args__ = (
        one_of("state", CaptureState),
        sa.CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", name="done_has_bytes"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.Index("ix_capture_sha256", "sha256"),
    )

    id: str = id_field(description="The capture's id.")
    version: int = Field(default=1, description="Counts the changes of the capture.")
    url: str = Field(max_length=2000, description="The address that was asked for.")
    final_url: str | None = Field(default=None, max_length=2000, description="The address that answered.")
    state: str = Field(default="pending", max_length=10, description="pending, done or failed.")
    sha256: str | None = Field(default=None, max_length=64, description="SHA-256 of the bytes.")
    size: int | None = Field(default=None, description="Number of bytes.")
    media_type: str | None = Field(default=None, max_length=100, description="Media type of the bytes.")
    text: str | None = Field(
        default=None, sa_type=sa.Text, description="The text in them, where there is one."
    )
    title: str | None = Field(default=None, max_length=500, description="The title that it gives itself.")
    publisher: str | None = Field(default=None, max_length=200, description="The publisher that it names.")
    published: str | None = Field(
        default=None, max_length=40, description="The date that it names: 2026, 2026-11-23 or with a time."
    )
    error: str | None = Field(default=None, max_length=1000, description="Why it failed.")
    requested_at: datetime = moment(description="When it was asked for.")
    fetched_at: datetime | None = moment(nullable=True, description="When the address answered.")
    warc_sha256: str | None = Field(
        default=None,
        max_length=64,
        description="SHA-256 of the WARC of what was asked and answered; null where headers were not kept.",
    )
    warc_size: int | None = Field(default=None, description="Number of bytes of that WARC.")
    archived_url: str | None = Field(
        default=None,
        max_length=2100,
        description="The copy in the Wayback Machine, if there is one.",
    )
    archived_at: datetime | None = moment(nullable=True, description="When that copy was made.")

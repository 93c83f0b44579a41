"""Verdicts and the signatures under them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import Record, id_field, json, link, moment, one_of


class VerdictState(enum.StrEnum):
    """Where a verdict stands; none is ever overwritten."""

    PROPOSED = "proposed"
    SETTLED = "settled"
    SENT_BACK = "sent_back"
    SUPERSEDED = "superseded"


class Capacity(enum.StrEnum):
    """In what capacity somebody signed."""

    SECOND = "second"
    SOLE = "sole"
    OVERRIDE = "override"


RATING_STATUSES = ("supported", "misleading", "refuted", "disputed", "unproven")
SEALED = "sealed"
"""What stands for code and status in a verdict that is sealed until its second reader has rated too."""


class Verdict(Record, table=True):
    """A rating of a claim with its reasoning."""

    __tablename__ = "verdict"
    __table_args__ = (
        one_of("state", VerdictState),
        one_of("status_word", (*RATING_STATUSES, SEALED)),
        sa.UniqueConstraint("claim_id", "id"),
        sa.UniqueConstraint("id", "proposed_by"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("state <> 'settled' OR status_word <> 'sealed'", name="settled_is_open"),
        sa.CheckConstraint("length(digest) = 64", name="digest_length"),
        sa.CheckConstraint("state <> 'settled' OR settled_at IS NOT NULL", name="settled_has_time"),
        sa.CheckConstraint(
            "state <> 'sent_back' OR sent_back_reason IS NOT NULL", name="sent_back_has_reason"
        ),
        sa.Index("ix_verdict_claim_id", "claim_id", "id"),
        # SQLite looks for rows that refer to a new verdict, whenever a reference is still to be met.
        sa.Index("ix_verdict_renews", "renews"),
        # Feeds and insights look at a stretch of time.
        sa.Index("ix_verdict_settled_at", "settled_at"),
        sa.Index("ix_verdict_proposed_at", "proposed_at"),
        sa.Index(
            "ix_verdict_sent_back_at",
            "sent_back_at",
            sqlite_where=sa.text("sent_back_at IS NOT NULL"),
            postgresql_where=sa.text("sent_back_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_verdict_second_at",
            "second_at",
            sqlite_where=sa.text("second_at IS NOT NULL"),
            postgresql_where=sa.text("second_at IS NOT NULL"),
        ),
        # At most one verdict of a claim waits or counts.
        sa.Index(
            "uq_verdict_proposed",
            "claim_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
        sa.Index(
            "uq_verdict_settled",
            "claim_id",
            unique=True,
            sqlite_where=sa.text("state = 'settled'"),
            postgresql_where=sa.text("state = 'settled'"),
        ),
    )

    id: str = id_field(description="The verdict's id.")
    version: int = Field(default=1, description="Counts the changes of the verdict.")
    claim_id: str = link("claim.id", description="The claim.")
    scale: str = Field(max_length=40, description="Id of the scale.")
    scale_version: int = Field(description="Version of the scale.")
    code: str = Field(max_length=60, description="The rating's code on that scale.")
    label: str = Field(max_length=500, description="The rating's words.")
    number: float | None = Field(
        default=None, description="The rating's number; none where the scale gives none."
    )
    status_word: str = Field(max_length=12, description="The status that a claim has once this is settled.")
    rationale: str = Field(sa_type=sa.Text, min_length=1, description="The reasoning, for the reader.")
    state: str = Field(max_length=12, description="proposed, settled, sent_back or superseded.")
    digest: str = Field(
        max_length=64, description="SHA-256 of what the verdict is about; signatures bind to it."
    )
    proposed_at: datetime = moment(description="When it was proposed.")
    proposed_by: str = link("account.id", description="Who proposed it.")
    settled_at: datetime | None = moment(nullable=True, description="When it was settled.")
    sent_back_at: datetime | None = moment(nullable=True, description="When it was sent back.")
    sent_back_by: str | None = link("account.id", nullable=True, description="Who sent it back.")
    sent_back_reason: str | None = Field(default=None, max_length=4000, description="Why it was sent back.")
    spans: list[dict[str, Any]] | None = json(
        nullable=True, default=None, description="The places of its claim, as they are signed."
    )
    renews: str | None = link(
        "verdict.id", nullable=True, description="The verdict that this one says still holds."
    )
    sent_back_code: str | None = Field(
        default=None, max_length=60, description="The rating that the second reader would give instead."
    )
    seal: str | None = Field(
        default=None,
        max_length=80,
        description="Of a blind rating: salted hash of rating and rationale, which nobody else sees before.",
    )
    seal_salt: str | None = Field(
        default=None, max_length=64, description="The salt, once the second reader's rating is in."
    )
    second_code: str | None = Field(
        default=None, max_length=60, description="The rating that the second reader gave blind."
    )
    second_label: str | None = Field(default=None, max_length=500, description="That rating's words.")
    second_rationale: str | None = Field(
        default=None, sa_type=sa.Text, description="The second reader's own reasoning."
    )
    second_at: datetime | None = moment(nullable=True, description="When the second reader rated.")
    second_by: str | None = link("account.id", nullable=True, description="Who rated second.")
    retired_at: datetime | None = moment(
        nullable=True, description="When the scale's version was retired, if that was after the proposal."
    )
    correction: str | None = Field(
        default=None,
        sa_type=sa.Text,
        description="Why it took the place of the verdict that readers were told before; public.",
    )

    @property
    def sealed(self) -> bool:
        """Whether rating and rationale are still kept from everybody but the proposer."""
        return self.seal is not None and self.seal_salt is None

    @property
    def parted(self) -> bool:
        """Whether two readers rated blind and differ: an editor decides."""
        return self.second_code is not None and self.second_code != self.code


class Signature(Record, table=True):
    """One person's signature under a verdict, bound to the digest that they saw."""

    __tablename__ = "signature"
    __table_args__ = (
        one_of("capacity", Capacity),
        sa.UniqueConstraint("verdict_id", "account_id"),
        # The proposer stands in the row so that the database itself can refuse them as second reader.
        sa.ForeignKeyConstraint(
            ["verdict_id", "proposer_id"], ["verdict.id", "verdict.proposed_by"], name="fk_signature_verdict"
        ),
        sa.CheckConstraint("capacity <> 'second' OR account_id <> proposer_id", name="second_is_another"),
        sa.CheckConstraint("capacity <> 'override' OR note IS NOT NULL", name="override_has_note"),
        sa.CheckConstraint("length(digest) = 64", name="digest_length"),
        sa.Index("ix_signature_signed_at", "signed_at"),
    )

    id: str = id_field(description="The signature's id.")
    verdict_id: str = Field(max_length=36, description="The verdict.")
    proposer_id: str = Field(max_length=36, description="Who proposed that verdict.")
    account_id: str = link("account.id", description="Who signed.")
    capacity: str = Field(max_length=10, description="second, sole or override.")
    digest: str = Field(max_length=64, description="The digest that was signed.")
    note: str | None = Field(default=None, max_length=4000, description="The signer's note.")
    signed_at: datetime = moment(description="When.")


class SealedRating(SQLModel, table=True):
    """What a sealed verdict says: kept beside the log, which has its hash, until the second rating is in."""

    __tablename__ = "sealed_rating"

    verdict_id: str = Field(primary_key=True, foreign_key="verdict.id", max_length=36)
    salt: str = Field(max_length=64)
    content: dict[str, Any] = json()

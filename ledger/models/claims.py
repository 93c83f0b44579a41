"""Claims, where they appear, and their quantities."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from claims import Kind
from ledger.models.base import Record, id_field, json, link, moment, one_of


class Triage(enum.StrEnum):
    """What people made of a claim: a candidate is a guess until somebody accepts or dismisses it."""

    CANDIDATE = "candidate"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Status(enum.StrEnum):
    """The one word that a look-up answers with; services/statuses.py derives it."""

    CANDIDATE = "candidate"
    DISMISSED = "dismissed"
    UNCHECKED = "unchecked"
    CHECKING = "checking"
    PROPOSED = "proposed"
    SUPPORTED = "supported"
    MISLEADING = "misleading"
    REFUTED = "refuted"
    DISPUTED = "disputed"
    UNPROVEN = "unproven"
    STALE = "stale"
    WITHDRAWN = "withdrawn"


class Fate(enum.StrEnum):
    """What became of an appearance's words in the article's current revision."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


_WORTH = "coalesce(score, -1.0)"


class Claim(Record, table=True):
    """One checkable statement."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("triage", Triage),
        one_of("status", Status),
        one_of("origin", ("detector", "person")),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_range"),
        sa.CheckConstraint("triage = 'accepted' OR verdict_id IS NULL", name="guess_has_no_verdict"),
        sa.CheckConstraint("triage = 'accepted' OR assignee_id IS NULL", name="guess_has_no_assignee"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_note IS NULL)", name="withdrawn_with_note"),
        sa.CheckConstraint("(stale_since IS NULL) = (stale_reasons IS NULL)", name="stale_with_reasons"),
        sa.CheckConstraint("stale_since IS NULL OR verdict_id IS NOT NULL", name="stale_has_verdict"),
        sa.CheckConstraint("merged_into IS NULL OR triage = 'dismissed'", name="merged_is_put_aside"),
        sa.ForeignKeyConstraint(
            ["id", "verdict_id"],
            ["verdict.claim_id", "verdict.id"],
            name="fk_claim_verdict",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.Index("ix_claim_status_updated_at", "status", "updated_at", "id"),
        sa.Index("ix_claim_created_at", "created_at", "id"),
        # A page of the claims of one status, newest first: without it a million of them are sorted.
        sa.Index("ix_claim_status_created_at", "status", "created_at", "id"),
        sa.Index("ix_claim_updated_at", "updated_at", "id"),
        sa.Index("ix_claim_assignee_id", "assignee_id", "status"),
        sa.Index("ix_claim_merged_into", "merged_into"),
        # SQLite looks for rows that refer to a new claim, whenever a reference is still to be met.
        sa.Index("ix_claim_split_from", "split_from"),
        # Pages by worth, of all and of one status; the expression is CLAIM_WORTH's.
        sa.Index("ix_claim_worth", sa.text(_WORTH), "id"),
        sa.Index("ix_claim_status_worth", "status", sa.text(_WORTH), "id"),
        sa.Index(
            "ix_claim_tagged",
            "id",
            sqlite_where=sa.text("tags IS NOT NULL"),
            postgresql_where=sa.text("tags IS NOT NULL"),
        ),
        sa.Index(
            "ix_claim_stale_since",
            "stale_since",
            sqlite_where=sa.text("stale_since IS NOT NULL"),
            postgresql_where=sa.text("stale_since IS NOT NULL"),
        ),
    )

    id: str = id_field(description="The claim's id; ids sort by time.")
    version: int = Field(default=1, description="Counts the changes of the claim; edits name it.")
    statement: str = Field(
        max_length=2000, min_length=3, description="The claim, put so that it can be read alone."
    )
    kind: str = Field(default="other", max_length=20, description="What kind of statement it is.")
    language: str | None = Field(
        default=None, max_length=35, description="Language tag (BCP 47), where known."
    )
    claimant: str | None = Field(
        default=None, max_length=300, description="Who is said to have made the claim."
    )
    claimant_cue: str | None = Field(
        default=None, max_length=100, description='The words that say so: "said".'
    )
    origin: str = Field(max_length=10, description="Who found it: detector or person.")
    detector: str | None = Field(default=None, max_length=60, description="Name and version of the detector.")
    score: float | None = Field(default=None, description="Check-worthiness, 0 to 1: a machine's guess.")
    reasons: list[str] = json(
        default_factory=list, description="Why it was thought worth checking, in words."
    )
    triage: str = Field(max_length=10, description="candidate, accepted or dismissed.")
    dismissed_reason: str | None = Field(default=None, max_length=1000, description="Why it was dismissed.")
    assignee_id: str | None = link("account.id", nullable=True, description="Who has it.")
    verdict_id: str | None = Field(default=None, max_length=36, description="The verdict that counts now.")
    stale_since: datetime | None = moment(
        nullable=True, description="Since when its settled verdict no longer fits."
    )
    stale_reasons: list[str] | None = json(
        nullable=True, default=None, description="What changed under the settled verdict."
    )
    withdrawn_at: datetime | None = moment(nullable=True, description="When it was withdrawn.")
    withdrawn_by: str | None = link("account.id", nullable=True, description="Who withdrew it.")
    withdrawn_note: str | None = Field(default=None, max_length=4000, description="The public note why.")
    tags: list[str] | None = json(nullable=True, default=None, description="Words that the desk sorts by.")
    merged_into: str | None = link(
        "claim.id", nullable=True, description="The claim that took this one in: look there."
    )
    split_from: str | None = link("claim.id", nullable=True, description="The claim that this was part of.")
    status: str = Field(max_length=12, description="The one word that a look-up answers with.")
    created_at: datetime = moment(description="When it was found.")
    created_by: str | None = link(
        "account.id", nullable=True, description="Who added it; none for a detector."
    )
    updated_at: datetime = moment(description="When it last changed.")


_claim: Any = Claim
CLAIM_WORTH: Any = sa.func.coalesce(_claim.__table__.c.score, sa.literal_column("-1.0"), type_=sa.Float)
"""A claim's check-worthiness; what people added comes last, as nobody has guessed at it.

Written as in the indexes, with nothing to be bound: only so do the databases see that they fit.
"""


class Appearance(Record, table=True):
    """Where a claim stands: the source span in one revision of an article, as W3C selectors."""

    __tablename__ = "appearance"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["article_id", "revision_id"],
            ["revision.article_id", "revision.id"],
            name="fk_appearance_revision",
        ),
        sa.CheckConstraint('start >= 0 AND "end" > start', name="span_forward"),
        sa.CheckConstraint('length(exact) = "end" - start', name="span_length"),
        one_of("fate", Fate),
        sa.UniqueConstraint("claim_id", "revision_id", "start", "end"),
        sa.CheckConstraint("cut_at IS NULL OR fate NOT IN ('same', 'moved')", name="cut_stands_nowhere"),
        sa.Index("ix_appearance_article_id", "article_id", "start"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
    )

    id: str = id_field(description="The appearance's id.")
    version: int = Field(default=1, description="Counts the changes of the appearance.")
    claim_id: str = link("claim.id", description="The claim.")
    article_id: str = link("article.id", description="The article.")
    revision_id: str = Field(max_length=36, description="The revision that the offsets count in.")
    start: int = Field(description="Offset of the first character, in Unicode code points.")
    end: int = Field(description="Offset after the last character.")
    exact: str = Field(sa_type=sa.Text, description="The words, verbatim.")
    prefix: str = Field(max_length=64, description="Up to 32 characters before them.")
    suffix: str = Field(max_length=64, description="Up to 32 characters after them.")
    fate: str = Field(
        default="same", max_length=10, description="What became of them in the current revision."
    )
    quoted: bool = Field(default=False, description="Whether the words stand inside a quotation.")
    placed_at: datetime | None = moment(
        nullable=True, description="When a person last said where it stands; none since it was made."
    )
    placed_by: str | None = link("account.id", nullable=True, description="Who said so.")
    cut_at: datetime | None = moment(
        nullable=True, description="When a person confirmed that the article says this no more."
    )
    cut_by: str | None = link("account.id", nullable=True, description="Who confirmed it.")


class Quantity(Record, table=True):
    """A number that a claim states."""

    __tablename__ = "quantity"
    __table_args__ = (sa.UniqueConstraint("claim_id", "position"),)

    id: str = id_field(description="The quantity's id.")
    claim_id: str = link("claim.id", description="The claim.")
    position: int = Field(description="Its place among the claim's quantities, from 0.")
    words: str = Field(max_length=300, description="The words that state it.")
    value: str | None = Field(default=None, max_length=60, description="The value, as a decimal number.")
    high: str | None = Field(default=None, max_length=60, description="The upper end, where it is a range.")
    unit: str | None = Field(default=None, max_length=100, description="What is counted or measured.")
    modifier: str | None = Field(default=None, max_length=60, description='Such as "more than".')
    date: str | None = Field(default=None, max_length=60, description="The date, where it is one.")
    gone_at: datetime | None = moment(
        nullable=True, description="When the claim's words ceased to state it; none while they do."
    )


def quantity_values(quantity: Any) -> dict[str, Any]:
    """The columns of a `claims.Quantity` as this table names them.

    A value that has no room is left out: cut short, it would be another number.
    """
    room = {"value": 60, "high": 60, "unit": 100, "modifier": 60, "date": 60}
    values = {name: getattr(quantity, name) for name in room}
    fitting = {name: value if len(value or "") <= room[name] else None for name, value in values.items()}
    return {"words": quantity.text[:300], **fitting}

"""The log: one row for each change, in order."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import json, moment

CORRECTING = (
    "kind IN ('verdict.signed', 'verdict.overridden', 'verdict.decided', 'verdict.renewed', "
    "'claim.withdrawn', 'claim.reopened', 'claim.dismissed', 'claim.merged_away', 'claim.undone', "
    "'claim.redone')"
)
"""Which events may change what readers were told; feeds of corrections look at no others."""


class Event(SQLModel, table=True):
    """One change, as recorded; docs/eventlog.md tells the format."""

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("stream", "version"),
        sa.CheckConstraint("seq >= 0", name="seq_from_zero"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("length(leaf_hash) = 64", name="leaf_hash_length"),
        sa.CheckConstraint("(patch IS NULL) = (salt IS NULL)", name="redacted_wholly"),
        sa.Index(
            "ix_event_correcting",
            "seq",
            sqlite_where=sa.text(CORRECTING),
            postgresql_where=sa.text(CORRECTING),
        ),
    )

    # The place in the log. Two writers can't take the same one: the key refuses it.
    seq: int = Field(
        primary_key=True,
        sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
        description="Place in the log, from 0.",
    )
    id: str = Field(max_length=36, description="The event's id.")
    stream: str = Field(max_length=60, description="What it is about, such as claim:ID.")
    version: int = Field(description="Place in its stream, from 1.")
    kind: str = Field(max_length=60, description="What happened, such as claim.accepted.")
    at: datetime = moment(description="When.")
    actor: str = Field(max_length=60, description="Who: account:ID, token:ID, detector:NAME or system.")
    patch: dict[str, Any] | None = json(
        nullable=True, default=None, description="What changed; none once redacted."
    )
    salt: str | None = Field(default=None, max_length=64, description="32 random bytes, in hex.")
    patch_hash: str = Field(max_length=80, description="Salted SHA-256 of the patch.")
    leaf_hash: str = Field(max_length=64, description="RFC 6962 leaf hash, in hex.")

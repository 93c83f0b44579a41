"""Webhooks: who is told of what, and what became of each message.

The webhook itself stands in the log. Its secret, its place in the log and the record of what was sent do
not: docs/decisions/0005 and 0020 tell why.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import Record, id_field, json, link, moment, one_of


class DeliveryState(enum.StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(Record, table=True):
    """An address that is told of what happens."""

    __tablename__ = "webhook"
    __table_args__ = (sa.CheckConstraint("version >= 1", name="version_positive"),)

    id: str = id_field(description="The webhook's id.")
    version: int = Field(default=1, description="Counts the changes of the webhook; edits name it.")
    name: str = Field(max_length=100, min_length=1, description="What it is for.")
    url: str = Field(max_length=2000, min_length=1, description="Where messages are posted to.")
    kinds: list[str] = json(
        description="Which events it is told of: kinds as `verdict.signed`, whole nouns as `claim.*`, or `*`."
    )
    active: bool = Field(default=True, description="Whether messages are sent.")
    stopped_because: str | None = Field(
        default=None, max_length=300, description="Why the ledger itself turned it off."
    )
    created_at: datetime = moment(description="When it was made.")
    created_by: str = link("account.id", description="Who made it.")
    removed_at: datetime | None = moment(nullable=True, description="When it was taken away.")


class WebhookState(SQLModel, table=True):
    """How far a webhook has come in the log, and with what its messages are signed. Not in the log."""

    __tablename__ = "webhook_state"

    webhook_id: str = Field(primary_key=True, foreign_key="webhook.id", max_length=36)
    secret: str = Field(max_length=100)
    # The one before, by which messages are signed as well for a while.
    old_secret: str | None = Field(default=None, max_length=100)
    old_until: datetime | None = moment(nullable=True)
    # Events before this place have their messages.
    next_seq: int = Field(sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    # Failures one after another, since when, and until when the address is left in peace.
    failures: int = Field(default=0)
    failing_since: datetime | None = moment(nullable=True)
    not_before: datetime | None = moment(nullable=True)


class Delivery(SQLModel, table=True):
    """One message to one webhook; its id stays the same however often it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        sa.CheckConstraint("attempts >= 0", name="attempts_counted"),
        sa.Index("ix_webhook_delivery_state_due_at", "state", "due_at"),
        sa.Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
        sa.Index("ix_webhook_delivery_finished_at", "finished_at"),
    )

    id: str = id_field(description="The message's id, sent as `webhook-id`; the same at each try.")
    webhook_id: str = link("webhook.id", description="To which webhook.")
    seq: int | None = Field(
        default=None,
        sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        description="Place in the log of the event that it tells of; null for a test.",
    )
    kind: str = Field(max_length=60, description="The event's kind, or `webhook.test`.")
    body: str = Field(sa_type=sa.Text, description="What is sent, to the letter.")
    state: str = Field(default="waiting", max_length=10, description="waiting, delivered or failed.")
    attempts: int = Field(default=0, description="How often it was sent.")
    # Waiting: not before. While it is being sent: its lease ends then, and another worker may send it.
    due_at: datetime = moment(description="When it is sent next, if it is waiting.")
    created_at: datetime = moment(description="When it was written.")
    finished_at: datetime | None = moment(nullable=True, description="When it was delivered or given up.")


class Attempt(SQLModel, table=True):
    """One try to deliver a message, and what came of it."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (sa.Index("ix_webhook_attempt_delivery_id", "delivery_id", "id"),)

    id: str = id_field(description="The try's id.")
    delivery_id: str = link("webhook_delivery.id", description="Of which message.")
    at: datetime = moment(description="When it began.")
    status: int | None = Field(default=None, description="The HTTP status of the answer, if one came.")
    milliseconds: int = Field(description="How long it took.")
    answer: str = Field(default="", max_length=1000, description="How the answer begins.")
    error: str | None = Field(default=None, max_length=300, description="Why no answer came.")

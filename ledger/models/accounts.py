"""People and programs, and the secrets that let them in.

What they are stands in the log; their secrets (password hashes, session keys, token hashes, links)
stand in tables of their own that the log does not speak for, so that no secret is kept for ever.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import Record, id_field, json, link, moment, one_of


class Role(enum.StrEnum):
    """What a person may do; each role may do all that those before it may."""

    READER = "reader"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


class Account(Record, table=True):
    """A person."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", Role),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.Index("ix_account_created_at", "created_at", "id"),
    )

    id: str = id_field(description="The account's id.")
    version: int = Field(default=1, description="Counts the changes of the account; edits name it.")
    email: str = Field(max_length=254, min_length=3, unique=True, description="Address, in lower case.")
    name: str = Field(max_length=100, min_length=1, description="Name as others see it.")
    role: str = Field(max_length=10, description="reader, reviewer, editor or admin.")
    active: bool = Field(default=True, description="Whether the person may sign in.")
    created_at: datetime = moment(description="When it was made.")
    created_by: str | None = link("account.id", nullable=True, description="Who made it.")


class Token(Record, table=True):
    """A program's key: what it may do and until when; its hash stands elsewhere."""

    __tablename__ = "token"
    __table_args__ = (
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.Index("ix_token_account_id", "account_id", "id"),
    )

    id: str = id_field(description="The token's id.")
    version: int = Field(default=1, description="Counts the changes of the token.")
    account_id: str = link("account.id", description="Whose token it is; it never may do more than they.")
    name: str = Field(max_length=100, min_length=1, description="What it is for.")
    scopes: list[str] = json(description="What it may do.")
    created_at: datetime = moment(description="When it was made.")
    expires_at: datetime = moment(description="When it ends.")
    revoked_at: datetime | None = moment(nullable=True, description="When it was revoked.")
    revoked_by: str | None = link("account.id", nullable=True, description="Who revoked it.")


class Credential(SQLModel, table=True):
    """How a person signs in. Not in the log."""

    __tablename__ = "credential"

    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=36)
    password_hash: str | None = Field(default=None, max_length=300)
    # In every session cookie; a new one signs the person out everywhere.
    session_key: str = Field(max_length=64)
    updated_at: datetime = moment()


class TokenSecret(SQLModel, table=True):
    """The hash of a token and its last use. Not in the log."""

    __tablename__ = "token_secret"

    token_id: str = Field(primary_key=True, foreign_key="token.id", max_length=36)
    sha256: str = Field(max_length=64, unique=True)
    last_used_at: datetime | None = moment(nullable=True)


class SignInLink(SQLModel, table=True):
    """A one-time link. Not in the log."""

    __tablename__ = "sign_in_link"

    id: str = id_field()
    account_id: str = link("account.id", index=True)
    sha256: str = Field(max_length=64, unique=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)

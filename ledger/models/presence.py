"""Who is looking at what, and how people like their desk. Not in the log: neither says a thing of a claim."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import json, link, moment


class Presence(SQLModel, table=True):
    """One open page of one person; forgotten soon after it falls silent."""

    __tablename__ = "presence"
    __table_args__ = (sa.Index("ix_presence_article_id", "article_id", "seen_at"),)

    page: str = Field(primary_key=True, max_length=36)
    account_id: str = link("account.id")
    article_id: str | None = Field(default=None, max_length=36)
    claim_id: str | None = Field(default=None, max_length=36, index=True)
    editing: bool = False
    seen_at: datetime = moment()


class Preference(SQLModel, table=True):
    """What one person chose for their desk, such as their keys."""

    __tablename__ = "preference"

    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=36)
    values: dict[str, Any] = json(default_factory=dict)
    updated_at: datetime = moment()

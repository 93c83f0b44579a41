"""Searches of the desk that people keep under a name."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, link, moment, one_of


class SavedView(Record, table=True):
    """A search of claims or articles, kept by a person, for them or for everybody."""

    __tablename__ = "saved_view"
    __table_args__ = (
        one_of("lists", ("claims", "articles")),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.Index("ix_saved_view_created_by", "created_by", "id"),
    )

    id: str = id_field(description="The view's id.")
    version: int = Field(default=1, description="Counts the changes of the view; edits name it.")
    name: str = Field(max_length=100, min_length=1, description="What it is called.")
    lists: str = Field(max_length=10, description="What it lists: claims or articles.")
    query: str = Field(max_length=2000, description="The search, in the words of the search field.")
    shared: bool = Field(default=False, description="Whether everybody sees it.")
    created_at: datetime = moment(description="When it was made.")
    created_by: str = link("account.id", description="Whose it is.")
    removed_at: datetime | None = moment(nullable=True, description="When it was taken away.")

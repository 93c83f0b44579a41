"""Files that came back changed, until a person has looked at them. Not in the log: what is applied is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import id_field, json, link, moment


class ChangeSet(SQLModel, table=True):
    """What a CSV of claims that came back asks to be changed; forgotten after a week."""

    __tablename__ = "change_set"
    __table_args__ = (sa.Index("ix_change_set_created_at", "created_at"),)

    id: str = id_field(description="The set's id.")
    name: str = Field(max_length=200, description="The name of the file.")
    account_id: str = link("account.id", description="Who sent it.")
    created_at: datetime = moment(description="When it came in.")
    # How the file was read, and how many of its rows ask for something: for the page's head.
    told: dict[str, Any] = json(description="What was found in the file.")


class ChangeSetRow(SQLModel, table=True):
    """A row of such a file that asks for something, or holds what can't be taken."""

    __tablename__ = "change_set_row"

    set_id: str = Field(primary_key=True, foreign_key="change_set.id", max_length=36)
    number: int = Field(primary_key=True, description="The row in the file, as a spreadsheet counts.")
    # No reference: a file may name what there is not.
    claim_id: str | None = Field(default=None, max_length=36)
    version: int = Field(default=0, description="The version of the claim that the file is of.")
    edits: list[dict[str, Any]] = json(description="Cells that were changed.")
    refusals: list[dict[str, Any]] = json(description="Cells that can't be taken, and why.")

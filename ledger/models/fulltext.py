"""The words that a claim is found by. Not in the log: ledger/fulltext.py works them out from the records."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import ID_LENGTH


def _words() -> Any:
    return Field(sa_type=sa.Text)


class ClaimWords(SQLModel, table=True):
    """A claim's words, cut and folded, each text with a blank before and behind."""

    __tablename__ = "claim_words"

    # Sorts as the claim's id does, as a number: what SQLite's index of full text counts in.
    id: int = Field(
        primary_key=True,
        sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
    )
    claim_id: str = Field(foreign_key="claim.id", max_length=ID_LENGTH, unique=True)
    statement: str = _words()
    claimant: str = _words()
    around: str = _words()
    told: str = _words()

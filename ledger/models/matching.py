"""What a claim says as a vector of numbers, by which claims that say the same are found. Not in the log."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from ledger.models.base import ID_LENGTH


class ClaimVector(SQLModel, table=True):
    """A claim's statement as a model read it: worked out from the statement, good while that stands."""

    __tablename__ = "claim_vector"

    claim_id: str = Field(primary_key=True, foreign_key="claim.id", max_length=ID_LENGTH)
    # Which model, and which statement: a vector of another one is not used.
    model: str = Field(max_length=60)
    digest: str = Field(max_length=64)
    vector: bytes = Field(sa_type=sa.LargeBinary)

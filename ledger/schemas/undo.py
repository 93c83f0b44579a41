"""Taking a deed back, as it comes in and goes out."""

import marshmallow as ma
from marshmallow import fields, validate

from ledger.schemas.common import MAX_INT, Id, In, PlainOut, Whole


class UndoIn(In):
    """A deed: a run of events that one person wrote at once."""

    first = Whole(
        required=True,
        validate=validate.Range(min=0, max=MAX_INT),
        metadata={"description": "`seq` of its first event."},
    )
    last = Whole(
        required=True,
        validate=validate.Range(min=0, max=MAX_INT),
        metadata={"description": "`seq` of its last event."},
    )


class UndoLatestIn(In):
    """Where the deed was done."""

    claim_id = Id(metadata={"description": "On this claim."})
    article_id = Id(metadata={"description": "Or in this article and on its claims."})

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, object], **_: object) -> None:
        if ("claim_id" in data) == ("article_id" in data):
            raise ma.ValidationError("Send either a claim or an article.", "claim_id")


class UndoneOut(PlainOut):
    """What was written: it is a deed itself, and may be taken back."""

    first = fields.Integer(metadata={"description": "`seq` of the first event that was written."})
    last = fields.Integer(metadata={"description": "`seq` of the last event that was written."})
    claims = fields.List(fields.String(), metadata={"description": "Ids of the claims that it was about."})
    articles = fields.List(
        fields.String(), metadata={"description": "Ids of the articles that it was about."}
    )

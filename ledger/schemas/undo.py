"""Taking a deed back, as it comes in and goes out."""

from marshmallow import fields, validate

from ledger.schemas.common import MAX_INT, In, PlainOut, Whole


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


class UndoneOut(PlainOut):
    """What was written: it is a deed itself, and may be taken back."""

    first = fields.Integer(metadata={"description": "`seq` of the first event that was written."})
    last = fields.Integer(metadata={"description": "`seq` of the last event that was written."})
    claims = fields.List(fields.String(), metadata={"description": "Ids of the claims that it was about."})
    articles = fields.List(
        fields.String(), metadata={"description": "Ids of the articles that it was about."}
    )

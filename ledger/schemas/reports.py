"""Public reports as they go out."""

from marshmallow import fields

from ledger.schemas.common import PlainOut, Time


class ReportOut(PlainOut):
    """An article's public report, as readers see it now, or would see it if it were open."""

    since = Time(
        allow_none=True,
        metadata={"description": "Since when anybody may read it; null where nobody may."},
    )
    url = fields.String(metadata={"description": "Where readers find it once it is open.", "format": "uri"})
    settled = fields.Integer(metadata={"description": "Number of its claims with a verdict that fits."})
    open = fields.Integer(metadata={"description": "Number of its claims that are being checked."})
    again = fields.Integer(metadata={"description": "Number of its claims that are being looked at again."})
    withdrawn = fields.Integer(
        metadata={"description": "Number of its claims withdrawn since it was first opened."}
    )
    corrections = fields.Integer(
        metadata={"description": "Number of its corrections since it was first opened."}
    )
    claim_reviews = fields.List(
        fields.Dict(keys=fields.String()),
        metadata={"description": "The ClaimReview (schema.org) of each settled claim, in reading order."},
    )

"""Public reports as they go out."""

from marshmallow import fields, validate

from ledger.schemas.common import PlainOut, Time
from ledger.services.reports import Standing


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


class ClaimReportOut(PlainOut):
    """What readers are told of a claim, and the addresses to put it into other sites."""

    public = fields.Boolean(metadata={"description": "Whether an open report tells of it."})
    standing = fields.String(
        allow_none=True,
        validate=validate.OneOf([str(one) for one in Standing]),
        metadata={"description": "How it stands for readers; null where they are told nothing."},
    )
    article_id = fields.String(
        allow_none=True,
        metadata={
            "description": "The article whose report tells of it, the one opened first.",
            "format": "uuid",
        },
    )
    url = fields.String(
        allow_none=True, metadata={"description": "Its place in that report.", "format": "uri"}
    )
    badge = fields.String(
        metadata={
            "description": "The claim's status as a small picture (SVG); 404 to readers while not public.",
            "format": "uri",
        }
    )
    card = fields.String(
        metadata={"description": "The claim as a small page to be framed; likewise.", "format": "uri"}
    )

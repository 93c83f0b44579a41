"""Coverage, as it goes out."""

from marshmallow import fields, validate

from ledger.schemas.common import In, PlainOut
from ledger.services.coverage import Cover


class CoverageQuery(In):
    """What counts as check-worthy."""

    threshold = fields.Float(
        validate=validate.Range(min=0, max=1),
        metadata={"description": "From which worth on a sentence counts; else the desk's threshold."},
    )


class SentenceOut(PlainOut):
    """A check-worthy sentence."""

    start = fields.Integer(metadata={"description": "Offset of its first character, in code points."})
    end = fields.Integer(metadata={"description": "Offset after its last character."})
    text = fields.String(metadata={"description": "The sentence."})
    worth = fields.Float(metadata={"description": "Check-worthiness, 0 to 1: a machine's guess."})
    reasons = fields.List(
        fields.String(), attribute="weighed.reasons", metadata={"description": "Why, in words."}
    )
    cover = fields.String(
        validate=validate.OneOf([str(one) for one in Cover]),
        metadata={"description": "What stands on its words: the most that does."},
    )
    claim_ids = fields.List(fields.String(), metadata={"description": "The entries on its words."})


class CoverageOut(PlainOut):
    """Which check-worthy sentences of an article have no entry."""

    revision_id = fields.String(
        attribute="revision.id", metadata={"description": "The text that the offsets count in."}
    )
    threshold = fields.Float(metadata={"description": "From which worth on a sentence counts."})
    share = fields.Float(
        allow_none=True,
        metadata={"description": "How much of it is covered, 0 to 1; null where nothing is check-worthy."},
    )
    understood = fields.Boolean(
        metadata={"description": "False if the text is in a language that the guesses were not made for."}
    )
    worthy = fields.List(
        fields.Nested(SentenceOut), metadata={"description": "The check-worthy sentences, in order."}
    )

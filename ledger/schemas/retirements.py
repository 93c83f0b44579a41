"""Versions of scales that are in use no more, as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import ScaleRetirement
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, In, Out, PlainOut, Whole


class RetirementIn(In):
    """A version of a scale that is to be retired."""

    class Meta(In.Meta):
        model = ScaleRetirement

    scale = auto_field()
    scale_version = Whole(
        required=True,
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={"description": "The version that is retired."},
    )
    reason = auto_field(validate=validate.Length(min=1, max=1000))


class RetirementOut(Out):
    """A version of a scale that was retired."""

    class Meta(Out.Meta):
        model = ScaleRetirement


class RetirementFileOut(RetirementOut):
    """The same, with what came of it."""

    class Meta(RetirementOut.Meta):
        pass

    claims = fields.Integer(
        metadata={"description": "Claims with a settled or proposed verdict on it, which this touched."}
    )


class RetirementsOut(PlainOut):
    """All retirements."""

    items = fields.List(fields.Nested(RetirementOut), metadata={"description": "The newest first."})

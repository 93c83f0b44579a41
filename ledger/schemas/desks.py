"""Desks, and the looking for claims, as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import Desk, JobState
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, PlainOut, counted_from_nothing
from ledger.services import desks


class DeskIn(In):
    """A new desk."""

    class Meta(In.Meta):
        model = Desk

    name = auto_field()
    threshold = auto_field(required=False)
    signatures = auto_field(
        required=False,
        allow_none=True,
        validate=validate.OneOf(("one", "two"), error="Choose one of: {choices}."),
    )
    min_evidence = auto_field(
        required=False, allow_none=True, validate=validate.Range(min=1, max=desks.MOST_EVIDENCE)
    )
    independent_evidence = auto_field(required=False, allow_none=True)
    blind = auto_field(required=False, allow_none=True)
    carry_harmless = auto_field(required=False, allow_none=True)


class DeskDetails(DeskIn):
    """What changes about a desk; only what is sent is changed."""

    class Meta(DeskIn.Meta):
        pass

    name = auto_field(required=False)


class DeskOut(Out):
    """A desk. Articles that name none belong to the first, which is there from the beginning."""

    class Meta(Out.Meta):
        model = Desk

    version = counted_from_nothing("desk")


class StepOut(PlainOut):
    """What a threshold would show."""

    threshold = fields.Float(metadata={"description": "From which check-worthiness on."})
    shown = fields.Integer(metadata={"description": "How many candidates would be shown."})


class DeskFileOut(DeskOut):
    """A desk, with what other thresholds would show of the candidates there are."""

    class Meta(DeskOut.Meta):
        pass

    articles = fields.Integer(metadata={"description": "How many articles belong to it."})
    preview = fields.List(fields.Nested(StepOut), metadata={"description": "From 0 to 1 in steps of 0.05."})


class DetectIn(In):
    """Which detector is to look for claims."""

    detector = fields.String(
        validate=validate.Length(min=1, max=60),
        metadata={"description": "Else the one that the ledger's settings choose."},
    )


class OutcomeOut(PlainOut):
    """What came of it, in numbers of entries."""

    detector = fields.String(metadata={"description": "Name and version of the detector."})
    added = fields.Integer(metadata={"description": "New candidates."})
    changed = fields.Integer(metadata={"description": "Candidates with a new guess."})
    gone = fields.Integer(metadata={"description": "Candidates no longer found, and so dismissed."})
    kept = fields.Integer(metadata={"description": "Found on words that people have decided about."})


class DetectionOut(PlainOut):
    """The looking for an article's claims, asked for last."""

    state = fields.String(
        validate=validate.OneOf([str(state) for state in JobState]),
        metadata={"description": "How far it is."},
    )
    outcome = fields.Nested(
        OutcomeOut, allow_none=True, metadata={"description": "What came of it, once it is done."}
    )
    error = fields.String(allow_none=True, metadata={"description": "Why it failed, if it did."})

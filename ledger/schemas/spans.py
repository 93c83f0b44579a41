"""Moving, splitting and merging claims: what is asked, and what would be."""

import marshmallow as ma
from marshmallow import fields, validate

from ledger.models import Appearance, Claim, Evidence, Quantity
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, Id, In, Out, PickedOut, PlainOut, Whole

_OFFSET = validate.Range(min=0, max=MAX_INT)
_MOST_PARTS = 10
_MOST_PIECES = 1000


class WordsIn(In):
    """Words of an article's current text."""

    class Meta(In.Meta):
        model = Claim

    start = auto_field(model=Appearance, validate=_OFFSET)
    end = auto_field(model=Appearance, validate=_OFFSET)
    exact = auto_field(
        model=Appearance,
        required=False,
        metadata={"description": "The words that you mean; refused if others stand there."},
    )


class _PlaceIn(In):
    class Meta(In.Meta):
        model = Claim

    appearance_id = Id(
        metadata={"description": "Which of the claim's places; needed where it has several in an article."}
    )
    article_id = Id(metadata={"description": "In which article; needed where it stands in several."})
    revision_id = Id(
        metadata={"description": "The revision that you counted in; refused if there is a newer one."}
    )


class MoveIn(WordsIn, _PlaceIn):
    """The words that a claim shall stand on."""

    class Meta(In.Meta):
        model = Claim


class PartIn(WordsIn):
    """One part of a claim."""

    class Meta(In.Meta):
        model = Claim

    statement = auto_field(
        required=False,
        metadata={"description": "The part, put so that it can be read alone; else the words themselves."},
    )
    evidence = fields.List(
        Id(metadata={"description": "A piece of the claim's evidence."}),
        validate=validate.Length(max=_MOST_PIECES),
        metadata={"description": "Which evidence bears on it; without this, all of it."},
    )


class SplitIn(_PlaceIn):
    """The parts of a claim; the first keeps the entry."""

    class Meta(In.Meta):
        model = Claim

    parts = fields.List(
        fields.Nested(PartIn),
        required=True,
        validate=validate.Length(min=2, max=_MOST_PARTS),
        metadata={"description": f"Two parts to {_MOST_PARTS}, the one that keeps the entry first."},
    )


class _OtherIn(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    other_id = Id(required=True, metadata={"description": "The claim that goes."})


class MergeIn(_OtherIn):
    """The claim that goes into this one."""

    other_version = Whole(
        required=True,
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={"description": "Its version as you saw it; If-Match names this claim's."},
    )


class MergePreviewIn(_OtherIn):
    """The claim that would go into this one."""


class SpotOut(PickedOut):
    """Words of an article."""

    class Meta(PickedOut.Meta):
        model = Appearance

    article_id = auto_field()
    start = auto_field()
    end = auto_field()
    exact = auto_field()


class NumberOut(Out):
    """A number that a claim would state."""

    class Meta(Out.Meta):
        model = Quantity
        exclude = ("id", "claim_id", "gone_at")


class PieceOut(PickedOut):
    """A piece of evidence in force."""

    class Meta(PickedOut.Meta):
        model = Evidence

    url = auto_field()
    stance = auto_field()
    quote = auto_field()


class HeldOut(PlainOut):
    """A claim as it is, or as it would be."""

    id = fields.String(
        allow_none=True, metadata={"description": "Its id; null for a claim that would be made."}
    )
    statement = fields.String(metadata={"description": "The statement."})
    status = fields.String(metadata={"description": "The status."})
    appearances = fields.List(fields.Nested(SpotOut), metadata={"description": "Where it stands."})
    quantities = fields.List(fields.Nested(NumberOut), metadata={"description": "The numbers in it."})
    evidence = fields.List(fields.Nested(PieceOut), metadata={"description": "Its evidence in force."})


class PreviewOut(PlainOut):
    """What would be, if it were done now. Nothing was changed."""

    before = fields.List(
        fields.Nested(HeldOut), metadata={"description": "The claims as they are, the one that stays first."}
    )
    after = fields.List(
        fields.Nested(HeldOut), metadata={"description": "The claims as they would be, in the same order."}
    )
    notes = fields.List(
        fields.String(), metadata={"description": "What one should know of it, for people, in sentences."}
    )

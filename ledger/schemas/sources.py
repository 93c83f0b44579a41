"""Sources of evidence as they stand now, and what differs from what was captured."""

from marshmallow import fields, validate

from ledger.models import Archiving, Evidence, Look
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, PageQuery, PickedOut, PlainOut, YesNo
from ledger.schemas.evidence import CaptureOut, EvidenceOut


class SourceQuery(PageQuery):
    """Which sources that are not as they were."""

    seen = fields.Boolean(
        load_default=False,
        metadata={"description": "Those that somebody saw since and said to fit; else those nobody saw."},
    )


class StillFitsIn(In):
    """Why evidence still fits although its source is not as it was."""

    class Meta(In.Meta):
        model = Evidence

    note = auto_field("seen_note", attribute="note", required=True, allow_none=False)


class LookOut(PickedOut):
    """How an address is looked at again."""

    class Meta(PickedOut.Meta):
        model = Look

    checked_at = auto_field()
    due_at = auto_field()
    outcome = auto_field()
    problem = auto_field()
    strikes = auto_field()


class ArchivingOut(PickedOut):
    """How far the Wayback Machine is with a copy."""

    class Meta(PickedOut.Meta):
        model = Archiving

    state = auto_field()
    asked_at = auto_field()
    asked = auto_field()
    due_at = auto_field()
    problem = auto_field()


class SourceOut(PlainOut):
    """How the source of a piece of evidence stands."""

    evidence = fields.Nested(EvidenceOut, metadata={"description": "The evidence, with its condition."})
    found = fields.Nested(
        CaptureOut,
        allow_none=True,
        metadata={"description": "The capture of what it holds since it changed."},
    )
    look = fields.Nested(
        LookOut, allow_none=True, metadata={"description": "How its address is looked at, if it is."}
    )
    under_way = YesNo(metadata={"description": "Whether it is looked at just now, or about to be."})
    quote_stood = YesNo(
        allow_none=True,
        metadata={"description": "Whether the quote stands in the captured text; null without either."},
    )
    quote_stands = YesNo(
        allow_none=True,
        metadata={"description": "Whether the quote stands in what the source holds since it changed."},
    )
    archiving = fields.Nested(
        ArchivingOut,
        allow_none=True,
        metadata={"description": "The hand-over to the Wayback Machine, if there was one."},
    )


class SourcePieceOut(PlainOut):
    """Words of one kind."""

    kind = fields.String(
        validate=validate.OneOf(["same", "out", "in"]),
        metadata={"description": "In both texts, taken out since, or put in since."},
    )
    text = fields.String(metadata={"description": "The words."})


class SourceParagraphOut(PlainOut):
    """A paragraph of either text, or several that are the same."""

    kind = fields.String(
        validate=validate.OneOf(["same", "changed", "left_out"]),
        metadata={"description": "`left_out`: paragraphs that are the same, and only counted."},
    )
    count = fields.Integer(metadata={"description": "How many paragraphs these are."})
    pieces = fields.List(
        fields.Nested(SourcePieceOut), metadata={"description": "The words of both texts, in order."}
    )


class SourceChangesOut(PlainOut):
    """What a source holds otherwise than when it was captured."""

    quote_stands = YesNo(
        allow_none=True, metadata={"description": "Whether the quote stands in what it holds now."}
    )
    paragraphs = fields.List(
        fields.Nested(SourceParagraphOut),
        metadata={"description": "In order; empty where either text could not be read, or nothing differs."},
    )

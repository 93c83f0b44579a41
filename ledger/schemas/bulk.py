"""One deed on many records, as it comes in and goes out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from ledger.schemas.common import MAX_INT, Id, In, PlainOut, Text, Whole, YesNo
from ledger.services import bulk, renewals


class SeenIn(In):
    """A record, and the version of it that you looked at."""

    id = Id(required=True, metadata={"description": "The record's id."})
    version = Whole(
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={"description": "If another one stands, the record is left as it is."},
    )


class BulkIn(In):
    """Which records, and what is to be done."""

    items = fields.List(
        fields.Nested(SeenIn),
        validate=validate.Length(min=1, max=bulk.MOST),
        metadata={"description": f"The records, {bulk.MOST:,} at most."},
    )
    search = Text(
        validate=validate.Length(max=2000),
        metadata={"description": f"Or all that a search of the desk finds, {bulk.MOST:,} at most."},
    )
    tags = fields.List(
        Text(validate=validate.Length(max=40)),
        load_default=(),
        validate=validate.Length(max=20),
        metadata={"description": "With `tag` and `untag`: the tags."},
    )
    preview = YesNo(
        load_default=False, metadata={"description": "Only tell what would come of it; nothing is changed."}
    )

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("items" in data) == ("search" in data):
            raise ma.ValidationError("Send either items or a search.", "items")


class ClaimBulkIn(BulkIn):
    """Which claims, and what is to be done."""

    class Meta(BulkIn.Meta):
        pass

    action = fields.String(
        required=True,
        validate=validate.OneOf(bulk.CLAIM_DEEDS, error="Choose one of: {choices}."),
        metadata={"description": "What is to be done."},
    )
    to = Id(metadata={"description": "With `assign`: the account that is to have them."})
    reason = Text(
        validate=validate.Length(max=1000), metadata={"description": "With `dismiss`: why, for the history."}
    )


class ArticleBulkIn(BulkIn):
    """Which articles, and what is to be done."""

    class Meta(BulkIn.Meta):
        pass

    action = fields.String(
        required=True,
        validate=validate.OneOf(bulk.ARTICLE_DEEDS, error="Choose one of: {choices}."),
        metadata={"description": "What is to be done."},
    )
    to = Id(metadata={"description": "With `desk`: the desk that gets them; else the default one."})
    due = Text(
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={
            "description": "With `due`: a time with its zone, or a day, meaning its end in UTC; else the "
            "date is taken away.",
            "example": "2026-12-01",
        },
    )


class LineOut(PlainOut):
    """A record of the deed."""

    id = fields.String(metadata={"description": "The record's id.", "format": "uuid"})
    name = fields.String(metadata={"description": "A claim's statement, an article's title."})
    version = fields.Integer(metadata={"description": "The version that the deed met."})


class SkippedOut(LineOut):
    """A record that is left as it is."""

    class Meta(LineOut.Meta):
        pass

    why = fields.String(metadata={"description": "Why, for people."})


class BulkOut(PlainOut):
    """What a deed does, or did."""

    changed = fields.List(fields.Nested(LineOut), metadata={"description": "What changes, or was changed."})
    skipped = fields.List(fields.Nested(SkippedOut), metadata={"description": "What is left as it is."})
    first = fields.Integer(
        allow_none=True,
        metadata={"description": "`seq` of the deed's first event, for undoing it; null in a preview."},
    )
    last = fields.Integer(allow_none=True, metadata={"description": "`seq` of its last event."})


class RenewalsIn(In):
    """Which claims' verdicts still hold."""

    items = fields.List(
        fields.Nested(SeenIn),
        required=True,
        validate=validate.Length(min=1, max=renewals.MOST),
        metadata={"description": f"The claims, {renewals.MOST} at most, each in the version that you saw."},
    )
    note = Text(
        required=True,
        validate=validate.Length(min=1, max=4000),
        metadata={"description": "Why they still hold, for the reader."},
    )


class RenewedOut(PlainOut):
    """A claim whose verdict holds again."""

    claim_id = fields.String(metadata={"description": "The claim.", "format": "uuid"})
    verdict_id = fields.String(
        attribute="id", metadata={"description": "The verdict that counts now.", "format": "uuid"}
    )


class NotRenewedOut(PlainOut):
    """A claim that is left as it was."""

    claim_id = fields.String(metadata={"description": "The claim.", "format": "uuid"})
    why = fields.String(metadata={"description": "Why, for people."})


class RenewalsOut(PlainOut):
    """What came of it."""

    renewed = fields.List(fields.Nested(RenewedOut), metadata={"description": "Those that hold again."})
    skipped = fields.List(fields.Nested(NotRenewedOut), metadata={"description": "Those left as they were."})

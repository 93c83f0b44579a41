"""Claims as they come in and go out."""

from marshmallow import fields, validate

from claims import Kind
from ledger.models import Appearance, Claim, Quantity, Status
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, Id, In, Out, PageQuery, PickedOut, PlainOut, Text, Time, below_too
from ledger.schemas.evidence import EvidenceOut
from ledger.schemas.past import AsOfQuery
from ledger.schemas.verdicts import VerdictOut

_OFFSET = validate.Range(min=0, max=MAX_INT)


class ClaimIn(In):
    """A new claim on words of an article's current text."""

    class Meta(In.Meta):
        model = Claim

    start = auto_field(model=Appearance, validate=_OFFSET)
    end = auto_field(model=Appearance, validate=_OFFSET)
    exact = auto_field(
        model=Appearance,
        required=False,
        metadata={"description": "The words that you mean; refused if others stand there."},
    )
    revision_id = auto_field(
        model=Appearance,
        required=False,
        metadata={"description": "The revision that you counted in; refused if there is a newer one."},
    )
    statement = auto_field(
        required=False,
        metadata={"description": "The claim, put so that it can be read alone; else the words themselves."},
    )
    kind = auto_field()
    claimant = auto_field()


class ClaimDetails(In):
    """A claim's wording; only what is sent is changed."""

    class Meta(In.Meta):
        model = Claim

    statement = auto_field(required=False)
    kind = auto_field()
    claimant = auto_field()


class DismissIn(In):
    """Why a candidate is put aside."""

    class Meta(In.Meta):
        model = Claim

    reason = auto_field("dismissed_reason", attribute="reason")


class HandOverIn(In):
    """Who gets a claim."""

    class Meta(In.Meta):
        model = Claim

    assignee_id = Id(required=True, metadata={"description": "The account that gets it."})


class TagsIn(In):
    """Words that the desk sorts by."""

    class Meta(In.Meta):
        model = Claim

    tags = fields.List(
        Text(validate=validate.Length(max=40)),
        required=True,
        validate=validate.Length(max=20),
        metadata={"description": "All the tags that it is to have, in lower case; those left out go."},
    )


class WithdrawIn(In):
    """Why a claim's entry is not to be relied on."""

    class Meta(In.Meta):
        model = Claim

    note = auto_field("withdrawn_note", attribute="note", required=True, allow_none=False)


class ClaimQuery(PageQuery):
    """Which claims; give `status` or `kind` several times for any of them."""

    status = fields.List(
        Text(validate=validate.OneOf([str(one) for one in Status], error="Choose one of: {choices}.")),
        load_default=(),
        metadata={"description": "Only claims with this status."},
    )
    kind = fields.List(
        Text(validate=validate.OneOf([str(one) for one in Kind], error="Choose one of: {choices}.")),
        load_default=(),
        metadata={"description": "Only claims of this kind."},
    )
    article_id = Id(metadata={"description": "Only claims of this article."})
    assignee_id = Id(metadata={"description": "Only claims that this account has."})
    desk_id = Id(metadata={"description": "Only claims in articles of this desk."})
    q = Text(
        validate=validate.Length(max=200),
        metadata={"description": "Words that stand side by side in the statement; the last may go on."},
    )
    search = Text(
        validate=validate.Length(max=2000),
        metadata={
            "description": "A search in the words of the desk's search field, such as "
            '`status:stale by:me "civil rights"`.',
            "example": "status:stale kind:quantity",
        },
    )
    updated_since = Time(metadata={"description": "Only claims that changed at this time or later."})
    worth_from = fields.Float(
        validate=validate.Range(min=0, max=1),
        metadata={"description": "Only claims with a guess of this check-worthiness or more."},
    )
    below = below_too()


class ListedClaimQuery(ClaimQuery):
    """Which claims, and in which order."""

    class Meta(ClaimQuery.Meta):
        pass

    order = fields.String(
        load_default="newest",
        validate=validate.OneOf(["newest", "worth"]),
        metadata={
            "description": "`newest` first, or the most check-worthy first; then claims that people added, "
            "of which there is no guess, come last."
        },
    )


class AppearanceOut(Out):
    """Where a claim stands. `exact`, `prefix` and `suffix` are W3C's TextQuoteSelector, `start` and `end`
    its TextPositionSelector, counted in Unicode code points of the revision's text."""

    class Meta(Out.Meta):
        model = Appearance


class PlacedOut(AppearanceOut):
    """An appearance with its article's title."""

    class Meta(AppearanceOut.Meta):
        pass

    title = fields.String(metadata={"description": "The article's headline."})


class QuantityOut(Out):
    """A number that a claim states."""

    class Meta(Out.Meta):
        model = Quantity
        exclude = ("claim_id", "gone_at")


class ClaimOut(Out):
    """A claim."""

    class Meta(Out.Meta):
        model = Claim
        exclude = ("assignee_id",)

    assignee = auto_field("assignee_id", attribute="assignee_id")


class ListedClaimOut(ClaimOut):
    """A claim with the first place where it stands."""

    class Meta(ClaimOut.Meta):
        pass

    appearance = fields.Nested(
        PlacedOut, allow_none=True, metadata={"description": "The first place where it stands."}
    )


class ClaimFileOut(ClaimOut):
    """A claim with all that belongs to it."""

    class Meta(ClaimOut.Meta):
        pass

    appearances = fields.List(fields.Nested(PlacedOut), metadata={"description": "Where it stands."})
    quantities = fields.List(fields.Nested(QuantityOut), metadata={"description": "The numbers in it."})
    evidence = fields.List(
        fields.Nested(EvidenceOut), metadata={"description": "Oldest first, withdrawn pieces too."}
    )
    verdicts = fields.List(fields.Nested(VerdictOut), metadata={"description": "In any state, newest first."})


class StatusOut(PickedOut):
    """What is known of a claim, in a few words."""

    class Meta(PickedOut.Meta):
        model = Claim

    id = auto_field()
    merged_into = fields.String(
        allow_none=True,
        metadata={
            "description": "The claim that answers, where the one asked for was merged into it; else null.",
            "format": "uuid",
        },
    )
    version = auto_field()
    status = auto_field()
    label = fields.String(
        allow_none=True, metadata={"description": "The settled verdict's own words; null without one."}
    )
    updated_at = auto_field()
    stale_since = auto_field()
    stale_reasons = auto_field()


class ClaimFileQuery(AsOfQuery):
    """When, and whether a claim that was merged is meant itself."""

    itself = fields.Boolean(
        load_default=False,
        metadata={"description": "Show a merged claim as it was put aside, not the one that answers for it."},
    )


class PastQuery(In):
    """When."""

    at = Text(
        required=True,
        validate=validate.Length(max=40),
        metadata={
            "description": "A day, meaning its end in UTC, or a time such as 2026-11-23T14:30:00+01:00.",
            "example": "2026-11-23",
        },
    )


class PastOut(PlainOut):
    """A claim as it stood at a time: the fold of its events up to then, as rows of the log."""

    at = Time(metadata={"description": "The time that was asked for."})
    last_seq = fields.Integer(
        attribute="last_event.seq", metadata={"description": "Place in the log of the last event before it."}
    )
    redacted = fields.Integer(metadata={"description": "How many of the events have been redacted since."})
    claim = fields.Dict(metadata={"description": "The claim's row."})
    appearances = fields.List(fields.Dict(), metadata={"description": "Where it stood."})
    quantities = fields.List(fields.Dict(), metadata={"description": "The numbers in it."})
    evidence = fields.List(fields.Dict(), metadata={"description": "In whatever state it was."})
    verdicts = fields.List(fields.Dict(), metadata={"description": "In whatever state they were."})
    signatures = fields.List(fields.Dict(), metadata={"description": "Those given by then."})

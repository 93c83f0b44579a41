"""The gate and its policies, as they come in and go out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from claims.model import Kind
from ledger.models import Claim, GatePolicy, Status
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, PickedOut, PlainOut, Text, Time, counted_from_nothing
from ledger.schemas.past import AsOf

_STATUSES = [str(status) for status in Status if status is not Status.CANDIDATE]
_KINDS = [str(kind) for kind in Kind]
_PASSES = {"description": "The statuses that let a claim through."}
_OF_KINDS = {"description": "Only claims of these kinds must be checked; null means all kinds."}


def _several(known: list[str], **more: Any) -> Any:
    return fields.List(
        Text(validate=validate.OneOf(known, error="Choose from: {choices}.")),
        validate=validate.Length(max=len(known)),
        **more,
    )


class GatePolicyDetails(In):
    """What changes about a policy; only what is sent is changed."""

    class Meta(In.Meta):
        model = GatePolicy

    name = auto_field(required=False)
    passes = _several(_STATUSES, metadata=_PASSES)
    kinds = _several(
        _KINDS,
        allow_none=True,
        metadata=_OF_KINDS,
    )
    candidates_from = fields.Float(
        allow_none=True,
        validate=validate.Range(min=0, max=1),
        metadata={
            "description": "Worth from which a candidate that nobody has sorted blocks; null: none does."
        },
    )
    signatures = auto_field(required=False, validate=validate.Range(min=0, max=10))
    max_age_days = auto_field(required=False, validate=validate.Range(min=1, max=36_500))


class GatePolicyIn(GatePolicyDetails):
    """A new policy."""

    class Meta(GatePolicyDetails.Meta):
        pass

    name = auto_field(required=True)


class GatePolicyOut(Out):
    """A policy of the gate."""

    class Meta(Out.Meta):
        model = GatePolicy

    version = counted_from_nothing("policy")
    passes = fields.List(fields.String(), metadata=_PASSES)
    kinds = fields.List(
        fields.String(),
        allow_none=True,
        metadata=_OF_KINDS,
    )


class GateQuery(ma.Schema):
    """Which text, by which rules."""

    class Meta:
        unknown = ma.RAISE

    revision = Text(
        required=True,
        validate=validate.Regexp(
            r"[0-9a-fA-F]{64}\Z", error="Write the SHA-256 of the text, 64 hexadecimal digits."
        ),
        metadata={
            "description": "SHA-256 of the very text that is to go out, in NFC with line feeds.",
            "example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
    )
    policy = Text(
        load_default="standard",
        validate=validate.Length(min=1, max=80),
        metadata={"description": "A policy's name, or name and version: `standard@3`."},
    )
    as_of = AsOf()


class BlockingClaimOut(PickedOut):
    """A claim, as a gate names it."""

    class Meta(PickedOut.Meta):
        model = Claim

    id = auto_field()
    status = auto_field()
    kind = auto_field()
    exact = fields.String(metadata={"description": "Its words in the text."})
    start = fields.Integer(metadata={"description": "Where they begin, in code points."})
    end = fields.Integer(metadata={"description": "Where they end; not part of them."})
    label = fields.String(
        allow_none=True, metadata={"description": "The verdict's own words, if there is one."}
    )
    stale_since = Time(
        allow_none=True,
        metadata={"description": "Since when its verdict no longer fits what stands; null: it fits."},
    )
    stale_reasons = fields.List(
        fields.String(), allow_none=True, metadata={"description": "What changed under its verdict."}
    )


class HindranceOut(PlainOut):
    """What keeps a text from going out."""

    claim = fields.Nested(BlockingClaimOut, metadata={"description": "The claim."})
    reason = fields.String(
        validate=validate.OneOf(["candidate", "status", "signatures", "age"]),
        metadata={"description": "The rule that it does not keep."},
    )
    detail = fields.String(metadata={"description": "The same in words."})


class GateOut(PlainOut):
    """Whether a text may be published."""

    decision = fields.String(
        validate=validate.OneOf(["pass", "block"]), metadata={"description": "pass or block."}
    )
    article = fields.String(metadata={"description": "The article's id.", "format": "uuid"})
    revision = fields.String(metadata={"description": "SHA-256 of the text that was asked about."})
    current = fields.String(metadata={"description": "SHA-256 of the article's current text."})
    text = fields.String(
        allow_none=True, metadata={"description": "Why the text itself is refused; null if it is not."}
    )
    policy = fields.String(metadata={"description": "Name and version of the policy: `standard@3`."})
    as_of = Time(
        allow_none=True, metadata={"description": "The time that it is told of; null: as it stands now."}
    )
    claims = fields.Integer(metadata={"description": "Number of the article's claims and candidates."})
    blocks = fields.List(fields.Nested(HindranceOut), metadata={"description": "In reading order."})
    policy_changed_at = Time(
        allow_none=True, metadata={"description": "When the policy last changed; null if never."}
    )

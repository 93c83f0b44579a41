"""What is asked of matching, and the matches that go out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from ledger.models import Claim, Status
from ledger.schemas.columns import auto_field
from ledger.schemas.common import PickedOut, PlainOut, Text, Whole

MOST_TEXTS = 100
_LONGEST = 2_000


def _statuses(told: str) -> Any:
    return fields.List(
        Text(validate=validate.OneOf([str(one) for one in Status], error="Choose one of: {choices}.")),
        validate=validate.Length(max=len(Status)),
        metadata={"description": f"Only claims with one of these statuses. {told}"},
    )


class MatchIn(ma.Schema):
    """Words to look up among the ledger's claims."""

    class Meta:
        unknown = ma.RAISE

    texts = fields.List(
        Text(validate=validate.Length(min=1, max=_LONGEST)),
        required=True,
        validate=validate.Length(min=1, max=MOST_TEXTS),
        metadata={"description": f"One claim each, in whatever words; at most {MOST_TEXTS}."},
    )
    k = Whole(
        load_default=5,
        validate=validate.Range(min=1, max=20),
        metadata={"description": "How many matches of each text at most."},
    )
    status = _statuses("Else all but candidates, which nobody has looked at, and dismissed ones.")


class MatchQuery(ma.Schema):
    """Which matches."""

    class Meta:
        unknown = ma.RAISE

    k = fields.Integer(
        load_default=5,
        validate=validate.Range(min=1, max=20),
        metadata={"description": "How many matches of each claim at most."},
    )
    status = _statuses("Else all but candidates, which nobody has looked at, and dismissed ones.")


class MatchedClaimOut(PickedOut):
    """A claim as it is shown beside a match."""

    class Meta(PickedOut.Meta):
        model = Claim

    id = auto_field()
    statement = auto_field()
    kind = auto_field()
    status = auto_field()
    updated_at = auto_field()
    label = fields.String(
        allow_none=True, metadata={"description": "The verdict's label, if one is in force."}
    )


class MatchOut(PlainOut):
    """A claim that says the same, or something alike."""

    claim = fields.Nested(MatchedClaimOut, metadata={"description": "The claim."})
    relation = fields.String(
        validate=validate.OneOf(["same", "similar"]),
        metadata={"description": "`same` only where nothing speaks against it; a guess all the same."},
    )
    score = fields.Float(
        validate=validate.Range(min=0, max=1), metadata={"description": "How alike both are, 0 to 1."}
    )
    reasons = fields.List(fields.String(), metadata={"description": "What both have in common, in words."})
    vetoes = fields.List(
        fields.String(),
        metadata={"description": "In what they differ, such as “242 ≠ 424”; with one, never `same`."},
    )


class LookedUpOut(PlainOut):
    """What was found for one text."""

    text = fields.String(metadata={"description": "The text as it was sent."})
    matches = fields.List(fields.Nested(MatchOut), metadata={"description": "The same first, best first."})


class LookUpOut(PlainOut):
    """What was found for each text, in the order sent."""

    items = fields.List(fields.Nested(LookedUpOut), metadata={"description": "One for each text."})


class ClaimMatchesOut(PlainOut):
    """The claims that say the same as one claim, or something alike."""

    items = fields.List(fields.Nested(MatchOut), metadata={"description": "The same first, best first."})


class MatchedOut(PlainOut):
    """The matches of one claim of an article."""

    claim_id = fields.String(metadata={"description": "The claim in the article.", "format": "uuid"})
    matches = fields.List(fields.Nested(MatchOut), metadata={"description": "The same first, best first."})


class ArticleMatchesOut(PlainOut):
    """What the ledger holds already of what an article claims."""

    checked = fields.Integer(
        metadata={
            "description": "Number of its claims of which the same was checked, with a verdict in force."
        }
    )
    same = fields.Integer(metadata={"description": "Number of its claims of which the same is there."})
    similar = fields.Integer(metadata={"description": "Number of the others that something is like."})
    items = fields.List(
        fields.Nested(MatchedOut), metadata={"description": "Its claims that have matches, in reading order."}
    )

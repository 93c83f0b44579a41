"""Many changes of claims in one call: what is sent and what is answered."""

import marshmallow as ma
from marshmallow import fields, validate

from ledger.schemas.claims import (
    ClaimDetails,
    ClaimIn,
    DismissIn,
    HandOverIn,
    StatusOut,
    TagsIn,
    WithdrawIn,
)
from ledger.schemas.common import MAX_INT, Id, In, Nothing, PlainOut, Problem, Whole, YesNo
from ledger.schemas.evidence import EvidenceIn
from ledger.schemas.verdicts import VerdictIn
from ledger.services import batch

BODIES: dict[str, type[ma.Schema]] = {
    "add": ClaimIn,
    "accept": Nothing,
    "dismiss": DismissIn,
    "reopen": Nothing,
    "reword": ClaimDetails,
    "take": Nothing,
    "hand_over": HandOverIn,
    "lay_down": Nothing,
    "tag": TagsIn,
    "withdraw": WithdrawIn,
    "add_evidence": EvidenceIn,
    "propose": VerdictIn,
}
"""What each operation's `body` is: that of the route that does it alone."""


class OperationIn(In):
    """One change, as its own route would take it."""

    op = fields.String(
        required=True,
        validate=validate.OneOf(list(batch.DO), error="Choose one of: {choices}."),
        metadata={"description": "What is to be done."},
    )
    id = Id(required=True, metadata={"description": "The claim's id; with `add`, the article's."})
    version = Whole(
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={
            "description": "The claim's version that you saw, as `If-Match` names it elsewhere. `add` and "
            "`add_evidence` need none. Each change of a claim makes its version one higher, also here."
        },
    )
    body = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": "What the operation's own route takes, such as `reason` of `dismiss`."},
    )


class BatchIn(In):
    """Operations, to be done in order."""

    atomic = YesNo(
        load_default=True,
        metadata={"description": "All or nothing; with false, each operation stands for itself."},
    )
    operations = fields.List(
        fields.Nested(OperationIn),
        required=True,
        validate=validate.Length(min=1, max=batch.MOST, error=f"Send 1 to {batch.MOST:,} operations."),
        metadata={"description": f"1 to {batch.MOST:,} operations."},
    )


class BatchItemOut(PlainOut):
    """What came of one operation."""

    status = fields.Integer(
        metadata={"description": "What its own route would have answered, such as 200, 201, 409 or 412."}
    )
    claim = fields.Nested(
        StatusOut,
        allow_none=True,
        metadata={"description": "The claim as it stands after the call; null where there is a problem."},
    )
    made = fields.String(
        allow_none=True,
        metadata={
            "description": "With `add_evidence` and `propose`: the id of what was made; else null.",
            "format": "uuid",
        },
    )
    problem = fields.Nested(
        Problem, allow_none=True, metadata={"description": "Why it was not done; null where it was."}
    )


class BatchOut(PlainOut):
    """What came of the operations."""

    items = fields.List(
        fields.Nested(BatchItemOut), metadata={"description": "One for each operation, in their order."}
    )
    first = fields.Integer(
        allow_none=True,
        metadata={"description": "`seq` of the call's first event, for `POST /undo`; null if there is none."},
    )
    last = fields.Integer(allow_none=True, metadata={"description": "`seq` of its last event."})

"""Events as they go out."""

from marshmallow import fields, validate

from ledger.models import Event
from ledger.schemas.common import In, Out

MAX_SEQ = 2**53 - 1


class EventQuery(In):
    """Which part of the log."""

    first = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=MAX_SEQ),
        metadata={"description": "Place of the first event wanted: `next` of the page before."},
    )
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many at most, 1 to 200."},
    )


class EventOut(Out):
    """One change, as recorded in the log; docs/eventlog.md tells how to check it."""

    class Meta(Out.Meta):
        model = Event

    actor_name = fields.String(
        allow_none=True, metadata={"description": "The actor in words; not part of the log."}
    )

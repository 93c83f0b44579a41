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


class LogQuery(EventQuery):
    """Which part of the log, and which events of it."""

    kind = fields.List(
        fields.String(
            validate=validate.Regexp(
                r"[a-z_]{1,29}\.([a-z_]{1,30}|\*)\Z",
                error="Write a kind such as verdict.signed, or a whole noun such as claim.*.",
            )
        ),
        load_default=list,
        validate=validate.Length(max=30),
        metadata={
            "description": "Only events of this kind, or with `claim.*` of this noun; may be repeated."
        },
    )


class EventOut(Out):
    """One change, as recorded in the log; docs/eventlog.md tells how to check it."""

    class Meta(Out.Meta):
        model = Event

    actor_name = fields.String(
        allow_none=True, metadata={"description": "The actor in words; not part of the log."}
    )

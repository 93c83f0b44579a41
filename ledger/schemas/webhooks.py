"""Webhooks and their messages, as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import Attempt, Delivery, DeliveryState, Webhook
from ledger.schemas.columns import auto_field
from ledger.schemas.common import Id, In, Out, PlainOut, Text, Time, YesNo


def _kinds(*, required: bool = True) -> fields.List[str]:
    return fields.List(
        Text(validate=validate.Length(min=1, max=60)),
        required=required,
        validate=validate.Length(min=1, max=60),
        metadata={
            "description": "Which events it is told of: `claim.status_changed`, `correction.published`, "
            "kinds as `verdict.signed`, whole nouns as `claim.*`, or `*`. `GET /webhooks/kinds` lists them.",
            "example": ["claim.status_changed"],
        },
    )


class WebhookIn(In):
    """A new webhook."""

    class Meta(In.Meta):
        model = Webhook

    name = auto_field()
    url = auto_field()
    kinds = _kinds()


class WebhookDetails(In):
    """What changes about a webhook; only what is sent is changed."""

    class Meta(In.Meta):
        model = Webhook

    name = auto_field(required=False)
    url = auto_field(required=False)
    kinds = _kinds(required=False)
    active = YesNo(
        metadata={"description": "Whether messages are sent. Turned on, it begins with what comes."}
    )


class StandingOut(PlainOut):
    """How a webhook does."""

    old_secret_until = Time(
        allow_none=True, metadata={"description": "Until when messages are signed by the secret before, too."}
    )
    failing_since = Time(
        allow_none=True, metadata={"description": "Since when nothing got through, if nothing does."}
    )
    waiting = fields.Integer(metadata={"description": "Messages that wait to be sent."})
    delivered = fields.Integer(metadata={"description": "Messages that were taken, as far as they are kept."})
    failed = fields.Integer(metadata={"description": "Messages that were given up, as far as they are kept."})


class WebhookOut(Out):
    """An address that is told of what happens."""

    class Meta(Out.Meta):
        model = Webhook
        exclude = ("removed_at",)

    standing = fields.Nested(StandingOut, metadata={"description": "How it does."})


class NewSecretOut(WebhookOut):
    """A webhook with its new secret, which is shown this once."""

    class Meta(WebhookOut.Meta):
        pass

    secret = fields.String(metadata={"description": "By what its messages are signed: `whsec_` and base64."})


class KindsOut(PlainOut):
    """What a webhook may be told of."""

    kinds = fields.List(fields.String(), metadata={"description": "Besides `*`, which is all of the log's."})


class DeliveryQuery(In):
    """Which messages."""

    after = Id(metadata={"description": "The cursor `next` of the page before."})
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many at most, 1 to 200."},
    )
    state = fields.String(
        validate=validate.OneOf([str(state) for state in DeliveryState]),
        metadata={"description": "Only those that are so far."},
    )


class AttemptOut(Out):
    """One try to deliver a message."""

    class Meta(Out.Meta):
        model = Attempt
        exclude = ("delivery_id",)


class DeliveryOut(Out):
    """One message to one webhook."""

    class Meta(Out.Meta):
        model = Delivery
        # `attempts` is the tries themselves here.
        exclude = ("attempts",)

    tries = fields.List(fields.Nested(AttemptOut), metadata={"description": "What came of it, oldest first."})

"""Evidence as it comes in and goes out."""

from marshmallow import fields, validate

from ledger.models import Capture, Evidence
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, PickedOut


class EvidenceDetails(In):
    """What is said about a piece of evidence; only what is sent is changed."""

    class Meta(In.Meta):
        model = Evidence

    stance = auto_field(required=False)
    quote = auto_field(validate=validate.Length(max=10_000))
    title = auto_field()
    publisher = auto_field()
    published = auto_field()
    note = auto_field()


class EvidenceIn(EvidenceDetails):
    """A new piece of evidence."""

    class Meta(EvidenceDetails.Meta):
        pass

    url = auto_field()
    stance = auto_field()


class EvidenceWithdrawIn(In):
    """Why a piece of evidence is taken back."""

    class Meta(In.Meta):
        model = Evidence

    reason = auto_field("withdrawn_reason", attribute="reason", required=True, allow_none=False)


class CaptureOut(Out):
    """What the address held when we looked; its bytes are kept by their hash."""

    class Meta(Out.Meta):
        model = Capture
        exclude = ("text",)


class CaptureTextOut(PickedOut):
    """The text in what the address held, with the hash of the bytes that it was read from."""

    class Meta(PickedOut.Meta):
        model = Capture

    id = auto_field()
    sha256 = auto_field()
    text = auto_field()


class EvidenceOut(Out):
    """A piece of evidence with the capture of it."""

    class Meta(Out.Meta):
        model = Evidence
        exclude = ("capture_id",)

    capture = fields.Nested(
        CaptureOut, allow_none=True, metadata={"description": "The capture of it, if one was asked for."}
    )

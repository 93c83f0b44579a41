"""Verdicts and signatures as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import Signature, Verdict
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, In, Out, Person, PlainOut, Text, Time, Whole, YesNo
from ledger.services.blind import Choice
from ledger.services.corrections import LONGEST_REASON
from ledger.services.differences import DIFFERENCES


class VerdictIn(In):
    """A rating with its reasoning."""

    class Meta(In.Meta):
        model = Verdict

    scale = auto_field(required=False)
    code = auto_field()
    label = auto_field(
        required=False,
        allow_none=True,
        metadata={"description": "The verdict in a sentence, where the scale takes one's own words."},
    )
    rationale = auto_field(validate=validate.Length(max=20_000))


class SignIn(In):
    """A signature: the digest says what exactly is signed."""

    class Meta(In.Meta):
        model = Signature

    digest = auto_field(metadata={"description": "The digest of the verdict as you saw it."})
    note = auto_field()
    override = YesNo(
        load_default=False,
        metadata={"description": "Sign alone what you proposed; needs `verdicts:override` and a note."},
    )
    correction = Text(
        allow_none=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "description": "Why what readers were told changes; it stands with the correction. Needed where "
            "this verdict takes the place of another one that an open report told."
        },
    )


class SendBackIn(In):
    """Why a verdict is sent back, and what the second reader would say."""

    class Meta(In.Meta):
        model = Verdict

    reason = auto_field("sent_back_reason", attribute="reason", required=True, allow_none=False)
    code = auto_field("sent_back_code", attribute="code", required=False)


class RateIn(In):
    """A second rating, given without knowing the first."""

    class Meta(In.Meta):
        model = Verdict

    digest = auto_field(metadata={"description": "The digest of the sealed verdict, as you saw it."})
    code = auto_field(metadata={"description": "Your rating, on the verdict's own scale."})
    label = auto_field(
        required=False,
        allow_none=True,
        metadata={"description": "Your rating in a sentence, where the scale takes one's own words."},
    )
    rationale = auto_field(
        validate=validate.Length(max=20_000), metadata={"description": "Your own reasoning, for the reader."}
    )


class DecideIn(In):
    """An editor's decision between two readers who differ."""

    class Meta(In.Meta):
        model = Signature

    digest = auto_field(metadata={"description": "The digest of the verdict as you saw it."})
    choose = fields.String(
        required=True,
        validate=validate.OneOf([str(one) for one in Choice], error="Choose one of: {choices}."),
        metadata={"description": "Whose rating is to count."},
    )
    note = auto_field(required=True, allow_none=False, metadata={"description": "Why, for the reader."})


class RenewIn(In):
    """That a stale verdict still holds."""

    class Meta(In.Meta):
        model = Signature

    claim_version = Whole(
        required=True,
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={"description": "The version of the claim that you looked at."},
    )
    note = auto_field(
        required=True, allow_none=False, metadata={"description": "Why it still holds, for the reader."}
    )
    override = YesNo(
        load_default=False,
        metadata={"description": "Sign alone what you proposed; needs `verdicts:override`."},
    )


class SealedOut(PlainOut):
    """What you said in a verdict that is sealed until the second reader has rated too."""

    code = fields.String(metadata={"description": "Your rating."})
    label = fields.String(metadata={"description": "Its words."})
    number = fields.Float(allow_none=True, metadata={"description": "Its number, if it has one."})
    status_word = fields.String(metadata={"description": "The status that it would give."})
    rationale = fields.String(metadata={"description": "Your reasoning."})


class DifferenceOut(PlainOut):
    """One thing that is otherwise than when a verdict was proposed."""

    what = fields.String(
        validate=validate.OneOf(DIFFERENCES), metadata={"description": "What kind of thing changed."}
    )
    fate = fields.String(
        allow_none=True,
        metadata={
            "description": "Of a span: changed, ambiguous, orphaned, cut, placed anew, added or removed."
        },
    )
    subject = fields.String(
        allow_none=True, metadata={"description": "Which piece of evidence: its title or address."}
    )
    was = fields.String(allow_none=True, metadata={"description": "The words then."})
    now = fields.String(allow_none=True, metadata={"description": "The words now."})
    by = Person(allow_none=True, metadata={"description": "Who did it, where that is known."})
    at = Time(allow_none=True, metadata={"description": "When, where that is known."})
    note = fields.String(allow_none=True, metadata={"description": "The reason that was given."})


class DifferencesOut(PlainOut):
    """What changed under a verdict."""

    items = fields.List(fields.Nested(DifferenceOut), metadata={"description": "Nothing, if it still fits."})


class SignatureOut(Out):
    """One person's signature under a verdict."""

    class Meta(Out.Meta):
        model = Signature
        exclude = ("verdict_id", "proposer_id", "account_id")

    account = auto_field("account_id", attribute="account_id")


class SignedSpanOut(PlainOut):
    """A place of a claim as it is signed; offsets count code points of that revision's text."""

    appearance = fields.String(metadata={"description": "The appearance's id.", "format": "uuid"})
    revision = fields.String(metadata={"description": "The revision that was read.", "format": "uuid"})
    start = fields.Integer(metadata={"description": "Offset of its first character."})
    end = fields.Integer(metadata={"description": "Offset after its last character."})
    exact = fields.String(metadata={"description": "The words, verbatim."})
    fate = fields.String(metadata={"description": "What had become of them: same, moved or cut."})
    placed_at = fields.String(
        allow_none=True, metadata={"description": "When a person last said where it stands, or null."}
    )


class VerdictOut(Out):
    """A verdict with the signatures under it."""

    class Meta(Out.Meta):
        model = Verdict

    spans = fields.List(
        fields.Nested(SignedSpanOut),
        allow_none=True,
        metadata={
            "description": "The places of its claim as they are signed; null for verdicts from before texts "
            "were revised."
        },
    )

    signatures = fields.List(fields.Nested(SignatureOut), metadata={"description": "Oldest first."})


class RatingOut(PlainOut):
    """One rating of a scale."""

    code = fields.String(metadata={"description": "What `code` of a verdict names."})
    label = fields.String(
        allow_none=True, metadata={"description": "Its words; null where one writes them oneself."}
    )
    number = fields.Float(allow_none=True, metadata={"description": "Its number; null where it has none."})
    status = fields.String(metadata={"description": "The status of a claim that has it."})


class ScaleOut(PlainOut):
    """A scale of ratings."""

    id = fields.String(metadata={"description": "What `scale` of a verdict names."})
    version = fields.Integer(metadata={"description": "A changed scale gets the next one."})
    name = fields.String(metadata={"description": "Its name."})
    note = fields.String(metadata={"description": "Where it comes from."})
    own_words = fields.Boolean(metadata={"description": "Whether a verdict is a sentence of one's own."})
    ratings = fields.List(fields.Nested(RatingOut), metadata={"description": "Its ratings."})

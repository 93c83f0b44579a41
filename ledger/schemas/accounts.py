"""People, tokens and who is asking, as they come in and go out."""

from marshmallow import fields

from ledger.models import Account, Token
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, PersonOut, PlainOut, Time


class AccountIn(In):
    """A new person."""

    class Meta(In.Meta):
        model = Account

    email = auto_field()
    name = auto_field()
    role = auto_field()


class AccountDetails(In):
    """What changes about a person; only what is sent is changed."""

    class Meta(In.Meta):
        model = Account

    name = auto_field(required=False)
    role = auto_field(required=False)
    active = auto_field(required=False)


class AccountOut(Out):
    """A person."""

    class Meta(Out.Meta):
        model = Account


class ColleagueOut(Out):
    """A person as colleagues see them."""

    class Meta(Out.Meta):
        model = Account
        fields = ("id", "name", "role")


class LinkOut(PlainOut):
    """A one-time sign-in link; it is shown this once."""

    url = fields.String(metadata={"description": "Where the person signs in.", "format": "uri"})
    expires_at = Time(metadata={"description": "Until when it is good."})


class TokenOut(Out):
    """A program's key; the secret itself was shown once, when it was made."""

    class Meta(Out.Meta):
        model = Token
        exclude = ("account_id",)

    account = auto_field("account_id", attribute="account_id")
    last_used_at = Time(
        allow_none=True, metadata={"description": "When it was last used, to about ten minutes."}
    )


class PolicyOut(PlainOut):
    """What the desk asks of a verdict."""

    signatures = fields.String(metadata={"description": "People who settle a verdict: one or two."})
    min_evidence = fields.Integer(metadata={"description": "Pieces of evidence, unless it is unproven."})
    scale = fields.String(metadata={"description": "The scale that is used unless another is named."})


class MeOut(PlainOut):
    """Who is asking."""

    account = fields.Nested(PersonOut, metadata={"description": "Whose token it is."})
    actor = fields.String(metadata={"description": "How the log names what this token does."})
    permissions = fields.List(fields.String(), metadata={"description": "What this token may do."})
    policy = fields.Nested(PolicyOut, metadata={"description": "What the desk asks of a verdict."})

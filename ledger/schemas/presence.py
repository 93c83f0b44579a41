"""Presence as it goes out."""

from marshmallow import fields, validate

from ledger.schemas.common import Id, In, Person, PlainOut, Text, Time, YesNo


def _page() -> Text:
    return Text(
        required=True,
        validate=validate.Regexp(
            r"^[A-Za-z0-9-]{8,36}$", error="Name the page with 8 to 36 letters, digits and hyphens."
        ),
        metadata={
            "description": "A name of your own making for what you have open, a new one each time it is "
            "opened: 8 to 36 letters, digits and hyphens.",
            "example": "01a2060b-e223-782a-96f6-dd90419789f1",
        },
    )


class PresenceIn(In):
    """That you have an article open."""

    page = _page()
    claim_id = Id(allow_none=True, metadata={"description": "The claim at hand, if one is."})
    editing = YesNo(load_default=False, metadata={"description": "Whether you are typing."})


class LeaveIn(In):
    """What you have closed."""

    page = _page()


class PresenceOut(PlainOut):
    """One open page of one person."""

    account = Person(attribute="account_id", metadata={"description": "Who."})
    claim_id = fields.String(
        allow_none=True, metadata={"description": "The claim at hand, if one is.", "format": "uuid"}
    )
    editing = fields.Boolean(metadata={"description": "Whether they are typing."})
    seen_at = Time(metadata={"description": "When the page was last heard of."})

"""Presence as it goes out."""

from marshmallow import fields

from ledger.schemas.common import Person, PlainOut, Time


class PresenceOut(PlainOut):
    """One open page of one person."""

    account = Person(attribute="account_id", metadata={"description": "Who."})
    claim_id = fields.String(
        allow_none=True, metadata={"description": "The claim at hand, if one is.", "format": "uuid"}
    )
    editing = fields.Boolean(metadata={"description": "Whether they are typing."})
    seen_at = Time(metadata={"description": "When the page was last heard of."})

"""Saved views as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import SavedView
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, YesNo


class ViewIn(In):
    """A search to be saved."""

    class Meta(In.Meta):
        model = SavedView

    name = auto_field()
    lists = auto_field()
    query = auto_field()
    shared = YesNo(load_default=False, metadata={"description": "Whether everybody sees it."})


class ViewDetails(In):
    """What changes about a view; only what is sent is changed."""

    class Meta(In.Meta):
        model = SavedView

    name = auto_field(required=False)
    query = auto_field(required=False)
    shared = YesNo(metadata={"description": "Whether everybody sees it."})


class ViewQuery(In):
    """Which views."""

    lists = fields.String(
        validate=validate.OneOf(["claims", "articles"]),
        metadata={"description": "Only views of claims, or of articles."},
    )


class ViewOut(Out):
    """A search of the desk under a name."""

    class Meta(Out.Meta):
        model = SavedView

"""Watches of articles, as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import Watch
from ledger.schemas.columns import auto_field
from ledger.schemas.common import Id, In, PickedOut, Time, YesNo
from ledger.services.watches import EVERY

_EVERY = [*EVERY, "off"]


class WatchIn(In):
    """How often an article's address is to be fetched again."""

    every = fields.String(
        required=True, validate=validate.OneOf(_EVERY), metadata={"description": "How often, or `off`."}
    )


class WatchQuery(In):
    """Which watches."""

    after = Id(metadata={"description": "The cursor `next` of the page before."})
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many at most, 1 to 200."},
    )


class WatchOut(PickedOut):
    """The watch of an article's address."""

    class Meta(PickedOut.Meta):
        model = Watch

    article_id = auto_field()
    title = fields.String(metadata={"description": "The article's headline."})
    version = fields.Integer(metadata={"description": "The article's version; changing the watch names it."})
    url = fields.String(allow_none=True, metadata={"description": "The article's address."})
    every = fields.String(
        validate=validate.OneOf(_EVERY), metadata={"description": "How often it is fetched, or `off`."}
    )
    due_at = Time(allow_none=True, metadata={"description": "When it is fetched next."})
    checked_at = Time(allow_none=True, metadata={"description": "When it was last fetched."})
    outcome = fields.String(
        allow_none=True,
        metadata={
            "description": "What came of it: `same`, `revised` (another text is the next revision), `unlike` "
            "(it has hardly any of the article's words, and waits for a person) or `failed`."
        },
    )
    problem = fields.String(allow_none=True, metadata={"description": "Why there is no new text."})
    failures = fields.Integer(metadata={"description": "Failures one after another."})
    revision_id = fields.String(
        allow_none=True,
        metadata={"description": "The newest text that it brought in.", "format": "uuid"},
    )
    under_way = YesNo(metadata={"description": "Whether it is fetched just now, or about to be."})

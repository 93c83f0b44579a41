"""Articles as they come in and go out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from ledger.models import DEFAULT_DESK, Article, Revision, Status
from ledger.schemas.columns import auto_field
from ledger.schemas.common import Id, In, Out, PageQuery, PlainOut, Text


class ArticleDetails(In):
    """What is said about an article; only what is sent is changed."""

    class Meta(In.Meta):
        model = Article

    title = auto_field(required=False)
    byline = auto_field()
    publisher = auto_field()
    published = auto_field()
    language = auto_field()
    url = auto_field()
    desk_id = Id(metadata={"description": "The desk that it belongs to; else the default one."})
    due_at = Text(
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={
            "description": "When its claims are to be cleared by: a time with its zone, or a day, meaning "
            "its end in UTC. Null takes it away.",
            "example": "2026-12-01",
        },
    )
    tags = fields.List(
        Text(validate=validate.Length(max=40)),
        allow_none=True,
        validate=validate.Length(max=20),
        metadata={"description": "Words that the desk sorts by, in lower case; those left out go."},
    )


class ArticleIn(ArticleDetails):
    """A new article: its text, or the address to fetch it from. Details win over what was read."""

    class Meta(ArticleDetails.Meta):
        pass

    # No `Text`: an article may hold any character; the reader cleans it.
    text = fields.String(
        validate=validate.Length(min=1), metadata={"description": "The article's text, as plain text."}
    )

    @ma.validates_schema
    def _text_or_url(self, data: dict[str, object], **_: object) -> None:
        if data.get("text") is None and not data.get("url"):
            raise ma.ValidationError("Send the text, or the url to fetch it from.", "text")


class ArticleQuery(PageQuery):
    """Which articles."""

    q = Text(
        validate=validate.Length(max=200),
        metadata={"description": "Words that title, publisher or address contain."},
    )
    desk_id = Id(metadata={"description": "Only articles of this desk."})

    search = Text(
        validate=validate.Length(max=2000),
        metadata={
            "description": "A search in the words of the desk's search field, such as "
            '`state:stale publisher:"The Guardian"`.',
            "example": "state:open due:overdue",
        },
    )
    order = fields.String(
        load_default="new",
        validate=validate.OneOf(["new", "old", "changed", "due", "pressing"]),
        metadata={
            "description": "`new` first; `pressing`: those with stale claims first, then by the date that "
            "they are due."
        },
    )


class BlockOut(PlainOut):
    """A part of a text."""

    kind = fields.String(metadata={"description": "title, heading, paragraph, list item, quote …"})
    start = fields.Integer(metadata={"description": "Offset of its first character, in code points."})
    end = fields.Integer(metadata={"description": "Offset after its last character."})


class RevisionOut(Out):
    """One immutable text of an article."""

    class Meta(Out.Meta):
        model = Revision
        exclude: tuple[str, ...] = ("fates",)

    blocks = fields.List(fields.Nested(BlockOut), metadata={"description": "The parts of the text."})


class DeskId(fields.String):
    """The default desk's id stands for none."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return value or DEFAULT_DESK


class ArticleOut(Out):
    """An article, with how far its claims have come."""

    class Meta(Out.Meta):
        model = Article
        exclude = ("first_sha256",)

    desk_id = DeskId(metadata={"description": "The desk that it belongs to.", "format": "uuid"})
    progress = fields.Dict(
        keys=fields.String(validate=validate.OneOf([str(status) for status in Status])),
        values=fields.Integer(),
        metadata={"description": "Number of its claims by status."},
    )


class ArticleFileOut(ArticleOut):
    """An article with its current text."""

    class Meta(ArticleOut.Meta):
        pass

    revision = fields.Nested(RevisionOut, metadata={"description": "The current revision."})


class ArticleAddedOut(PlainOut):
    """What came of bringing an article in."""

    created = fields.Boolean(metadata={"description": "False if exactly this text was there already."})
    candidates = fields.Integer(
        metadata={"description": "Number of candidates found just now that the desk shows."}
    )
    later = fields.Boolean(
        metadata={"description": "True if the claims are still to be found, in the background."}
    )
    article = fields.Nested(ArticleOut, metadata={"description": "The article, new or not."})

"""Imports, as they are asked for and told of."""

from typing import Any

import marshmallow as ma
import orjson
from marshmallow import fields, validate

from ledger.models import JobState
from ledger.schemas.common import Id, PlainOut, Text, Time
from ledger.services.imports import FIELDS, FORMATS

_FORMAT: Any = validate.OneOf(list(FORMATS), error="Choose one of: {choices}.")
_FORMATS = " ".join(f"`{name}`: {one.about}" for name, one in FORMATS.items())


class Mapping(Text):
    """Which column holds what, as JSON: {field: column}."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            mapping = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ma.ValidationError('Write JSON such as {"statement": "Claim"}.') from error
        texts = isinstance(mapping, dict) and all(isinstance(column, str) for column in mapping.values())
        if not texts or not mapping:
            raise ma.ValidationError('Write JSON such as {"statement": "Claim"}.')
        return mapping


class LookQuery(ma.Schema):
    """What is asked of a file that is only looked at."""

    class Meta:
        unknown = ma.RAISE


class ImportQuery(ma.Schema):
    """How a file is to be brought in."""

    class Meta:
        unknown = ma.RAISE

    format = Text(
        validate=_FORMAT,
        metadata={"description": f"What the file is; else its beginning tells. {_FORMATS}"},
    )
    mapping = Mapping(
        metadata={
            "description": "Of a `csv`: which column holds what, as a JSON object {field: column}; else the "
            f"columns' names tell. Fields: {', '.join(FIELDS)}.",
            "example": '{"statement": "Claim", "url": "Link"}',
        }
    )
    name = Text(
        validate=validate.Length(min=1, max=255),
        metadata={"description": "The file's name; a form's part has one of its own."},
    )
    desk_id = Id(metadata={"description": "The desk that its articles belong to; else the default one."})
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Change nothing, and tell what would come of it."}
    )


class ImportCountsOut(PlainOut):
    """What came of an import so far; of a dry run, what would come of it."""

    rows = fields.Integer(metadata={"description": "Rows, reviews or annotations that were read."})
    claims = fields.Integer(metadata={"description": "Claims that are new."})
    places = fields.Integer(metadata={"description": "Places in which the new claims stand."})
    sources = fields.Integer(metadata={"description": "Pieces of evidence that are new."})
    articles = fields.Integer(metadata={"description": "Articles of quoted words that are new."})
    there = fields.Integer(metadata={"description": "Rows whose claim was there already."})
    refused = fields.Integer(metadata={"description": "Rows that can't be taken."})


class RefusedOut(PlainOut):
    """A row that can't be taken."""

    row = fields.Integer(metadata={"description": "Its place in the file, from 1."})
    field = fields.String(
        allow_none=True, metadata={"description": "What of it is wrong, where it is one thing."}
    )
    reason = fields.String(metadata={"description": "Why, and what would be right."})
    shown = fields.String(metadata={"description": "How it begins."})


class ImportOut(PlainOut):
    """An import."""

    id = fields.String(metadata={"description": "The import's id.", "format": "uuid"})
    name = fields.String(metadata={"description": "The file's name."})
    format = fields.String(validate=_FORMAT, metadata={"description": "What the file is."})
    mapping = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        allow_none=True,
        metadata={"description": "Which column holds what, if that was told."},
    )
    desk_id = fields.String(
        allow_none=True, metadata={"description": "The desk; null for the default one.", "format": "uuid"}
    )
    dry_run = fields.Boolean(metadata={"description": "Whether it changes nothing."})
    state = fields.String(
        validate=validate.OneOf([str(state) for state in JobState]),
        metadata={"description": "queued, running, done or failed."},
    )
    share = fields.Float(
        validate=validate.Range(min=0, max=1),
        metadata={"description": "How much of the file is done, 0 to 1."},
    )
    counts = fields.Nested(ImportCountsOut, metadata={"description": "What came of it so far."})
    passed = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "What was left out without fault, and how often."},
    )
    refused = fields.List(
        fields.Nested(RefusedOut),
        metadata={"description": "The first 1,000 rows that can't be taken; `counts` has the number of all."},
    )
    error = fields.String(
        allow_none=True,
        metadata={"description": "Why it stopped; what was in by then stays, and taking it again goes on."},
    )
    account_id = fields.String(metadata={"description": "Who asked for it.", "format": "uuid"})
    created_at = Time(metadata={"description": "When it was asked for."})
    finished_at = Time(allow_none=True, metadata={"description": "When it came to an end."})


class TableLookOut(PlainOut):
    """A table before it is brought in."""

    columns = fields.List(fields.String(), metadata={"description": "The names in its first row."})
    mapping = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Which column is likely to hold what: {field: column}."},
    )
    rows = fields.List(fields.List(fields.String()), metadata={"description": "Its first rows."})
    encoding = fields.String(metadata={"description": "How its letters are written."})
    separator = fields.String(metadata={"description": "What stands between its cells."})

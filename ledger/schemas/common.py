"""What all schemas share: fields made from the columns, so that each is stated once, in its model.

Length, range, allowed values, description and nullability come from `Field(...)` and from the table's
CHECK constraints. A column that names an account becomes a `Person`, with the name beside the id.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, get_args, get_origin

import marshmallow as ma
import sqlalchemy as sa
from marshmallow import fields, validate

from ledger.eventlog.canonical import timestamp
from ledger.models.base import ID_LENGTH, Json, Moment
from ledger.schemas.columns import Schema

Names = Callable[[Iterable[str | None]], Mapping[str, str]]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_INT = 2**31 - 1
_people: ContextVar[list[dict[str, Any]] | None] = ContextVar("people", default=None)


class Text(fields.String):
    """A string that the database can hold."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is not None and ("\x00" in text or not _is_unicode(text)):
            raise ma.ValidationError("Leave out the character U+0000 and lone surrogates.")
        return text


class Id(Text):
    """The id of a record, which need not be there."""

    def __init__(self, *, metadata: dict[str, Any], **more: Any) -> None:
        super().__init__(metadata={"format": "uuid", **metadata}, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        id = str(super()._deserialize(value, attr, data, **kwargs))
        # An empty filter would otherwise ask for everything.
        if not _UUID.fullmatch(id):
            raise ma.ValidationError("Write an id, such as 01a2060b-e223-782a-96f6-dd90419789f1.")
        return id.lower()


def counted_from_nothing(noun: str) -> Any:
    """The version of what is shown before it is a row: a default that nobody has changed yet."""
    return fields.Integer(
        validate=validate.Range(min=0),
        metadata={"description": f"Counts the changes of the {noun}, 0 before the first; edits name it."},
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Whole(fields.Integer):
    """A JSON number that is whole; neither a string that looks like one nor true."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        whole = (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, float) and value.is_integer()
        )
        if not whole:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class YesNo(fields.Boolean):
    """JSON's true or false, and nothing that merely resembles them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Time(fields.AwareDateTime):
    """A point in time: RFC 3339, out always in UTC with a Z."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else timestamp(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


class PersonOut(ma.Schema):
    """An account by id and name."""

    id = fields.String(required=True, metadata={"description": "The account's id.", "format": "uuid"})
    name = fields.String(required=True, allow_none=True, metadata={"description": "Name as others see it."})


class Person(fields.Nested):
    """An account's id, shown with its name; `shown` fills the names in, all with one query."""

    def __init__(self, **more: Any) -> None:
        # Length and format are those of an id, and this is an object.
        more.pop("validate", None)
        more.get("metadata", {}).pop("format", None)
        super().__init__(PersonOut, **more)

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if nested_obj is None:
            return None
        person = {"id": nested_obj, "name": None}
        known = _people.get()
        if known is not None:
            known.append(person)
        return person


def shown(schema: ma.Schema, value: Any, names: Names) -> Any:
    """`value` as the API shows it, with the names of all people in it."""
    found: list[dict[str, Any]] = []
    token = _people.set(found)
    try:
        body = schema.dump(value)
    finally:
        _people.reset(token)
    known = names({person["id"] for person in found}) if found else {}
    for person in found:
        person["name"] = known.get(person["id"])
    return body


_KINDS: dict[type[Any], type[fields.Field[Any]]] = {
    Moment: Time,
    sa.Float: fields.Float,
    sa.Integer: Whole,
    sa.BigInteger: Whole,
    sa.Boolean: YesNo,
    sa.String: Text,
    sa.Text: Text,
}


def field_for(model: Any, column: sa.Column[Any]) -> Callable[..., fields.Field[Any]]:
    """A column's field, with what its model says of it; what a schema says itself is put over that."""

    def make(**given: Any) -> fields.Field[Any]:
        field: fields.Field[Any] = _kind(model, column)(**_said(model, column) | given)
        return field

    return make


def _kind(model: Any, column: sa.Column[Any]) -> Any:
    if any(key.target_fullname == "account.id" for key in column.foreign_keys):
        return Person
    if column.type is Json:
        return _json_field(model.model_fields[column.key].annotation)
    # SQLModel's own kind of text stands for one of SQLAlchemy's.
    kinds = [*type(column.type).__mro__, *type(getattr(column.type, "impl", None)).__mro__]
    return next(_KINDS[kind] for kind in kinds if kind in _KINDS)


def _said(model: Any, column: sa.Column[Any]) -> dict[str, Any]:
    info, length = model.model_fields[column.key], getattr(column.type, "length", None)
    metadata: dict[str, Any] = {}
    checked: list[Any] = [] if length is None else [validate.Length(max=length)]
    if info.description:
        metadata["description"] = info.description
    if length == ID_LENGTH:
        metadata["format"] = "uuid"
    shortest = next((m.min_length for m in info.metadata if hasattr(m, "min_length")), None)
    if shortest:
        checked.append(validate.Length(min=shortest))
    known = checks(column.table).get(column.key, ())
    if any(isinstance(one, validate.OneOf) for one in known):
        # The allowed values say all that there is to say about length.
        checked = []
    counted = column.table.autoincrement_column is column
    filled = column.default is not None or column.server_default is not None or counted
    said = {
        "metadata": metadata,
        "validate": [*checked, *known],
        "required": not column.nullable and not filled,
    }
    return said | ({"allow_none": True} if column.nullable else {})


def _json_field(annotation: Any) -> Any:
    inner = [one for one in get_args(annotation) if one is not type(None)]
    kind = annotation if get_origin(annotation) in (list, dict) else inner[0]
    if get_origin(kind) is list:
        inside: fields.Field[Any] = Text() if get_args(kind) == (str,) else fields.Dict()
        return partial(fields.List, inside)
    return fields.Dict


@cache
def checks(table: sa.Table) -> dict[str, tuple[validate.Validator, ...]]:
    """What the table's CHECK constraints say of single columns: allowed values, bounds, exact length."""
    found: dict[str, tuple[validate.Validator, ...]] = {}
    for constraint in table.constraints:
        if not isinstance(constraint, sa.CheckConstraint):
            continue
        text = str(constraint.sqltext)
        if match := re.fullmatch(r"(\w+) IN \((.+)\)", text):
            words = re.findall(r"'([^']*)'", match[2])
            values = words or [int(number) for number in match[2].split(",")]
            found[match[1]] = (validate.OneOf(values, error="Choose one of: {choices}."),)
        elif match := re.fullmatch(r"length\((\w+)\) = (\d+)", text):
            found[match[1]] = (validate.Length(equal=int(match[2])),)
        elif match := re.fullmatch(r"(?:(\w+) IS NULL OR )?\(?(\w+) >= (\d+)(?: AND \2 <= (\d+))?\)?", text):
            high = int(match[4]) if match[4] else None
            found[match[2]] = (validate.Range(min=int(match[3]), max=high),)
    return found


class In(Schema):
    """A body or a query: what is not known is refused, so that no misspelling is silently ignored."""

    TYPE_MAPPING = {**ma.Schema.TYPE_MAPPING, str: Text}

    class Meta:
        field_for = field_for
        unknown = ma.RAISE


class Nothing(ma.Schema):
    """An empty object, or no body at all."""

    class Meta:
        unknown = ma.RAISE


class Out(Schema):
    """A record as it goes out, made from its model. Every field is always there; some may be null."""

    class Meta:
        field_for = field_for
        every = True
        unknown = ma.EXCLUDE

    def _init_fields(self) -> None:
        super()._init_fields()
        # The record's own columns first, then what was added to them.
        known = {name: place for place, name in enumerate(getattr(self.opts.model, "model_fields", ()))}
        for name in ("fields", "dump_fields"):
            found = getattr(self, name)
            in_order = sorted(found.items(), key=lambda field: known.get(field[0], len(known)))
            setattr(self, name, dict(in_order))


class PickedOut(Schema):
    """Some fields of a record."""

    class Meta:
        field_for = field_for
        unknown = ma.EXCLUDE


class PlainOut(Schema):
    """Something that goes out and is no record."""

    class Meta:
        unknown = ma.EXCLUDE


class PageQuery(In):
    """Which part of a list."""

    after = Text(
        validate=validate.Length(max=400), metadata={"description": "The cursor `next` of the page before."}
    )
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many at most, 1 to 200."},
    )


def below_too() -> fields.Boolean:
    """The parameter that asks for candidates which their desk does not show."""
    about = "Also candidates below the threshold of their desk; else they are left out."
    return fields.Boolean(load_default=False, metadata={"description": about})


class BelowQuery(PageQuery):
    """Which part of a list, and whether with what a desk does not show."""

    below = below_too()


@cache
def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of such items."""
    name = item.__name__.removesuffix("Out") + "Page"
    return type(
        name,
        (PlainOut,),
        {
            "__doc__": "A page of a list.",
            "items": fields.List(fields.Nested(item), metadata={"description": "In the list's order."}),
            "next": fields.Raw(
                allow_none=True,
                metadata={
                    "type": ["string", "integer"],
                    "description": "Where the next page begins; null on the last one.",
                },
            ),
        },
    )


class ProblemError(ma.Schema):
    """One thing that is wrong."""

    detail = fields.String(required=True, metadata={"description": "What would be right."})
    pointer = fields.String(
        required=True, metadata={"description": "Which field, as a JSON pointer.", "example": "#/statement"}
    )


class Problem(ma.Schema):
    """Problem details (RFC 9457)."""

    class Meta:
        unknown = ma.INCLUDE

    type = fields.String(required=True, metadata={"description": "Always about:blank: go by `code`."})
    title = fields.String(required=True, metadata={"description": "The status in words."})
    status = fields.Integer(required=True, metadata={"description": "The status."})
    detail = fields.String(required=True, metadata={"description": "What happened, for people."})
    code = fields.String(
        required=True,
        metadata={"description": "What happened, for programs; these words stay.", "example": "outdated"},
    )
    errors = fields.List(fields.Nested(ProblemError), metadata={"description": "The fields that are wrong."})
    current = fields.Dict(metadata={"description": "With 412: the record as it stands now."})
    sent = fields.Raw(metadata={"description": "With 412: what you sent, so that both sides are at hand."})
    version = fields.Integer(metadata={"description": "With 412: the version that stands now."})
    claim = fields.String(metadata={"description": "With 409: the claim that is there already."})

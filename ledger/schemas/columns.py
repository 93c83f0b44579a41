"""Schemas whose fields are made from the columns of a model: `auto_field` for one, or all of them.

What a column becomes, `field_for` says, which `common` gives to each kind of schema. This was once a library,
which brought the dialects of databases along that we don't speak: a thirtieth of the start.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from marshmallow.schema import SchemaMeta, SchemaOpts

Convert = Callable[[Any, sa.Column[Any]], Callable[..., ma.fields.Field[Any]]]
_HOOK = "__marshmallow_hook__"


class Auto(ma.fields.Field[Any]):
    """The place of a field that its schema's class makes from a column."""

    def __init__(self, column: str | None, model: Any, given: dict[str, Any]) -> None:
        super().__init__()
        self.column, self.of_model, self.given = column, model, given


def auto_field(column: str | None = None, *, model: Any = None, **given: Any) -> Any:
    """A field made from a column, that of its own name unless one is named; `given` outweighs the column."""
    if column is not None:
        given.setdefault("attribute", column)
    return Auto(column, model, given)


class Options(SchemaOpts):
    """What `Meta` says: `model`, how to make a field of a column, and whether of `every` one."""

    def __init__(self, meta: type) -> None:
        super().__init__(meta)
        self.model: Any = getattr(meta, "model", None)
        self.every: bool = getattr(meta, "every", False)
        self.field_for: Convert = getattr(meta, "field_for", None) or _nothing


class Meta(SchemaMeta):
    """Makes the fields when a schema's class is made."""

    @classmethod
    def get_declared_fields(
        cls,
        klass: Any,
        cls_fields: list[tuple[str, Any]],
        inherited_fields: list[tuple[str, Any]],
        dict_cls: type[dict[Any, Any]] = dict,
    ) -> dict[str, Any]:
        """All fields of a class, those of its columns among them."""
        found: dict[str, Any] = super().get_declared_fields(klass, cls_fields, inherited_fields, dict_cls)
        options = klass.opts
        if options.every and options.model is not None:
            for name in options.model.__table__.columns.keys():  # noqa: SIM118  (a collection of columns)
                # None is for marshmallow, which checks that what is left out could have been there.
                left_out = name in options.exclude
                found[name] = None if left_out else found.get(name) or _made(options, options.model, name, {})
        for name, field in found.items():
            if isinstance(field, Auto) and name not in options.exclude:
                model = field.of_model or options.model
                found[name] = _made(options, model, field.column or name, field.given)
        return found

    def resolve_hooks(self) -> dict[str, list[tuple[str, bool, dict[Any, Any]]]]:
        """The hooks that a class has, looked for where there can be any."""
        known: dict[str, Any] = {}
        for one in self.__mro__:
            if one not in _WITHOUT:
                known = {**one.__dict__, **known}
        hooks: dict[str, list[tuple[str, bool, dict[Any, Any]]]] = defaultdict(list)
        for name in sorted(known):
            for tag, several in getattr(known[name], _HOOK, {}).items():
                hooks[tag].extend((name, many, more) for many, more in several)
        return hooks


def _nothing(_model: Any, column: sa.Column[Any]) -> Any:
    raise TypeError(f"no schema says what the column {column.key} becomes")


def _made(options: Options, model: Any, column: str, given: dict[str, Any]) -> Any:
    return options.field_for(model, model.__table__.columns[column])(**given)


_WITHOUT = frozenset(ma.Schema.__mro__)


class Schema(ma.Schema, metaclass=Meta):
    """A schema that may have fields of columns."""

    OPTIONS_CLASS = Options

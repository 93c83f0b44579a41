"""Asking for the past: the parameter `as_of`, the same wherever it is taken."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields

from ledger.errors import Invalid
from ledger.schemas.common import Text
from ledger.services import past

_LONGEST = 40
_TEXT = Text()
_ABOUT = (
    "As it stood then: a day, meaning its end in UTC (of today: now), or an instant such as "
    "2026-11-23T14:30:00+01:00, in UTC unless it says otherwise. What is still to come is refused."
)


class AsOf(fields.Field[datetime]):
    """A day or an instant that is past, read as a moment in UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"type": "string", "description": _ABOUT, "example": "2026-11-23"}, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        text = str(_TEXT.deserialize(value, attr, data, **kwargs))
        try:
            if len(text) > _LONGEST:
                raise Invalid(f"Write at most {_LONGEST} characters.", field="as_of")
            return past.asked(text)
        except Invalid as error:
            raise ma.ValidationError(error.message) from None


class AsOfQuery(ma.Schema):
    """Now, or as it stood at a time."""

    class Meta:
        unknown = ma.RAISE

    as_of = AsOf()

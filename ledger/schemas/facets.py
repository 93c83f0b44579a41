"""What a list can be narrowed by, as it goes out."""

from marshmallow import fields, validate

from ledger.schemas.common import In, PlainOut, Text
from ledger.store.search import COUNTED


class FacetQuery(In):
    """Of which list."""

    search = Text(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={
            "description": "A search in the words of the desk's search field; without one, the whole list.",
            "example": "status:stale kind:quantity",
        },
    )


class FacetsOut(PlainOut):
    """How many a search finds, and how many it would find with each value of a key."""

    total = fields.Integer(
        metadata={"description": f"How many it finds, as far as {COUNTED:,}; of common words less far."}
    )
    more = fields.Boolean(metadata={"description": "True if it finds more than were counted in `total`."})
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        metadata={
            "description": "By key of the search and value, how many: under the rest of the search, so that "
            "what was chosen of a key leaves its other values in sight. People and desks stand by id, and "
            "`none` for nobody and no rating."
        },
    )
    capped = fields.Boolean(
        metadata={"description": f"True if only the newest were counted in `counts`, {COUNTED:,} at most."}
    )

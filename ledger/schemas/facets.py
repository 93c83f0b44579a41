"""What a list can be narrowed by, as it goes out."""

from marshmallow import fields, validate

from ledger.fulltext import FEW
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
        metadata={
            "description": f"How many it finds; {COUNTED + 1:,} stands for more than {COUNTED:,}, and where "
            f"it looks for common words, {FEW + 1:,} for more than {FEW:,}."
        }
    )
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
        metadata={"description": f"True if only the newest {COUNTED:,} were counted in `counts`."}
    )

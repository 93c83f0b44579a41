"""Taking data out: the claims as CSV."""

from typing import Any

from flask import Response
from marshmallow import fields

from ledger import clock
from ledger.api.claims import search_asked
from ledger.api.nouns import Noun
from ledger.auth.identity import Permission
from ledger.export.csv import MEDIA_TYPE
from ledger.schemas.claims import ClaimQuery
from ledger.services import exports
from ledger.store.claims import Filters
from ledger.web.context import parts, requires

bp = Noun("exports", __name__, about="Taking data out, whole.")


class ClaimExportQuery(ClaimQuery):
    """Which claims, narrowed as in the list, and how they are written."""

    class Meta(ClaimQuery.Meta):
        exclude = ("after", "limit")

    raw = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Leave cells that a spreadsheet may take for a formula as they are. "
            "Otherwise such a cell gets an apostrophe in front."
        },
    )
    bom = fields.Boolean(
        load_default=False,
        metadata={"description": "Put a byte order mark in front, by which Excel knows UTF-8."},
    )


@bp.get("/claims.csv")
@requires(Permission.READ)
@bp.arguments(ClaimExportQuery, location="query")
@bp.response(
    200,
    {"type": "string", "description": "RFC 4180, UTF-8; the first line names the columns."},
    content_type="text/csv",
    headers={"Content-Disposition": {"schema": {"type": "string"}}},
)
def export_claims(query: dict[str, Any]) -> Response:
    """Take claims out as CSV

    One row for each claim, newest first, all of one moment; docs/api.md tells the columns. The
    answer is streamed: if it breaks off, the connection is closed without its proper end.
    """
    raw, bom = query.pop("raw"), query.pop("bom")
    query["where"] = search_asked(query)
    filters = Filters(**{**query, "status": tuple(query["status"]), "kind": tuple(query["kind"])})
    settings, database = parts().settings, parts().database
    return Response(
        exports.claims_csv(database, filters, base_url=settings.address, raw=raw, bom=bom),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="claims-{clock.now():%Y-%m-%d}.csv"',
            # A buffering proxy would hold the rows back until the last one is there.
            "X-Accel-Buffering": "no",
        },
    )

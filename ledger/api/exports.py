"""Taking data out: the claims as CSV, JSON Lines, a workbook, or a data package."""

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import fields, validate

from ledger.api.claims import search_asked
from ledger.api.nouns import Noun
from ledger.auth.identity import Permission
from ledger.schemas.claims import ClaimQuery
from ledger.schemas.common import Id
from ledger.services import exports
from ledger.services.exports import Wish
from ledger.store.claims import Filters
from ledger.web.context import parts, requires
from ledger.web.downloads import download

bp = Noun("exports", __name__, about="Taking data out, whole.")

_RAW = {
    "description": "Leave cells that a spreadsheet may take for a formula as they are. "
    "Otherwise such a cell gets an apostrophe in front."
}
_HEADERS = {
    "Content-Disposition": {"schema": {"type": "string"}},
    "ETag": {
        "description": "Names the state of the ledger that the file is of, a place in the log. It stays the "
        "same until something is written, and for what comes with `after`.",
        "schema": {"type": "string"},
    },
}
_SAME = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag of the part that you have: 412 if the ledger went on since, so that the rest "
    "would be of another state.",
    "schema": {"type": "string"},
}


class ClaimPackageQuery(ClaimQuery):
    """Which claims, narrowed as in the list."""

    class Meta(ClaimQuery.Meta):
        exclude = ("after", "limit")


class ClaimTablesQuery(ClaimPackageQuery):
    """Which claims, and how their words are written."""

    class Meta(ClaimPackageQuery.Meta):
        pass

    raw = fields.Boolean(load_default=False, metadata=_RAW)


class ClaimLinesQuery(ClaimPackageQuery):
    """Which claims, and which part of them."""

    class Meta(ClaimQuery.Meta):
        exclude = ("limit",)

    after = Id(
        metadata={
            "description": "The id of the last claim that you have whole, to go on with a file that broke "
            "off: the claims after that one come, without a head."
        }
    )
    compress = fields.String(
        validate=validate.OneOf(["gzip", "zstd"], error="Choose one of: {choices}."),
        metadata={
            "description": "Make it a packed file, `.gz` or `.zst`. To have it packed on the way only, send "
            "Accept-Encoding."
        },
    )


class ClaimExportQuery(ClaimLinesQuery):
    """Which claims, which part of them, and how they are written."""

    class Meta(ClaimLinesQuery.Meta):
        pass

    raw = fields.Boolean(load_default=False, metadata=_RAW)
    bom = fields.Boolean(
        load_default=False,
        metadata={"description": "Put a byte order mark in front, by which Excel knows UTF-8."},
    )


def _file(media_type: str, description: str) -> Callable[[Any], Any]:
    """What a route of a file answers, and that it knows what the asker has."""
    told = {"type": "string", "description": description}
    describe: Callable[[Any], Any] = bp.response(200, told, content_type=media_type, headers=_HEADERS)

    def decorate(view: Any) -> Any:
        described = describe(view)
        described.gives_etag = True
        return described

    return decorate


@bp.get("/claims.csv")
@requires(Permission.READ)
@bp.arguments(ClaimExportQuery, location="query")
@_file("text/csv", "RFC 4180, UTF-8; the first line names the columns.")
@bp.doc(parameters=[_SAME], responses={412: "PRECONDITION_FAILED"})
def export_claims(query: dict[str, Any]) -> Response:
    """Take claims out as CSV

    One row for each claim, newest first, all of one moment; docs/api.md tells the columns. The
    answer is streamed: if it breaks off, the connection is closed without its proper end.
    """
    return _answer("csv", query)


@bp.get("/claims.jsonl")
@requires(Permission.READ)
@bp.arguments(ClaimLinesQuery, location="query")
@_file("application/jsonl", "A JSON object a line, by the names of the CSV's columns.")
@bp.doc(parameters=[_SAME], responses={412: "PRECONDITION_FAILED"})
def export_claim_lines(query: dict[str, Any]) -> Response:
    """Take claims out as JSON Lines

    As the CSV, but numbers are numbers, and `reasons`, `signed_by`, `stale_reasons`, `evidence` and `tags`
    are lists, evidence with its title, publisher, date and note.
    """
    return _answer("jsonl", query)


@bp.get("/claims.xlsx")
@requires(Permission.READ)
@bp.arguments(ClaimPackageQuery, location="query")
@_file(exports.FORMATS["xlsx"].media_type, "A workbook.")
def export_claim_workbook(query: dict[str, Any]) -> Response:
    """Take claims out as a workbook (XLSX)

    The columns of the CSV. What one sheet can't hold, 1,048,575 claims, goes on in the next; a text of more
    than 32,767 characters is cut, and says so.
    """
    return _answer("xlsx", query)


@bp.get("/claims.zip")
@requires(Permission.READ)
@bp.arguments(ClaimTablesQuery, location="query")
@_file("application/zip", "A zip with datapackage.json and the CSVs.")
def export_claim_package(query: dict[str, Any]) -> Response:
    """Take claims out as a data package

    `claims.csv`, `appearances.csv`, `evidence.csv`, `verdicts.csv`, `events.csv`, and `datapackage.json` with
    a Table Schema for each: the claims that are asked for, and what belongs to them, all of one moment.
    """
    return _answer("package", query)


def _answer(format: exports.Format, query: dict[str, Any]) -> Response:
    how = {name: query.pop(name) for name in ("raw", "bom", "after") if name in query}
    packing = query.pop("compress", None)
    query["where"] = search_asked(query)
    filters = Filters(**{**query, "status": tuple(query["status"]), "kind": tuple(query["kind"])})
    return download(Wish(format, filters, parts().settings.address, packing=packing, **how))

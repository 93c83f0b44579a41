"""Taking data out: the claims as CSV, JSON Lines, workbook, data package, ClaimReviews, Web Annotations."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response
from marshmallow import fields, validate

from ledger.api.claims import search_asked
from ledger.api.nouns import Noun
from ledger.auth.identity import Permission
from ledger.schemas.claims import ClaimQuery
from ledger.schemas.common import MAX_INT, Id
from ledger.services import exports
from ledger.services.exports import Wish
from ledger.store.claims import Filters
from ledger.web.context import parts, requires
from ledger.web.downloads import download
from ledger.web.house import house

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
    "Link": {
        "description": 'With `limit`: where the next part is, `rel="next"`, if there is one.',
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


_IF_THE_SAME: Callable[[Any], Any] = bp.doc(parameters=[_SAME], responses={412: "PRECONDITION_FAILED"})


class ClaimPartQuery(ClaimQuery):
    """Which claims, narrowed as in the list, and which part of them."""

    class Meta(ClaimQuery.Meta):
        pass

    after = Id(
        metadata={
            "description": "The id of the last claim that you have whole, to go on with a file that broke "
            "off: the claims after that one come, in a file of its own; csv and jsonl have no head then."
        }
    )
    limit = fields.Integer(
        validate=validate.Range(min=1, max=MAX_INT),
        metadata={
            "description": "At most so many claims, to take them out part by part; `Link` leads to the next. "
            "Otherwise all."
        },
    )


class ClaimTablesQuery(ClaimPartQuery):
    """Which claims, and how their words are written."""

    class Meta(ClaimPartQuery.Meta):
        pass

    raw = fields.Boolean(load_default=False, metadata=_RAW)


class ClaimTextQuery(ClaimPartQuery):
    """Which claims, and how the file is packed."""

    class Meta(ClaimPartQuery.Meta):
        pass

    compress = fields.String(
        validate=validate.OneOf(["gzip", "zstd"], error="Choose one of: {choices}."),
        metadata={
            "description": "Make it a packed file, `.gz` or `.zst`. To have it packed on the way only, send "
            "Accept-Encoding."
        },
    )


class ClaimAnnotationQuery(ClaimTextQuery):
    """Which claims, and how the file is packed."""

    class Meta(ClaimTextQuery.Meta):
        pass

    after = Id(
        metadata={
            "description": "The id of the last annotation, or of the last claim, that you have whole: what "
            "comes after it, as a collection of its own."
        }
    )


class ClaimExportQuery(ClaimTextQuery):
    """Which claims, which part of them, and how they are written."""

    class Meta(ClaimTextQuery.Meta):
        pass

    raw = fields.Boolean(load_default=False, metadata=_RAW)
    bom = fields.Boolean(
        load_default=False,
        metadata={"description": "Put a byte order mark in front, by which Excel knows UTF-8."},
    )


def _file(media_type: str, description: str, type: str = "string") -> Callable[[Any], Any]:
    """What a route of a file answers, and that it knows what the asker has."""
    told = {"type": type, "description": description}
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
@_IF_THE_SAME
def export_claims(query: dict[str, Any]) -> Response:
    """Take claims out as CSV

    One row for each claim, newest first, all of one moment; docs/api.md tells the columns. The
    answer is streamed: if it breaks off, the connection is closed without its proper end.
    """
    return _answer("csv", query)


@bp.get("/claims.jsonl")
@requires(Permission.READ)
@bp.arguments(ClaimTextQuery, location="query")
@_file("application/jsonl", "A JSON object a line, by the names of the CSV's columns.")
@_IF_THE_SAME
def export_claim_lines(query: dict[str, Any]) -> Response:
    """Take claims out as JSON Lines

    As the CSV, but numbers are numbers, and `reasons`, `signed_by`, `stale_reasons`, `evidence` and `tags`
    are lists, evidence with its title, publisher, date and note.
    """
    return _answer("jsonl", query)


@bp.get("/claims.xlsx")
@requires(Permission.READ)
@bp.arguments(ClaimPartQuery, location="query")
@_file(exports.FORMATS["xlsx"].media_type, "A workbook.")
@_IF_THE_SAME
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
@_IF_THE_SAME
def export_claim_package(query: dict[str, Any]) -> Response:
    """Take claims out as a data package

    `claims.csv`, `appearances.csv`, `evidence.csv`, `verdicts.csv`, `events.csv`, and `datapackage.json` with
    a Table Schema for each: the claims that are asked for, and what belongs to them, all of one moment.
    """
    return _answer("package", query)


@bp.get("/claims.claimreview.json")
@requires(Permission.READ)
@bp.arguments(ClaimTextQuery, location="query")
@_file("application/ld+json", "A DataFeed (schema.org), an element a line.", "object")
@_IF_THE_SAME
def export_claim_reviews(query: dict[str, Any]) -> Response:
    """Take the settled claims out as a DataFeed of ClaimReviews

    Of the claims that are asked for, those with a verdict in force, as `/claimreviews` tells the desk, with
    all that exports can do.
    """
    return _answer("claimreview", query)


@bp.get("/claims.annotations.json")
@requires(Permission.READ)
@bp.arguments(ClaimAnnotationQuery, location="query")
@_file("application/ld+json", "An AnnotationCollection (W3C), an annotation a line.", "object")
@_IF_THE_SAME
def export_claim_annotations(query: dict[str, Any]) -> Response:
    """Take claims out as Web Annotations

    An annotation for each place of each claim that is asked for, without guesses and what was put aside.
    """
    return _answer("annotations", query)


def _answer(format: exports.Format, query: dict[str, Any]) -> Response:
    how = {name: query.pop(name) for name in ("raw", "bom", "after", "limit") if name in query}
    packing = query.pop("compress", None)
    query["where"] = search_asked(query)
    filters = Filters(**{**query, "status": tuple(query["status"]), "kind": tuple(query["kind"])})
    # A file is kept: what it leads to must not depend on the name by which we were asked.
    here = replace(house(), base=parts().settings.address)
    return download(Wish(format, filters, packing=packing, by=here, **how))

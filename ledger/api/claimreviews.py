"""ClaimReview (schema.org): of one claim, and a feed of all."""

import hashlib
from typing import Any

import orjson
from flask import Response, request

from ledger.api.claims import search_asked
from ledger.api.nouns import Noun
from ledger.api.standards import is_public, kept, told
from ledger.errors import Unauthorized
from ledger.eventlog.canonical import timestamp
from ledger.export.claimreview import MEDIA_TYPE
from ledger.export.packing import packed
from ledger.schemas.claims import ClaimQuery
from ledger.services import standards
from ledger.store import standards as store
from ledger.store.claims import Filters
from ledger.web.context import parts, public, session
from ledger.web.downloads import way_asked
from ledger.web.house import house

bp = Noun("claimreviews", __name__, about="Settled verdicts as ClaimReview (schema.org).")

_OPEN = frozenset({"status", "kind", "article_id", "q", "updated_since"})
"""What a feed may be narrowed by without a token; the rest would tell what readers are not told."""


class ClaimReviewQuery(ClaimQuery):
    """Which claims, narrowed as in the list; of these, those with a verdict in force."""

    class Meta(ClaimQuery.Meta):
        exclude = ("after", "limit")


@bp.get("/claims/<id>/claimreview")
@public
@bp.answers(
    200,
    {"type": "object", "description": "ClaimReview, JSON-LD with the context https://schema.org."},
    content_type=MEDIA_TYPE,
)
def show_claim_review(id: str) -> Response:
    """Show the ClaimReview of a claim

    Only a verdict that is signed and still fits has one; else the answer is 404.
    """
    is_open = is_public()
    found, version = standards.review(session(), id, house(), public=is_open)
    body = orjson.dumps(found)
    tag = f"{version}-{hashlib.sha256(body).hexdigest()[:16]}"
    return told(body, tag, media_type=MEDIA_TYPE, public=is_open)


@bp.get("/claimreviews")
@public
@bp.arguments(ClaimReviewQuery, location="query")
@bp.answers(
    200,
    {
        "type": "object",
        "description": "A DataFeed (schema.org); the `item` of each element is a list of one ClaimReview.",
    },
    content_type=MEDIA_TYPE,
)
def list_claim_reviews(query: dict[str, Any]) -> Response:
    """Take out the ClaimReview of every settled claim, as a DataFeed

    Newest claim first, all of one moment, streamed: if it breaks off, the connection is closed without its
    proper end. Without a token it may be narrowed by `status`, `kind`, `article_id`, `q` and `updated_since`.
    """
    is_open = is_public()
    if is_open and (beyond := sorted(set(request.args) - _OPEN)):
        raise Unauthorized(f"Without a token that may read there is no narrowing by {', '.join(beyond)}.")
    query["where"] = search_asked(query)
    filters = Filters(**{**query, "status": tuple(query["status"]), "kind": tuple(query["kind"])})
    by, newest = house(), store.last_change(session())
    # The log's place says all that was written; the rest is who asks for what, and under which name.
    said = repr((newest and newest.seq, is_open, by, sorted(request.args.items(multi=True))))
    tag = hashlib.sha256(said.encode()).hexdigest()[:24]
    # A search may ask for what is mine, or a week old: another answer for others, and later.
    if "search" not in request.args and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        modified = timestamp(newest.at) if newest else None
        pieces = standards.feed(parts().database, filters, by, public=is_open, modified=modified)
        response = Response(packed(pieces, way := way_asked()), content_type=MEDIA_TYPE)
        if way is not None:
            response.headers["Content-Encoding"] = way
        # A buffering proxy would hold the reviews back until the last one is there.
        response.headers["X-Accel-Buffering"] = "no"
    # Weak: how it is packed is not part of what it says.
    response.set_etag(tag, weak=True)
    response.headers["Vary"] = "Accept-Encoding, Authorization"
    return kept(response, public=is_open)

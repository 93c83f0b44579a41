"""Signatures with all that it takes to check them offline."""

from typing import Any

from flask import Response
from marshmallow import fields, validate

from ledger.api.claims import search_asked
from ledger.api.nouns import Noun
from ledger.auth.identity import Permission
from ledger.schemas.claims import ClaimQuery
from ledger.schemas.common import Id
from ledger.services import bundles
from ledger.store import exports as store
from ledger.store.claims import Filters
from ledger.store.stretches import Stretch
from ledger.web.context import parts, requires, session

bp = Noun("bundles", __name__, about="Signatures with all that it takes to check them offline.")

MOST = 200
_BUNDLE = {
    "type": "object",
    "description": "docs/eventlog.md describes it; `ledger verify FILE` and "
    "`python -m ledger.eventlog.bundles FILE` check it.",
}


class BundleQuery(ClaimQuery):
    """Which claims, narrowed as in the list."""

    class Meta(ClaimQuery.Meta):
        pass

    after = Id(
        metadata={"description": "The id of the last claim of the bundle before: the claims after that one."}
    )
    limit = fields.Integer(
        load_default=MOST,
        validate=validate.Range(min=1, max=MOST),
        metadata={"description": "At most so many claims, the newest first."},
    )


@bp.get("/claims.bundle.json")
@requires(Permission.READ)
@bp.arguments(BundleQuery, location="query")
@bp.response(200, _BUNDLE, content_type=bundles.MEDIA_TYPE)
def export_bundle(query: dict[str, Any]) -> Response:
    """Take claims out with their signatures, to be checked offline

    For each claim the text that was signed, the signatures, and the claim's events, each with the proof that
    it is in the log that the checkpoint signs. For more claims there is `ledger export --format bundle`.
    """
    limit, stretch = query.pop("limit"), Stretch(query.pop("after", None))
    query["where"] = search_asked(query)
    status, kind = tuple(query.pop("status")), tuple(query.pop("kind"))
    return _bundle(store.newest(session(), Filters(status=status, kind=kind, **query), limit, stretch))


@bp.get("/claims/<id>/bundle")
@requires(Permission.READ)
@bp.response(200, _BUNDLE, content_type=bundles.MEDIA_TYPE)
def show_bundle(id: str) -> Response:
    """Take one claim out with its signatures, to be checked offline"""
    return _bundle([id])


def _bundle(ids: list[str]) -> Response:
    body = bundles.whole(parts().database, parts().settings, ids)
    response = Response(body, content_type=bundles.MEDIA_TYPE)
    name = f"claim-{ids[0]}" if len(ids) == 1 else "claims"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.bundle.json"'
    return response

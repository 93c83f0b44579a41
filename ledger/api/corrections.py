"""Corrections, whom a claim's verdict reaches, and the claims that one came from or went into."""

import hashlib
from typing import Any

import orjson
from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import further, reply
from ledger.api.standards import told
from ledger.auth.identity import Permission
from ledger.models import Claim
from ledger.schemas.common import page_of
from ledger.schemas.corrections import CorrectionOut, CorrectionQuery, LinksOut, ReachOut
from ledger.services import corrections, reach
from ledger.services.corrections import Where
from ledger.store import claims as store
from ledger.store import reach as reach_store
from ledger.store import records
from ledger.web.context import public, requires, session
from ledger.web.house import base, house

bp = Noun(
    "corrections", __name__, about="What readers were told and are told no more, and whom that reaches."
)


@bp.get("/corrections")
@public
@bp.arguments(CorrectionQuery, location="query")
@bp.answers(200, page_of(CorrectionOut), listed=True)
def list_corrections(query: dict[str, Any]) -> Response:
    """List what open reports have corrected, newest first

    Each with what was said before, what is said now, and why; the same with a token and without. Only
    corrections made after a report was first opened count, and closing one washes none away.
    """
    where = Where(query.get("article_id"), query.get("claim_id"), query.get("desk_id"))
    found, following = corrections.listed(session(), where, before=query.get("after"), limit=query["limit"])
    items = [corrections.shown(one, base()) for one in found]
    body = orjson.dumps({"items": items, "next": following})
    tag = hashlib.sha256(body).hexdigest()[:24]
    response = told(body, tag, media_type="application/json", public=True)
    if following is not None:
        response.headers["Link"] = f'<{further(following)}>; rel="next"'
    return response


@bp.get("/claims/<id>/reach")
@requires(Permission.READ)
@bp.answers(200, ReachOut)
def show_reach(id: str) -> Response:
    """Show whom a change of a claim's verdict reaches

    Ask before you change or withdraw one: the articles and open reports in which the claim stands, the
    webhooks that are told, the ids that it answers for, and each address that tells of it.
    """
    return reply(ReachOut, reach.of(session(), id, house()))


@bp.get("/claims/<id>/links")
@requires(Permission.READ)
@bp.answers(200, LinksOut)
def show_links(id: str) -> Response:
    """Show the claims that one was split from or into, and merged with"""
    claim = records.get(session(), Claim, id)
    shown = {
        "split_from": claim.split_from and records.get(session(), Claim, claim.split_from),
        "parts": reach_store.parts(session(), claim.id),
        "merged_into": store.survivor(session(), claim) if claim.merged_into else None,
        "merged": reach_store.answered_for(session(), claim.id),
    }
    return reply(LinksOut, shown)

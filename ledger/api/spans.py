"""Where claims stand: moving one's boundaries, splitting one, merging two; and what each would do."""

from typing import Any

from flask import Response

from ledger.api.claims import claim_reply
from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import Claim
from ledger.schemas.claims import ClaimFileOut, ClaimOut
from ledger.schemas.spans import MergeIn, MergePreviewIn, MoveIn, PreviewOut, SplitIn
from ledger.services import spans
from ledger.services.spans import Holding, Part, Preview, Words
from ledger.web.context import identity, reading, requires, session

bp = Noun("spans", __name__, prefix="/claims", about="Where claims stand: moving, splitting, merging.")

_MOVE = {"start": 143, "end": 160, "exact": "paid for by 12 towns"}
_SPLIT = {
    "parts": [
        {"start": 112, "end": 137, "exact": "It cost 4.2 million euros"},
        {"start": 142, "end": 166, "statement": "The bridge was paid for by 12 towns."},
    ]
}
_OTHER = {"other_id": "01a2060b-e223-782a-96f6-dd90419789f1"}


def _parts(body: dict[str, Any]) -> tuple[list[Part], Words]:
    parts = [Part(**part) for part in body.pop("parts")]
    return parts, Words(start=0, end=0, **body)


def _preview(found: Preview) -> Response:
    shown = {
        "before": [_held(one) for one in found.before],
        "after": [_held(one) for one in found.after],
        "notes": found.notes,
    }
    return reply(PreviewOut, shown)


def _held(one: Holding) -> dict[str, Any]:
    return {
        "id": None if one.new else one.claim.id,
        "statement": one.claim.statement,
        "status": one.claim.status,
        "appearances": one.places,
        "quantities": one.quantities,
        "evidence": one.in_force,
    }


@bp.post("/<id>/move")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(MoveIn, example=_MOVE)
@bp.answers(200, ClaimFileOut)
def move_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Have a claim stand on other words of the same article

    Its numbers are read anew; its statement follows if it was but the words. A settled verdict becomes stale.
    Words that another claim stands on are refused, and `claim` in the answer names it.
    """
    spans.move(session(), id, Words(**body), by=identity(), version=version)
    return claim_reply(id)


@bp.post("/<id>/move/preview")
@requires(Permission.CLAIMS)
@bp.arguments(MoveIn, example=_MOVE)
@bp.answers(200, PreviewOut)
def preview_move(body: dict[str, Any], id: str) -> Response:
    """Show what moving a claim would do"""
    return _preview(spans.preview_move(reading(), id, Words(**body)))


@bp.post("/<id>/split")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(SplitIn, example=_SPLIT)
@bp.answers(200, ClaimFileOut)
def split_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Make two or more claims of one

    The first part keeps the entry, its history and verdicts (a settled one becomes stale); each other is a
    new claim whose `split_from` names it, with copies of the evidence that bears on it. The answer is the
    entry. With evidence, this needs the scope `evidence:write` too.
    """
    parts, place = _parts(body)
    spans.split(session(), id, parts, by=identity(), version=version, place=place)
    return claim_reply(id)


@bp.post("/<id>/split/preview")
@requires(Permission.CLAIMS)
@bp.arguments(SplitIn, example=_SPLIT)
@bp.answers(200, PreviewOut)
def preview_split(body: dict[str, Any], id: str) -> Response:
    """Show what splitting a claim would do"""
    parts, place = _parts(body)
    return _preview(spans.preview_split(reading(), id, parts, by=identity(), place=place))


@bp.post("/<id>/merge")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(MergeIn, example={**_OTHER, "other_version": 3})
@bp.answers(200, ClaimFileOut)
def merge_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Take another claim in

    Places, evidence and discussion of the other come to this one. The other is put aside, and its
    `merged_into` names this one; its status look-up answers with this one's. Refused where the other has a
    verdict that is signed or waits. With evidence, this needs the scope `evidence:write` too.
    """
    spans.merge(session(), id, by=identity(), version=version, **body)
    return claim_reply(id)


@bp.post("/<id>/merge/preview")
@requires(Permission.CLAIMS)
@bp.arguments(MergePreviewIn, example=_OTHER)
@bp.answers(200, PreviewOut)
def preview_merge(body: dict[str, Any], id: str) -> Response:
    """Show what taking another claim in would do"""
    return _preview(spans.preview_merge(reading(), id, body["other_id"], by=identity()))

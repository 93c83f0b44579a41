"""Matching: which claims of the ledger say what a text says, or what another claim says."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import Article, Claim
from ledger.schemas.matching import ArticleMatchesOut, ClaimMatchesOut, LookUpOut, MatchIn, MatchQuery
from ledger.services.matching import FINDINGS, Found, in_article
from ledger.store import records
from ledger.web.context import parts, reading, requires

bp = Noun("matching", __name__, about="The same claim, found again: by its words, or beside another one.")


@bp.post("/matches")
@bp.reads
@requires(Permission.READ)
@bp.arguments(
    MatchIn, example={"texts": ["242 people signed the letter", "Unemployment fell to 4 %"], "k": 3}
)
@bp.answers(200, LookUpOut)
def match_texts(body: dict[str, Any]) -> Response:
    """Look up claims by their words

    Nothing is changed. Each text is answered with the claims that say the same and those that say something
    alike, with what speaks for it and against. Where numbers, dates, names, a denial or the direction differ,
    a claim is never `same`.
    """
    found = parts().matcher.look_up(
        reading(), body["texts"], k=body["k"], statuses=body.get("status") or FINDINGS
    )
    items = [{"text": text, "matches": shown(some)} for text, some in zip(body["texts"], found, strict=True)]
    return reply(LookUpOut, {"items": items})


@bp.get("/claims/<id>/matches")
@requires(Permission.READ)
@bp.arguments(MatchQuery, location="query")
@bp.answers(200, ClaimMatchesOut)
def list_claim_matches(query: dict[str, Any], id: str) -> Response:
    """List the claims that say the same as a claim, or something alike"""
    claim = records.get(reading(), Claim, id)
    statuses = query.get("status") or FINDINGS
    found = parts().matcher.like(reading(), {id: claim.statement}, k=query["k"], statuses=statuses)
    return reply(ClaimMatchesOut, {"items": shown(found[id])})


@bp.get("/articles/<id>/matches")
@requires(Permission.READ)
@bp.arguments(MatchQuery, location="query")
@bp.answers(200, ArticleMatchesOut)
def list_article_matches(query: dict[str, Any], id: str) -> Response:
    """List what the ledger holds already of what an article claims

    Dismissed candidates of the article are left out.
    """
    article = records.get(reading(), Article, id)
    statuses = query.get("status") or FINDINGS
    told = in_article(reading(), parts().matcher, article, k=query["k"], statuses=statuses)
    items = [{"claim_id": claim.id, "matches": shown(some)} for claim, some in told.items]
    counts = {"checked": told.checked, "same": told.same, "similar": told.similar}
    return reply(ArticleMatchesOut, {**counts, "items": items})


def shown(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Matches as the schemas take them."""
    return [
        {
            "claim": one.claim,
            "relation": one.relation,
            "score": one.score,
            "reasons": one.reasons,
            "vetoes": one.vetoes,
        }
        for one in found
    ]

"""Look-ups: many questions in one call, and an article by its address."""

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import as_of, reply, reply_json
from ledger.auth.identity import Permission
from ledger.errors import LedgerError
from ledger.models import Article
from ledger.schemas.articles import ArticleOut
from ledger.schemas.lookups import ArticleLookupQuery, LookupsIn, LookupsOut
from ledger.services import lookups, past_lookups
from ledger.store import articles as store
from ledger.store import records
from ledger.web.context import parts, reading, requires
from ledger.web.problems import code_of

bp = Noun("lookups", __name__, about="What the ledger knows, asked by the thousand.")


@bp.post("/lookups")
@bp.reads
@requires(Permission.READ)
@bp.arguments(
    LookupsIn,
    example={
        "questions": [
            {"claim": "01a2060b-e223-782a-96f6-dd90419789f1"},
            {"url": "https://www.news.example/bridge/?utm_source=mail"},
            {"text": "242 people signed the letter"},
        ]
    },
)
@bp.answers(200, LookupsOut)
def look_up(body: dict[str, Any]) -> Response:
    """Answer up to 1,000 questions at once

    Nothing is changed. Each question names a claim's id, an article's address or text, or a claim in any
    words, and is answered in its place; what can't be answered has an `error` there, and the rest is
    answered all the same. Everything is of one moment: this one, or with `as_of` one that is past. Then a
    claim is found by the words that it has today, and told and judged by those that it had.
    """
    at = body["as_of"]
    if at is None:
        found = lookups.answer(reading(), parts().matcher, body["questions"], k=body["k"])
    else:
        found = past_lookups.answer(reading(), parts().matcher, body["questions"], k=body["k"], at=at)
    return as_of(reply_json(orjson.dumps({"items": _shown(found)})), at)


@bp.get("/articles/lookup")
@requires(Permission.READ)
@bp.arguments(ArticleLookupQuery, location="query")
@bp.answers(200, ArticleOut)
@bp.alt_response(404, "NOT_FOUND")
def look_article_up(query: dict[str, Any]) -> Response:
    """Find an article by its address

    Tracking parameters, `www`, http or https, a slash at the end and AMP make no difference. Of several
    articles with one address, the newest.
    """
    if (at := query.get("as_of")) is not None:
        then = past_lookups.article_at(reading(), query["url"], at)
        return as_of(reply(ArticleOut, then, version=then["version"]), at)
    found = lookups.article_at(reading(), query["url"])
    article = records.get(reading(), Article, found["id"])
    shown = {**article.model_dump(), "progress": store.progress(reading(), [article.id])[article.id]}
    return reply(ArticleOut, shown, version=article.version)


def _shown(answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    told: dict[int, dict[str, Any]] = {}  # most errors are one and the same
    shown = []
    for answer in answers:
        error = answer.get("error")
        if isinstance(error, LedgerError):
            if id(error) not in told:
                told[id(error)] = {"error": {"code": code_of(error), "detail": error.message}}
            answer = told[id(error)]
        shown.append(answer)
    return shown

"""Articles: bringing one in as text, address or file, reading it, correcting what is said about it."""

from typing import Any

from flask import Response, request, url_for
from webargs.flaskparser import abort, is_json_request

from claims.numbered import is_read
from ledger.api.claims import claim_reply
from ledger.api.nouns import Noun, StrictParser
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.models import Article, Job
from ledger.schemas.articles import (
    ArticleAddedOut,
    ArticleDetails,
    ArticleFileOut,
    ArticleIn,
    ArticleOut,
    ArticleQuery,
)
from ledger.schemas.claims import ClaimFileOut, ClaimIn, ListedClaimOut
from ledger.schemas.common import BelowQuery, page_of
from ledger.schemas.coverage import CoverageOut, CoverageQuery
from ledger.schemas.desks import DetectIn, DetectionOut
from ledger.services import articles, claims, coverage, detection, search
from ledger.store import articles as store
from ledger.store import claims as claim_store
from ledger.store import records
from ledger.web.context import identity, parts, requires, session
from ledger.web.paging import read_keys, read_place, write_keys, write_place

bp = Noun("articles", __name__, prefix="/articles", about="Texts under check.")

FILES = (
    "text/plain",
    "text/markdown",
    "text/html",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_BODY = {
    "description": "Text or address as JSON; a file as a form's part `file`; or the file alone, as it is.",
    "required": True,
    "content": {
        "application/json": {
            "schema": ArticleIn,
            "examples": {
                "text": {"value": {"text": "The council opened a bridge. It cost 4.2 million euros."}},
                "address": {"value": {"url": "https://news.example/bridge", "publisher": "The News"}},
            },
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The article's file."},
                    **{
                        name: {"type": "string", "maxLength": longest}
                        for name, longest in articles.DETAILS.items()
                    },
                    "desk_id": {
                        "type": "string",
                        "format": "uuid",
                        "description": "The desk; else the default one.",
                    },
                },
            }
        },
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILES},
    },
}


@bp.get("")
@requires(Permission.READ)
@bp.arguments(ArticleQuery, location="query")
@bp.answers(200, page_of(ArticleOut), listed=True)
def list_articles(query: dict[str, Any]) -> Response:
    """List articles, newest first unless another order is asked for"""
    found = search.articles(session(), query.get("search") or "", by=identity())
    if found.troubles:
        raise Invalid(" ".join(trouble.message for trouble in found.troubles), field="search")
    found.order = query["order"]
    kinds = search.order_of(session(), found).kinds
    after = read_keys(query.get("after"), kinds)
    more = store.filtered(q=query.get("q"), desk_id=query.get("desk_id"))
    rows, further = search.page(session(), found, after=after, limit=query["limit"], more=more)
    progress = store.progress(session(), [row[0].id for row in rows])
    items = [{**row[0].model_dump(), "progress": progress[row[0].id]} for row in rows]
    return reply_page(ArticleOut, items, write_keys(tuple(rows[-1][1:]) if further else None))


@bp.post("")
@requires(Permission.ARTICLES)
@bp.doc(requestBody=_BODY, responses={400: "BAD_REQUEST"})
@bp.answers(201, ArticleAddedOut, location=True)
@bp.answers(200, ArticleAddedOut, location=True, description="This text was there already.")
def add_article() -> Response:
    """Bring an article in

    The claims found in it become candidates. The same text twice answers the article that is there.
    """
    draft, details = _read()
    added = articles.add(session(), draft, by=identity(), details=details)
    return reply(
        ArticleAddedOut,
        {
            "created": added.created,
            "candidates": added.candidates,
            "later": added.later,
            "article": with_progress(added.article),
        },
        status=201 if added.created else 200,
        version=added.article.version,
        location=url_for("api_articles.show_article", id=added.article.id),
    )


def _read() -> tuple[articles.Draft, dict[str, Any]]:
    limits = parts().reading
    if is_json_request(request) or not request.mimetype:
        body = StrictParser().parse(ArticleIn, request, location="json")
        text = body.pop("text", None)
        if text is not None:
            return articles.prepare(text, media_type="text/plain", **limits), body
        url = body.pop("url")
        return articles.prepare_url(parts().fetcher, url, **limits), body
    if request.mimetype == "multipart/form-data":
        details = StrictParser().parse(ArticleDetails, request, location="form")
        unknown = set(request.files) - {"file"}
        file = request.files.get("file")
        if file is None or unknown:
            raise Invalid("Send one file, as the part “file”.", field=next(iter(unknown), "file")[:60])
        return read_file(file.read(), file.mimetype, file.filename, None, limits), details
    if request.mimetype in FILES:
        encoding = request.mimetype_params.get("charset")
        return read_file(request.get_data(), request.mimetype, None, encoding, limits), {}
    allowed = ", ".join(("application/json", "multipart/form-data", *FILES))
    return abort(415, message=f"Send one of: {allowed}.")


def read_file(
    data: bytes, media_type: str | None, name: str | None, encoding: str | None, limits: dict[str, Any]
) -> articles.Draft:
    """A file that was sent, read."""
    source = "file" if name or not (media_type or "").startswith("text/") else "text"
    return articles.prepare(
        data, media_type=media_type, filename=name, source=source, encoding=encoding, **limits
    )


def with_progress(article: Article) -> dict[str, Any]:
    """An article with how far its claims have come."""
    return {**article.model_dump(), "progress": store.progress(session(), [article.id])[article.id]}


def _whole(article: Article) -> Response:
    revision = store.current_revision(session(), article)
    shown = {**with_progress(article), "revision": revision}
    return reply(ArticleFileOut, shown, version=article.version)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, ArticleFileOut)
def show_article(id: str) -> Response:
    """Show an article with its current text, and how far its claims have come"""
    return _whole(records.get(session(), Article, id))


@bp.patch("/<id>")
@requires(Permission.ARTICLES)
@bp.edits(ArticleOut, Article)
@bp.arguments(ArticleDetails, example={"byline": "Jo Writer", "published": "2026-11-23"})
@bp.answers(200, ArticleFileOut)
def describe_article(details: dict[str, Any], id: str, version: int) -> Response:
    """Correct what is said about an article; its text stays what it is"""
    return _whole(articles.describe(session(), id, by=identity(), version=version, details=details))


@bp.get("/<id>/claims")
@requires(Permission.READ)
@bp.arguments(BelowQuery, location="query")
@bp.answers(200, page_of(ListedClaimOut), listed=True)
def list_article_claims(query: dict[str, Any], id: str) -> Response:
    """List an article's claims in reading order, dismissed ones too"""
    article = records.get(session(), Article, id)
    rows, following = claim_store.of_article_page(
        session(), id, after=read_place(query.get("after")), limit=query["limit"], below=query["below"]
    )
    items = [
        {**claim.model_dump(), "appearance": {**place.model_dump(), "title": article.title}}
        for claim, place, *_ in rows
    ]
    return reply_page(ListedClaimOut, items, write_place(following))


@bp.post("/<id>/claims")
@requires(Permission.CLAIMS)
@bp.arguments(
    ClaimIn, example={"start": 12, "end": 49, "exact": "It cost 4.2 million euros", "kind": "quantity"}
)
@bp.answers(201, ClaimFileOut, location=True)
def add_claim(body: dict[str, Any], id: str) -> Response:
    """Add a claim on words of an article

    Offsets count Unicode code points of the current revision's text. Send `exact` and `revision_id` to be
    sure that the words are those that you mean.
    """
    claim = claims.add(session(), id, by=identity(), **body)
    return claim_reply(claim.id, status=201)


@bp.post("/<id>/detection")
@requires(Permission.ARTICLES)
@bp.arguments(DetectIn, required=False, example={"detector": "rules"})
@bp.answers(202, DetectionOut, location=True)
def detect_claims(body: dict[str, Any], id: str) -> Response:
    """Have an article's claims looked for again, in the background

    Entries that a person or a program has touched stay as they are and are not proposed twice. A
    candidate that nobody touched gets the new guess, or is dismissed if it is no longer found.
    """
    name = body.get("detector")
    if name is not None:
        parts().detector(name)
    job = detection.ask(session(), id, by=identity(), detector=name)
    return _detection(job, status=202)


@bp.get("/<id>/detection")
@requires(Permission.READ)
@bp.answers(200, DetectionOut)
def show_detection(id: str) -> Response:
    """Show how far the looking for an article's claims is that was asked for last"""
    records.get(session(), Article, id)
    job = detection.newest(session(), id)
    if job is None:
        raise NotFound("Nobody has asked for this article's claims to be looked for again.")
    return _detection(job)


def _detection(job: Job, *, status: int = 200) -> Response:
    shown = {"state": job.state, "outcome": job.result, "error": job.error}
    location = url_for("api_articles.show_detection", id=job.about) if status == 202 else None
    return reply(DetectionOut, shown, status=status, location=location)


@bp.get("/<id>/coverage")
@requires(Permission.READ)
@bp.arguments(CoverageQuery, location="query")
@bp.answers(200, CoverageOut)
def show_coverage(query: dict[str, Any], id: str) -> Response:
    """Show which check-worthy sentences of an article have no entry"""
    article = records.get(session(), Article, id)
    found = coverage.of_article(session(), article, threshold=query.get("threshold"))
    shown = {
        "revision": found.revision,
        "threshold": found.threshold,
        "share": found.share,
        "understood": is_read(article.language),
        "worthy": found.worthy,
    }
    return reply(CoverageOut, shown)

"""New texts of articles, what they do to claims, and what people say of words that wait."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import Response, request, url_for
from webargs.flaskparser import abort, is_json_request

from ledger.api.articles import FILES, read_file, with_progress
from ledger.api.claims import claim_reply
from ledger.api.nouns import Noun, StrictParser
from ledger.api.replies import reply, reply_page, shown_now, version_named
from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound, Outdated
from ledger.models import Appearance, Article, Revision
from ledger.schemas.articles import ArticleOut
from ledger.schemas.claims import AppearanceOut, ClaimFileOut
from ledger.schemas.common import page_of
from ledger.schemas.revisions import (
    CompareQuery,
    ComparisonOut,
    DryRun,
    RevisionAddedOut,
    RevisionDetails,
    RevisionFileOut,
    RevisionIn,
    RevisionLineOut,
    RevisionsQuery,
    StandsIn,
)
from ledger.services import articles, comparisons, placing, revisions
from ledger.services.comparisons import Entry
from ledger.store import records
from ledger.store import revisions as store
from ledger.web.context import identity, parts, reading, requires, session

bp = Noun("revisions", __name__, about="New texts of articles, and what became of claims in them.")

_BODY = {
    "description": "Text or address as JSON; a file as a form's part `file`; or the file alone, as it is.",
    "required": True,
    "content": {
        "application/json": {
            "schema": RevisionIn,
            "examples": {
                "text": {"value": {"text": "The council opened a bridge. It cost 4.3 million euros."}},
                "again": {"value": {"refetch": True, "note": "The newsroom corrected it."}},
            },
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The text's file."},
                    "note": {"type": "string", "maxLength": 1000},
                },
            }
        },
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILES},
    },
}
_MAY_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag of the article whose text this follows; if it changed since, the answer is 412.",
    "schema": {"type": "string"},
}
_STANDS = {"start": 143, "end": 160, "exact": "paid for by 13 towns"}


@bp.post("/articles/<id>/revisions")
@requires(Permission.ARTICLES)
@bp.doc(
    requestBody=_BODY, parameters=[_MAY_MATCH], responses={400: "BAD_REQUEST", 412: "PRECONDITION_FAILED"}
)
@bp.arguments(DryRun, location="query")
@bp.answers(201, RevisionAddedOut, location=True)
@bp.answers(200, RevisionAddedOut, description="It is the current text, or it was only tried.")
def add_revision(query: dict[str, Any], id: str) -> Response:
    """Give an article a new text

    Claims whose very words stand in it, singled out by what surrounds them, are carried over. The others wait
    for a person, and verdicts on them are stale at once. The current text again is no new revision.
    """
    article = records.get(reading(), Article, id)
    version = version_named() if request.headers.get("If-Match") else None
    draft, note = _read(article, trying=query["dry_run"])
    # What takes long, before anybody has to wait for this: `add` finds it done.
    compared = comparisons.of_draft(reading(), id, draft)
    if query["dry_run"]:
        outcomes, fates = _told(compared.entries if compared else ())
        return _added(article, None, outcomes, fates, dry_run=True)
    try:
        added = revisions.add(session(), id, draft, by=identity(), version=version, note=note)
    except Outdated as error:
        error.facts["current"] = shown_now(ArticleOut, records.get(session(), Article, id))
        raise
    session().flush()
    entries = _of_revision(added.article, added.revision) if added.created else ()
    outcomes, fates = _told(entries)
    return _added(added.article, added.revision, outcomes, fates, created=added.created, later=added.later)


def _read(article: Article, *, trying: bool) -> tuple[articles.Draft, str | None]:
    # What a text would do to claims is known without those that would be found in it, which takes longest.
    limits = {**parts().reading, **({"detector": None} if trying else {})}
    if is_json_request(request) or not request.mimetype:
        body = StrictParser().parse(RevisionIn, request, location="json")
        if body.get("text"):
            return articles.prepare(body["text"], media_type="text/plain", **limits), body.get("note")
        url = body.get("url") or article.url
        if not url:
            raise Invalid(
                "The article has no address to fetch it from: send the text or a url.", field="refetch"
            )
        return articles.prepare_url(parts().fetcher, url, **limits), body.get("note")
    if request.mimetype == "multipart/form-data":
        details = StrictParser().parse(RevisionDetails, request, location="form")
        unknown = set(request.files) - {"file"}
        file = request.files.get("file")
        if file is None or unknown:
            raise Invalid("Send one file, as the part “file”.", field=next(iter(unknown), "file")[:60])
        return read_file(file.read(), file.mimetype, file.filename, None, limits), details.get("note")
    if request.mimetype in FILES:
        encoding = request.mimetype_params.get("charset")
        return read_file(request.get_data(), request.mimetype, None, encoding, limits), None
    allowed = ", ".join(("application/json", "multipart/form-data", *FILES))
    return abort(415, message=f"Send one of: {allowed}.")


def _added(
    article: Article,
    revision: Revision | None,
    outcomes: dict[str, int],
    fates: list[dict[str, Any]],
    *,
    created: bool = False,
    dry_run: bool = False,
    later: bool = False,
) -> Response:
    shown = {
        "created": created,
        "dry_run": dry_run,
        "later": later,
        "outcomes": outcomes,
        "fates": fates,
        "revision": _line(revision) if revision else None,
        "article": with_progress(article),
    }
    location = (
        url_for("api_revisions.show_revision", id=article.id, number=revision.number)
        if revision and created
        else None
    )
    return reply(
        RevisionAddedOut, shown, status=201 if created else 200, version=article.version, location=location
    )


def _line(revision: Revision) -> dict[str, Any]:
    kept = revision.model_dump(exclude={"text", "blocks", "fates"})
    return {**kept, "outcomes": comparisons.tally(revision)}


def _told(entries: Iterable[Entry]) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many entries each outcome has, and the entries as they go out."""
    fates = [_fate(one) for one in entries]
    return dict(Counter(fate["outcome"] for fate in fates)), fates


def _fate(one: Entry) -> dict[str, Any]:
    return {
        "appearance_id": one.at.id,
        "claim_id": one.claim.id,
        "outcome": one.outcome,
        "carried": one.carried,
        "reason": one.reason,
        "was": one.was,
        "now": one.now,
        "span": _span((one.start, one.end)) if one.start is not None else None,
        "place": _span(one.place),
        "places": [_span(place) for place in one.places],
        "changes": [
            {**change, "span": _span(change.get("span")), "place": _span(change.get("place"))}
            for change in one.changes
        ],
        "statement": one.claim.statement,
        "status": one.claim.status,
        "stale_reasons": one.claim.stale_reasons,
        "version": one.at.version,
        "waits": one.waits,
        "recheck": one.recheck,
    }


def _span(pair: Any) -> dict[str, int] | None:
    return {"start": pair[0], "end": pair[1]} if pair else None


def _of_revision(article: Article, revision: Revision) -> list[Entry]:
    """What became of the claims when a text came in; nothing for the first."""
    if revision.number == 1:
        return []
    return comparisons.of_numbers(session(), article.id, revision.number - 1, revision.number).entries


@bp.get("/articles/<id>/revisions")
@requires(Permission.READ)
@bp.arguments(RevisionsQuery, location="query")
@bp.answers(200, page_of(RevisionLineOut), listed=True)
def list_revisions(query: dict[str, Any], id: str) -> Response:
    """List an article's texts, newest first, with what each did to its claims"""
    records.get(session(), Article, id)
    found = store.listed(session(), id, below=query.get("after"), limit=query["limit"] + 1)
    shown = found[: query["limit"]]
    following = shown[-1].number if len(found) > len(shown) else None
    return reply_page(RevisionLineOut, [_line(one) for one in shown], following)


@bp.get("/articles/<id>/revisions/<number>")
@requires(Permission.READ)
@bp.answers(200, RevisionFileOut)
def show_revision(id: str, number: str) -> Response:
    """Show one text of an article, and what became of the claims when it came in"""
    article = records.get(session(), Article, id)
    revision = store.numbered(session(), id, int(number)) if _is_number(number) else None
    if revision is None:
        raise NotFound(f"This article has no revision {number[:20]!r}.")
    _, fates = _told(_of_revision(article, revision))
    return reply(RevisionFileOut, {**revision.model_dump(), "fates": fates})


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < 10


@bp.get("/articles/<id>/revisions/compare")
@requires(Permission.READ)
@bp.arguments(CompareQuery, location="query")
@bp.answers(200, ComparisonOut)
def compare_revisions(query: dict[str, Any], id: str) -> Response:
    """Compare two texts of an article by word, with what became of each claim between them

    Of neighbours it tells what was found when the later one came in; of others, places are looked for anew.
    """
    article = records.get(session(), Article, id)
    last = query.get("last") or store.newest_number(session(), article.id)
    first = query.get("first") or last - 1
    if first < 1:
        raise Invalid("There is only one text yet, so there is nothing to compare.", field="to")
    compared = comparisons.of_numbers(session(), id, first, last)
    _, fates = _told(compared.entries)
    shown = {
        "first": first,
        "last": last,
        "newest": compared.newest,
        "counts": compared.counts,
        "fates": fates,
        "rows": [
            {
                "kind": row.kind,
                "sort": row.sort,
                "old": _span(row.old),
                "new": _span(row.new),
                "before": row.before,
                "after": row.after,
                "other": row.other,
            }
            for row in compared.rows
        ],
    }
    return reply(ComparisonOut, shown)


@bp.post("/appearances/<id>/place")
@requires(Permission.CLAIMS)
@bp.edits(AppearanceOut, Appearance)
@bp.arguments(StandsIn, example=_STANDS)
@bp.answers(200, ClaimFileOut)
def place_appearance(body: dict[str, Any], id: str, version: int) -> Response:
    """Say where in the current text a claim's words stand

    For words that wait after a new text, or that stand elsewhere. If-Match names the appearance's version. A
    settled verdict is stale where they are other words, until somebody renews it.
    """
    outcome = placing.place(session(), id, by=identity(), version=version, **body)
    return claim_reply(outcome.claim.id)


@bp.step("/appearances/<id>/cut", Permission.CLAIMS, AppearanceOut, Appearance, answer=ClaimFileOut)
def cut_appearance(id: str, version: int) -> Response:
    """Confirm that the article says a claim's words no more

    If-Match names the appearance's version. A settled verdict stays stale until somebody renews it.
    """
    return claim_reply(placing.cut(session(), id, by=identity(), version=version).id)


@bp.step("/appearances/<id>/uncut", Permission.CLAIMS, AppearanceOut, Appearance, answer=ClaimFileOut)
def uncut_appearance(id: str, version: int) -> Response:
    """Take back that a claim's words were cut: they wait again"""
    return claim_reply(placing.stands_again(session(), id, by=identity(), version=version).id)

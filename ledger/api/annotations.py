"""Web Annotation protocol (W3C), for reading: an article's claims as annotations on its text."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response, request
from marshmallow import fields, validate
from werkzeug.exceptions import NotAcceptable

from ledger.api.nouns import Noun
from ledger.api.standards import is_public, told
from ledger.errors import Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.export import annotation
from ledger.export.claimreview import House
from ledger.schemas.common import MAX_INT, Id, In
from ledger.services import standards
from ledger.store import desks
from ledger.store import standards as store
from ledger.store.standards import Sought
from ledger.web.context import public, session
from ledger.web.house import house

bp = Noun("annotations", __name__, about="Claims as Web Annotations (W3C) on the texts in which they stand.")

PAGE = 100
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
_DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
_MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
_INCLUDE = re.compile(r'return=representation\s*;\s*include="([^"]*)"', re.IGNORECASE)
_CONTAINER = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type", '
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
_PAGE_LINK = '<http://www.w3.org/ns/oa#AnnotationPage>; rel="type"'
_ONE_LINK = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
_MANY = {
    "type": "object",
    "description": "An AnnotationCollection that is a BasicContainer; with `page`, an AnnotationPage.",
}
_PREFER = {
    "in": "header",
    "name": "Prefer",
    "description": f'`return=representation;include="…"` with `{_MINIMAL}`, `{_IRIS}` or `{_DESCRIPTIONS}`.',
    "schema": {"type": "string"},
}


class AnnotationsQuery(In):
    """Which part of a collection."""

    page = fields.Integer(
        validate=validate.Range(min=0, max=MAX_INT // PAGE),
        metadata={"description": "Which page, from 0; without it, the container."},
    )
    iris = fields.Integer(
        validate=validate.OneOf([0, 1]),
        metadata={"description": "1: items are addresses only. Otherwise whole annotations."},
    )


class AllAnnotationsQuery(AnnotationsQuery):
    """Which part of all."""

    after = Id(metadata={"description": "Behind which annotation the page begins, as its link has it."})


def _takes_prefer(view: Any) -> Any:
    view._apidoc["arguments"]["parameters"].append(_PREFER)
    return view


@bp.get("/articles/<id>/annotations/")
@public
@_takes_prefer
@bp.arguments(AnnotationsQuery, location="query")
@bp.answers(200, _MANY, content_type="application/ld+json")
@bp.alt_response(406, "NOT_ACCEPTABLE")
def list_annotations(query: dict[str, Any], id: str) -> Response:
    """List an article's claims as a container of Web Annotations

    In reading order, without guesses and what was put aside. `Prefer` chooses what the container holds.
    """
    media_type, is_open, by = _media_type(), is_public(), house()
    article = standards.article_of(session(), id, public=is_open)
    sought = Sought(public=is_open, article_id=article.id)
    total, changed = store.summed(session(), sought)
    wanted = _preferred() if "page" not in query else frozenset()
    iris = bool(query.get("iris", _IRIS in wanted and _DESCRIPTIONS not in wanted))
    collection = annotation.collection(
        annotation.container_of(article.id, by),
        label=f"Checked claims of “{article.title}”",
        total=total,
        modified=timestamp(max(article.updated_at, changed or article.updated_at)),
        size=PAGE,
        iris=iris,
    )
    number = query.get("page", 0)
    if number and number * PAGE >= total:
        raise NotFound(f"There is no page {number}: {total} annotations are {-(-total // PAGE)} pages.")
    if "page" in query:
        shown = annotation.page(collection, _items(sought, by, number, iris), number=number, size=PAGE)
        return _answer(shown, media_type, public=is_open, link=_PAGE_LINK, where=shown["id"])
    if total and _MINIMAL not in wanted:
        items = _items(sought, by, 0, iris)
        collection["first"] = annotation.page(collection, items, number=0, size=PAGE, alone=False)
    return _answer(collection, media_type, public=is_open, link=_CONTAINER, where=collection["id"])


@bp.get("/annotations/")
@public
@_takes_prefer
@bp.arguments(AllAnnotationsQuery, location="query")
@bp.answers(200, _MANY, content_type="application/ld+json")
@bp.alt_response(404, "NOT_FOUND")
@bp.alt_response(406, "NOT_ACCEPTABLE")
def list_all_annotations(query: dict[str, Any]) -> Response:
    """List all claims as a container of Web Annotations

    The oldest place first, without guesses and what was put aside. Follow the links: a page but the first
    goes by `after`. To have all of them at once, take `/claims.annotations.json`.
    """
    media_type, is_open, by = _media_type(), is_public(), house()
    sought, number, after = Sought(public=is_open), query.get("page"), query.get("after")
    if bool(number) != (after is not None):
        raise Invalid("Follow the links of the container: a page but the first needs both.", field="after")
    wanted = _preferred() if number is None else frozenset()
    iris = bool(query.get("iris", _IRIS in wanted and _DESCRIPTIONS not in wanted))
    # The log's place says all that was written; the rest is who asks for what, and how.
    newest = store.last_change(session())
    said = repr((newest and newest.seq, is_open, by, sorted(request.args.items()), wanted, media_type))
    tag = hashlib.sha256(said.encode()).hexdigest()[:24]
    link = _CONTAINER if number is None else _PAGE_LINK
    if request.if_none_match.contains_weak(tag):
        return _answered(b"", tag, media_type, public=is_open, link=link)
    if number is None:
        shown = _all(sought, by, iris, _MINIMAL in wanted)
    else:
        shown = _page_of_all(sought, by, number, after, iris)
    body = orjson.dumps(shown)
    return _answered(body, tag, media_type, public=is_open, link=link, where=shown["id"])


def _all(sought: Sought, by: House, iris: bool, minimal: bool) -> dict[str, Any]:
    """The container of all, with its first page."""
    total, changed = store.summed(session(), sought)
    last = store.placed_before(session(), sought, until=None, number=total % PAGE or PAGE)
    collection = annotation.collection(
        annotation.container_of(None, by),
        label=_label(by),
        total=total,
        modified=timestamp(changed or _BEGAN),
        size=PAGE,
        iris=iris,
        last=last or "",
    )
    if total and not minimal:
        collection["first"] = _page_of_all(sought, by, 0, None, iris, alone=False)
    return collection


def _page_of_all(
    sought: Sought, by: House, number: int, after: str | None, iris: bool, *, alone: bool = True
) -> dict[str, Any]:
    rows = store.placed_behind(session(), sought, after=after, limit=PAGE + 1)
    if not rows and number:
        raise NotFound("There is no such page: nothing stands behind that annotation.")
    before = store.placed_before(session(), sought, until=after, number=PAGE) if number else None
    return annotation.page_behind(
        annotation.container_of(None, by),
        _told(sought, rows[:PAGE], by, iris),
        place=(number, number * PAGE, after or ""),
        iris=iris,
        label=_label(by),
        following=rows[PAGE - 1].id if len(rows) > PAGE else None,
        before=(before or "") if number else None,
        alone=alone,
    )


def _label(by: House) -> str:
    return f"Checked claims of {standards.publisher(session(), by).name}"


@bp.get("/annotations/<id>")
@public
@bp.answers(200, {"type": "object", "description": "An Annotation."}, content_type="application/ld+json")
@bp.alt_response(406, "NOT_ACCEPTABLE")
def show_annotation(id: str) -> Response:
    """Show a claim at one of its places as a Web Annotation"""
    media_type, is_open = _media_type(), is_public()
    row = standards.place(session(), id, public=is_open)
    shown = standards.annotated(row, house(), desks.names(session()), alone=True, public=is_open)
    return _answer(shown, media_type, public=is_open, link=_ONE_LINK, version=row.version)


def _items(sought: Sought, by: House, number: int, iris: bool) -> list[Any]:
    return _told(sought, store.placed_in_order(session(), sought, first=number * PAGE, limit=PAGE), by, iris)


def _told(sought: Sought, rows: list[Any], by: House, iris: bool) -> list[Any]:
    if iris:
        return [annotation.id_of(row.id, by) for row in rows]
    names = desks.names(session())
    return [standards.annotated(row, by, names, alone=False, public=sought.public) for row in rows]


def _preferred() -> frozenset[str]:
    """What the container is to hold; what can't be read is no preference (RFC 7240)."""
    return frozenset(
        word for found in _INCLUDE.finditer(request.headers.get("Prefer", "")) for word in found[1].split()
    )


def _media_type() -> str:
    """In what the answer is written: JSON-LD, or plain JSON for those who take nothing else."""
    asked = [(kind.partition(";")[0].strip().lower(), q) for kind, q in request.accept_mimetypes]
    if not asked:
        return annotation.MEDIA_TYPE
    for kind, quality in asked:
        if quality and kind in ("application/ld+json", "application/*", "*/*"):
            return annotation.MEDIA_TYPE
        if quality and kind == "application/json":
            return "application/json"
    raise NotAcceptable("Annotations are written as application/ld+json: ask for that in Accept.")


def _answer(
    shown: dict[str, Any],
    media_type: str,
    *,
    public: bool,
    link: str,
    where: str | None = None,
    version: int | None = None,
) -> Response:
    body = orjson.dumps(shown)
    hashed = hashlib.sha256(body + media_type.encode()).hexdigest()[:16]
    tag = hashed if version is None else f"{version}-{hashed}"
    return _answered(body, tag, media_type, public=public, link=link, where=where)


def _answered(
    body: bytes, tag: str, media_type: str, *, public: bool, link: str, where: str | None = None
) -> Response:
    response = told(body, tag, media_type=media_type, public=public)
    response.headers["Link"] = link
    response.headers["Allow"] = "GET, HEAD, OPTIONS"
    response.headers["Vary"] = "Accept, Prefer, Authorization"
    if where:
        response.headers["Content-Location"] = where
    return response

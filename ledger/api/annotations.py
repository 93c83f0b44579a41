"""Web Annotation protocol (W3C), for reading: an article's claims as annotations on its text."""

import hashlib
import re
from typing import Any

import orjson
from flask import Response, request
from marshmallow import fields, validate
from werkzeug.exceptions import NotAcceptable

from ledger.api.nouns import Noun
from ledger.api.standards import is_public, told
from ledger.errors import NotFound
from ledger.eventlog.canonical import timestamp
from ledger.export import annotation
from ledger.export.claimreview import House
from ledger.schemas.common import MAX_INT, In
from ledger.services import standards
from ledger.store import standards as store
from ledger.store.standards import Sought
from ledger.web.context import public, session
from ledger.web.house import house

bp = Noun("annotations", __name__, about="Claims as Web Annotations (W3C) on the texts in which they stand.")

PAGE = 100
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
        article.id,
        by,
        title=article.title,
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


@bp.get("/annotations/<id>")
@public
@bp.answers(200, {"type": "object", "description": "An Annotation."}, content_type="application/ld+json")
@bp.alt_response(406, "NOT_ACCEPTABLE")
def show_annotation(id: str) -> Response:
    """Show a claim at one of its places as a Web Annotation"""
    media_type, is_open = _media_type(), is_public()
    row = standards.place(session(), id, public=is_open)
    shown = standards.annotated(row, house(), standards.desk_names(session()), alone=True)
    return _answer(shown, media_type, public=is_open, link=_ONE_LINK, version=row.version)


def _items(sought: Sought, by: House, number: int, iris: bool) -> list[Any]:
    rows = store.placed_in_order(session(), sought, first=number * PAGE, limit=PAGE)
    if iris:
        return [annotation.id_of(row.id, by) for row in rows]
    names = standards.desk_names(session())
    return [standards.annotated(row, by, names, alone=False) for row in rows]


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
    response = told(body, tag, media_type=media_type, public=public)
    response.headers["Link"] = link
    response.headers["Allow"] = "GET, HEAD, OPTIONS"
    response.headers["Vary"] = "Accept, Prefer, Authorization"
    if where:
        response.headers["Content-Location"] = where
    return response

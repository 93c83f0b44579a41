"""Answers: a record or a page as JSON with its ETag, or 304 if the asker has it already."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, current_app, request, url_for
from werkzeug.http import http_date

from ledger.errors import Invalid, VersionMissing
from ledger.schemas.common import page_of, shown
from ledger.store import claims as store
from ledger.web.context import session
from ledger.web.lane.answers import tag_of

_TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]*)?"\Z')


def reply(
    schema: Any,
    value: Any,
    *,
    status: int = 200,
    version: int | None = None,
    location: str | None = None,
    next_page: str | None = None,
) -> Response:
    """`value` as JSON. The ETag begins with the record's version, so that If-Match can name it, and
    goes on with a hash of the body: names, captures and progress change without a new version."""
    return reply_json(
        orjson.dumps(shown_now(schema, value)),
        status=status,
        version=version,
        location=location,
        next_page=next_page,
    )


def reply_json(
    body: bytes,
    *,
    status: int = 200,
    version: int | None = None,
    location: str | None = None,
    next_page: str | None = None,
) -> Response:
    """The same for a body that is JSON already."""
    tag = tag_of(body, version)
    return tagged(body, tag, status=status, location=location, next_page=next_page)


def tagged(
    body: bytes, tag: str, *, status: int = 200, location: str | None = None, next_page: str | None = None
) -> Response:
    """A JSON answer with this ETag; 304 without a body if the asker has it."""
    if _only_reads() and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(body, status=status, mimetype="application/json")
    response.set_etag(tag)
    if location:
        response.headers["Location"] = location
    if next_page:
        response.headers["Link"] = f'<{next_page}>; rel="next"'
    return response


def _only_reads() -> bool:
    # Some questions are too long for an address and come by POST: see `Noun.reads`.
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in ("GET", "HEAD") or getattr(view, "only_reads", False)


def as_of(response: Response, at: datetime | None) -> Response:
    """An answer that tells of the past says so in its head, as RFC 7089 has it."""
    if at is not None:
        response.headers["Memento-Datetime"] = http_date(at)
    return response


def reply_page(
    item: type[ma.Schema], items: list[Any], following: str | int | None, *, by: str = "after"
) -> Response:
    """A page of a list; `following` is where the next begins, in the query parameter `by`."""
    return reply(page_of(item), {"items": items, "next": following}, next_page=further(following, by=by))


def further(following: str | int | None, *, by: str = "after") -> str | None:
    """The address of the page that begins at `following`, asked for as this one; None on the last page."""
    if following is None:
        return None
    asked = {**(request.view_args or {}), **request.args.to_dict(flat=False), by: following}
    return url_for(str(request.endpoint), **asked)


def shown_now(schema: Any, value: Any) -> Any:
    """`value` as JSON values, with the names of the people in it."""
    return shown(schema() if isinstance(schema, type) else schema, value, _names)


def _names(ids: Iterable[str | None]) -> Mapping[str, str]:
    return store.names(session(), ids)


def version_named() -> int:
    """The version that the header If-Match names. Raises VersionMissing if it names none."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise VersionMissing(
            "Name what you are changing: send its ETag in the header If-Match. “*” is not enough."
        )
    if "," in header:
        raise Invalid("Name one ETag in If-Match.", field="If-Match")
    match = _TAG.match(header)
    # A tag that we never gave out fits no version: the answer shows what stands now.
    return int(match[1]) if match else -1

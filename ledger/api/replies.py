"""Answers: a record or a page as JSON with its ETag, or 304 if the asker has it already."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, request, url_for

from ledger.errors import Invalid, VersionMissing
from ledger.schemas.common import page_of, shown
from ledger.store import claims as store
from ledger.web.context import session

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
    hashed = hashlib.sha256(body).hexdigest()[:16]
    return tagged(
        body,
        hashed if version is None else f"{version}-{hashed}",
        status=status,
        location=location,
        next_page=next_page,
    )


def tagged(
    body: bytes, tag: str, *, status: int = 200, location: str | None = None, next_page: str | None = None
) -> Response:
    """A JSON answer with this ETag; 304 without a body if the asker has it."""
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(body, status=status, mimetype="application/json")
    response.set_etag(tag)
    if location:
        response.headers["Location"] = location
    if next_page:
        response.headers["Link"] = f'<{next_page}>; rel="next"'
    return response


def reply_page(
    item: type[ma.Schema], items: list[Any], following: str | int | None, *, by: str = "after"
) -> Response:
    """A page of a list; `following` is where the next begins, in the query parameter `by`."""
    link = None
    if following is not None:
        asked = {**(request.view_args or {}), **request.args.to_dict(flat=False), by: following}
        link = url_for(str(request.endpoint), **asked)
    return reply(page_of(item), {"items": items, "next": following}, next_page=link)


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

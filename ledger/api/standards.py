"""What the routes for other programs' formats have in common: who sees what, how it is kept, how it fails."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Blueprint, Response, request

from ledger.auth.identity import Permission
from ledger.web import problems
from ledger.web.context import maybe_identity, parts
from ledger.web.headers import all_may_keep


def is_public() -> bool:
    """Whether the asker may see only what anybody may: there is no token, or none that may read."""
    who = maybe_identity()
    return who is None or not who.may(Permission.READ)


def told(body: bytes, tag: str, *, media_type: str, public: bool) -> Response:
    """An answer with this ETag; 304 without a body if the asker has it."""
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(body, content_type=media_type)
    response.set_etag(tag)
    return kept(response, public=public)


def kept(response: Response, *, public: bool) -> Response:
    """Say who may keep an answer; what is public for a minute, and the scripts of any site may read it."""
    if public:
        response.headers["Cache-Control"] = all_may_keep(parts().settings.public_max_age)
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def fail_as(
    bp: Blueprint, paths: tuple[str, ...], shape: Callable[[int, str], tuple[int, dict[str, Any]]]
) -> None:
    """Put problem details below these paths into another shape: status and words give status and body.

    Afterwards, and for the whole application: what fails before a route is found is no blueprint's own.
    """

    def reshape(response: Response) -> Response:
        if response.mimetype == problems.MEDIA_TYPE and request.path.startswith(paths):
            response.status_code, body = shape(response.status_code, response.get_json()["detail"])
            response.set_data(orjson.dumps(body))
            response.content_type = "application/json; charset=utf-8"
        return response

    bp.after_app_request(reshape)

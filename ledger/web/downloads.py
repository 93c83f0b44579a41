"""An export as an answer: streamed, packed on its way if asked, with the log's place as its ETag."""

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from ledger.errors import Outdated
from ledger.export.packing import MEDIA_TYPES, Packing
from ledger.services import exports
from ledger.services.exports import Wish
from ledger.web.context import parts, session


def download(wish: Wish) -> Response:
    """The file that is wished for; 304 if the asker has it. Outdated if what it has is of another state."""
    way = None if wish.packing or not wish.kind.text else way_asked()
    packing = wish.packing or way
    kind = f"-{packing}" if packing else ""
    if request.if_none_match.contains(stands := exports.tag(session(), wish) + kind):
        return _described(Response(status=304), stands)
    taken = exports.taken(parts().database, replace(wish, packing=packing))
    tag = exports.tag_of(taken.place, session(), wish)
    if not _is_asked_for(tag):
        taken.close()
        raise Outdated("The ledger went on since the part that you have. Take the whole anew.")
    media_type = MEDIA_TYPES[wish.packing] if wish.packing else wish.media_type
    response = Response(taken.pieces, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{wish.file_name}"'
    # A buffering proxy would hold the rows back until the last one is there.
    response.headers["X-Accel-Buffering"] = "no"
    if way is not None:
        response.headers["Content-Encoding"] = way
    if taken.following is not None:
        asked: dict[str, Any] = {**request.args.to_dict(flat=False), "after": taken.following}
        response.headers["Link"] = f'<{url_for(str(request.endpoint), **asked)}>; rel="next"'
    return _described(response, tag + kind)


def _is_asked_for(tag: str) -> bool:
    """Whether this state is the one that the asker has the first part of, or they did not say."""
    asked = request.if_match
    # An empty tag is read as None.
    return not asked or asked.star_tag or any((one or "").startswith(tag) for one in asked.as_set(True))


def _described(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers.add("Vary", "Accept-Encoding")
    return response


def way_asked() -> Packing | None:
    """How the file may be packed on its way."""
    accepted = request.accept_encodings
    # Who takes both alike gets the quicker one; `*` is no wish for one of them.
    named = {name.lower(): quality for name, quality in accepted if quality > 0}
    known: list[Packing] = [way for way in ("zstd", "gzip") if way in named]
    return max(known, key=lambda way: named[str(way)], default=None)

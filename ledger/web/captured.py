"""Captured bytes on their way out: a stranger's files, which are saved and never opened here."""

from collections.abc import Iterator

from flask import Response, request

from ledger.errors import NotFound
from ledger.export import warc
from ledger.models import Capture, CaptureState
from ledger.services import copies
from ledger.services.copies import Wanted
from ledger.web.context import parts

BYTES = "application/octet-stream"
# The name's end helps the reader's computer to open it; a type that is not here gets none.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "application/json": ".json",
    "text/csv": ".csv",
}


def download(capture: Capture) -> Response:
    """The bytes of a capture as a file; NotFound where there are none."""
    if capture.state != CaptureState.DONE or not capture.sha256:
        raise NotFound("There is no copy of this page.")
    name = f"{capture.sha256}{_ENDINGS.get(capture.media_type or '', '.bin')}"
    return _file(parts().blobs.get(capture.sha256), name, BYTES)


def download_warc(capture: Capture) -> Response:
    """What was asked and answered, as a WARC; NotFound where that was not kept."""
    if capture.warc_sha256 is None:
        raise NotFound("What the site answered was kept without its headers: there is no WARC of this page.")
    body = parts().blobs.get(capture.warc_sha256)
    return _file(body, f"{capture.id}.warc.gz", warc.MEDIA_TYPE)


def download_archive(wanted: Wanted) -> Response:
    """Copies as a WACZ, written while it is sent; 304 if the asker has it."""
    if request.if_none_match.contains(wanted.tag):
        response = Response(status=304)
    else:
        pieces = copies.archive(parts().database, parts().blobs, wanted)
        response = _file(pieces, wanted.name + copies.ENDING, copies.MEDIA_TYPE)
        # A buffering proxy would hold all of it back until the end.
        response.headers["X-Accel-Buffering"] = "no"
    response.set_etag(wanted.tag)
    return response


def _file(body: bytes | Iterator[bytes], name: str, media_type: str) -> Response:
    return Response(
        body,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            # Were it opened after all, it could do nothing and reach nobody.
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )

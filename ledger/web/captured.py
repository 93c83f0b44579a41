"""Captured bytes on their way out: a stranger's file, which is saved and never opened here."""

from flask import Response

from ledger.errors import NotFound
from ledger.models import Capture, CaptureState
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
    return Response(
        parts().blobs.get(capture.sha256),
        content_type=BYTES,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            # Were it opened after all, it could do nothing and reach nobody.
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )

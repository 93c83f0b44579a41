"""Pages, styles and scripts go out packed, where the browser takes that.

API answers do not: their ETag is what an edit names (`If-Match`), and packing would give it another one
for each way of packing. Event streams and exports do not either: they are to arrive as they are made.
"""

from flask import Flask, Response, request
from flask_compress import Compress

PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")


def register(app: Flask) -> None:
    """Pack what is worth it. zstd at its default packs half a megabyte of page in some 3 ms."""
    app.config.update(
        COMPRESS_MIMETYPES=PACKED, COMPRESS_ALGORITHM=["zstd", "br", "gzip"], COMPRESS_STREAMS=False
    )
    Compress(app)
    app.after_request(_read_whole)


def _read_whole(response: Response) -> Response:
    # Flask streams files; ours are small, and only what is whole is packed.
    if request.endpoint == "static" and response.status_code == 200 and response.mimetype in PACKED:
        file = response.response
        response.direct_passthrough = False
        response.set_data(response.get_data())
        file.close()  # type: ignore[union-attr]
    return response

"""Pages, styles and scripts go out packed, where the browser takes that.

API answers do not: their ETag is what an edit names (`If-Match`), and packing would give it another one
for each way of packing. Event streams do not either: they are to arrive as they are made. Exports do,
piece by piece, in web/downloads.py.
"""

from functools import lru_cache

import brotli
from flask import Flask, Response, request
from flask_compress import Compress

PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")


def register(app: Flask) -> None:
    """Pack what is worth it: pages quickly, anew each time; files as small as can be, once."""
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
        whole = response.get_data()
        if hasattr(file, "close"):
            file.close()
        if request.accept_encodings.quality("br"):
            whole = _smallest(whole)
            response.headers["Content-Encoding"] = "br"
        response.set_data(whole)
    return response


@lru_cache(maxsize=256)
def _smallest(whole: bytes) -> bytes:
    return bytes(brotli.compress(whole))

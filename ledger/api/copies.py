"""The kept copies of sources, taken out as web archives that others' readers open."""

from flask import Response

from ledger.api.nouns import Noun
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.export import warc
from ledger.models import Evidence
from ledger.services import copies
from ledger.store import evidence as store
from ledger.store import records
from ledger.web import captured
from ledger.web.context import requires, session

bp = Noun("copies", __name__, about="The kept copies of sources, taken out as web archives.")

_HEADERS = {"Content-Disposition": {"schema": {"type": "string"}}}
_WACZ = {"type": "string", "format": "binary", "description": "A WACZ 1.1.1, as replayweb.page opens it."}
_WARC = {"type": "string", "format": "binary", "description": "A WARC 1.1, each record packed by gzip."}


def _archive(view):  # type: ignore[no-untyped-def]
    described = bp.response(200, _WACZ, content_type=copies.MEDIA_TYPE, headers=_HEADERS)(view)
    described.gives_etag = True
    return described


@bp.get("/evidence/<id>/capture/warc")
@requires(Permission.READ)
@bp.response(200, _WARC, content_type=warc.MEDIA_TYPE, headers=_HEADERS)
def download_capture_warc(id: str) -> Response:
    """Take out what was asked of a source and what it answered, as a WARC

    Each redirect and the page itself, with all headers as they came. 404 where a copy was made before
    headers were kept: `/evidence/{id}/capture/bytes` has its bytes.
    """
    piece = records.get(session(), Evidence, id)
    capture = store.capture(session(), piece.capture_id)
    if capture is None:
        raise NotFound("No capture of this evidence was asked for.")
    return captured.download_warc(capture)


@bp.get("/evidence/<id>/capture/wacz")
@requires(Permission.READ)
@_archive
def download_capture_wacz(id: str) -> Response:
    """Take the copy of a piece of evidence out as a WACZ

    Open it at replayweb.page: nothing leaves the reader's machine.
    """
    return captured.download_archive(copies.of_evidence(session(), id))


@bp.get("/claims/<id>/evidence.wacz")
@requires(Permission.READ)
@_archive
def download_claim_wacz(id: str) -> Response:
    """Take the copies of a claim's evidence out as one WACZ

    Of the evidence in force, with what was found later where a source had changed.
    """
    return captured.download_archive(copies.of_claim(session(), id))


@bp.get("/articles/<id>/evidence.wacz")
@requires(Permission.READ)
@_archive
def download_article_wacz(id: str) -> Response:
    """Take the copies of the evidence for all claims in an article out as one WACZ"""
    return captured.download_archive(copies.of_article(session(), id))

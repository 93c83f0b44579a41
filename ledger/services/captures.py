"""Captures: what an address held when we looked, kept by its hash.

The fetch stands between two short transactions, never inside one; doing it twice does no harm.
"""

import structlog
from sqlmodel import Session

import claims as finder
from claims.errors import ClaimsError
from claims.values import dataclass
from ledger.adapters.blobs import Blobs
from ledger.adapters.fetch import AnyFetcher, Fetched
from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.errors import FetchFailed, LedgerError
from ledger.export import warc
from ledger.ids import new_id
from ledger.models import Capture, CaptureState
from ledger.services import anchors, events
from ledger.store import records

_GAVE_UP = "The copy could not be made: the work on it stopped each time. It can be asked for again."
_log = structlog.get_logger(__name__)


def take(database: Database, fetcher: AnyFetcher, blobs: Blobs, capture_id: str) -> None:
    """Fetch what a pending capture names and keep it; a failure is kept as one.

    What is no fault of the address is raised as well, so that the job is tried again.
    """
    with database.read() as session:
        capture = records.get(session, Capture, capture_id)
        if capture.state == CaptureState.DONE:
            return
        url = capture.url
    try:
        fetched = fetcher.fetch(url)
        stored = _store(blobs, fetched)
        with database.write() as session:
            _keep(session, capture_id, fetched, stored)
    except Exception as error:
        with database.write() as session:
            _fail(session, capture_id, _why(error))
        if not isinstance(error, FetchFailed):
            raise


@dataclass(frozen=True, slots=True)
class _Stored:
    """What was stored of an answer, by its hashes, and the text in it."""

    sha256: str
    warc: str | None
    warc_size: int | None
    document: finder.Document | None


def _store(blobs: Blobs, fetched: Fetched) -> _Stored:
    """Store the bytes, and the WARC of what was asked and answered; read the text in it. No database."""
    archive = warc.of_exchanges(fetched.exchanges) if fetched.exchanges else None
    return _Stored(
        blobs.put(fetched.body),
        blobs.put(archive) if archive else None,
        len(archive) if archive else None,
        _document(fetched),
    )


def of_page(blobs: Blobs, fetched: Fetched) -> Capture:
    """A capture of a page that is at hand, all of it stored but the row; the caller logs that."""
    capture = Capture(
        id=new_id(),
        url=fetched.requested_url,
        state=CaptureState.PENDING,
        requested_at=fetched.fetched_at,
    )
    _fill(capture, fetched, _store(blobs, fetched))
    return capture


def give_up(session: Session, *, capture_id: str) -> None:
    """Say of a capture that still waits that nobody is at it any more."""
    capture = session.get(Capture, capture_id)
    if capture is not None and capture.state == CaptureState.PENDING:
        _fail(session, capture_id, _GAVE_UP)


def _why(error: Exception) -> str:
    if isinstance(error, LedgerError):
        return error.message
    return f"Something went wrong here while the copy was being made ({type(error).__name__})."


def _fail(session: Session, capture_id: str, why: str) -> None:
    capture = records.get(session, Capture, capture_id)
    if capture.state == CaptureState.PENDING:
        capture.state, capture.error = CaptureState.FAILED, why[:1000]
        events.append(session, capture, "capture.failed", by=SYSTEM)


def _keep(session: Session, capture_id: str, fetched: Fetched, stored: _Stored) -> None:
    capture = records.get(session, Capture, capture_id)
    if capture.state == CaptureState.DONE:
        return
    _fill(capture, fetched, stored)
    events.append(session, capture, "capture.done", by=SYSTEM)
    anchors.renew_all(session, capture)


def _fill(capture: Capture, fetched: Fetched, stored: _Stored) -> None:
    """Set all that a capture that is done says of the answer."""
    capture.state, capture.error, capture.sha256 = CaptureState.DONE, None, stored.sha256
    capture.warc_sha256, capture.warc_size = stored.warc, stored.warc_size
    capture.size, capture.media_type = len(fetched.body), (fetched.media_type or "")[:100]
    # An address that has no room is left out: cut short, it would be another one.
    capture.final_url = fetched.url if len(fetched.url) <= 2000 else None
    capture.fetched_at = fetched.fetched_at
    document = stored.document
    if document is not None:
        capture.text = document.text
        capture.title, capture.publisher = _line(document.title, 500), _line(document.publisher, 200)
        capture.published = _line(document.published, 40)


def _document(fetched: Fetched) -> finder.Document | None:
    try:
        return finder.read(
            fetched.body, media_type=fetched.media_type, url=fetched.url, encoding=fetched.encoding
        )
    except ClaimsError:
        # A picture or a scan is evidence too; it just can't be searched for the quote.
        return None
    except Exception as error:  # noqa: BLE001  (whatever a strange file does to a parser, its bytes are kept)
        _log.error("capture not read", url=fetched.url, error=f"{type(error).__name__}: {error}")
        return None


def _line(words: str | None, longest: int) -> str | None:
    """What a page says of itself, on one line, cut to what there is room for."""
    line = " ".join(finder.normalise(words or "").split())
    return (line if len(line) <= longest else line[: longest - 1] + "…") or None

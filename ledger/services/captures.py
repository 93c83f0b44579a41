"""Captures: what an address held when we looked, kept by its hash.

The fetch stands between two short transactions, never inside one; doing it twice does no harm.
"""

from sqlmodel import Session

import claims as finder
from claims.errors import ClaimsError
from ledger.adapters.blobs import Blobs
from ledger.adapters.fetch import AnyFetcher, Fetched
from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.errors import FetchFailed
from ledger.models import Capture, CaptureState
from ledger.services import events
from ledger.store import records


def take(database: Database, fetcher: AnyFetcher, blobs: Blobs, capture_id: str) -> None:
    """Fetch what a pending capture names and keep it; a failure is kept as one."""
    with database.read() as session:
        capture = records.get(session, Capture, capture_id)
        if capture.state == CaptureState.DONE:
            return
        url = capture.url
    try:
        fetched = fetcher.fetch(url)
    except FetchFailed as error:
        with database.write() as session:
            _fail(session, capture_id, error.message)
        return
    sha256, text = blobs.put(fetched.body), _text(fetched)
    with database.write() as session:
        _keep(session, capture_id, fetched, sha256, text)


def _fail(session: Session, capture_id: str, why: str) -> None:
    capture = records.get(session, Capture, capture_id)
    if capture.state == CaptureState.PENDING:
        capture.state, capture.error = CaptureState.FAILED, why[:1000]
        events.append(session, capture, "capture.failed", by=SYSTEM)


def _keep(session: Session, capture_id: str, fetched: Fetched, sha256: str, text: str | None) -> None:
    capture = records.get(session, Capture, capture_id)
    if capture.state == CaptureState.DONE:
        return
    capture.state, capture.error, capture.sha256 = CaptureState.DONE, None, sha256
    capture.size, capture.media_type = len(fetched.body), (fetched.media_type or "")[:100]
    # An address that has no room is left out: cut short, it would be another one.
    capture.final_url = fetched.url if len(fetched.url) <= 2000 else None
    capture.fetched_at, capture.text = fetched.fetched_at, text
    events.append(session, capture, "capture.done", by=SYSTEM)


def _text(fetched: Fetched) -> str | None:
    try:
        return finder.read(
            fetched.body, media_type=fetched.media_type, url=fetched.url, encoding=fetched.encoding
        ).text
    except ClaimsError:
        # A picture or a scan is evidence too; it just can't be searched for the quote.
        return None

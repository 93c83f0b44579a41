"""Where a quote stands in what was captured: found in its very words, or nowhere."""

from sqlmodel import Session

import claims as finder
from claims.quoting import places
from ledger.auth.identity import SYSTEM
from ledger.models import Capture, CaptureState, Evidence
from ledger.models.rows import changed_columns
from ledger.services import events
from ledger.store import evidence as store


def anchor(evidence: Evidence, text: str | None) -> None:
    """Set the quote's place in `text`, if that is one place; a quote that stands in two has none."""
    found = places(text, evidence.quote) if text and evidence.quote else []
    if len(found) != 1:
        evidence.quote_start = evidence.quote_end = evidence.quote_prefix = evidence.quote_suffix = None
        return
    quoted = finder.quote(text or "", found[0])
    evidence.quote_start, evidence.quote_end = found[0].start, found[0].end
    evidence.quote_prefix, evidence.quote_suffix = quoted.prefix, quoted.suffix


def follow(session: Session, evidence: Evidence) -> None:
    """Set the quote's place in the capture that the evidence has; the caller logs the change."""
    capture = session.get(Capture, evidence.capture_id) if evidence.capture_id else None
    done = capture is not None and capture.state == CaptureState.DONE
    anchor(evidence, capture.text if capture and done else None)


def renew(session: Session, evidence: Evidence) -> None:
    """The same, as a change of the ledger's own.

    Like a capture it has a stream of its own: it makes no new version of the claim, and no verdict stale.
    """
    follow(session, evidence)
    if changed_columns(evidence):
        events.append(session, evidence, "evidence.anchored", by=SYSTEM)


def renew_all(session: Session, capture: Capture) -> None:
    """Look for the quotes of all evidence that a capture is of."""
    for evidence in store.of_capture(session, capture.id):
        renew(session, evidence)

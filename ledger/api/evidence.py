"""Evidence: reading it, correcting it, taking it back. It is added at its claim."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.models import Capture, CaptureState, Evidence
from ledger.schemas.common import Nothing
from ledger.schemas.evidence import (
    CaptureOut,
    CaptureTextOut,
    EvidenceDetails,
    EvidenceOut,
    EvidenceWithdrawIn,
)
from ledger.services import evidence
from ledger.store import evidence as store
from ledger.store import records
from ledger.web import captured
from ledger.web.context import identity, requires, session

bp = Noun("evidence", __name__, prefix="/evidence", about="Links to what bears on a claim.")


def evidence_reply(piece: Evidence, *, status: int = 200) -> Response:
    """A piece of evidence with its capture."""
    capture = store.capture(session(), piece.capture_id)
    location = url_for("api_evidence.show_evidence", id=piece.id) if status in (201, 202) else None
    shown = {**piece.model_dump(), "capture": capture}
    return reply(EvidenceOut, shown, status=status, version=piece.version, location=location)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, EvidenceOut)
def show_evidence(id: str) -> Response:
    """Show a piece of evidence with the capture of it"""
    return evidence_reply(records.get(session(), Evidence, id))


@bp.get("/<id>/capture")
@requires(Permission.READ)
@bp.answers(200, CaptureOut)
def show_capture(id: str) -> Response:
    """Show what a piece of evidence's address held when we looked"""
    capture = _capture(id)
    return reply(CaptureOut, capture, version=capture.version)


@bp.get("/<id>/capture/text")
@requires(Permission.READ)
@bp.answers(200, CaptureTextOut)
def show_capture_text(id: str) -> Response:
    """Show the captured text

    The evidence's `quote_start` and `quote_end` count code points of it.
    """
    capture = _capture(id)
    if capture.state != CaptureState.DONE or capture.text is None:
        raise NotFound("There is no captured text of this evidence.")
    return reply(CaptureTextOut, capture, version=capture.version)


@bp.get("/<id>/capture/bytes")
@requires(Permission.READ)
@bp.response(
    200,
    {"type": "string", "format": "binary", "description": "Exactly what the address sent, to be saved."},
    content_type=captured.BYTES,
    headers={"Content-Disposition": {"schema": {"type": "string"}}},
)
def download_capture(id: str) -> Response:
    """Take the captured bytes out

    They are a stranger's: whatever they are, they are sent as a file without a type.
    """
    return captured.download(_capture(id))


@bp.post("/<id>/capture/retry")
@requires(Permission.EVIDENCE)
@bp.arguments(Nothing, required=False)
@bp.answers(202, EvidenceOut, location=True)
def retry_capture(_body: dict[str, Any], id: str) -> Response:
    """Ask again for a capture that failed, or for the first one

    It is made in the background; the evidence shows how far it is.
    """
    return evidence_reply(evidence.retry_capture(session(), id, by=identity()), status=202)


def _capture(id: str) -> Capture:
    piece = records.get(session(), Evidence, id)
    capture = store.capture(session(), piece.capture_id)
    if capture is None:
        raise NotFound("No capture of this evidence was asked for.")
    return capture


@bp.patch("/<id>")
@requires(Permission.EVIDENCE)
@bp.edits(EvidenceOut, Evidence)
@bp.arguments(EvidenceDetails, example={"stance": "context", "note": "The year before."})
@bp.answers(200, EvidenceOut)
def correct_evidence(details: dict[str, Any], id: str, version: int) -> Response:
    """Correct a piece of evidence that is in force

    Its address stays; for another one, take this back and add it anew.
    """
    return evidence_reply(evidence.correct(session(), id, by=identity(), version=version, details=details))


@bp.post("/<id>/withdraw")
@requires(Permission.EVIDENCE)
@bp.edits(EvidenceOut, Evidence)
@bp.arguments(EvidenceWithdrawIn, example={"reason": "The report was retracted."})
@bp.answers(200, EvidenceOut)
def withdraw_evidence(body: dict[str, Any], id: str, version: int) -> Response:
    """Take a piece of evidence back; it stays in sight, with the reason"""
    return evidence_reply(
        evidence.withdraw(session(), id, by=identity(), version=version, reason=body["reason"])
    )


@bp.step("/<id>/restore", Permission.EVIDENCE, EvidenceOut, Evidence)
def restore_evidence(id: str, version: int) -> Response:
    """Put a piece of evidence that was taken back in force again"""
    return evidence_reply(evidence.restore(session(), id, by=identity(), version=version))

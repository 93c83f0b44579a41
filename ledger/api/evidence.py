"""Evidence: reading it, correcting it, taking it back. It is added at its claim."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import Capture, Evidence
from ledger.schemas.common import Nothing
from ledger.schemas.evidence import EvidenceDetails, EvidenceOut, EvidenceWithdrawIn
from ledger.services import evidence
from ledger.store import records
from ledger.web.context import identity, requires, session

bp = Noun("evidence", __name__, prefix="/evidence", about="Links to what bears on a claim.")


def evidence_reply(piece: Evidence, *, status: int = 200) -> Response:
    """A piece of evidence with its capture."""
    capture = session().get(Capture, piece.capture_id) if piece.capture_id else None
    location = url_for("api_evidence.show_evidence", id=piece.id) if status == 201 else None
    shown = {**piece.model_dump(), "capture": capture}
    return reply(EvidenceOut, shown, status=status, version=piece.version, location=location)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, EvidenceOut)
def show_evidence(id: str) -> Response:
    """Show a piece of evidence with the capture of it"""
    return evidence_reply(records.get(session(), Evidence, id))


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


@bp.post("/<id>/restore")
@requires(Permission.EVIDENCE)
@bp.edits(EvidenceOut, Evidence)
@bp.arguments(Nothing, required=False)
@bp.answers(200, EvidenceOut)
def restore_evidence(_body: dict[str, Any], id: str, version: int) -> Response:
    """Put a piece of evidence that was taken back in force again"""
    return evidence_reply(evidence.restore(session(), id, by=identity(), version=version))

"""Evidence on a claim's page: adding, correcting, taking back."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.models import Evidence
from ledger.services import evidence
from ledger.store import records
from ledger.ui.claims import act
from ledger.ui.forms import chosen
from ledger.ui.pages import version
from ledger.web.context import identity, reading, requires

bp = Blueprint("evidence", __name__)

DETAILS = ("url", "stance", "quote", "title", "publisher", "published", "note")
# A second address, after a gap or glued to the first; one inside another (web.archive.org/web/…/https://…,
# ?url=https://…) is one address.
_SECOND = re.compile(r"(?:[\s,;|]|(?<=[^/=?&:#%\s,;|]))https?://", re.IGNORECASE)


@bp.post("/claims/<id>/evidence")
@requires(Permission.EVIDENCE)
def add(id: str) -> Any:
    """Link something that bears on a claim."""
    return act(
        id,
        "evidence",
        lambda s: evidence.add(s, id, by=identity(), details=_details()),
        done="The evidence is added; a copy of the page will be kept.",
    )


@bp.post("/evidence/<id>/correct")
@requires(Permission.EVIDENCE)
def correct(id: str) -> Any:
    """Correct a piece of evidence."""
    return _act(
        id,
        "correct",
        lambda s: evidence.correct(s, id, by=identity(), version=version(), details=_details()),
        done="The evidence is corrected.",
    )


@bp.post("/evidence/<id>/withdraw")
@requires(Permission.EVIDENCE)
def withdraw(id: str) -> Any:
    """Take a piece of evidence back."""
    reason = request.form.get("reason", "")
    return _act(
        id,
        "take-back",
        lambda s: evidence.withdraw(s, id, by=identity(), version=version(), reason=reason),
        done="The evidence is taken back.",
    )


@bp.post("/evidence/<id>/restore")
@requires(Permission.EVIDENCE)
def restore(id: str) -> Any:
    """Put a piece of evidence back."""
    return _act(
        id,
        "restore",
        lambda s: evidence.restore(s, id, by=identity(), version=version()),
        done="The evidence counts again.",
    )


def _act(id: str, name: str, change: Callable[[Session], Any], *, done: str) -> Any:
    piece = records.get(reading(), Evidence, id)
    return act(piece.claim_id, name, change, done=done, key=id)


def _details() -> dict[str, Any]:
    details = chosen(*DETAILS)
    if _SECOND.search(details.get("url", "").strip()):
        raise Invalid("One address per entry: add the second one as evidence of its own.", field="url")
    return details

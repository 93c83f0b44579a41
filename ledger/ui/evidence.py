"""Evidence on a claim's page: adding, correcting, taking back, and what was captured of it."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from claims.model import Span
from ledger.adapters import addresses
from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.ids import is_id
from ledger.models import Article, Capture, CaptureState, Claim, Evidence
from ledger.services import copies, evidence
from ledger.store import claims as claims_store
from ledger.store import evidence as store
from ledger.store import records
from ledger.ui import pieces
from ledger.ui.claims import act
from ledger.ui.forms import chosen
from ledger.ui.pages import notice, render, version
from ledger.web import captured
from ledger.web.context import identity, reading, requires

bp = Blueprint("evidence", __name__)

DETAILS = ("url", "stance", "quote", "title", "publisher", "published", "note")
# A second address, after a gap or glued to the first; one inside another (web.archive.org/web/…/https://…,
# ?url=https://…) is one address.
_SECOND = re.compile(r"(?:[\s,;|]|(?<=[^/=?&:#%\s,;|]))https?://", re.IGNORECASE)
_ADDED = "The evidence is added; a copy of the page will be kept."
_AGAIN = "The evidence is added. The same link is evidence here already, with other words."
SHOWN = 40_000
"""How many characters of a captured text a page shows at once."""
_LEAD = 1_500  # characters before the quote


@bp.post("/claims/<id>/evidence")
@requires(Permission.EVIDENCE)
def add(id: str) -> Any:
    """Link something that bears on a claim."""
    done = _AGAIN if _is_known(id) else _ADDED
    return act(id, "evidence", lambda s: evidence.add(s, id, by=identity(), details=_details()), done=done)


def _is_known(claim_id: str) -> bool:
    """Whether the link is evidence for the claim already."""
    try:
        url = addresses.valid_url(request.form.get("url", ""))
    except Invalid:
        return False
    known = claims_store.evidence(reading(), claim_id)
    return any(piece.url == url and piece.withdrawn_at is None for piece in known)


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


@bp.post("/evidence/<id>/capture/retry")
@requires(Permission.EVIDENCE)
def retry(id: str) -> Any:
    """Ask again for a copy that failed."""
    return _act(
        id,
        "retry",
        lambda s: evidence.retry_capture(s, id, by=identity()),
        done="The copy is asked for again.",
    )


@bp.get("/evidence/<id>/piece")
@requires(Permission.READ)
def piece(id: str) -> Any:
    """The piece once its copy is there or has failed; until then nothing, and it is asked for again."""
    found = records.get(reading(), Evidence, id)
    capture = _capture_of(found)
    if capture is not None and capture.state == CaptureState.PENDING:
        return Response(status=204)
    article_id = _article()
    claim = records.get(reading(), Claim, found.claim_id)
    return render(
        "claims/_evidence_shown.html",
        claim=claim,
        piece=found,
        capture=capture,
        looks=pieces.looks(reading(), claim, [(found, capture)]),
        names=claims_store.names(reading(), [found.added_by]),
        place={"article": article_id} if article_id else {},
        target="#panel" if article_id else "#main",
        working=claim.triage == "accepted" and not claim.withdrawn_at and found.withdrawn_at is None,
    )


@bp.get("/evidence/<id>/capture")
@requires(Permission.READ)
def capture(id: str) -> Any:
    """The kept text of a source, with the quote marked in it."""
    found = records.get(reading(), Evidence, id)
    kept = _capture_of(found)
    if kept is None:
        raise NotFound("No copy of this page was asked for.")
    claim = records.get(reading(), Claim, found.claim_id)
    length = store.text_length(reading(), kept.id)
    spans, near = _marked(found, kept)
    first = _first(length, spans)
    text = store.part(reading(), kept.id, first, SHOWN)
    return render(
        "evidence/capture.html",
        claim=claim,
        piece=found,
        capture=kept,
        article_id=_article(),
        look=pieces.looks(reading(), claim, [(found, kept)])[found.id],
        names=claims_store.names(reading(), [found.added_by]),
        paragraphs=pieces.paragraphs(text, first, spans),
        spans=spans,
        near=near,
        first=first,
        last=first + len(text),
        length=length,
        earlier=max(0, first - SHOWN) if first else None,
        later=first + SHOWN if first + SHOWN < length else None,
        begins=[max(0, span.start - _LEAD) if length > SHOWN else None for span in spans],
    )


def _marked(found: Evidence, kept: Capture) -> tuple[list[Span], bool]:
    """The places to be marked in a captured text, and whether they only come near."""
    if found.quote_start is not None and found.quote_end is not None:
        return [Span(found.quote_start, found.quote_end)], False
    if not found.quote or kept.state != CaptureState.DONE:
        return [], False
    finding = pieces.found(reading(), [(kept.id, found.quote)])[0]
    if finding.near is not None:
        return [finding.near.span], True
    return list(finding.spans), False


def _first(length: int, spans: list[Span]) -> int:
    """Where the part of the text begins that is shown: as asked for, or a little before the quote."""
    asked = request.args.get("from", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 9:
        return min(int(asked), max(0, length - 1))
    if length <= SHOWN or not spans:
        return 0
    return max(0, spans[0].start - _LEAD)


@bp.get("/evidence/<id>/capture/bytes")
@requires(Permission.READ)
def download(id: str) -> Response:
    """Exactly what the address sent, to be saved."""
    kept = _capture_of(records.get(reading(), Evidence, id))
    if kept is None:
        raise NotFound("No copy of this page was asked for.")
    return captured.download(kept)


@bp.get("/evidence/<id>/capture.warc.gz")
@requires(Permission.READ)
def download_warc(id: str) -> Response:
    """What was asked of the source, and what it answered."""
    kept = _capture_of(records.get(reading(), Evidence, id))
    if kept is None:
        raise NotFound("No copy of this page was asked for.")
    return captured.download_warc(kept)


@bp.get("/evidence/<id>/capture.wacz")
@requires(Permission.READ)
def download_wacz(id: str) -> Response:
    """The copy as others' readers open it."""
    return captured.download_archive(copies.of_evidence(reading(), id))


@bp.get("/claims/<id>/evidence.wacz")
@requires(Permission.READ)
def download_of_claim(id: str) -> Response:
    """The copies of a claim's evidence in one file."""
    return captured.download_archive(copies.of_claim(reading(), id))


@bp.get("/articles/<id>/evidence.wacz")
@requires(Permission.READ)
def download_of_article(id: str) -> Any:
    """The copies of the evidence for all claims of an article in one file."""
    records.get(reading(), Article, id)
    try:
        wanted = copies.of_article(reading(), id)
    except NotFound as error:
        # The menu offers it before it is known whether there is one.
        notice(error.message, kind="bad")
        return redirect(url_for("articles.detail", id=id))
    return captured.download_archive(wanted)


def _article() -> str | None:
    """The article in whose workspace the piece is shown, if it is."""
    id = request.args.get("article", "")
    return id if is_id(id) else None


def _capture_of(piece: Evidence) -> Capture | None:
    return store.capture(reading(), piece.capture_id)


def _act(id: str, name: str, change: Callable[[Session], Any], *, done: str) -> Any:
    piece = records.get(reading(), Evidence, id)
    return act(piece.claim_id, name, change, done=done, key=id)


def _details() -> dict[str, Any]:
    details = chosen(*DETAILS)
    if _SECOND.search(details.get("url", "").strip()):
        raise Invalid("One address per entry: add the second one as evidence of its own.", field="url")
    return details

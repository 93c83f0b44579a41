"""Verdicts on a claim's page: proposing, signing, sending back."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.models import Verdict
from ledger.services import verdicts
from ledger.store import records
from ledger.ui.claims import act
from ledger.ui.pages import version
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("verdicts", __name__)


@bp.post("/claims/<id>/verdicts")
@requires(Permission.PROPOSE)
def propose(id: str) -> Any:
    """Propose a rating with its reasoning."""
    sent, policy = request.form, parts().policy
    return act(
        id,
        "propose",
        lambda s: verdicts.propose(
            s, id, by=identity(), version=version(), code=sent.get("code", ""),
            rationale=sent.get("rationale", ""), policy=policy, scale=parts().settings.scale,
            label=sent.get("label"),
        ),
        done="Your verdict is proposed; it waits for a signature.",
    )  # fmt: skip


@bp.post("/verdicts/<id>/sign")
@requires(Permission.SIGN)
def sign(id: str) -> Any:
    """Sign a proposed verdict, and so settle it."""
    sent, policy = request.form, parts().policy
    verdict = records.get(reading(), Verdict, id)
    override = sent.get("override") == "1"
    return act(
        verdict.claim_id,
        "override" if override else "sign",
        lambda s: verdicts.sign(
            s, id, by=identity(), digest_seen=sent.get("digest", ""), policy=policy, note=sent.get("note"),
            override=override,
        ),
        done="Signed: the verdict is settled.",
    )  # fmt: skip


@bp.post("/verdicts/<id>/send-back")
@requires(Permission.SIGN)
def send_back(id: str) -> Any:
    """Send a proposed verdict back with the reason, and perhaps with the rating that one would give."""
    verdict = records.get(reading(), Verdict, id)
    sent = request.form
    return act(
        verdict.claim_id,
        "send-back",
        lambda s: verdicts.send_back(
            s, id, by=identity(), reason=sent.get("reason", ""), code=sent.get("code") or None
        ),
        done="Sent back with your reason.",
    )

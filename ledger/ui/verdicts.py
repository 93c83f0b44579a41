"""Verdicts on a claim's page: proposing, rating blind, deciding, signing, sending back, renewing."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.models import Verdict
from ledger.services import blind, renewals, verdicts
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
        done="Your verdict is in; it waits for the second reader.",
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
            override=override, correction=sent.get("correction"),
        ),
        done="Signed: the verdict is settled.",
    )  # fmt: skip


@bp.post("/verdicts/<id>/rate")
@requires(Permission.SIGN)
def rate(id: str) -> Any:
    """Rate a claim blind, as the second reader."""
    sent, policy = request.form, parts().policy
    verdict = records.get(reading(), Verdict, id)
    return act(
        verdict.claim_id,
        "rate",
        lambda s: blind.rate(
            s, id, by=identity(), digest_seen=sent.get("digest", ""), policy=policy,
            code=sent.get("code", ""), rationale=sent.get("rationale", "").replace("\r\n", "\n"),
            label=sent.get("label"),
        ),
        done="Your rating is in. Both are shown now.",
    )  # fmt: skip


@bp.post("/verdicts/<id>/decide")
@requires(Permission.OVERRIDE)
def decide(id: str) -> Any:
    """Decide between two readers who differ."""
    sent, policy = request.form, parts().policy
    verdict = records.get(reading(), Verdict, id)
    return act(
        verdict.claim_id,
        "decide",
        lambda s: blind.decide(
            s, id, by=identity(), digest_seen=sent.get("digest", ""), policy=policy,
            choose=sent.get("choose", ""), note=sent.get("note", ""),
        ),
        done="Decided: the verdict is settled.",
    )  # fmt: skip


@bp.post("/verdicts/<id>/renew")
@requires(Permission.SIGN)
def renew(id: str) -> Any:
    """Say that a stale verdict still holds."""
    sent, policy = request.form, parts().policy
    verdict = records.get(reading(), Verdict, id)
    return act(
        verdict.claim_id,
        "renew",
        lambda s: renewals.renew(
            s, id, by=identity(), claim_version=version(), policy=policy, note=sent.get("note", "")
        ),
        done="Signed: the verdict holds, as the claim stands now.",
    )


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

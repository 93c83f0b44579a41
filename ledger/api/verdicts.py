"""Verdicts: reading one, signing it, sending it back, renewing it. It is proposed at its claim."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.models import Verdict
from ledger.schemas.verdicts import (
    DecideIn,
    DifferencesOut,
    RateIn,
    RenewIn,
    SealedOut,
    SendBackIn,
    SignIn,
    VerdictOut,
)
from ledger.services import blind, renewals, seals, verdicts
from ledger.store import claims as store
from ledger.store import records
from ledger.web.context import identity, parts, requires, session

bp = Noun("verdicts", __name__, prefix="/verdicts", about="Ratings with their reasoning and signatures.")


def verdict_reply(verdict: Verdict, *, status: int = 200) -> Response:
    """A verdict with its signatures."""
    shown = {**verdict.model_dump(), "signatures": store.signatures(session(), [verdict]).get(verdict.id, [])}
    location = url_for("api_verdicts.show_verdict", id=verdict.id) if status == 201 else None
    return reply(VerdictOut, shown, status=status, version=verdict.version, location=location)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, VerdictOut)
def show_verdict(id: str) -> Response:
    """Show a verdict with the signatures under it"""
    return verdict_reply(records.get(session(), Verdict, id))


@bp.post("/<id>/sign")
@requires(Permission.SIGN)
@bp.arguments(SignIn)
@bp.answers(200, VerdictOut)
@bp.alt_response(412, "PRECONDITION_FAILED")
def sign_verdict(body: dict[str, Any], id: str) -> Response:
    """Sign a proposed verdict and so settle it

    The digest stands for all that is signed: statement, spans, rating, reasoning and evidence. If it is not
    that of the verdict as it stands, the answer is 412. Who proposed it can't sign, save with `override`.
    Where it changes what an open report told, `correction` says why, for everybody.
    """
    verdict = verdicts.sign(
        session(),
        id,
        by=identity(),
        digest_seen=body["digest"],
        policy=parts().policy,
        note=body.get("note"),
        override=body["override"],
        correction=body.get("correction"),
    )
    return verdict_reply(verdict)


@bp.post("/<id>/send-back")
@requires(Permission.SIGN)
@bp.arguments(SendBackIn, example={"reason": "The source is about another bridge.", "code": "unproven"})
@bp.answers(200, VerdictOut)
def send_back_verdict(body: dict[str, Any], id: str) -> Response:
    """Send a proposed verdict back with the reason; its claim is being checked again

    `code` is the rating, on the verdict's own scale, that the second reader would give instead. It may be
    left out; named, it counts in the figures on how far first and second readers agree.
    """
    sent = verdicts.send_back(session(), id, by=identity(), reason=body["reason"], code=body.get("code"))
    return verdict_reply(sent)


@bp.post("/<id>/rate")
@requires(Permission.SIGN)
@bp.arguments(
    RateIn, example={"digest": "0" * 64, "code": "refuted", "rationale": "The register has 424 names."}
)
@bp.answers(200, VerdictOut)
@bp.alt_response(412, "PRECONDITION_FAILED")
def rate_verdict(body: dict[str, Any], id: str) -> Response:
    """Rate a claim blind, as the second reader, and so open both ratings

    For a verdict that is sealed: its desk has two people rate without knowing what the other says. Where the
    ratings agree (the same `code`), you then sign what the first reader wrote; else an editor decides.
    """
    rated = blind.rate(
        session(), id, by=identity(), digest_seen=body.pop("digest"), policy=parts().policy, **body
    )
    return verdict_reply(rated)


@bp.post("/<id>/decide")
@requires(Permission.OVERRIDE)
@bp.arguments(
    DecideIn, example={"digest": "0" * 64, "choose": "second", "note": "The register is the better source."}
)
@bp.answers(200, VerdictOut)
@bp.alt_response(412, "PRECONDITION_FAILED")
def decide_verdict(body: dict[str, Any], id: str) -> Response:
    """Decide between two readers who rated blind and differ, and so settle the claim

    For an editor who is neither of the two. The answer is the verdict that counts now: the first reader's, or
    a new one with the second reader's rating and reasoning.
    """
    decided = blind.decide(
        session(), id, by=identity(), digest_seen=body["digest"], policy=parts().policy,
        choose=body["choose"], note=body["note"],
    )  # fmt: skip
    return verdict_reply(decided)


@bp.post("/<id>/renew")
@requires(Permission.SIGN)
@bp.arguments(RenewIn, example={"claim_version": 9, "note": "Only the order of the words changed."})
@bp.answers(201, VerdictOut, location=True)
@bp.alt_response(412, "PRECONDITION_FAILED")
def renew_verdict(body: dict[str, Any], id: str) -> Response:
    """Say that a stale verdict still holds: sign what stands now, in one step

    Makes a new verdict with the same rating, reasoning and proposer, which names the old one in `renews`. Who
    proposed it can't renew it where two people sign. If the claim has another version by now, that is a 412.
    """
    return verdict_reply(
        renewals.renew(session(), id, by=identity(), policy=parts().policy, **body), status=201
    )


@bp.get("/<id>/sealed")
@requires(Permission.READ)
@bp.answers(200, SealedOut)
def show_sealed(id: str) -> Response:
    """Show what you yourself said in a verdict that is sealed

    To everybody but its proposer, and once it is open, there is no such thing.
    """
    own = seals.own(session(), records.get(session(), Verdict, id), identity())
    if own is None:
        raise NotFound("There is nothing of yours that is sealed in this verdict.")
    return reply(SealedOut, own)


@bp.get("/<id>/differences")
@requires(Permission.READ)
@bp.answers(200, DifferencesOut)
def list_differences(id: str) -> Response:
    """List what changed under a verdict since it was proposed

    Statement, spans and evidence, each with what stood then, by the log. Empty while it can still be signed.
    """
    verdict = records.get(session(), Verdict, id)
    return reply(DifferencesOut, {"items": verdicts.differences(session(), verdict)})

"""Retiring a version of a scale, and taking it into use again."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import ScaleRetirement
from ledger.schemas.retirements import RetirementFileOut, RetirementIn, RetirementOut, RetirementsOut
from ledger.services import retirements
from ledger.store import records
from ledger.store import retirements as store
from ledger.web.context import identity, requires, session

bp = Noun("retirements", __name__, prefix="/retirements", about="Versions of scales that are in use no more.")


def _reply(done: tuple[ScaleRetirement, int], status: int = 200) -> Response:
    retirement, claims = done
    shown = {**retirement.model_dump(), "claims": claims}
    return reply(RetirementFileOut, shown, status=status, version=retirement.version)


@bp.get("")
@requires(Permission.READ)
@bp.answers(200, RetirementsOut)
def list_retirements() -> Response:
    """List the versions of scales that were retired, those that were taken into use again too"""
    return reply(RetirementsOut, {"items": store.every(session())})


@bp.post("")
@requires(Permission.DESKS)
@bp.arguments(
    RetirementIn, example={"scale": "ledger", "scale_version": 1, "reason": "Version 2 tells apart more."}
)
@bp.answers(201, RetirementFileOut)
def retire_scale(body: dict[str, Any]) -> Response:
    """Retire a version of a scale

    Nobody can propose on it any more, and what is settled on it is stale at once, with your reason: each
    claim waits for somebody to say that its verdict still holds, or to propose another.
    """
    return _reply(
        retirements.retire(
            session(), body["scale"], body["scale_version"], by=identity(), reason=body["reason"]
        ),
        status=201,
    )


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, RetirementOut)
def show_retirement(id: str) -> Response:
    """Show a retirement"""
    found = records.get(session(), ScaleRetirement, id, name="retirement")
    return reply(RetirementOut, found, version=found.version)


@bp.post("/<id>/reinstate")
@requires(Permission.DESKS)
@bp.edits(RetirementOut, ScaleRetirement)
@bp.answers(200, RetirementFileOut)
def reinstate_scale(id: str, version: int) -> Response:
    """Take a retired version of a scale into use again

    Verdicts that nobody renewed or replaced meanwhile hold as before.
    """
    return _reply(retirements.reinstate(session(), id, by=identity(), version=version))

"""Scales: which there are, how many verdicts stand on each version, and retiring one."""

from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.models import ScaleRetirement
from ledger.scales import all_scales, scale_of
from ledger.services import retirements
from ledger.store import claims as claims_store
from ledger.store import retirements as store
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import go, notice, render, version, writing
from ledger.ui.words import plural
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("retirements", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A version of a scale: its name, how many settled verdicts stand on it, and its retirement if it is."""

    scale: str
    version: int
    name: str
    note: str
    settled: int
    newest: bool
    retirement: ScaleRetirement | None

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.scale}-{self.version}"


@bp.get("/scales")
@requires(Permission.READ)
def index() -> Any:
    """All versions of scales that can be used or were used."""
    return _index()


def _index(refused: Refused | None = None) -> Any:
    session = reading()
    every = store.every(session)
    return render(
        "retirements/index.html",
        status=refused.status if refused else 200,
        lines=_lines(session, {(r.scale, r.scale_version): r for r in every if r.reinstated_at is None}),
        past=[one for one in every if one.reinstated_at is not None],
        names=claims_store.names(session, {id for r in every for id in (r.retired_by, r.reinstated_by)}),
        used=parts().settings.scale,
        forms=Forms(refused),
    )


def _lines(session: Session, retired: dict[tuple[str, int], ScaleRetirement]) -> list[Line]:
    counts = store.counts(session)
    newest = {(scale.id, scale.version) for scale in all_scales().values()}
    found = []
    # What verdicts stand on first: the others can be used, too, and are many.
    used = parts().settings.scale
    every = newest | set(counts) | set(retired)
    for scale, number in sorted(every, key=lambda one: (one[0] != used, one not in counts, one)):
        known = scale_of(scale, number)
        found.append(
            Line(
                scale, number, known.name if known else scale, known.note if known else "",
                counts.get((scale, number), 0), (scale, number) in newest, retired.get((scale, number)),
            )
        )  # fmt: skip
    return found


@bp.post("/scales/retire")
@requires(Permission.DESKS)
def retire() -> Any:
    """Retire a version of a scale."""
    sent = request.form
    key = f"{sent.get('scale', '')}-{sent.get('scale_version', '')}"
    try:
        with writing() as session:
            _, touched = retirements.retire(
                session, sent.get("scale", ""), _number(sent.get("scale_version", "")), by=identity(),
                reason=sent.get("reason", ""),
            )  # fmt: skip
    except REFUSALS as error:
        return _index(Refused("retire", key, error, typed()))
    notice(f"Retired. {plural(touched, 'claim')} must be looked at again.")
    return go("retirements.index")


@bp.post("/scales/<id>/reinstate")
@requires(Permission.DESKS)
def reinstate(id: str) -> Any:
    """Take a retired version into use again."""
    try:
        with writing() as session:
            _, touched = retirements.reinstate(session, id, by=identity(), version=version())
    except REFUSALS as error:
        return _index(Refused("reinstate", id, error, typed()))
    notice(f"In use again. {plural(touched, 'claim')} with verdicts on it were settled anew.")
    return go("retirements.index")


def _number(written: str) -> int:
    if not written.isascii() or not written.isdigit() or len(written) > 6:
        raise Invalid("There is no such version of a scale.", field="scale")
    return int(written)

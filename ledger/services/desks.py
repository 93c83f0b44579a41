"""Desks: founding one, naming it, deciding from which worth on it shows a candidate, and its policy."""

from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid
from ledger.ids import new_id
from ledger.models import DEFAULT_DESK, DEFAULT_THRESHOLD, Desk
from ledger.services import events
from ledger.services.changes import choice, edit, expect, name_value
from ledger.store import desks as store

LONGEST_NAME = 100
STEP = 5  # hundredths
POLICY = ("signatures", "min_evidence", "independent_evidence", "blind", "carry_harmless")
MOST_EVIDENCE = 5


def add(
    session: Session, *, by: Identity, name: str, threshold: Any = DEFAULT_THRESHOLD, **policy: Any
) -> Desk:
    """Found a desk; `policy` are columns of POLICY."""
    by.require(Permission.DESKS)
    desk = Desk(id=new_id(), name=_name(session, name), threshold=share(threshold))
    _set_policy(desk, policy)
    events.append(session, desk, "desk.added", by=by, new=[desk])
    return desk


def change(session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]) -> Desk:
    """Change a desk's name, threshold or policy.

    No candidate is found or lost by a threshold: more or fewer are shown. A policy holds for what is proposed
    and signed from then on; what is settled stays.
    """
    by.require(Permission.DESKS)
    desk = store.get(session, id)
    expect(desk, version)
    if desk.version == 0:
        # The default desk becomes a row.
        _set(session, desk, details)
        desk.version = 1
        events.append(session, desk, "desk.changed", by=by, new=[desk])
        return desk
    with edit(desk) as changed:
        _set(session, desk, details)
    if changed():
        events.append(session, desk, "desk.changed", by=by)
    return desk


def reference(session: Session, desk_id: str | None) -> str | None:
    """A desk as an article names it: None for the default one. Raises Invalid for one that is not there."""
    if desk_id in (None, "", DEFAULT_DESK):
        return None
    if session.get(Desk, str(desk_id)) is None:
        raise Invalid("There is no desk with this id.", field="desk_id")
    return str(desk_id)


@dataclass(frozen=True, slots=True)
class Step:
    """How many of a desk's candidates would be shown with a threshold."""

    threshold: float
    shown: int


def shown(session: Session, desk_id: str, threshold: float) -> int:
    """How many of a desk's candidates a threshold shows."""
    least = round(threshold * 100)
    return sum(count for worth, count in store.candidates_by_worth(session, desk_id) if worth >= least)


def preview(session: Session, desk_id: str) -> list[Step]:
    """What each threshold, from 0 to 1 in steps of 0.05, would show of the candidates there are."""
    counted = store.candidates_by_worth(session, desk_id)
    return [
        Step(at / 100, sum(count for worth, count in counted if worth >= at)) for at in range(0, 101, STEP)
    ]


def _set(session: Session, desk: Desk, details: dict[str, Any]) -> None:
    if "name" in details:
        desk.name = _name(session, details["name"], but=desk.id)
    if "threshold" in details:
        desk.threshold = share(details["threshold"])
    _set_policy(desk, details)


def _set_policy(desk: Desk, details: dict[str, Any]) -> None:
    for name in POLICY:
        if name in details:
            setattr(desk, name, _asked(name, details[name]))


def _asked(name: str, value: Any) -> Any:
    """One answer of a policy, as pages and programs give it; nothing where the settings are to decide."""
    if value in (None, ""):
        return None
    if name == "signatures":
        return choice(value, field=name, among=("one", "two"))
    if name == "min_evidence":
        return _pieces(value)
    if isinstance(value, bool):
        return value
    return choice(value, field=name, among=("yes", "no")) == "yes"


def _pieces(value: Any) -> int:
    number = int(value) if str(value).isascii() and str(value).isdigit() else 0
    if not 1 <= number <= MOST_EVIDENCE:
        raise Invalid(f"Write a number from 1 to {MOST_EVIDENCE}.", field="min_evidence")
    return number


def _name(session: Session, name: Any, but: str | None = None) -> str:
    words = name_value(name, longest=LONGEST_NAME)
    there = store.named(session, words)
    if there is not None and there.id != but:
        raise Conflict(f"There is a desk called “{there.name}” already.", field="name")
    return words


def share(value: Any) -> float:
    """A threshold as people and programs write it: 0 to 1, to hundredths; Invalid."""
    try:
        number = round(float(str(value).strip().replace(",", ".")), 2)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise Invalid("Write a number from 0 to 1, such as 0.5.", field="threshold")
    return number

"""Gate policies: which there are, their versions, and what each would keep back now."""

from collections import Counter
from itertools import pairwise
from typing import Any

from flask import Blueprint, request

from claims import Kind
from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.models import GatePolicy, Status
from ledger.services import gates
from ledger.store import claims as claims_store
from ledger.store import gates as store
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import go, notice, render, version, writing
from ledger.ui.words import KINDS, STATUSES
from ledger.web.context import identity, reading, requires

bp = Blueprint("gates", __name__)

NEWEST = 20
FEW = 8
REASONS = {
    "status": "whose status does not pass",
    "candidate": "that nobody has sorted",
    "signatures": "with too few signatures",
    "age": "with too old a verdict",
}
_LISTS = ("passes", "kinds")
_STATUSES = {code: word for code, word in STATUSES.items() if code != Status.CANDIDATE}


@bp.get("/policies")
@requires(Permission.READ)
def index() -> Any:
    """All policies."""
    return _index()


def _index(refused: Refused | None = None) -> Any:
    return render(
        "gates/index.html",
        status=refused.status if refused else 200,
        policies=store.every(reading()),
        in_words=in_words,
        fresh=_values(store.default_policy()) | {"name": ""},
        statuses=_STATUSES,
        forms=Forms(refused),
    )


@bp.post("/policies")
@requires(Permission.DESKS)
def add() -> Any:
    """Make a policy."""
    try:
        with writing() as session:
            policy = gates.add(session, by=identity(), details=_details())
    except REFUSALS as error:
        return _index(Refused("add", "", error, _typed()))
    notice(f"The policy “{policy.name}” is made.")
    return go("gates.detail", name=policy.name)


@bp.get("/policies/<name>")
@requires(Permission.READ)
def detail(name: str) -> Any:
    """A policy's rules as they stand or stood, and what they would keep back now."""
    return _page(name)


def _page(name: str, refused: Refused | None = None, tried: GatePolicy | None = None) -> Any:
    policy = gates.policy_of(reading(), name.partition("@")[0])
    versions = gates.versions(reading(), policy)
    shown = tried or _asked(versions, policy)
    outlook = gates.outlook(reading(), shown, most=NEWEST)
    people = {one.event.actor.partition(":")[2] for one in versions if one.event is not None}
    return render(
        "gates/detail.html",
        status=refused.status if refused else 200,
        policy=policy,
        shown=shown,
        tried=tried is not None,
        versions=versions,
        changes=[_changed(older.policy, newer.policy) for newer, older in pairwise(versions)],
        names=claims_store.names(reading(), people),
        in_words=in_words,
        values=_typed() if tried else _values(policy),
        edited=version() if tried else policy.version,
        statuses=_STATUSES,
        outlook=[(one, Counter(REASONS[block.reason] for block in one.blocks)) for one in outlook],
        few=FEW,
        passing=sum(not one.blocks for one in outlook),
        forms=Forms(refused),
    )


@bp.post("/policies/<name>")
@requires(Permission.DESKS)
def change(name: str) -> Any:
    """Change a policy's rules, or only try them out."""
    try:
        if request.form.get("try"):
            policy = gates.policy_of(reading(), name)
            return _page(name, tried=gates.tried(reading(), policy, _details()))
        with writing() as session:
            policy = gates.change(session, name, by=identity(), version=version(), details=_details())
    except REFUSALS as error:
        return _page(name, Refused("change", "", error, _typed()))
    notice(f"Saved: version {policy.version} of the policy.")
    return go("gates.detail", name=policy.name)


def _asked(versions: list[gates.Version], policy: GatePolicy) -> GatePolicy:
    """The version that the address names."""
    wanted = request.args.get("version", "")
    if not wanted:
        return policy
    for one in versions:
        if wanted == str(one.policy.version):
            return one.policy
    raise NotFound(f"The policy {policy.name!r} has no version {wanted[:20]!r}.")


def _details() -> dict[str, Any]:
    sent = request.form
    return {
        "name": sent.get("name", "").strip(),
        "passes": sent.getlist("passes"),
        # Every one ticked: all kinds, those too that are still to come.
        "kinds": None if set(sent.getlist("kinds")) == set(Kind) else sent.getlist("kinds"),
        "candidates_from": _number("candidates_from", float),
        "signatures": _number("signatures", int) or 0,
        "max_age_days": _number("max_age_days", int),
    }


def _number(name: str, kind: type[int] | type[float]) -> Any:
    text = request.form.get(name, "").strip()
    try:
        number = kind(text.replace(",", ".") if kind is float else text) if text else None
    except ValueError:
        number = float("nan")
    # A number that is none, or has a hundred digits, is no number here.
    if number is not None and not abs(number) < 10**9:
        raise Invalid("Write a number, or leave it empty.", field=name)
    return number


def _typed() -> dict[str, Any]:
    return typed() | {name: request.form.getlist(name) for name in _LISTS}


def _values(policy: GatePolicy) -> dict[str, Any]:
    """A policy as its form shows it."""
    return {
        "name": policy.name,
        "passes": policy.passes,
        "kinds": list(KINDS) if policy.kinds is None else policy.kinds,
        "candidates_from": "" if policy.candidates_from is None else f"{policy.candidates_from:g}",
        "signatures": str(policy.signatures),
        "max_age_days": "" if policy.max_age_days is None else str(policy.max_age_days),
    }


def in_words(policy: GatePolicy) -> list[str]:
    """A policy's rules, a phrase each."""
    passes = [word.label.lower() for code, word in _STATUSES.items() if code in policy.passes]
    kinds = [KINDS[kind].lower() for kind in policy.kinds or ()]
    found = [
        f"{_listed(passes)} {'passes' if len(passes) == 1 else 'pass'}" if passes else "nothing passes",
        "claims of all kinds must be checked"
        if policy.kinds is None
        else f"only claims of kind {_listed(kinds, 'or')} must be checked"
        if kinds
        else "no claim must be checked",
        "guesses block nothing"
        if policy.candidates_from is None
        else f"guesses worth {policy.candidates_from:g} or more block until they are sorted",
    ]
    if policy.signatures:
        found.append(f"a verdict needs {policy.signatures} signature{'s' if policy.signatures > 1 else ''}")
    if policy.max_age_days is not None:
        days = f"{policy.max_age_days:,} day{'s' if policy.max_age_days > 1 else ''}"
        found.append(f"a verdict counts for {days}")
    return found


def _changed(older: GatePolicy, newer: GatePolicy) -> list[str]:
    """What a version has that the one before it had not."""
    before = set(in_words(older))
    found = [words for words in in_words(newer) if words not in before]
    if older.signatures and not newer.signatures:
        found.append("no number of signatures is asked for any more")
    if older.max_age_days and not newer.max_age_days:
        found.append("a verdict counts at any age")
    return [f"called “{newer.name}”", *found] if older.name != newer.name else found


def _listed(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"

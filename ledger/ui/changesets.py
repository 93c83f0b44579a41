"""Pages for exports that come back edited: sending one, looking at each changed cell, applying some."""

from typing import Any

from flask import Blueprint, request, url_for

from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.services import changesets, returned
from ledger.services.changesets import APPLIED, CONFLICT, DONE, OUTDATED, READY, REFUSED, Applied, Judged
from ledger.services.returned import Row
from ledger.store import claims as claims_store
from ledger.ui.forms import REFUSALS, Form, Refused, typed
from ledger.ui.pages import PAGE, go, notice, render, writing
from ledger.ui.words import plural
from ledger.web.context import identity, reading, requires, stop_reading

bp = Blueprint("changesets", __name__)

COLUMNS = {
    "status": "Status", "statement": "Statement", "kind": "Kind", "claimant": "Claimant", "tags": "Tags",
    "assignee": "Who has it",
}  # fmt: skip
_SHOWN = {
    "ready": ("Can be applied", (READY,)),
    "changed": ("Changed since", (OUTDATED, CONFLICT)),
    "refused": ("Refused", (REFUSED,)),
    "done": ("Done", (DONE, APPLIED)),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """Rows of one kind, with their number."""

    key: str
    label: str
    count: int
    on: bool


@bp.get("/changes")
@requires(Permission.CLAIMS)
def index() -> Any:
    """The form for a file, and the sets that are still kept."""
    return _index(Form({}))


def _index(form: Form, status: int = 200) -> Any:
    sets = changesets.recent(reading())
    names = claims_store.names(reading(), [one.account_id for one in sets])
    return render(
        "changesets/index.html",
        status=status,
        form=form,
        sets=sets,
        names=names,
        columns=COLUMNS,
        kept=changesets.KEPT,
    )


@bp.post("/changes")
@requires(Permission.CLAIMS)
def send() -> Any:
    """Read a file and keep what it changes until somebody has looked at it."""
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid("Choose the file.", field="file")
        found = returned.read(reading(), file.stream, raw=request.form.get("raw") == "1")  # type: ignore[arg-type]
        with writing() as session:
            kept = changesets.keep(session, found, by=identity(), name=file.filename)
            id = kept.id
    except REFUSALS as error:
        return _index(Refused("send", "", error, typed()).form({"file": None}, None), 422)
    return go("changesets.detail", id=id)


@bp.get("/changes/<id>")
@requires(Permission.CLAIMS)
def detail(id: str) -> Any:
    """Each changed cell of a set, as it stands with the ledger now."""
    kept, rows = changesets.get(reading(), id)
    found = changesets.judged(reading(), rows, by=identity())
    show = request.args.get("show", "")
    states = _SHOWN[show][1] if show in _SHOWN else changesets.STATES
    chosen = [one for one in found if one.holds(*states)]
    place = _place(len(chosen))
    return render(
        "changesets/show.html",
        kept=kept,
        sender=claims_store.names(reading(), [kept.account_id]).get(kept.account_id, ""),
        counts=changesets.counts(found),
        tabs=_tabs(found, show),
        show=show if show in _SHOWN else "",
        rows=chosen[(place - 1) * PAGE : place * PAGE],
        number=len(chosen),
        place=place,
        places=max(1, -(-len(chosen) // PAGE)),
        ready=sum(one.holds(READY) for one in found),
        most=changesets.MOST,
        columns=COLUMNS,
    )


def _tabs(found: list[Judged], show: str) -> list[Tab]:
    tabs = [Tab("", "All rows", len(found), show not in _SHOWN)]
    for key, (label, states) in _SHOWN.items():
        tabs.append(Tab(key, label, sum(one.holds(*states) for one in found), show == key))
    return [tab for tab in tabs if tab.count or tab.on]


def _place(number: int) -> int:
    given = request.args.get("page", "1")
    place = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    return min(max(place, 1), max(1, -(-number // PAGE)))


@bp.post("/changes/<id>")
@requires(Permission.CLAIMS)
def apply(id: str) -> Any:
    """Apply the cells that are ticked, or all that can be."""
    _, rows = changesets.get(reading(), id)
    try:
        wanted, more = _wanted(rows)
        stop_reading()
        with writing() as session:
            applied = changesets.apply(session, wanted, by=identity())
    except REFUSALS as error:
        notice(error.message, kind="bad")
    else:
        _tell(id, applied, more)
    return go(
        "changesets.detail", id=id, show=request.args.get("show") or None, page=request.args.get("page")
    )


def _wanted(rows: list[Row]) -> tuple[list[Row], int]:
    """What is to be applied, and how many further claims are left for another time."""
    if request.form.get("all") == "1":
        ready = changesets.ready(rows, changesets.judged(reading(), rows, by=identity()))
        if not ready:
            raise Invalid("Nothing is left that can be applied.")
        return ready[: changesets.MOST], max(0, len(ready) - changesets.MOST)
    ids = {str(row.number): row.claim_id for row in rows}
    picks: dict[changesets.Pick, int] = {}
    for one in request.form.getlist("cell"):
        number, _, rest = one.partition(":")
        column, _, version = rest.partition(":")
        if number not in ids or column not in COLUMNS or not version.isdigit() or len(version) > 9:
            raise Invalid("Reload the page; the form was not sent whole.", field="cell")
        picks[ids[number] or "", column] = int(version)
    if not picks:
        raise Invalid("Tick at least one cell.", field="cell")
    return changesets.picked(rows, picks), 0


def _tell(id: str, applied: Applied, more: int) -> None:
    told = f"{plural(len(applied.changed), 'cell')} of {plural(len(applied.claims), 'claim')} changed."
    if applied.left:
        told += f" {len(applied.left):,} left: {next(iter(applied.left.values()))}"
    if more:
        told += f" {more:,} more claims wait: apply again."
    way_back = None
    if applied.first is not None:
        here = url_for("changesets.detail", id=id)
        span = {"from": applied.first, "to": applied.last, "next": here}
        way_back = ("Undo", url_for("undo.take_back"), span)
    notice(told, kind="good" if applied.changed else "bad", undo=way_back)

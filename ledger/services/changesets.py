"""Change sets: a CSV of claims that was edited in a spreadsheet, looked at, then applied as ordinary events.

Each changed cell is judged by the rules that hold for its deed alone. Whose claim changed since the export,
or whose cell others changed, is told with both sides and left, unless a person who saw that picks it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass, field, replace
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid, LedgerError, NotFound
from ledger.ids import is_id, new_id
from ledger.models import ChangeSet, ChangeSetRow, Claim
from ledger.models.rows import changed_columns
from ledger.services import bulk, claims, events, labels
from ledger.services.changes import text_value
from ledger.services.returned import Edit, Found, Refusal, Row, shown
from ledger.store import changesets as store
from ledger.store.changesets import Standing

MOST = bulk.MOST
"""Claims that are changed at once."""
KEPT = timedelta(days=7)
READY, OUTDATED, CONFLICT, DONE, REFUSED, APPLIED = STATES = (
    "ready", "outdated", "conflict", "done", "refused", "applied",
)  # fmt: skip
_AT_ONCE = 500
_TOUCHED = (
    "statement", "kind", "claimant", "claimant_cue", "tags", "triage", "dismissed_reason", "assignee_id",
)  # fmt: skip

Pick = tuple[str, str]
"""A cell: the claim's id and the column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A changed cell as it stands with the ledger now.

    `ready` can be applied. `outdated`: the claim changed since the export, this cell did not; `conflict`:
    this very cell did, and `now` is what others wrote. `done`: it is so already. `refused`: `why` tells.
    `applied`: it was done right now.
    """

    column: str
    was: str
    wanted: str
    now: str
    state: str
    why: str = ""


@dataclass(slots=True)
class Judged:
    """A row of a change set as it stands with the ledger now: `now` is the claim's version."""

    number: int
    claim_id: str | None
    version: int
    now: int
    statement: str
    status: str
    cells: list[Cell] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def holds(self, *states: str) -> bool:
        """Whether a cell is in one of these states."""
        refused = REFUSED in states and bool(self.refusals)
        return refused or any(cell.state in states for cell in self.cells)


@dataclass(slots=True)
class Applied:
    """What was done: the cells that changed, the cells that were left and why, the events' first and last."""

    changed: list[Pick] = field(default_factory=list)
    left: dict[Pick, str] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None

    @property
    def claims(self) -> list[str]:
        """The claims that changed."""
        return list(dict.fromkeys(id for id, _ in self.changed))


def judged(session: Session, rows: Sequence[Row], *, by: Identity) -> list[Judged]:
    """How these rows stand with the ledger now; nothing is changed. For a session that only reads."""
    standing = store.standing(session, (row.claim_id for row in rows if row.claim_id))
    found, ready = [], []
    for row in rows:
        one = _judged(row, standing.get(row.claim_id or ""))
        found.append(one)
        if one.holds(READY):
            wanted = {cell.column for cell in one.cells if cell.state == READY}
            ready.append(Row(row.number, row.claim_id, one.now, [e for e in row.edits if e.column in wanted]))
    settled(found, Applied(left=_tried(session, ready, by)))
    return found


def _judged(row: Row, claim: Standing | None) -> Judged:
    one = Judged(row.number, row.claim_id, row.version, 0, "", "", refusals=list(row.refusals))
    if claim is None:
        one.refusals += [Refusal(edit.column, edit.wanted, "There is no such claim.") for edit in row.edits]
        return one
    one.now, one.statement, one.status = claim.version, claim.statement, claim.status
    one.cells = [_cell(edit, row, claim) for edit in row.edits]
    return one


def _cell(edit: Edit, row: Row, claim: Standing) -> Cell:
    now = shown(claim, edit.column)
    state = READY
    if _is_so(edit, claim):
        state = DONE
    elif now != edit.was:
        state = CONFLICT
    elif claim.version != row.version:
        state = OUTDATED
    return Cell(edit.column, edit.was, edit.wanted, now, state)


def _is_so(edit: Edit, claim: Standing) -> bool:
    if edit.column == "assignee":
        return bool(edit.value == claim.assignee_id)
    return edit.wanted == shown(claim, edit.column)


def _tried(session: Session, rows: Sequence[Row], by: Identity) -> dict[Pick, str]:
    """Why cells can't be applied, by trying it in memory."""
    try:
        return _done(session, rows, by, preview=True).left
    finally:
        session.expire_all()


def apply(session: Session, rows: Sequence[Row], *, by: Identity) -> Applied:
    """Change these cells, all in one transaction; the version of a row is the one that the person saw.

    What can't be done by the rules, or was changed meanwhile, is left as it is and told.
    """
    by.require(Permission.CLAIMS)
    if len(rows) > MOST:
        raise Invalid(f"Apply at most {MOST:,} claims at once; these are {len(rows):,}.", field="cells")
    return _done(session, rows, by, preview=False)


def _done(session: Session, rows: Sequence[Row], by: Identity, *, preview: bool) -> Applied:
    applied = Applied()
    records = _records(session, rows)
    standing = []
    for row in rows:
        claim = records.get(row.claim_id or "")
        if claim is not None and claim.version == row.version:
            standing.append((claim, row))
            continue
        why = bulk.SINCE if claim is not None else "There is no such claim."
        applied.left.update({(row.claim_id or "", edit.column): why for edit in row.edits})
    for deed in _deeds(session, by):
        changes = [change for claim, row in standing if (change := _change(deed, claim, row, applied))]
        if preview:
            continue
        changes = [change for change in changes if _differs(change, deed, applied)]
        for change in changes:
            claims.settle(session, change.root)  # type: ignore[arg-type]
        if changes:
            written = events.append_all(session, changes, by=by)
            applied.first = written[0].seq if applied.first is None else applied.first
            applied.last = written[-1].seq
    return applied


def settled(found: Iterable[Judged], applied: Applied) -> None:
    """Note in the rows what became of their cells."""
    done = set(applied.changed)
    for one in found:
        for place, cell in enumerate(one.cells):
            pick = (one.claim_id or "", cell.column)
            if pick in done:
                one.cells[place] = replace(cell, state=APPLIED)
            elif pick in applied.left:
                one.cells[place] = replace(cell, state=REFUSED, why=applied.left[pick])


def _records(session: Session, rows: Sequence[Row]) -> dict[str, Claim]:
    ids = [row.claim_id for row in rows if row.claim_id]
    found: dict[str, Claim] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(Claim).where(col(Claim.id).in_(ids[start : start + _AT_ONCE]))
        found.update({claim.id: claim for claim in session.exec(query)})
    return found


@dataclass(frozen=True, slots=True)
class _Deed:
    """What columns are about, and what their values do to a claim: gives the kind of event that it is."""

    columns: tuple[str, ...]
    do: Callable[[Claim, dict[str, Any]], str]


def _deeds(session: Session, by: Identity) -> list[_Deed]:
    """In the order in which they are done: a guess is accepted before it is anybody's."""

    def sort(claim: Claim, values: dict[str, Any]) -> str:
        if values["status"] == "dismissed":
            claims.dismissing(session, claim, None)
            return "claim.dismissed"
        claims.accepting(claim)
        return "claim.accepted"

    def word(claim: Claim, values: dict[str, Any]) -> str:
        claims.rewording(claim, values)
        return "claim.reworded"

    def tag(claim: Claim, values: dict[str, Any]) -> str:
        claim.tags = labels.tags(values["tags"])
        return "claim.tagged"

    def give(claim: Claim, values: dict[str, Any]) -> str:
        to = claims.taker(session, values["assignee"])
        claims.assigning(claim, by, to)
        return claims.assigned_as(by, to)

    return [
        _Deed(("status",), sort),
        _Deed(("statement", "kind", "claimant"), word),
        _Deed(("tags",), tag),
        _Deed(("assignee",), give),
    ]


def _change(deed: _Deed, claim: Claim, row: Row, applied: Applied) -> events.Change | None:
    """One deed on one claim; where it can't be done, its cells are noted as left."""
    values = {edit.column: edit.value for edit in row.edits if edit.column in deed.columns}
    if not values:
        return None
    picks = [(claim.id, column) for column in values]
    before = {name: getattr(claim, name) for name in _TOUCHED}
    try:
        kind = deed.do(claim, values)
    except LedgerError as refusal:
        # What was half set must not be kept with the rest.
        for name, value in before.items():
            if getattr(claim, name) != value:
                setattr(claim, name, value)
        applied.left.update(dict.fromkeys(picks, refusal.message))
        return None
    applied.changed += picks
    return events.Change(claim, kind)


def _differs(change: events.Change, deed: _Deed, applied: Applied) -> bool:
    """Whether a deed changed anything; if not, its cells are noted as left."""
    if changed_columns(change.root):
        return True
    id = change.root.id  # type: ignore[attr-defined]
    for pick in [pick for pick in applied.changed if pick[0] == id and pick[1] in deed.columns]:
        applied.changed.remove(pick)
        applied.left[pick] = bulk.SAME
    return False


def ready(rows: Iterable[Row], found: Iterable[Judged]) -> list[Row]:
    """Those cells that can be applied as they are."""
    return picked(
        rows,
        {(one.claim_id or "", c.column): one.now for one in found for c in one.cells if c.state == READY},
    )


def picked(rows: Iterable[Row], picks: Mapping[Pick, int]) -> list[Row]:
    """The rows with those cells only that were picked; `picks` gives the version that was seen with each."""
    found = []
    for row in rows:
        edits = [edit for edit in row.edits if (row.claim_id or "", edit.column) in picks]
        if edits:
            seen = min(picks[row.claim_id or "", edit.column] for edit in edits)
            found.append(Row(row.number, row.claim_id, seen, edits))
    return found


# ------------------------------------------------------------------------------ sets that wait


def keep(session: Session, found: Found, *, by: Identity, name: str) -> ChangeSet:
    """Keep what was found in a file until a person has looked at it; what is older than a week goes."""
    by.require(Permission.CLAIMS)
    called = text_value(name[-200:], field="file", longest=200) or "claims.csv"
    now = clock.now()
    store.forget(session, now - KEPT)
    told = {
        "encoding": found.encoding, "separator": found.separator, "read": found.read, "rows": len(found.rows),
        "missing": found.missing, "unknown": found.unknown[:20], "not_told": found.not_told,
    }  # fmt: skip
    kept = ChangeSet(id=new_id(), name=called, account_id=by.account, created_at=now, told=told)
    session.add(kept)
    session.flush()
    rows = [
        {
            "set_id": kept.id, "number": row.number, "claim_id": row.claim_id, "version": row.version,
            "edits": [asdict(edit) for edit in row.edits], "refusals": [asdict(one) for one in row.refusals],
        }
        for row in found.rows
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(ChangeSetRow), rows)
    return kept


def get(session: Session, id: str) -> tuple[ChangeSet, list[Row]]:
    """A set with its rows. Raises NotFound, for one that was forgotten too."""
    kept = session.get(ChangeSet, id) if is_id(id) else None
    if kept is None:
        raise NotFound(
            "There is no such change set; after a week it is forgotten. Send the file again.", id=id[:60]
        )
    rows = [
        Row(number, claim_id, version, [Edit(**edit) for edit in edits], [Refusal(**one) for one in refusals])
        for number, claim_id, version, edits, refusals in store.rows(session, id)
    ]
    return kept, rows


def recent(session: Session) -> list[ChangeSet]:
    """The sets that are still kept, newest first."""
    return store.kept(session, clock.now() - KEPT, 50)


def counts(found: Iterable[Judged]) -> dict[str, int]:
    """How many cells are in each state."""
    numbers = dict.fromkeys(STATES, 0)
    for one in found:
        numbers[REFUSED] += len(one.refusals)
        for cell in one.cells:
            numbers[cell.state] += 1
    return numbers

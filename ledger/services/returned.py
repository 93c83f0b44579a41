"""An export that comes back from a spreadsheet: which of its cells a person changed.

A cell is compared with what stood in the version of the claim that the row names, which the log knows,
so that what others changed since is no edit of this file. What a spreadsheet does by itself is none either.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO

from sqlmodel import Session

import claims as finder
from claims.values import dataclass, field
from ledger.adapters import sheets
from ledger.errors import Invalid
from ledger.eventlog.fold import apply
from ledger.export.csv import plain
from ledger.ids import is_id
from ledger.models import Account, Event
from ledger.services import labels, mangling
from ledger.services.changes import choice, required_text, text_value
from ledger.store import changesets as store
from ledger.store import events as events_store
from ledger.store import exports as exports_store
from ledger.store.changesets import Standing

EDITABLE = ("status", "statement", "kind", "claimant", "tags", "assignee")
MOST = 5_000
"""Rows of one file that may be changed."""
MOST_REFUSED = 500
"""Rows with nothing but refused cells that are told one by one; others are only counted."""
_TOO_MANY = 200_000
_AT_ONCE = 2_000
_VERSION = 1
"""Where an export has the version."""
_STATUSES = ("unchecked", "dismissed")

_WHOSE = {
    "claim_id": "The id says which claim this is.",
    "article": "That is the article's: correct it there.",
    "due_at": "That is the article's: correct it there.",
    "span_text": "The words in the article stay what they are.",
    "prefix": "The words in the article stay what they are.",
    "suffix": "The words in the article stay what they are.",
    "start": "The words in the article stay where they are.",
    "end": "The words in the article stay where they are.",
    "revision": "The words in the article stay where they are.",
    "verdict": "A verdict is proposed and signed at the claim, with its evidence.",
    "rationale": "A verdict is proposed and signed at the claim, with its evidence.",
    "override": "A verdict is proposed and signed at the claim, with its evidence.",
    "proposed": "A verdict is proposed and signed at the claim, with its evidence.",
    "signed": "A verdict is proposed and signed at the claim, with its evidence.",
    "evidence": "Evidence is added and withdrawn at the claim.",
    "withdrawn": "A claim is withdrawn at its page, with a public note.",
}
_OURS = "The ledger itself writes this column; it can't be changed by a file."
_NEW = "This row has no claim_id: new claims come in by an import or from an article, not by this file."
_STATUS = (
    "A status follows from the facts. A file may only accept a candidate (unchecked) or dismiss a claim."
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell that was changed: what stood in it, what stands in the file, and the value that this is.

    `value` is a text, a list of tags, an account's id, or None for what was emptied.
    """

    column: str
    was: str
    wanted: str
    value: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell, or with no column a row, that can't be taken, and why."""

    column: str | None
    wanted: str
    why: str


@dataclass(slots=True)
class Row:
    """A row of the file that asks for something, or holds what can't be taken."""

    number: int
    claim_id: str | None = None
    version: int = 0
    edits: list[Edit] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, column: str | None, wanted: str, why: str) -> None:
        """Note what can't be taken."""
        self.refusals.append(Refusal(column, wanted[:200], why))


@dataclass(slots=True)
class Found:
    """What is in a file: how it was read, how many rows it has, and those that ask for something.

    `missing` are columns that could be changed and are not there; `unknown` are none of ours.
    """

    encoding: str
    separator: str
    read: int = 0
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    not_told: int = 0


def read(session: Session, file: BinaryIO, *, raw: bool = False) -> Found:
    """What a file that was exported asks to be changed. `raw`: it was exported with `raw`.

    Raises Invalid for what is no such file, and for one that changes more than MOST rows.
    """
    sheet = sheets.opened(file)
    reader = _Reader(session, sheet.head, raw)
    found = Found(sheet.encoding, sheet.separator, missing=reader.missing, unknown=reader.unknown)
    changed = refused = 0
    rows = iter(sheet.rows)
    while some := list(islice(rows, _AT_ONCE)):
        found.read += len(some)
        for row in reader.rows(some):
            changed += bool(row.edits)
            refused += not row.edits
            if changed > MOST:
                raise Invalid(
                    f"More than {MOST:,} rows are changed; send them in several files.", field="file"
                )
            if row.edits or refused <= MOST_REFUSED:
                found.rows.append(row)
            else:
                found.not_told += 1
        if refused > _TOO_MANY:
            raise Invalid(
                f"More than {_TOO_MANY:,} rows can't be taken: is this an export of here?", field="file"
            )
    found.rows.sort(key=lambda row: row.number)
    return found


class _Reader:
    """The columns of one file, and what its rows are compared with."""

    def __init__(self, session: Session, head: Sequence[str], raw: bool) -> None:
        self._session, self._raw = session, raw
        self._kinds = {column.name: column.kind for column in exports_store.columns(session)}
        self._stored_at = {name: place for place, name in enumerate(self._kinds)}
        self._at = _places(head)
        for needed in ("claim_id", "version"):
            if needed not in self._at:
                raise Invalid(_headless(needed, head), field="file")
        self._width = len(head)
        self.missing = [name for name in EDITABLE if name not in self._at]
        self.unknown = [name[:80] for name in self._at if name not in self._kinds][:50]
        shared = [name for name in self._at if name in self._kinds]
        # Most rows are as they were: told by one look at all of their cells.
        self._given = itemgetter(*(self._at[name] for name in shared))
        self._stored = itemgetter(*(self._stored_at[name] for name in shared))
        self._seen: dict[str, tuple[int, int]] = {}
        self._people: list[Account] | None = None
        self._base: str | None = None

    def rows(self, some: Sequence[tuple[int, list[str]]]) -> Iterator[Row]:
        """Those of some rows that ask for something, or hold what can't be taken."""
        # What a row is cut at its end was empty.
        padded = [(number, cells + [""] * (self._width - len(cells))) for number, cells in some]
        ids = list(dict.fromkeys(id for _, cells in padded if is_id(id := self._id(cells))))
        base = self._base_url(padded)
        stored = store.exported(self._session, ids, base_url=base, raw=self._raw) if ids else {}
        differing: list[_Pair] = []
        for number, cells in padded:
            row = Row(number, self._id(cells) or None)
            now = stored.get(row.claim_id or "")
            if self._taken(row, cells, now) and now and self._given(cells) != self._stored(now):
                differing.append(_Pair(row, cells, now))
            elif row.refusals:
                yield row
        yield from self._compared(differing)

    def _id(self, cells: Sequence[str]) -> str:
        return cells[self._at["claim_id"]].strip().lower()

    def _base_url(self, some: Sequence[tuple[int, list[str]]]) -> str:
        """The address that the file was exported at, so that permalinks are the same."""
        if self._base is None and "permalink" in self._at:
            self._base = some[0][1][self._at["permalink"]].rpartition("/claims/")[0]
        return self._base or ""

    def _taken(self, row: Row, cells: list[str], now: list[str] | None) -> bool:
        """Whether a row can be compared; if not, the row says why, or is a copy of another."""
        if len(cells) > self._width and any(cells[self._width :]):
            row.refuse(None, "", "This row has more cells than the head has names.")
        elif not row.claim_id:
            row.refuse(None, "", _NEW)
        elif now is None:
            row.refuse("claim_id", row.claim_id, "There is no claim with this id.")
            row.claim_id = None
        elif row.claim_id in self._seen:
            first, content = self._seen[row.claim_id]
            if content != hash(tuple(cells)):
                row.refuse(None, "", f"The same claim stands in row {first}; only that one is looked at.")
        else:
            self._seen[row.claim_id] = (row.number, hash(tuple(cells)))
            return self._versioned(row, self._cell(cells, "version"), int(now[_VERSION]))
        return False

    def _versioned(self, row: Row, cell: str, version: int) -> bool:
        given = mangling.number(cell)
        if given is None or not given.is_integer() or not 1 <= given <= version:
            row.refuse(
                "version", cell, f"Leave the version as it was exported: a number from 1 to {version}."
            )
            return False
        row.version = int(given)
        return True

    def _cell(self, cells: Sequence[str], name: str) -> str:
        """The words of a cell, without the apostrophe that the export put in front."""
        cell = cells[self._at[name]]
        return cell if self._raw else plain(cell)

    def _now(self, now: Sequence[str], name: str) -> str:
        cell = now[self._stored_at[name]]
        return cell if self._raw else plain(cell)

    def _compared(self, pairs: Sequence["_Pair"]) -> Iterator[Row]:
        """The rows with their edits: against what stands, or where that is newer, against what stood."""
        bases = self._bases([pair.row for pair in pairs if pair.outdated and self._edited(pair)])
        for pair in pairs:
            row = pair.row
            if not pair.outdated:
                self._note(row, pair.cells, {name: self._now(pair.now, name) for name in EDITABLE})
                self._refuse_others(row, pair.cells, pair.now)
            elif row.claim_id in bases:
                self._note(row, pair.cells, bases[row.claim_id])
            elif self._edited(pair):
                row.refuse("version", str(row.version), "What stood then was redacted: export it anew.")
            if row.edits or row.refusals:
                yield row

    def _edited(self, pair: "_Pair") -> bool:
        there = (name for name in EDITABLE if name in self._at)
        return any(self._cell(pair.cells, name) != self._now(pair.now, name) for name in there)

    def _note(self, row: Row, cells: list[str], base: Mapping[str, str]) -> None:
        """The edits of a row, and cells that could be edited, though not like this."""
        for name in EDITABLE:
            if name not in self._at:
                continue
            was, cell = base[name], self._cell(cells, name)
            if mangling.same("words", was, cell):
                continue
            if why := mangling.suspicion(was, cell):
                row.refuse(name, cell, f"{why} If it is meant, change it at the claim.")
                continue
            try:
                value, wanted = self._value(name, cell)
            except Invalid as refusal:
                row.refuse(name, cell, refusal.message)
                continue
            if wanted != was:
                row.edits.append(Edit(name, was, wanted, value))

    def _refuse_others(self, row: Row, cells: list[str], now: list[str]) -> None:
        """Cells of columns that can't be changed by a file, and that hold something else."""
        for name in self._at:
            if name in EDITABLE or name not in self._kinds or name in ("version", "permalink"):
                continue
            was, cell = self._now(now, name), self._cell(cells, name)
            if not mangling.same(self._kinds[name], was, cell):
                row.refuse(name, cell, mangling.suspicion(was, cell) or _whose(name))

    def _value(self, name: str, cell: str) -> tuple[Any, str]:
        """The value that a cell means, and how an export writes it. Raises Invalid."""
        if name == "tags":
            tags = labels.tags(cell)
            return tags or [], ", ".join(tags or ())
        if name == "assignee":
            return self._account(cell)
        if name == "status":
            word = cell.strip().lower()
            if word not in _STATUSES:
                raise Invalid(_STATUS, field="status")
            return word, word
        if name == "kind":
            kind = choice(re.sub(r"[\s-]+", "_", cell.strip().lower()), field="kind", among=finder.Kind)
            return kind, kind
        if name == "statement":
            words = required_text(cell, field="statement", longest=2000, shortest=3)
            return words, words
        claimant = text_value(cell, field="claimant", longest=300)
        return claimant, claimant or ""

    def _account(self, cell: str) -> tuple[str | None, str]:
        name = text_value(cell, field="assignee", longest=300)
        if name is None:
            return None, ""
        called = [one for one in self._everybody() if one.name.casefold() == name.casefold()]
        # Whoever has left keeps the name, and leaves it to others.
        called = [one for one in called if one.active] or called
        if not called:
            raise Invalid(f"Nobody here is called “{name[:80]}”.", field="assignee")
        if len(called) > 1:
            raise Invalid(
                f"Several people are called “{name[:80]}”; assign it at the claim.", field="assignee"
            )
        return called[0].id, called[0].name

    def _everybody(self) -> list[Account]:
        if self._people is None:
            self._people = store.people(self._session)
        return self._people

    def _bases(self, rows: Sequence[Row]) -> dict[str, dict[str, str]]:
        """The columns of these claims as they stood in the versions that the rows name."""
        versions = {row.claim_id: row.version for row in rows if row.claim_id}
        if not versions:
            return {}
        streams: dict[str, list[Event]] = {}
        for event in events_store.of_streams(self._session, {f"claim:{id}" for id in versions}):
            streams.setdefault(event.stream.partition(":")[2], []).append(event)
        stood = {id: _then(id, streams.get(id, []), version) for id, version in versions.items()}
        names = {one.id: one.name for one in self._everybody()}
        return {id: _shown(row, names) for id, row in stood.items() if row is not None}


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row of the file that differs from its claim: its cells, and those that an export writes now."""

    row: Row
    cells: list[str]
    now: list[str]

    @property
    def outdated(self) -> bool:
        """Whether the claim changed since the file was exported."""
        return self.row.version != int(self.now[_VERSION])


def _places(head: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises Invalid for a name that stands twice."""
    places: dict[str, int] = {}
    for place, name in enumerate(head):
        name = name.strip().lower()
        if name in places:
            raise Invalid(f"The column “{name[:80]}” is there twice; leave one.", field="file")
        if name:
            places[name] = place
    return places


def _headless(needed: str, head: Sequence[str]) -> str:
    names = ", ".join(name for name in head[:8] if name)[:200]
    if needed == "version":
        return "The column “version” is missing; keep it as it was exported, so that nobody's change is lost."
    return f"The first row must name the columns, “claim_id” among them, as in an export. It reads: {names}."


def _whose(name: str) -> str:
    return next((why for start, why in _WHOSE.items() if name.startswith(start)), _OURS)


def _then(id: str, events: Sequence[Event], version: int) -> dict[str, Any] | None:
    """A claim's row in that version, from its events; None where one of them was redacted."""
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for event in events:
        if event.patch is None:
            return None
        later = event.patch.get("claim", {}).get(id, {}).get("version", 1)
        if later > version:
            break
        apply(tables, event.patch)
    return tables.get("claim", {}).get(id)


def _shown(then: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """How an export wrote those columns that may be changed."""
    return {
        "statement": then.get("statement") or "",
        "kind": then.get("kind") or "",
        "claimant": then.get("claimant") or "",
        "tags": ", ".join(then.get("tags") or ()),
        "status": then.get("status") or "",
        "assignee": names.get(str(then.get("assignee_id")), ""),
    }


def shown(claim: Standing, column: str) -> str:
    """How an export writes a column of a claim as it stands."""
    value = getattr(claim, column)
    return ", ".join(value or ()) if column == "tags" else value or ""

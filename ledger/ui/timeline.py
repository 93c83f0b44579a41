"""A claim's history in words: who did what when, and what changed from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.models import Event
from ledger.scales import all_scales
from ledger.ui.words import KINDS, STANCES, STATUSES

_DEEDS = {
    "claim.found": "found it in the text",
    "claim.found_again": "found it again, and guessed anew",
    "claim.no_longer_found": "no longer finds it",
    "claim.added": "added it",
    "claim.accepted": "accepted it",
    "claim.dismissed": "dismissed it",
    "claim.reopened": "reopened it",
    "claim.reworded": "edited it",
    "claim.taken": "took it",
    "claim.handed_over": "handed it over",
    "claim.laid_down": "laid it down",
    "claim.withdrawn": "withdrew it",
    "evidence.added": "added evidence",
    "evidence.corrected": "corrected evidence",
    "evidence.withdrawn": "took evidence back",
    "evidence.restored": "put evidence back",
    "verdict.proposed": "proposed a verdict",
    "verdict.replaced": "put a new proposal in the place of the old one",
    "verdict.signed": "signed the verdict",
    "verdict.overridden": "signed alone, overriding the second reader",
    "verdict.superseded": "ended the former verdict",
    "verdict.sent_back": "sent the proposal back",
    "comment.added": "said something",
    "comment.edited": "put a comment differently",
    "comment.removed": "took a comment back",
    "comment.restored": "put a comment back",
    "comment.resolved": "settled a comment",
    "comment.reopened": "opened a comment again",
}
_ICONS = {
    "claim.found": "search",
    "claim.found_again": "search",
    "claim.no_longer_found": "x",
    "claim.added": "plus",
    "claim.accepted": "check",
    "claim.dismissed": "x",
    "claim.reopened": "undo-2",
    "claim.reworded": "pen-line",
    "claim.taken": "user",
    "claim.handed_over": "users",
    "claim.withdrawn": "ban",
    "evidence.added": "link",
    "verdict.proposed": "hourglass",
    "verdict.signed": "circle-check",
    "verdict.overridden": "triangle-alert",
    "verdict.sent_back": "undo-2",
    "comment.added": "users",
    "comment.resolved": "check",
}
# Columns worth telling, in this order; all others repeat them or serve the machine.
_TOLD = {
    "claim": {
        "statement": "statement",
        "kind": "kind",
        "claimant": "claimant",
        "score": "worth checking",
        "assignee_id": "assignee",
        "status": "status",
        "dismissed_reason": "reason",
        "withdrawn_note": "note",
    },
    "evidence": {
        "stance": "stance",
        "url": "link",
        "quote": "quote",
        "title": "title",
        "publisher": "publisher",
        "published": "date",
        "note": "note",
        "withdrawn_reason": "reason",
    },
    "verdict": {"label": "rating", "rationale": "rationale", "sent_back_reason": "reason"},
    "signature": {"note": "note"},
    "comment": {"text": "words"},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; `old` is none where there was nothing before."""

    label: str
    old: str | None
    new: str | None


@dataclass(slots=True)
class Entry:
    """One event in words."""

    at: datetime
    who: str
    deed: str
    icon: str
    seq: int
    by_machine: bool = False
    redacted: bool = False
    changes: list[Change] = field(default_factory=list)


def deed(kind: str) -> str:
    """What an event's kind says in words, of a claim."""
    return _DEEDS.get(kind, kind.replace(".", " ").replace("_", " "))


def people(events: Iterable[Event]) -> set[str]:
    """The accounts that a history names."""
    found: set[str] = set()
    for event in events:
        kind, _, id = event.actor.partition(":")
        if kind == "account":
            found.add(id)
        for row in ((event.patch or {}).get("claim") or {}).values():
            if row.get("assignee_id"):
                found.add(row["assignee_id"])
    return found


def told(events: Iterable[Event], names: dict[str, str], tokens: dict[str, str]) -> list[Entry]:
    """The history, newest first."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    found = []
    for event in events:
        entry = Entry(
            at=event.at,
            who=_who(event.actor, names, tokens),
            deed=deed(event.kind),
            icon=_ICONS.get(event.kind, "circle"),
            seq=event.seq,
            by_machine=event.actor.startswith("detector:"),
            redacted=event.patch is None,
        )
        for table, patched in (event.patch or {}).items():
            for id, columns in patched.items():
                before = rows.setdefault((table, id), {})
                if event.kind != "claim.found" or table != "claim":
                    entry.changes += _changes(table, before, columns, names)
                before.update(columns)
        found.append(entry)
    return found[::-1]


def _changes(
    table: str, before: dict[str, Any], columns: dict[str, Any], names: dict[str, str]
) -> Iterable[Change]:
    for column, label in _TOLD.get(table, {}).items():
        if column in columns and columns[column] != before.get(column):
            yield Change(
                label, _shown(column, before.get(column), names), _shown(column, columns[column], names)
            )


def _shown(column: str, value: Any, names: dict[str, str]) -> str | None:
    if value is None:
        return None
    if column == "assignee_id":
        return names.get(str(value), "somebody")
    if column == "status":
        return STATUSES[value].label.lower() if value in STATUSES else str(value)
    if column == "kind":
        return KINDS.get(value, str(value)).lower()
    if column == "stance":
        return STANCES[value].label.lower() if value in STANCES else str(value)
    return str(value)


def _who(actor: str, names: dict[str, str], tokens: dict[str, str]) -> str:
    kind, _, id = actor.partition(":")
    if kind == "account":
        return names.get(id, "Somebody")
    if kind == "token":
        return tokens.get(id, "A program")
    if kind == "detector":
        return "The claim finder"
    return "The ledger"


def scale_name(id: str) -> str:
    """How a scale is called."""
    scale = all_scales().get(id)
    return scale.name if scale else id

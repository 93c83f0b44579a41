"""A claim's history in words: who did what when, and what changed from what to what, word by word."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass, field
from ledger.models import Event
from ledger.scales import all_scales
from ledger.store.claims import ClaimFile
from ledger.store.reports import CLOSED, OPENED
from ledger.ui.differences import LEFT_OUT, SAME, Piece, by_words
from ledger.ui.words import KINDS, STANCES, STATUSES

_DEEDS = {
    "claim.found": "found it in the text",
    "claim.found_again": "found it again, and guessed anew",
    "claim.no_longer_found": "no longer finds it",
    "claim.added": "added it",
    "claim.imported": "brought it in from a file",
    "claim.accepted": "accepted it",
    "claim.dismissed": "dismissed it",
    "claim.reopened": "reopened it",
    "claim.reworded": "edited it",
    "claim.moved": "moved where it begins or ends in the text",
    "claim.carried": "carried it over into the article's new text",
    "claim.words_changed": "found its words changed in the article's new text",
    "claim.words_cut": "confirmed that the article says this no more",
    "claim.words_cut_undone": "has its words looked for again",
    "claim.split": "split it; the rest became claims of their own",
    "claim.split_off": "made it a claim of its own, split from another",
    "claim.merged": "took another claim into it",
    "claim.merged_away": "merged it into another claim",
    "claim.tagged": "changed its tags",
    "claim.taken": "took it",
    "claim.handed_over": "handed it over",
    "claim.laid_down": "laid it down",
    "claim.withdrawn": "withdrew it",
    "claim.undone": "undid a change",
    "claim.redone": "did an undone change again",
    "evidence.added": "added evidence",
    "evidence.corrected": "corrected evidence",
    "evidence.withdrawn": "took evidence back",
    "evidence.restored": "put evidence back",
    "evidence.anchored": "found the quote in the copy that was kept",
    "evidence.changed": "found that a source has other words now",
    "evidence.died": "found a source dead, three times in a row",
    "evidence.lives": "found a source as it was captured again",
    "evidence.seen": "looked at what became of a source: the evidence still fits",
    "evidence.capture_requested": "asked for another copy of a source",
    "evidence.undone": "undid a change of the evidence",
    "evidence.redone": "did an undone change of the evidence again",
    "capture.requested": "set out to copy a source",
    "capture.requested_again": "set out to copy a source again",
    "capture.done": "kept a copy of a source",
    "capture.failed": "could not copy a source",
    "capture.archived": "got a copy of a source from the Wayback Machine",
    "verdict.proposed": "proposed a verdict",
    "verdict.replaced": "put a new proposal in the place of the old one",
    "verdict.signed": "signed the verdict",
    "verdict.overridden": "signed alone, overriding the second reader",
    "verdict.superseded": "ended the former verdict",
    "verdict.rated_blind": "rated it blind, as the second reader; both ratings are open now",
    "verdict.decided": "decided between two readers who differed",
    "verdict.renewed": "signed that the verdict still holds",
    "verdict.scale_retired": "retired the scale of the verdict",
    "verdict.scale_reinstated": "took the scale of the verdict into use again",
    "verdict.sent_back": "sent the proposal back",
    "verdict.undone": "undid a change of the proposal",
    "verdict.redone": "did an undone change of the proposal again",
    "comment.added": "said something",
    "comment.edited": "put a comment differently",
    "comment.moved": "brought a comment over from another claim",
    "comment.removed": "took a comment back",
    "comment.restored": "put a comment back",
    "comment.resolved": "settled a comment",
    "comment.reopened": "opened a comment again",
    "comment.undone": "undid a change in the discussion",
    "comment.redone": "did an undone change in the discussion again",
    OPENED: "opened the public report of an article that it stands in",
    CLOSED: "closed the public report of an article that it stands in",
}
_ICONS = {
    "claim.found": "search",
    "claim.found_again": "search",
    "claim.no_longer_found": "x",
    "claim.added": "plus",
    "claim.imported": "plus",
    "claim.accepted": "check",
    "claim.dismissed": "x",
    "claim.reopened": "undo-2",
    "claim.reworded": "pen-line",
    "claim.moved": "pen-line",
    "claim.taken": "user",
    "claim.handed_over": "users",
    "claim.withdrawn": "ban",
    "evidence.added": "link",
    "evidence.corrected": "pen-line",
    "evidence.withdrawn": "x",
    "evidence.restored": "undo-2",
    "evidence.anchored": "link",
    "evidence.changed": "triangle-alert",
    "evidence.died": "ban",
    "evidence.lives": "check",
    "evidence.seen": "check",
    "capture.done": "download",
    "capture.failed": "triangle-alert",
    "verdict.proposed": "hourglass",
    "verdict.signed": "circle-check",
    "verdict.overridden": "triangle-alert",
    "verdict.sent_back": "undo-2",
    "verdict.rated_blind": "users",
    "verdict.decided": "scale",
    "verdict.renewed": "circle-check",
    "verdict.scale_retired": "triangle-alert",
    "comment.added": "message-square",
    "comment.resolved": "check",
    OPENED: "eye",
    CLOSED: "eye",
}
GROUPS = {"words": "Words", "evidence": "Evidence", "verdicts": "Verdicts"}
_GROUP_OF = {
    "claim.found": "words",
    "claim.found_again": "words",
    "claim.added": "words",
    "claim.imported": "words",
    "claim.reworded": "words",
    "claim.moved": "words",
    "claim.split": "words",
    "claim.split_off": "words",
    "claim.merged": "words",
    "claim.merged_away": "words",
    "claim.withdrawn": "verdicts",
    OPENED: "verdicts",
    CLOSED: "verdicts",
}
_GROUP_OF_NOUN = {"evidence": "evidence", "capture": "evidence", "verdict": "verdicts"}
# Columns worth telling, in this order; all others repeat them or serve the machine.
_TOLD = {
    "claim": {
        "statement": "statement",
        "kind": "kind",
        "claimant": "claimant",
        "score": "worth checking",
        "assignee_id": "assignee",
        "status": "status",
        "tags": "tags",
        "dismissed_reason": "reason",
        "withdrawn_note": "note",
        "merged_into": "merged into",
        "split_from": "split from",
    },
    "appearance": {"exact": "in the text"},
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
    "verdict": {
        "label": "rating",
        "rationale": "rationale",
        "second_label": "second rating",
        "second_rationale": "second reader's reasoning",
        "sent_back_code": "would rate it",
        "sent_back_reason": "reason",
    },
    "signature": {"note": "note"},
    "comment": {"text": "words"},
}
# Texts are told word by word; of the others the whole value changed.
_TEXTS = {"statement", "claimant", "exact", "quote", "title", "note", "rationale", "text", "withdrawn_note"}
_CLAIMS = {"merged_into", "split_from"}
# Who has the claim follows from such an event by itself.
_SAYS_WHO = {
    "claim.taken", "claim.laid_down", "claim.dismissed",
    "verdict.proposed", "verdict.signed", "verdict.overridden", "verdict.sent_back", "verdict.rated_blind",
    "verdict.decided", "verdict.renewed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; `old` is none where there was nothing before, `new` where there is
    nothing any more. `claim_id` is the claim that the value names."""

    label: str
    old: str | None
    new: str | None
    is_text: bool = False
    claim_id: str | None = None

    @property
    def pieces(self) -> list[Piece] | None:
        """The words of both, where a text was changed and not replaced by quite another."""
        if not (self.is_text and self.old and self.new):
            return None
        found = by_words(self.old, self.new)
        return found if any(piece.kind in (SAME, LEFT_OUT) for piece in found) else None


@dataclass(slots=True)
class Entry:
    """One event in words; `group` is what it is about, empty for what is only told among all."""

    at: datetime
    who: str
    deed: str
    icon: str
    seq: int
    kind: str = ""
    group: str = ""
    by_machine: bool = False
    redacted: bool = False
    changes: list[Change] = field(default_factory=list)


def deed(kind: str) -> str:
    """What an event's kind says in words, of a claim."""
    return _DEEDS.get(kind, kind.replace(".", " ").replace("_", " "))


def events_of(session: Session, file: ClaimFile) -> list[Event]:
    """All that happened to a claim, oldest first: its own events, those of the copies of its evidence,
    and the opening and closing of the reports that it stands in."""
    own = f"claim:{file.claim.id}"
    found = list(session.exec(select(Event).where(Event.stream == own).order_by(col(Event.version))))
    copies = [f"capture:{capture.id}" for _, capture in file.evidence if capture]
    articles = [f"article:{article.id}" for _, article in file.appearances]
    if not found or not copies + articles:
        return found
    # Without their patches: a copy's holds the whole text of the source.
    columns = (col(Event.seq), col(Event.stream), col(Event.kind), col(Event.at), col(Event.actor))
    about = sa.or_(
        col(Event.stream).in_(copies),
        sa.and_(col(Event.stream).in_(articles), col(Event.kind).in_((OPENED, CLOSED))),
    )
    query = sa.select(*columns).where(about, col(Event.seq) > found[0].seq)
    found += [Event(**row, patch={}) for row in session.execute(query).mappings()]
    return sorted(found, key=lambda event: event.seq)


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
            icon=_ICONS.get(event.kind, "undo-2" if event.kind.endswith(".undone") else "circle"),
            seq=event.seq,
            kind=event.kind,
            by_machine=event.actor.startswith("detector:"),
            redacted=event.patch is None,
        )
        # What came in with the claim itself is the claim, and no change of it.
        began = event.kind in ("claim.found", "claim.split_off")
        for table, patched in (event.patch or {}).items():
            for id, columns in patched.items():
                before = rows.setdefault((table, id), {})
                if not (began and table in ("claim", "appearance")) and not (
                    table == "appearance" and not before
                ):
                    entry.changes += _changes(event.kind, table, before, columns, names)
                before.update(columns)
        entry.group = _group(event)
        found.append(entry)
    return found[::-1]


def _group(event: Event) -> str:
    if event.kind in ("claim.undone", "claim.redone"):
        patch = event.patch or {}
        worded = any(
            columns.keys() & {"statement", "kind", "claimant"} for columns in patch.get("claim", {}).values()
        )
        return "words" if worded or patch.get("appearance") else ""
    return _GROUP_OF.get(event.kind) or _GROUP_OF_NOUN.get(event.kind.partition(".")[0], "")


def by_day(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """Entries under their days, in UTC as the log has them."""
    return [(day, list(some)) for day, some in groupby(entries, key=lambda entry: entry.at.date())]


def _changes(
    kind: str, table: str, before: dict[str, Any], columns: dict[str, Any], names: dict[str, str]
) -> Iterable[Change]:
    for column, label in _TOLD.get(table, {}).items():
        old, new = before.get(column), columns.get(column)
        if column in columns and new != old and not (column == "assignee_id" and kind in _SAYS_WHO):
            yield Change(
                label,
                _shown(column, old, names),
                _shown(column, new, names),
                is_text=column in _TEXTS,
                claim_id=str(new) if column in _CLAIMS and new else None,
            )


def _shown(column: str, value: Any, names: dict[str, str]) -> str | None:
    if value is None or value == []:
        return None
    if column == "assignee_id":
        return names.get(str(value), "somebody")
    if column == "status":
        return STATUSES[value].label.lower() if value in STATUSES else str(value)
    if column == "kind":
        return KINDS.get(value, str(value)).lower()
    if column == "stance":
        return STANCES[value].label.lower() if value in STANCES else str(value)
    if column == "tags":
        return ", ".join(map(str, value))
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

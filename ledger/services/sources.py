"""What the source of a piece of evidence held when it was captured, what it holds now, and what differs."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlmodel import Session

from claims.values import dataclass
from ledger.models import Archiving, Capture, Evidence, Look
from ledger.services import liveness, redlines
from ledger.services.redlines import Row, Run, Text
from ledger.store import evidence as evidence_store
from ledger.store import looks as store

SAME, OUT, IN, LEFT_OUT = "same", "out", "in", "left_out"
_AROUND = 1
"""Unchanged paragraphs that are shown beside a changed one."""
_KINDS = {redlines.SAME: SAME, redlines.HERE: SAME, redlines.OUT: OUT, redlines.IN: IN}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind: SAME, OUT (taken out since) or IN (put in since)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of either text, or (LEFT_OUT) so many that are the same."""

    kind: str
    pieces: list[Piece]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands: as it was, changed or dead, and when it was and will be looked at."""

    evidence: Evidence
    capture: Capture | None
    found: Capture | None
    look: Look | None
    archiving: Archiving | None
    under_way: bool
    quote_stood: bool | None
    quote_stands: bool | None

    @property
    def next_at(self) -> datetime | None:
        """When it is looked at next, if it is."""
        return self.look.due_at if self.look else None


def standing(session: Session, evidence: Evidence) -> Standing:
    """How the source of a piece of evidence stands."""
    capture = evidence_store.capture(session, evidence.capture_id)
    found = evidence_store.capture(session, evidence.found_id)
    look = store.of_url(session, evidence.url)
    texts = _texts(session, [evidence.capture_id, evidence.found_id] if evidence.quote else [])
    return Standing(
        evidence=evidence,
        capture=capture,
        found=found,
        look=look,
        archiving=session.get(Archiving, evidence.capture_id) if evidence.capture_id else None,
        under_way=look is not None and liveness.is_under_way(session, look),
        quote_stood=liveness.quote_stands(texts.get(str(evidence.capture_id)), evidence.quote),
        quote_stands=liveness.quote_stands(texts.get(str(evidence.found_id)), evidence.quote),
    )


def changes(session: Session, evidence: Evidence) -> list[Paragraph]:
    """What differs between what was captured and what is there now; nothing where either has no text."""
    texts = _texts(session, [evidence.capture_id, evidence.found_id])
    old, new = texts.get(str(evidence.capture_id)), texts.get(str(evidence.found_id))
    if not old or not new:
        return []
    return list(_folded(_paragraphs(old, new)))


def _texts(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    return dict(evidence_store.capture_texts(session, {id for id in ids if id}))


def _paragraphs(old: str, new: str) -> Iterator[Paragraph]:
    for row in redlines.compared(Text(old, _blocks(old)), Text(new, _blocks(new))):
        # What only moved is read at its new place.
        if row.kind != redlines.MOVED_AWAY:
            pieces = list(_pieces(row, old, new))
            yield Paragraph(SAME if all(p.kind == SAME for p in pieces) else "changed", pieces)


def _blocks(text: str) -> list[dict[str, object]]:
    return [{"kind": "paragraph", "start": m.start(), "end": m.end()} for m in re.finditer(r"[^\n]+", text)]


def _pieces(row: Row, old: str, new: str) -> Iterator[Piece]:
    sides: list[tuple[bool, Run]] = row.both or [
        *((False, run) for run in (row.before if row.new is None else ())),
        *((True, run) for run in row.after),
    ]
    for is_new, run in sides:
        if run.kind == redlines.AWAY:
            continue
        yield Piece(_KINDS[run.kind], (new if is_new else old)[run.start : run.end])


def _folded(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Long runs of unchanged paragraphs as one that only counts them."""
    held: list[Paragraph] = []
    begun = False
    for paragraph in paragraphs:
        if paragraph.kind == SAME:
            held.append(paragraph)
            continue
        yield from _fold(held, first=not begun, last=False)
        held, begun = [], True
        yield paragraph
    yield from _fold(held, first=not begun, last=True)


def _fold(held: list[Paragraph], *, first: bool, last: bool) -> Iterator[Paragraph]:
    ahead, behind = (0 if first else _AROUND), (0 if last else _AROUND)
    left = len(held) - ahead - behind
    if left < 2:
        yield from held
        return
    yield from held[:ahead]
    yield Paragraph(LEFT_OUT, [], left)
    yield from held[len(held) - behind :]

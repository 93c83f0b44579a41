"""Evidence and its captures; a captured text is long, so the database cuts what is wanted of it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger.models import Capture, Event, Evidence


@dataclass(frozen=True, slots=True)
class Around:
    """A passage of a captured text with what stands before and after it."""

    before: str
    words: str
    after: str
    first: int
    length: int


def of_capture(session: Session, capture_id: str) -> list[Evidence]:
    """The evidence that a capture is of."""
    return list(session.exec(select(Evidence).where(Evidence.capture_id == capture_id)))


def capture(session: Session, id: str | None) -> Capture | None:
    """A capture; its text, which may be a whole book, is read when it is asked for."""
    return session.get(Capture, id, options=[defer(Capture.text)]) if id else None  # type: ignore[arg-type]


def capture_texts(session: Session, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """The whole texts of these captures with their ids, one at a time; "" for one without."""
    if ids:
        query = select(Capture.id, Capture.text).where(col(Capture.id).in_(ids))
        for id, text in session.exec(query.execution_options(yield_per=1)):
            yield id, text or ""


def text_length(session: Session, capture_id: str) -> int:
    """The number of characters of a captured text; 0 where there is none."""
    query = select(sa.func.length(Capture.text)).where(Capture.id == capture_id)
    return session.exec(query).first() or 0


ROOM = 240
"""So many characters of a captured text are shown on either side of a quote."""
_AT_ONCE = 100


def arounds(session: Session, spans: Sequence[tuple[str, int, int]]) -> list[Around]:
    """For each (capture id, start, end) those characters of the captured text with ROOM on either side."""
    found: list[Around] = []
    for at in range(0, len(spans), _AT_ONCE):
        parts = [_around(n, *span) for n, span in enumerate(spans[at : at + _AT_ONCE])]
        rows = {row[0]: row[1:] for row in session.execute(sa.union_all(*parts))}
        for n, (_, start, _end) in enumerate(spans[at : at + _AT_ONCE]):
            before, words, after, length = rows[n]
            found.append(Around(before or "", words or "", after or "", max(0, start - ROOM), length or 0))
    return found


def _around(n: int, capture_id: str, start: int, end: int) -> Any:
    first = max(0, start - ROOM)
    return sa.select(
        sa.literal(n),
        sa.func.substr(Capture.text, first + 1, start - first),
        sa.func.substr(Capture.text, start + 1, end - start),
        sa.func.substr(Capture.text, end + 1, ROOM),
        sa.func.length(Capture.text),
    ).where(col(Capture.id) == capture_id)


def part(session: Session, capture_id: str, first: int, length: int) -> str:
    """Characters of a captured text from that offset on."""
    query = sa.select(sa.func.substr(Capture.text, first + 1, length)).where(col(Capture.id) == capture_id)
    return session.execute(query).scalar() or ""


def anchored_versions(session: Session, id: str) -> set[int]:
    """The versions of a piece of evidence that came about by what the ledger found: its quote, or what
    became of its source."""
    query = select(Event.patch).where(Event.stream == f"evidence:{id}", Event.actor == "system")
    rows = ((patch or {}).get("evidence", {}).get(id, {}) for patch in session.exec(query))
    return {row["version"] for row in rows if "version" in row}

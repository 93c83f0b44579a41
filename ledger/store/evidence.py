"""Evidence and its captures; a captured text is long, so the database cuts what is wanted of it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

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


def capture_text(session: Session, capture_id: str) -> str | None:
    """The whole text of a capture."""
    return session.exec(select(Capture.text).where(Capture.id == capture_id)).first()


def text_length(session: Session, capture_id: str) -> int:
    """The number of characters of a captured text; 0 where there is none."""
    query = select(sa.func.length(Capture.text)).where(Capture.id == capture_id)
    return session.exec(query).first() or 0


def around(session: Session, capture_id: str, start: int, end: int, *, room: int = 240) -> Around:
    """Characters `start` to `end` of a captured text with up to `room` on either side."""
    first = max(0, start - room)
    query = sa.select(
        sa.func.substr(Capture.text, first + 1, start - first),
        sa.func.substr(Capture.text, start + 1, end - start),
        sa.func.substr(Capture.text, end + 1, room),
        sa.func.length(Capture.text),
    ).where(col(Capture.id) == capture_id)
    before, words, after, length = session.execute(query).one()
    return Around(before or "", words or "", after or "", first, length or 0)


def part(session: Session, capture_id: str, first: int, length: int) -> str:
    """Characters of a captured text from that offset on."""
    query = sa.select(sa.func.substr(Capture.text, first + 1, length)).where(col(Capture.id) == capture_id)
    return session.execute(query).scalar() or ""


def anchored_versions(session: Session, id: str) -> set[int]:
    """The versions of a piece of evidence that came about by finding its quote."""
    query = select(Event.patch).where(Event.stream == f"evidence:{id}", Event.kind == "evidence.anchored")
    rows = ((patch or {}).get("evidence", {}).get(id, {}) for patch in session.exec(query))
    return {row["version"] for row in rows if "version" in row}

"""A claim as it stood at a time: the fold of its events up to then."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from ledger.errors import Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.eventlog.fold import apply
from ledger.ids import is_id
from ledger.models import Event
from ledger.store import events as store

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A claim at a time, as rows of JSON values; the lists hold what belonged to it then.

    Verdicts that were sent back or replaced, and evidence that was taken back, are among them, with
    the state that they were in.
    """

    at: datetime
    claim: Row
    last_event: Event
    redacted: int = 0
    appearances: list[Row] = field(default_factory=list)
    quantities: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    verdicts: list[Row] = field(default_factory=list)
    signatures: list[Row] = field(default_factory=list)

    @property
    def verdict(self) -> Row | None:
        """The verdict in force then."""
        return next((v for v in self.verdicts if v["id"] == self.claim.get("verdict_id")), None)


def claim_at(session: Session, claim_id: str, at: datetime) -> Past:
    """The claim as it stood at `at`. Raises NotFound if there was none by then.

    Every change of a claim and of what belongs to it is an event of the claim's own stream, so that
    stream is all that has to be read.
    """
    everything = _events(session, claim_id)
    events = [event for event in everything if event.at <= at]
    if not events:
        began = timestamp(everything[0].at)
        raise NotFound(f"There was no such claim on {timestamp(at)}: it was found on {began}.", id=claim_id)
    return _past(claim_id, events, at)


def claim_after(session: Session, claim_id: str, seq: int) -> Past:
    """The claim as it stood right after that event of the log. NotFound if there was none by then."""
    events = [event for event in _events(session, claim_id) if event.seq <= seq]
    if not events:
        raise NotFound(f"There was no such claim yet after event {seq}.", id=claim_id)
    return _past(claim_id, events, events[-1].at)


def _events(session: Session, claim_id: str) -> list[Event]:
    everything = store.of_stream(session, f"claim:{claim_id}") if is_id(claim_id) else []
    if not everything:
        raise NotFound(f"There is no claim with the id {claim_id[:60]!r}.", id=claim_id[:60])
    return everything


def _past(claim_id: str, events: list[Event], at: datetime) -> Past:
    tables: dict[str, dict[str, Row]] = {}
    for event in events:
        apply(tables, event.patch or {})
    rows = {
        table: [found[id] for id in sorted(found) if _belonged(found[id], claim_id)]
        for table, found in tables.items()
    }
    return Past(
        at=at,
        claim=tables.get("claim", {}).get(claim_id, {"id": claim_id}),
        last_event=events[-1],
        redacted=sum(event.patch is None for event in events),
        appearances=rows.get("appearance", []),
        quantities=rows.get("quantity", []),
        evidence=rows.get("evidence", []),
        verdicts=rows.get("verdict", []),
        signatures=rows.get("signature", []),
    )


def _belonged(row: Row, claim_id: str) -> bool:
    # What a merge gave to another claim left this one, and a number left with the words that stated it.
    return row.get("claim_id", claim_id) == claim_id and row.get("gone_at") is None


def moment(text: str) -> datetime:
    """A time as people write it: `2026-11-23` means the end of that day in UTC, and
    `2026-11-23T14:30` or `2026-11-23T14:30:05+01:00` that very moment (UTC unless it says otherwise).
    """
    try:
        if _DAY.match(text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            f"{text!r} is no date: write 2026-11-23 (the end of that day, UTC) or 2026-11-23T14:30:00+01:00.",
            field="at",
        ) from None

"""A claim as it stood at a time: the fold of its events up to then."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from claims.values import dataclass, field
from ledger.errors import Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.eventlog.fold import apply
from ledger.ids import is_id
from ledger.store import events as store
from ledger.store import past as past_store

_SHARED = ("claim.merged", "claim.merged_away", "claim.undone", "claim.redone")
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
    last_event: Any
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

    Every change of a claim and of what belongs to it is an event of the claim's own stream, save two: the
    place that the ledger itself finds for a quote in a capture is told in the evidence's, and what goes from
    claim to claim by a merge counts a version more by the event of the other one, written beside it.
    """
    found = _by_claim(session, [claim_id], at).get(claim_id)
    if found is None:
        raise not_yet(session, claim_id, at)
    pieces = {id for event in found for id in (event.patch or {}).get("evidence", {})}
    anchored = past_store.until(session, [f"evidence:{id}" for id in sorted(pieces)], at)
    shared = {event.seq: event.at for event in found if event.kind in _SHARED}
    beside = past_store.at_places(session, [seq + step for seq in shared for step in (-1, 1)])
    given = [event for event in beside if event.at in (shared.get(event.seq - 1), shared.get(event.seq + 1))]
    return _past(claim_id, found, at, also=[*anchored, *given])


def claims_at(session: Session, ids: Iterable[str], at: datetime) -> dict[str, Past]:
    """Those of these claims that were there at `at`, as they stood then, without the places of their
    evidence's quotes. One query for all."""
    return {id: _past(id, events, at) for id, events in _by_claim(session, ids, at).items()}


def _by_claim(session: Session, ids: Iterable[str], at: datetime) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for event in past_store.until(session, [f"claim:{id}" for id in ids if is_id(id)], at):
        found.setdefault(event.stream.removeprefix("claim:"), []).append(event)
    return found


def not_yet(session: Session, claim_id: str, at: datetime) -> NotFound:
    """Why a claim was not there at `at`: nobody had found it yet, or there is none with that id at all."""
    began = past_store.began(session, f"claim:{claim_id}") if is_id(claim_id) else None
    if began is None:
        return NotFound(f"There is no claim with the id {claim_id[:60]!r}.", id=claim_id[:60])
    return NotFound(
        f"There was no such claim on {timestamp(at)}: it was found on {timestamp(began)}.", id=claim_id
    )


def claim_after(session: Session, claim_id: str, seq: int) -> Past:
    """The claim as it stood right after that event of the log. NotFound if there was none by then."""
    everything = store.of_stream(session, f"claim:{claim_id}") if is_id(claim_id) else []
    if not everything:
        raise NotFound(f"There is no claim with the id {claim_id[:60]!r}.", id=claim_id[:60])
    events = [event for event in everything if event.seq <= seq]
    if not events:
        raise NotFound(f"There was no such claim yet after event {seq}.", id=claim_id)
    return _past(claim_id, events, events[-1].at)


def _past(claim_id: str, events: Sequence[Any], at: datetime, also: Sequence[Any] = ()) -> Past:
    tables: dict[str, dict[str, Row]] = {}
    for event in sorted([*events, *also], key=lambda event: event.seq) if also else events:
        patch = event.patch or {}
        apply(tables, patch if event.stream == f"claim:{claim_id}" else _of_known(tables, patch))
    rows = {
        table: [found[id] for id in sorted(found) if _belonged(found[id], claim_id)]
        for table, found in tables.items()
    }
    return Past(
        at=at,
        claim={"id": claim_id, **tables.get("claim", {}).get(claim_id, {})},
        last_event=events[-1],
        redacted=sum(event.patch is None for event in events),
        appearances=rows.get("appearance", []),
        quantities=rows.get("quantity", []),
        evidence=rows.get("evidence", []),
        verdicts=rows.get("verdict", []),
        signatures=rows.get("signature", []),
    )


def _of_known(
    tables: dict[str, dict[str, Row]], patch: dict[str, dict[str, Row]]
) -> dict[str, dict[str, Row]]:
    """What a patch says of rows that are there already."""
    return {
        table: {id: row for id, row in rows.items() if id in tables.get(table, {})}
        for table, rows in patch.items()
    }


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

"""How a claim stands, from memory or by one statement."""

import orjson

from ledger.services.standing import looked_up
from ledger.store import standings
from ledger.web.lane.answers import answer
from ledger.web.lane.kept import Kept

_MOST_ANSWERS = 20_000


def held(kept: Kept, id: str) -> tuple[bytes, str] | None:
    """How a claim stands, where that is in memory."""
    found = kept.answers.get(id)
    if found is not None:
        return found
    known = kept.standings.get(id)
    return None if known is None else answer(looked_up(id, id, **known))


def read(kept: Kept, id: str) -> tuple[bytes, str] | None:
    """How a claim stands, read; for who holds the lock."""
    kept.missed()
    row = kept.near.connection.execute(standings.ONE, (id,)).fetchone()
    while row is not None and row[5] is not None:
        row = kept.near.connection.execute(standings.ONE, (row[5],)).fetchone()
    if row is None:
        return None
    claim, version, status, updated_at, stale_since, _, label, reasons = row
    known = looked_up(
        id,
        claim,
        version=version,
        status=status,
        label=label,
        updated_at=_timestamp(updated_at),
        stale_since=stale_since and _timestamp(stale_since),
        stale_reasons=reasons and orjson.loads(reasons),
    )
    found = answer(known)
    # The log tells when this claim changes; not when the one that it was merged into does.
    if claim == id:
        if len(kept.answers) >= _MOST_ANSWERS:
            kept.answers.clear()
        kept.answers[id] = found
    return found


def _timestamp(stored: str) -> str:
    # As SQLAlchemy writes a time into SQLite: 2026-11-23 13:57:02.123456, in UTC.
    return stored.replace(" ", "T") + "Z"

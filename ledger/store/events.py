"""The log's rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.eventlog.canonical import timestamp
from ledger.models import Appearance, Comment, Event

_BATCH = 1000


def size(session: Session) -> int:
    """Number of events in the log."""
    newest = session.exec(select(sa.func.max(Event.seq))).one()
    return 0 if newest is None else newest + 1


def versions(session: Session, streams: list[str]) -> dict[str, int]:
    """The newest version of each of these streams that has one."""
    rows = session.exec(
        select(Event.stream, sa.func.max(Event.version))
        .where(col(Event.stream).in_(streams))
        .group_by(col(Event.stream))
    )
    return {stream: version for stream, version in rows}


def touched(session: Session, streams: list[str]) -> set[str]:
    """Those of these streams in which a person or a program has done something."""
    by_somebody = sa.or_(col(Event.actor).startswith("account:"), col(Event.actor).startswith("token:"))
    query = select(Event.stream).where(col(Event.stream).in_(streams), by_somebody).distinct()
    return set(session.exec(query))


def of_stream(session: Session, stream: str, *, until: datetime | None = None) -> list[Event]:
    """A record's events, oldest first; with `until`, those up to that moment."""
    query = select(Event).where(Event.stream == stream)
    if until is not None:
        # In the stream's own order: a clock that was set back must not leave a hole.
        later = select(sa.func.min(Event.version)).where(Event.stream == stream, Event.at > until)
        first_after = session.exec(later).one()
        if first_after is not None:
            query = query.where(Event.version < first_after)
    return list(session.exec(query.order_by(col(Event.version))))


def listed(session: Session, *, first: int, limit: int, stream: str | None = None) -> list[Event]:
    """Events in log order from that place on; of one stream, from that version on."""
    query = select(Event)
    if stream is None:
        query = query.where(col(Event.seq) >= first).order_by(col(Event.seq))
    else:
        query = query.where(Event.stream == stream, col(Event.version) >= first).order_by(col(Event.version))
    return list(session.exec(query.limit(limit)))


def narrowed(
    session: Session, *, first: int, limit: int, nouns: Sequence[str] = (), kinds: Sequence[str] = ()
) -> list[Event]:
    """Events in log order from that place on: only of records of these `nouns`, and only of these `kinds`,
    which may be whole nouns as `claim.*`. None of either means all."""
    query = select(Event).where(col(Event.seq) >= first)
    if nouns:
        query = query.where(sa.or_(*(col(Event.stream).startswith(f"{noun}:") for noun in nouns)))
    if kinds:
        query = query.where(
            sa.or_(
                *(
                    col(Event.kind).startswith(kind[:-1], autoescape=True)
                    if kind.endswith(".*")
                    else col(Event.kind) == kind
                    for kind in kinds
                )
            )
        )
    return list(session.exec(query.order_by(col(Event.seq)).limit(limit)))


def deed_around(session: Session, event: Event) -> tuple[int, int]:
    """The run of events that one transaction of one actor wrote and that `event` is one of: first, last."""
    another = sa.or_(col(Event.actor) != event.actor, col(Event.at) != event.at)
    seq = col(Event.seq)
    before = select(Event.seq).where(seq < event.seq, another).order_by(seq.desc()).limit(1)
    after = select(Event.seq).where(seq > event.seq, another).order_by(seq).limit(1)
    first, last = session.exec(before).first(), session.exec(after).first()
    return 0 if first is None else first + 1, (size(session) if last is None else last) - 1


def between(session: Session, first: int, last: int) -> list[Event]:
    """Events first to last of the log, both included."""
    query = select(Event).where(col(Event.seq) >= first, col(Event.seq) <= last)
    return list(session.exec(query.order_by(col(Event.seq))))


def of_streams(session: Session, streams: set[str]) -> list[Event]:
    """The events of several records, in log order."""
    query = select(Event).where(col(Event.stream).in_(streams))
    return list(session.exec(query.order_by(col(Event.seq))))


def newest_by(session: Session, actors: set[str], streams: Any, *, limit: int) -> list[Event]:
    """What these actors did last in some streams (names, or a query of names), newest first."""
    query = select(Event).where(col(Event.actor).in_(actors), col(Event.stream).in_(streams))
    return list(session.exec(query.order_by(col(Event.seq).desc()).limit(limit)))


def streams_about(*, claim_id: str | None = None, article_id: str | None = None) -> Any:
    """A query of the names of the streams about a claim, or about an article with all its claims."""
    if claim_id is not None:
        claims: Any = sa.select(sa.literal(claim_id))
        own = f"claim:{claim_id}"
    else:
        claims = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id) == article_id)
        own = f"article:{article_id}"
    named = claims.subquery().c[0]
    return sa.union_all(
        sa.select(sa.literal(own)),
        sa.select(sa.literal("claim:") + named),
        sa.select(sa.literal("comment:") + col(Comment.id)).where(col(Comment.claim_id).in_(claims)),
    )


def all_events(session: Session) -> Iterator[dict[str, Any]]:
    """Events in log order as docs/eventlog.md writes them, read in batches."""
    first = 0
    while True:
        query = sa.select(Event.__table__).where(col(Event.seq) >= first)  # type: ignore[attr-defined]
        rows = session.execute(query.order_by(col(Event.seq)).limit(_BATCH)).all()
        for row in rows:
            yield exported(row)
        if len(rows) < _BATCH:
            return
        first = rows[-1].seq + 1


def exported(row: Any) -> dict[str, Any]:
    """An event row as the exchange format has it."""
    return {
        "seq": row.seq,
        "id": row.id,
        "stream": row.stream,
        "version": row.version,
        "kind": row.kind,
        "at": timestamp(row.at),
        "actor": row.actor,
        "patch": row.patch,
        "salt": row.salt,
        "patch_hash": row.patch_hash,
        "leaf_hash": row.leaf_hash,
    }


def leaf_hashes(session: Session) -> Iterator[bytes]:
    """All leaf hashes in log order."""
    for (leaf,) in session.execute(
        sa.select(Event.leaf_hash).order_by(col(Event.seq)).execution_options(yield_per=10_000)  # type: ignore[call-overload]
    ):
        yield bytes.fromhex(leaf)

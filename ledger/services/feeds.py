"""Feeds for readers: the verdicts in force and the corrections, of one open report or of all.

What may be told is decided where reports are: services/reports.py. A page costs what its entries cost,
however long the log is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ledger.models import Article, Desk
from ledger.services import reports
from ledger.services.reports import Correction
from ledger.store import desks as desks_store
from ledger.store import feeds as store
from ledger.store import reports as reports_store
from ledger.store import standards

PAGE = 50
_LOOKS = 10  # times that the log is gone on in for one page


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict in force, in which report it can be read, and since when."""

    verdict_id: str
    claim_id: str
    article_id: str
    desk: str
    statement: str
    language: str | None
    label: str
    status_word: str
    rationale: str
    settled_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction, the event that made it, and in which report it can be read."""

    event_id: str
    article_id: str
    desk: str
    correction: Correction


def article(session: Session, article_id: str) -> tuple[Article, Desk]:
    """An article with an open report, and its desk; NotFound."""
    found = reports.opened(session, article_id)
    return found, desks_store.get(session, found.desk_id)


def verdicts(
    session: Session, *, article_id: str | None = None, after: tuple[Any, ...] | None = None
) -> tuple[list[Told], tuple[Any, ...] | None]:
    """A page of verdicts in force, the one told last in front, and where the next begins."""
    rows, following = store.verdicts(session, article_id=article_id, after=after, limit=PAGE)
    places = standards.works(session, [row.id for row in rows], public=True)
    desks = _desks(session)
    found = []
    for row in rows:
        said_in = _of(places.get(row.id, []), article_id)
        found.append(
            Told(
                row.key_1, row.id, said_in.id, desks(said_in.desk_id), row.statement, row.language,
                row.label, row.status_word, row.rationale, row.settled_at, row.key_0,
            )
        )  # fmt: skip
    return found, following


def corrections(
    session: Session, *, article_id: str | None = None, before: int | None = None
) -> tuple[list[Corrected], int | None]:
    """A page of corrections, newest first, and the place in the log before which the next begins.

    What is looked at for one page is limited: one of them may be short, and the last one empty.
    """
    found: list[Corrected] = []
    for _ in range(_LOOKS):
        suspects = store.suspects(session, article_id=article_id, before=before, limit=PAGE)
        found += _corrected(session, suspects, article_id)
        before = suspects[-1][0] if len(suspects) == PAGE else None
        if before is None or len(found) >= PAGE:
            break
    return found, before


def _corrected(
    session: Session, suspects: Sequence[tuple[int, str]], article_id: str | None
) -> list[Corrected]:
    claim_ids = list(dict.fromkeys(claim_id for _, claim_id in suspects))
    places = standards.works(session, claim_ids, public=True)
    opened = store.first_opened(session, list({one.id for found in places.values() for one in found}))
    desks, seqs = _desks(session), {seq for seq, _ in suspects}
    found: list[tuple[int, Corrected]] = []
    for claim_id, history in reports_store.histories(session, claim_ids).items():
        said_in = [one for one in places.get(claim_id, []) if article_id in (None, one.id)]
        moments = [opened[one.id] for one in said_in if one.id in opened]
        if not moments:
            continue
        for event, correction in reports.corrections_of(claim_id, history, min(moments)):
            if event.seq in seqs:
                place = said_in[0]
                found.append((event.seq, Corrected(event.id, place.id, desks(place.desk_id), correction)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _of(places: Sequence[Any], article_id: str | None) -> Any:
    return next(one for one in places if article_id in (None, one.id))


def _desks(session: Session) -> Any:
    named = {desk.id: desk.name for desk in desks_store.every(session)}
    default = desks_store.get(session, None).name
    return lambda desk_id: named.get(desk_id or "", default)

"""The ledger as it stood at a time: statuses, whole claims and articles, from the log.

What is told of the past is the fold of the events up to then, in the shape in which the present is told.
Names of people are today's: who gave up a name may have had reason to.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.errors import Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.eventlog.fold import apply
from ledger.ids import is_id
from ledger.models import (
    Appearance,
    Article,
    Capture,
    Claim,
    Evidence,
    Quantity,
    Record,
    Signature,
    Verdict,
)
from ledger.models.rows import as_held, columns
from ledger.services import history
from ledger.services.history import Past
from ledger.services.standing import looked_up
from ledger.store import past as store

_MERGES = 20  # merged into one that was merged into one that …
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d\Z)")
Row = dict[str, Any]


def asked(text: str) -> datetime:
    """The moment that `as_of` names: a day (its end in UTC; of today, now) or an instant. Raises Invalid for
    what is no time and for what is still to come."""
    # A plus sign that was not written as %2B in an address arrives as a space.
    text = _SPACE_FOR_PLUS.sub("+", text.strip())
    try:
        at = history.moment(text)
    except Invalid as error:
        raise Invalid(error.message, field="as_of") from None
    now = clock.now()
    if at <= now:
        return at
    if at.date() == now.date() and len(text) == len("2026-11-23"):
        return now
    raise Invalid(
        f"{text!r} is still to come: it is {timestamp(now)} now. Ask for a time that is past, "
        "or leave as_of out.",
        field="as_of",
    )


# ------------------------------------------------------------------------------------------ claims


def statuses(session: Session, ids: Iterable[str], at: datetime) -> dict[str, Row]:
    """Where these claims stood, as a look-up tells it, by the id asked for; those that were not there yet are
    left out. Of one that had been merged into another, that one."""
    wanted = list(ids)
    known = history.claims_at(session, wanted, at)
    for _ in range(_MERGES):
        further = {past.claim.get("merged_into") for past in known.values()} - known.keys() - {None}
        if not further:
            break
        known |= history.claims_at(session, sorted(filter(None, further)), at)
    found = {}
    for id in wanted:
        past = known.get(id)
        while past is not None and past.claim.get("merged_into"):
            past = known.get(past.claim["merged_into"])
        if past is not None:
            found[id] = _status(id, past)
    return found


def status(session: Session, id: str, at: datetime) -> Row:
    """The same of one claim. Raises NotFound."""
    found = statuses(session, [id], at)
    if id not in found:
        raise history.not_yet(session, id, at)
    return found[id]


_STALE = ("stale_since", "stale_reasons")


def _status(asked_for: str, past: Past) -> Row:
    row: Any = past.claim
    told = {name: row.get(name) for name in ("version", "status", "updated_at", *_STALE)}
    return looked_up(asked_for, row["id"], label=label_of(past), **told)


def label_of(past: Past) -> str | None:
    """The words of the verdict that was in force."""
    return past.verdict.get("label") if past.verdict else None


def claim_file(session: Session, id: str, at: datetime, *, itself: bool = False) -> Row:
    """A claim with all that belonged to it then, as the API shows one of today. Raises NotFound.

    One that had been merged into another is answered for by that one, unless it is meant `itself`.
    """
    past = history.claim_at(session, id, at)
    while not itself and (into := past.claim.get("merged_into")):
        past = history.claim_at(session, into, at)
    titles = articles(session, [place.get("article_id") for place in past.appearances], at)
    captures = rows(session, "capture", [e.get("capture_id") for e in past.evidence], at)
    signed: dict[str, list[Row]] = {}
    for signature in past.signatures:
        signed.setdefault(signature.get("verdict_id", ""), []).append(held(Signature, signature))
    return {
        **held(Claim, past.claim),
        "appearances": [
            {**held(Appearance, place), "title": titles.get(place.get("article_id", ""), {}).get("title")}
            for place in past.appearances
        ],
        "quantities": sorted(
            (held(Quantity, one) for one in past.quantities), key=lambda one: one["position"] or 0
        ),
        "evidence": [
            {**held(Evidence, piece), "capture": _captured(captures.get(piece.get("capture_id") or ""))}
            for piece in past.evidence
        ],
        "verdicts": [
            {**held(Verdict, verdict), "signatures": signed.get(verdict["id"], [])}
            for verdict in reversed(past.verdicts)
        ],
    }


def _captured(row: Row | None) -> Row | None:
    return held(Capture, row) if row else None


def held(model: type[Record], row: Row) -> Row:
    """A row of the log as a record holds it. What was redacted is null."""
    return {column.key: as_held(column, row.get(column.key)) for column in columns(model)}


# ---------------------------------------------------------------------------------------- articles


def articles(session: Session, ids: Iterable[str | None], at: datetime) -> dict[str, Row]:
    """The rows of those of these articles that were there then, by id, without their texts."""
    return rows(session, "article", ids, at)


def article(session: Session, id: str, at: datetime) -> Article:
    """An article as it stood, for reading only. Raises NotFound."""
    row = articles(session, [id], at).get(id)
    if row is not None:
        return Article(**held(Article, row))
    began = store.began(session, f"article:{id}") if is_id(id) else None
    if began is None:
        raise NotFound(f"There is no article with the id {id[:60]!r}.")
    raise NotFound(f"There was no such article on {timestamp(at)}: it came in on {timestamp(began)}.")


def claims_of(session: Session, article_id: str, at: datetime) -> list[tuple[Past, Row]]:
    """The claims that stood in an article, each once with its first place there, in reading order; none of
    those that it said no more."""
    found = []
    for past in history.claims_at(session, store.claims_in(session, article_id), at).values():
        here = (place for place in past.appearances if place.get("article_id") == article_id)
        places = [place for place in here if place.get("cut_at") is None]
        if places:
            found.append((past, min(places, key=lambda place: (place["start"], -place["end"]))))
    return sorted(found, key=lambda one: (one[1]["start"], -one[1]["end"], one[0].claim["id"]))


def rows(session: Session, noun: str, ids: Iterable[str | None], at: datetime) -> dict[str, Row]:
    """The rows, as the log has them, of those of these records that were there then, by id. For records with
    a stream of their own that is called as their table."""
    tables: dict[str, dict[str, Row]] = {}
    streams = [f"{noun}:{id}" for id in ids if id and is_id(id)]
    for event in store.until(session, streams, at, table=noun):
        if event.patch is not None:
            apply(tables, {noun: event.patch})
    return tables.get(noun, {})

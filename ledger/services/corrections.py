"""Corrections: what readers were told and are told no more, what was said before, and why.

They are read out of the log, so that none can be left out or taken away afterwards. The one thing that
a person writes is the reason: whoever settles a verdict in the place of one that readers were told.
"""

import enum
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.errors import Invalid
from ledger.eventlog.canonical import timestamp
from ledger.eventlog.fold import Tables, apply
from ledger.export.feeds import entry_id
from ledger.models import DEFAULT_DESK, Claim, Event, Triage, Verdict
from ledger.services import history as past
from ledger.services.changes import text_value
from ledger.store import desks as desks_store
from ledger.store import feeds as store
from ledger.store import reports as reports_store
from ledger.store import standards

PAGE = 50
KIND = "correction.published"
"""What webhooks are told of a correction; no kind of the log, which has what was done instead."""
LONGEST_REASON = 4000
_LOOKS = 10  # times that the log is gone on in for one page


class Deed(enum.StrEnum):
    """What a correction says."""

    RATED_ANEW = "rated_anew"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed in a report since it was first opened; `changes` are (what, before, after).

    `note` is the rating that stands now, or why the claim was withdrawn; `reason`, why it was corrected.
    """

    at: datetime
    claim_id: str
    statement: str
    deed: Deed
    changes: tuple[tuple[str, str, str], ...] = ()
    note: str | None = None
    reason: str | None = None


def of_history(claim_id: str, history: list[Event], since: datetime) -> Iterator[tuple[Event, Correction]]:
    """The corrections in a claim's whole history since then, oldest first, each with its event."""
    tables: Tables = {}
    signed_words = ""
    was: dict[str, object] = {}
    for event in history:
        apply(tables, event.patch or {})
        now = dict(tables.get("claim", {}).get(claim_id, {}))
        words = str(now.get("statement") or "")
        if event.at >= since:
            found = _differences(claim_id, event, was, now, tables.get("verdict", {}), signed_words)
            yield from ((event, correction) for correction in found)
        if now.get("verdict_id") != was.get("verdict_id"):
            signed_words = words
        was = now


def _differences(
    claim_id: str,
    event: Event,
    was: dict[str, object],
    now: dict[str, object],
    verdicts: dict[str, dict[str, object]],
    signed_words: str,
) -> Iterator[Correction]:
    words = str(now.get("statement") or "")
    before, after = was.get("verdict_id"), now.get("verdict_id")
    if before and after and before != after:
        old, new = verdicts.get(str(before), {}), verdicts.get(str(after), {})
        told = [
            (label, str(one or ""), str(other or ""))
            for label, one, other in (
                ("Rating", old.get("label"), new.get("label")),
                ("Statement", signed_words, words),
                ("Reasoning", old.get("rationale"), new.get("rationale")),
            )
            if one != other
        ]
        rated = any(label != "Reasoning" for label, _, _ in told)
        deed = Deed.RATED_ANEW if rated else Deed.CONFIRMED
        label, reason = str(new.get("label") or ""), new.get("correction")
        yield Correction(event.at, claim_id, words, deed, tuple(told), label, str(reason) if reason else None)
    if now.get("withdrawn_at") and not was.get("withdrawn_at"):
        note = str(now.get("withdrawn_note") or "")
        yield Correction(event.at, claim_id, words, Deed.WITHDRAWN, note=note, reason=note or None)
    elif was.get("withdrawn_at") and not now.get("withdrawn_at"):
        yield Correction(event.at, claim_id, words, Deed.RESTORED)
    if was.get("triage") == Triage.ACCEPTED and now.get("triage") == Triage.DISMISSED and before:
        yield Correction(event.at, claim_id, words, Deed.TAKEN_OUT)


# ------------------------------------------------------------------------------ what readers are told


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction, the event that made it, and in which open reports it can be read, the oldest first."""

    event_id: str
    seq: int
    articles: tuple[str, ...]
    desk_id: str
    desk: str
    correction: Correction

    @property
    def id(self) -> str:
        """Its own id: an event may make several."""
        return entry_id(self.event_id, self.correction.deed)

    @property
    def article_id(self) -> str:
        """The report that has told of it longest."""
        return self.articles[0]


@dataclass(frozen=True, slots=True)
class Where:
    """Of what corrections are asked for: one article's report, one claim, one desk's articles, or all."""

    article_id: str | None = None
    claim_id: str | None = None
    desk_id: str | None = None


EVERYWHERE = Where()


def listed(
    session: Session, where: Where = EVERYWHERE, *, before: int | None = None, limit: int | None = None
) -> tuple[list[Corrected], int | None]:
    """A page of corrections, newest first, and the place in the log before which the next begins.

    What is looked at for one page is limited: one of them may be short, and the last one empty.
    """
    limit = limit or PAGE
    found: list[Corrected] = []
    for _ in range(_LOOKS):
        suspects = store.suspects(
            session,
            article_id=where.article_id,
            claim_id=where.claim_id,
            desk_id=where.desk_id,
            before=before,
            limit=limit,
        )
        found += _told(session, suspects, where)
        before = suspects[-1][0] if len(suspects) == limit else None
        if before is None or len(found) >= limit:
            break
    return found, before


def made_by(session: Session, events: Iterable[Event]) -> dict[int, list[Corrected]]:
    """The corrections that these events made, by their place in the log."""
    suspects = store.suspects_among(session, [event.seq for event in events])
    found: dict[int, list[Corrected]] = {}
    for one in _told(session, suspects, EVERYWHERE):
        found.setdefault(one.seq, []).append(one)
    return found


def _told(session: Session, suspects: Sequence[tuple[int, str]], where: Where) -> list[Corrected]:
    claim_ids = list(dict.fromkeys(claim_id for _, claim_id in suspects))
    if not claim_ids:
        return []
    places = standards.works(session, claim_ids, public=True)
    opened = store.first_opened(session, list({one.id for found in places.values() for one in found}))
    desks, seqs = _desks(session), {seq for seq, _ in suspects}
    found: list[Corrected] = []
    for claim_id, history in reports_store.histories(session, claim_ids).items():
        said_in = [one for one in places.get(claim_id, []) if _asked_for(one, where) and one.id in opened]
        if not said_in:
            continue
        since = min(opened[one.id] for one in said_in)
        for event, correction in of_history(claim_id, history, since):
            if event.seq in seqs:
                told_in = tuple(one.id for one in said_in if opened[one.id] <= event.at)
                desk_id = said_in[0].desk_id or DEFAULT_DESK
                found.append(
                    Corrected(event.id, event.seq, told_in, desk_id, desks.get(desk_id, ""), correction)
                )
    return sorted(found, key=lambda one: one.seq, reverse=True)


def _asked_for(article: Any, where: Where) -> bool:
    return where.article_id in (None, article.id) and where.desk_id in (
        None,
        article.desk_id or DEFAULT_DESK,
    )


def _desks(session: Session) -> dict[str, str]:
    return {desk.id: desk.name for desk in desks_store.every(session)}


# ------------------------------------------------------------------------------------- in other words


def shown(one: Corrected, base: str) -> dict[str, Any]:
    """A correction as programs are told of it; `base` is the service's address."""
    told = one.correction
    return {
        "id": one.id,
        "seq": one.seq,
        "at": timestamp(told.at),
        "claim_id": told.claim_id,
        "statement": told.statement,
        "deed": str(told.deed),
        "changes": [{"what": what, "before": was, "after": now} for what, was, now in told.changes],
        "reason": told.reason,
        "desk": one.desk,
        "reports": [f"{base}/reports/{id}#claim-{told.claim_id}" for id in one.articles],
    }


# ---------------------------------------------------------------------------------------- the reason


def must_say_why(session: Session, claim: Claim, former: Verdict | None, verdict: Verdict) -> bool:
    """Whether settling a verdict in the place of `former` corrects what readers were told."""
    if former is None or former.settled_at is None:
        return False
    if not reports_store.told_since(session, claim.id, former.settled_at):
        return False
    if former.label != verdict.label:
        return True
    then = past.claim_at(session, claim.id, former.proposed_at)
    return bool(then.claim.get("statement") != claim.statement)


def reason(
    session: Session, claim: Claim, former: Verdict | None, verdict: Verdict, words: str | None
) -> str | None:
    """Why a verdict takes the place of `former`, for readers. Raises Invalid where they have to be told and
    nothing is said; none where no verdict stood before."""
    said = text_value(words, field="correction", longest=LONGEST_REASON)
    if said is None and must_say_why(session, claim, former, verdict):
        raise Invalid(
            f"Readers were told “{former.label if former else ''}”. Say why that changes: the reason stands "
            "with the correction, for everybody.",
            field="correction",
        )
    return said if former is not None else None

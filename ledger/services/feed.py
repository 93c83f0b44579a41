"""What the log says since a place in it, for a page: which claims and articles are touched, and by whom."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger.models import Appearance, Comment, Event, Evidence
from ledger.store import accounts, claims
from ledger.store import events as store

MOST = 500
"""Whoever is further behind than so many events reads the page anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """One event: `claims` gives the version of each claim after it, or None where it keeps the one it had."""

    seq: int
    kind: str
    actor: str
    by: str
    claims: dict[str, int | None]
    articles: frozenset[str]


def newest(session: Session) -> int:
    """The place of the newest event, -1 in an empty log."""
    return store.size(session) - 1


def since(session: Session, seq: int) -> list[Change] | None:
    """The changes after that place, oldest first; None if there are too many to tell one by one."""
    events = store.listed(session, first=seq + 1, limit=MOST + 1)
    return None if len(events) > MOST else told(session, events)


def told(session: Session, events: Sequence[Event]) -> list[Change]:
    """These events as changes of claims and articles."""
    by_comment = _claims_of_comments(session, events)
    by_capture = _claims_of_captures(session, events)
    touched = [_claims(event, by_comment, by_capture) for event in events]
    places = _places(session, {id for claims_of in touched for id in claims_of})
    named = _names(session, {event.actor for event in events})
    return [
        Change(
            seq=event.seq,
            kind=event.kind,
            actor=event.actor,
            by=named.get(event.actor, "Somebody"),
            claims=claims_of,
            articles=_articles(event, claims_of, places),
        )
        for event, claims_of in zip(events, touched, strict=True)
    ]


def _claims(
    event: Event, by_comment: dict[str, str], by_capture: dict[str, list[str]]
) -> dict[str, int | None]:
    noun, _, id = event.stream.partition(":")
    rows = (event.patch or {}).get("claim", {})
    found: dict[str, int | None] = {claim: row.get("version") for claim, row in rows.items()}
    about = {"claim": [id], "comment": [by_comment.get(id, "")], "capture": by_capture.get(id, [])}
    for claim in filter(None, about.get(noun, [])):
        found.setdefault(claim, None)
    return found


def _ids(events: Iterable[Event], noun: str) -> list[str]:
    return [event.stream.partition(":")[2] for event in events if event.stream.startswith(f"{noun}:")]


def _claims_of_comments(session: Session, events: Sequence[Event]) -> dict[str, str]:
    ids = _ids(events, "comment")
    if not ids:
        return {}
    return {
        id: claim
        for id, claim in session.exec(select(Comment.id, Comment.claim_id).where(col(Comment.id).in_(ids)))
    }


def _claims_of_captures(session: Session, events: Sequence[Event]) -> dict[str, list[str]]:
    ids = _ids(events, "capture")
    found: dict[str, list[str]] = {}
    if ids:
        query = sa.select(col(Evidence.capture_id), col(Evidence.claim_id))
        for capture, claim in session.execute(query.where(col(Evidence.capture_id).in_(ids))):
            found.setdefault(capture, []).append(claim)
    return found


def _places(session: Session, ids: set[str]) -> dict[str, set[str]]:
    """The articles in which each of these claims stands."""
    found: dict[str, set[str]] = {}
    if ids:
        query = select(Appearance.claim_id, Appearance.article_id)
        for claim, article in session.exec(query.where(col(Appearance.claim_id).in_(sorted(ids)))):
            found.setdefault(claim, set()).add(article)
    return found


def _articles(event: Event, touched: Iterable[str], places: dict[str, set[str]]) -> frozenset[str]:
    found = {article for claim in touched for article in places.get(claim, ())}
    # Where a claim stood before counts too: it is gone from there now.
    found |= {
        row["article_id"] for row in (event.patch or {}).get("appearance", {}).values() if "article_id" in row
    }
    noun, _, id = event.stream.partition(":")
    return frozenset(found | ({id} if noun == "article" else set()))


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    by_kind: dict[str, list[str]] = {}
    for actor in actors:
        kind, _, id = actor.partition(":")
        by_kind.setdefault(kind, []).append(id)
    named = {"system": "The ledger"}
    people = claims.names(session, by_kind.get("account", []))
    programs = accounts.token_names(session, by_kind.get("token", []))
    named |= {f"account:{id}": name for id, name in people.items()}
    named |= {f"token:{id}": name for id, name in programs.items()}
    return named | {f"detector:{name}": "The claim finder" for name in by_kind.get("detector", [])}

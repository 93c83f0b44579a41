"""Revisions, and the places that stand in them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from claims.values import dataclass, field
from ledger.models import Appearance, Article, Claim, Evidence, Revision, Triage, Verdict

Part = TypeVar("Part", Verdict, Appearance, Evidence)


@dataclass(slots=True)
class Judged:
    """A claim that has verdicts, with what their digests are about: all of its places and its evidence."""

    verdicts: list[Verdict] = field(default_factory=list)
    places: list[Appearance] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def places(session: Session, article_id: str) -> list[tuple[Claim, Appearance]]:
    """The places of an article's claims that are not confirmed as cut, in reading order."""
    query = (
        select(Claim, Appearance)
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(Appearance.article_id == article_id, col(Appearance.cut_at).is_(None))
        .order_by(col(Appearance.start), col(Appearance.end).desc(), col(Appearance.id))
    )
    return [(claim, place) for claim, place in session.exec(query)]


def every_place(session: Session, article_id: str) -> dict[str, tuple[Claim, Appearance]]:
    """All places of an article's claims with these, by the place's id; those that were cut too."""
    query = (
        select(Claim, Appearance)
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(Appearance.article_id == article_id)
    )
    return {place.id: (claim, place) for claim, place in session.exec(query)}


def waiting(session: Session, article_id: str) -> list[tuple[Claim, Appearance]]:
    """The claims of an article, not put aside, whose words wait for a person, with their places."""
    query = (
        select(Claim, Appearance)
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(
            Appearance.article_id == article_id,
            col(Appearance.cut_at).is_(None),
            col(Appearance.fate).not_in(["same", "moved"]),
            col(Claim.triage) != Triage.DISMISSED,
            col(Claim.withdrawn_at).is_(None),
        )
        .order_by(col(Appearance.start), col(Appearance.id))
    )
    return [(claim, place) for claim, place in session.exec(query)]


def with_waiting(session: Session) -> list[str]:
    """The articles, by id, that have claims whose words wait for a person."""
    query = (
        select(Appearance.article_id)
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .where(
            col(Appearance.cut_at).is_(None),
            col(Appearance.fate).not_in(["same", "moved"]),
            col(Claim.triage) != Triage.DISMISSED,
            col(Claim.withdrawn_at).is_(None),
        )
        .distinct()
        .order_by(Appearance.article_id)
    )
    return list(session.exec(query))


def listed(session: Session, article_id: str, *, below: int | None = None, limit: int = 50) -> list[Revision]:
    """An article's revisions without their texts, the newest first; only those with a number `below`."""
    query = (
        select(Revision)
        .where(Revision.article_id == article_id)
        .order_by(col(Revision.number).desc())
        .options(defer(Revision.text), defer(Revision.blocks))  # type: ignore[arg-type]
        .limit(limit)
    )
    if below is not None:
        query = query.where(col(Revision.number) < below)
    return list(session.exec(query))


def newest_number(session: Session, article_id: str) -> int:
    """The number of an article's current text."""
    query = (
        select(Revision.number)
        .join(Article, col(Article.revision_id) == col(Revision.id))
        .where(Article.id == article_id)
    )
    return session.exec(query).one()


def texts(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The texts of these revisions, by id."""
    query = select(Revision.id, Revision.text).where(col(Revision.id).in_(list(ids)))
    return {id: text for id, text in session.exec(query)}


def numbered(session: Session, article_id: str, number: int) -> Revision | None:
    """An article's revision of that number."""
    return session.exec(
        select(Revision).where(Revision.article_id == article_id, Revision.number == number)
    ).first()


def fates(session: Session, article_id: str) -> dict[str, dict[str, Any]]:
    """What became of each appearance when the article's newest text came, by appearance."""
    query = (
        select(Revision.fates)
        .join(Article, col(Article.revision_id) == col(Revision.id))
        .where(Article.id == article_id)
    )
    return {fate["appearance"]: fate for fate in session.exec(query).first() or ()}


def judged(session: Session, claim_ids: Iterable[str]) -> dict[str, Judged]:
    """Those of these claims that have verdicts, by id: four queries, however many they are."""
    found: dict[str, Judged] = {}
    # Newest first, as everywhere.
    for verdict in _of(session, Verdict, claim_ids)[::-1]:
        found.setdefault(verdict.claim_id, Judged()).verdicts.append(verdict)
    for place in _of(session, Appearance, found):
        found[place.claim_id].places.append(place)
    for piece in _of(session, Evidence, found):
        found[piece.claim_id].evidence.append(piece)
    return found


def _of(session: Session, model: type[Part], claim_ids: Iterable[str]) -> list[Part]:
    wanted = list(claim_ids)
    rows: list[Part] = []
    for first in range(0, len(wanted), 5_000):
        chosen = col(model.claim_id).in_(wanted[first : first + 5_000])
        rows += session.exec(select(model).where(chosen).order_by(col(model.id)))
    return rows

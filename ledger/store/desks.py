"""Desks, and which candidates they show."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger.models import (
    CLAIM_WORTH,
    DEFAULT_DESK,
    DEFAULT_THRESHOLD,
    Appearance,
    Article,
    Claim,
    Desk,
    Status,
)
from ledger.store import records


def default_desk() -> Desk:
    """The default desk as every ledger begins with it: no row yet, and so of version 0."""
    return Desk(id=DEFAULT_DESK, version=0, name="Desk", threshold=DEFAULT_THRESHOLD)


def get(session: Session, id: str | None) -> Desk:
    """The desk with that id, None being the default one; NotFound."""
    if id in (None, DEFAULT_DESK):
        return session.get(Desk, DEFAULT_DESK) or default_desk()
    return records.get(session, Desk, str(id))


def every(session: Session) -> list[Desk]:
    """All desks by name, the default one first."""
    rows = list(session.exec(select(Desk).order_by(Desk.name)))
    first = next((desk for desk in rows if desk.id == DEFAULT_DESK), None) or default_desk()
    return [first, *(desk for desk in rows if desk.id != DEFAULT_DESK)]


_NAMES = sa.select(col(Desk.id), col(Desk.name))


def names(session: Session) -> dict[str | None, str]:
    """The desks' names by id; None is the default one, as an article without a desk belongs to it."""
    found: dict[str | None, str] = {DEFAULT_DESK: default_desk().name}
    found |= {id: name for id, name in session.connection().execute(_NAMES)}
    return found | {None: found[DEFAULT_DESK]}


def named(session: Session, name: str) -> Desk | None:
    """The desk of that name."""
    return next((desk for desk in every(session) if desk.name.casefold() == name.casefold()), None)


def of_claim(session: Session, claim_id: str) -> list[Desk]:
    """The desks of the articles that a claim stands in; the default one if it stands in none."""
    query = (
        sa.select(col(Article.desk_id))
        .join(Appearance, col(Appearance.article_id) == col(Article.id))
        .where(col(Appearance.claim_id) == claim_id)
        .distinct()
    )
    return [get(session, id) for id in session.scalars(query)] or [get(session, None)]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which worth on each desk shows a candidate; a claim that is none is always shown."""

    default: float
    of_desks: Mapping[str, float]

    def of(self, article: Article) -> float:
        """The threshold of an article's desk."""
        return self.of_desks.get(article.desk_id or DEFAULT_DESK, self.default)

    def shown(self) -> Any:
        """A condition on claims: at least one desk with an article of theirs shows it."""
        return sa.or_(col(Claim.status) != Status.CANDIDATE, self._enough())

    def _enough(self) -> Any:
        worth = sa.func.coalesce(col(Claim.score), 1)
        others = {id: least for id, least in self.of_desks.items() if least != self.default}
        if not others:
            return worth >= self.default
        least = sa.case(others, value=col(Article.desk_id), else_=self.default)
        places = (
            sa.select(1).select_from(Appearance).join(Article, col(Article.id) == col(Appearance.article_id))
        )
        of_claim = places.where(col(Appearance.claim_id) == col(Claim.id), worth >= least)
        # The query around it may look at articles too, and these are others.
        return of_claim.correlate(Claim).exists()


def thresholds(session: Session) -> Thresholds:
    """The thresholds that hold now."""
    return thresholds_of(session.exec(select(Desk.id, Desk.threshold)))


def thresholds_of(rows: Iterable[tuple[str, float]]) -> Thresholds:
    """The same where the desks' ids and thresholds are at hand."""
    found = {id: least for id, least in rows}
    return Thresholds(found.pop(DEFAULT_DESK, DEFAULT_THRESHOLD), found)


def belongs(desk_id: str) -> Any:
    """A condition on articles: they are that desk's."""
    return col(Article.desk_id).is_(None) if desk_id == DEFAULT_DESK else col(Article.desk_id) == desk_id


def of_desk(desk_id: str) -> Any:
    """A condition on claims: they stand in an article of that desk."""
    places = sa.select(col(Appearance.claim_id)).join(Article, col(Article.id) == col(Appearance.article_id))
    return col(Claim.id).in_(places.where(belongs(desk_id)).correlate(None))


def article_counts(session: Session) -> dict[str, int]:
    """The number of articles by desk."""
    query = sa.select(col(Article.desk_id), sa.func.count()).group_by(col(Article.desk_id))
    return {desk_id or DEFAULT_DESK: count for desk_id, count in session.execute(query)}


def candidates_by_worth(session: Session, desk_id: str) -> list[tuple[int, int]]:
    """How many candidates of a desk's articles there are of each worth, in whole hundredths, rounded down."""
    # The smallest part of a hundredth that a stored score can have keeps 0.57 from becoming 56.
    hundredth = sa.cast(sa.func.floor(sa.func.coalesce(col(Claim.score), 1) * 100 + 0.001), sa.Integer)
    query = (
        sa.select(hundredth.label("worth"), sa.func.count())
        .where(col(Claim.status) == Status.CANDIDATE, of_desk(desk_id))
        .group_by(sa.text("worth"))
    )
    return [(worth, count) for worth, count in session.execute(query)]


def nearest(session: Session, desk_id: str, threshold: float, *, above: bool, limit: int = 3) -> list[Claim]:
    """The desk's candidates just above a threshold, or just below it, the nearest first."""
    query = select(Claim).where(Claim.status == Status.CANDIDATE, of_desk(desk_id))
    worth = CLAIM_WORTH
    if above:
        query = query.where(worth >= threshold).order_by(worth, col(Claim.id))
    else:
        below = worth >= 0, worth < threshold
        query = query.where(*below).order_by(worth.desc(), col(Claim.id))
    return list(session.exec(query.limit(limit)))

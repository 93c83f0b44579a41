"""Where a claim stands and which ids it answers for, for who is about to change its verdict."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Appearance, Article, Claim


def places(session: Session, claim_id: str) -> list[tuple[Article, int, int]]:
    """The articles in which a claim stands, those with an open report first: how many places it has there,
    and how many of them wait for a person. What was cut out of an article does not count."""
    waits = sa.case((col(Appearance.revision_id) != col(Article.revision_id), 1), else_=0)
    counted = (
        sa.select(
            col(Appearance.article_id).label("id"),
            sa.func.count().label("places"),
            sa.func.sum(waits).label("waiting"),
        )
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id) == claim_id, col(Appearance.cut_at).is_(None))
        .group_by(col(Appearance.article_id))
        .subquery()
    )
    query = (
        select(Article, counted.c.places, counted.c.waiting)
        .join(counted, counted.c.id == col(Article.id))
        .order_by(col(Article.report_since).is_(None), col(Article.report_since), col(Article.id))
    )
    return [(article, int(number), int(waiting)) for article, number, waiting in session.exec(query)]


def answered_for(session: Session, claim_id: str) -> list[Claim]:
    """The claims that were merged into this one, and those that were merged into them."""
    found: list[Claim] = []
    into = [claim_id]
    while into:
        query = select(Claim).where(col(Claim.merged_into).in_(into)).order_by(col(Claim.id))
        came = list(session.exec(query))
        found += came
        into = [claim.id for claim in came]
    return found


def parts(session: Session, claim_id: str) -> list[Claim]:
    """The claims that were split off from this one."""
    query = select(Claim).where(col(Claim.split_from) == claim_id).order_by(col(Claim.id))
    return list(session.exec(query))

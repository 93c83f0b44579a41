"""What a list shows beside its records, and what there is to search by: people, publishers, tags."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Account, Appearance, Article, Claim
from ledger.store.search.conditions import OPEN, beside, each_of, has_tags


def first_articles(session: Session, claim_ids: Sequence[str]) -> dict[str, Any]:
    """For each claim the article of its first appearance: id, title, publisher, due_at, tags."""
    columns = (
        Appearance.claim_id, Article.id, Article.title, Article.publisher, Article.due_at, Article.tags,
    )  # fmt: skip
    query = (
        sa.select(*columns)  # type: ignore[call-overload]
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(claim_ids))
        .order_by(col(Appearance.id))
    )
    found: dict[str, Any] = {}
    for row in session.execute(query):
        found.setdefault(row.claim_id, row)
    return found


def people_of_articles(session: Session, article_ids: Sequence[str]) -> dict[str, list[str]]:
    """For each article who has open claims in it, whoever has most of them first."""
    pairs = (
        sa.select(col(Appearance.article_id).label("article_id"), col(Claim.assignee_id).label("person"))
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .where(col(Appearance.article_id).in_(article_ids))
        .where(beside(col(Claim.assignee_id)) != "", beside(col(Claim.status)).in_(OPEN))
        .subquery()
    )
    query = (
        sa.select(pairs.c.article_id, pairs.c.person)
        .group_by(pairs.c.article_id, pairs.c.person)
        .order_by(sa.func.count().desc(), pairs.c.person)
    )
    found: dict[str, list[str]] = {id: [] for id in article_ids}
    for article_id, person in session.execute(query):
        found[article_id].append(person)
    return found


def versions(session: Session, lists: str, ids: Sequence[str]) -> dict[str, int | None]:
    """The version in which each of these records stands, in their order."""
    model: Any = Article if lists == "articles" else Claim
    query = sa.select(model.id, model.version).where(model.id.in_(ids))
    found = {id: version for id, version in session.execute(query)}
    return {id: found[id] for id in ids if id in found}


def people(session: Session) -> list[tuple[str, str]]:
    """Everybody by id and name, in the order of their names."""
    query = select(Account.id, Account.name).order_by(col(Account.name), col(Account.id))
    return [(id, name) for id, name in session.exec(query)]


def publishers(session: Session) -> list[str]:
    """All publishers, in order."""
    query = select(Article.publisher).where(col(Article.publisher).is_not(None)).distinct()
    return sorted(str(name) for name in session.exec(query))


def tags(session: Session) -> list[str]:
    """All tags in use, on claims and articles, in order."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    found: set[str] = set()
    for model in (Claim, Article):
        each = each_of(model.tags, sqlite)
        query = sa.select(each.c.value).select_from(model).join(each, sa.true()).where(has_tags(model))
        found |= set(session.execute(query.distinct()).scalars())
    return sorted(found)

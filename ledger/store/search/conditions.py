"""Conditions on claims and on articles.

They stand by themselves: each looks things up in a query of its own, so that they can be put to any query
over claims, or over articles, together or one left out.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from claims.values import dataclass
from ledger.models import Appearance, Article, Claim, Signature, Status, Verdict, VerdictState
from ledger.store.desks import thresholds
from ledger.store.words import contains

OPEN = (Status.STALE, Status.PROPOSED, Status.CHECKING, Status.UNCHECKED, Status.CANDIDATE)
"""The statuses of a claim that somebody has something to do about, the most pressing first."""
SOON = timedelta(days=7)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and the key of the search that it came from; `out` where it was turned round, `aside`
    where nobody asked for it: dismissed claims are put aside."""

    key: str
    where: Any
    out: bool = False
    aside: bool = False


def wheres(conditions: Sequence[Condition], *, but: str | None = None) -> tuple[Any, ...]:
    """The conditions, those of one key left out; what was turned round always stays."""
    return tuple(one.where for one in conditions if one.out or one.key != but)


# ----------------------------------------------------------------------------- conditions on claims
def _appearing(where: Any) -> Any:
    return sa.select(col(Appearance.claim_id)).where(where).correlate(None)


def in_articles(where: Any) -> Any:
    """A condition on claims: they stand in an article that meets `where`, a condition on articles."""
    within = sa.select(col(Article.id)).where(where).correlate(None)
    return col(Claim.id).in_(_appearing(col(Appearance.article_id).in_(within)))


def rated(codes: Sequence[str]) -> Any:
    """The verdict in force has one of these ratings, stale or not; `none`: there is none."""
    known = sa.select(col(Verdict.id)).where(col(Verdict.code).in_(codes)).correlate(None)
    found = col(Claim.verdict_id).in_(known)
    return sa.or_(col(Claim.verdict_id).is_(None), found) if NONE in codes else found


def had_by(people: Sequence[str | None]) -> Any:
    """One of these people has the claim; None: nobody has."""
    column = col(Claim.assignee_id)
    found = column.in_([person for person in people if person is not None])
    # Nobody has most claims, of which an index by person knows no order.
    return sa.or_(found, beside(column) == "") if None in people else found


def proposed_by(people: Sequence[str | None]) -> Any:
    """One of these people proposed the verdict in force, or the one that waits."""
    proposed = _given(col(Verdict.proposed_by).in_([p for p in people if p]))
    return sa.or_(col(Claim.id).in_(proposed), *_nobody(people, _given(sa.true())))


def signed_by(people: Sequence[str | None]) -> Any:
    """One of these people signed the verdict in force, or the one that waits."""
    theirs = col(Signature.account_id).in_([p for p in people if p])
    signed = _given(col(Verdict.id).in_(sa.select(col(Signature.verdict_id)).where(theirs)))
    every = _given(col(Verdict.id).in_(sa.select(col(Signature.verdict_id))))
    return sa.or_(col(Claim.id).in_(signed), *_nobody(people, every))


def worked_on_by(people: Sequence[str | None]) -> Any:
    """One of these people has the claim, or proposed or signed its verdict."""
    return sa.or_(had_by(people), proposed_by(people), signed_by(people))


def _given(where: Any) -> Any:
    counts = col(Verdict.state).in_((VerdictState.PROPOSED, VerdictState.SETTLED))
    return sa.select(col(Verdict.claim_id)).where(counts, where).correlate(None)


def _nobody(people: Sequence[str | None], given: Any) -> list[Any]:
    return [col(Claim.id).not_in(given)] if None in people else []


def claim_tagged(tags: Sequence[str], sqlite: bool) -> Any:
    """The claim, or an article in which it stands, has one of these tags; `none`: no tag at all."""
    own = col(Claim.id).in_(_tagged(Claim, tags, sqlite))
    found = sa.or_(own, in_articles(col(Article.id).in_(_tagged(Article, tags, sqlite))))
    if NONE not in tags:
        return found
    tagged = in_articles(has_tags(Article))
    return sa.or_(found, sa.and_(sa.not_(has_tags(Claim)), sa.not_(tagged)))


def article_tagged(tags: Sequence[str], sqlite: bool) -> Any:
    """The article has one of these tags; `none`: no tag at all."""
    found = col(Article.id).in_(_tagged(Article, tags, sqlite))
    return sa.or_(found, sa.not_(has_tags(Article))) if NONE in tags else found


def has_tags(model: Any) -> Any:
    # An empty list is stored as none.
    return model.tags.is_not(None)


def _tagged(model: Any, tags: Sequence[str], sqlite: bool) -> Any:
    row: Any = aliased(model)
    each = each_of(row.tags, sqlite)
    query = sa.select(row.id).select_from(row).join(each, sa.true()).where(row.tags.is_not(None))
    return query.where(each.c.value.in_(tags)).correlate(None)


def each_of(column: Any, sqlite: bool) -> Any:
    """The words of a list of them, as rows."""
    if sqlite:
        return sa.func.json_each(column).table_valued("value", name="word")
    return sa.func.jsonb_array_elements_text(column).table_valued("value", name="word")


def claim_overdue(now: datetime) -> Any:
    """An article of the claim's is due, and the claim is still open."""
    return sa.and_(beside(col(Claim.status)).in_(OPEN), in_articles(col(Article.due_at) < now))


def beside(column: Any) -> Any:
    """A column that is looked at, never looked up: what stands beside it in the query finds fewer rows."""
    return sa.func.coalesce(column, "")


def no_claim_due() -> Any:
    """No article of the claim's has a date that it is due."""
    return sa.not_(in_articles(col(Article.due_at).is_not(None)))


def among(session: Session, ids: Sequence[str]) -> Any:
    """A condition on claims: they are among these, however many."""
    if session.get_bind().dialect.name != "sqlite":
        return col(Claim.id) == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.String)))
    each: Any = sa.func.json_each(json.dumps(list(ids))).table_valued("value", name="one")
    return col(Claim.id).in_(sa.select(each.c.value).correlate(None))


def among_given(*, sqlite: bool, column: Any = None) -> Any:
    """The same for a statement that is kept: the ids come with each execution, as `ids_given` gives them.

    `column`: of another table, that names claims.
    """
    column = col(Claim.id) if column is None else column
    if not sqlite:
        return column == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.String)))
    each: Any = sa.func.json_each(sa.bindparam("ids", type_=sa.String)).table_valued("value", name="one")
    return column.in_(sa.select(each.c.value).correlate(None))


def ids_given(ids: Sequence[str], *, sqlite: bool) -> dict[str, Any]:
    """The value that `among_given` waits for."""
    return {"ids": json.dumps(list(ids)) if sqlite else list(ids)}


# --------------------------------------------------------------------------- conditions on articles


def article_words(words: str) -> Any:
    """Title, publisher, byline or address hold these words."""
    places = (Article.title, Article.publisher, Article.byline, Article.url)
    return sa.or_(*(sa.and_(sa.type_coerce(p, sa.Text).is_not(None), contains(p, words)) for p in places))


def with_claims(where: Any) -> Any:
    """A condition on articles: a claim that meets `where` stands in them."""
    meeting = sa.select(col(Claim.id)).where(where).correlate(None)
    within = sa.select(col(Appearance.article_id)).where(col(Appearance.claim_id).in_(meeting))
    return col(Article.id).in_(within.correlate(None))


def shown(session: Session) -> Any:
    """A condition on claims: a desk of theirs shows them. One transaction reads the thresholds once."""
    if "thresholds" not in session.info:
        session.info["thresholds"] = thresholds(session)
    return session.info["thresholds"].shown()


def has_open(session: Session) -> Any:
    """A condition on articles: something in them is left to do."""
    return _claim_of_article(col(Claim.status).in_(OPEN), shown(session))


def has_stale() -> Any:
    """A condition on articles: a claim in them is stale. For few articles; `with_claims` finds all."""
    return _claim_of_article(col(Claim.status) == Status.STALE)


def has_claims(session: Session) -> Any:
    """A condition on articles: a claim is in them that is shown, and not dismissed."""
    return _claim_of_article(col(Claim.status) != Status.DISMISSED, shown(session))


def _claim_of_article(*where: Any) -> Any:
    # Looked up article by article: the first claim found ends it.
    query = sa.select(1).select_from(Appearance).join(Claim, col(Claim.id) == col(Appearance.claim_id))
    return query.where(col(Appearance.article_id) == col(Article.id), *where).correlate(Article).exists()


def article_overdue(session: Session, now: datetime) -> Any:
    """The article is due, and something in it is left to do."""
    return sa.and_(col(Article.due_at) < now, has_open(session))


def any_of(column: Any, values: Sequence[str | None]) -> Any:
    """The column has one of these values; None: it is empty."""
    found = column.in_([value for value in values if value is not None])
    return sa.or_(found, column.is_(None)) if None in values else found

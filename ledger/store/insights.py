"""What the insights are counted from: status changes out of the log, and rows that state their own time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import (
    Account,
    Appearance,
    Article,
    Capacity,
    Claim,
    Event,
    Signature,
    Status,
    Verdict,
    VerdictState,
)
from ledger.store.desks import belongs, of_desk

_OPEN = (Status.UNCHECKED, Status.CHECKING, Status.PROPOSED, Status.STALE)


def status_changes(session: Session, *, after: int) -> Iterator[Any]:
    """Every status that a claim got in events behind that place in the log, in log order.

    Rows of (seq, seconds since 1970, claim id, status). The database reads the patches, so that only these
    four values travel.
    """
    # Of any type, as the two databases name these functions otherwise.
    func: Any = sa.func
    if session.get_bind().dialect.name == "sqlite":
        claims = func.json_each(Event.patch, "$.claim").table_valued("key", "value")
        status = func.json_extract(claims.c.value, "$.status")
        at = sa.cast(func.unixepoch(sa.type_coerce(Event.at, sa.Text)), sa.Integer)
    else:
        patch: Any = col(Event.patch)
        claims = func.jsonb_each(patch["claim"]).table_valued("key", sa.column("value", patch.type))
        status = claims.c.value["status"].as_string()
        at = sa.cast(func.floor(sa.extract("epoch", col(Event.at))), sa.BigInteger)
    query = (
        sa.select(col(Event.seq), at, claims.c.key, status)
        .select_from(Event)
        .join(claims, sa.true())
        .where(col(Event.seq) > after, status.is_not(None))
        .order_by(col(Event.seq))
    )
    yield from session.connection().execute(query, execution_options={"yield_per": 5000})


def leaf(session: Session, seq: int) -> str | None:
    """The hash of the event at that place, which singles it out."""
    return session.exec(select(Event.leaf_hash).where(Event.seq == seq)).first()


def claims_of_desk(session: Session, desk_id: str) -> list[str]:
    """The ids of the claims in articles that are that desk's now."""
    query = sa.select(col(Appearance.claim_id)).join(Article, col(Article.id) == col(Appearance.article_id))
    return list(session.execute(query.where(belongs(desk_id)).distinct()).scalars())


def _narrowed(query: Any, desk_id: str | None) -> Any:
    """A query that joins claims, for one desk's or for all."""
    return query if desk_id is None else query.where(of_desk(desk_id))


def _within(moment: Any, since: datetime, until: datetime) -> Any:
    return sa.and_(col(moment) >= since, col(moment) < until)


def _counting(since: datetime, until: datetime) -> Any:
    """Verdicts that count now and were settled in the period; the claim is neither stale nor withdrawn."""
    return sa.and_(
        _within(Verdict.settled_at, since, until),
        col(Claim.stale_since).is_(None),
        col(Claim.withdrawn_at).is_(None),
    )


def _of_its_claim() -> Any:
    """The verdict that counts; said in both directions, so that few verdicts lead to few claims."""
    return sa.and_(col(Verdict.id) == col(Claim.verdict_id), col(Claim.id) == col(Verdict.claim_id))


def verdicts_by_kind(session: Session, since: datetime, until: datetime, desk_id: str | None) -> list[Any]:
    """Rows of (kind, status word, number)."""
    query = (
        sa.select(col(Claim.kind), col(Verdict.status_word), sa.func.count())
        .join(Verdict, _of_its_claim())
        .where(_counting(since, until))
        .group_by(col(Claim.kind), col(Verdict.status_word))
    )
    return list(session.execute(_narrowed(query, desk_id)))


def verdicts_by_publisher(
    session: Session, since: datetime, until: datetime, desk_id: str | None
) -> list[Any]:
    """Rows of (publisher or none, status word, number); a claim counts once at each of its publishers."""
    query = (
        sa.select(col(Article.publisher), col(Verdict.status_word), sa.func.count(sa.distinct(col(Claim.id))))
        .select_from(Claim)
        .join(Verdict, _of_its_claim())
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(_counting(since, until))
        .group_by(col(Article.publisher), col(Verdict.status_word))
    )
    if desk_id is not None:
        query = query.where(belongs(desk_id))
    return list(session.execute(query))


def load(
    session: Session, since: datetime, until: datetime, desk_id: str | None
) -> dict[str, dict[str, int]]:
    """By account, how many of what: `open` and `waiting` now, the others in the period."""
    found: dict[str, dict[str, int]] = {}

    def count(name: str, who: Any, query: Any, *where: Any) -> None:
        counted = _narrowed(query.with_only_columns(col(who), sa.func.count()).where(*where), desk_id)
        for person, number in session.execute(counted.group_by(col(who))):
            found.setdefault(person, {})[name] = number

    claims = sa.select(Claim)
    given = sa.select(Verdict).join(Claim, col(Claim.id) == col(Verdict.claim_id))
    signed = (
        sa.select(Signature)
        .join(Verdict, col(Verdict.id) == col(Signature.verdict_id))
        .join(Claim, col(Claim.id) == col(Verdict.claim_id))
    )
    by, mine = Verdict.proposed_by, Claim.assignee_id
    # Not by status: who has something open has few claims beside all that are.
    count("open", mine, claims, col(mine).is_not(None), sa.func.coalesce(Claim.status, "").in_(_OPEN))
    count("waiting", by, given, col(Verdict.state) == VerdictState.PROPOSED)
    count("proposed", by, given, _within(Verdict.proposed_at, since, until))
    count("settled", by, given, _within(Verdict.settled_at, since, until))
    count("returned", by, given, _within(Verdict.sent_back_at, since, until))
    second = col(Signature.capacity) == Capacity.SECOND
    count("signed", Signature.account_id, signed, second, _within(Signature.signed_at, since, until))
    count("sent_back", Verdict.sent_back_by, given, _within(Verdict.sent_back_at, since, until))
    return found


def readings(session: Session, since: datetime, until: datetime, desk_id: str | None) -> list[Any]:
    """The verdicts, oldest first, of each claim that a second reader answered in the period.

    Rows of (claim_id, scale, code, settled_at, sent_back_at, sent_back_code, second_at, second_code,
    signed_at); `second_` is what a second reader rated blind, `signed_at` the second reader's signature. What
    only says of an older verdict that it still holds is left out.
    """
    second = sa.and_(col(Signature.verdict_id) == col(Verdict.id), col(Signature.capacity) == Capacity.SECOND)
    claim = sa.select(col(Verdict.claim_id))
    signed = claim.join(Signature, second).where(_within(Signature.signed_at, since, until))
    # One by one, each by its own index: what took place in a period is little of all.
    answered = sa.union_all(
        signed, *(claim.where(_within(at, since, until)) for at in (Verdict.sent_back_at, Verdict.second_at))
    )
    query = (
        sa.select(
            col(Verdict.claim_id),
            col(Verdict.scale),
            col(Verdict.code),
            col(Verdict.settled_at),
            col(Verdict.sent_back_at),
            col(Verdict.sent_back_code),
            col(Verdict.second_at),
            col(Verdict.second_code),
            col(Signature.signed_at),
        )
        .join(Claim, col(Claim.id) == col(Verdict.claim_id))
        .outerjoin(Signature, second)
        .where(col(Verdict.claim_id).in_(answered), col(Verdict.renews).is_(None))
        .order_by(col(Verdict.claim_id), col(Verdict.id))
    )
    return list(session.execute(_narrowed(query, desk_id)))


def people(session: Session, ids: list[str]) -> dict[str, tuple[str, bool]]:
    """Name, and whether active, by account id."""
    query = select(Account.id, Account.name, Account.active).where(col(Account.id).in_(ids))
    return {id: (name, active) for id, name, active in session.exec(query)}


def claims_by_id(session: Session, ids: list[str]) -> dict[str, Claim]:
    """These claims, by id."""
    return {claim.id: claim for claim in session.exec(select(Claim).where(col(Claim.id).in_(ids)))}


def log_began(session: Session) -> datetime | None:
    """When the first event happened."""
    return session.exec(select(Event.at).where(Event.seq == 0)).first()

"""Claims: one with all that belongs to it, those of an article, and pages of the list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from claims.values import dataclass, field, replace
from ledger import fulltext
from ledger.models import (
    CLAIM_WORTH,
    Account,
    Appearance,
    Article,
    Capacity,
    Capture,
    Claim,
    Evidence,
    Quantity,
    Signature,
    Triage,
    Verdict,
    VerdictState,
)
from ledger.store.desks import Thresholds, of_desk, thresholds
from ledger.store.records import get, page, page_before
from ledger.store.search.words import Matches, claims_with, matches
from ledger.store.words import contains


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of claims may be narrowed by; the export takes the same.

    Candidates that no desk of theirs shows are left out unless `below` asks for them.
    """

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    article_id: str | None = None
    assignee_id: str | None = None
    q: str | None = None
    updated_since: datetime | None = None
    worth_from: float | None = None
    below: bool = False
    desk_id: str | None = None
    where: tuple[Any, ...] = ()
    """Conditions on claims, as a search of the desk gives them."""


@dataclass(slots=True)
class ClaimFile:
    """A claim with all that belongs to it; `names` gives the name of every account in it."""

    claim: Claim
    appearances: list[tuple[Appearance, Article]]
    quantities: list[Quantity]
    evidence: list[tuple[Evidence, Capture | None]]
    verdicts: list[Verdict]
    signatures: dict[str, list[Signature]]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> Verdict | None:
        """The verdict in force."""
        return next((v for v in self.verdicts if v.id == self.claim.verdict_id), None)

    @property
    def proposed(self) -> Verdict | None:
        """The verdict that waits for a signature."""
        return next((v for v in self.verdicts if v.state == "proposed"), None)


def whole(session: Session, id: str) -> ClaimFile:
    """A claim with appearances, quantities, evidence, verdicts and signatures; NotFound."""
    claim = get(session, Claim, id)
    appeared = session.exec(
        select(Appearance, Article)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(Appearance.claim_id == id)
        .order_by(col(Appearance.id))
    ).all()
    pieces = session.exec(
        select(Evidence, Capture)
        .outerjoin(Capture, col(Capture.id) == col(Evidence.capture_id))
        .where(Evidence.claim_id == id)
        .order_by(col(Evidence.id))
        # The text of a capture may be a whole book; who wants words of it asks store/evidence.py for them.
        .options(defer(Capture.text))  # type: ignore[arg-type]
    ).all()
    given = verdicts(session, id)
    file = ClaimFile(
        claim=claim,
        appearances=[(appearance, article) for appearance, article in appeared],
        quantities=quantities(session, id),
        evidence=[(evidence, capture) for evidence, capture in pieces],
        verdicts=given,
        signatures=signatures(session, given),
    )
    file.names.update(names(session, _people(file)))
    return file


def _people(file: ClaimFile) -> set[str | None]:
    claim = file.claim
    people: set[str | None] = {claim.assignee_id, claim.created_by, claim.withdrawn_by}
    people |= {person for e, _ in file.evidence for person in (e.added_by, e.withdrawn_by)}
    people |= {person for v in file.verdicts for person in (v.proposed_by, v.second_by, v.sent_back_by)}
    return people | {s.account_id for signed in file.signatures.values() for s in signed}


def names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these accounts, by id."""
    wanted = {id for id in ids if id}
    if not wanted:
        return {}
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(wanted)))
    return {id: name for id, name in rows}


def signatures(session: Session, given: list[Verdict]) -> dict[str, list[Signature]]:
    """The signatures under these verdicts, by verdict id, oldest first."""
    found: dict[str, list[Signature]] = {}
    if given:
        query = select(Signature).where(col(Signature.verdict_id).in_([v.id for v in given]))
        for signature in session.exec(query.order_by(col(Signature.id))):
            found.setdefault(signature.verdict_id, []).append(signature)
    return found


def signed_alone(session: Session, verdict_ids: Iterable[str | None]) -> dict[str, str]:
    """Of these verdicts those that one person alone settled by an override, with the reason."""
    wanted = [id for id in verdict_ids if id]
    if not wanted:
        return {}
    query = select(Signature.verdict_id, Signature.note).where(
        col(Signature.verdict_id).in_(wanted), Signature.capacity == Capacity.OVERRIDE
    )
    return {id: note or "" for id, note in session.exec(query)}


def rated_blind(session: Session, claim_ids: Iterable[str]) -> dict[str, Verdict]:
    """Of these claims those with a proposal that is sealed, or on which two blind readers differ."""
    wanted = list(claim_ids)
    if not wanted:
        return {}
    query = select(Verdict).where(
        col(Verdict.claim_id).in_(wanted),
        Verdict.state == VerdictState.PROPOSED,
        col(Verdict.seal).is_not(None),
    )
    return {verdict.claim_id: verdict for verdict in session.exec(query) if verdict.sealed or verdict.parted}


def appearances(session: Session, claim_id: str) -> list[Appearance]:
    """Where a claim stands."""
    return list(
        session.exec(select(Appearance).where(Appearance.claim_id == claim_id).order_by(col(Appearance.id)))
    )


def quantities(session: Session, claim_id: str, *, gone: bool = False) -> list[Quantity]:
    """The numbers that a claim states; `gone`: those too that its words stated once."""
    query = select(Quantity).where(Quantity.claim_id == claim_id).order_by(col(Quantity.position))
    return list(session.exec(query if gone else query.where(col(Quantity.gone_at).is_(None))))


def evidence(session: Session, claim_id: str) -> list[Evidence]:
    """A claim's evidence, withdrawn pieces too, oldest first."""
    return list(
        session.exec(select(Evidence).where(Evidence.claim_id == claim_id).order_by(col(Evidence.id)))
    )


def verdicts(session: Session, claim_id: str) -> list[Verdict]:
    """A claim's verdicts in any state, newest first."""
    query = select(Verdict).where(Verdict.claim_id == claim_id).order_by(col(Verdict.id).desc())
    return list(session.exec(query))


def at_span(session: Session, revision_id: str, start: int, end: int) -> str | None:
    """The id of the claim on exactly that span, if there is one."""
    query = select(Appearance.claim_id).where(
        Appearance.revision_id == revision_id, Appearance.start == start, Appearance.end == end
    )
    return session.exec(query).first()


def in_use_at(session: Session, place: Appearance) -> str | None:
    """The id of another claim, not dismissed, on exactly the words of a place."""
    query = (
        select(Appearance.claim_id)
        .join(Claim, col(Claim.id) == col(Appearance.claim_id))
        .where(
            Appearance.revision_id == place.revision_id,
            Appearance.start == place.start,
            Appearance.end == place.end,
            Appearance.id != place.id,
            Claim.triage != Triage.DISMISSED,
        )
    )
    return session.exec(query).first()


def of_article(session: Session, article_id: str) -> list[tuple[Claim, Appearance]]:
    """An article's claims in reading order, dismissed ones too."""
    query = (
        select(Claim, Appearance)
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(Appearance.article_id == article_id)
        .order_by(col(Appearance.start), col(Appearance.end).desc(), col(Appearance.id))
    )
    return [(claim, appearance) for claim, appearance in session.exec(query)]


def lines_of_article(session: Session, article_id: str) -> list[Any]:
    """What a list of an article's claims shows of each, in reading order, dismissed ones too: plain rows.

    A tenth of the time that whole records take. A claim comes as often as it appears.
    """
    columns = (
        Claim.id, Claim.status, sa.func.substr(Claim.statement, 1, 161).label("statement"), Claim.language,
        Claim.score, Claim.assignee_id, Appearance.revision_id, Appearance.start, Appearance.end,
    )  # fmt: skip
    query = (
        sa.select(*columns)  # type: ignore[call-overload]
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(col(Appearance.article_id) == article_id)
        .order_by(col(Appearance.start), col(Appearance.end).desc(), col(Appearance.id))
    )
    return list(session.execute(query))


def elsewhere(session: Session, article_id: str) -> set[str]:
    """The ids of an article's claims that stand in other articles too."""
    here = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id) == article_id)
    query = select(Appearance.claim_id).where(
        col(Appearance.claim_id).in_(here), col(Appearance.article_id) != article_id
    )
    return set(session.exec(query))


def of_article_page(
    session: Session,
    article_id: str,
    *,
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
    below: bool = False,
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of an article's claims in reading order: rows of (Claim, Appearance, key_0, key_1).

    Candidates that no desk of theirs shows are left out unless `below` asks for them.
    """
    keys = col(Appearance.start), col(Appearance.id)
    query: Any = (
        sa.select(Claim, Appearance, keys[0].label("key_0"), keys[1].label("key_1"))
        .join(Appearance, col(Appearance.claim_id) == col(Claim.id))
        .where(col(Appearance.article_id) == article_id)
    )
    if not below:
        query = query.where(thresholds(session).shown())
    return page(session, query, *keys, after=after, limit=limit, descending=False)


def survivor(session: Session, claim: Claim) -> Claim:
    """The claim that took this one in, and what took that one in …; the claim itself if none did."""
    while claim.merged_into is not None:
        claim = get(session, Claim, claim.merged_into)
    return claim


def taken_in(session: Session, id: str) -> list[Claim]:
    """The claims that were merged into this one."""
    return list(session.exec(select(Claim).where(Claim.merged_into == id).order_by(col(Claim.id))))


def status_row(session: Session, id: str) -> Any:
    """The few columns that a status look-up answers with, or None; reads no object.

    A claim that was merged into another is answered for by that one.
    """
    row = _status_row(session, id)
    while row is not None and row.merged_into is not None:
        row = _status_row(session, row.merged_into)
    return row


def _status_row(session: Session, id: str) -> Any:
    return session.execute(STATUS, {"id": id}).first()


STATUS: Any = (
    sa.select(  # type: ignore[call-overload]
        Claim.id, Claim.version, Claim.status, Claim.updated_at, Claim.stale_since, Claim.merged_into,
        Verdict.label, Claim.stale_reasons,
    )
    .outerjoin(Verdict, col(Verdict.id) == col(Claim.verdict_id))
    .where(col(Claim.id) == sa.bindparam("id"))
)  # fmt: skip
"""What a status look-up reads of a claim, and of the one that it was merged into."""


def narrowed(session: Session, query: Any, filters: Filters) -> Any:
    """A query over claims, narrowed as a list or an export asks."""
    if filters.q and (one := fulltext.phrase(filters.q, (fulltext.STATEMENT,))):
        found = matches(session, [one])
        filters = replace(filters, q=None, where=(*filters.where, *found.wheres))
    return query.where(*conditions(thresholds(session), filters))


def conditions(those: Thresholds, filters: Filters) -> list[Any]:
    """What must hold of a claim that the filters let through."""
    wanted: list[Any] = [] if filters.below else [those.shown()]
    if filters.worth_from is not None:
        wanted.append(col(Claim.score) >= filters.worth_from)
    if filters.status:
        wanted.append(col(Claim.status).in_(filters.status))
    if filters.kind:
        wanted.append(col(Claim.kind).in_(filters.kind))
    if filters.assignee_id:
        wanted.append(col(Claim.assignee_id) == filters.assignee_id)
    if filters.updated_since:
        wanted.append(col(Claim.updated_at) >= filters.updated_since)
    if filters.article_id:
        within = sa.select(col(Appearance.claim_id)).where(col(Appearance.article_id) == filters.article_id)
        wanted.append(col(Claim.id).in_(within))
    if filters.desk_id:
        wanted.append(of_desk(filters.desk_id))
    if filters.q:
        one = fulltext.phrase(filters.q, (fulltext.STATEMENT,))
        wanted.append(fulltext.holds(one, col(Claim.id)) if one else contains(Claim.statement, filters.q))
    return [*wanted, *filters.where]


def with_words(
    session: Session, filters: Filters, found: Matches | None, *, after: str | None, limit: int
) -> list[str] | None:
    """The ids of the first claims that the filters let through, newest first, behind the claim `after`.

    One more than `limit` if there are more. `found`: what holds the words of a search. None where nothing
    looks for words, or where these are too far between.
    """
    if filters.q and (one := fulltext.phrase(filters.q, (fulltext.STATEMENT,))):
        found = matches(session, [one, *(found.phrases if found else ())])
        filters = replace(filters, q=None)
    if found is None:
        return None
    others = conditions(thresholds(session), filters)
    return claims_with(session, found, others, limit=limit + 1, beyond=after)


def listed(
    session: Session,
    filters: Filters,
    *,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
    by_worth: bool = False,
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of claims, newest first: rows of (Claim, key_0, key_1), and where the next begins.

    With `before`, the page above that key instead, and where the one above it ends. `by_worth`: the
    most check-worthy first, and those that people added last, as nobody has guessed at them.
    """
    keys: Any = (CLAIM_WORTH if by_worth else col(Claim.created_at)), col(Claim.id)
    query = narrowed(session, sa.select(Claim, keys[0].label("key_0"), keys[1].label("key_1")), filters)
    if before is not None:
        return page_before(session, query, *keys, before=before, limit=limit)
    return page(session, query, *keys, after=after, limit=limit)


def counts(session: Session, filters: Filters) -> dict[str, int]:
    """Number of claims by status."""
    query = narrowed(session, sa.select(col(Claim.status), sa.func.count()), filters)
    query = query.group_by(col(Claim.status))
    return {status: count for status, count in session.execute(query)}


def first_places(session: Session, claim_ids: list[str]) -> dict[str, tuple[Appearance, str]]:
    """For each claim its first appearance and that article's title, in one query."""
    query = (
        select(Appearance, Article.title)
        .join(Article, col(Article.id) == col(Appearance.article_id))
        .where(col(Appearance.claim_id).in_(claim_ids))
        .order_by(col(Appearance.id))
    )
    found: dict[str, tuple[Appearance, str]] = {}
    for appearance, title in session.exec(query):
        found.setdefault(appearance.claim_id, (appearance, title))
    return found

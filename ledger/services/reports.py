"""The public report of an article: opening and closing it, and what readers are told in it.

Readers see what is settled and still fits. What is open is told as open, without any guess; what
changed since the first opening is told as a correction, and closing a report washes none away.
"""

import enum
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol

from sqlmodel import Session

from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import NotFound
from ledger.export.claimreview import House, claim_review
from ledger.ids import is_id
from ledger.models import (
    Appearance,
    Article,
    Capacity,
    Capture,
    Claim,
    Desk,
    Evidence,
    Revision,
    Signature,
    Triage,
    Verdict,
)
from ledger.services import events
from ledger.services.changes import expect
from ledger.services.corrections import Correction, of_history
from ledger.store import articles as articles_store
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.store import reports as store


class Standable(Protocol):
    """What decides how a claim stands; a record or a row of one."""

    @property
    def triage(self) -> str: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def verdict_id(self) -> str | None: ...
    @property
    def stale_since(self) -> datetime | None: ...


class Standing(enum.StrEnum):
    """How a claim stands for readers."""

    SETTLED = "settled"
    OPEN = "open"
    AGAIN = "again"
    WITHDRAWN = "withdrawn"


def publish(session: Session, article_id: str, *, by: Identity, version: int | None) -> Article:
    """Open an article's report to anybody; one that is open stays as it is."""
    by.require(Permission.PUBLISH)
    article = records.get(session, Article, article_id)
    expect(article, version)
    if article.report_since is None:
        article.report_since = clock.now()
        events.append(session, article, store.OPENED, by=by)
    return article


def unpublish(session: Session, article_id: str, *, by: Identity, version: int | None) -> Article:
    """Close an article's report; nothing in the ledger changes by it."""
    by.require(Permission.PUBLISH)
    article = records.get(session, Article, article_id)
    expect(article, version)
    if article.report_since is not None:
        article.report_since = None
        events.append(session, article, store.CLOSED, by=by)
    return article


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim as readers see it; verdict, evidence and signatures only where it is settled and fits, and
    only where it is looked at again, why."""

    number: int
    claim: Claim
    places: tuple[Appearance, ...]
    standing: Standing
    verdict: Verdict | None = None
    evidence: tuple[tuple[Evidence, Capture | None], ...] = ()
    signatures: tuple[Signature, ...] = ()
    also_in: tuple[Article, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """An article's report; `since` is none where this is only a preview."""

    article: Article
    revision: Revision
    desk: Desk
    since: datetime | None
    findings: list[Finding]
    corrections: list[Correction] = field(default_factory=list)

    @property
    def changed_at(self) -> datetime:
        """When anything in it last changed."""
        moments = [
            self.article.updated_at,
            self.revision.created_at,
            self.desk.updated_at,
            *(finding.claim.updated_at for finding in self.findings),
            *(correction.at for correction in self.corrections),
            *(capture.fetched_at for finding in self.findings for _, capture in finding.evidence if capture),
        ]
        return max(moment for moment in moments if moment is not None)

    def count(self, standing: Standing) -> int:
        """Number of its claims that stand so."""
        return sum(finding.standing is standing for finding in self.findings)


def public(session: Session, article_id: str) -> Report:
    """The report of an article, for anybody. NotFound where it is not open, and where it never was."""
    return _report(session, opened(session, article_id))


def opened(session: Session, article_id: str) -> Article:
    """An article whose report is open; NotFound where it is not, and where there never was one."""
    article = session.get(Article, article_id) if is_id(article_id) else None
    if article is None or article.report_since is None:
        raise NotFound("There is no public report here.")
    return article


def preview(session: Session, article_id: str) -> Report:
    """The report as it is, or would be if it were opened now."""
    return _report(session, records.get(session, Article, article_id))


def _report(session: Session, article: Article) -> Report:
    first = store.first_opened(session, article.id)
    rows = store.rows(session, article.id)
    placed: dict[str, list[Appearance]] = {}
    claims: dict[str, Claim] = {}
    left = _left(session, article)
    for claim, appearance in claims_store.of_article(session, article.id):
        claims[claim.id] = claim
        gone_at = left.get(appearance.revision_id)
        if gone_at is None or (first is not None and first < gone_at):
            placed.setdefault(claim.id, []).append(appearance)
    unseen = partly_unseen(session, [claim.id for claim in claims.values() if claim.stale_since])
    findings: list[Finding] = []
    for claim in claims.values():
        standing = standing_of(claim, since=first)
        if standing is not None and claim.id in placed:
            findings.append(_finding(len(findings) + 1, claim, placed[claim.id], standing, rows, unseen))
    return Report(
        article=article,
        revision=articles_store.current_revision(session, article),
        desk=desks_store.get(session, article.desk_id),
        since=article.report_since,
        findings=findings,
        corrections=_corrections(session, article, claims, rows, first) if first else [],
    )


def _left(session: Session, article: Article) -> dict[str, datetime]:
    """When each earlier text of an article gave way to the next, by revision: what no reader ever saw of it
    stays between colleagues."""
    texts = sorted(articles_store.revisions(session, article.id), key=lambda text: text.number)
    return {text.id: after.created_at for text, after in pairwise(texts)}


def claim_reviews(report: Report, house: House) -> list[dict[str, Any]]:
    """The ClaimReview of every settled claim, in reading order."""
    return [
        claim_review(
            finding.claim,
            finding.verdict,
            [report.article, *finding.also_in],
            url=house.report(report.article.id, finding.claim.id),
            by=house.publisher(report.desk.name),
            override=next((s.note for s in finding.signatures if s.capacity == Capacity.OVERRIDE), None),
        )
        for finding in report.findings
        if finding.verdict is not None
    ]


def standing_of(claim: Standable, *, since: datetime | None) -> Standing | None:
    """How a claim stands for readers; none where they are told nothing of it: guesses, what was put
    aside, and what was withdrawn before anybody could read of it."""
    if claim.triage != Triage.ACCEPTED:
        return None
    if claim.withdrawn_at is not None:
        return Standing.WITHDRAWN if since is not None and claim.withdrawn_at >= since else None
    if claim.verdict_id is None:
        return Standing.OPEN
    return Standing.SETTLED if claim.stale_since is None else Standing.AGAIN


_WORDS = ("The words ", "A person placed ", "The article ", "The claim ")


def to_readers(reasons: Sequence[str] | None, *, words: bool) -> tuple[str, ...]:
    """Why a verdict is looked at again, as far as readers may know it.

    The statement is public. The words of an article that is not, evidence that nobody signed yet, and what
    colleagues write to each other are not: of these, only what sort of thing changed. `words` says that all
    the articles are public in which the claim stands.
    """
    told = (
        one
        if one.startswith("The statement ") or (words and one.startswith(_WORDS))
        else one.partition(":")[0]
        for one in reasons or ()
    )
    return tuple(dict.fromkeys(told))


def partly_unseen(session: Session, claim_ids: Sequence[str]) -> set[str]:
    """Those of these claims that stand in an article, too, of which there is no open report."""
    return store.partly_unseen(session, claim_ids) if claim_ids else set()


def _finding(
    number: int,
    claim: Claim,
    places: list[Appearance],
    standing: Standing,
    rows: store.Rows,
    unseen: set[str],
) -> Finding:
    if standing is not Standing.SETTLED:
        again = standing is Standing.AGAIN
        why = to_readers(claim.stale_reasons, words=claim.id not in unseen) if again else ()
        return Finding(number, claim, tuple(places), standing, why=why)
    verdict = next(v for v in rows.verdicts[claim.id] if v.id == claim.verdict_id)
    return Finding(
        number,
        claim,
        tuple(places),
        standing,
        verdict=verdict,
        evidence=tuple(rows.evidence.get(claim.id, [])),
        signatures=tuple(rows.signatures.get(verdict.id, [])),
        also_in=tuple({one.id: one for one in rows.publicly.get(claim.id, [])}.values()),
    )


def _corrections(
    session: Session, article: Article, claims: dict[str, Claim], rows: store.Rows, since: datetime
) -> list[Correction]:
    """All corrections since then, newest first; the history is read only of claims that may have one."""
    withdrawn = store.once_withdrawn(session, article.id, since)
    suspects = [
        id
        for id, claim in claims.items()
        if id in withdrawn
        or len(rows.verdicts.get(id, [])) > 1
        or (id in rows.verdicts and claim.triage != Triage.ACCEPTED)
    ]
    found = [
        correction
        for id, history in store.histories(session, suspects).items()
        for _, correction in of_history(id, history, since)
    ]
    return sorted(found, key=lambda correction: correction.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Told:
    """What anybody is told of one claim, and in which article's report."""

    claim: Claim
    article: Article
    desk: Desk
    standing: Standing
    verdict: Verdict | None
    why: tuple[str, ...] = ()


def of_claim(session: Session, claim_id: str) -> Told | None:
    """What anybody may know of a claim; none where no public report tells of it.

    A claim that was merged answers with the one that took it in: what was embedded of it goes on telling.
    """
    claim = session.get(Claim, claim_id) if is_id(claim_id) else None
    claim = claims_store.survivor(session, claim) if claim else None
    articles = store.public_articles(session, claim.id) if claim else []
    if claim is None or not articles:
        return None
    openings = [store.first_opened(session, article.id) for article in articles]
    standing = standing_of(claim, since=min((at for at in openings if at), default=None))
    if standing is None:
        return None
    desk = desks_store.get(session, articles[0].desk_id)
    why: tuple[str, ...] = ()
    if standing is Standing.AGAIN:
        why = to_readers(claim.stale_reasons, words=not partly_unseen(session, [claim.id]))
    return Told(claim, articles[0], desk, standing, _in_force(session, claim, standing), why)


def _in_force(session: Session, claim: Claim, standing: Standing) -> Verdict | None:
    settled = standing is Standing.SETTLED
    return session.get(Verdict, claim.verdict_id) if settled and claim.verdict_id else None

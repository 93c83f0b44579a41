"""Looking for an article's claims again, with another detector or the same, and nothing lost by it.

What a person or a program has touched stays as it is: an entry that was accepted, dismissed,
reworded, taken … is neither changed nor proposed a second time. Only candidates that nobody touched
follow the detector: those found again get its new guess, and those that it no longer finds are
dismissed in its name, with the reason, for anybody to reopen.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.detectors import Detector
from claims.errors import ClaimsError
from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.errors import Unavailable
from ledger.models import Appearance, Article, Claim, Job, JobState, Revision, Triage
from ledger.models.rows import changed_columns
from ledger.services import digests, events, finding
from ledger.services.statuses import derive
from ledger.store import articles as store
from ledger.store import claims as claims_store
from ledger.store import events as events_store
from ledger.store import jobs, records

_SAME_WORDS = 0.7
"""How much of two spans must be common for the one to be the other, cut a little differently."""
_WAITING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(slots=True)
class Outcome:
    """What came of it: numbers of candidates; `kept` are entries that people's work stands on."""

    detector: str
    added: int = 0
    changed: int = 0
    gone: int = 0
    kept: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a job keeps it."""
        return asdict(self)


def ask(session: Session, article_id: str, *, by: Identity, detector: str | None = None) -> Job:
    """Promise that an article's claims are looked for; the job that waits already, if one does."""
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, article_id)
    waiting = newest(session, article.id)
    if waiting is not None and waiting.state in _WAITING and waiting.arguments.get("detector") == detector:
        return waiting
    return jobs.add(session, finding.DETECT_JOB, about=article.id, article_id=article.id, detector=detector)


def newest(session: Session, article_id: str) -> Job | None:
    """The looking for an article's claims that was asked for last."""
    return jobs.newest_about(session, finding.DETECT_JOB, article_id)


def redetect(database: Database, detector: Detector, article_id: str, *, floor: float) -> Outcome:
    """Look for the claims of an article's newest text, and bring its candidates in step.

    Twice is the same as once. Raises Unavailable where the detector fails.
    """
    while True:
        with database.read() as session:
            article = records.get(session, Article, article_id)
            revision = store.current_revision(session, article)
        try:
            found = finding.found_in(finding.document_of(article, revision), detector, floor=floor)
        except ClaimsError as error:
            raise Unavailable(str(error)) from error
        with database.write() as session:
            article = records.get(session, Article, article_id)
            if article.revision_id == revision.id:
                return bring_in(session, article, revision, found, by=finding.name_of(detector))
        # A new text came in meanwhile: what was found is about the old one.


def bring_in(
    session: Session, article: Article, revision: Revision, found: list[finder.Claim], *, by: str
) -> Outcome:
    """Bring an article's candidates in step with what the detector `by` found in its newest text."""
    return _Merge(session, article, revision, by).of(found)


@dataclass
class _Merge:
    """One detector's findings, brought into the entries of one revision."""

    session: Session
    article: Article
    revision: Revision
    by: str
    changes: list[events.Change] = field(default_factory=list)

    def of(self, found: list[finder.Claim]) -> Outcome:
        outcome = Outcome(self.by)
        open_, decided = self._entries()
        for claim in found:
            here = open_.pop((claim.span.start, claim.span.end), None)
            if here is not None:
                outcome.changed += self._found_again(here, claim)
            elif any(_same_words(claim.span, span) for span in decided):
                outcome.kept += 1
            else:
                new = finding.candidate(self.article, self.revision, claim, by=self.by)
                self.changes.append(events.Change(new[0], "claim.found", new))
                outcome.added += 1
        for lost in open_.values():
            outcome.gone += self._not_found(lost)
        if self.changes:
            events.append_all(self.session, self.changes, by=f"detector:{self.by}")
        return outcome

    def _entries(self) -> tuple[dict[tuple[int, int], Claim], list[finder.Span]]:
        """The candidates that nobody has touched, by span; and the spans of all other entries."""
        every = claims_store.of_article(self.session, self.article.id)
        rows = [(claim, place) for claim, place in every if place.revision_id == self.revision.id]
        touched = events_store.touched(self.session, [f"claim:{claim.id}" for claim, _ in rows])
        touched |= {f"claim:{id}" for id in claims_store.elsewhere(self.session, self.article.id)}
        open_: dict[tuple[int, int], Claim] = {}
        decided = []
        for claim, place in rows:
            if _is_guess(claim) and f"claim:{claim.id}" not in touched:
                open_[place.start, place.end] = claim
            else:
                decided.append(_span(place))
        return open_, decided + self._perhaps(every)

    def _perhaps(self, every: list[tuple[Claim, Appearance]]) -> list[finder.Span]:
        """Where claims may stand that wait for a person to say so: no second entry comes of those words."""
        waiting = {
            place.id for claim, place in every if digests.waits(place) and claim.triage == Triage.ACCEPTED
        }
        fates = self.revision.fates or ()
        return [
            finder.Span(*place)
            for fate in fates
            if fate["appearance"] in waiting
            for place in ([fate["to"]] if fate["to"] else fate["places"])
        ]

    def _found_again(self, claim: Claim, found: finder.Claim) -> bool:
        for name, value in finding.guessed(found, by=self.by).items():
            setattr(claim, name, value)
        claim.triage, claim.dismissed_reason = Triage.CANDIDATE, None
        return self._changed(claim, "claim.found_again")

    def _not_found(self, claim: Claim) -> bool:
        if claim.triage == Triage.CANDIDATE:
            claim.triage, claim.dismissed_reason = Triage.DISMISSED, f"no longer found by {self.by}"
        return self._changed(claim, "claim.no_longer_found")

    def _changed(self, claim: Claim, kind: str) -> bool:
        if not changed_columns(claim):
            return False
        claim.status = derive(claim, settled=None, proposed=False)
        self.changes.append(events.Change(claim, kind))
        return True


def _is_guess(claim: Claim) -> bool:
    return claim.origin == "detector" and claim.triage != Triage.ACCEPTED


def _span(place: Appearance) -> finder.Span:
    return finder.Span(place.start, place.end)


def _same_words(one: finder.Span, other: finder.Span) -> bool:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common >= _SAME_WORDS * (max(one.end, other.end) - min(one.start, other.start))

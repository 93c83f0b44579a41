"""What the verdict's part of a page needs: what waits, what changed under it, what was sent back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.models import Event, Verdict
from ledger.scales import Rating, Scale, all_scales, scale_of
from ledger.services import renewals, seals, verdicts
from ledger.services.differences import Difference
from ledger.services.policies import Policy
from ledger.store import events as store
from ledger.store.claims import ClaimFile
from ledger.ui.differences import Piece, by_words
from ledger.ui.words import STANCES
from ledger.web.context import identity

_TOLD = {
    "statement": ("pen-line", "The statement was edited"),
    "span": ("file-text", "The words in the article changed"),
    "evidence_added": ("plus", "Evidence was added"),
    "evidence_taken_back": ("undo-2", "Evidence was taken back"),
    "evidence_changed": ("pen-line", "Evidence was corrected"),
    "scale_retired": ("scale", "The scale was retired"),
    "source_changed": ("link", "A source changed"),
    "source_dead": ("ban", "A source is dead"),
}
_FATES = {
    "changed": "The words in the article changed",
    "ambiguous": "The words stand in several places now",
    "orphaned": "The article no longer has the words",
    "cut": "The words were cut from the article",
    "placed": "The words were placed anew",
    "added": "The claim stands in another place too",
    "removed": "The claim lost a place",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words, with its sign."""

    icon: str
    words: str
    subject: str | None
    pieces: list[Piece]
    by: str | None
    at: Any
    note: str | None


@dataclass(frozen=True, slots=True)
class SentBack:
    """The proposal that was sent back last, and what the second reader would say."""

    verdict: Verdict
    rating: Rating | None

    @property
    def label(self) -> str | None:
        """The second reader's rating in words."""
        return None if self.rating is None else self.rating.label or self.rating.status.capitalize()


def context(
    session: Session, file: ClaimFile, events: Sequence[Event], scale: Scale, policy: Policy
) -> dict[str, Any]:
    """The part's own names; `own_words` is what the asker said in a verdict that is still sealed,
    `renewable` whether they may say that a stale one still holds."""
    waiting = file.proposed
    stale = file.settled if file.claim.stale_since else None
    own_words = seals.own(session, waiting, identity()) if waiting else None
    return {
        "since": [_told(one) for one in verdicts.differences(session, waiting)] if waiting else [],
        "since_signed": [_told(one) for one in verdicts.differences(session, stale)] if stale else [],
        "outdated": waiting is not None and verdicts.outdated(session, file.claim, waiting),
        "sent_back": _sent_back(file),
        "start": _start(file, scale, own_words),
        "own_words": own_words,
        "renewable": renewals.offered(session, file.claim, by=identity(), policy=policy),
        "second_rating": _second(waiting) if waiting and waiting.second_code else None,
        "their_scale": all_scales().get(waiting.scale) if waiting else None,
        "way_back": _way_back(session, waiting, events),
    }


def _told(one: Difference) -> Told:
    icon, words = _TOLD[one.what]
    words = _FATES.get(one.fate or "", words)
    was, now = one.was, one.now
    if one.what == "evidence_changed" and str(one.subject).endswith(": stance"):
        was, now = (STANCES[code].label if code in STANCES else code for code in (was or "", now or ""))
    pieces = by_words(was or "", now or "")
    return Told(icon, words, one.subject, pieces, one.by, one.at, one.note)


def _sent_back(file: ClaimFile) -> SentBack | None:
    """What was sent back last, unless something was proposed or settled since."""
    newest = next((v for v in file.verdicts if v.state != "superseded" or v.settled_at), None)
    if newest is None or newest.state != "sent_back":
        return None
    scale = all_scales().get(newest.scale)
    return SentBack(newest, scale.rating(newest.sent_back_code or "") if scale else None)


def _second(verdict: Verdict) -> Rating | None:
    """What the second reader said, as a rating of the verdict's scale."""
    scale = scale_of(verdict.scale, verdict.scale_version)
    return scale.rating(verdict.second_code or "") if scale else None


def _start(file: ClaimFile, scale: Scale, own: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the form begins with: the words of the newest verdict, so that nothing is typed twice."""
    if own is not None:
        return own
    last = next((verdict for verdict in file.verdicts if not verdict.sealed), None)
    if last is None:
        return {"code": "", "rationale": "", "label": ""}
    same = last.scale == scale.id
    return {
        "code": last.code if same else "",
        "rationale": last.rationale,
        "label": last.label if same and scale.own_words else "",
    }


def _way_back(session: Session, waiting: Verdict | None, events: Sequence[Event]) -> tuple[int, int] | None:
    """The first and last event of the deed that made this proposal, to be taken back."""
    for event in reversed(events):
        if (
            waiting
            and event.kind == "verdict.proposed"
            and waiting.id in (event.patch or {}).get("verdict", {})
        ):
            return store.deed_around(session, event)
    return None

"""New texts of an article, and what becomes of its claims, in one transaction.

`claims.reanchor` tells what became of each place. A place whose very words stand in the new text, singled
out by what surrounds them, is carried over. Every other one stays in the text that it was in, says so by its
fate, and waits for a person: `spans.move` has it stand on other words, `cut` confirms that they are gone. A
settled verdict is stale from that moment on, in the same transaction; if the old words come back, it holds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.anchoring import Change, Fate, Outcome, Sort
from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import SYSTEM, Identity, Permission
from ledger.errors import Conflict
from ledger.ids import new_id
from ledger.models import Appearance, Article, Claim, Record, Revision, Triage, Verdict, VerdictState
from ledger.models.rows import changed_columns
from ledger.services import claims, detection, differences, digests, events, finding
from ledger.services.articles import Draft
from ledger.services.changes import expect, text_value
from ledger.store import articles as articles_store
from ledger.store import desks as desks_store
from ledger.store import jobs, records
from ledger.store import revisions as store

MOST_PLACES = 20
"""Places that are kept of a fate, for a person to choose from."""
TURNING = frozenset({Sort.NEGATION, Sort.MODALITY, Sort.QUANTIFIER, Sort.COMPARISON})
"""What, changed beside words in their sentence, may have them say something else: "did pay → did not pay"."""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one appearance when a text came; offsets count code points.

    `start` and `end` count in the text `revision_id`, which it stood in before; `place`, `places` and the
    places of changes in the new one. `carried`: the appearance was carried over by the ledger.
    """

    appearance_id: str
    claim_id: str
    revision_id: str
    start: int
    end: int
    outcome: str
    carried: bool
    reason: str
    place: tuple[int, int] | None = None
    places: Sequence[tuple[int, int]] = ()
    changes: Sequence[dict[str, Any]] = ()
    beside: Sequence[dict[str, Any]] = ()

    def as_json(self) -> dict[str, Any]:
        """As a revision keeps it."""
        return {
            "appearance": self.appearance_id,
            "claim": self.claim_id,
            "revision": self.revision_id,
            "from": [self.start, self.end],
            "to": list(self.place) if self.place else None,
            "outcome": self.outcome,
            "carried": self.carried,
            "reason": self.reason,
            "places": [list(place) for place in self.places],
            "changes": list(self.changes),
            "beside": list(self.beside),
        }


def of_json(kept: dict[str, Any]) -> Became:
    """What `Became.as_json` gave."""
    start, end = kept["from"]
    return Became(
        appearance_id=kept["appearance"],
        claim_id=kept["claim"],
        revision_id=kept["revision"],
        start=start,
        end=end,
        outcome=kept["outcome"],
        carried=kept["carried"],
        reason=kept["reason"],
        place=tuple(kept["to"]) if kept["to"] else None,
        places=[(first, last) for first, last in kept["places"]],
        changes=kept["changes"],
        beside=kept["beside"],
    )


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a new text; the current one again is no new text (`created` is false).

    `later` says that a job is to look for claims that the text makes anew.
    """

    article: Article
    revision: Revision
    created: bool
    fates: list[Became] = field(default_factory=list)
    later: bool = False


def became(revision: Revision) -> list[Became]:
    """What became of each appearance when that text came; nothing for a first one."""
    return [of_json(kept) for kept in revision.fates or ()]


def preview(session: Session, article_id: str, draft: Draft) -> list[Became]:
    """What `add` would make of each appearance. Nothing is stored."""
    article = records.get(session, Article, article_id)
    if draft.sha256 == articles_store.current_revision(session, article).sha256:
        return []
    return [held.became for held in _held(session, article, draft.document.text)]


def add(
    session: Session,
    article_id: str,
    draft: Draft,
    *,
    by: Identity,
    version: int | None = None,
    note: str | None = None,
    source: str | None = None,
) -> Added:
    """Give an article a new text: claims are carried over or wait, and verdicts turn stale, all at once.

    `version` is that of the article as the caller saw it; None takes whichever stands. Looking for places
    takes long in a long text: ask for a `preview` first, outside the transaction, and it is done already.
    """
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, article_id)
    if version is not None:
        expect(article, version)
    before = articles_store.current_revision(session, article)
    if draft.sha256 == before.sha256:
        return Added(article, before, created=False)
    held = _held(session, article, draft.document.text)
    fates = [one.became for one in held]
    revision = _revision(article, before, draft, fates, by=by)
    revision.note = text_value(note, field="note", longest=1000)
    revision.source = source or draft.source
    article.revision_id = revision.id
    article.media_type = (draft.document.media_type or "text/plain")[:100]
    article.direction = draft.document.direction
    events.append(session, article, "article.revised", by=by, new=[revision])
    changes = list(_changes(session, revision, held))
    if changes:
        events.append_all(session, changes, by=SYSTEM)
    if draft.detector is None:
        jobs.add(session, finding.DETECT_JOB, about=article.id, article_id=article.id)
    else:
        detection.bring_in(session, article, revision, draft.found, by=draft.detector)
    return Added(article, revision, created=True, fates=fates, later=draft.detector is None)


def cut(session: Session, appearance_id: str, *, by: Identity, version: int | None) -> Claim:
    """Confirm that the article says an appearance's words no more. `stands_again` takes it back.

    A settled verdict stays stale until somebody signs that it holds without them.
    """
    place, claim = _waiting(session, appearance_id, by=by, version=version)
    place.cut_at, place.cut_by = clock.now(), by.account
    return _log(session, claim, "claim.words_cut", place, by=by)


def stands_again(session: Session, appearance_id: str, *, by: Identity, version: int | None) -> Claim:
    """Undo `cut`: the appearance waits again."""
    by.require(Permission.CLAIMS)
    place = records.get(session, Appearance, appearance_id)
    expect(place, version)
    if place.cut_at is None:
        raise Conflict("These words were not marked as cut.")
    place.cut_at = place.cut_by = None
    return _log(session, records.get(session, Claim, place.claim_id), "claim.words_cut_undone", place, by=by)


def _waiting(
    session: Session, appearance_id: str, *, by: Identity, version: int | None
) -> tuple[Appearance, Claim]:
    by.require(Permission.CLAIMS)
    place = records.get(session, Appearance, appearance_id)
    expect(place, version)
    if not digests.waits(place):
        raise Conflict("These words stand in the article, or were marked as cut already.")
    return place, records.get(session, Claim, place.claim_id)


def _log(session: Session, claim: Claim, kind: str, place: Appearance, *, by: Identity) -> Claim:
    claims.settle(session, claim)
    events.append(session, claim, kind, by=by, also=[place])
    return claim


# ------------------------------------------------------------------------------------- re-anchoring


@dataclass(slots=True)
class _Held:
    """A place with its claim, and what becomes of it."""

    claim: Claim
    place: Appearance
    became: Became


def _held(session: Session, article: Article, text: str) -> list[_Held]:
    """What becomes of each place of an article's claims in a new text, those that wait from before too."""
    rows = store.places(session, article.id)
    by_text: dict[str, list[tuple[Claim, Appearance]]] = {}
    for claim, place in rows:
        by_text.setdefault(place.revision_id, []).append((claim, place))
    texts = store.texts(session, by_text)
    harmless = bool(desks_store.get(session, article.desk_id).carry_harmless)
    found: list[_Held] = []
    for revision_id, here in by_text.items():
        spans = tuple((place.start, place.end) for _, place in here)
        fates = _fates(texts[revision_id], text, spans, article.language)
        for (claim, place), fate in zip(here, fates, strict=True):
            found.append(_Held(claim, place, _became(place, fate, harmless=harmless)))
    _once(found)
    return found


@lru_cache(maxsize=4)
def _fates(old: str, new: str, spans: tuple[tuple[int, int], ...], language: str | None) -> Sequence[Fate]:
    return tuple(finder.reanchor(old, new, [finder.Span(*span) for span in spans], language=language))


def _became(place: Appearance, fate: Fate, *, harmless: bool) -> Became:
    return Became(
        appearance_id=place.id,
        claim_id=place.claim_id,
        revision_id=place.revision_id,
        start=place.start,
        end=place.end,
        **told(fate, harmless=harmless),
    )


def told(fate: Fate, *, harmless: bool) -> dict[str, Any]:
    """What a `Became` says of a fate: a word beside the place that turns its sense counts as a change."""
    turned = [change for change in fate.beside if change.sort in TURNING]
    outcome, reason = str(fate.outcome), fate.reason
    if turned:
        shown = ", ".join(f"“{change.before}” → “{change.after}”" for change in turned[:3])
        outcome, reason = (
            str(Outcome.CHANGED),
            f"The words are the same, but not those beside them: {shown}.",
        )
    return {
        "outcome": outcome,
        "carried": fate.carries(harmless=harmless) and not turned,
        "reason": reason,
        "place": _pair(fate.place),
        "places": [(span.start, span.end) for span in fate.places[:MOST_PLACES]],
        "changes": [_change(change) for change in fate.changes],
        "beside": [_change(change) for change in fate.beside],
    }


def _once(found: Sequence[_Held]) -> None:
    """Words have one claim, once: a second place that would be carried over onto them has to be looked at.

    First come claims of people before guesses, and those that stand before those that wait.
    """
    taken: dict[tuple[int, int], list[_Held]] = {}
    for one in sorted(found, key=lambda one: (one.claim.triage != Triage.ACCEPTED, digests.waits(one.place))):
        if not one.became.carried or one.became.place is None:
            continue
        there = taken.setdefault(one.became.place, [])
        whose = next((f"Another {what}" for other in there if (what := _collides(one, other))), None)
        if whose is None:
            there.append(one)
            continue
        kept = one.became.as_json() | {
            "carried": False, "outcome": str(Outcome.AMBIGUOUS),
            "reason": f"{whose} was carried over onto these words.",
        }  # fmt: skip
        one.became = of_json(kept)


def _collides(one: _Held, other: _Held) -> str:
    """What `other` is that stands on the same words as `one` would; nothing where both may stand there."""
    if one.claim.id == other.claim.id:
        return "place of this claim"
    if Triage.DISMISSED in (one.claim.triage, other.claim.triage):
        return ""
    came_together = (one.became.revision_id, one.became.start, one.became.end) == (
        other.became.revision_id, other.became.start, other.became.end,
    )  # fmt: skip
    return "" if came_together else "claim"


def _pair(span: finder.Span | None) -> tuple[int, int] | None:
    return (span.start, span.end) if span else None


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"sort": str(change.sort), "before": change.before, "after": change.after}
    for name, span in (("span", change.span), ("place", change.place)):
        if span is not None:
            told[name] = [span.start, span.end]
    return told


# ------------------------------------------------------------------------------------- what is written


def _revision(
    article: Article, before: Revision, draft: Draft, fates: Iterable[Became], *, by: Identity
) -> Revision:
    document = draft.document
    return Revision(
        id=new_id(),
        article_id=article.id,
        number=before.number + 1,
        text=document.text,
        length=len(document.text),
        sha256=draft.sha256,
        blocks=finding.blocks_of(document),
        fates=[fate.as_json() for fate in fates],
        created_at=clock.now(),
        created_by=by.account_id,
    )


def _changes(session: Session, revision: Revision, held: Sequence[_Held]) -> Iterator[events.Change]:
    """One change a claim: its places, its verdict where that did not yet say what was signed, itself."""
    of_claim: dict[str, list[_Held]] = {}
    for one in held:
        of_claim.setdefault(one.claim.id, []).append(one)
    with_verdicts = store.judged(session, of_claim)
    for claim_id, here in of_claim.items():
        claim = here[0].claim
        whole = with_verdicts.get(claim_id)
        also: list[Record] = _signed_places(whole) if whole else []
        for one in here:
            _write(one, revision)
            if changed_columns(one.place):
                also.append(one.place)
        if not also:
            continue
        kept = all(one.became.carried for one in here)
        if not kept and claim.triage == Triage.CANDIDATE and not whole:
            claim.triage = Triage.DISMISSED
            claim.dismissed_reason = f"Revision {revision.number} of the article has other words."
        if whole:
            why = _why(session, claim, whole, here)
            claims.bring_in_line(claim, whole.verdicts, whole.places, whole.evidence, why=why)
        else:
            claims.bring_in_line(claim, [], [], [], why=list)
        yield events.Change(claim, "claim.carried" if kept else "claim.words_changed", also=also)


def _why(
    session: Session, claim: Claim, whole: store.Judged, here: Sequence[_Held]
) -> Callable[[], list[str]]:
    """What tells why the claim is stale, if it is: where it was not yet, only its places can differ."""
    fresh, fates = claim.stale_since is None, {one.place.id: one.became.as_json() for one in here}

    def told() -> list[str]:
        settled = next(one for one in whole.verdicts if one.state == VerdictState.SETTLED)
        if fresh:
            differ = differences.of_places(session, claim, settled.spans or [], whole.places, fates=fates)
        else:
            differ = differences.found(session, claim, settled, whole.places, whole.evidence, fates=fates)
        return differences.reasons(differ)

    return told


def _signed_places(whole: store.Judged) -> list[Record]:
    """Verdicts from before there were revisions, which now keep the places that were signed."""
    lacking: list[Verdict] = [
        verdict
        for verdict in whole.verdicts
        if verdict.spans is None and verdict.state in (VerdictState.PROPOSED, VerdictState.SETTLED)
    ]
    for verdict in lacking:
        verdict.spans = [digests.span(place) for place in whole.places]
    return [*lacking]


def _write(one: _Held, revision: Revision) -> None:
    place, outcome = one.place, one.became
    if not outcome.carried or outcome.place is None:
        place.fate = outcome.outcome
        return
    for name, value in finding.place(revision, finder.Span(*outcome.place)).items():
        setattr(place, name, value)
    # What changed harmlessly was found where it stood; what was looked for stands there still.
    place.fate = outcome.outcome if outcome.outcome in digests.CARRIED else str(Outcome.SAME)

"""Claims: adding, sorting candidates, wording, who has one, and taking one out of use."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlmodel import Session

import claims as finder
from claims.graphemes import cuts
from claims.kinds import kind_of
from claims.quantities import quantities as quantities_in
from claims.tokens import tokens
from ledger import clock
from ledger.auth.identity import ROLES, Identity, Permission
from ledger.errors import Conflict, Forbidden, Invalid
from ledger.ids import is_id, new_id
from ledger.models import (
    Account,
    Appearance,
    Article,
    Claim,
    Comment,
    Evidence,
    Quantity,
    Revision,
    Status,
    Triage,
    Verdict,
    VerdictState,
)
from ledger.models.claims import quantity_values
from ledger.services import differences, events, swift
from ledger.services.articles import appearance
from ledger.services.changes import choice, edit, expect, required_text, text_value
from ledger.services.digests import digest, unseen, waits
from ledger.services.statuses import derive
from ledger.store import claims as store
from ledger.store import records

Part = TypeVar("Part", Appearance, Evidence, Comment)
"""What belongs to one claim, and may be given to another by a merge."""

_DISMISSED = "This candidate was dismissed; reopen it first."
_MERGED = "This claim was merged into another one; work on that, or undo the merge."
_GUESS = "This is still a machine's guess; accept it first."


def add(
    session: Session,
    article_id: str,
    *,
    by: Identity,
    start: int,
    end: int,
    exact: str | None = None,
    revision_id: str | None = None,
    statement: str | None = None,
    kind: str | None = None,
    claimant: str | None = None,
) -> Claim:
    """Add a claim at a span of an article's current text, as a person who selected those words.

    `exact`, if given, must be what stands there: a page that counts otherwise, or that shows an
    older revision, is refused and not believed.
    """
    by.require(Permission.CLAIMS)
    article = records.get(session, Article, article_id)
    revision = records.get(session, Revision, article.revision_id)
    if revision_id is not None and revision_id != revision.id:
        raise Conflict(
            "The article has a newer text; reload it and select the words again.", field="revision_id"
        )
    span = span_in(revision.text, start, end, exact=exact)
    there = store.at_span(session, revision.id, span.start, span.end)
    if there is not None:
        raise Conflict("There is already a claim on exactly these words.", field="start", claim=there)
    new = made(article, revision, span, by=by, statement=statement, kind=kind, claimant=claimant)
    claim: Claim = new[0]
    events.append(session, claim, "claim.added", by=by, new=new)
    return claim


def made(
    article: Article,
    revision: Revision,
    span: finder.Span,
    *,
    by: Identity,
    statement: str | None = None,
    kind: str | None = None,
    claimant: str | None = None,
) -> list[Any]:
    """The records of a claim that a person makes of words of an article, the claim first."""
    words = span.of(revision.text)
    numbers = numbers_in(words, article)
    now = clock.now()
    claim = Claim(
        id=new_id(),
        statement=text_value(statement, field="statement", longest=2000, shortest=3) or plain(words),
        kind=choice(kind, field="kind", among=finder.Kind)
        if kind
        else str(kind_of(tokens(words, 0, len(words), []), numbers)),
        language=article.language,
        claimant=text_value(claimant, field="claimant", longest=300),
        origin="person",
        triage=Triage.ACCEPTED,
        status=Status.UNCHECKED,
        created_at=now,
        created_by=by.account,
        updated_at=now,
    )
    quantities = [
        Quantity(id=new_id(), claim_id=claim.id, position=place, **quantity_values(quantity))
        for place, quantity in enumerate(numbers)
    ]
    return [claim, appearance(claim, revision, span), *quantities]


def span_in(text: str, start: int, end: int, *, exact: str | None = None) -> finder.Span:
    """The span that somebody means, without the white space at its ends; `exact` is what must stand there.

    Raises Invalid where it lies outside the text, holds nothing or cuts a character in two.
    """
    if not 0 <= start < end <= len(text):
        raise Invalid(
            f"The span must lie inside the text: 0 ≤ start < end ≤ {len(text)}, "
            "counted in Unicode code points.",
            field="start",
        )
    words = text[start:end]
    if not words.strip():
        raise Invalid("The span holds only white space.", field="start")
    span = finder.Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))
    if exact is not None and exact.strip() != span.of(text):
        raise Invalid(
            f"These offsets hold “{span.of(text)[:120]}”, not the words that were sent.", field="exact"
        )
    for field, at in (("start", span.start), ("end", span.end)):
        if cuts(text, at):
            raise Invalid("The span would cut in two what readers see as one character.", field=field)
    return span


def plain(words: str) -> str:
    """Words of an article as a statement. Raises Invalid where they are too few or too many for one."""
    line = " ".join(words.split())
    if len(line) < 3:
        raise Invalid("Select at least three characters.", field="start")
    if len(line) > 2000:
        raise Invalid("Select at most 2,000 characters: one checkable statement.", field="end")
    return line


def numbers_in(words: str, article: Article) -> list[finder.Quantity]:
    """The quantities that words of an article state."""
    return quantities_in(
        words, finder.Span(0, len(words)), published=article.published, language=article.language
    )


def accept(session: Session, id: str, *, by: Identity, version: int | None) -> Claim:
    """Make a candidate a claim to be checked."""
    return _change(session, id, "claim.accepted", accepting, by=by, version=version)


def accepting(claim: Claim) -> None:
    """What `accept` does to a claim, and when not; the log is the caller's business."""
    if claim.triage != Triage.CANDIDATE:
        raise Conflict("Only a candidate can be accepted.")
    claim.triage = Triage.ACCEPTED


def dismiss(
    session: Session, id: str, *, by: Identity, version: int | None, reason: str | None = None
) -> Claim:
    """Put a candidate aside; `reopen` brings it back."""
    words = text_value(reason, field="reason", longest=1000)
    return _change(
        session,
        id,
        "claim.dismissed",
        lambda claim: dismissing(session, claim, words),
        by=by,
        version=version,
    )


def dismissing(session: Session, claim: Claim, reason: str | None) -> None:
    """What `dismiss` does to a claim, and when not; the log is the caller's business."""
    _unmerged(claim)
    if claim.triage == Triage.DISMISSED:
        raise Conflict("This candidate was already dismissed.")
    if judged(session, claim):
        raise Conflict("This claim has a verdict; withdraw it instead.")
    _in_force(claim)
    claim.triage, claim.dismissed_reason, claim.assignee_id = Triage.DISMISSED, reason, None


def reopen(session: Session, id: str, *, by: Identity, version: int | None) -> Claim:
    """Undo: a dismissed candidate is one again, an accepted one without work on it too, a withdrawn
    claim stands again."""

    def change(claim: Claim) -> None:
        _unmerged(claim)
        if claim.withdrawn_at is not None:
            by.require(Permission.WITHDRAW)
            claim.withdrawn_at = claim.withdrawn_by = claim.withdrawn_note = None
        elif claim.triage == Triage.DISMISSED:
            guess = claim.origin == "detector" and not _has_work(session, claim)
            claim.triage = Triage.CANDIDATE if guess else Triage.ACCEPTED
            claim.dismissed_reason = None
        elif claim.triage == Triage.ACCEPTED and claim.origin == "detector" and not _has_work(session, claim):
            claim.triage, claim.assignee_id = Triage.CANDIDATE, None
        else:
            raise Conflict("There is nothing to reopen: this claim is in use.")

    return _change(session, id, "claim.reopened", change, by=by, version=version)


def judged(session: Session, claim: Claim) -> bool:
    """Whether it has a verdict that counts, waits or was answered; one that was taken back is none."""
    given = store.verdicts(session, claim.id)
    return any(v.state != VerdictState.SUPERSEDED or v.settled_at is not None for v in given)


def _has_work(session: Session, claim: Claim) -> bool:
    return bool(store.verdicts(session, claim.id) or store.evidence(session, claim.id))


def reword(session: Session, id: str, *, by: Identity, version: int | None, details: dict[str, Any]) -> Claim:
    """Edit statement, kind or claimant; the words in the article stay what they are."""
    return _change(
        session, id, "claim.reworded", lambda claim: rewording(claim, details), by=by, version=version
    )


def rewording(claim: Claim, details: Mapping[str, Any]) -> None:
    """What `reword` does to a claim, and when not; the log is the caller's business."""
    _in_force(claim)
    if "statement" in details:
        claim.statement = required_text(details["statement"], field="statement", longest=2000, shortest=3)
    if "kind" in details:
        claim.kind = choice(details["kind"], field="kind", among=finder.Kind)
    if "claimant" in details:
        claim.claimant = text_value(details["claimant"], field="claimant", longest=300)
        claim.claimant_cue = claim.claimant_cue if claim.claimant else None


def assign(session: Session, id: str, *, by: Identity, version: int | None, to: str | None) -> Claim:
    """Take a claim (`to` oneself), hand it over (`to` somebody else) or lay it down (`to` none)."""
    # Who asks may take claims, or is told that they may not.
    who = to if to is not None and to == by.account_id else taker(session, to)
    return _change(
        session,
        id,
        assigned_as(by, who),
        lambda claim: assigning(claim, by, who),
        by=by,
        version=version,
    )


def taker(session: Session, to: str | None) -> str | None:
    """The account that is to have claims, None for nobody. Raises Invalid for one that can't take any."""
    person = session.get(Account, to) if to and is_id(to) else None
    if to and person is None:
        raise Invalid("There is no account with this id.", field="assignee_id")
    if person is not None and (not person.active or Permission.CLAIMS not in ROLES[person.role]):
        raise Invalid(f"{person.name} can't take claims.", field="assignee_id")
    return to or None


def assigned_as(by: Identity, to: str | None) -> str:
    """The kind of event that it is to give a claim to that account."""
    return "claim.laid_down" if to is None else "claim.taken" if to == by.account_id else "claim.handed_over"


def assigning(claim: Claim, by: Identity, to: str | None) -> None:
    """What `assign` does to a claim, and when not; the log is the caller's business."""
    in_use(claim)
    mine = claim.assignee_id in (None, by.account_id)
    if not mine and not by.may(Permission.OVERRIDE):
        raise Forbidden("Somebody else has this claim; they or an editor can hand it over.")
    if to is not None:
        # Whoever takes a candidate vouches that it is worth checking.
        claim.triage = Triage.ACCEPTED
    claim.assignee_id = to


def withdraw(session: Session, id: str, *, by: Identity, version: int | None, note: str) -> Claim:
    """Say publicly that a claim's entry is not to be relied on any more."""
    by.require(Permission.WITHDRAW)
    words = required_text(note, field="note", longest=4000)

    def change(claim: Claim) -> None:
        if claim.triage != Triage.ACCEPTED:
            raise Conflict(_GUESS if claim.triage == Triage.CANDIDATE else _DISMISSED)
        if claim.withdrawn_at is not None:
            raise Conflict("This claim is already withdrawn.")
        claim.withdrawn_at, claim.withdrawn_by, claim.withdrawn_note = clock.now(), by.account, words

    return _change(session, id, "claim.withdrawn", change, by=by, version=version)


def _change(
    session: Session,
    id: str,
    kind: str,
    change: Callable[[Claim], None],
    *,
    by: Identity,
    version: int | None,
) -> Claim:
    by.require(Permission.CLAIMS)
    held = swift.held(session, id)
    if held is None or held.judged:
        claim = records.get(session, Claim, id) if held is None else swift.give_back(session, held)
        expect(claim, version)
        with edit(claim) as changed:
            change(claim)
        if changed():
            settle(session, claim)
            events.append(session, claim, kind, by=by)
        return claim
    expect(held.claim, version)
    with edit(held.claim) as changed:
        change(held.claim)
    if not changed():
        return swift.give_back(session, held)
    held.claim.status = derive(held.claim, settled=None, proposed=False)
    swift.append(session, held, kind, by=by)
    return held.claim


def open_for_work(claim: Claim) -> None:
    """Raise Conflict unless people may work on the claim: a guess has no evidence and no verdict."""
    if claim.triage == Triage.CANDIDATE:
        raise Conflict(_GUESS)
    in_use(claim)


def in_use(claim: Claim) -> None:
    """Raise Conflict where a claim was put aside; a guess may be changed as a claim may."""
    _in_force(claim)
    if claim.triage == Triage.DISMISSED:
        raise Conflict(_DISMISSED)


def placed(places: Sequence[Appearance]) -> None:
    """Raise Conflict while a new text left open where a claim stands: nobody could say what they sign."""
    if any(waits(place) for place in places):
        raise Conflict(
            "A new text changed this claim's words. First say where it stands now, or that it was cut.",
            field="appearances",
        )


def fitting(evidence: Sequence[Evidence]) -> None:
    """Raise Conflict while nobody said that evidence whose source changed or is dead still fits."""
    for piece in evidence:
        if piece.withdrawn_at is None and unseen(piece):
            raise Conflict(
                f"A source is not as it was: {piece.title or piece.url}. First say that it still fits, "
                "or take the evidence back.",
                field="evidence",
            )


def _unmerged(claim: Claim) -> None:
    if claim.merged_into is not None:
        raise Conflict(_MERGED, claim=claim.merged_into)


def _in_force(claim: Claim) -> None:
    _unmerged(claim)
    if claim.withdrawn_at is not None:
        raise Conflict("This claim is withdrawn; reopen it first.")


def own(session: Session, claim: Claim, model: type[Part], stored: list[Part]) -> list[Part]:
    """Those of a claim's stored parts that are still its own in memory, and those that it just got.

    A merge, or its undo, gives parts to another claim, and looks at both before anything is written.
    """
    kept = {part.id: part for part in stored if part.claim_id == claim.id}
    came = (part for part in session.dirty if isinstance(part, model) and part.claim_id == claim.id)
    return list((kept | {part.id: part for part in came}).values())


def settle(
    session: Session, claim: Claim, *, evidence: list[Evidence] | None = None, proposed: bool = False
) -> None:
    """Bring a claim's staleness and status in line with the facts, before its event is appended.

    `evidence` is the claim's evidence as it will be, where the caller adds to it; `proposed` says
    that a proposal is about to be stored. What was given to another claim in memory counts there.
    """
    verdicts = store.verdicts(session, claim.id)
    settled = next((v for v in verdicts if v.state == VerdictState.SETTLED), None)
    if settled and evidence is None:
        evidence = own(session, claim, Evidence, store.evidence(session, claim.id))
    places = own(session, claim, Appearance, store.appearances(session, claim.id)) if settled else []
    pieces = evidence or []

    def why() -> list[str]:
        if settled is None:
            return []
        return differences.reasons(differences.found(session, claim, settled, places, pieces))

    bring_in_line(claim, verdicts, places, pieces, why=why, proposed=proposed)


def bring_in_line(
    claim: Claim,
    verdicts: Sequence[Verdict],
    places: Sequence[Appearance],
    evidence: Sequence[Evidence],
    *,
    why: Callable[[], list[str]],
    proposed: bool = False,
) -> None:
    """What `settle` does, given all that belongs to the claim; `why` tells what makes its verdict stale."""
    settled = next((v for v in verdicts if v.state == VerdictState.SETTLED), None)
    proposed = proposed or any(v.state == VerdictState.PROPOSED for v in verdicts)
    if settled is not None:
        if digest(claim, settled, places, evidence) == settled.digest:
            claim.stale_since = claim.stale_reasons = None
        else:
            claim.stale_since = claim.stale_since or clock.now()
            claim.stale_reasons = why()
    claim.status = derive(claim, settled=settled, proposed=proposed)

"""Where claims stand: moving a claim's boundaries, splitting one claim, merging two.

Each deed is worked out on records in memory and then logged. A preview works it out in the very same way in
a session that writes nothing, so that it tells no more and no less than what would be.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.spans import readable
from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid
from ledger.ids import new_id
from ledger.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Fate,
    Quantity,
    Record,
    Revision,
    Triage,
    VerdictState,
)
from ledger.models.claims import quantity_values
from ledger.models.rows import changed_columns
from ledger.services import claims, events, finding
from ledger.services.changes import expect, required_text
from ledger.services.events import Change
from ledger.services.statuses import derive
from ledger.store import claims as store
from ledger.store import comments as comments_store
from ledger.store import records

MOST_PARTS = 10
_COPIED = {
    "url", "stance", "quote", "quote_prefix", "quote_suffix", "quote_start", "quote_end",
    "title", "publisher", "published", "note", "capture_id",
    "found_id", "condition", "condition_at", "condition_why", "seen_at", "seen_by", "seen_note",
}  # fmt: skip
_ELSEWHERE = "It bears on another part of the claim, which was split."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that somebody means in an article's current text; offsets count code points.

    `exact` is what must stand there. `appearance_id` or `article_id` says which of a claim's places is
    meant, where it has several; `revision_id` the text that the offsets were counted in.
    """

    start: int
    end: int
    exact: str | None = None
    appearance_id: str | None = None
    article_id: str | None = None
    revision_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a split claim: its words, its statement if that is not the words, and which evidence
    bears on it, by id; None means all of it."""

    start: int
    end: int
    exact: str | None = None
    statement: str | None = None
    evidence: Sequence[str] | None = None


@dataclass(slots=True)
class Holding:
    """A claim with what belongs to it, as it stands or as it would stand; `new`: the deed makes it."""

    claim: Claim
    places: list[Appearance]
    quantities: list[Quantity]
    evidence: list[Evidence]
    new: bool = False

    @property
    def in_force(self) -> list[Evidence]:
        """The evidence that was not taken back."""
        return [piece for piece in self.evidence if piece.withdrawn_at is None]


@dataclass(slots=True)
class Outcome:
    """What comes of a deed: the claims as they are after it, the one that stays first, and what a person
    should know of it, in sentences."""

    after: list[Holding]
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def claim(self) -> Claim:
        """The claim that stays."""
        return self.after[0].claim


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be: the claims before and after, and what a person should know. Nothing is stored."""

    before: list[Holding]
    after: list[Holding]
    notes: list[str]


# ------------------------------------------------------------------------------------------- deeds


def move(session: Session, claim_id: str, words: Words, *, by: Identity, version: int | None) -> Outcome:
    """Have a claim stand on other words of the same article.

    A settled verdict turns stale. The statement follows if it was but the words; else it stays, and a note
    says so.
    """
    return _do(session, claim_id, version, by, lambda s, claim: _moved(s, claim, words))


def split(
    session: Session,
    claim_id: str,
    parts: Sequence[Part],
    *,
    by: Identity,
    version: int | None,
    place: Words | None = None,
) -> Outcome:
    """Make two or more claims of one: the first part keeps the entry, each other is a new claim.

    `place` says which of the claim's places is split, where it has several; its offsets count for nothing.
    """
    return _do(session, claim_id, version, by, lambda s, claim: _split(s, claim, parts, place, by))


def merge(
    session: Session,
    survivor_id: str,
    other_id: str,
    *,
    by: Identity,
    version: int | None,
    other_version: int | None,
) -> Outcome:
    """Make one claim of two: places, evidence and discussion of the other go to the survivor.

    The other is put aside and names the survivor. Its own verdict can't move, so it may have none.
    """

    def merged(s: Session, survivor: Claim) -> Outcome:
        other = records.get(s, Claim, other_id)
        if other_version is None or other.version != other_version:
            raise Conflict(
                "The other claim changed since you looked at it; look at it again.", field="other_version"
            )
        return _merged(s, survivor, other, by)

    return _do(session, survivor_id, version, by, merged)


def preview_move(session: Session, claim_id: str, words: Words) -> Preview:
    """What `move` would do."""
    return _previewed(session, [claim_id], lambda s, claim: _moved(s, claim, words))


def preview_split(
    session: Session, claim_id: str, parts: Sequence[Part], *, by: Identity, place: Words | None = None
) -> Preview:
    """What `split` would do."""
    return _previewed(session, [claim_id], lambda s, claim: _split(s, claim, parts, place, by))


def preview_merge(session: Session, survivor_id: str, other_id: str, *, by: Identity) -> Preview:
    """What `merge` would do."""
    both = [survivor_id, other_id]
    return _previewed(session, both, lambda s, claim: _merged(s, claim, records.get(s, Claim, other_id), by))


Deed = Callable[[Session, Claim], Outcome]


def _do(session: Session, claim_id: str, version: int | None, by: Identity, deed: Deed) -> Outcome:
    by.require(Permission.CLAIMS)
    claim = records.get(session, Claim, claim_id)
    expect(claim, version)
    outcome = deed(session, claim)
    for record in (record for change in outcome.changes for record in change.also):
        if isinstance(record, Appearance) and "placed_at" in changed_columns(record):
            record.placed_by = by.account
    if outcome.changes:
        events.append_all(session, outcome.changes, by=by)
    return outcome


def _previewed(session: Session, ids: Sequence[str], deed: Deed) -> Preview:
    with _scratch(session) as scratch:
        before = [_copied(_held(scratch, records.get(scratch, Claim, id))) for id in ids]
        outcome = deed(scratch, records.get(scratch, Claim, ids[0]))
        return Preview(before, [_copied(one) for one in outcome.after], outcome.notes)


@contextmanager
def _scratch(session: Session) -> Iterator[Session]:
    """A session that sees what this one does, and whose records never reach the database."""
    with Session(
        session.connection(),
        autoflush=False,
        expire_on_commit=False,
        join_transaction_mode="rollback_only",
    ) as scratch:
        yield scratch
        scratch.expunge_all()


def _copied(held: Holding) -> Holding:
    """The same as plain values: what changes later does not change them."""
    return Holding(
        held.claim.model_copy(),
        [one.model_copy() for one in held.places],
        [one.model_copy() for one in held.quantities],
        [one.model_copy() for one in held.evidence],
        new=held.new,
    )


def _held(session: Session, claim: Claim) -> Holding:
    return Holding(
        claim,
        store.appearances(session, claim.id),
        store.quantities(session, claim.id),
        store.evidence(session, claim.id),
    )


# -------------------------------------------------------------------------------------------- move


def _moved(session: Session, claim: Claim, words: Words) -> Outcome:
    claims.in_use(claim)
    held = _held(session, claim)
    place = _place_meant(held, words)
    article, revision = _text(session, place, words.revision_id)
    span = claims.span_in(revision.text, words.start, words.end, exact=words.exact)
    outcome = Outcome([held])
    if (place.revision_id, place.start, place.end) == (revision.id, span.start, span.end):
        return outcome
    guess = _make_way(session, claim, revision, span)
    was_stale = claim.stale_since is not None
    new, changed = _put(session, held, place, article, revision, span, notes=outcome.notes)
    _settle(session, claim, was_stale, outcome.notes)
    outcome.changes.append(Change(claim, "claim.moved", new=new, also=changed))
    if guess is not None:
        outcome.changes.append(Change(guess, "claim.dismissed"))
    return outcome


def _make_way(session: Session, claim: Claim, revision: Revision, span: finder.Span) -> Claim | None:
    """The machine's guess on exactly those words, put aside as a claim of people comes to stand on them."""
    there = store.at_span(session, revision.id, span.start, span.end)
    guess = session.get(Claim, there) if there not in (None, claim.id) else None
    if guess is None or guess.triage != Triage.CANDIDATE or claim.triage != Triage.ACCEPTED:
        _refuse_taken(session, claim, revision, span)
        return None
    claims.dismissing(session, guess, "Another claim came to stand on exactly these words.")
    claims.settle(session, guess)
    return guess


def _place_meant(held: Holding, words: Words | None) -> Appearance:
    """The one of a claim's places that is meant."""
    there = held.places
    if words is not None and words.appearance_id is not None:
        there = [place for place in there if place.id == words.appearance_id]
        if not there:
            raise Invalid("The claim has no such place.", field="appearance_id")
    if words is not None and words.article_id is not None:
        there = [place for place in there if place.article_id == words.article_id]
        if not there:
            raise Invalid("The claim does not stand in this article.", field="article_id")
    if not there:
        raise Conflict("This claim stands nowhere.")
    if len(there) > 1:
        raise Invalid("The claim stands in several places: say which one is meant.", field="appearance_id")
    return there[0]


def _text(session: Session, place: Appearance, revision_id: str | None) -> tuple[Article, Revision]:
    article = records.get(session, Article, place.article_id)
    if revision_id is not None and revision_id != article.revision_id:
        raise Conflict(
            "The article has a newer text; reload it and select the words again.", field="revision_id"
        )
    return article, records.get(session, Revision, article.revision_id)


def _refuse_taken(session: Session, claim: Claim, revision: Revision, span: finder.Span) -> None:
    there = store.at_span(session, revision.id, span.start, span.end)
    if there is not None:
        who = "This claim stands" if there == claim.id else "There is already a claim"
        raise Conflict(f"{who} on exactly these words.", field="start", claim=there)


def _put(
    session: Session,
    held: Holding,
    place: Appearance,
    article: Article,
    revision: Revision,
    span: finder.Span,
    *,
    statement: str | None = None,
    notes: list[str],
) -> tuple[list[Record], list[Record]]:
    """Have `place` stand on `span`, with all that follows; the records that came in and that changed."""
    claim, words, before = held.claim, span.of(revision.text), place.exact
    line = claims.plain(words)
    if statement is not None:
        claim.statement = required_text(statement, field="statement", longest=2000, shortest=3)
    elif claim.statement == " ".join(before.split()):
        claim.statement = line
    elif claim.statement == readable(before):
        claim.statement = readable(words)
    else:
        notes.append("The statement was put in words of its own, so it stays: see that it still fits.")
    # A claim's numbers come from one of its places; another place may move without them.
    follow = len(held.places) == 1 or _same(claims.numbers_in(before, article), held.quantities)
    for name, value in finding.place(revision, span).items():
        setattr(place, name, value)
    place.fate, place.placed_at, place.cut_at, place.cut_by = Fate.SAME, clock.now(), None, None
    new: list[Record] = []
    also: list[Record] = [place]
    if follow:
        claim.language = article.language
        came, changed = _renumber(session, held, claims.numbers_in(words, article))
        new, also = [*came], [place, *changed]
    return new, also


def _same(numbers: Sequence[finder.Quantity], rows: Sequence[Quantity]) -> bool:
    return [number.text[:300] for number in numbers] == [row.words for row in rows]


def _renumber(
    session: Session, held: Holding, numbers: Sequence[finder.Quantity]
) -> tuple[list[Quantity], list[Quantity]]:
    """Have a claim state these numbers: rows are used again, as none may go; those left over are marked."""
    rows = store.quantities(session, held.claim.id, gone=True)
    came: list[Quantity] = []
    for position, number in enumerate(numbers):
        values = quantity_values(number)
        if position < len(rows):
            for name, value in (values | {"gone_at": None}).items():
                setattr(rows[position], name, value)
        else:
            came.append(Quantity(id=new_id(), claim_id=held.claim.id, position=position, **values))
    for row in rows[len(numbers) :]:
        row.gone_at = row.gone_at or clock.now()
    held.quantities = [*rows[: len(numbers)], *came]
    return came, [row for row in rows if changed_columns(row)]


def _settle(session: Session, claim: Claim, was_stale: bool, notes: list[str]) -> None:
    """Bring staleness and status in line, and say what becomes of verdicts."""
    claims.settle(session, claim)
    if claim.stale_since is not None and not was_stale:
        notes.append("The signed verdict no longer fits: the claim is stale from then on.")
    if any(v.state == VerdictState.PROPOSED for v in store.verdicts(session, claim.id)):
        notes.append("The verdict that waits for a signature must be proposed again.")


# ------------------------------------------------------------------------------------------- split


def _split(
    session: Session, claim: Claim, parts: Sequence[Part], words: Words | None, by: Identity
) -> Outcome:
    claims.in_use(claim)
    if not 2 <= len(parts) <= MOST_PARTS:
        raise Invalid(f"Split a claim into 2 to {MOST_PARTS} parts.", field="parts")
    held = _held(session, claim)
    place = _place_meant(held, words)
    article, revision = _text(session, place, words.revision_id if words else None)
    if place.revision_id != revision.id:
        raise Conflict("The claim stands in an older text; move it into the newest one first.")
    spans = _spans(session, claim, place, revision, parts)
    chosen = _evidence(held, parts)
    if held.in_force:
        by.require(Permission.EVIDENCE)
    outcome = Outcome([held])
    was_stale = claim.stale_since is not None
    first, notes = parts[0].statement, outcome.notes
    with _about(1):
        new, also = _put(session, held, place, article, revision, spans[0], statement=first, notes=notes)
    # Who cuts a guess in two vouches for both.
    claim.triage = Triage.ACCEPTED
    kept = {piece.id for piece in chosen[0]}
    for piece in held.in_force:
        if piece.id not in kept:
            piece.withdrawn_at, piece.withdrawn_by = clock.now(), by.account
            piece.withdrawn_reason = _ELSEWHERE
            also.append(piece)
    _settle(session, claim, was_stale, outcome.notes)
    outcome.changes.append(Change(claim, "claim.split", new=new, also=also))
    for number, (part, span, pieces) in enumerate(zip(parts[1:], spans[1:], chosen[1:], strict=True), 2):
        with _about(number):
            made = claims.made(article, revision, span, by=by, statement=part.statement)
        one = _split_off(claim, made, pieces, by)
        outcome.after.append(one)
        outcome.changes.append(
            Change(one.claim, "claim.split_off", new=[one.claim, *one.places, *one.quantities, *one.evidence])
        )
    return outcome


@contextmanager
def _about(number: int) -> Iterator[None]:
    """Say of which part a complaint is."""
    try:
        yield
    except (Invalid, Conflict) as error:
        raise type(error)(f"Part {number}: {error.message}", field="parts", **error.facts) from None


def _spans(
    session: Session, claim: Claim, place: Appearance, revision: Revision, parts: Sequence[Part]
) -> list[finder.Span]:
    old = finder.Span(place.start, place.end)
    found: list[finder.Span] = []
    for number, part in enumerate(parts, 1):
        with _about(number):
            span = claims.span_in(revision.text, part.start, part.end, exact=part.exact)
            if not span.overlaps(old):
                raise Invalid("It has none of the claim's words.")
            if span in found:
                raise Invalid("Another part has exactly the same words.")
            if span != old:
                _refuse_taken(session, claim, revision, span)
        found.append(span)
    return found


def _evidence(held: Holding, parts: Sequence[Part]) -> list[list[Evidence]]:
    """The pieces of evidence of each part."""
    pieces = {piece.id: piece for piece in held.in_force}
    chosen: list[list[Evidence]] = []
    for number, part in enumerate(parts, 1):
        wanted = list(pieces) if part.evidence is None else list(dict.fromkeys(part.evidence))
        if not pieces.keys() >= set(wanted):
            raise Invalid(f"Part {number}: the claim has no such evidence.", field="parts")
        chosen.append([pieces[id] for id in wanted])
    given = {piece.id for some in chosen for piece in some}
    for id, piece in pieces.items():
        if id not in given:
            raise Invalid(f"Give each piece of evidence to a part: {piece.url} has none.", field="parts")
    return chosen


def _split_off(claim: Claim, made: list[Any], pieces: Sequence[Evidence], by: Identity) -> Holding:
    """A part as a claim of its own: what held for the whole holds for it, and its evidence is copied."""
    one: Claim = made[0]
    one.split_from, one.tags = claim.id, claim.tags
    one.claimant, one.claimant_cue, one.assignee_id = claim.claimant, claim.claimant_cue, claim.assignee_id
    one.status = derive(one, settled=None, proposed=False)
    copies = [
        Evidence(
            **piece.model_dump(include=_COPIED),
            id=new_id(),
            claim_id=one.id,
            added_at=clock.now(),
            added_by=by.account,
        )
        for piece in pieces
    ]
    return Holding(
        one,
        [row for row in made if isinstance(row, Appearance)],
        [row for row in made if isinstance(row, Quantity)],
        copies,
        new=True,
    )


# ------------------------------------------------------------------------------------------- merge


def _merged(session: Session, survivor: Claim, other: Claim, by: Identity) -> Outcome:
    _refuse_merge(session, survivor, other)
    stays, goes = _held(session, survivor), _held(session, other)
    if goes.evidence:
        by.require(Permission.EVIDENCE)
    outcome = Outcome([stays])
    was_stale = survivor.stale_since is not None
    taken = {(place.revision_id, place.start, place.end) for place in stays.places}
    moved: list[Appearance | Evidence] = [
        place for place in goes.places if (place.revision_id, place.start, place.end) not in taken
    ]
    moved += goes.evidence
    said = comments_store.of_claim(session, other.id, removed=True)
    for row in (*moved, *said):
        row.claim_id = survivor.id
    stays.places += [row for row in moved if isinstance(row, Appearance)]
    stays.evidence += goes.evidence
    if other.triage == Triage.ACCEPTED:
        survivor.triage = Triage.ACCEPTED
        survivor.assignee_id = survivor.assignee_id or other.assignee_id
    survivor.tags = list(dict.fromkeys([*(survivor.tags or []), *(other.tags or [])])) or None
    other.triage, other.merged_into, other.assignee_id = Triage.DISMISSED, survivor.id, None
    _settle(session, survivor, was_stale, outcome.notes)
    claims.settle(session, other)
    outcome.changes = [
        # The rows are written whole into the survivor's own history, which has to tell of them by itself;
        # first, so that what undoes this finds the survivor as it then is.
        Change(survivor, "claim.merged", new=moved),
        Change(other, "claim.merged_away", also=moved),
        *(Change(comment, "comment.moved") for comment in said),
    ]
    return outcome


def _refuse_merge(session: Session, survivor: Claim, other: Claim) -> None:
    if survivor.id == other.id:
        raise Invalid("Choose another claim: these two are one.", field="other_id")
    for claim, which in ((survivor, "that stays"), (other, "that goes")):
        try:
            claims.in_use(claim)
        except Conflict as error:
            raise Conflict(f"The claim {which}: {error.message}", field="other_id") from None
    states = {verdict.state for verdict in store.verdicts(session, other.id)}
    if VerdictState.SETTLED in states:
        if survivor.verdict_id is not None:
            message = (
                "Both claims have a signed verdict, and no signature may be lost: leave them as they are."
            )
        else:
            message = "The claim that goes has a signed verdict: merge the other way round, so that it stays."
        raise Conflict(message, field="other_id")
    if VerdictState.PROPOSED in states:
        raise Conflict(
            "The claim that goes has a verdict that waits for a signature: send that back first, or merge "
            "the other way round.",
            field="other_id",
        )

"""Two texts of an article, and what became of each claim between them: what must be looked at again.

Between two neighbours it is what was found when the later one came in; between others, places are looked for
anew. What a person has said since (it stands here, it was cut, it still holds) is told beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlmodel import Session

import claims as finder
from ledger.errors import Invalid, NotFound
from ledger.models import Appearance, Article, Claim, Revision, Status, Triage
from ledger.services import digests, finding, redlines, revisions
from ledger.services.articles import Draft
from ledger.services.revisions import Became
from ledger.store import articles as articles_store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.store import revisions as store

NEW = "new"
"""The outcome of a claim that stands in the later text only."""
SHOWN = ("recheck", "changed", "ambiguous", "orphaned", "moved", NEW, "same", "dropped")
"""What the entries can be narrowed to. `dropped`: claims that nobody works on any more."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts; no `id`: it is not stored."""

    number: int
    text: str
    blocks: Sequence[dict[str, Any]]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim's place, what became of it between the two texts, and how both are now.

    `was` are its words in the earlier text (none for a new one), `now` those at its place in the later one.
    `start` and `end` are offsets in the earlier text where it stood in it, `place` in the later one.
    """

    claim: Claim
    at: Appearance
    outcome: str
    carried: bool
    reason: str
    was: str | None
    now: str | None
    start: int | None = None
    end: int | None = None
    place: tuple[int, int] | None = None
    places: Sequence[tuple[int, int]] = ()
    changes: Sequence[Mapping[str, Any]] = ()

    @property
    def dropped(self) -> bool:
        """Whether nobody works on the claim any more."""
        return self.claim.triage == Triage.DISMISSED or self.claim.status == Status.WITHDRAWN

    @property
    def waits(self) -> bool:
        """Whether a person has to say where its words stand, or that they are gone."""
        return digests.waits(self.at) and not self.dropped

    @property
    def recheck(self) -> bool:
        """Whether it must be looked at again: it waits for a person, or its verdict is stale."""
        return self.waits or (self.claim.stale_since is not None and not self.dropped)

    def shown_as(self, narrowed: str) -> bool:
        """Whether it is one of those that SHOWN names."""
        if narrowed in ("recheck", "dropped"):
            return bool(getattr(self, narrowed))
        return self.outcome == narrowed and not self.dropped


@dataclass
class Comparison:
    """Two texts of an article with the claims of either, in the order of the later text.

    `newest`: the later one is the current text, so that what waits can be dealt with.
    """

    article: Article
    before: Side
    after: Side
    newest: bool
    entries: list[Entry] = field(default_factory=list)

    @cached_property
    def rows(self) -> list[redlines.Row]:
        """The two texts set against each other."""
        before, after = (redlines.Text(side.text, side.blocks) for side in (self.before, self.after))
        return redlines.compared(before, after)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many entries each of SHOWN has."""
        return {name: sum(one.shown_as(name) for one in self.entries) for name in SHOWN}


def of_numbers(session: Session, article_id: str, first: int, last: int) -> Comparison:
    """Compare two revisions of an article by their numbers, `first` the earlier one.

    Raises NotFound for a revision that is not there, Invalid for an order that is none.
    """
    article = records.get(session, Article, article_id)
    if first >= last:
        raise Invalid("The first revision must be the earlier one: `from` less than `to`.", field="from")
    before, after = (_numbered(session, article, number) for number in (first, last))
    following = before if last == first + 1 else _numbered(session, article, first + 1)
    fates = revisions.became(after if last == first + 1 else following)
    if last > first + 1:
        fates = _looked_for(article, before, after, fates)
    newest = article.revision_id == after.id
    there = store.every_place(session, article.id)
    stood = _standing(session, article, after, there, newest=newest)
    entries = list(_entries(session, before, after, fates, there, stood))
    return Comparison(article, _side(before), _side(after), newest, _ordered(entries))


def of_draft(session: Session, article_id: str, draft: Draft) -> Comparison | None:
    """What a text would do if it came in now; None where it is the current one. Nothing is stored."""
    article = records.get(session, Article, article_id)
    before = articles_store.current_revision(session, article)
    if draft.sha256 == before.sha256:
        return None
    fates = revisions.preview(session, article_id, draft)
    document = draft.document
    after = Side(before.number + 1, document.text, finding.blocks_of(document))
    there = store.every_place(session, article.id)
    entries = [
        _entry(one, there[one.appearance_id], {before.id: before.text}, before.id, after.text)
        for one in fates
        if one.appearance_id in there
    ]
    return Comparison(article, _side(before), after, newest=False, entries=_ordered(entries))


def found_anew(session: Session, article: Article, draft: Draft, fates: Iterable[Entry]) -> int:
    """How many claims are found in a draft, as its desk shows them, on which no claim is carried over."""
    least = desks_store.thresholds(session).of(article)
    taken = {entry.place for entry in fates if entry.carried}
    return sum(one.score >= least and (one.span.start, one.span.end) not in taken for one in draft.found)


def tally(revision: Revision) -> dict[str, int]:
    """How many places each outcome has, and how many were carried over (`carried`)."""
    fates = revision.fates or ()
    counts = Counter(str(fate["outcome"]) for fate in fates)
    return {**counts, "carried": sum(bool(fate["carried"]) for fate in fates)}


def _numbered(session: Session, article: Article, number: int) -> Revision:
    found = store.numbered(session, article.id, number)
    if found is None:
        raise NotFound(f"This article has no revision {number}.")
    return found


def _side(revision: Revision) -> Side:
    return Side(revision.number, revision.text, revision.blocks, revision.id)


def _looked_for(article: Article, before: Revision, after: Revision, fates: Sequence[Became]) -> list[Became]:
    """What became of the places of one text in a much later one."""
    here = [one for one in fates if one.revision_id == before.id]
    spans = [finder.Span(one.start, one.end) for one in here]
    found = finder.reanchor(before.text, after.text, spans, language=article.language)
    return [
        replace(one, **revisions.told(fate, harmless=False)) for one, fate in zip(here, found, strict=True)
    ]


Places = Mapping[str, tuple[Claim, Appearance]]


def _standing(
    session: Session, article: Article, after: Revision, there: Places, *, newest: bool
) -> dict[str, tuple[int, int]]:
    """Where each appearance stands in the later text, by its id."""
    if newest:
        return {id: (at.start, at.end) for id, (_, at) in there.items() if at.revision_id == after.id}
    following = revisions.became(_numbered(session, article, after.number + 1))
    return {one.appearance_id: (one.start, one.end) for one in following if one.revision_id == after.id}


def _entries(
    session: Session,
    before: Revision,
    after: Revision,
    fates: Sequence[Became],
    there: Places,
    stood: Mapping[str, tuple[int, int]],
) -> Iterable[Entry]:
    older = {one.revision_id for one in fates} - {before.id}
    texts = {before.id: before.text, **(store.texts(session, older) if older else {})}
    seen = set()
    for one in fates:
        if one.appearance_id in there:
            seen.add(one.appearance_id)
            yield _entry(one, there[one.appearance_id], texts, before.id, after.text)
    for id, (start, end) in stood.items():
        if id not in seen and id in there:
            claim, at = there[id]
            words = after.text[start:end]
            yield Entry(claim, at, NEW, True, "It came in with this text.", None, words, place=(start, end))


def _entry(
    one: Became, there: tuple[Claim, Appearance], texts: Mapping[str, str], before_id: str, after: str
) -> Entry:
    claim, at = there
    here = one.revision_id == before_id
    was = texts.get(one.revision_id)
    return Entry(
        claim,
        at,
        one.outcome,
        one.carried,
        one.reason,
        was=at.exact if was is None else was[one.start : one.end],
        now=after[slice(*one.place)] if one.place else None,
        start=one.start if here else None,
        end=one.end if here else None,
        place=one.place,
        places=one.places,
        changes=[*one.changes, *one.beside],
    )


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.place or (one.start or 0, 0), one.at.id))

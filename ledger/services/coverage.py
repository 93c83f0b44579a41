"""Which check-worthy sentences of an article have no entry in the ledger."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from threading import Lock
from typing import TypeVar

from sqlmodel import Session

import claims as finder
from claims import blocks
from claims.detection import Nature
from claims.extract import candidates
from claims.numbered import is_read
from claims.segmentation import sentences_in
from claims.values import dataclass
from claims.worth import worth
from ledger.models import Article, Claim, Revision, Status
from ledger.services import finding
from ledger.store import articles as store
from ledger.store import claims as claims_store
from ledger.store.desks import thresholds

T = TypeVar("T")
_KEPT = 200  # revisions
_MANY = 1_000  # sentences: some three seconds of the model's time
_LEARNED = "a learned model's guess"


class Cover(StrEnum):
    """What the ledger has of a sentence, the most first."""

    CLAIM = "claim"
    CANDIDATE = "candidate"
    DISMISSED = "dismissed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence, how much it is worth checking and why, and the words in it that an entry might take."""

    span: finder.Span
    worth: float
    reasons: tuple[str, ...]
    best: finder.Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A weighed sentence with its entries; `below` are candidates that the desk does not show."""

    text: str
    weighed: Weighed
    cover: Cover
    claim_ids: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def start(self) -> int:
        """Offset of its first character, in code points."""
        return self.weighed.span.start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.weighed.span.end

    @property
    def worth(self) -> float:
        """How much it is worth checking, 0 to 1: a machine's guess."""
        return self.weighed.worth


@dataclass(frozen=True, slots=True)
class Coverage:
    """An article's sentences, in order. Check-worthy are those worth at least `threshold`.

    An entry that somebody dismissed covers its sentence: it was looked at. A candidate that the desk
    does not show covers nothing.
    """

    revision: Revision
    threshold: float
    sentences: tuple[Sentence, ...]

    @property
    def worthy(self) -> tuple[Sentence, ...]:
        """The check-worthy sentences."""
        return tuple(one for one in self.sentences if one.worth >= self.threshold)

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """The check-worthy sentences without an entry."""
        return tuple(one for one in self.worthy if one.cover is Cover.NONE)

    @property
    def share(self) -> float | None:
        """How much of what is check-worthy is covered, 0 to 1; None where nothing is."""
        worthy = self.worthy
        return None if not worthy else 1 - len(self.uncovered) / len(worthy)


def of_article(session: Session, article: Article, *, threshold: float | None = None) -> Coverage:
    """The coverage of an article's newest text; without a threshold, by that of its desk."""
    revision = store.current_revision(session, article)
    least = thresholds(session).of(article)
    entries = [
        (finder.Span(place.start, place.end), claim)
        for claim, place in claims_store.of_article(session, article.id)
        if place.revision_id == revision.id
    ]
    weighed = _weighed(article, revision)
    over = _overlapping([one.span for one in weighed], entries)
    found = [_sentence(revision.text, one, here, least) for one, here in zip(weighed, over, strict=True)]
    return Coverage(revision, least if threshold is None else threshold, tuple(found))


def _sentence(text: str, weighed: Weighed, here: list[Claim], least: float) -> Sentence:
    below = [claim for claim in here if claim.status == Status.CANDIDATE and (claim.score or 0) < least]
    shown = [claim for claim in here if claim not in below]
    covers = {_COVERS.get(claim.status, Cover.CLAIM) for claim in shown}
    return Sentence(
        weighed.span.of(text),
        weighed,
        next((one for one in Cover if one in covers), Cover.NONE),
        tuple(claim.id for claim in shown),
        tuple(claim.id for claim in below),
    )


_COVERS = {str(Status.CANDIDATE): Cover.CANDIDATE, str(Status.DISMISSED): Cover.DISMISSED}


def _overlapping(spans: Sequence[finder.Span], items: Iterable[tuple[finder.Span, T]]) -> Iterator[list[T]]:
    """For each span what stands over it; both come in order."""
    coming = deque(items)
    open_: list[tuple[finder.Span, T]] = []
    for span in spans:
        while coming and coming[0][0].start < span.end:
            open_.append(coming.popleft())
        open_ = [one for one in open_ if one[0].end > span.start]
        yield [item for place, item in open_ if place.overlaps(span)]


_known: OrderedDict[str, tuple[Weighed, ...]] = OrderedDict()
_lock = Lock()


def _weighed(article: Article, revision: Revision) -> tuple[Weighed, ...]:
    """A text's sentences, weighed. A revision never changes: what was worked out once is kept a while."""
    with _lock:
        if revision.id in _known:
            _known.move_to_end(revision.id)
            return _known[revision.id]
    worked_out = tuple(weigh(finding.document_of(article, revision)))
    with _lock:
        _known[revision.id] = worked_out
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return worked_out


def weigh(document: finder.Document) -> Iterator[Weighed]:
    """Each sentence that the article vouches for, by the learned model, and by the rules what it can't tell.

    Learned from debates, the model takes a forecast or an opinion for a fact: where the rules find
    nothing else in a sentence, theirs is the word. So it is for a language that we do not read in
    full, and for a text so long that somebody would wait.
    """
    spans = list(_sentences(document))
    found = [(one.claim.span, one) for one in candidates(document)]
    learned = _learned(document, spans)
    for span, here, guess in zip(spans, _overlapping(spans, found), learned, strict=True):
        best = max(here, key=lambda one: one.claim.score, default=None)
        if best is None:
            yield Weighed(span, guess or 0.0, (_LEARNED,) if guess else (), span)
        elif guess is not None and any(one.nature is Nature.FACT for one in here):
            yield Weighed(span, guess, best.claim.reasons, best.claim.span)
        else:
            yield Weighed(span, best.claim.score, best.claim.reasons, best.claim.span)


def _learned(document: finder.Document, spans: Sequence[finder.Span]) -> list[float] | list[None]:
    if not is_read(document.language) or len(spans) > _MANY:
        return [None] * len(spans)
    return [round(chance, 4) for chance in worth([span.of(document.text) for span in spans])]


def _sentences(document: finder.Document) -> Iterator[finder.Span]:
    for block in document.blocks:
        if block.kind in blocks.SPOKEN:
            for passage in blocks.passages(document.text, block):
                yield from sentences_in(document.text, passage.start, passage.end)

"""A piece of evidence as pages show it: what it is, where its quote stands, how it stands to the claim."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from threading import Lock

from sqlmodel import Session

from claims.fragments import link_to
from claims.matching import Ground, Mark, Marks, Standing, compare_words
from claims.model import Span
from claims.quoting import Near, nearest, places
from claims.values import dataclass, field
from ledger import clock
from ledger.models import Capture, CaptureState, Claim, Evidence
from ledger.store import evidence as store
from ledger.ui.words import host

_PATIENCE = timedelta(minutes=10)
"""How long a page asks by itself whether the copy is there."""
_REMEMBERED = 2_000

Words = list[tuple[str, Mark | None]]
"""A text in pieces, each with the mark on it."""


class Place(StrEnum):
    """What became of a quote in the captured text."""

    NONE = ""  # no quote, or no copy
    FOUND = "found"
    SEVERAL = "several"
    NEAR = "near"
    MISSING = "missing"
    UNREAD = "unread"  # a copy that is no text


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a quote stands that has no place of its own: in several places, or only nearly.

    `unread`: the copy is no text.
    """

    spans: tuple[Span, ...] = ()
    near: Near | None = None
    unread: bool = False


@dataclass(slots=True)
class Piece:
    """One piece, ready to be shown. `given` names what the page said of itself, not a person."""

    evidence: Evidence
    capture: Capture | None
    title: str
    publisher: str | None
    published: str | None
    given: frozenset[str]
    waits: bool
    place: Place = Place.NONE
    times: int = 0
    near: Near | None = None
    claim: Words = field(default_factory=list)
    quote: Words = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    agrees: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    around: store.Around | None = None
    passage: Words = field(default_factory=list)
    live: str | None = None


def looks(
    session: Session, claim: Claim, evidence: Sequence[tuple[Evidence, Capture | None]]
) -> dict[str, Piece]:
    """The pieces by id, each with its quote set against the claim and looked up in the captured text.

    Of the captured texts only the words around the quotes are read, for all pieces at once; a whole text
    only where a quote has no place of its own and was not looked for before.
    """
    shown = [_piece(claim, piece, capture) for piece, capture in evidence]
    spans = _look_up(session, shown)
    arounds = store.arounds(session, [(capture.id, span.start, span.end) for _, capture, span in spans])
    for (piece, capture, _), around in zip(spans, arounds, strict=True):
        _show_around(piece, capture, claim, around)
    return {piece.evidence.id: piece for piece in shown}


def _piece(claim: Claim, evidence: Evidence, capture: Capture | None) -> Piece:
    said = {name: getattr(evidence, name) for name in ("title", "publisher", "published")}
    told = {name: getattr(capture, name) if capture else None for name in said}
    shown = Piece(
        evidence=evidence,
        capture=capture,
        title=said["title"] or told["title"] or host(evidence.url) or evidence.url,
        publisher=said["publisher"] or told["publisher"],
        published=said["published"] or told["published"],
        given=frozenset(name for name in said if told[name] and not said[name]),
        waits=_waits(capture),
        live=link_to((capture and capture.final_url) or evidence.url, evidence.quote or ""),
    )
    if evidence.quote:
        _compare(shown, claim, evidence.quote)
    return shown


def _waits(capture: Capture | None) -> bool:
    return (
        capture is not None
        and capture.state == CaptureState.PENDING
        and clock.now() - capture.requested_at < _PATIENCE
    )


def _compare(shown: Piece, claim: Claim, quote: str) -> None:
    marks = compare_words(claim.statement, quote, language=claim.language)
    shown.claim, shown.quote = _cut(claim.statement, marks.claim), _cut(quote, marks.quote)
    shown.differs = _grounds(marks, Standing.DIFFERS)
    shown.agrees = _grounds(marks, Standing.SAME)
    shown.alone = _grounds(marks, Standing.ALONE)


def _grounds(marks: Marks, standing: Standing) -> list[str]:
    found = (str(mark.ground) for mark in marks.claim + marks.quote if mark.standing is standing)
    return list(dict.fromkeys(found))


def _cut(text: str, marks: Sequence[Mark]) -> Words:
    """The text in pieces, where marks begin and end."""
    pieces: Words = []
    at = 0
    for mark in marks:
        pieces += [(text[at : mark.span.start], None), (mark.span.of(text), mark)]
        at = mark.span.end
    return [piece for piece in [*pieces, (text[at:], None)] if piece[0]]


def _look_up(session: Session, pieces: Sequence[Piece]) -> list[tuple[Piece, Capture, Span]]:
    """Note where each quote stands; those that are to be shown with what is around them."""
    spans: list[tuple[Piece, Capture, Span]] = []
    unplaced: list[tuple[Piece, Capture]] = []
    for piece in pieces:
        evidence, capture = piece.evidence, piece.capture
        if not evidence.quote or capture is None or capture.state != CaptureState.DONE:
            continue
        if evidence.quote_start is not None and evidence.quote_end is not None:
            piece.place, piece.times = Place.FOUND, 1
            spans.append((piece, capture, Span(evidence.quote_start, evidence.quote_end)))
        else:
            unplaced.append((piece, capture))
    findings = found(session, [(capture.id, piece.evidence.quote or "") for piece, capture in unplaced])
    for (piece, capture), finding in zip(unplaced, findings, strict=True):
        piece.place, piece.times, piece.near = _place(finding), len(finding.spans), finding.near
        first = finding.spans[0] if finding.spans else finding.near and finding.near.span
        if first:
            spans.append((piece, capture, first))
    return spans


def _place(finding: Finding) -> Place:
    if finding.unread:
        return Place.UNREAD
    if finding.spans:
        return Place.SEVERAL
    return Place.NEAR if finding.near else Place.MISSING


def _show_around(piece: Piece, capture: Capture, claim: Claim, around: store.Around) -> None:
    piece.around = around
    if piece.near is not None:
        piece.passage = near_words(around.words, piece.near)
        return
    marks = compare_words(claim.statement, around.words, language=claim.language)
    piece.passage = _cut(around.words, marks.quote)
    if piece.place is Place.FOUND:
        evidence = piece.evidence
        piece.live = link_to(
            capture.final_url or evidence.url,
            around.words,
            evidence.quote_prefix or "",
            evidence.quote_suffix or "",
        )


def near_words(passage: str, near: Near) -> Words:
    """The passage that comes near a quote, cut where it differs."""
    pieces: Words = []
    at = 0
    for span in near.passage:
        start, end = span.start - near.span.start, span.end - near.span.start
        mark = Mark(Span(start, end), Ground.THING, Standing.DIFFERS)
        pieces += [(passage[at:start], None), (passage[start:end], mark)]
        at = end
    return [piece for piece in [*pieces, (passage[at:], None)] if piece[0]]


def paragraphs(text: str, first: int, spans: Sequence[Span]) -> list[list[tuple[str, int | None, bool]]]:
    """A part of a captured text, `first` its offset there, by paragraphs and cut where the spans lie.

    Each piece has its words, the number of the span that it is of, and whether that one begins here.
    """
    found: list[list[tuple[str, int | None, bool]]] = []
    at = first
    for block in text.split("\n\n"):
        pieces: list[tuple[str, int | None, bool]] = []
        here, end = at, at + len(block)
        for n, span in enumerate(spans):
            start, stop = max(span.start, here), min(span.end, end)
            if start < stop:
                pieces.append((block[here - at : start - at], None, False))
                pieces.append((block[start - at : stop - at], n, start == max(span.start, first)))
                here = stop
        pieces.append((block[here - at :], None, False))
        found.append([piece for piece in pieces if piece[0]])
        at = end + 2
    return [block for block in found if block]


# --- what was looked up is remembered: a kept copy never changes -----------------------------------

_known: OrderedDict[tuple[str, str], Finding] = OrderedDict()
_lock = Lock()


def found(session: Session, quotes: Sequence[tuple[str, str]]) -> list[Finding]:
    """For each (capture id, quote) where the quote stands in the captured text, or what comes near it."""
    with _lock:
        known = {key: _known[key] for key in quotes if key in _known}
    missing: dict[str, set[str]] = {}
    for id, quote in quotes:
        if (id, quote) not in known:
            missing.setdefault(id, set()).add(quote)
    for id, text in store.capture_texts(session, missing):
        known |= {(id, quote): _finding(text, quote) for quote in missing[id]}
    with _lock:
        for key, finding in known.items():
            _known[key] = finding
            _known.move_to_end(key)
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return [known[key] for key in quotes]


def _finding(text: str, quote: str) -> Finding:
    spans = tuple(places(text, quote))
    return Finding(spans, None if spans else nearest(text, quote), unread=not text)

"""The pipeline on one page: a document → its claims, in reading order. Read this first.

blocks → sentences → who says it → clauses → quantities → worth → claims
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from claims import blocks
from claims.attribution import Said, attribution, claimant, is_named
from claims.clauses import Clause, clauses
from claims.detection import is_pronoun
from claims.kinds import kind_of
from claims.lang import en
from claims.listing import listed
from claims.model import Block, BlockKind, Claim, Claimant, Document, Kind, Span
from claims.quantities import quantities
from claims.scoring import score
from claims.segmentation import sentences_in
from claims.spans import readable, tight
from claims.tokens import Token, quotations, tokens

DETECTOR = "rules/1"
"""Names the rules that found a claim, so that a reader knows what guessed."""

_REPORTED = 0.5
_LONG_QUOTE = 3  # words; fewer are a term in quotation marks
_UNNAMED = 0.1  # what a report is worth less when its source has no name
_FEW = 6  # tokens; less is a title
_LONGEST = 600  # characters; nobody can check a longer claim


def extract(document: Document | str, *, floor: float = 0.5) -> list[Claim]:
    """The claims of a text worth at least `floor`, in reading order; `text[start:end]` is a claim's text.

    A claim may stand wholly inside another; two never overlap in part.
    """
    text = document if isinstance(document, str) else document.text
    parts = blocks.split(text) if isinstance(document, str) else document.blocks
    found: list[Claim] = []
    before = None
    for block in parts:
        if block.kind in blocks.SPOKEN:
            found += [claim for claim in _of_block(text, block, before) if claim.score >= floor]
        before = block
    return found


def _of_block(text: str, block: Block, before: Block | None) -> Iterator[Claim]:
    passages = blocks.passages(text, block)
    if block.kind is BlockKind.TABLE:
        above, passages = passages[0].of(text), passages[1:]
    else:
        above = before.span.of(text).rpartition("\n")[2] if before else ""
    for passage in passages:
        claims = [] if block.kind is BlockKind.TABLE else _nested(_claims(text, passage))
        if not claims and block.kind is not BlockKind.PARAGRAPH:
            claim = listed(text, passage, block.kind, above)
            claims = [claim] if claim is not None else []
        yield from claims


def _claims(text: str, passage: Span) -> Iterator[Claim]:
    """The candidates of one paragraph, whatever they are worth."""
    marks = quotations(text, passage.start, passage.end)
    read = [tokens(text, s.start, s.end, marks) for s in sentences_in(text, passage.start, passage.end)]
    said = [attribution(words) for words in read]
    speakers = _speakers(text, read, said)
    for words, report in zip(read, said, strict=True):
        near = _marks_in(marks, words)
        if report is not None:
            yield from _of_report(text, words, report, near)
        elif words:
            found = clauses(words, 0, len(words)) or _without_verb(text, words)
            speaker = speakers.get(words[-1].quote) if words[0].quote else None
            for clause in found:
                claim = _claim(text, words, clause, near, speaker)
                if claim is not None:
                    yield claim


def _without_verb(text: str, words: list[Token]) -> list[Clause]:
    """A sentence with a number whose verb the word lists do not know is still read as a whole."""
    whole = Span(words[0].start, words[-1].end)
    counts = len(words) > _FEW and words[-1].low == "." and whole.end - whole.start < _LONGEST
    return [Clause(0, len(words))] if counts and quantities(text, whole) else []


def _marks_in(marks: list[tuple[int, int]], words: list[Token]) -> list[tuple[int, int]]:
    """The quotations that reach into a sentence."""
    if not words:
        return []
    first = max(0, bisect_left(marks, (words[0].start, 0)) - 1)
    return marks[first : bisect_left(marks, (words[-1].end, 0))]


def _of_report(text: str, words: list[Token], said: Said, marks: list[tuple[int, int]]) -> Iterator[Claim]:
    """What a sentence like "X said …" claims: what X said, if that is a fact; else that X said it."""
    source, named = claimant(text, words, said), is_named(words, said)
    inner = []
    for start, end in said.contents:
        for clause in clauses(words, start, end):
            claim = _claim(text, words, clause, marks, source, named=named, views=said.views)
            if claim is not None:
                inner.append(claim)
    if said.aside is not None:
        # The article's own words about the source, not what the source said.
        aside = Clause(*said.aside, "relative", said.source)
        claim = _claim(text, words, aside, marks, None)
        if claim is not None:
            yield claim
    yield from inner
    if not any(claim.score >= _REPORTED for claim in inner):
        report = _report(text, words, said, marks, source, named)
        if report is not None:
            yield report


def _report(
    text: str, words: list[Token], said: Said, marks: list[tuple[int, int]], source: Claimant, named: bool
) -> Claim | None:
    span = tight(text, words, 0, _report_end(words, said), marks)
    if span is None:
        return None
    worth = _REPORTED + (0.05 if named else -_UNNAMED)
    reasons = ("attributed to a named source" if named else "attributed to a source without a name",)
    numbers = tuple(quantities(text, span))
    return Claim(
        span, span.of(text), readable(span.of(text)), Kind.ATTRIBUTION, worth, reasons, source, numbers
    )


def _report_end(words: list[Token], said: Said) -> int:
    """A report leaves out what the article adds about its source at the end."""
    return said.aside[0] - 1 if said.aside and said.aside[1] == len(words) else len(words)


def _claim(
    text: str,
    words: list[Token],
    clause: Clause,
    marks: list[tuple[int, int]],
    source: Claimant | None,
    *,
    named: bool = False,
    views: bool = False,
) -> Claim | None:
    span = tight(text, words, clause.start, clause.end, marks)
    if span is None or span.end - span.start > _LONGEST:
        return None
    inside = [
        word for word in words[clause.start : clause.end + 1] if word.start < span.end or word.low == "?"
    ]
    numbers = tuple(quantities(text, span))
    if clause.role == "participle" and not numbers:
        return None
    lows = [word.low for word in inside]
    act = _speech_act(inside, lows) if source is None and clause.role in ("main", "relative") else None
    worth, reasons = score(inside, numbers, role=clause.role, named=named, vouched=act)
    if source is not None and _partly_quoted(words, clause):
        worth, reasons = max(0.0, round(worth - 0.2, 2)), (*reasons, "partly in the source's own words")
    if views:
        worth, reasons = max(0.0, round(worth - 0.3, 2)), (*reasons, "told as somebody's view")
    return Claim(
        span,
        span.of(text),
        _statement(text, words, clause, span),
        kind_of(lows, numbers, reported=act is not None),
        worth,
        reasons,
        source,
        numbers,
    )


def _partly_quoted(words: list[Token], clause: Clause) -> bool:
    quoted = [bool(word.quote) for word in words[clause.start : clause.end] if word.is_word]
    return not all(quoted) and sum(quoted) > _LONG_QUOTE


def _speech_act(inside: list[Token], lows: list[str]) -> int | None:
    """Where the verb of urging, accusing or calling stands: that somebody did so is the claim then."""
    at = next((i for i, low in enumerate(lows[:14]) if low in en.SPEECH_ACTS), None)
    if at is None or lows[at].startswith("protest"):
        return None
    reaches = not en.PREPOSITIONS.isdisjoint(lows[at + 1 : at + 6]) or any(word.quote for word in inside[at:])
    return at if reaches else None


def _statement(text: str, words: list[Token], clause: Clause, span: Span) -> str:
    if clause.said is not None:
        return readable(clause.said)
    if clause.lead is not None:
        first, last = words[clause.lead[0]], words[clause.lead[1] - 1]
        joint = ", including " if clause.role == "item" else " "
        return readable(text[first.start : last.end] + joint + span.of(text))
    if is_pronoun(words, clause.start) and words[-1].end - words[0].start < _LONGEST:
        return readable(text[words[0].start : words[-1].end])
    return readable(span.of(text))


def _speakers(text: str, read: list[list[Token]], said: list[Said | None]) -> dict[int, Claimant]:
    """Whose each quotation is, so that all its sentences are theirs, not only the one that names them."""
    found = {}
    for words, report in zip(read, said, strict=True):
        if report is not None:
            for start, end in report.contents:
                for word in words[start:end]:
                    if word.quote:
                        found[word.quote] = replace(claimant(text, words, report), quoted=True)
    return found


def _nested(claims: Iterator[Claim]) -> list[Claim]:
    """In order, without doubles, and without one of two that overlap in part: the one worth less goes."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (c.span.start, -c.span.end, -c.score)):
        # Only the last few can reach this far, since all come in order and none is longer than a sentence.
        clash = [k for k in kept[-8:] if k.span.overlaps(claim.span) and not _inside(k.span, claim.span)]
        if any(k.score >= claim.score for k in clash):
            continue
        if clash:
            kept[-8:] = [k for k in kept[-8:] if k not in clash]
        kept.append(claim)
    return kept


def _inside(outer: Span, inner: Span) -> bool:
    return outer != inner and (outer.covers(inner) or inner.covers(outer))

"""From what a detector finds in a text to candidates: claims that are a machine's guess."""

import re
from typing import Any

import claims as finder
from claims.detectors import Detector, detector
from claims.tokens import quotations
from ledger import clock
from ledger.ids import new_id
from ledger.models import Appearance, Article, Claim, Quantity, Revision, Status, Triage
from ledger.models.claims import quantity_values

RULES: Detector = detector("rules")
DETECT_JOB = "detect"

_SHORTEST = 3  # characters of a statement, of people's too
_LONGEST_NAME = 60
_UNFIT = re.compile(r"[^0-9A-Za-z._-]+")


def found_in(document: finder.Document, by: Detector, *, floor: float) -> list[finder.Claim]:
    """What the detector finds worth at least `floor`, once at each span. Slow; raises ClaimsError."""
    found: dict[finder.Span, finder.Claim] = {}
    for claim in by.find(document):
        if claim.score >= floor and len(claim.statement) >= _SHORTEST:
            found.setdefault(claim.span, claim)
    return list(found.values())


def name_of(by: Detector) -> str:
    """A detector's name and version as the log takes them: "rules/1"."""
    name, _, version = by.name.partition("/")
    parts = [_UNFIT.sub("-", part) for part in (name or "detector", version or "0")]
    return "/".join(parts)[:_LONGEST_NAME]


def document_of(article: Article, revision: Revision) -> finder.Document:
    """A revision as detectors read it."""
    blocks = [
        finder.Block(finder.BlockKind(block["kind"]), finder.Span(block["start"], block["end"]))
        for block in revision.blocks
    ]
    return finder.Document(
        text=revision.text,
        blocks=tuple(blocks),
        title=article.title,
        byline=article.byline,
        publisher=article.publisher,
        published=article.published,
        language=article.language,
        url=article.url,
        media_type=article.media_type,
        direction="rtl" if article.direction == "rtl" else "ltr",
    )


def candidate(article: Article, revision: Revision, found: finder.Claim, *, by: str) -> list[Any]:
    """The records of a new candidate, the claim first."""
    now = clock.now()
    claim = Claim(
        id=new_id(),
        language=article.language,
        origin="detector",
        triage=Triage.CANDIDATE,
        status=Status.CANDIDATE,
        created_at=now,
        updated_at=now,
        **guessed(found, by=by),
    )
    quoted = found.claimant.quoted if found.claimant else False
    quantities = [
        Quantity(id=new_id(), claim_id=claim.id, position=place, **quantity_values(quantity))
        for place, quantity in enumerate(found.quantities)
    ]
    return [claim, appearance(claim, revision, found.span, quoted=quoted), *quantities]


def blocks_of(document: finder.Document) -> list[dict[str, Any]]:
    """The parts of a text as a revision keeps them."""
    return [{"kind": str(b.kind), "start": b.span.start, "end": b.span.end} for b in document.blocks]


def guessed(found: finder.Claim, *, by: str) -> dict[str, Any]:
    """The columns of a candidate that are the detector's guess."""
    return {
        "statement": found.statement[:2000],
        "kind": str(found.kind),
        "claimant": found.claimant.name[:300] if found.claimant else None,
        "claimant_cue": found.claimant.cue[:100] or None if found.claimant else None,
        "detector": by,
        "score": round(found.score, 4),
        "reasons": list(found.reasons),
    }


def appearance(
    claim: Claim, revision: Revision, span: finder.Span, *, quoted: bool | None = None
) -> Appearance:
    """The appearance of a claim at `span` of a revision's text; whether it is `quoted`, the text tells."""
    return Appearance(
        id=new_id(), claim_id=claim.id, article_id=revision.article_id, **place(revision, span, quoted=quoted)
    )


def place(revision: Revision, span: finder.Span, *, quoted: bool | None = None) -> dict[str, Any]:
    """The columns of an appearance that say where it stands."""
    quote = finder.quote(revision.text, span)
    return {
        "revision_id": revision.id,
        "start": span.start,
        "end": span.end,
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "quoted": _quoted(revision.text, span) if quoted is None else quoted,
    }


def _quoted(text: str, span: finder.Span) -> bool:
    begin = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    marks = quotations(text, begin, len(text) if end < 0 else end)
    return any(opened <= span.start and span.end <= closed for opened, closed in marks)

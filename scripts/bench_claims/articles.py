"""Claims in annotated news articles: sentences, spans, kinds, and what is marked that nobody should check.

The definitions are those of `../shared/data/score.py`: spans are matched one to one by their IoU, the best
pair first; a sentence is found when a claim reaches into it; a kind is right when it is the claim's type or
one of its secondary types. *rules* and *encoder* are the two detectors, at their usual threshold of .5; the
lines below them leave out one part of *rules* each. Held-out articles were annotated by somebody who saw
neither the code nor other articles, and were read by nobody who writes rules.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from claims import BlockKind, Claim, Document, Kind, Span, extract, read, sentences, worth
from claims.detection import Nature
from claims.detectors import Detector, detector
from claims.extract import candidates
from claims.lang import en
from claims.quantities import quantities
from claims.training.overlaps import iou, matched
from scripts.bench_claims.figures import Figure, bootstrap, f1, precision, recall

Find = Callable[[Document], Sequence[Claim]]
Counts = tuple[int, int, int]

CASES = Path(__file__).resolve().parents[2] / "tests" / "claims" / "cases"
TASK = "articles"
HELD_OUT = CASES / "held_out"
"""Articles that nobody who writes rules has read, and no weight is fitted to: for measuring alone."""
FLOOR = 0.5
PARTS = {
    "who somebody is": frozenset({"role", "apposition"}),
    "side clauses": frozenset({"participle", "when", "relative", "cause"}),
    "shared subjects": frozenset({"shared"}),
    "items and rows": frozenset({"item", "row"}),
    "reports": frozenset({"report"}),
}
_TYPES = {
    Kind.ATTRIBUTION: "quote", Kind.LAW_OR_POLICY: "policy", Kind.CAUSE: "causal", Kind.QUANTITY: "quantity",
    Kind.EVENT: "event", Kind.IDENTITY: "event", Kind.OTHER: "event", Kind.COMPARISON: "quantity",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim, or what is expressly none, as an annotator marked it."""

    span: Span
    types: frozenset[str]
    checkable: bool
    priority: str | None


@dataclass(frozen=True, slots=True)
class Article:
    name: str
    document: Document
    marked: tuple[Marked, ...]
    sentences: tuple[tuple[Span, bool], ...]

    @property
    def wanted(self) -> list[Marked]:
        return [mark for mark in self.marked if mark.checkable]


def measure(data: Path) -> Iterator[Figure]:
    systems: dict[str, Find] = {
        "every sentence": every_sentence,
        "a number or a reporting verb": telling_sentences,
        "TF-IDF over sentences": by_words,
        "rules": extract,
        "encoder": partial(by_detector, detector("encoder")),
        **{f"rules without {name}": partial(without, roles) for name, roles in PARTS.items()},
        "rules without telling facts from views": partial(without, frozenset(), facts=False),
    }
    for dataset, folders in (
        ("annotated articles, known to those who wrote the rules", (CASES, data / "example_article")),
        ("annotated articles, held out", (HELD_OUT,)),
    ):
        found = [_article(path) for folder in folders for path in sorted(folder.glob("*.gold.json"))]
        for system, find in systems.items():
            yield from figures(found, system, find, dataset=dataset)


def figures(found: Sequence[Article], system: str, find: Find, *, dataset: str) -> Iterator[Figure]:
    """All the measures of one way to find claims; nothing where there are no articles."""
    if not found:
        return
    scores = [_Score.of(article, find(article.document)) for article in found]
    for name, part, statistic, aim in _MEASURES:
        value, low, high = bootstrap([getattr(score, part) for score in scores], statistic)
        yield Figure(TASK, dataset, system, name, value, low, high, len(scores), aim)


_MEASURES: tuple[tuple[str, str, Callable[[Sequence[Counts]], float], float | None], ...] = (
    ("sentence P", "sentences", precision, 0.88),
    ("sentence R", "sentences", recall, None),
    ("sentence F1", "sentences", f1, 0.92),
    ("claim P at IoU .5", "half", precision, None),
    ("claim R at IoU .5", "half", recall, None),
    ("claim F1 at IoU .5", "half", f1, 0.75),
    ("claim F1 at IoU .8", "most", f1, 0.55),
    ("high priority R", "high", recall, 0.85),
    ("kind right", "kinds", precision, 0.80),
    ("predictions and opinions marked", "views", precision, 0.10),
    ("boilerplate marked", "furniture", precision, 0.0),
)


def every_sentence(document: Document) -> list[Claim]:
    return [_whole(document.text, span) for span in _spoken(document)]


def telling_sentences(document: Document) -> list[Claim]:
    """The sentences with a number or a reporting verb."""
    text = document.text
    return [
        _whole(text, span)
        for span in _spoken(document)
        if quantities(text, span) or not en.SAYING.isdisjoint(span.of(text).lower().split())
    ]


def by_detector(finder: Detector, document: Document) -> list[Claim]:
    return [claim for claim in finder.find(document) if claim.score >= FLOOR]


def by_words(document: Document) -> list[Claim]:
    """The sentences that the linear model alone thinks worth checking."""
    found = list(_spoken(document))
    text = document.text
    odds = worth.by_words([span.of(text) for span in found])
    return [_whole(text, span) for span, value in zip(found, odds, strict=True) if value > 0]


def without(roles: frozenset[str], document: Document, *, facts: bool = True) -> list[Claim]:
    """What the rules find, less the clauses of these roles; with all that is no fact, unless `facts`."""
    return [
        one.claim
        for one in candidates(document)
        if one.role not in roles and (one.claim.score >= FLOOR or not facts and one.nature is not Nature.FACT)
    ]


def type_of(claim: Claim) -> str:
    """Our kind in the annotators' terms."""
    if claim.kind is Kind.COMPARISON and not claim.quantities:
        return "event"
    return _TYPES[claim.kind]


@dataclass(frozen=True, slots=True)
class _Score:
    """What was found in an article, as (right, found, wanted) of each measure."""

    article: Article
    sentences: Counts
    half: Counts
    most: Counts
    high: Counts
    kinds: Counts
    views: Counts
    furniture: Counts

    @classmethod
    def of(cls, article: Article, claims: Sequence[Claim]) -> "_Score":
        spans = [claim.span for claim in claims]
        wanted = article.wanted
        pairs = matched([mark.span for mark in wanted], spans, 0.5)
        most = matched([mark.span for mark in wanted], spans, 0.8)
        high = [mark.span for mark in wanted if mark.priority == "high"]
        right = sum(type_of(claims[j]) in wanted[i].types for i, j in pairs)
        extra = [span for j, span in enumerate(spans) if j not in {j for _, j in pairs}]
        return cls(
            article,
            _sentences(article, spans),
            (len(pairs), len(spans), len(wanted)),
            (len(most), len(spans), len(wanted)),
            (len(matched(high, spans, 0.5)), len(spans), len(high)),
            (right, len(pairs), len(pairs)),
            (_overlapping(article, extra, "prediction", "opinion"), len(spans), 0),
            (_overlapping(article, extra, "boilerplate"), len(spans), 0),
        )


def _sentences(article: Article, spans: Sequence[Span]) -> Counts:
    hits = [any(span.overlaps(sentence) for span in spans) for sentence, _ in article.sentences]
    right = sum(hit and says for hit, (_, says) in zip(hits, article.sentences, strict=True))
    return right, sum(hits), sum(says for _, says in article.sentences)


def _overlapping(article: Article, extra: Sequence[Span], *types: str) -> int:
    bad = [mark.span for mark in article.marked if not mark.checkable and not mark.types.isdisjoint(types)]
    return sum(any(iou(span, other) >= 0.5 for other in bad) for span in extra)


@cache
def _article(path: Path) -> Article:
    gold = json.loads(path.read_text(encoding="utf-8"))
    document = read(path.with_name(gold["file"]).read_bytes(), filename=gold["file"])
    marked = tuple(
        Marked(
            Span(claim["start"], claim["end"]),
            frozenset([claim["type"], *claim.get("secondary_types", ())]),
            claim["checkable"],
            claim.get("priority"),
        )
        for claim in gold["claims"]
    )
    told = tuple(
        (Span(s["start"], s["end"]), bool(s.get("has_checkable_claim_or_quote", s["has_checkable_claim"])))
        for s in gold["sentences"]
    )
    return Article(path.name.removesuffix(".gold.json"), document, marked, told)


def _spoken(document: Document) -> Iterator[Span]:
    """The sentences of what an article itself says."""
    furniture = (BlockKind.BYLINE, BlockKind.CREDIT, BlockKind.BIOGRAPHY)
    blocks = [block.span for block in document.blocks if block.kind not in furniture]
    for span in sentences(document.text):
        if any(block.covers(span) for block in blocks):
            yield span


def _whole(text: str, span: Span) -> Claim:
    return Claim(span, span.of(text), span.of(text), Kind.OTHER, 1.0)

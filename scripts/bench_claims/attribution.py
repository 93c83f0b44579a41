"""Who said what in political news: PolNeAR's attributions against ours.

What was said is matched one to one by IoU in characters, the best pair first; it may stand in several
stretches. A source or cue is right when it covers half of the annotated one, or the other way round, in a
pair whose contents match.

The ablation begins with verbs of saying, each within its own sentence, and adds a part at a time; `rules` is
all of them, with quotations that go on over sentences.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.lang import en
from claims.model import Span
from claims.reports import Report, reports
from claims.segmentation import sentences
from scripts.bench_claims.figures import Figure, bootstrap, f1, precision, recall

TASK, SET = "attribution", "PolNeAR dev"
Counts = tuple[int, int, int]
Stretches = Sequence[tuple[int, int]]


Finder = Callable[[str], list[Report]]


def measure(data: Path) -> Iterator[Figure]:
    path = data / "polnear_attribution" / "dev.jsonl"
    if not path.exists():
        return
    articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for system, find in _systems():
        scores = [_Score.of(article, find) for article in articles]
        contents = [score.contents for score in scores]
        for name, statistic, aim in (
            ("content P at IoU .5", precision, None), ("content R at IoU .5", recall, None),
            ("content F1 at IoU .5", f1, 0.60),
        ):  # fmt: skip
            yield Figure(TASK, SET, system, name, *bootstrap(contents, statistic), len(scores), aim)
        for name, parts in (("source F1", [s.sources for s in scores]), ("cue F1", [s.cues for s in scores])):
            yield Figure(TASK, SET, system, name, *bootstrap(parts, f1), len(scores))


def _systems() -> Iterator[tuple[str, Finder]]:
    yield "rules", reports
    yield "verbs of saying", _only(lambda cue: cue in en.SAYING or cue == "according")
    yield "+ nouns", _only(lambda cue: cue in en.SAYING | en.SAYING_NOUNS or cue == "according")
    yield "+ attitudes", _only(str.isalpha)
    yield "+ signatures and interviews", _only(lambda cue: True)


def _only(wanted: Callable[[str], bool]) -> Finder:
    """The reports with such a cue, a verb's contents cut at the ends of its sentence."""

    def find(text: str) -> list[Report]:
        parts = sentences(text)
        told = [(report, report.cue.of(text).lower()) for report in reports(text)]
        found = [_within(report, cue, parts) for report, cue in told if wanted(cue)]
        return [report for report in found if report.contents]

    return find


def _within(report: Report, cue: str, parts: Sequence[Span]) -> Report:
    home = next((part for part in parts if part.start <= report.cue.start < part.end), None)
    if home is None or not cue.isalpha():
        return report  # a signature is behind its quotation, and an interview goes on by its nature
    cut = [(max(home.start, c.start), min(home.end, c.end)) for c in report.contents]
    return report._replace(contents=tuple(Span(start, end) for start, end in cut if start < end))


@dataclass(frozen=True, slots=True)
class _Score:
    """What was found in an article, as (right, found, wanted)."""

    contents: Counts
    sources: Counts
    cues: Counts

    @classmethod
    def of(cls, article: dict[str, Any], find: Finder) -> "_Score":
        found = find(article["text"])
        wanted = article["attributions"]
        pairs = _matched([gold["content"] for gold in wanted], [_contents(report) for report in found])
        sources = sum(
            _alike(wanted[i]["source"], [(source.start, source.end)])
            for i, j in pairs
            if (source := found[j].source) is not None
        )
        cues = sum(_alike(wanted[i]["cue"], [(found[j].cue.start, found[j].cue.end)]) for i, j in pairs)
        named = sum(bool(gold["source"]) for gold in wanted)
        told = sum(report.source is not None for report in found)
        return cls(
            (len(pairs), len(found), len(wanted)), (sources, told, named), (cues, len(found), len(wanted))
        )


def _contents(report: Report) -> Stretches:
    return [(span.start, span.end) for span in report.contents]


def _matched(wanted: Sequence[Stretches], found: Sequence[Stretches]) -> list[tuple[int, int]]:
    pairs = sorted(
        ((_iou(a, b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(found) if _touch(a, b)),
        reverse=True,
    )
    left: set[int] = set()
    right: set[int] = set()
    chosen = []
    for value, i, j in pairs:
        if value >= 0.5 and i not in left and j not in right:
            left.add(i)
            right.add(j)
            chosen.append((i, j))
    return chosen


def _touch(a: Stretches, b: Stretches) -> bool:
    return bool(a) and bool(b) and a[0][0] < b[-1][1] and b[0][0] < a[-1][1]


def _iou(a: Stretches, b: Stretches) -> float:
    left, right = _characters(a), _characters(b)
    return len(left & right) / len(left | right)


def _alike(a: Stretches, b: Stretches) -> bool:
    left, right = _characters(a), _characters(b)
    return bool(left and right) and 2 * len(left & right) >= min(len(left), len(right))


def _characters(stretches: Stretches) -> set[int]:
    return {at for start, end in stretches for at in range(start, end)}

"""Who said what in political news: PolNeAR's attributions against ours.

What was said (content) is matched one to one by IoU, the best pair first, as characters; a source or cue is right
when it overlaps the annotated one by half in a pair whose content matches. Discontinuous contents are taken
from their first to their last character. A measure on text that is shipped nowhere.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from claims import Span
from claims.attribution import Report, reports
from claims.text import normalise
from scripts.bench_claims.articles import iou, matched
from scripts.bench_claims.figures import Figure, bootstrap, f1, precision, recall

TASK, SET = "attribution", "PolNeAR dev"
Counts = tuple[int, int, int]


def measure(data: Path) -> Iterator[Figure]:
    path = data / "polnear_attribution" / "dev.jsonl"
    if not path.exists():
        return
    counts = [_counts(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    measures = [
        ("content P at IoU .5", precision, 0, None), ("content R at IoU .5", recall, 0, None),
        ("content F1 at IoU .5", f1, 0, 0.60), ("source F1", f1, 1, None), ("cue F1", f1, 2, None),
    ]  # fmt: skip
    for name, statistic, part, aim in measures:
        value, low, high = bootstrap([count[part] for count in counts], statistic)
        yield Figure(TASK, SET, "rules", name, value, low, high, len(counts), aim)


@dataclass(frozen=True, slots=True)
class Attributed:
    content: Span
    source: Span | None
    cue: Span | None


def found_in(text: str) -> list[Attributed]:
    return [Attributed(report.content, report.source, report.cue) for report in reports(text)]

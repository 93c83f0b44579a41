"""Sentences: exact spans in news, on the web, and in the rules that segmenters are tested by.

A sentence is right when both of its ends are. GUM and PUD are news of Universal Dependencies, EWT its weblogs
and newsgroups (with one line a paragraph, so that lists and mail headers run together); the golden rules are
those of pySBD and pragmatic_segmenter whose text is left as it is. The lines "without …" leave a part of ours
out.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claims import Span, sentences, stops
from claims.lang import en
from claims.patterns import Pattern
from claims.text import trimmed
from scripts.bench_claims.figures import Figure, bootstrap, f1, precision, recall

TASK = "segmentation"
SETS = {
    "GUM news dev": ("seg_ud_gum_news", 0.95), "PUD news dev": ("seg_ud_pud_news", 0.95),
    "EWT web dev": ("seg_ud_ewt_web", None), "golden rules": ("seg_golden_rules", None),
}  # fmt: skip
Split = Callable[[str], Sequence[Span]]
_NEVER = Pattern(r"(?!)")
_NONE: frozenset[str] = frozenset()
_PARTS: dict[str, dict[str, Any]] = {
    "abbreviations": {"en": {"BEFORE_NAMES": _NONE, "BEFORE_NUMBERS": _NONE, "MAY_END": _NONE}},
    "who speaks after a question": {"en": {"SAYING": _NONE}},
    "credits, rules and addresses set apart": {"stops": {"_SET_APART": _NEVER}},
    "lists on one line": {"stops": {"_ITEM": _NEVER, "_BULLET": _NEVER}},
}


def measure(data: Path) -> Iterator[Figure]:
    for name, (folder, aim) in SETS.items():
        path = data / folder / "dev.jsonl"
        if not path.exists():
            continue
        texts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        texts = [text for text in texts if text.get("spans")]
        yield from _figures(name, "a stop, a space and a capital", by_capital, texts, aim)
        yield from _figures(name, "sentencex", by_sentencex, texts, aim)
        yield from _figures(name, "ours", sentences, texts, aim)
        for part, changes in _PARTS.items():
            with _without(changes):
                yield list(_figures(name, f"ours without {part}", sentences, texts, aim))[-1]


def _figures(
    dataset: str, system: str, split: Split, texts: Sequence[dict[str, Any]], aim: float | None
) -> Iterator[Figure]:
    counts = [_counts(text, split) for text in texts]
    for measure_name, statistic in (("P", precision), ("R", recall), ("F1", f1)):
        goal = aim if measure_name == "F1" else None
        yield Figure(TASK, dataset, system, measure_name, *bootstrap(counts, statistic), len(texts), goal)


def _counts(text: dict[str, Any], split: Split) -> tuple[int, int, int]:
    wanted = {(start, end) for start, end in text["spans"]}
    found = {(span.start, span.end) for span in split(text["text"])}
    return len(wanted & found), len(found), len(wanted)


def by_capital(text: str) -> list[Span]:
    return _spans(
        text, (match.start() for match in re.finditer(r"(?<=[.!?])\s+(?=[A-Z\"“‘'(])|\n\s*\n", text))
    )


def by_sentencex(text: str) -> list[Span]:
    from sentencex import get_sentence_boundaries

    return _spans(text, (boundary["end_index"] for boundary in get_sentence_boundaries("en", text)))


def _spans(text: str, ends: Iterator[int]) -> list[Span]:
    found, begin = [], 0
    for end in (*ends, len(text)):
        start, stop = trimmed(text, begin, end)
        if start < stop:
            found.append(Span(start, stop))
        begin = end
    return found


@contextmanager
def _without(changes: dict[str, dict[str, Any]]) -> Iterator[None]:
    modules = {"en": en, "stops": stops}
    kept = {
        (module, name): getattr(modules[module], name) for module, names in changes.items() for name in names
    }
    for module, names in changes.items():
        for name, value in names.items():
            setattr(modules[module], name, value)
    try:
        yield
    finally:
        for (module, name), value in kept.items():
            setattr(modules[module], name, value)

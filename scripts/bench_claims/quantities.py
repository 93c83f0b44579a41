"""Quantities: values, units and changes in news and in the cases of two other readers of numbers.

A value is right when it is the annotated one (the mean of a range in quantulum3, which has no ranges).
Ordinals and dates, which the sets do not have, are left out of ours. A unit is right when it has the
annotated name, once the names that two sets have for one unit are made one; "last word" asks for its last
word alone. A change is up, down, more, less, about or none (NewsQuant). The lines "without …" leave a part of
ours out. NewsQuant's sentences have lost some of their commas, and a few of its values are wrong ("rose 0.2%"
is 2).
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from claims.lang import en
from claims.model import Quantity, Span
from claims.quantities import quantities
from scripts.bench_claims.figures import Figure, bootstrap, f1, precision, recall

TASK = "quantities"
Find = Callable[[str], Sequence[Quantity]]
Counts = tuple[int, int, int]
_SETS = {
    "NewsQuant dev": ("quantity_newsquant/dev.jsonl",),
    "Recognizers-Text dev": (
        "quantity_recognizers_text/dev_age.jsonl",
        "quantity_recognizers_text/dev_dimension.jsonl",
    ),
    "quantulum3 dev": ("quantity_quantulum3/dev.jsonl",),
}
_SAME = {
    "percentage": "percent", "%": "percent", "-": "", "dimensionless": "", "pound-mass": "pound",
    "metric ton": "tonne", "metric ton per year": "tonne per year", "ton per day": "tonne per day",
    "celsius": "degree celsius", "fahrenheit": "degree fahrenheit", "square feet": "square foot",
    "united states dollar": "dollar", "percentage per year": "percent per year",
    "united states dollar per barrel": "dollar per barrel",
}  # fmt: skip
_ROUGH = en.ROUGH - en.AT_LEAST - en.AT_MOST | {"averaging", "or so"}
_MORE = en.AT_LEAST | {"or more", "plus", "+", "in excess of"}
_LESS = en.AT_MOST | {"sub", "within", "or less", "or fewer", "as much as", "as many as"}


@dataclass(frozen=True, slots=True)
class _Gold:
    low: float
    high: float | None
    units: tuple[str, ...]
    change: str | None


@dataclass(frozen=True, slots=True)
class _Score:
    """Of a sentence: values, with their unit, with its last word; and the changes of those compared."""

    value: Counts
    unit: Counts
    last: Counts
    change: Counts


def measure(data: Path) -> Iterator[Figure]:
    for name, files in _SETS.items():
        paths = [data / file for file in files if (data / file).exists()]
        texts = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
        if not texts:
            continue
        news = name.startswith("NewsQuant")
        mean = name.startswith("quantulum3")
        yield from _figures(name, "figures and the next word", by_figures, texts, news, mean)
        yield from _figures(name, "ours", ours, texts, news, mean)
        for part, target, value in (
            ("numbers in words", "claims.quantities.numbers._in_words", lambda *_: ()),
            ("telling names from numbers", "claims.quantities.names.names", lambda *_, **__: False),
            ("what is counted", "claims.quantities.amounts.counted", lambda text, at, *_, **__: (at, None)),
            ("units said once for two", "claims.quantities.amounts._shared", lambda _, found: found),
        ):
            with patch(target, value):
                figures = list(_figures(name, f"ours without {part}", ours, texts, news, mean))
            yield from (figure for figure in figures if "F1" in figure.measure)


def ours(text: str) -> list[Quantity]:
    found = quantities(text, Span(0, len(text))) if text else []
    return [quantity for quantity in found if quantity.value is not None and quantity.unit != "ordinal"]


def by_figures(text: str) -> list[Quantity]:
    """Every number in figures, with the sign before it or the word behind it for its unit."""
    found = []
    for match in re.finditer(r"([$£€])?(\d+(?:,\d{3})*(?:\.\d+)?)(?: ?(%|[A-Za-z]+))?", text):
        unit = {"$": "dollar", "£": "pound sterling", "€": "euro"}.get(match[1] or "", match[3])
        found.append(Quantity(Span(*match.span(2)), match[2].replace(",", ""), unit=unit))
    return found


def _figures(
    dataset: str, system: str, find: Find, texts: Sequence[dict[str, Any]], news: bool, mean: bool
) -> Iterator[Figure]:
    scores = [_score(text, find, mean=mean) for text in texts]
    wanted = [
        ("value P", [s.value for s in scores], precision, None),
        ("value R", [s.value for s in scores], recall, None),
        ("value F1", [s.value for s in scores], f1, 0.90 if news else None),
        ("value with unit F1", [s.unit for s in scores], f1, 0.80 if news else None),
        ("with its last word F1", [s.last for s in scores], f1, None),
    ]
    if news and find is ours:
        wanted.append(("change right", [s.change for s in scores], precision, None))
    for name, counts, statistic, aim in wanted:
        yield Figure(TASK, dataset, system, name, *bootstrap(counts, statistic), len(texts), aim)


def _score(text: dict[str, Any], find: Find, *, mean: bool) -> _Score:
    wanted = [_gold(quantity) for quantity in text["quantities"]]
    found = list(find(text["text"]))
    sizes = len(found), len(wanted)
    values = units = lasts = changes = compared = 0
    for gold in wanted:
        alike = [one for one in found if _same_value(one, gold, mean=mean)]
        if not alike:
            continue
        best = next((one for one in alike if _same_unit(one.unit, gold)), alike[0])
        found.remove(best)
        values += 1
        units += _same_unit(best.unit, gold)
        lasts += _same_unit(best.unit, gold) or _last(best.unit) in {_last(unit) for unit in gold.units}
        if gold.change is not None:
            compared += 1
            changes += _change(best) == gold.change
    return _Score((values, *sizes), (units, *sizes), (lasts, *sizes), (changes, compared, compared))


def _gold(quantity: dict[str, Any]) -> _Gold:
    number = r"-?[\d.]+(?:[eE]-?\d+)?"
    value = str(quantity["value"])
    pair = re.fullmatch(f"({number})-({number})", value)
    low, high = (float(pair[1]), float(pair[2])) if pair else (float(value), None)
    units = tuple(quantity[name] for name in ("normalized_unit", "unit") if quantity.get(name))
    return _Gold(low, high, units, quantity.get("change"))


def _same_value(found: Quantity, gold: _Gold, *, mean: bool) -> bool:
    low, high = float(found.value or 0), float(found.high) if found.high else None
    if mean and high is not None:
        low, high = (low + high) / 2, None
    if high is None or gold.high is None:
        return high is gold.high and _near(low, gold.low)
    return _near(low, gold.low) and _near(high, gold.high)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-3 * max(abs(one), abs(other))


def _same_unit(unit: str | None, gold: _Gold) -> bool:
    return _name(unit) in {_name(name) for name in gold.units}


def _name(unit: str | None) -> str:
    plain = (unit or "").lower().replace("’", "'").strip()
    return _SAME.get(plain, plain)


def _last(unit: str | None) -> str:
    return _name(unit).rpartition(" ")[2]


def _change(found: Quantity) -> str:
    if found.change:
        return found.change
    bound = found.bound or ""
    return "~" if bound in _ROUGH else ">" if bound in _MORE else "<" if bound in _LESS else "="

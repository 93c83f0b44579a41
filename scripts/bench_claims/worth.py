"""Is a sentence worth checking? Average precision against what the coders of political debates said.

The encoder was trained on the debates of 1960 to 2008, and so is TF-IDF here. On those of 2012 the encoder's
rate of learning and the blend's three weights were chosen; the card in claims/models/worth has the blend
cross-fitted. CheckThat! 2019 has other debates and speeches, and there worth checking is what FactCheck.org
checked.
"""

import csv
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims import features
from claims.lang import en
from claims.worth import by_meaning, by_words, worth
from scripts.bench_claims.figures import Figure, average_precision, bootstrap

TASK = "worth"
Row = dict[str, str]
Scored = tuple[int, float]
System = Callable[[Sequence[str]], Sequence[float]]


def measure(data: Path) -> Iterator[Figure]:
    debates, talks = data / "claimbuster", data / "ct19_t1" / "train_no2016pres.csv"
    systems: dict[str, System] = {"every sentence": _all_alike, "a number or a reporting verb": _telling}
    if (debates / "train.csv").exists():
        systems["TF-IDF"] = _TfIdf(_rows(debates / "train.csv"))
    systems |= {
        "linear alone": _listed(by_words),
        "encoder alone": _listed(by_meaning),
        "encoder and linear": worth,
    }
    if (debates / "dev.csv").exists():
        yield from _on_debates(_rows(debates / "dev.csv"), systems)
    if talks.exists():
        yield from _on_talks(_rows(talks), systems)


def _on_debates(rows: Sequence[Row], systems: dict[str, System]) -> Iterator[Figure]:
    dataset = "ClaimBuster, debates of 2012"
    for name, system in systems.items():
        scored = _scored(rows, system)
        yield Figure(TASK, dataset, name, "AP", *bootstrap(scored, average_precision), len(scored))
        if name in ("linear alone", "encoder alone"):
            scored = [(label, 1 / (1 + math.exp(-odds))) for label, odds in scored]
        elif system is not worth:
            continue
        yield Figure(TASK, dataset, name, "Brier score", *bootstrap(scored, _brier), len(scored))
        yield Figure(
            TASK, dataset, name, "calibration error", *bootstrap(scored, _calibration_error), len(scored)
        )


def _on_talks(rows: Sequence[Row], systems: dict[str, System]) -> Iterator[Figure]:
    for name, system in systems.items():
        scored = iter(_scored(rows, system))
        talks = [[next(scored) for _ in talk] for _, talk in groupby(rows, key=lambda row: row["debate"])]
        yield Figure(
            TASK, "CheckThat! 2019, by transcript", name, "MAP", *bootstrap(talks, _mean_ap), len(talks)
        )


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _scored(rows: Sequence[Row], system: System) -> list[Scored]:
    scores = system([row["text"] for row in rows])
    return [(int(row["label"]), float(score)) for row, score in zip(rows, scores, strict=True)]


def _mean_ap(talks: Sequence[Sequence[Scored]]) -> float:
    return sum(map(average_precision, talks)) / len(talks)


def _brier(scored: Sequence[Scored]) -> float:
    return sum((chance - label) ** 2 for label, chance in scored) / len(scored)


def _calibration_error(scored: Sequence[Scored]) -> float:
    """How far probabilities are off on average, in ten bins."""
    off: Counter[int] = Counter()
    for label, chance in scored:
        off[min(9, int(10 * chance))] += chance - label  # type: ignore[assignment]
    return sum(map(abs, off.values())) / len(scored)


# ------------------------------------------------------------------------------------- baselines


def _all_alike(texts: Sequence[str]) -> list[float]:
    return [1.0] * len(texts)


def _telling(texts: Sequence[str]) -> list[float]:
    return [
        float(any(c.isdigit() for c in text) or not en.SAYING.isdisjoint(text.lower().split()))
        for text in texts
    ]


def _listed(odds: Callable[[Sequence[str]], NDArray[np.float32]]) -> System:
    return lambda texts: odds(texts).tolist()


class _TfIdf:
    """Words and pairs of words by TF-IDF under a logistic regression: what one would try first."""

    def __init__(
        self, rows: Sequence[Row], *, rounds: int = 300, rate: float = 20.0, keep: float = 3e-5
    ) -> None:
        bags = [features.bags(row["text"])[0] for row in rows]
        labels = np.array([int(row["label"]) for row in rows])
        known = Counter(bucket for bag in bags for bucket in bag)
        self.rarity = {bucket: math.log(len(rows) / count) + 1 for bucket, count in known.items()}
        self.weights, self.bias = np.zeros(features.BUCKETS), 0.0
        where, buckets, values = self._flat(bags)
        last = self.weights
        for i in range(rounds):  # Nesterov's gradient descent
            ahead = self.weights + i / (i + 3) * (self.weights - last)
            odds = np.bincount(where, values * ahead[buckets], len(bags)) + self.bias
            wrong = 1 / (1 + np.exp(-odds)) - labels
            slope = np.bincount(buckets, values * wrong[where], features.BUCKETS) / len(bags)
            last, self.weights = self.weights, ahead - rate * (slope + keep * ahead)
            self.bias -= wrong.mean()

    def __call__(self, texts: Sequence[str]) -> list[float]:
        bags = [features.bags(text)[0] for text in texts]
        where, buckets, values = self._flat(bags)
        odds: list[float] = (
            np.bincount(where, values * self.weights[buckets], len(bags)) + self.bias
        ).tolist()
        return odds

    def _flat(
        self, bags: Sequence[features.Bag]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """All bags end to end: in which text, which bucket, how much. Each text's values have length 1."""
        weighed = [{b: v * self.rarity[b] for b, v in bag.items() if b in self.rarity} for bag in bags]
        where = np.repeat(np.arange(len(bags)), [len(bag) for bag in weighed])
        buckets = np.array([bucket for bag in weighed for bucket in bag], np.int64)
        values = np.array([value / math.hypot(*bag.values()) for bag in weighed for value in bag.values()])
        return where, buckets, values

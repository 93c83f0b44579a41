"""How good scores are: average precision, calibration, and the interval of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Measure = Callable[[Floats, Floats], float]

ROUNDS = 1_000
_BINS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its 95 % bootstrap interval over the sentences."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def figure(measure: Measure, scores: Floats, labels: Floats, *, seed: int = 1) -> Figure:
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(ROUNDS):
        sample = chance.integers(0, len(labels), len(labels))
        drawn.append(measure(scores[sample], labels[sample]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(measure(scores, labels), float(low), float(high))


def average_precision(scores: Floats, labels: Floats) -> float:
    """The mean, over the sentences worth checking, of the precision at the rank of each; 0 without any."""
    ranked = labels[np.argsort(-scores, kind="stable")].astype(bool)
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].mean()) if ranked.any() else 0.0


def brier(chances: Floats, labels: Floats) -> float:
    """The mean squared difference between probability and truth: 0 is best."""
    return float(np.mean((chances - labels) ** 2))


def calibration_error(chances: Floats, labels: Floats) -> float:
    """Expected calibration error over ten bins: how far off the probabilities are on average."""
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    off = [abs(float(np.sum(chances[bins == i] - labels[bins == i]))) for i in range(_BINS)]
    return sum(off) / len(labels)

"""A measured figure with its interval, and how such an interval is made."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

SEED = 2026
ROUNDS = 1_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what was measured, on which set, of which system.

    `low` and `high` are the 95 % bootstrap interval, None where there is nothing to resample. `n` counts the
    items that were resampled (articles, sentences, queries). `share` says that the value lies in 0..1.
    """

    task: str
    dataset: str
    system: str
    measure: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    aim: float | None = None
    share: bool = True


def bootstrap(
    items: Sequence[Item],
    statistic: Callable[[Sequence[Item]], float],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> tuple[float, float | None, float | None]:
    """`statistic` of all items, and its 95 % interval over `rounds` samples drawn with replacement.

    An item is what was drawn independently: an article, a query, a sentence; never a claim of an article.
    """
    value = statistic(items)
    if len(items) < 2:
        return value, None, None
    chance = random.Random(seed)
    drawn = sorted(statistic(chance.choices(items, k=len(items))) for _ in range(rounds))
    return value, drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds) - 1]


def f1(counts: Sequence[tuple[int, int, int]]) -> float:
    """F1 from (found and right, found, to be found), summed over the items (micro average)."""
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return 2 * right / (found + wanted) if found + wanted else 0.0


def precision(counts: Sequence[tuple[int, int, int]]) -> float:
    right, found, _ = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return right / found if found else 0.0


def recall(counts: Sequence[tuple[int, int, int]]) -> float:
    right, _, wanted = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return right / wanted if wanted else 0.0


def average_precision(items: Sequence[tuple[int, float]]) -> float:
    """Average precision of (label, score) pairs; ties keep their order."""
    right = total = 0.0
    for rank, (label, _) in enumerate(sorted(items, key=lambda item: -item[1]), 1):
        if label:
            right += 1
            total += right / rank
    return total / right if right else 0.0

"""The model's card: what it is made of, under which licence, how good it is, and what it is not good for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from claims.features import signs
from claims.training.linear import crossed
from claims.training.measures import Floats, Measure, average_precision, brier, calibration_error, figure
from claims.training.sentences import KINDS, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

_CARD = Path(__file__).with_name("card.md")


def card(
    train: Sequence[Sentence],
    dev: Sequence[Sentence],
    meaning: Floats,
    words: Floats,
    *,
    epochs: int,
    seed: int,
) -> str:
    """`meaning` and `words` are the two models' log-odds for dev."""
    labels = np.array([sentence.is_worth for sentence in dev])
    systems = {
        "encoder": _chance(meaning),
        "linear model": _chance(words),
        "both": crossed(meaning, words, labels),
    }
    measures: list[Measure] = [average_precision, brier, calibration_error]
    rows = [
        " | ".join([f"| {name}", *(str(figure(measure, chances, labels)) for measure in measures)]) + " |"
        for name, chances in systems.items()
    ]
    return _CARD.read_text(encoding="utf-8").format(
        signs=len(signs("")), counts=f"{_counts('train', train)} {_counts('dev', dev)}",
        rows="\n".join(rows), share=labels.mean(), epochs=epochs, seed=seed,
    )  # fmt: skip


def _counts(part: str, found: Sequence[Sentence]) -> str:
    kinds = Counter(KINDS[sentence.kind] for sentence in found)
    facts = f"{kinds['CFS']:,} worth checking, {kinds['UFS']:,} facts of no importance"
    return f"{part}: {len(found):,} sentences, {facts}, {kinds['NFS']:,} without a fact."


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))

"""The linear half of the model, and the blend of both halves: logistic regressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression

from claims.features import BUCKETS, Bag, bags, signs
from claims.worth import Linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.training.measures import Floats

_SIGNS_SCALE = 0.2  # of one deviation of a sign, beside n-grams whose squares add up to 1
_STRENGTH = 4.0  # C, chosen on dev.csv


def fit(texts: Sequence[str], is_worth: Sequence[bool]) -> dict[str, Floats]:
    """The weights as `claims.worth.Linear` keeps them: words, runs, and signs with the bias at the end."""
    words, runs = zip(*map(bags, texts), strict=True)
    table = np.array([signs(text) for text in texts])
    scale = _SIGNS_SCALE / np.maximum(table.std(0), 1e-6)
    matrix = hstack([_matrix(words), _matrix(runs), csr_array(table * scale)]).tocsr()
    model = LogisticRegression(C=_STRENGTH, max_iter=400).fit(matrix, is_worth)
    weights = model.coef_[0]
    return {
        # Half the precision is a quarter of a megabyte less, and changes no figure.
        "words": weights[:BUCKETS].astype(np.float16),
        "runs": weights[BUCKETS : 2 * BUCKETS].astype(np.float16),
        "signs": np.append(weights[2 * BUCKETS :] * scale, model.intercept_).astype(np.float32),
    }


def log_odds(weights: dict[str, Floats], texts: Sequence[str]) -> Floats:
    """What `fit` makes of these texts, float32 [n], by the program that will run it."""
    model = Linear(
        **{name: array.astype(np.float32) for name, array in weights.items()},
        blending=np.zeros(3, np.float32),
    )
    return np.array([model.log_odds(text) for text in texts], np.float32)


def crossed(meaning: Floats, words: Floats, is_worth: Floats, *, folds: int = 5) -> Floats:
    """The blend's probability for each sentence, from a blend that was fitted without it."""
    fold = np.arange(len(is_worth)) % folds
    odds = np.zeros(len(is_worth))
    for i in range(folds):
        kept, held = fold != i, fold == i
        by_meaning, by_words, bias = blend(meaning[kept], words[kept], is_worth[kept])
        odds[held] = by_meaning * meaning[held] + by_words * words[held] + bias
    return np.asarray(1 / (1 + np.exp(-odds)))


def blend(meaning: Floats, words: Floats, is_worth: Floats) -> Floats:
    """The weight of the encoder's log-odds, that of the linear model's, and the bias."""
    model = LogisticRegression(C=100.0).fit(np.stack([meaning, words], 1), is_worth)
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)


def _matrix(rows: Sequence[Bag]) -> csr_array:
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((bucket for row in rows for bucket in row), np.int32)
    values = np.fromiter((value for row in rows for value in row.values()), np.float64)
    return csr_array((values, columns, ends), shape=(len(rows), BUCKETS))

"""Fit the weights of claims/grading.py to annotated articles.

    python -m claims.training.grading tests/claims/cases [MORE …] [--out claims/models/grading]

An article is NAME.txt with NAME.gold.json beside it, as in tests/claims/cases. Each candidate that matches a
marked claim (IoU .5, one to one) is taught its grade, every other one 0. Prints how well the grades of each
article are foretold by weights fitted to all the others.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims import read
from claims.extract import candidates
from claims.grading import FOLDER, NAMES, features
from claims.model import Span
from claims.training.base import write_sums
from claims.training.measures import average_precision
from claims.training.overlaps import matched

if TYPE_CHECKING:
    from collections.abc import Sequence

GRADES = {"high": 1.0, "medium": 0.9, "low": 0.8}
"""What a candidate is taught that matches a claim of this priority."""

_RIDGE = 10.0
_STEPS = 40
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Article:
    """Candidates as rows of features, and the grade of each."""

    name: str
    rows: Floats
    taught: Floats


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m claims.training.grading", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    articles = [_article(path) for folder in asked.folders for path in sorted(folder.glob("*.gold.json"))]
    figures = foretold(articles)
    asked.out.mkdir(parents=True, exist_ok=True)
    weights = fit(np.concatenate([a.rows for a in articles]), np.concatenate([a.taught for a in articles]))
    named = dict(zip((*NAMES, "bias"), (round(float(w), 4) for w in weights), strict=True))
    about = {"articles": len(articles), "candidates": sum(len(a.taught) for a in articles), **figures}
    told = json.dumps({"weights": named, "fitted to": about}, indent=1)
    (asked.out / "weights.json").write_text(told + "\n", encoding="utf-8")
    write_sums(asked.out, "weights.json")
    print(told)


def fit(rows: Floats, taught: Floats) -> Floats:
    """Logistic regression with a ridge, by Newton's steps: a weight for each column, and the bias."""
    middle, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.c_[(rows - middle) / spread, np.ones(len(rows))]
    weights = np.zeros(scaled.shape[1])
    ridge = np.diag([_RIDGE] * rows.shape[1] + [1e-6])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chances - taught) + ridge @ weights
        bend = (scaled * (chances * (1 - chances))[:, None]).T @ scaled + ridge
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ middle)


def foretold(articles: Sequence[Article]) -> dict[str, float]:
    """Average precision of the grade, each article by weights fitted to the others: marked, and important."""
    important, grades, taught = [], [], []
    for article in articles:
        others = [other for other in articles if other is not article]
        weights = fit(np.concatenate([o.rows for o in others]), np.concatenate([o.taught for o in others]))
        given = 1 / (1 + np.exp(-(article.rows @ weights[:-1] + weights[-1])))
        grades.append(given)
        taught.append(article.taught)
        important.append(average_precision(given, article.taught == GRADES["high"]))
    marked = average_precision(np.concatenate(grades), np.concatenate(taught) > 0)
    return {
        "average precision, marked": round(marked, 3),
        "average precision, high priority, mean of articles": round(float(np.mean(important)), 3),
    }


def _article(path: Path) -> Article:
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    text = path.with_name(path.name.replace(".gold.json", ".txt"))
    document = read(text.read_bytes(), filename=text.name)
    found = list(candidates(document))
    wanted = [claim for claim in gold["claims"] if claim["checkable"]]
    taught = np.zeros(len(found))
    for i, j in matched([Span(c["start"], c["end"]) for c in wanted], [c.claim.span for c in found], 0.5):
        taught[j] = GRADES[wanted[i]["priority"]]
    return Article(path.name, np.array(features(found)), taught)


if __name__ == "__main__":
    main()

"""How a reader would grade a candidate, by what the rules see in it and what the model makes of its words.

The weights were fitted on our own annotated articles (claims/training/grading.py), where a grade is 1 for a
claim of high priority, less for a lesser one, and 0 for what nobody marked. They are a handful, with names.
"""

from __future__ import annotations

import json
from functools import cache
from math import exp, log
from typing import TYPE_CHECKING

from claims.detection import Nature
from claims.encoder import MODELS, check
from claims.values import dataclass
from claims.worth import worth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claims.extract import Candidate

FOLDER = MODELS / "grading"
CHECKED, LEFT = "reads like what fact-checkers check", "reads like what fact-checkers leave"
LIKELY, UNLIKELY = 0.7, 0.1
"""From which worth on, and down to which, those two are said."""

_SURE = 0.001  # no chance is taken for less, nor for more than 0.999
_TEN, _LONG = 10, 30  # words; a longer clause counts as that long
_SHORT, _SHORTER = 6, 4  # words

_SIGNS: dict[str, Callable[[Candidate], bool]] = {
    "a prediction": lambda c: c.nature is Nature.PREDICTION,
    "an opinion": lambda c: c.nature is Nature.OPINION,
    "a question or an instruction": lambda c: c.nature in (Nature.QUESTION, Nature.INSTRUCTION),
    "a report": lambda c: c.role == "report",
    "who somebody is": lambda c: c.role in ("role", "apposition"),
    "an item or a row": lambda c: c.role in ("item", "row"),
    "a side clause": lambda c: c.role in ("participle", "when", "relative"),
    "a main clause": lambda c: c.role == "main",
    "without a verb": lambda c: c.role == "verbless",
    "a number": lambda c: any(q.value is not None for q in c.claim.quantities),
    "a date": lambda c: any(q.date is not None for q in c.claim.quantities),
    "attributed": lambda c: c.claim.claimant is not None,
    "quoted": lambda c: c.claim.claimant is not None and c.claim.claimant.quoted,
    "under six words": lambda c: len(c.claim.text.split()) < _SHORT,
    "under four words": lambda c: len(c.claim.text.split()) < _SHORTER,
}
NAMES = ("rules", "worth", "length", *_SIGNS)
"""The features, in order. "rules" and "worth" are log-odds, "length" counts tens of words."""
_WORTH = NAMES.index("worth")


@dataclass(frozen=True, slots=True)
class Grade:
    """`value` 0 to 1; `reason` says what the learned model made of the words, where that says something."""

    value: float
    reason: str | None


def grades(found: Sequence[Candidate]) -> list[Grade]:
    """The grade of each candidate, in their order. Raises ModelDamaged."""
    weights = _weights()
    bias = weights["bias"]
    made = []
    for row in features(found):
        odds = bias + sum(weights[name] * value for name, value in zip(NAMES, row, strict=True))
        made.append(Grade(round(_chance(odds), 3), _reason(_chance(row[_WORTH]))))
    return made


def features(found: Sequence[Candidate]) -> list[list[float]]:
    """One number for each of NAMES, for each candidate."""
    return [
        [
            log_odds(c.claim.score),
            log_odds(chance),
            min(len(c.claim.text.split()), _LONG) / _TEN,
            *(float(holds(c)) for holds in _SIGNS.values()),
        ]
        for c, chance in zip(found, worth([c.claim.text for c in found]), strict=True)
    ]


def _reason(worth_of_words: float) -> str | None:
    if worth_of_words >= LIKELY:
        return CHECKED
    return LEFT if worth_of_words <= UNLIKELY else None


def log_odds(chance: float) -> float:
    chance = min(max(chance, _SURE), 1 - _SURE)
    return log(chance / (1 - chance))


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds)) if odds > 0 else exp(odds) / (1 + exp(odds))


@cache
def _weights() -> dict[str, float]:
    check(FOLDER)
    weights: dict[str, float] = json.loads((FOLDER / "weights.json").read_text(encoding="utf-8"))["weights"]
    return weights

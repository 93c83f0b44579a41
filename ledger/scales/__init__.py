"""Rating scales: versioned data files, one a version, never edited in place.

A scale that changes gets a new file with the next version; verdicts keep the version they were
given on. A rating's number may be none, and then none is ever invented.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of a scale; `status` is the status word of a claim that has it."""

    code: str
    label: str | None
    number: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A published way of rating claims; `own_words` scales take a sentence instead of a label."""

    id: str
    version: int
    name: str
    ratings: tuple[Rating, ...]
    note: str = ""
    own_words: bool = False

    def rating(self, code: str) -> Rating | None:
        """The rating with that code, if the scale has it."""
        return next((rating for rating in self.ratings if rating.code == code), None)

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The worst and the best number, where the scale gives numbers."""
        numbers = [rating.number for rating in self.ratings if rating.number is not None]
        return (min(numbers), max(numbers)) if numbers else None


@cache
def all_scales() -> dict[str, Scale]:
    """The newest version of each scale, by id."""
    scales: dict[str, Scale] = {}
    for scale in _every():
        if scale.id not in scales or scales[scale.id].version < scale.version:
            scales[scale.id] = scale
    return dict(sorted(scales.items()))


def scale_of(id: str, version: int) -> Scale | None:
    """A scale as it was in that version, which a verdict names."""
    return next((scale for scale in _every() if (scale.id, scale.version) == (id, version)), None)


@cache
def _every() -> tuple[Scale, ...]:
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".json")]
    return tuple(_read(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def _read(raw: dict) -> Scale:  # type: ignore[type-arg]
    ratings = tuple(Rating(**rating) for rating in raw.pop("ratings"))
    return Scale(ratings=ratings, **raw)

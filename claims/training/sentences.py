"""ClaimBuster's sentences: train.csv and dev.csv, each with the columns id, text, label3."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("NFS", "UFS", "CFS")
"""No fact, a fact of no importance, a fact worth checking: the order of the network's three scores."""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    kind: int
    """Where its label stands in KINDS."""

    @property
    def is_worth(self) -> bool:
        return KINDS[self.kind] == "CFS"


def read(path: Path) -> list[Sentence]:
    """The sentences of one file. ValueError names the row of a wrong label, or a missing column."""
    found = []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                found.append(Sentence(row["text"], KINDS.index(row["label3"])))
            except KeyError as column:
                raise ValueError(f"{path.name} has no column {column}") from None
            except ValueError:
                raise ValueError(f"{path.name}, {row.get('id')}: no such label: {row['label3']!r}") from None
    if not found:
        raise ValueError(f"{path.name} is empty")
    return found

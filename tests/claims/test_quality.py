"""How good the claim finder is at least, on articles that nobody who wrote its rules has read.

A floor, well under what docs/benchmarks.md says: it catches what breaks, and measures nothing.
"""

import json
from pathlib import Path

import pytest

from claims import Span, read
from claims.detectors import detector
from claims.training.overlaps import matched

HELD_OUT = Path(__file__).parent / "cases" / "held_out"


def counted(name: str) -> tuple[int, int, int]:
    """Claims found that were marked, found, and marked, over all held-out articles."""
    finder = detector(name)
    right = found = wanted = 0
    for path in HELD_OUT.glob("*.gold.json"):
        marked = [c for c in json.loads(path.read_text())["claims"] if c["checkable"]]
        document = read(path.with_name(path.name.replace(".gold.json", ".txt")).read_bytes())
        claims = [claim for claim in finder.find(document) if claim.score >= 0.5]
        right += len(matched([Span(c["start"], c["end"]) for c in marked], [c.span for c in claims], 0.5))
        found += len(claims)
        wanted += len(marked)
    return right, found, wanted


@pytest.mark.parametrize("name", ["rules", "encoder"])
def test_most_of_what_a_reader_marks_is_found_and_little_else(name):
    right, found, wanted = counted(name)
    assert wanted > 150
    assert right / found > 0.7
    assert right / wanted > 0.6

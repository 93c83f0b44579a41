"""Values that cannot be wrong."""

import subprocess
import sys

import pytest

from claims import Block, BlockKind, Claim, Claimant, Document, Kind, Quantity, Quote, Span


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 1)])
def test_a_span_that_covers_nothing_cannot_be_made(start, end):
    with pytest.raises(ValueError):
        Span(start, end)


def test_a_span_counts_code_points_and_refuses_to_run_past_the_end():
    assert Span(1, 3).of("a🙂é!") == "🙂é"
    with pytest.raises(ValueError):
        Span(0, 5).of("abc")


@pytest.mark.parametrize("wrong", [
    lambda: Quote(""), lambda: Quantity(None, "many"), lambda: Quantity(None, None), lambda: Quantity(None, "NaN"),
    lambda: Quantity(None, None, high="3", date="2026"), lambda: Claimant(" ", "said"),
    lambda: Claim(Span(0, 3), "ab", "Ab", Kind.OTHER, 0.5), lambda: Claim(Span(0, 2), "ab", " ", Kind.OTHER, 0.5),
    lambda: Claim(Span(0, 2), "ab", "Ab", Kind.OTHER, 1.5), lambda: Document("e\u0301", ()), lambda: Document("a\r", ()),
    lambda: Document("abc", (Block(BlockKind.PARAGRAPH, Span(0, 4)),)),
    lambda: Document("abc", (Block(BlockKind.LIST, Span(1, 2)), Block(BlockKind.LIST, Span(0, 2)))),
])  # fmt: skip
def test_a_wrong_value_cannot_be_made(wrong):
    with pytest.raises(ValueError):
        wrong()


def test_importing_the_library_loads_no_parser_and_no_web_framework():
    heavy = "{'trafilatura', 'pypdfium2', 'mammoth', 'sentencex', 'lxml', 'markdown_it', 'flask', 'ledger', 'sqlmodel'}"
    code = f"import sys, claims; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"

"""The digest that a signature binds to changes with everything that is signed, and with nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger import clock
from ledger.models import Appearance, Claim, Evidence, Verdict
from ledger.services.digests import digest


def _case() -> dict[str, Any]:
    return {
        "claim": Claim(id="c1", statement="It cost 4.2 million.", kind="quantity", claimant=None),
        "verdict": Verdict(
            scale="ledger",
            scale_version=1,
            code="supported",
            label="Supported",
            number=5.0,
            rationale="It did.",
        ),
        "appearances": [
            Appearance(id="a1", revision_id="r1", start=10, end=20, exact="cost 4.2 m", fate="same"),
            Appearance(id="a2", revision_id="r2", start=0, end=4, exact="cost", fate="same"),
        ],
        "evidence": [
            Evidence(id="e1", url="https://a.example/", stance="supports", quote="4.2", note="p. 3"),
            Evidence(id="e2", url="https://b.example/", stance="context", quote=None, note=None),
        ],
    }


def _digest(case: dict[str, Any]) -> str:
    return digest(case["claim"], case["verdict"], case["appearances"], case["evidence"])


def _set(what: str, place: int | None, column: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(case: dict[str, Any]) -> None:
        record = case[what] if place is None else case[what][place]
        setattr(record, column, value)

    return change


SIGNED = {
    "the claim itself": _set("claim", None, "id", "c2"),
    "the statement": _set("claim", None, "statement", "It cost 4.3 million."),
    "the span's words": _set("appearances", 0, "exact", "cost 4.3 m"),
    "where the span starts": _set("appearances", 0, "start", 11),
    "where the span ends": _set("appearances", 0, "end", 21),
    "the revision": _set("appearances", 0, "revision_id", "r9"),
    "what became of the words": _set("appearances", 1, "fate", "orphaned"),
    "an appearance fewer": lambda case: case["appearances"].pop(),
    "the scale": _set("verdict", None, "scale", "snopes"),
    "the scale's version": _set("verdict", None, "scale_version", 2),
    "the rating": _set("verdict", None, "code", "refuted"),
    "the rating's words": _set("verdict", None, "label", "True"),
    "the rating's number": _set("verdict", None, "number", None),
    "the rationale": _set("verdict", None, "rationale", "It did not."),
    "the address of a source": _set("evidence", 0, "url", "https://c.example/"),
    "a stance": _set("evidence", 0, "stance", "refutes"),
    "a quote": _set("evidence", 0, "quote", "4.3"),
    "a note": _set("evidence", 0, "note", "p. 4"),
    "evidence taken back": _set("evidence", 0, "withdrawn_at", clock.now()),
    "a piece fewer": lambda case: case["evidence"].pop(),
    "a piece more": lambda case: case["evidence"].append(
        Evidence(id="e3", url="https://d.example/", stance="supports", quote=None, note=None)
    ),
}
UNSIGNED = {
    "who has the claim": _set("claim", None, "assignee_id", "somebody"),
    "the claim's kind": _set("claim", None, "kind", "event"),
    "the claim's version": _set("claim", None, "version", 9),
    "a source's title": _set("evidence", 0, "title", "Budget 2026"),
    "the copy of a source": _set("evidence", 0, "capture_id", "k1"),
    "the order of the evidence": lambda case: case["evidence"].reverse(),
    "the order of the appearances": lambda case: case["appearances"].reverse(),
    "a whole number written as one": _set("verdict", None, "number", 5),
}


@pytest.mark.parametrize("what", SIGNED)
def test_the_digest_changes_with(what):
    case = _case()
    before = _digest(case)
    SIGNED[what](case)
    assert _digest(case) != before


@pytest.mark.parametrize("what", UNSIGNED)
def test_the_digest_stays_with(what):
    case = _case()
    before = _digest(case)
    UNSIGNED[what](case)
    assert _digest(case) == before


def test_evidence_that_was_taken_back_is_not_signed():
    case = _case()
    case["evidence"][1].withdrawn_at = clock.now()
    with_it = _digest(case)
    case["evidence"].pop()
    assert _digest(case) == with_it


def test_the_digest_of_a_known_case_never_changes():
    # Signatures that were given must go on fitting: a new way to compute it needs a new FORMAT.
    assert _digest(_case()) == "38ed0c7f8cea6bdb1fd0e4bb5a095e8c80c6202ed9193caa184c1ed97220e686"

"""Articles of our own with the claims that a reader would mark in them."""

import json
from pathlib import Path

import pytest

from claims import Claim, extract, read

CASES = Path(__file__).parent / "cases"
NAMES = [
    "cup_final", "harbour_trial", "hospital_waits", "jobs_figures", "library_vote", "platform_protest", "river_law",
]  # fmt: skip
SHARED = Path(__file__).resolve().parents[3] / "shared" / "articles" / "amazon-rekognition-ice.txt"


def found_in(name: str, floor: float = 0.5) -> list[Claim]:
    return extract(read((CASES / f"{name}.txt").read_bytes()), floor=floor)


def gold_of(name: str) -> list[dict]:
    return json.loads((CASES / f"{name}.gold.json").read_text())["claims"]


def settled(name: str, checkable: bool) -> list[dict]:
    """The entries that are asserted one by one: those marked ``new`` are only measured."""
    return [c for c in gold_of(name) if c["checkable"] is checkable and not c.get("new")]


def test_there_are_at_least_six_articles():
    assert len(NAMES) >= 6


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.txt")), ids=lambda path: path.stem)
def test_the_expected_spans_stand_in_the_text(path):
    text = path.read_text()
    for claim in json.loads(path.with_suffix(".gold.json").read_text())["claims"]:
        assert text[claim["start"] : claim["end"]] == claim["text"]


@pytest.mark.parametrize(
    ("name", "claim"),
    [pytest.param(n, c, id=f"{n}-{c['text'][:40]}") for n in NAMES for c in settled(n, True)],
)
def test_a_checkable_claim_is_found_with_its_exact_span(name, claim):
    found = {(c.span.start, c.span.end): c for c in found_in(name)}
    assert (claim["start"], claim["end"]) in found
    assert found[claim["start"], claim["end"]].kind == claim["kind"]


@pytest.mark.parametrize(
    ("name", "claim"),
    [pytest.param(n, c, id=f"{n}-{c['text'][:40]}") for n in NAMES for c in settled(n, False)],
)
def test_opinions_forecasts_and_furniture_are_no_claims(name, claim):
    def overlap(c: Claim) -> float:
        both = max(0, min(c.span.end, claim["end"]) - max(c.span.start, claim["start"]))
        either = max(c.span.end, claim["end"]) - min(c.span.start, claim["start"])
        return both / either

    # That somebody said it may be recorded, as an attribution.
    assert not [c.text for c in found_in(name) if overlap(c) >= 0.5 and c.kind != "attribution"]


@pytest.mark.parametrize("name", NAMES)
def test_few_claims_are_found_that_nobody_marked(name):
    expected = {(c["start"], c["end"]) for c in gold_of(name) if c["checkable"]}
    extra = [c.text for c in found_in(name) if (c.span.start, c.span.end) not in expected]
    assert len(extra) <= 0.4 * len(settled(name, True)), extra


MEASURED = [
    "chip_layoffs", "corrected_story", "election_count", "fraud_sentence", "ice_core", "rate_decision", "vaccine_trial",
]  # fmt: skip
"""Articles whose claims are asserted together, since two readers would not mark them alike to the letter."""


def near(claim: dict, found: list[Claim]) -> bool:
    """Does a claim that was found cover the words by half, and they it?"""
    for one in found:
        both = min(one.span.end, claim["end"]) - max(one.span.start, claim["start"])
        either = max(one.span.end, claim["end"]) - min(one.span.start, claim["start"])
        if both >= 0.5 * either:
            return True
    return False


@pytest.mark.parametrize("name", MEASURED)
def test_most_of_the_important_claims_are_found(name):
    found = found_in(name)
    important = [c for c in gold_of(name) if c["checkable"] and c["priority"] == "high"]
    missed = [c["text"] for c in important if not near(c, found)]
    assert len(missed) <= 0.2 * len(important), missed


@pytest.mark.parametrize("name", MEASURED)
def test_forecasts_opinions_and_furniture_are_hardly_ever_marked(name):
    found = found_in(name)
    wrong = [c["text"] for c in gold_of(name) if not c["checkable"] and near(c, found)]
    claimed = [c["text"] for c in gold_of(name) if c["checkable"] and near(c, found)]
    assert len([words for words in wrong if words not in claimed]) <= 0.15 * len(found), wrong


def test_a_list_after_including_gives_each_counted_item_with_what_it_is_a_list_of():
    statements = {c.text: c.statement for c in found_in("platform_protest")}
    assert statements["40 civil rights organisations"] == (
        "Their campaign has drawn support from outside the company, including 40 civil rights organisations"
    )


def test_a_relative_clause_is_stated_with_its_antecedent():
    statements = {c.text: c.statement for c in found_in("platform_protest")}
    assert statements["which had been signed by 242 developers by Friday evening"] == (
        "A post by members of the site had been signed by 242 developers by Friday evening"
    )
    assert (
        statements["Palantir, which supplies case-tracking software to ICE"]
        == "Palantir supplies case-tracking software to ICE"
    )


needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared article is not here")


@pytest.fixture(scope="module")
def shared() -> list[Claim]:
    return extract(read(SHARED.read_bytes())) if SHARED.exists() else []


@needs_shared
@pytest.mark.parametrize(
    "words",
    ["signed by 242 developers", "40 civil rights organisations", "a large proportion of Congress", "cloud services",
     "found by", "staff urged", "has called on", "earlier this year", "employees have protested", "acquisition of"],
)  # fmt: skip
def test_the_facts_of_the_shared_article_are_each_found(shared, words):
    assert [c for c in shared if words in c.text]


@needs_shared
def test_the_shared_article_gives_tight_spans_for_its_numbers(shared):
    tight = [c.text for c in shared if c.kind == "quantity"]
    assert "40 civil rights organisations" in tight
    assert "a large proportion of Congress" in tight
    assert any("242" in words and len(words) < 70 for words in tight)


@needs_shared
def test_nothing_of_the_writers_biography_or_the_photo_credit_is_a_claim(shared):
    text = read(SHARED.read_bytes()).text
    end = text.index("Image:")
    assert max(c.span.end for c in shared) < end
    assert not [
        c.text
        for c in shared
        if c.kind != "attribution" and ("negative impact" in c.text or c.text.startswith("we are horrified"))
    ]


def test_items_and_rows_are_stated_with_what_stands_above_them():
    assert "The club’s record: 19 home matches without defeat" in [c.statement for c in found_in("cup_final")]
    assert "Sector: Care; Jobs in June: 1.6 million; Change: +7,500" in [
        c.statement for c in found_in("jobs_figures")
    ]

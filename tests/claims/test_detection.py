"""What is, and what is not, a claim of its own."""

import pytest

from claims import extract
from claims.extract import candidates


def test_what_somebody_is_asked_to_do_is_no_claim():
    text = "Staff at Amazon wrote to Jeff Bezos, asking him to stop selling face recognition to 12 police forces."
    assert [claim for claim in extract(text) if claim.text.startswith("him")] == []


@pytest.mark.parametrize(
    ("sentence", "nature"),
    [
        ("Wexmoor has flooded four times since 2012.", "fact"),
        ("The council will pay £150,000 from its reserves.", "fact"),
        ("The new parliament must convene within 21 days.", "fact"),
        ("The barrier is due to be finished by 2027.", "prediction"),
        ("Waits could rise again this autumn.", "prediction"),
        ("Economists expect the bank to hold rates at 4%.", "prediction"),
        ("The wall would push water downstream to Lower Tarn.", "prediction"),
        ("It is hard to disagree.", "opinion"),
        ("Ministers should resign at once.", "opinion"),
        ("The plan is a disgrace.", "opinion"),
        ("Will the pumps last until 2030?", "question"),
        ("Bring a scarf to the Corn Hall.", "instruction"),
    ],
)
def test_facts_are_told_from_what_is_none(sentence, nature):
    found = list(candidates(sentence))
    assert [one.nature for one in found] == [nature]
    assert (found[0].claim.score >= 0.5) == (nature == "fact")


def test_what_is_no_fact_says_why():
    (found,) = candidates("Waits could rise again this autumn.")
    assert "about what may come" in found.claim.reasons


def test_a_view_is_recorded_as_said_and_a_fact_as_it_stands():
    text = "“People are tired of sandbags,” said Dina Roscoe. Roscoe said 340 homes had flooded."
    assert [(claim.text, claim.kind) for claim in extract(text)] == [
        ("“People are tired of sandbags,” said Dina Roscoe", "attribution"),
        ("340 homes had flooded", "quantity"),
    ]


def test_a_forecast_that_is_only_retold_is_no_claim():
    assert extract("Opponents said the wall would push water downstream to Lower Tarn.") == []


def test_a_dateline_is_no_part_of_a_claim():
    text = "VALMORA CITY, Oct. 14 (Corran Press) — The union won 71 of 150 seats."
    assert [claim.text for claim in extract(text)] == ["The union won 71 of 150 seats"]

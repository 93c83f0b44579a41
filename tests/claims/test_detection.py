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
        ("The tunnel will be closed to lorries from 9 August.", "fact"),
        ("The ban will take effect on 1 October.", "fact"),
        ("Dorner will serve at least seven years.", "fact"),
        ("The chain will close 40 shops.", "fact"),
        ("The chain will close its last shop in May.", "prediction"),
        ("Demand will fall by a third by 2030.", "prediction"),
        ("The Rovers will win the cup on 9 May.", "prediction"),
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


def test_a_date_before_the_story_is_no_part_of_a_claim():
    text = "Sept. 9 — Orvane Inc. bought Thessaly for $7.9 billion."
    assert [claim.text for claim in extract(text)] == ["Orvane Inc. bought Thessaly for $7.9 billion"]


@pytest.mark.parametrize(
    "text",
    [
        "(Photo: D. Osei / Commons Signal)",
        "Photograph: L. Marsh/Touchline Images",
        "Petrakis reported from Tolland Creek and Doyle from Port Anselm.",
        "Ann Moor contributed to this report.",
    ],
)
def test_who_took_and_who_wrote_it_is_no_claim(text):
    assert extract(text) == []


def test_a_belief_about_what_happened_is_told_and_one_about_what_may_come_is_not():
    text = (
        "Investigators believe that the fire was sparked by a fallen line. They believe that it will spread."
    )
    assert [claim.text for claim in extract(text)] == ["the fire was sparked by a fallen line"]


def test_what_somebody_would_not_say_is_a_fact():
    text = "Gov. Hal Mercer has not said whether he will sign it."
    assert [claim.text for claim in extract(text)] == [text.rstrip(".")]


def test_items_that_are_laid_down_are_claims_without_a_number():
    text = "Under the bill, schools must do the following:\n\n- Offer a vegetarian dish every day.\n- Report waste twice a year.\n"
    assert "Offer a vegetarian dish every day" in [claim.text for claim in extract(text)]

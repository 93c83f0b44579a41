"""All that a text reports: wishes and judgements too, signed quotations, interviews."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.reports import reports

Told = tuple[str | None, str, list[str]]


def told(text: str) -> list[Told]:
    return [
        (
            r.source.of(text) if r.source else None,
            r.cue.of(text),
            [content.of(text) for content in r.contents],
        )
        for r in reports(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor urged banks to lend.", ("The mayor", "urged", ["banks to lend"])),
        ("Farmers called for an end to the levy.", ("Farmers", "called", ["an end to the levy"])),
        ("The firm denied involvement in the leak.", ("The firm", "denied", ["involvement in the leak"])),
        ("Okoro has accused the board of neglect.", ("Okoro", "accused", ["the board of neglect"])),
        ("The union is demanding a new vote.", ("The union", "demanding", ["a new vote"])),
        ("Ines Okoro, the mayor of Vale, praised the crews.", ("Ines Okoro", "praised", ["the crews"])),
        ("It was Lind, a clerk, who questioned the bill.", ("who", "questioned", ["the bill"])),
        ("The claim that rents fell spread fast.", ("The", "claim", ["rents fell spread fast"])),
        ("Okoro: “We will rebuild the school.”", ("Okoro", ":", ["“We will rebuild the school.”"])),
    ],
)  # fmt: skip
def test_wishes_and_judgements_are_reported_too(text, expected):
    assert expected in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "The crews spoke in Leeds.",
        "Correction: An earlier version gave another year.",
        "The wall was built by Okoro.",
        "I hope the bridge reopens.",
    ],
)
def test_what_nobody_says_is_no_report(text):
    assert told(text) == []


def test_whom_a_speaker_quotes_is_left_to_the_speaker():
    assert told("“My father said rents always rise,” Roe said.") == [
        ("Roe", "said", ["“My father said rents always rise,”"])
    ]
    assert [cue for _, cue, _ in told("Roe said the board wants a vote.")] == ["said"]


def test_what_else_was_said_is_a_report_of_its_own_by_the_same_speaker():
    text = "Roe said rents had risen, adding that homes were scarce."
    assert told(text) == [
        ("Roe", "said", ["rents had risen"]),
        ("Roe", "adding", ["homes were scarce"]),
    ]


def test_a_signature_says_whose_a_line_of_quotation_is():
    text = "“We lost. We will rebuild.” — Ines Okoro\n“The sea took it.” — Dan Lind"
    assert told(text) == [
        ("Ines Okoro", "—", ["“We lost. We will rebuild.”"]),
        ("Dan Lind", "—", ["“The sea took it.”"]),
    ]


def test_in_an_interview_each_paragraph_is_by_whom_it_names():
    text = "LIND: Was it late? It was, was it not?\n\nOKORO: It was. We paid for it."
    assert told(text) == [
        ("LIND", ":", ["Was it late? It was, was it not?"]),
        ("OKORO", ":", ["It was. We paid for it."]),
    ]


def test_a_colon_introduces_the_quotation_of_the_next_paragraph():
    text = "Okoro went on:\n\n“We lost the school. We will rebuild it.”"
    assert told(text) == [("Okoro", "went", ["“We lost the school. We will rebuild it.”"])]


def test_a_quotation_goes_on_after_its_speaker_and_no_further_than_the_paragraph():
    text = "“We lost,” said Roe. “It hurt.”\n\n“A bad day,” the board wrote."
    assert told(text) == [
        ("Roe", "said", ["“We lost,”", "“It hurt.”"]),
        ("the board", "wrote", ["“A bad day,”"]),
    ]


PIECES = st.sampled_from(
    "Roe said that hopes for ; : , . “ ” \" ' — – Ines Okoro she denied adding who and \n \n\n according to 数字".split(
        " "
    )
)


@settings(max_examples=200, deadline=None)
@example("SAID tHAT")
@example("‘ : “ A. if adding")
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=50).map(" ".join)))
def test_of_any_text_reports_come_in_order_and_none_is_empty(text):
    found = reports(text)
    assert [r.contents[0].start for r in found] == sorted(r.contents[0].start for r in found)
    for report in found:
        assert report.cue.of(text).strip()
        for before, after in pairwise(report.contents):
            assert before.end < after.start
        assert all(content.of(text) and content.end <= len(text) for content in report.contents)

"""Who is said to have said what."""

import pytest

from claims import extract
from claims.attribution import attribution
from claims.reports import reports
from claims.tokens import quotations, tokens


def told(sentence: str) -> tuple[str, str, list[str]] | None:
    words = tokens(sentence, 0, len(sentence), quotations(sentence, 0, len(sentence)))
    said = attribution(words)
    if said is None:
        return None

    def text(start: int, end: int) -> str:
        return sentence[words[start].start : words[end - 1].end].strip(" .,“”")

    return text(*said.source), words[said.cue].text, [text(*content) for content in said.contents]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The council said that rents had risen.", ("The council", "said", ["rents had risen"])),
        ("The council said rents had risen.", ("The council", "said", ["rents had risen"])),
        ("Rents have risen, an inquiry found in May.", ("an inquiry", "found", ["Rents have risen"])),
        ("Rents have risen, according to the council.", ("the council", "according", ["Rents have risen"])),
        ("“Rents have risen again,” said Dina Roe.", ("Dina Roe", "said", ["Rents have risen again"])),
        ("“Rents have risen again,” fumed one tenant.", ("one tenant", "fumed", ["Rents have risen again"])),
        ("Its chairman, Anton Vrabec, said rents had risen.", ("Anton Vrabec", "said", ["rents had risen"])),
        ("Rents, Roe said, have risen.", ("Roe", "said", ["Rents", "have risen"])),
        ("Judge Ames ruled that the firm had tied its chips.",
         ("Judge Ames", "ruled", ["the firm had tied its chips"])),
        ("Brandt conceded at noon and said he had lost 23 seats.", ("Brandt", "said", ["he had lost 23 seats"])),
        ("A Brookhollow study last year found that firms cut staff.",
         ("A Brookhollow study", "found", ["firms cut staff"])),
        ("“Never,” said Roe.", ("Roe", "said", ["Never"])),
        ("“Rents rose again,” Ann Lee (Green) told the Courier.",
         ("Ann Lee (Green)", "told", ["Rents rose again"])),
        ("“Rents rose again,” Roe told reporters after the talks that failed.",
         ("Roe", "told", ["Rents rose again"])),
        ("Rents rose again, two tenants said Friday, as they left the court.",
         ("two tenants", "said", ["Rents rose again"])),
        ("When the port closed, Roe said 40 boats were sold.", ("Roe", "said", ["40 boats were sold"])),
        ("Though it rained, Roe said, playing on was right.",
         ("Roe", "said", ["Though it rained", "playing on was right"])),
        ("The bank raised its rate.", None),
    ],
)  # fmt: skip
def test_a_report_has_a_source_a_cue_and_what_was_said(sentence, expected):
    assert told(sentence) == expected


def claimants(text: str) -> dict[str, str]:
    return {claim.text: claim.claimant.name for claim in extract(text) if claim.claimant is not None}


def test_she_is_who_spoke_in_the_sentence_before():
    text = "Judge Priya Raman said Vale owed £5,000. She added that donations had fallen by a third."
    assert claimants(text)["donations had fallen by a third"] == "Judge Priya Raman"


def test_she_is_nobody_where_two_might_be_meant():
    text = "Ann Lee, 40, met Eve Orr, 50, in Rome. She said that donations had fallen by a third."
    assert claimants(text)["donations had fallen by a third"] == "She"


def test_a_quotation_of_several_sentences_is_all_by_one():
    text = "“We sold 40 boats,” said Dina Roe. “We lost 12 boats in the storm.”"
    found = {claim.text: claim.claimant for claim in extract(text)}
    assert found["We sold 40 boats"].name == "Dina Roe"
    assert found["We sold 40 boats"].quoted


@pytest.mark.parametrize(
    ("text", "claim", "name", "quoted"),
    [
        ("Anna Berg, a nurse, said wards lost 30 beds. According to her, 12 nurses left in May.",
         "12 nurses left in May", "Anna Berg", False),
        ("A study by Brookhollow University came out on Friday. It found that 60 nurses had left since 2020.",
         "60 nurses had left since 2020", "A study by Brookhollow University", False),
        ("“We built 300 homes,” said Dina Roe. “We lost 12 schools last year.”",
         "We lost 12 schools last year", "Dina Roe", True),
        ("Members sent a letter on Monday. The letter argues that Halden cut 40 posts in May.",
         "Halden cut 40 posts in May", "The letter", False),
        ("Roe told the court that the port had sold 40 boats.", "the port had sold 40 boats", "Roe", False),
    ],
)  # fmt: skip
def test_a_claim_is_by_whom_the_article_means(text, claim, name, quoted):
    found = {one.text: one.claimant for one in extract(text)}
    assert (found[claim].name, found[claim].quoted) == (name, quoted)


def test_reports_take_a_quotation_as_a_whole_and_what_is_wanted_too():
    text = "“We lost. We will rebuild,” Roe said. “We want help.” Ministers urged banks to lend."
    found = {report.cue.of(text): [span.of(text) for span in report.contents] for report in reports(text)}
    assert found["said"] == ["“We lost. We will rebuild,”", "“We want help.”"]
    assert found["urged"] == ["banks to lend"]

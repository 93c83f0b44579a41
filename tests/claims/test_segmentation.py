"""Where sentences end."""

import pytest

from claims import sentences


def cut(text: str, language: str | None = None) -> list[str]:
    return [span.of(text) for span in sentences(text, language)]


# A bar marks where one sentence ends and the next begins.
@pytest.mark.parametrize("text", [
    "Dr. H. Imre of Bright & Farrow Ltd. told Cllr. Roscoe.|It rose by 1.5%.|Nobody asked.",
    "The U.S. Senate met at 9 a.m. Monday.|It sat until 6 p.m. The vote came later.".replace("p.m. ", "p.m.|"),
    "At 5 a.m. Mr. Okafor left.|He came back at 7 p.m.|Mrs. Okafor stayed.",
    "He moved to the U.S.|In 2012 he left the U.K. for good.",
    "Talks with J. K. Marlowe vs. Ghana Corp. failed.|No. 10 said so in Sept. 2025.|They said no.|Others said yes.",
    "You and I.|Albert I. Jones chose plan B.|The vote was close.",
    "“People are tired,” she said.|“They ask, ‘When will it end?’|They deserve an answer.”|The council agreed.",
    '"We lost. |It was close," he said.'.replace(" |", "|"),
    "“Will it end?” Dr Imre asked.|“Never!” she said.|“Will it?”|Residents doubt it.",
    "He teaches (he was an engineer for 5 years.) at the university.|(Laughter.)|Then he sat down.",
    "She shops at Yahoo! in Leeds.|Who knew?|not her.|She paid $100.00.|It was dear.",
    "I never meant that....|She left … or so it seems.|“It was [...] dear [...]|Then it was not.”",
    "1. The first item|2. The second item|3. The third",
    "• Bread|• Milk",
    "Sales fell last year.|The council was told on 4 May 2026.|iPhone sales rose.",
    "Crowds on the pier|Image: A. Person.",
    "Read http://a.example.org/x.y today.|www.example.org has more.",
])  # fmt: skip
def test_a_sentence_ends_where_a_reader_ends_it(text):
    assert cut(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell last year.The council met.", ["It fell last year.", "The council met."]),
        ("See node.js and example.com now.", ["See node.js and example.com now."]),
        ("A headline without a stop\n\nThe text.", ["A headline without a stop", "The text."]),
        (
            "Council backs a wall\nCouncillors voted 23 to 9 on Monday night to build a wall along the river.",
            ["Council backs a wall",
             "Councillors voted 23 to 9 on Monday night to build a wall along the river."],
        ),
        (
            "Councillors voted on Monday night to back\nMayor Roscoe, who wants a wall along the\nRiver Tarn by May.",
            ["Councillors voted on Monday night to back\nMayor Roscoe, who wants a wall along the\nRiver Tarn by May."],
        ),
        ("Ann Lee, staff reporter\nPublished 3 July", ["Ann Lee, staff reporter", "Published 3 July"]),
        ("Bread\nMilk\nA dozen eggs from the farm", ["Bread", "Milk", "A dozen eggs from the farm"]),
    ],
)  # fmt: skip
def test_lost_spaces_and_line_ends_are_understood(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("数字增长了。然后下降了！真的吗？", "zh", 3),
        ("数字增长了。然后下降了！", None, 2),
        ("هل انتهى؟ نعم انتهى. شكرا", "ar", 3),
        ("यह सच है। वह झूठ है।", "hi", 2),
        ("Das war am 3. Mai. Dann kam der Regen.", "de-AT", 2),
        ("Une phrase. " * 2_000, "fr", 2_000),
    ],
)
def test_other_languages_have_sentences_too(text, language, count):
    assert len(cut(text, language)) == count


def test_a_sentence_without_end_is_cut_between_words():
    pieces = cut("word " * 100_000)
    assert all(
        len(piece) <= 4_000 and piece.startswith("word") and piece.endswith("word") for piece in pieces
    )

"""Which stretches of a sentence state something on their own."""

import pytest

from claims.clauses import clauses
from claims.tagging import FINITE
from claims.tokens import quotations, tokens


def stretches(sentence: str) -> dict[str, str]:
    """The clauses of a sentence, each with what it is to it."""
    words = tokens(sentence, 0, len(sentence), quotations(sentence, 0, len(sentence)))
    return {
        sentence[words[c.start].start : words[c.end - 1].end].strip(" .,"): c.role
        for c in clauses(words, 0, len(words))
    }


def verbs(sentence: str) -> list[str]:
    return [word.text for word in tokens(sentence, 0, len(sentence), []) if word.tag in FINITE]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The mayor quaffed a pint and unfriended two councillors.", ["quaffed", "unfriended"]),
        ("Council backs £4m wall", ["backs"]),
        ("Staff hired in May left the firm.", ["left"]),
        ("The plan backed by residents costs £2m.", ["costs"]),
        ("A post that drew complaints prompted the council to act.", ["drew", "prompted"]),
        ("Two men were treated in hospital.", ["were"]),
        ("Rates rise as krone slides", ["rise", "slides"]),
        ("Texas says it will appeal.", ["says", "will"]),
        ("The proposed wall has drawn objections from the named firms.", ["has"]),
    ],
)
def test_the_verb_of_a_clause_is_known_by_its_place(sentence, expected):
    assert verbs(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The office will pay 60% of the cost, and the rest will come from a levy.",
         {"The office will pay 60% of the cost": "main", "the rest will come from a levy": "main"}),
        ("Brandt conceded at noon and left the hall.",
         {"Brandt conceded at noon": "main", "left the hall": "shared"}),
        ("Voters backed the wall, two years after a storm left 340 homes under water.",
         {"Voters backed the wall": "main", "two years after a storm left 340 homes under water": "when"}),
        ("The pump failed because its generator was broken.",
         {"The pump failed because its generator was broken": "cause", "The pump failed": "main"}),
        ("Dr. H. Imre, a hydrologist hired by the council, resigned.",
         {"Dr. H. Imre, a hydrologist hired by the council, resigned": "main",
          "Dr. H. Imre, a hydrologist hired by the council": "role"}),
        ("A clerk who stole £386,000 was jailed.",
         {"A clerk who stole £386,000 was jailed": "main", "A clerk who stole £386,000": "role"}),
        ("Colin Vale, 58, admitted fraud.",
         {"Colin Vale, 58, admitted fraud": "main", "Colin Vale, 58": "role"}),
        ("The bank raised its rate, its third increase this year.",
         {"The bank raised its rate": "main", "its third increase this year": "apposition"}),
        ("She spent 71 days on the plateau, where temperatures fell to -52 °C.",
         {"She spent 71 days on the plateau": "main", "where temperatures fell to -52 °C": "relative"}),
        ("The campaign drew support, including 40 rights groups and a third of Congress.",
         {"The campaign drew support": "main", "40 rights groups": "item", "a third of Congress": "item"}),
        ("Parliament voted 23 to 9 to build a wall.", {"Parliament voted 23 to 9 to build a wall": "main"}),
        ("Council backs £4m wall after “worst winter in memory”", {"Council backs £4m wall": "main"}),
    ],
)  # fmt: skip
def test_a_sentence_gives_its_clauses(sentence, expected):
    assert stretches(sentence) == expected


def test_an_opening_clause_is_not_cut_from_what_it_opens():
    sentence = "As they draw their maps and print them, they are forced to guess."
    assert "As they draw their maps" not in stretches(sentence)


def test_a_quotation_inside_a_clause_is_not_cut():
    sentence = "Observers described the vote as “orderly and it was fair, they found.”"
    assert [words for words in stretches(sentence) if words.startswith("it was fair")] == []

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


@pytest.mark.parametrize(
    ("subject", "rest"),
    [
        ("The bridge, built in 1931", "carries 40,000 cars a day"),
        ("Marsden, which closed its last mill in 1998", "now has 12 software firms"),
        ("The firm, founded by two brothers in Leeds", "has never borrowed money"),
        ("A survey, carried out in May but not yet released", "found mould in 60 homes"),
        ("Her deputy, Karl Venn", "resigned on Friday"),
        ("The group, whose members include 30 mayors", "wants the tolls scrapped"),
        ("The cameras, made by the firm Vistek", "scan up to 300 faces a second"),
        ("The fee, which rose from £20 to £45", "applies to cars made before 2006"),
        ("The vessel, which was carrying 212 passengers", "struck a sandbank at noon"),
        ("Sen. Ada Holt, D-Marrow, who lost twice", "has filed again"),
    ],
)
def test_what_is_set_beside_a_subject_is_given_with_it_and_does_not_end_the_clause(subject, rest):
    found = stretches(f"{subject}, {rest}.")
    assert found[f"{subject}, {rest}"] == "main"
    assert subject in found


@pytest.mark.parametrize(
    ("main", "beside"),
    [
        ("The line belongs to Corwin Co.", "Corwin Co., which paid a £9m fine"),
        ("The charity was set up by Nora Quist", "Nora Quist, a retired midwife"),
        ("The mayor vetoed the bill", "the bill, which had passed 9-4"),
        ("Police arrested Paul Dacey", "Paul Dacey, 41, a former bus driver from Hull"),
        ("In 2013, Congress created the Open Fund", "the Open Fund, a program of grants"),
        ("It was funded by Somna", "Somna, a mattress maker"),
        ("Voters elected Lea Moor", "Lea Moor, who had run twice before"),
        ("The ship belongs to Arvo Lines", "Arvo Lines, which also runs two ferries"),
        ("They sold the captain", "the captain, J. J. Fenwick"),
        ("He moved to Delt Energy", "Delt Energy, whose 900 staff are on strike"),
    ],
)
def test_what_is_told_of_the_last_name_takes_that_name_with_it(main, beside):
    shared = next(main[i:] for i in range(len(main)) if beside.startswith(main[i:]))
    found = stretches(main + beside.removeprefix(shared) + ".")
    assert main.rstrip(".") in found
    assert beside in found


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The storm cut power to 40,000 homes, killing two people and injuring nine.",
         ["killing two people", "injuring nine"]),
        ("He was elected in 2012, then lost his seat.", ["He was elected in 2012", "then lost his seat"]),
        ("The company bought the site and has since spent £3m on it.", ["has since spent £3m on it"]),
        ("Rats were seen, that a third of cells were wet and that two were shut.",
         ["Rats were seen", "a third of cells were wet", "two were shut"]),
        ("The union, which has 8,000 members and backs the strike, said so.", ["backs the strike"]),
        ("It is run by Corvis, which took over in 2018 and which has been fined £2m.",
         ["Corvis, which took over in 2018", "which has been fined £2m"]),
        ("It paid £40m, the largest sum in its history and its third since May.",
         ["the largest sum in its history", "its third since May"]),
        ("The fire destroyed a church built in 1710 and damaged nine houses.", ["damaged nine houses"]),
        ("The trains run every 20 minutes and carry 9,000 people.", ["carry 9,000 people"]),
        ("A man collapsed and later died in hospital.", ["later died in hospital"]),
    ],
)  # fmt: skip
def test_what_and_joins_is_given_part_by_part(sentence, parts):
    assert set(parts) <= set(stretches(sentence))


@pytest.mark.parametrize(
    ("main", "tail"),
    [
        ("Unemployment rose to 5.1% in June", "up from 4.8% in May"),
        ("Sales fell 12% to £40m", "compared with £45m a year earlier"),
        ("The stake is worth £2m", "about half what they paid, with £4m, in 2019"),
        ("There are 14 farms in the county", "down from 30 in 2010"),
        ("He signed a five-year contract", "with the option of a further 12 months"),
    ],
)
def test_what_a_number_is_compared_with_is_given_too(main, tail):
    found = stretches(f"{main}, {tail}.")
    assert "comparison" in found.values()
    assert any(words.startswith(main) for words in found)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A third of the signers work in the lab, which opened in May.", ["work", "opened"]),
        ("Most of the workers live in hostels, according to the union.", ["live"]),
        ("Two thirds of the pupils walk to school, the survey found.", ["walk", "found"]),
        ("If a driver refuses, the fine rises to £500.", ["refuses", "rises"]),
        ("Since May Carrow have raised £33m.", ["have"]),
        ("Prices more than doubled, while wages hardly moved.", ["doubled", "moved"]),
        ("Records seen by the court show that he knew.", ["show", "knew"]),
        ("Three of the five drivers own their cars.", ["own"]),
        ("The storm cut power to 40,000 homes.", ["cut"]),
        ("Schools close on Friday.", ["close"]),
    ],
)
def test_a_plural_and_its_verb_are_told_from_two_nouns(sentence, expected):
    assert verbs(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "main", "gapped"),
    [
        ("The Reds won 31 seats and the Farmers eight.", "The Reds won 31 seats",
         {"the Farmers eight": "the Farmers won eight"}),
        ("Nurses earned £29,000 and porters £21,500.", "Nurses earned £29,000",
         {"porters £21,500": "porters earned £21,500"}),
        ("Hull has 12 trams, the Isle six, and the Docks four.", "Hull has 12 trams",
         {"the Isle six": "the Isle has six", "the Docks four": "the Docks has four"}),
        ("The airline has 12 jets and Boeing 737 spares.", "The airline has 12 jets and Boeing 737 spares", {}),
        ("The hall seats 300 on Monday and May 9.", "The hall seats 300 on Monday and May 9", {}),
        ("He beat 14 rivals and the top five.", "He beat 14 rivals and the top five", {}),
    ],
)  # fmt: skip
def test_a_verb_that_is_left_out_is_that_of_the_clause_before(sentence, main, gapped):
    words = tokens(sentence, 0, len(sentence), [])
    found = {
        sentence[words[c.start].start : words[c.end - 1].end].strip(" .,"): c.said
        for c in clauses(words, 0, len(words))
    }
    assert main in found
    assert {clause: said for clause, said in found.items() if said is not None} == gapped


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Ola Venn, a broker at Tarn Bank, who sold 900 shares, has left.", "Ola Venn"),
        ("Ola Venn, a broker, 51, who sold 900 shares, has left.", "Ola Venn"),
        ("It was led by Ola Venn, who sold 900 shares.", "Ola Venn"),
    ],
)
def test_who_means_a_person_behind_asides(sentence, who):
    words = tokens(sentence, 0, len(sentence), [])
    leads = [c.lead for c in clauses(words, 0, len(words)) if c.role == "relative" and c.lead is not None]
    assert [" ".join(word.text for word in words[a:b]) for a, b in leads] == [who]


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("A dairy founded by 14 farmers won the prize.", "A dairy founded by 14 farmers"),
        ("A ferry built in three months sank at noon.", "A ferry built in three months"),
    ],
)
def test_a_clause_on_the_subject_with_a_number_is_given(sentence, part):
    assert stretches(sentence)[part] == "role"


def test_what_is_cited_stays_with_what_it_is_cited_for():
    sentence = "The club shut its pool, citing a bill of £90,000."
    assert list(stretches(sentence)) == [sentence.rstrip(".")]


def test_what_hangs_on_behind_a_verb_that_is_left_out_is_given_too():
    found = stretches("The Reds won 31 seats and the Farmers eight, ending a decade of one-party rule.")
    assert list(found) == ["The Reds won 31 seats", "the Farmers eight", "ending a decade of one-party rule"]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "The chain closed 12 shops in May after losing £4m in a year.",
            ["The chain closed 12 shops in May", "losing £4m in a year"],
        ),
        (
            "Ms Cole earned $90,000 from the bank while serving on its board.",
            ["Ms Cole earned $90,000 from the bank", "serving on its board"],
        ),
        ("He died in 2019 after falling ill.", ["He died in 2019 after falling ill"]),
    ],
)
def test_a_participle_behind_a_counted_fact_is_one_of_its_own(sentence, parts):
    assert list(stretches(sentence)) == parts

"""What is said of a claim when it stands alone."""

from claims import extract


def statements(text: str) -> dict[str, str]:
    return {claim.text: claim.statement for claim in extract(text)}


def test_a_name_stands_for_she_where_only_one_is_meant():
    text = "Judge Priya Raman jailed Vale for three years. She ordered a review of 12 cases."
    assert statements(text)["She ordered a review of 12 cases"] == (
        "Judge Priya Raman ordered a review of 12 cases"
    )


def test_the_whole_sentence_stands_where_a_pronoun_is_not_plain():
    text = "The report found that it had lost £3m in 2020."
    assert statements(text)["it had lost £3m in 2020"] == "The report found that it had lost £3m in 2020."


def test_a_body_named_in_full_stands_for_its_short_name():
    text = "The National Electoral Board met on Monday. The board rejected 3 complaints."
    assert statements(text)["The board rejected 3 complaints"] == (
        "The National Electoral Board rejected 3 complaints"
    )


def test_a_verb_that_goes_on_has_its_subject_back():
    text = "The National Concord lost 23 seats and finished second with 48."
    assert statements(text)["finished second with 48"] == "The National Concord finished second with 48"


def test_an_apposition_is_stated_with_what_it_tells_of():
    text = "The bank raised its rate to 4.5%, its third increase this year."
    assert statements(text)["its third increase this year"] == (
        "The bank raised its rate to 4.5%, its third increase this year"
    )

"""Is it the same claim? Pairs by hand, each kind of difference, and the index against looking at everything."""

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.lang.en.stems import stem
from claims.matching import (
    LOOKED_AT,
    Entry,
    Index,
    Ranking,
    Relation,
    compare,
    judge,
    matches,
    packed,
    unpacked,
    vector_of,
    with_vectors,
)
from claims.matching.terms import plain, terms

PAIRS = list(
    csv.DictReader(
        (Path(__file__).parent / "matching" / "pairs.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
    )
)
GROUNDS = {
    "numbers": "number",
    "dates": "date",
    "names": "name",
    "negation": "denial",
    "direction": "direction",
    "things": "thing",
}


@pytest.fixture(scope="module")
def compared():
    """Each pair of the file with what was made of it."""
    return [(pair, compare(pair["first"], pair["second"])) for pair in PAIRS]


# --- pairs ---------------------------------------------------------------------------------------


def test_what_differs_in_a_number_a_date_a_name_or_a_denial_is_never_the_same(compared):
    wrong = [pair for pair, told in compared if pair["veto"] and told.relation is not Relation.SIMILAR]
    assert wrong == []


def test_each_difference_is_named_for_what_it_is(compared):
    missed = [
        (pair["first"], pair["second"])
        for pair, told in compared
        if pair["veto"] and GROUNDS[pair["veto"]] not in {veto.ground for veto in told.vetoes}
    ]
    assert missed == []


def test_what_only_shares_a_subject_is_no_match(compared):
    assert [p for p, told in compared if p["relation"] == "different" and told.relation != "different"] == []


def test_the_same_in_other_words_is_mostly_known_and_always_shown(compared):
    same = [(pair, told) for pair, told in compared if pair["relation"] == "same"]
    assert [pair for pair, told in same if told.vetoes or told.relation is Relation.DIFFERENT] == []
    assert sum(told.relation is Relation.SAME for _, told in same) >= 22


def test_comparing_is_the_same_both_ways(compared):
    for pair, told in compared:
        back = compare(pair["second"], pair["first"])
        assert (back.relation, len(back.vetoes)) == (told.relation, len(told.vetoes)), pair


# --- differences ---------------------------------------------------------------------------------

BRIDGE = "The bridge over the Aller cost {} and was opened by the mayor."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4.2 million euros", "€4.2m"),
        ("4bn dollars", "$4,000 million"),
        ("about 40 million euros", "41 million euros"),
        ("more than 1,200 euros", "over 1,200 euros"),
        ("4.2 million euros", "4.21 million euros"),
        ("twelve million euros", "€12m"),
        ("dozens of euros", "24 euros"),
    ],
)
def test_a_number_is_its_value_and_unit(first, second):
    told = judge(BRIDGE.format(first), BRIDGE.format(second), 0.95)
    assert (told.relation, told.vetoes) == ("same", ())
    assert any(reason.startswith("same number") for reason in told.reasons)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("4.2 million euros", "4.3 million euros", "4.2 ≠ 4.3"),
        ("242 euros", "424 euros", "242 ≠ 424"),
        ("$4.2 million", "£4.2 million", "“$4.2 million” ≠ “£4.2 million”"),
        (
            "more than 1,200 euros",
            "less than 1,200 euros",
            "“more than 1,200 euros” ≠ “less than 1,200 euros”",
        ),
        ("4 million euros", "a fortune", "only one says “4 million euros”"),
        ("about 40 million euros", "50 million euros", "40 ≠ 50"),
        ("dozens of euros", "2,400 euros", "dozens of euros ≠ 2,400"),
        ("40 miles per hour", "40 kilometres per hour", "“40 miles per hour” ≠ “40 kilometres per hour”"),
    ],
)
def test_another_number_is_told_in_words(first, second, words):
    told = judge(BRIDGE.format(first), BRIDGE.format(second), 0.99)
    assert told.relation == "similar"
    assert words in [str(veto) for veto in told.vetoes]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Boris Johnson resigned on Tuesday.", "Johnson resigned on Tuesday."),
        ("The WHO warned of a new strain.", "The World Health Organization warned of a new strain."),
        ("The US warned of a new strain.", "America warned of a new strain."),
        ("Swedish voters chose a new parliament.", "Sweden's voters chose a new parliament."),
        ("President Zelensky flew to Paris.", "Zelenskyy flew to Paris."),
        ("A court in Texas fined the bank.", "a texas court fined the bank"),
        ("The Bank of England raised rates.", "The bank of england raised rates."),
    ],
)
def test_a_name_may_be_written_in_several_ways(first, second):
    assert [veto for veto in judge(first, second, 0.9).vetoes if veto.ground == "name"] == []


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("Anna Lind won the prize.", "Erik Lind won the prize.", "different name: Anna Lind / Erik Lind"),
        (
            "A court in Texas fined the bank.",
            "A court in Ohio fined the bank.",
            "different name: Texas / Ohio",
        ),
        ("Austria closed its border.", "Australia closed its border.", "different name: Austria / Australia"),
        ("The IMF lent it money.", "The World Bank lent it money.", "different name: IMF / World Bank"),
    ],
)
def test_another_name_is_told(first, second, words):
    assert words in [str(veto) for veto in judge(first, second, 0.99).vetoes]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Crime rose in the city.", "Offences rose in the city."),
        ("Unemployment fell in the city.", "Joblessness fell in the city."),
        ("Workers signed a letter to the firm.", "Employees signed a letter to the firm."),
        ("New figures show a fall in crime.", "Fresh figures show a fall in crime."),
    ],
)
def test_the_first_word_of_a_sentence_is_no_name_for_its_capital(first, second):
    assert [veto for veto in judge(first, second, 0.95).vetoes if veto.ground == "name"] == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It rose by no more than 3 percent.", "It rose by at most 3 percent."),
        ("The vaccine isn’t safe for babies.", "The vaccine is not safe for babies."),
        ("Not only the mayor was fined.", "The mayor was fined, and others too."),
    ],
)
def test_what_denies_nothing_is_no_denial(first, second):
    assert [veto for veto in judge(first, second, 0.9).vetoes if veto.ground == "denial"] == []


def test_who_did_it_to_whom_counts_and_the_passive_is_understood():
    told = judge("Hamas attacked Israel.", "Israel attacked Hamas.", 0.99)
    assert [str(veto) for veto in told.vetoes] == ["the other way round: Hamas, Israel"]
    assert judge("Arsenal beat Chelsea.", "Chelsea was beaten by Arsenal.", 0.9).vetoes == ()
    assert judge("Arsenal beat Chelsea.", "Chelsea lost to Arsenal.", 0.9).vetoes == ()
    assert judge("Merkel met Macron.", "Macron met Merkel.", 0.99).vetoes == ()


def test_reasons_say_what_both_have():
    told = judge(
        "In March 2019 the ONS said 242 towns were flooded.",
        "242 towns were flooded in March 2019, said the ONS.",
        0.95,
    )
    assert told.reasons == (
        "nearly the same in meaning (0.95)",
        "same words: March, 2019, ONS, 242, towns, flooded",
        "same number: 242 towns",
        "same date: March 2019",
        "same name: ONS",
    )


# --- words and vectors ---------------------------------------------------------------------------


def test_a_post_is_read_as_a_sentence():
    post = "#GlobalWarming is a hoax https://t.co/x1 @realDonaldTrump — Jo Doe (@jo) May 3, 2016"
    assert " ".join(plain(post).split()) == "Global Warming is a hoax real Donald Trump — Jo Doe"


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("signs signed signing", "sign"),
        ("stopped stopping stops", "stop"),
        ("cities city", "city"),
        ("calls called", "call"),
        ("bus", "bus"),
        ("1200", "1200"),
    ],
)
def test_endings_are_taken_off(words, term):
    assert {stem(word) for word in words.split()} == {term}


def test_terms_leave_out_what_says_nothing():
    assert terms("The U.S. is 1,200 miles from Łódź’s river, isn’t it?") == ["1200", "mile", "łódź", "river"]


def test_a_packed_vector_keeps_its_direction():
    vector = np.random.default_rng(1).normal(size=384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    assert len(packed(vector)) == 384
    assert float(unpacked(packed(vector)) @ vector) > 0.9999
    with pytest.raises(ValueError, match="384 bytes"):
        unpacked(b"short")


# --- the index -----------------------------------------------------------------------------------


def _made_up(many: int, seed: int = 7) -> list[Entry]:
    chance = np.random.default_rng(seed)
    words = np.array([f"word{i}" for i in range(200)])
    rows = chance.normal(size=(many, 384)).astype(np.float32)
    return [
        Entry(f"c{i}", " ".join(chance.choice(words, 8)), vector=packed(row), tag=i % 3)
        for i, row in enumerate(rows)
    ]


def _everything(entries: list[Entry], text: str, vector: np.ndarray) -> list[str]:
    """Who comes first when each is looked at closely: the likeness of vectors, as the words have no say."""
    cosines = [float(unpacked(entry.vector or b"") @ vector) for entry in entries]
    return [entries[i].id for i in np.argsort(-np.array(cosines), kind="stable")]


def test_the_index_finds_what_looking_at_everything_finds():
    entries = _made_up(3_000)
    ranking = Ranking()
    ranking.extend(entries)
    ranking.settle()
    for entry in entries[::300]:
        near = unpacked(entry.vector or b"") + np.random.default_rng(3).normal(size=384) * 0.02
        near = (near / np.linalg.norm(near)).astype(np.float32)
        assert ranking.rank("nothing known", near, 1)[0].id == _everything(entries, "", near)[0] == entry.id
        assert ranking.rank(entry.text, None, 1)[0].id == entry.id


def test_adding_changing_and_removing_is_seen_at_once():
    entries = _made_up(50)
    ranking = Ranking()
    ranking.extend(entries)
    assert ranking.rank(entries[7].text, None, 1)[0].id == "c7"
    assert ranking.remove("c7")
    assert not ranking.remove("c7")
    assert "c7" not in [hit.id for hit in ranking.rank(entries[7].text, None, 50)]
    ranking.add(Entry("c8", entries[7].text))
    assert ranking.rank(entries[7].text, None, 1)[0].id == "c8"
    assert len(ranking) == 49
    ranking.settle()
    assert ranking.rank(entries[7].text, None, 1)[0].id == "c8"
    assert len({hit.id for hit in ranking.rank("word1 word2", None, 100)}) == 49


def test_a_freed_place_is_used_again_without_its_old_words():
    ranking = Ranking()
    ranking.extend(_made_up(10))
    held = ranking.nbytes
    for turn in range(5_000):
        ranking.add(Entry("c3", f"only{turn}"))
        if turn % 1_000 == 999:
            ranking.settle()
    assert len(ranking) == 10
    assert ranking.rank("only4999", None, 1)[0].id == "c3"
    assert ranking.rank("only4998", None, 1)[0].score == 0
    assert ranking.nbytes < held + 1_000_000


def test_a_search_can_be_narrowed():
    entries = _made_up(60)
    ranking = Ranking()
    ranking.extend(entries)
    found = ranking.rank(entries[4].text, None, 60, tags=[1])
    assert {int(hit.id[1:]) % 3 for hit in found} == {1}
    assert found[0].id == "c4"
    assert "c4" not in [hit.id for hit in ranking.rank(entries[4].text, None, 60, but="c4")]
    ranking.put("c4", tag=0)
    assert "c4" not in [hit.id for hit in ranking.rank(entries[4].text, None, 60, tags=[1])]


@pytest.mark.parametrize("settled", [True, False])
def test_few_that_count_are_found_as_among_all(monkeypatch, settled):
    entries = [replace(entry, tag=i % 20) for i, entry in enumerate(_made_up(600))]
    ranking = Ranking()
    ranking.extend(entries)
    if settled:
        ranking.settle()
    for entry in entries[::50]:
        asked = entry.text, unpacked(entry.vector or b""), 15
        picked = ranking.rank(*asked, tags=[0, 1])
        monkeypatch.setattr("claims.matching.ranking._FEWER", 1_000)
        assert ranking.rank(*asked, tags=[0, 1]) == picked and len(picked) == 15
        monkeypatch.undo()
        assert ranking.rank(entry.text, None, 60, tags=[0, 1]) and not ranking.rank(
            entry.text, None, 5, tags=[77]
        )


def test_late_additions_weigh_as_much_as_those_sorted_in():
    ranking = Ranking()
    ranking.extend(_made_up(300))
    late = [ranking.rank(entry.text, None, 20) for entry in _made_up(300)[::30]]
    ranking.settle()
    assert [ranking.rank(entry.text, None, 20) for entry in _made_up(300)[::30]] == late


def test_an_empty_index_and_a_text_without_words_find_nothing():
    index = Index()
    assert index.search("Unemployment fell.") == []
    index.add("1", "Unemployment fell to 4 percent.")
    assert index.search("") == index.search("…") == []


def test_the_same_comes_first_and_what_differs_says_in_what():
    index = Index()
    index.extend(
        Entry(str(i), text)
        for i, text in enumerate(
            (
                "Unemployment fell to 4 percent in March 2019.",
                "Unemployment fell to 4.5 percent in March 2019.",
                "Unemployment rose to 4 percent in March 2019.",
                "The council voted 7 to 2 to close the library.",
                "A train hit a bus near Pune, killing three people.",
            )
        )
    )
    found = index.search("In March 2019 the unemployment rate dropped to 4%.")
    assert [(match.id, match.relation) for match in found][:1] == [("0", "same")]
    told = {match.id: [str(veto) for veto in match.vetoes] for match in found}
    assert told == {"0": [], "1": ["4% ≠ 4.5"], "2": ["opposite: dropped / rose"]}
    assert index.remove("0")
    assert [match.relation for match in index.search("Unemployment fell to 4% in March 2019")] == [
        "similar"
    ] * 2


def test_a_title_helps_to_find_a_claim():
    bare, titled = Index(), Index()
    bare.add("1", "It cost 4.2 million euros.")
    titled.add("1", "It cost 4.2 million euros.", title="Cost of the bridge over the Aller")
    asked = "What did the bridge over the Aller cost?"
    assert titled.rank(asked)[0].score > bare.rank(asked)[0].score + 0.2


def test_without_an_encoder_words_alone_decide():
    code = """
import sys
sys.modules["onnxruntime"] = None
from claims.matching import Entry, Index, compare
index = Index()
index.extend([Entry("1", "The letter was signed by 242 developers."), Entry("2", "Hens lay eggs.")])
print([(m.id, str(m.relation)) for m in index.search("242 developers signed the letter")])
print(compare("The letter was signed by 242 developers", "The letter was signed by 424 developers").vetoes[0])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[('1', 'same')]\n242 ≠ 424\n"


def test_the_claims_library_loads_no_arrays_before_they_are_needed():
    code = "import sys, claims; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


# --- anything ------------------------------------------------------------------------------------

SENTENCES = [pair["first"] for pair in PAIRS[::4]]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(SENTENCES))
def test_any_text_can_be_compared_and_is_like_itself(text, sentence):
    alone = judge(text, text, None)
    assert alone.vetoes == ()
    told = judge(text, sentence, None)
    assert 0 <= told.likeness <= 1
    assert judge(sentence, text, None).relation == told.relation


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.text(alphabet="abc ", max_size=12)), max_size=40))
def test_whatever_is_added_and_removed_the_index_holds_what_it_should(steps):
    ranking, held = Ranking(), {}
    for number, text in steps:
        if text:
            ranking.add(Entry(str(number), text))
            held[str(number)] = text
        else:
            assert ranking.remove(str(number)) == (held.pop(str(number), None) is not None)
        if number == 5:
            ranking.settle()
    assert {hit.id for hit in ranking.rank("abc", None, 100)} == set(held)
    for id, text in held.items():
        if terms(text):
            best = ranking.rank(text, None, 100)
            assert next(hit.score for hit in best if hit.id == id) == best[0].score


def test_long_texts_are_compared_in_time_that_grows_with_length_only():
    long = "Unemployment in Ohio fell to 4 percent in March 2019, said Bo Lind. " * 3_000
    assert judge(long, long + "Hens lay eggs.", 0.9).relation in set(Relation)
    index = Index()
    index.add("1", long)
    assert index.rank(long)[0].id == "1"


def test_many_texts_are_looked_up_one_after_another_with_the_same_result():
    entries = with_vectors([Entry(str(i), text) for i, text in enumerate(SENTENCES)])
    ranking, texts = Ranking(), {entry.id: entry.text for entry in entries}
    ranking.extend(entries)
    for entry in entries:
        hits = ranking.rank(entry.text, vector_of(entry.text), LOOKED_AT)
        first = matches(entry.text, hits, texts, 1)[0]
        assert (first.id, first.relation) == (entry.id, "same")


def test_only_the_best_are_told_with_reasons_and_they_are_the_best_of_all():
    entries = with_vectors([Entry(str(i), text) for i, text in enumerate(SENTENCES)])
    ranking, texts = Ranking(), {entry.id: entry.text for entry in entries}
    ranking.extend(entries)
    for entry in entries:
        hits = ranking.rank(entry.text, vector_of(entry.text), LOOKED_AT)
        told = [(hit.id, judge(entry.text, texts[hit.id], hit.cosine)) for hit in hits]
        near = [(id, one) for id, one in told if one.relation != "different"]
        near.sort(key=lambda pair: (pair[1].relation != "same", -pair[1].likeness))
        for k in (1, 2, LOOKED_AT):
            found = matches(entry.text, hits, texts, k)
            assert [(m.id, m.relation, m.score, m.reasons, m.vetoes) for m in found] == [
                (id, one.relation, one.likeness, one.reasons, one.vetoes) for id, one in near[:k]
            ]

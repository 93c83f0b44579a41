"""Cohen's kappa against published examples, and where it says nothing."""

import pytest

from ledger.services.agreement import kappa


def test_it_is_what_cohen_worked_out_himself():
    # Cohen (1960), table 2: 200 patients, three diagnoses; kappa .492.
    found = kappa([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert (found.pairs, found.agreed) == (200, 140)
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert found.value == pytest.approx(0.492, abs=0.0005)
    assert found.word == "moderate"


def test_value_and_interval_are_those_of_fleiss():
    # Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, table 18.1: .68, error .087.
    found = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert found.value == pytest.approx(0.676, abs=0.0005)
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.0877, abs=0.001)


def test_value_and_interval_are_those_that_sas_prints():
    # The example of PROC FREQ on 19 pairs: .4842, interval .2137 to .7547.
    found = kappa([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
    assert [round(x, 4) for x in (found.value, found.low, found.high)] == [0.4842, 0.2137, 0.7547]


def test_two_ratings_are_enough():
    assert kappa([[20, 5], [10, 15]]).value == pytest.approx(0.4)


def test_where_everybody_says_the_same_kappa_is_not_defined():
    found = kappa([[9, 0], [0, 0]])
    assert (found.pairs, found.agreed, found.observed) == (9, 9, 1.0)
    assert (found.value, found.low, found.high, found.word) == (None, None, None, None)
    assert kappa([[3]]).value is None


def test_agreement_on_several_ratings_is_one_without_an_interval():
    found = kappa([[3, 0], [0, 4]])
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_it_falls_below_nought_where_readers_contradict_each_other():
    found = kappa([[0, 5], [5, 0]])
    assert found.value == -1.0
    assert found.low == -1.0
    assert found.word == "no better than chance"


def test_without_pairs_nothing_is_said():
    assert kappa([]) == kappa([[0, 0], [0, 0]])
    assert kappa([]).value is None


@pytest.mark.parametrize("table", [[[1, 2]], [[1], [2]], [[-1]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match="square table"):
        kappa(table)

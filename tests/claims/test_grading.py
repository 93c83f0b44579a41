"""The default detector: what the rules find, graded with the learned model."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import extract, grading, read
from claims.detectors import DEFAULT, detector
from claims.encoder import ModelDamaged
from claims.errors import ClaimsError

TEXT = """The council of Eastmere cut 1,800 jobs in 2024, the highest number in its history, an audit found.

Ada Finch, who chairs the board, said the town would recover by 2030. “It is a wonderful place,” she added.

The bench stands by the pond.
"""


@pytest.fixture(scope="module")
def found():
    return detector(DEFAULT).find(read(TEXT))


def test_it_marks_the_clauses_that_the_rules_mark(found):
    assert [c.span for c in found] == [c.span for c in extract(read(TEXT), floor=0)]


def test_a_hard_figure_ranks_above_a_role_a_forecast_and_a_trifle(found):
    grades = {c.text: c.score for c in found}
    figure = next(score for text, score in grades.items() if text.startswith("The council of Eastmere cut"))
    others = [score for text, score in grades.items() if "1,800" not in text]
    assert figure > 0.9
    assert others and figure > max(others)
    assert next(score for text, score in grades.items() if "recover" in text) < 0.5


def test_what_the_model_makes_of_the_words_is_a_reason(found):
    assert any(grading.CHECKED in c.reasons for c in found)
    assert any(grading.LEFT in c.reasons for c in found)
    assert not any(c.reasons[0] == grading.LEFT for c in found)


def test_a_language_that_the_model_was_not_taught_is_left_to_the_rules():
    german = read(
        "Der Stadtrat von Ahrenfeld hat am Mittwoch mit 23 zu 9 Stimmen den Bau einer Mauer beschlossen. Sie soll "
        "14,6 Millionen Euro kosten. Wann sie fertig wird, ist noch offen, sagte die Bürgermeisterin."
    )
    assert detector("encoder").find(german) == extract(german, floor=0)


def test_a_text_without_a_clause_needs_no_model(monkeypatch):
    monkeypatch.setattr(grading, "worth", None)
    assert detector("encoder").find(read("Contents")) == []


def test_weights_that_somebody_changed_are_refused(tmp_path, monkeypatch):
    shutil.copytree(grading.FOLDER, tmp_path / "grading")
    weights = tmp_path / "grading" / "weights.json"
    weights.write_text(weights.read_text().replace('"bias": ', '"bias": 9'))
    monkeypatch.setattr(grading, "FOLDER", tmp_path / "grading")
    grading._weights.cache_clear()
    try:
        with pytest.raises(ModelDamaged, match=r"weights\.json"):
            detector("encoder").find(read(TEXT))
    finally:
        grading._weights.cache_clear()


def test_without_the_packages_that_run_a_model_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(
        "claims.detectors.encoder.find_spec", lambda name: None if name == "tokenizers" else name
    )
    with pytest.raises(ClaimsError, match=r"needs tokenizers.*“rules”"):
        detector("encoder")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_grades_between_nought_and_one(text):
    from claims.extract import candidates

    found = list(candidates(text))
    assert all(0 <= grade.value <= 1 for grade in grading.grades(found))

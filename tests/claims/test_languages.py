"""Texts in other languages: told, read with care, and never called more than a weak guess."""

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import pytest

from claims import extract, read, sentences
from claims.lang import en
from claims.lang.identify import language_of

GERMAN = (
    "Der Stadtrat von Ahrenfeld hat am Mittwoch mit 23 zu 9 Stimmen den Bau einer Mauer beschlossen. Sie soll 14,6 "
    "Millionen Euro kosten. Wann sie fertig wird, ist noch offen, sagte die Bürgermeisterin nach der Sitzung."
)
TEXTS = {
    "de": GERMAN,
    "fr": "Le conseil municipal a voté mercredi la construction d’un mur de 1,8 kilomètre le long de la rivière, deux "
    "ans après une tempête qui avait inondé 340 maisons dans la vieille ville.",
    "ar": "صوّت المجلس البلدي يوم الأربعاء لصالح بناء جدار بطول ميلين على طول النهر بعد عامين من عاصفة أغرقت 340 منزلا في "
    "المدينة القديمة، وقالت رئيسة البلدية إن العمل سيبدأ في الربيع المقبل.",
    "zh": "市议会周三以23票对9票通过了沿河修建防洪墙的计划，两年前的一场暴风雨淹没了340所房屋。市长在会后表示，工程将于明年春天开始。",
    "en": "The council voted on Wednesday to build a wall along the river, two years after a storm that left 340 homes "
    "under water, and the mayor said that the work would begin in the spring.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_is_told_from_the_text(code):
    assert language_of(TEXTS[code]) == code


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (TEXTS["en"], "en-GB", "en-gb"),
        (TEXTS["en"], "de", "en"),
        (GERMAN, "en", "de"),
        (GERMAN, "de-AT", "de-at"),
        ("Rat beschließt Mauer", "de", "de"),
        ("Council backs flood wall", None, None),
        ("", None, None),
        ("242 40 3 %", "sv", "sv"),
    ],
)
def test_the_source_is_believed_where_the_text_does_not_say_otherwise(text, declared, expected):
    assert language_of(text, declared) == expected


def test_a_document_says_its_language():
    assert read(GERMAN).language == "de"
    assert read(TEXTS["en"]).language == "en"


@pytest.mark.parametrize("code", ["de", "fr", "ar", "zh"])
def test_in_other_languages_the_sentences_with_numbers_are_candidates_with_a_low_score(code):
    document = read(TEXTS[code])
    found = extract(document, floor=0)
    assert found
    for claim in found:
        assert claim.text == document.text[claim.span.start : claim.span.end]
        assert claim.quantities
        assert claim.score <= 0.5
        assert any("language" in reason for reason in claim.reasons)
    assert len(found) <= len(sentences(document.text, document.language))


def test_no_word_list_of_english_hides_another():
    """`from claims.lang.en.… import *` would let the later of two with one name overwrite the earlier."""
    modules = [import_module(f"claims.lang.en.{found.name}") for found in iter_modules(en.__path__)]
    exported = Counter(name for module in modules for name in vars(module) if not name.startswith("_"))
    assert len(modules) > 1
    assert [name for name, times in exported.items() if times > 1] == []


def test_the_forms_of_a_verb_lead_to_its_base():
    assert {en.lemma(form) for form in en.forms("deny")} == {"deny"}
    assert en.lemma("took") == "take"
    assert en.lemma("parsley") == "parsley"
    assert en.third_of("giving") == "gives"
    assert en.third_of("evening") is None

"""Who is meant by @Name."""

from dataclasses import dataclass

import pytest

from ledger.services.mentions import MOST, resolve


@dataclass(frozen=True)
class Somebody:
    id: str
    name: str


PEOPLE = [
    Somebody("ben", "Ben Adams"),
    Somebody("cleo", "Cleo"),
    Somebody("ann", "Ann"),
    Somebody("marie", "Ann-Marie de la Cruz"),
    Somebody("jo1", "Jo Brown"),
    Somebody("jo2", "Jo Green"),
    Somebody("elodie", "Élodie"),
    Somebody("long", "Élodie Brown"),
    Somebody("arabic", "سارة علي"),
    Somebody("initial", "Kim B."),
]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Ben, look", ["ben"]),
        ("ask @BEN ADAMS's source", ["ben"]),
        ("@ben   adams and @cleo. And @Ben again", ["ben", "cleo"]),
        ("(@Ann) but not @Anna", ["ann"]),
        ("@Ann-Marie de la Cruz", ["marie"]),
        ("@ann-marie", ["marie"]),
        ("@Jo Brown said, and @Jo again", ["jo1"]),
        ("@E\u0301lodie", ["elodie"]),
        ("@élodie brown", ["long"]),
        ("@سارة علي، انظر", ["arabic"]),
        ("@Kim B. knows", ["initial"]),
        ("mail jo@cleo.example, and @@cleo", []),
        ("@ Cleo", []),
        ("", []),
    ],
)
def test_a_name_after_the_sign_is_found(text, people):
    found = resolve(text, PEOPLE)
    assert found.people == people
    for mention in found.mentions:
        assert text[mention.start] == "@"
        assert not text[mention.end : mention.end + 1].isalnum()


def test_a_name_of_several_and_a_name_of_nobody_stay_plain_and_are_told():
    found = resolve("@Jo and @Zed, and @Jo again", PEOPLE)
    assert found.people == []
    assert [(one.words, one.several) for one in found.unresolved] == [("@Jo", True), ("@Zed", False)]


def test_thousands_of_signs_take_no_time_and_those_after_the_limit_stay_plain():
    found = resolve("@Cleo " * 1000, PEOPLE)
    assert len(found.mentions) == MOST
    assert found.people == ["cleo"]

"""What the ledger has already, on an article's page and on a claim's, without scripts and in place."""

from dataclasses import replace

import pytest

from ledger.services.matching import Matcher
from tests.factories import make_article, make_claim, make_verdict

STATEMENT = "The letter to the council was signed by 242 builders."
TEXT = "The council met. On Friday 242 builders signed the letter to the council."


@pytest.fixture
def checked(database, people):
    claim = make_claim(database, people.reviewer, statement=STATEMENT)
    make_verdict(database, people.reviewer, people.reviewer2, claim=claim)
    return claim


def test_an_article_says_what_was_checked_already_and_links_to_it(signed_in, database, people, checked):
    article = make_article(database, people.reviewer, TEXT)
    page = signed_in(people.reader).open(f"/articles/{article.id}")
    assert "Already checked: 1" not in page.text
    page.follow("Already checked?")
    assert "Already checked: 1" in page.text
    assert "Same Supported" in " ".join(page.text.split())
    assert "same number: 242 builders" in page.text
    page.follow(STATEMENT)
    assert page.place.endswith(f"/claims/{checked.id}")


def test_htmx_gets_the_part_alone(signed_in, database, people, checked):
    article = make_article(database, people.reviewer, TEXT)
    page = signed_in(people.reader).open(f"/articles/{article.id}")
    answer = page.client.get(f"/articles/{article.id}/matches", headers={"HX-Request": "true"})
    assert "HX-Request" in answer.headers["Vary"]
    assert "Already checked: <b>1</b>" in answer.text
    assert "<html" not in answer.text


def test_a_claim_shows_what_differs_from_one_that_sounds_alike(signed_in, database, people, checked):
    other = make_claim(
        database,
        people.reviewer,
        "12 towns",
        statement="The letter to the council was signed by 424 builders.",
    )
    page = signed_in(people.reader).open(f"/claims/{other.id}").follow("Claims that say the same")
    assert "Similar Supported" in " ".join(page.text.split())
    assert "424 ≠ 242" in page.text
    assert "nothing is linked by it" in page.text


def test_nothing_alike_is_said_to_be_nothing(signed_in, database, people):
    claim = make_claim(database, people.reviewer, statement="The tower has 40 floors.")
    page = signed_in(people.reader).open(f"/claims/{claim.id}/matches")
    assert "Nothing in the ledger says the same." in page.text
    article = make_article(database, people.reviewer, TEXT)
    assert "has nothing like these claims" in page.open(f"/articles/{article.id}/matches").text


def test_where_matching_is_off_the_pages_say_so(app, signed_in, database, people):
    claim = make_claim(database, people.reviewer, statement="The tower has 40 floors.")
    app.extensions["ledger"] = replace(app.extensions["ledger"], matcher=Matcher(most=0))
    page = signed_in(people.reader).open(f"/claims/{claim.id}/matches")
    assert (page.status, "Matching is turned off here." in page.text) == (200, True)

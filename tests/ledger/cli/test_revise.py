"""ledger revise: a new text from a file, tried and stored."""

import json

import pytest

from tests.conftest import one_database
from tests.factories import TEXT, make_article, make_verdict
from tests.ledger.services.desk import now


@pytest.fixture
def article(database, people):
    assert people.admin
    return make_article(database, people.reviewer, floor=1.0)


@one_database
def test_a_text_is_tried_and_then_stored(ledger, database, people, article, tmp_path) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    new = tmp_path / "new.txt"
    new.write_text(TEXT.replace("242", "424"))

    tried = ledger("revise", article.id, new, "--dry-run")
    assert (tried.code, now(database, claim).status) == (0, "supported"), tried.err
    assert claim.id in tried.out and "242 → 424" in tried.out
    assert "Revision 2 would be stored: 1 changed. 1 to be looked at." in tried.err

    done = ledger("revise", article.id, new, "--json", "--note", "Corrected.")
    assert (done.code, now(database, claim).status) == (0, "stale")
    [fate] = [json.loads(line) for line in done.out.splitlines()]
    assert (fate["outcome"], fate["was"], fate["now"]) == ("changed", "242 builders", "424 builders")
    assert "Revision 2 is stored" in done.err

    again = ledger("revise", article.id, new)
    assert again.code == 0 and "nothing was changed" in again.err


@one_database
def test_what_cannot_be_is_told(ledger, article, tmp_path) -> None:
    for given in (
        (article.id,),
        (article.id, tmp_path / "none.txt"),
        ("no-id", "-"),
        (article.id[:-1] + "0", tmp_path),
    ):
        done = ledger("revise", *given)
        assert done.code != 0 and done.err.strip(), given

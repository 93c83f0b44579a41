"""ledger import: a file's claims, what is refused, and once more."""

import json
from pathlib import Path

import pytest

from ledger.models import Claim


@pytest.fixture
def table(tmp_path: Path, people) -> Path:
    """Two claims and a row that is none."""
    assert people.admin
    path = tmp_path / "claims.csv"
    path.write_text(
        "Claim,Page\r\nOne is checkable,https://n.example/1\r\nTwo are,\r\n,https://n.example/3\r\n"
    )
    return path


def _number(database) -> int:
    with database.read() as session:
        return len(session.execute(Claim.__table__.select()).all())


def test_a_table_is_tried_brought_in_and_brought_again(ledger, database, table) -> None:
    mapped = ("--map", "statement=Claim", "--map", "url=Page")
    tried = ledger("import", table, *mapped, "--dry-run")
    assert (tried.code, _number(database)) == (1, 0)
    assert "2 claims would come in" in tried.out
    assert "row 4: statement: The claim is missing." in tried.err

    done = ledger("import", table, *mapped)
    assert (done.code, _number(database)) == (1, 2)
    assert (
        "2 claims came in with 0 sources and 2 articles of quoted words; 0 there already, 1 refused."
        in done.out
    )

    again = ledger("import", table, *mapped)
    assert "0 claims came in" in again.out and "2 there already" in again.out
    assert _number(database) == 2
    assert ledger("verify").code == 0


def test_a_review_by_its_own_format(ledger, database, tmp_path, people) -> None:
    assert people.admin
    path = tmp_path / "review.json"
    path.write_text(
        json.dumps({"@type": "ClaimReview", "claimReviewed": "One is", "url": "https://c.example/1"})
    )
    done = ledger("import", path)
    assert (done.code, _number(database)) == (0, 1), done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--map", "x"), "FIELD=COLUMN"),
        (("--desk", "No"), "no desk"),
        (("--format", "hypothesis"), "no JSON"),
    ],
)
def test_what_is_wrong_is_told(ledger, database, table, arguments, told) -> None:
    done = ledger("import", table, *arguments)
    assert done.code in (1, 2)
    assert told in done.err
    assert _number(database) == 0

"""ledger scale: list, retire, reinstate."""

from ledger.models import Account, Claim
from tests.factories import make_verdict


def _status(database, claim):
    with database.read() as session:
        return session.get_one(Claim, claim.id).status


def test_a_version_is_retired_and_used_again(ledger, database, people):
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    with database.read() as session:
        email = session.get_one(Account, people.editor.account).email
    assert "1 settled" in ledger("scale", "list").out

    done = ledger("scale", "retire", "ledger", "1", "--reason", "Too coarse.", "--as", email)
    assert (done.code, "1 claims" in done.out) == (0, True), done.err
    assert _status(database, claim) == "stale"
    assert "Too coarse." in ledger("scale", "list").out
    assert ledger("scale", "retire", "ledger", "1", "--reason", "Again.", "--as", email).code == 1

    assert ledger("scale", "reinstate", "ledger", "1", "--as", email).code == 0
    assert _status(database, claim) == "supported"
    assert ledger("scale", "reinstate", "ledger", "1", "--as", email).code == 1

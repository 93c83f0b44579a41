"""ledger evidence: a piece is added, taken back and put back, and a settled verdict follows."""

from ledger.store import claims as store
from tests.conftest import one_database
from tests.factories import make_claim, make_verdict
from tests.ledger.services.desk import do, now


def _pieces(database, claim):
    return do(database, store.evidence, claim.id)


@one_database
def test_evidence_is_added_with_a_copy_to_be_made(ledger, database, people) -> None:
    assert people.admin
    claim = make_claim(database, people.reviewer)
    done = ledger(
        "evidence", "add", claim.id.upper(), "https://example.org/a", "--stance", "supports", "--quote", "A"
    )
    assert done.code == 0, done.err
    (piece,) = _pieces(database, claim)
    assert (done.out.strip(), piece.quote, bool(piece.capture_id)) == (f"Added: {piece.id}", "A", True)
    refused = ledger("evidence", "add", claim.id, "nowhere", "--stance", "supports")
    assert refused.code == 1 and "address" in refused.err
    # No keys, no hand-over.
    assert "LEDGER_WAYBACK_KEY" in ledger("evidence", "archive", piece.id).err


@one_database
def test_taken_back_it_makes_the_verdict_stale_until_it_is_put_back(ledger, database, people) -> None:
    assert people.admin
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    (piece,) = _pieces(database, claim)
    assert ledger("evidence", "withdraw", piece.id).code == 2  # a reason is wanted
    assert ledger("evidence", "withdraw", piece.id, "--reason", "A forgery.").code == 0
    assert (now(database, claim).status, now(database, piece).withdrawn_reason) == ("stale", "A forgery.")
    assert ledger("evidence", "restore", piece.id).code == 0
    assert now(database, claim).status == "supported"
    refused = ledger("evidence", "fits", piece.id, "--note", "Seen.")
    assert refused.code == 1 and "as it was" in refused.err

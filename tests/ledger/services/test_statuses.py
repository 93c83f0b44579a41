"""The status of a claim, as a table."""

import itertools

import pytest

from ledger import clock
from ledger.models import Claim, Status, Verdict
from ledger.services.statuses import derive

A_VERDICT = Verdict(status_word="refuted")

# withdrawn, triage, settled, stale, proposed, assigned → status
TABLE = [
    (False, "candidate", False, False, False, False, "candidate"),
    (False, "dismissed", False, False, False, False, "dismissed"),
    (False, "accepted", False, False, False, False, "unchecked"),
    (False, "accepted", False, False, False, True, "checking"),
    (False, "accepted", False, False, True, False, "proposed"),
    (False, "accepted", False, False, True, True, "proposed"),
    (False, "accepted", True, False, False, False, "refuted"),
    (False, "accepted", True, False, False, True, "refuted"),
    # What the desk has signed holds until the new proposal is signed too.
    (False, "accepted", True, False, True, True, "refuted"),
    (False, "accepted", True, True, False, False, "stale"),
    (False, "accepted", True, True, False, True, "checking"),
    (False, "accepted", True, True, True, True, "proposed"),
    (True, "accepted", False, False, False, False, "withdrawn"),
    (True, "accepted", True, False, True, True, "withdrawn"),
    (True, "accepted", True, True, False, False, "withdrawn"),
]


def _claim(withdrawn: bool, triage: str, stale: bool, assigned: bool) -> Claim:
    return Claim(
        triage=triage,
        withdrawn_at=clock.now() if withdrawn else None,
        stale_since=clock.now() if stale else None,
        assignee_id="somebody" if assigned else None,
    )


@pytest.mark.parametrize(("withdrawn", "triage", "settled", "stale", "proposed", "assigned", "status"), TABLE)
def test_a_claims_facts_give_its_status(withdrawn, triage, settled, stale, proposed, assigned, status):
    claim = _claim(withdrawn, triage, stale, assigned)
    assert derive(claim, settled=A_VERDICT if settled else None, proposed=proposed) == status


def test_every_possible_combination_of_facts_has_a_status():
    yes_no = (False, True)
    triages = ("candidate", "accepted", "dismissed")
    for withdrawn, triage, settled, stale, proposed, assigned in itertools.product(
        yes_no, triages, yes_no, yes_no, yes_no, yes_no
    ):
        claim = _claim(withdrawn, triage, stale, assigned)
        assert derive(claim, settled=A_VERDICT if settled else None, proposed=proposed) in Status


@pytest.mark.parametrize("word", ["supported", "misleading", "refuted", "disputed", "unproven"])
def test_a_settled_claim_has_the_status_word_of_its_rating(word):
    claim = _claim(False, "accepted", False, False)
    assert derive(claim, settled=Verdict(status_word=word), proposed=False) == word

"""ledger show: a claim as it stood."""

import json
from datetime import UTC, datetime

import pytest
import time_machine

from ledger.errors import Invalid
from ledger.models import Claim
from ledger.services import claims, history, verdicts
from tests.factories import make_claim, make_verdict


@pytest.fixture
def story(database, people):
    """Found on the 10th, reworded on the 12th, settled on the 14th, withdrawn on the 16th."""
    people.reviewer, people.editor  # noqa: B018  (made before time is held)
    with time_machine.travel(datetime(2026, 11, 10, 9, tzinfo=UTC), tick=False) as clock:
        assert make_claim(database, people.reviewer)
        with database.read() as session:
            claim = session.execute(Claim.__table__.select().where(Claim.origin == "person")).one()
        clock.move_to(datetime(2026, 11, 12, 23, 59, 59, tzinfo=UTC))
        with database.write() as session:
            claims.reword(
                session,
                claim.id,
                by=people.reviewer,
                version=1,
                details={"statement": "242 builders signed it."},
            )
        clock.move_to(datetime(2026, 11, 14, 9, tzinfo=UTC))
        with database.read() as session:
            claim = session.get_one(Claim, claim.id)
        claim, _ = make_verdict(database, people.reviewer, people.editor, claim)
        clock.move_to(datetime(2026, 11, 16, 9, tzinfo=UTC))
        with database.write() as session:
            claims.withdraw(session, claim.id, by=people.editor, version=claim.version, note="A hoax.")
    return claim


def test_each_day_shows_what_stood_then(ledger, story) -> None:
    def shown(at: str) -> dict:
        done = ledger("show", story.id, "--at", at, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    assert shown("2026-11-10")["claim"]["statement"] == "242 builders"
    assert shown("2026-11-12")["claim"]["statement"] == "242 builders signed it."
    # Before the end of that day, to the second.
    assert shown("2026-11-12T23:59:58")["claim"]["statement"] == "242 builders"
    assert shown("2026-11-13T00:59:59+01:00")["claim"]["statement"] == "242 builders signed it."
    assert shown("2026-11-13")["evidence"] == shown("2026-11-13")["verdicts"] == []
    settled = shown("2026-11-14")
    assert settled["claim"]["status"] == "supported" and settled["verdicts"][0]["state"] == "settled"
    assert len(settled["evidence"]) == len(settled["signatures"]) == 1
    assert shown("2026-11-16")["claim"]["status"] == "withdrawn"
    assert shown("2026-11-14")["last_event"]["kind"] == "verdict.signed"


def test_for_a_person_it_is_told_in_words(ledger, story) -> None:
    told = ledger("show", f"https://ledger.example/claims/{story.id}#evidence").out

    for words in (
        "status     withdrawn", "A hoax.", "“242 builders”", "supports: https://example.org/source",
        "Supported (settled), by Reviewer", "signed by Editor", "claim.withdrawn",
    ):  # fmt: skip
        assert words in told


def test_before_it_was_found_there_was_none(ledger, story) -> None:
    done = ledger("show", story.id, "--at", "2026-11-09")

    assert done.code == 1
    assert "it was found on 2026-11-10T09:00:00" in done.err


def test_an_unknown_claim_is_told(ledger) -> None:
    assert "There is no claim with the id" in ledger("show", "019ab0d5-7c11-7a20-9d6b-0f3e5a1b2c3d").err
    assert ledger("show", "nonsense").code == 1


def test_what_is_shown_now_is_what_the_tables_say(database, people, ledger) -> None:
    reader = people.reviewer
    claim, verdict = make_verdict(database, people.editor)
    with database.write() as session:
        verdicts.send_back(session, verdict.id, by=reader, reason="Which year?")
    with database.read() as session:
        past = history.claim_at(session, claim.id, datetime.now(UTC))
        row = session.get_one(Claim, claim.id)

    assert (past.claim["status"], past.claim["version"]) == (row.status, row.version)
    assert past.verdict is None and past.verdicts[0]["state"] == "sent_back"


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-11-31", "23.11.2026", ""])
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(Invalid, match="is no date"):
        history.moment(text)


def test_a_bare_date_means_the_end_of_its_day() -> None:
    assert history.moment("2026-11-23") == datetime(2026, 11, 23, 23, 59, 59, 999999, tzinfo=UTC)
    assert history.moment("2026-11-23T12:00") == datetime(2026, 11, 23, 12, tzinfo=UTC)

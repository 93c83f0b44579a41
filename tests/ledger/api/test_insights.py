"""The figures by the API, and the second reader's rating."""

import pytest

from tests.factories import make_claim, make_desk, make_evidence, make_verdict
from tests.ledger.api.helpers import get, ok, post

CHARTS = ("statuses", "clearing", "publishers", "kinds", "load", "agreement", "oldest")


@pytest.fixture
def reader(people):
    """A reader's token."""
    return people.token("reader")


def test_the_api_tells_what_the_page_draws(client, database, people, reader):
    make_verdict(database, people.reviewer, people.reviewer2)
    waiting, _ = make_verdict(
        database, people.reviewer, claim=make_claim(database, people.reviewer, "12 towns")
    )
    found = {chart: ok(get(client, f"/insights/{chart}", reader)) for chart in CHARTS}
    assert found["statuses"]["step"] == "day"
    assert found["statuses"]["counts"]["supported"] == [1] == found["statuses"]["counts"]["proposed"]
    assert found["clearing"]["all"]["cleared"] == 1 == found["clearing"]["still_open"]
    assert found["clearing"]["weeks"][0]["median_hours"] == found["clearing"]["all"]["median_hours"]
    assert found["publishers"]["items"][0]["name"] is None
    assert found["kinds"]["items"][0]["total"] == 1
    (first, second) = found["load"]["items"]
    assert (first["account"]["name"], first["proposed"], first["waiting"]) == ("Reviewer", 2, 1)
    assert (second["account"]["name"], second["signed"]) == ("Reviewer2", 1)
    assert (found["agreement"]["table"], found["agreement"]["kappa"]) == ([[1]], None)
    assert found["oldest"]["items"][0]["claim_id"] == waiting.id
    assert all(set(one["period"]) == {"from", "to", "zone"} for one in found.values())


def test_a_period_and_a_desk_can_be_asked_for(client, database, people, reader):
    make_verdict(database, people.reviewer, people.reviewer2)
    desk = make_desk(database, people.editor)
    asked = f"from=2026-01-01&to=2026-02-01&zone=Asia/Tokyo&desk_id={desk.id}"
    shown = ok(get(client, f"/insights/kinds?{asked}", reader))
    assert shown == {"period": {"from": "2026-01-01", "to": "2026-02-01", "zone": "Asia/Tokyo"}, "items": []}
    for wrong, field in (("from=1", "from"), ("zone=x", "zone"), ("desk_id=x", "desk_id"), ("first=2026-01-01", "first"),
                         (f"desk_id={desk.id[:-1]}f" if desk.id[-1] != "f" else "desk_id=0", "desk_id")):  # fmt: skip
        problem = ok(get(client, f"/insights/kinds?{wrong}", reader), 422)
        assert problem["errors"][0]["pointer"] == f"#/{field}"
    assert ok(get(client, "/insights/oldest?limit=0", reader), 422)


def test_a_verdict_is_sent_back_with_another_rating(client, database, people):
    reviewer = people.token("reviewer2")
    _, verdict = make_verdict(database, people.reviewer)
    wrong = post(
        client, f"/verdicts/{verdict.id}/send-back", reviewer, {"reason": "No.", "code": "five stars"}
    )
    assert ok(wrong, 422)["errors"][0]["pointer"] == "#/code"
    sent = ok(
        post(client, f"/verdicts/{verdict.id}/send-back", reviewer, {"reason": "No.", "code": "refuted"})
    )
    assert (sent["state"], sent["sent_back_code"]) == ("sent_back", "refuted")
    agreement = ok(get(client, "/insights/agreement", reviewer))
    assert (agreement["codes"], agreement["table"]) == (["supported", "refuted"], [[0, 1], [0, 0]])


def test_what_changed_under_a_verdict_is_listed(client, database, people, reader):
    claim, verdict = make_verdict(database, people.reviewer)
    assert ok(get(client, f"/verdicts/{verdict.id}/differences", reader)) == {"items": []}
    make_evidence(database, people.editor, claim, url="https://example.org/new", title="New minutes")
    (one,) = ok(get(client, f"/verdicts/{verdict.id}/differences", reader))["items"]
    assert (one["what"], one["subject"], one["by"]["name"]) == ("evidence_added", "New minutes", "Editor")

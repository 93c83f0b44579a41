"""Claims by the API: the whole way of one, and what stands in it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.db import Database
from tests.conftest import People
from tests.factories import make_article, make_claim, make_evidence, make_verdict
from tests.ledger.api.helpers import V1, everything, get, ok, patch, post


@pytest.fixture
def reviewer(people: People) -> dict[str, str]:
    """A reviewer's token."""
    return people.token("reviewer")


def _act(client: FlaskClient, id: str, deed: str, who: dict[str, str], body: Any = None) -> TestResponse:
    tag = get(client, f"/claims/{id}/status", who).headers["ETag"]
    return post(client, f"/claims/{id}/{deed}", who, body, if_match=tag)


def test_a_claim_goes_all_the_way(client: FlaskClient, people: People, reviewer: dict[str, str]) -> None:
    second = people.token("reviewer2")
    article = ok(
        post(
            client, "/articles", reviewer, {"text": "The council opened a bridge. It cost 4.2 million euros."}
        ),
        201,
    )
    candidate = ok(get(client, f"/articles/{article['article']['id']}/claims", reviewer))["items"][-1]
    path = f"/claims/{candidate['id']}"
    assert candidate["status"] == "candidate" and candidate["reasons"]

    accepted = post(client, f"{path}/accept", reviewer, if_match='"1"')
    assert ok(accepted)["status"] == "unchecked"
    taken = post(client, f"{path}/take", reviewer, {}, if_match=accepted.headers["ETag"])
    assert (ok(taken)["status"], ok(taken)["assignee"]["name"]) == ("checking", "Reviewer")

    piece = post(
        client, f"{path}/evidence", reviewer, {"url": "https://source.example/r", "stance": "supports"}
    )
    assert ok(piece, 201)["capture"]["state"] == "pending"
    assert ok(client.get(piece.headers["Location"], headers=reviewer)) == ok(piece, 201)

    version = get(client, f"{path}/status", reviewer).headers["ETag"]
    proposed = post(
        client,
        f"{path}/verdicts",
        reviewer,
        {"code": "supported", "rationale": "So it says."},
        if_match=version,
    )
    verdict = ok(proposed, 201)
    assert (verdict["state"], verdict["number"], verdict["proposed_by"]["name"]) == (
        "proposed",
        5,
        "Reviewer",
    )

    assert ok(post(client, f"/verdicts/{verdict['id']}/sign", reviewer, {"digest": verdict["digest"]}), 403)
    signed = ok(post(client, f"/verdicts/{verdict['id']}/sign", second, {"digest": verdict["digest"]}))
    assert signed["state"] == "settled"
    assert [(s["account"]["name"], s["capacity"]) for s in signed["signatures"]] == [("Reviewer2", "second")]

    status = ok(get(client, f"{path}/status", reviewer))
    assert (status["status"], status["label"], status["stale_since"]) == ("supported", "Supported", None)
    kinds = [event["kind"] for event in everything(client, f"{path}/history?limit=2", reviewer)]
    assert kinds == [
        "claim.found", "claim.accepted", "claim.taken", "evidence.added", "verdict.proposed", "verdict.signed",
    ]  # fmt: skip


def test_a_claims_file_holds_all_of_it(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim, verdict = make_verdict(database, people.reviewer, people.reviewer2)
    file = ok(get(client, f"/claims/{claim.id}", reviewer))
    place = file["appearances"][0]
    assert (place["exact"], place["end"] - place["start"], place["fate"]) == ("242 builders", 12, "same")
    assert place["prefix"].endswith("signed with ") and place["suffix"].startswith(",")
    assert place["title"] == "Council opens new bridge"
    assert file["quantities"][0]["value"] == "242"
    assert file["evidence"][0]["added_by"]["name"] == "Reviewer"
    assert file["evidence"][0]["capture"] is None
    assert file["verdicts"][0]["signatures"][0]["digest"] == verdict.digest
    assert file["created_by"] == {"id": people.reviewer.account, "name": "Reviewer"}
    assert file["score"] is None and file["assignee"] is None


def test_a_claim_is_added_on_words(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    path = f"/articles/{make_article(database, people.reviewer).id}"
    text = ok(get(client, path, reviewer))["revision"]
    start = text["text"].index("12 towns")
    body = {
        "start": start,
        "end": start + 8,
        "exact": "12 towns",
        "revision_id": text["id"],
        "kind": "quantity",
    }
    added = post(client, f"{path}/claims", reviewer, body)
    assert ok(added, 201)["statement"] == "12 towns"
    assert ok(client.get(added.headers["Location"], headers=reviewer))["status"] == "unchecked"
    there = ok(post(client, f"{path}/claims", reviewer, body), 409)
    assert there["claim"] == added.json["id"]


WRONG_CLAIMS: list[tuple[Any, str]] = [
    ({}, "#/start"),
    ({"start": 4, "end": 4}, "#/start"),
    ({"start": 0, "end": 10**9}, "#/start"),
    ({"start": -1, "end": 4}, "#/start"),
    ({"start": 10**30, "end": 4}, "#/start"),
    ({"start": "1", "end": 4}, "#/start"),
    ({"start": True, "end": 4}, "#/start"),
    ({"start": 1.5, "end": 4}, "#/start"),
    ({"start": 0, "end": 7, "exact": "councils"}, "#/exact"),
    ({"start": 0, "end": 7, "kind": "gossip"}, "#/kind"),
    ({"start": 0, "end": 7, "statement": "x"}, "#/statement"),
    ({"start": 0, "end": 7, "statement": "a\x00bc"}, "#/statement"),
    ({"start": 0, "end": 7, "status": "supported"}, "#/status"),
    ({"start": 0, "end": 7, "a/b~c": 1}, "#/a~1b~0c"),
]


def test_what_is_wrong_with_a_claim_is_told(
    client: FlaskClient,
    people: People,
    reviewer: dict[str, str],
    database: Database,
    subtests: pytest.Subtests,
) -> None:
    article = make_article(database, people.reviewer)
    for body, pointer in WRONG_CLAIMS:
        with subtests.test(body=body):
            problem = ok(post(client, f"/articles/{article.id}/claims", reviewer, body), 422)
            assert pointer in [error["pointer"] for error in problem["errors"]]
            assert problem["code"] == "invalid"


def test_an_older_revision_is_a_conflict(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    article = make_article(database, people.reviewer)
    body = {"start": 0, "end": 7, "revision_id": article.id}
    assert post(client, f"/articles/{article.id}/claims", reviewer, body).status_code == 409


def test_candidates_are_dismissed_and_reopened(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    article = make_article(database, people.reviewer)
    id = ok(get(client, f"/articles/{article.id}/claims", reviewer))["items"][0]["id"]
    assert (
        ok(_act(client, id, "dismiss", reviewer, {"reason": "An opinion."}))["dismissed_reason"]
        == "An opinion."
    )
    assert ok(_act(client, id, "dismiss", reviewer), 409)["code"] == "conflict"
    assert ok(_act(client, id, "take", reviewer), 409)
    assert ok(_act(client, id, "reopen", reviewer))["status"] == "candidate"
    assert ok(_act(client, id, "dismiss", reviewer))["dismissed_reason"] is None


def test_a_claim_is_handed_over_and_laid_down(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    colleagues = ok(get(client, "/people", reviewer))["items"]
    assert {"id", "name", "role"} == set(colleagues[0])
    other = people.reviewer2.account
    assert (
        ok(_act(client, claim.id, "hand-over", reviewer, {"assignee_id": other}))["assignee"]["name"]
        == "Reviewer2"
    )
    assert ok(_act(client, claim.id, "lay-down", reviewer), 403)
    assert ok(_act(client, claim.id, "lay-down", people.token("editor")))["assignee"] is None
    assert ok(_act(client, claim.id, "hand-over", reviewer, {"assignee_id": people.reader.account}), 422)
    assert ok(_act(client, claim.id, "hand-over", reviewer, {"assignee_id": claim.id}), 422)
    assert ok(_act(client, claim.id, "hand-over", reviewer), 422)["errors"][0]["pointer"] == "#/assignee_id"


def test_a_claim_is_withdrawn_with_a_note_and_reopened(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    editor = people.token("editor")
    assert ok(_act(client, claim.id, "withdraw", reviewer, {"note": "x"}), 403)
    assert ok(_act(client, claim.id, "withdraw", editor, {"note": None}), 422)
    withdrawn = ok(_act(client, claim.id, "withdraw", editor, {"note": "We misread it."}))
    assert (withdrawn["status"], withdrawn["withdrawn_by"]["name"]) == ("withdrawn", "Editor")
    assert ok(_act(client, claim.id, "reopen", reviewer), 403)
    assert ok(_act(client, claim.id, "reopen", editor))["status"] == "supported"


def test_an_outdated_edit_is_shown_both_sides(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    path = f"/claims/{make_claim(database, people.reviewer).id}"
    tag = get(client, path, reviewer).headers["ETag"]
    first = patch(client, path, reviewer, {"statement": "There were 242 builders."}, if_match=tag)
    assert ok(first)["version"] == 2
    late = ok(patch(client, path, reviewer, {"statement": "242 people built it."}, if_match=tag), 412)
    assert late["current"]["statement"] == "There were 242 builders."
    assert late["sent"] == {"statement": "242 people built it."}
    assert late["version"] == 2
    assert ok(get(client, path, reviewer))["statement"] == "There were 242 builders."


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 428), ("", 428), ("*", 428), ('"1"', 200), ('W/"1"', 200), ('"1-abc"', 200), ("1", 412), ('"x"', 412),
        ('"2"', 412), ('"99999999999999999999"', 412), ('"1", "2"', 422), ("\x7f", 412),
    ],
)  # fmt: skip
def test_if_match_names_one_version(
    client: FlaskClient,
    people: People,
    reviewer: dict[str, str],
    database: Database,
    header: str | None,
    status: int,
) -> None:
    claim = make_claim(database, people.reviewer)
    headers = {} if header is None else {"if_match": header}
    assert post(client, f"/claims/{claim.id}/take", reviewer, **headers).status_code == status


def test_a_status_is_304_until_the_claim_changes(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    path = f"/claims/{claim.id}/status"
    first = get(client, path, reviewer)
    assert (first.headers["ETag"], set(ok(first))) == (
        '"1"', {"id", "merged_into", "version", "status", "label", "updated_at", "stale_since", "stale_reasons"},
    )  # fmt: skip
    assert get(client, path, reviewer, if_none_match='"1"').status_code == 304
    assert get(client, path, reviewer, if_none_match='W/"1"').status_code == 304
    make_evidence(database, people.reviewer, claim)
    changed = get(client, path, reviewer, if_none_match='"1"')
    assert ok(changed)["version"] == 2


def test_names_and_captures_change_the_file_without_a_new_version(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    tag = get(client, f"/claims/{claim.id}", reviewer).headers["ETag"]
    account, admin = f"/accounts/{people.reviewer.account}", people.token("admin")
    ok(patch(client, account, admin, {"name": "Jo"}, if_match=get(client, account, admin).headers["ETag"]))
    again = get(client, f"/claims/{claim.id}", reviewer, if_none_match=tag)
    assert ok(again)["created_by"]["name"] == "Jo"
    assert (
        ok(patch(client, f"/claims/{claim.id}", reviewer, {"kind": "other"}, if_match=tag))["kind"] == "other"
    )


def test_claims_are_narrowed(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim, _ = make_verdict(database, people.reviewer, people.reviewer2)
    found = lambda query: {item["id"] for item in everything(client, f"/claims?{query}", reviewer)}  # noqa: E731
    everyone = found("")
    assert found("status=supported") == {claim.id}
    assert found("status=candidate") == everyone - {claim.id}
    assert found("status=supported&status=candidate") == everyone
    assert found("kind=quantity&status=supported") == {claim.id}
    assert found("q=242%20BUILDERS&status=supported") == {claim.id}
    assert found(f"assignee_id={people.reviewer.account}") == set()
    first = ok(get(client, f"/claims/{claim.id}", reviewer))
    assert found(f"article_id={first['appearances'][0]['article_id']}") == everyone
    assert claim.id in found(f"updated_since={first['updated_at']}")
    assert found("updated_since=2100-01-01T00:00:00%2B01:00") == set()


WRONG_QUERIES = [
    "limit=0", "limit=201", "limit=-1", "limit=1e3", "limit=99999999999999999999", "limit=a", "after=%00", "after=abc",
    "after=W10", "status=done", "kind=gossip", "article_id=", "article_id=7", "assignee_id=%00", "q=%00",
    "updated_since=yesterday", "updated_since=2026-11-23T00:00:00", "updated_since=0001-01-01T00:00:00%2B14:00",
    "updated_since=2026-11-23T00:00:00+01:00", "q=" + "x" * 201, "page=2",
]  # fmt: skip


def test_a_wrong_query_is_told_by_name(
    client: FlaskClient, reviewer: dict[str, str], subtests: pytest.Subtests
) -> None:
    for query in WRONG_QUERIES:
        with subtests.test(query=query):
            problem = ok(get(client, f"/claims?{query}", reviewer), 422)
            # A list's own item is named too: #/status/0.
            pointer = problem["errors"][0]["pointer"].removesuffix("/0")
            assert pointer == f"#/{query.partition('=')[0]}", problem


def test_paging_loses_and_repeats_nothing_while_claims_come_in(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    text = "\n\n".join(f"The town paid {n} million euros in {n + 1800}." for n in range(1, 121))
    make_article(database, people.reviewer, text)
    wanted = {item["id"] for item in everything(client, "/claims?limit=200", reviewer)}
    assert len(wanted) == 120

    seen: list[str] = []
    path: str | None = "/claims?limit=7"
    while path:
        page = ok(get(client, path, reviewer))
        seen += [item["id"] for item in page["items"]]
        make_article(
            database, people.reviewer, f"Added meanwhile. It cost {len(seen)} million euros in 2020."
        )
        path = f"/claims?limit=7&after={page['next']}" if page["next"] else None
    assert len(seen) == len(set(seen)) == 120
    assert set(seen) == wanted


def test_a_link_keeps_the_filters(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    make_article(database, people.reviewer)
    link = get(client, "/claims?limit=1&status=candidate&status=stale", reviewer).headers["Link"]
    assert link.endswith('>; rel="next"') and link.count("status=") == 2 and "limit=1" in link


def test_a_claim_is_shown_as_of_a_time(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    before = ok(get(client, f"/claims/{claim.id}/history", reviewer))["items"][0]["at"]
    ok(patch(client, f"/claims/{claim.id}", reviewer, {"statement": "Other words."}, if_match='"1"'))
    past = ok(get(client, f"/claims/{claim.id}/as-of?at={before}", reviewer))
    assert past["claim"]["statement"] == "242 builders"
    assert past["appearances"][0]["exact"] == "242 builders"
    assert (
        ok(get(client, f"/claims/{claim.id}/as-of?at=2100-01-01", reviewer))["claim"]["statement"]
        == "Other words."
    )
    assert get(client, f"/claims/{claim.id}/as-of?at=1999-01-01", reviewer).status_code == 404
    assert (
        ok(get(client, f"/claims/{claim.id}/as-of?at=once", reviewer), 422)["errors"][0]["pointer"] == "#/at"
    )
    assert ok(get(client, f"/claims/{claim.id}/as-of", reviewer), 422)


def test_history_names_who_did_it(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    ok(post(client, f"/claims/{claim.id}/take", reviewer, if_match='"1"'))
    first, second = ok(get(client, f"/claims/{claim.id}/history", reviewer))["items"]
    assert (first["kind"], first["actor_name"]) == ("claim.added", "Reviewer")
    assert (second["actor"].partition(":")[0], second["actor_name"]) == (
        "token",
        "test (a token of Reviewer)",
    )
    assert get(client, f"/claims/{people.reviewer.account}/history", reviewer).status_code == 404


def test_a_body_is_refused_where_none_is_wanted(
    client: FlaskClient, people: People, reviewer: dict[str, str], database: Database
) -> None:
    claim = make_claim(database, people.reviewer)
    problem = ok(post(client, f"/claims/{claim.id}/take", reviewer, {"force": True}, if_match='"1"'), 422)
    assert problem["errors"][0]["pointer"] == "#/force"
    response = client.post(
        f"{V1}/claims/{claim.id}/take",
        headers={**reviewer, "If-Match": '"1"', "Content-Type": "text/plain"},
        data="x",
    )
    assert ok(response, 415)["code"] == "unsupported_media_type"

"""New texts by the API: tried, brought in, listed, compared, and what waits placed."""

import io

import pytest

from ledger.ids import new_id
from ledger.services import articles, revisions
from ledger.services.articles import prepare
from tests.conftest import one_database
from tests.factories import TEXT, make_article, make_verdict
from tests.ledger.api.helpers import V1, get, ok, post
from tests.ledger.services.desk import do, now
from tests.site import Site, outside

CHANGED = TEXT.replace("242", "424")


@pytest.fixture
def reviewer(people):
    """A reviewer's token."""
    return people.token("reviewer")


@pytest.fixture
def article(database, people):
    return make_article(database, people.reviewer, floor=1.0)


@pytest.fixture
def signed(database, people, article):
    """A claim with a verdict that two people signed."""
    return make_verdict(database, people.reviewer, people.editor)[0]


def _fate(answer, claim):
    return next(fate for fate in answer["fates"] if fate["claim_id"] == claim.id)


def test_a_text_is_tried_then_brought_in_and_compared(client, database, people, article, signed, reviewer):
    path = f"/articles/{article.id}/revisions"
    tried = ok(post(client, f"{path}?dry_run=true", reviewer, {"text": CHANGED}))
    assert (tried["dry_run"], tried["created"], tried["revision"]) == (True, False, None)
    assert _fate(tried, signed)["outcome"] == "changed" and tried["outcomes"]["changed"] == 1
    assert now(database, article).version == article.version
    answer = post(
        client, path, reviewer, {"text": CHANGED, "note": "Corrected."}, if_match=f'"{article.version}"'
    )
    made = ok(answer, 201)
    assert made["created"] and made["revision"]["number"] == 2 and made["revision"]["note"] == "Corrected."
    assert answer.headers["Location"] == f"{V1}{path}/2"
    fate = _fate(made, signed)
    assert (fate["was"], fate["now"], fate["waits"], fate["status"]) == (
        "242 builders",
        "424 builders",
        True,
        "stale",
    )
    assert [(c["sort"], c["before"], c["after"]) for c in fate["changes"]] == [("number", "242", "424")]
    assert not ok(post(client, path, reviewer, {"text": CHANGED}))["created"]
    assert (
        ok(post(client, path, reviewer, {"text": TEXT}, if_match='"1"'), 412)["current"]["id"] == article.id
    )
    compared = ok(get(client, f"{path}/compare", reviewer))
    assert (compared["from"], compared["to"], compared["newest"]) == (1, 2, True)
    assert compared["counts"]["recheck"] == 1 and _fate(compared, signed) == fate
    runs = [run for row in compared["rows"] for run in row["after"] if run["kind"] == "in"]
    assert [CHANGED[run["start"] : run["end"]].strip() for run in runs] == ["424"]
    whole = ok(get(client, f"{path}/2", reviewer))
    assert whole["text"].strip() == CHANGED.strip() and _fate(whole, signed)["outcome"] == "changed"
    assert ok(get(client, f"{path}/1", reviewer))["fates"] == []


def test_what_waits_is_placed_or_cut(client, people, article, signed, reviewer):
    ok(post(client, f"/articles/{article.id}/revisions", reviewer, {"text": CHANGED}), 201)
    fate = _fate(ok(get(client, f"/articles/{article.id}/revisions/compare", reviewer)), signed)
    here = f"/appearances/{fate['appearance_id']}"
    tag = f'"{fate["version"]}"'
    ok(post(client, f"{here}/cut", reviewer), 428)
    assert (
        ok(post(client, f"{here}/cut", reviewer, if_match='"99"'), 412)["current"]["version"]
        == fate["version"]
    )
    ok(post(client, f"{here}/cut", people.token("reader"), if_match=tag), 403)
    cut = ok(post(client, f"{here}/cut", reviewer, if_match=tag))
    place = cut["appearances"][0]
    assert place["cut_at"] and cut["status"] == "stale"
    back = ok(post(client, f"{here}/uncut", reviewer, if_match=f'"{place["version"]}"'))["appearances"][0]
    assert back["cut_at"] is None
    body = {**fate["place"], "exact": fate["now"]}
    ok(
        post(client, f"{here}/place", reviewer, {**body, "exact": "other"}, if_match=f'"{back["version"]}"'),
        422,
    )
    placed = ok(post(client, f"{here}/place", reviewer, body, if_match=f'"{back["version"]}"'))
    assert placed["appearances"][0]["exact"] == "424 builders"
    assert "The words changed: “242” → “424”" in placed["stale_reasons"]
    again = f'"{placed["appearances"][0]["version"]}"'
    ok(post(client, f"{here}/cut", reviewer, if_match=again), 409)
    ok(post(client, f"/appearances/{new_id()}/cut", reviewer, if_match=again), 404)


def test_texts_are_listed_in_pages(client, database, people, article, reviewer):
    for n in range(3):
        do(database, revisions.add, article.id, prepare(f"{TEXT}\n\nLine {n}."), by=people.reviewer)
    first = ok(get(client, f"/articles/{article.id}/revisions?limit=3", reviewer))
    assert [one["number"] for one in first["items"]] == [4, 3, 2] and first["next"] == 2
    assert not {"text", "fates"} & set(first["items"][0])
    rest = ok(get(client, f"/articles/{article.id}/revisions?limit=3&after=2", reviewer))
    assert [one["number"] for one in rest["items"]] == [1] and rest["next"] is None


def test_a_file_and_the_articles_own_address_give_texts_too(client, people, article, reviewer):
    path = f"{V1}/articles/{article.id}/revisions"
    data = {"file": (io.BytesIO(CHANGED.encode()), "new.txt"), "note": "By post."}
    made = ok(client.post(path, headers=reviewer, data=data, content_type="multipart/form-data"), 201)
    assert (made["revision"]["source"], made["revision"]["note"]) == ("file", "By post.")
    raw = client.post(path, headers={**reviewer, "Content-Type": "text/plain"}, data=TEXT.encode())
    assert ok(raw, 201)["revision"]["number"] == 3
    assert (
        ok(post(client, path.removeprefix(V1), reviewer, {"refetch": True}), 422)["errors"][0]["pointer"]
        == "#/refetch"
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": "a", "url": "https://x.example"}, 422),
        ({"text": ""}, 422),
        ({"text": 7}, 422),
        ({"oops": 1}, 422),
    ],
)
def test_what_is_no_text_is_refused(client, article, reviewer, body, status):
    ok(post(client, f"/articles/{article.id}/revisions", reviewer, body), status)


def test_what_cannot_be_compared_is_told(client, article, reviewer):
    path = f"/articles/{article.id}/revisions"
    assert "only one text" in ok(get(client, f"{path}/compare", reviewer), 422)["errors"][0]["detail"]
    ok(get(client, f"{path}/compare?from=2&to=1", reviewer), 422)
    ok(get(client, f"{path}/compare?from=1&to=9", reviewer), 404)
    ok(get(client, f"{path}/9", reviewer), 404)
    ok(get(client, f"{path}/x", reviewer), 404)
    ok(get(client, f"/articles/{new_id()}/revisions", reviewer), 404)


def _paper(text):
    paragraphs = "".join(f"<p>{one}</p>" for one in text.strip().split("\n\n"))
    return f"<html><body><article>{paragraphs}</article></body></html>".encode()


@one_database
def test_the_articles_own_address_is_fetched_again(app, client, database, people, reviewer):
    site = Site(_paper(TEXT))
    draft = articles.prepare_url(site, "https://echo.example/bridge", floor=1.0)
    article = do(database, articles.add, draft, by=people.reviewer).article
    path = f"/articles/{article.id}/revisions"
    outside(app, site)
    again = ok(post(client, path, reviewer, {"refetch": True}))
    assert not again["created"], "the page says what it said"
    site.body = _paper(CHANGED)
    tried = ok(post(client, f"{path}?dry_run=true", reviewer, {"refetch": True}))
    assert (tried["created"], now(database, article).version) == (False, article.version)
    made = ok(post(client, path, reviewer, {"refetch": True, "note": "Corrected."}), 201)
    assert (made["revision"]["number"], made["revision"]["source"]) == (2, "url")
    assert "424 builders" in ok(get(client, f"{path}/2", reviewer))["text"]
    assert made["article"]["url"] == article.url and site.asked == 4
    site.failure = "The site answered with an error (HTTP status 404)."
    gone = ok(post(client, path, reviewer, {"refetch": True}), 422)
    assert "404" in str(gone) and now(database, article).version == made["article"]["version"]

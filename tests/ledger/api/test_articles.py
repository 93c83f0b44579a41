"""Articles by the API."""

import io

import pytest
from flask.testing import FlaskClient

from ledger.db import Database
from ledger.models import Event
from tests.conftest import People
from tests.factories import TEXT, make_article
from tests.ledger.api.helpers import V1, everything, get, ok, patch, post


@pytest.fixture
def reviewer(people: People) -> dict[str, str]:
    """A reviewer's token."""
    return people.token("reviewer")


def test_a_text_becomes_an_article_with_candidates(client: FlaskClient, reviewer: dict[str, str]) -> None:
    response = post(client, "/articles", reviewer, {"text": TEXT, "publisher": "The News"})
    added = ok(response, 201)
    assert added["created"] and added["candidates"] > 0
    assert added["article"]["publisher"] == "The News"
    assert added["article"]["created_by"]["name"] == "Reviewer"

    shown = ok(client.get(response.headers["Location"], headers=reviewer))
    assert shown["revision"]["text"].startswith("Council opens new bridge")
    assert shown["revision"]["blocks"][0]["start"] == 0
    assert shown["progress"] == {"candidate": added["candidates"]}
    assert shown["created_at"].endswith("Z")


def test_the_same_text_again_answers_the_article_that_is_there(
    client: FlaskClient, reviewer: dict[str, str], database: Database
) -> None:
    first = post(client, "/articles", reviewer, {"text": TEXT})
    again = post(client, "/articles", reviewer, {"text": TEXT})
    assert ok(again)["created"] is False
    assert again.headers["Location"] == first.headers["Location"]
    assert len(ok(get(client, "/articles", reviewer))["items"]) == 1


@pytest.mark.parametrize(
    "media_type", ["text/plain", "text/plain; charset=utf-8", "text/markdown", "text/html"]
)
def test_a_file_may_be_the_whole_body(client: FlaskClient, reviewer: dict[str, str], media_type: str) -> None:
    data = (
        f"<html><body><article><p>{TEXT}</p></article></body></html>" if "html" in media_type else TEXT
    ).encode()
    response = client.post(V1 + "/articles", headers={**reviewer, "Content-Type": media_type}, data=data)
    assert ok(response, 201)["article"]["media_type"] == media_type.partition(";")[0]


def test_a_file_may_come_in_a_form(client: FlaskClient, reviewer: dict[str, str]) -> None:
    form = {"file": (io.BytesIO(TEXT.encode()), "bridge.txt"), "title": "The bridge"}
    article = ok(client.post(V1 + "/articles", headers=reviewer, data=form), 201)["article"]
    assert (article["filename"], article["title"], article["source"]) == ("bridge.txt", "The bridge", "file")


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"title": "no file"}, "#/file"),
        ({"file": (io.BytesIO(b"A text."), "a.txt"), "subtitle": "x"}, "#/subtitle"),
        ({"picture": (io.BytesIO(b"A text."), "a.txt")}, "#/picture"),
    ],
)
def test_a_form_with_other_parts_is_refused(
    client: FlaskClient, reviewer: dict[str, str], form: dict[str, object], pointer: str
) -> None:
    form = {k: (io.BytesIO(b"A text."), v[1]) if isinstance(v, tuple) else v for k, v in form.items()}
    response = client.post(V1 + "/articles", headers=reviewer, data=form, content_type="multipart/form-data")
    assert ok(response, 422)["errors"][0]["pointer"] == pointer


WRONG_ARTICLES: list[tuple[object, str | None]] = [
    ({}, "#/text"),
    ({"text": ""}, "#/text"),
    ({"text": "   "}, "#/text"),
    ({"text": 7}, "#/text"),
    ({"text": "A text.", "headline": "x"}, "#/headline"),
    ({"text": "A text.", "title": "x" * 501}, "#/title"),
    ({"text": "A text.", "title": "a\x00b"}, "#/title"),
    ({"text": "A text.", "url": "ftp://x.example/a"}, "#/url"),
    ({"url": "http://127.0.0.1/"}, None),
    (["text"], "#"),
]


def test_what_is_wrong_with_an_article_is_told(
    client: FlaskClient, reviewer: dict[str, str], subtests: pytest.Subtests
) -> None:
    for body, pointer in WRONG_ARTICLES:
        with subtests.test(body=body):
            problem = ok(post(client, "/articles", reviewer, body), 422)
            assert pointer is None or problem["errors"][0]["pointer"] == pointer
    assert ok(get(client, "/articles", reviewer))["items"] == []


WRONG_BODIES: list[tuple[bytes, str | None, int]] = [
    (b'{"text": "A te', "application/json", 400),
    (b'{"text": "\\ud800"}', "application/json", 400),
    (b'{"text": NaN}', "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"text=a", "application/x-www-form-urlencoded", 415),
    (b"GIF89a", "image/gif", 415),
    (b"A text.", None, 415),
    (b"", "text/plain", 422),
    (b"%PDF-1.7 broken", "application/pdf", 422),
    (b"\x89PNG\r\n\x1a\n", "text/plain", 422),
]


def test_bodies_that_are_not_what_they_say_are_refused(
    client: FlaskClient, reviewer: dict[str, str], subtests: pytest.Subtests
) -> None:
    for data, media_type, status in WRONG_BODIES:
        with subtests.test(data=data[:20], media_type=media_type):
            headers = {**reviewer, **({"Content-Type": media_type} if media_type else {})}
            ok(client.post(V1 + "/articles", headers=headers, data=data), status)


def test_an_unknown_charset_does_no_harm(client: FlaskClient, reviewer: dict[str, str]) -> None:
    headers = {**reviewer, "Content-Type": "text/plain; charset=klingon"}
    assert client.post(V1 + "/articles", headers=headers, data=TEXT.encode()).status_code in (201, 422)


def test_hostile_characters_in_a_text_do_no_harm(client: FlaskClient, reviewer: dict[str, str]) -> None:
    added = ok(
        post(client, "/articles", reviewer, {"text": "It cost 4 million\x00 euros.\u202e\x07 So it is."}), 201
    )
    text = ok(get(client, f"/articles/{added['article']['id']}", reviewer))["revision"]["text"]
    assert "\x00" not in text


def test_too_much_is_told(client: FlaskClient, reviewer: dict[str, str]) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    assert ok(post(client, "/articles", reviewer, {"text": "a" * 2000}), 413)["code"] == "too_large"


def test_an_article_is_described_anew_in_the_version_that_was_seen(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    path = f"/articles/{make_article(database, people.reviewer).id}"
    tag = get(client, path, reviewer).headers["ETag"]
    assert ok(patch(client, path, reviewer, {"byline": "A"}), 428)["code"] == "version_missing"
    changed = patch(client, path, reviewer, {"byline": "Kim"}, if_match=tag)
    assert ok(changed)["byline"] == "Kim"

    late = ok(patch(client, path, reviewer, {"byline": "Ann"}, if_match=tag), 412)
    assert late["code"] == "outdated"
    assert (late["current"]["byline"], late["sent"]) == ("Kim", {"byline": "Ann"})
    assert late["current"]["created_by"]["name"] == "Reviewer"
    assert (
        ok(patch(client, path, reviewer, {"byline": "Ann"}, if_match=changed.headers["ETag"]))["version"] == 3
    )


def test_an_unchanged_article_has_no_body_twice(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    path = f"/articles/{make_article(database, people.reviewer).id}"
    tag = get(client, path, reviewer).headers["ETag"]
    again = get(client, path, reviewer, if_none_match=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)

    candidate = ok(get(client, f"{path}/claims", reviewer))["items"][0]
    ok(post(client, f"/claims/{candidate['id']}/accept", reviewer, if_match='"1"'))
    moved = get(client, path, reviewer, if_none_match=tag)
    assert ok(moved)["progress"]["unchecked"] == 1
    # The article itself is in the version that it was.
    assert moved.headers["ETag"].partition("-")[0] == tag.partition("-")[0]


def test_lists_have_an_etag_too(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    make_article(database, people.reviewer)
    tag = get(client, "/articles", reviewer).headers["ETag"]
    assert get(client, "/articles", reviewer, if_none_match=tag).status_code == 304
    make_article(database, people.reviewer, "Another text. It cost 3 euros.")
    assert get(client, "/articles", reviewer, if_none_match=tag).status_code == 200


def test_articles_are_found_by_their_words(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    make_article(database, people.reviewer)
    make_article(database, people.reviewer, "A text of 100 % wool_. It cost 3 euros.", title="100 % wool_")
    for q, hits in (("bridge", 1), ("BRIDGE", 1), ("100 %", 1), ("wool_", 1), ("woolx", 0), ("", 2)):
        assert (
            len(ok(client.get(V1 + "/articles", headers=reviewer, query_string={"q": q}))["items"]) == hits
        ), q
    assert ok(client.get(V1 + "/articles?q=%00", headers=reviewer), 422)["errors"][0]["pointer"] == "#/q"


def test_an_articles_claims_come_in_reading_order_page_by_page(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    article = make_article(database, people.reviewer)
    items = everything(client, f"/articles/{article.id}/claims?limit=1", reviewer)
    starts = [item["appearance"]["start"] for item in items]
    assert len(starts) > 1 and starts == sorted(starts)
    assert items[0]["appearance"]["title"] == article.title
    text = ok(get(client, f"/articles/{article.id}", reviewer))["revision"]["text"]
    for item in items:
        place = item["appearance"]
        assert text[place["start"] : place["end"]] == place["exact"]
    assert (
        ok(get(client, f"/articles/{article.id}/claims?after=abc", reviewer), 422)["errors"][0]["pointer"]
        == "#/after"
    )


def test_a_refused_request_leaves_no_event(
    client: FlaskClient, reviewer: dict[str, str], database: Database, people: People
) -> None:
    from sqlmodel import func, select

    article = make_article(database, people.reviewer)
    with database.read() as session:
        before = session.exec(select(func.count()).select_from(Event)).one()
    patch(client, f"/articles/{article.id}", reviewer, {"byline": "A"}, if_match='"9"')
    post(client, f"/articles/{article.id}/claims", reviewer, {"start": 5, "end": 4})
    with database.read() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == before

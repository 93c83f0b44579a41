"""Look-ups by the thousand: each question in its place, errors beside answers, addresses in any spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.addresses import canonical
from ledger.adapters.spellings import spellings
from ledger.services import articles, spans
from tests.factories import TEXT, make_article, make_claim, make_verdict
from tests.ledger.api.helpers import get, ok, post
from tests.ledger.services.desk import do

NOBODY = "01a2060b-e223-782a-96f6-dd90419789f1"
PAGE = "https://news.example/2026/bridge"


def ask(client, who, *questions, **more):
    return ok(post(client, "/lookups", who, {"questions": list(questions), **more}))["items"]


@pytest.fixture
def who(people):
    return people.token("reader")


@pytest.fixture
def article(database, people):
    """An article that is known by an address."""
    found = make_article(database, people.reviewer, TEXT)
    return do(
        database, articles.describe, found.id, by=people.editor, version=found.version, details={"url": PAGE}
    )


def test_each_question_is_answered_in_its_place_and_errors_stand_beside(
    client, database, people, who, article
):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    sha = ok(get(client, f"/articles/{article.id}", who))["revision"]["sha256"]
    found = ask(
        client, who,
        {"url": PAGE}, {"claim": claim.id}, {"claim": NOBODY}, {"claim": "7"}, {"url": "not an address"},
        {"url": "https://news.example/other"}, {"sha256": sha}, {"sha256": "0" * 64},
        {"text": "242 builders signed"}, {"claim": claim.id}, {"text": "Hens lay eggs."},
    )  # fmt: skip
    status = ok(get(client, f"/claims/{claim.id}/status", who))
    assert status["status"] == "supported"
    assert found[1] == found[9] == {"claim": status}
    assert found[0]["article"] == found[6]["article"]
    assert found[0]["article"] == {
        "id": article.id, "title": article.title, "url": PAGE,
        "revision": {"number": 1, "sha256": sha, "current": True},
    }  # fmt: skip
    codes = [found[at]["error"]["code"] for at in (2, 3, 4, 5, 7)]
    assert codes == ["not_found", "not_found", "invalid", "not_found", "not_found"]
    assert NOBODY in found[2]["error"]["detail"]
    assert found[10] == {"relation": "none", "matches": []}
    assert found[8]["relation"] in ("same", "similar")
    assert found[8]["matches"][0]["claim"]["id"] == claim.id


def test_a_merged_claim_is_answered_for_by_the_one_that_stays(client, database, people, who):
    made = [make_claim(database, people.reviewer, words) for words in ("242 builders", "12 towns")]
    do(
        database, spans.merge, made[0].id, made[1].id, by=people.reviewer, version=1, other_version=1
    )  # fmt: skip
    found = ask(client, who, {"claim": made[1].id})[0]["claim"]
    assert (found["id"], found["merged_into"]) == (made[0].id, made[0].id)
    assert found == ok(get(client, f"/claims/{made[1].id}/status", who))


@pytest.mark.parametrize(
    "spelling",
    [
        PAGE,
        "http://news.example/2026/bridge",
        "https://www.news.example/2026/bridge/",
        "HTTPS://WWW.News.Example:443/2026/bridge?utm_source=mail&fbclid=1#top",
        "https://news.example/2026/bridge/amp",
        "https://news.example/2026/bridge/amp/?utm_medium=x",
        "https://news.example/amp/2026/bridge",
        "https://amp.news.example/2026/bridge",
        "https://news.example/2026/bridge?amp=1",
        "https://news.example/2026/bridge?outputType=amp",
        "https://news-example.cdn.ampproject.org/c/s/news.example/2026/bridge",
        "https://cdn.ampproject.org/c/news.example/2026/bridge",
    ],
)
def test_an_article_is_found_by_any_spelling_of_its_address(client, who, article, spelling):
    found = client.get("/api/v1/articles/lookup", query_string={"url": spelling}, headers=who)
    assert ok(found)["id"] == article.id
    assert ok(found)["progress"]
    assert ask(client, who, {"url": spelling})[0]["article"]["id"] == article.id


@pytest.mark.parametrize(
    "kept", ["http://www.news.example/2026/bridge", f"{PAGE}/amp", "https://amp.news.example/2026/bridge"]
)
def test_however_the_article_came_in(client, database, people, who, article, kept):
    do(
        database, articles.describe, article.id, by=people.editor, version=article.version, details={"url": kept}
    )  # fmt: skip
    assert ask(client, who, {"url": PAGE})[0]["article"]["url"] == kept


@pytest.mark.parametrize(
    "other", ["https://news.example/2026/bridges", "https://news.example/2026/bridge?id=2", "https://x.news.example/2026/bridge"]
)  # fmt: skip
def test_another_page_is_another_page(client, who, article, other):
    assert ask(client, who, {"url": other})[0]["error"]["code"] == "not_found"


def test_an_article_lookup_is_304_until_it_changes(client, who, article):
    path = f"/articles/lookup?url={PAGE}"
    tag = get(client, path, who).headers["ETag"]
    assert get(client, path, who, if_none_match=tag).status_code == 304
    assert ok(get(client, "/articles/lookup?url=nowhere", who), 422)["errors"][0]["pointer"] == "#/url"
    assert ok(get(client, "/articles/lookup?url=https://no.example", who), 404)


@pytest.mark.parametrize(
    ("questions", "pointer"),
    [
        ([], "#/questions"),
        ("all", "#/questions"),
        ([{}], "#/questions/0"),
        ([{"claim": NOBODY}, {"claim": NOBODY, "url": PAGE}], "#/questions/1"),
        ([{"clam": NOBODY}], "#/questions/0/clam"),
        ([{"claim": 7}], "#/questions/0/claim"),
        ([{"text": ""}], "#/questions/0/text"),
        ([{"text": "a\x00b"}], "#/questions/0/text"),
        ([{"sha256": "0" * 65}], "#/questions/0/sha256"),
        ([NOBODY], "#/questions/0"),
        ([{"claim": NOBODY}] * 1001, "#/questions"),
        ([{"text": "a"}] * 101, "#/questions"),
    ],
)
def test_what_is_malformed_is_refused_whole_and_named(client, who, questions, pointer):
    problem = ok(post(client, "/lookups", who, {"questions": questions}), 422)
    assert problem["errors"][0]["pointer"] == pointer


def test_a_thousand_of_each_are_answered_in_order(client, database, people, who, article):
    claim = make_claim(database, people.reviewer)
    ids = [claim.id if at % 2 else NOBODY for at in range(1000)]
    found = ask(client, who, *({"claim": id} for id in ids))
    assert ["claim" in one for one in found] == [id == claim.id for id in ids]
    pages = [f"{PAGE}/{at}" if at % 3 else PAGE for at in range(1000)]
    found = ask(client, who, *({"url": page} for page in pages))
    assert ["article" in one for one in found] == [page == PAGE for page in pages]


def test_a_reader_s_token_is_needed(client):
    assert post(client, "/lookups", {}, {"questions": [{"claim": NOBODY}]}).status_code == 401


_WORD = st.text("abcAB19-._~", min_size=1, max_size=6)


@given(
    st.sampled_from(["http", "https", "HTTPS"]),
    st.lists(st.text("abz19", min_size=1, max_size=5), min_size=1, max_size=3),
    st.lists(_WORD, max_size=4),
    st.sampled_from(["", "/", "//"]),
    st.sampled_from(["", "?a=1", "?utm_source=x&b=%7e", "?amp=1", "#top"]),
)
def test_the_quick_way_spells_as_the_careful_one(scheme, host, path, end, tail):
    url = f"{scheme}://{'.'.join(host)}.example{''.join(f'/{part}' for part in path)}{end}{tail}"
    assert spellings.__wrapped__(url)[0] == canonical(url)

"""Google's Fact Check Tools API: its own client reads this ledger, with only the base address changed."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from werkzeug.serving import make_server

from ledger import clock, fulltext
from ledger.store import standards
from ledger.store.search import words as words_store
from tests.conftest import one_database
from tests.factories import make_claim, make_verdict
from tests.ledger.api.published import make_world, publish

SEARCH = "/v1alpha1/claims:search"
IMAGE = "/v1alpha1/claims:imageSearch"


@pytest.fixture
def world(database, people):
    return make_world(database, people)


@contextmanager
def served(app):
    """The application behind a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def googles_client(address, key):
    """Google's library with Google's own description of the interface, at another address."""
    from googleapiclient.discovery import build

    return build(
        "factchecktools",
        "v1alpha1",
        developerKey=key,
        client_options={"api_endpoint": address},
        static_discovery=True,
    )


def asked(client, query, path=SEARCH, **headers):
    answer = client.get(f"{path}?{query}", headers=headers)
    assert answer.mimetype == "application/json"
    return answer


def told(client, query, **headers):
    answer = asked(client, query, **headers)
    assert answer.status_code == 200, answer.text
    return [claim["text"] for claim in answer.json.get("claims", [])]


def refused(client, query, path=SEARCH, code=400):
    answer = asked(client, query, path)
    error = answer.json["error"]
    assert answer.status_code == error["code"] == code and answer.json.keys() == {"error"}
    assert error.keys() == {"code", "message", "status"}
    return error["status"], error["message"]


@one_database
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_googles_own_client_reads_the_ledger(app, world):
    token = world.people.token("reader")["Authorization"].removeprefix("Bearer ")
    with served(app) as address:
        for key, texts in ((token, ["9000 lunches", "242 builders"]), ("AIzaNotOfOurs", ["242 builders"])):
            claims = googles_client(address, key).claims()
            found, request = [], claims.search(reviewPublisherSiteFilter="127.0.0.1", pageSize=1)
            while request is not None:
                answer = request.execute()
                found += answer["claims"]
                request = claims.search_next(request, answer)
            assert [claim["text"] for claim in found] == texts
            assert claims.imageSearch(imageUri="https://x.example/a.png").execute() == {}
        (claim,) = (
            googles_client(address, "AIzaNotOfOurs").claims().search(query="242 builders").execute()["claims"]
        )
    (review,) = claim.pop("claimReview")
    assert claim == {"text": "242 builders", "claimDate": "2026-11-20T00:00:00Z"}
    assert review.pop("reviewDate").endswith("Z")
    assert review == {
        "publisher": {"name": "Desk", "site": "127.0.0.1"},
        "url": f"{address}reports/{world.article.id}#claim-{world.checked.id}",
        "title": "Fact-check: Council opens new bridge",
        "textualRating": "Refuted",
        "languageCode": "en",
    }


@one_database
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_googles_own_client_understands_our_errors(app, world):
    from googleapiclient.errors import HttpError

    with served(app) as address:
        claims = googles_client(address, "clt_unknown").claims()
        with pytest.raises(HttpError, match="API key not valid") as failed:
            claims.search(query="242").execute()
        assert failed.value.status_code == 400
        with pytest.raises(HttpError, match="query"):
            googles_client(address, "x").claims().search(languageCode="en").execute()


def test_only_what_is_signed_fits_and_may_be_seen_is_found(client, world):
    reader = world.people.token("reader")
    assert told(client, "query=242") == ["242 builders"] and told(client, "query=towns") == []
    assert told(client, "query=lunches") == [] and told(client, "query=lunches", **reader) == ["9000 lunches"]
    assert told(client, "query=LUNCH+board", **reader) == ["9000 lunches"], "the claimant's name counts"
    narrow = world.people.token("reviewer", "claims:write")
    assert told(client, "query=lunches", **narrow) == []
    key = reader["Authorization"].removeprefix("Bearer ")
    assert told(client, f"query=lunches&key={key}") == ["9000 lunches"]


def test_a_sentence_finds_what_says_the_same(client, world):
    sentence = "We signed with 242 builders, and that was all"
    assert told(client, "query=" + quote("It was 242 builders")) == ["242 builders"], sentence
    assert told(client, "query=" + quote("It was 242 builders") + "&languageCode=fr") == []
    assert told(client, "query=" + quote("It was 9000 lunches")) == [], "nor is what is not public"


def test_a_search_is_narrowed_as_google_narrows_it(client, world):
    reader = world.people.token("reader")
    assert told(client, "query=242&languageCode=en-GB") == ["242 builders"]
    assert told(client, "query=242&languageCode=de") == []
    assert told(client, "query=242&maxAgeDays=30") == ["242 builders"]
    assert told(client, "reviewPublisherSiteFilter=www.localhost", **reader) == [
        "9000 lunches",
        "242 builders",
    ]
    assert told(client, "reviewPublisherSiteFilter=nytimes.com") == []
    assert told(client, "query=242&reviewPublisherSiteFilter=nytimes.com") == []
    assert told(client, "query=242&alt=json&prettyPrint=false&fields=claims&quotaUser=me") == ["242 builders"]


def test_age_is_that_of_claim_or_review_whichever_is_newer(client, database, world):
    def aged(published):
        with database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE verdict SET settled_at = '2020-01-01 00:00:00.000000+00:00'")
            connection.exec_driver_sql(f"UPDATE article SET published = '{published}'")
        return told(client, "query=242&maxAgeDays=36500"), told(client, "query=242&maxAgeDays=300")

    assert aged("2020-01-01") == (["242 builders"], [])
    lately = clock.now() - timedelta(days=3)
    assert aged(f"{lately:%Y-%m-%d}T10:00:00+01:00") == (["242 builders"], ["242 builders"])
    (claim,) = asked(client, "query=242").json["claims"]
    assert claim["claimDate"] == f"{lately:%Y-%m-%d}T09:00:00Z"
    assert aged("last week") == (["242 builders"], [])
    assert aged("2026")[0] == ["242 builders"]
    assert "claimDate" not in asked(client, "query=242").json["claims"][0], "no day is made up"


def test_pages_and_offsets_miss_nothing(client, database, people, world):
    for words in ("40 towns", "4.2 million"):
        make_verdict(database, people.reviewer, people.editor, make_claim(database, people.reviewer, words))
    site = "reviewPublisherSiteFilter=localhost"
    whole = told(client, site)
    assert len(whole) == 3
    found, token = [], ""
    while True:
        answer = asked(
            client, f"{site}&pageSize=1&pageToken={token}&offset=99" if token else f"{site}&pageSize=1"
        ).json
        found += [claim["text"] for claim in answer["claims"]]
        if not (token := answer.get("nextPageToken", "")):
            break
    assert found == whole
    assert told(client, f"{site}&offset=1") == whole[1:] and asked(client, f"{site}&offset=9").json == {}
    assert told(client, f"{site}&pageSize=2147483647") == whole


@pytest.mark.parametrize(
    ("looked_at", "few"), [(12_000, 2_000), (0, 2_000), (0, 0)], ids=["in steps", "by id", "one by one"]
)
def test_the_same_is_found_however_it_is_looked_for(
    client, database, people, world, monkeypatch, looked_at, few
):
    for words in ("40 towns", "4.2 million"):
        make_verdict(database, people.reviewer, people.editor, make_claim(database, people.reviewer, words))
    asking = ("242", "towns", "mil", "builders 242", "towns&offset=1", "towns&languageCode=fr", "lunches")
    key = people.token("reader")
    expected = [(told(client, f"query={one}"), told(client, f"query={one}", **key)) for one in asking]
    assert any(public for public, _ in expected) and any(len(desk) > len(public) for public, desk in expected)
    monkeypatch.setattr(words_store, "_FIRST", 1)
    monkeypatch.setattr(standards, "_STEP", 1)
    monkeypatch.setattr(words_store, "_LOOKED_AT", looked_at)
    monkeypatch.setattr(fulltext, "FEW", few)
    for one, (public, desk) in zip(asking, expected, strict=True):
        assert (told(client, f"query={one}"), told(client, f"query={one}", **key)) == (public, desk), one


def test_what_is_wrong_is_told_in_googles_shape(client, world):
    for query, named in (
        ("", "query"),
        ("languageCode=en", "query"),
        ("query=a&pageSize=ten", "pageSize"),
        ("query=a&pageSize=-1", "pageSize"),
        ("query=a&offset=99999999999", "offset"),
        ("query=a&maxAgeDays=1.5", "maxAgeDays"),
        ("query=a&pageToken=nonsense", "pageToken"),
        ("query=a&languageCode=English!", "languageCode"),
        ("query=a&nonsense=1", "nonsense"),
        ("query=a&alt=xml", "alt"),
        ("query=a%00b", "query"),
        ("query=" + "a" * 3000, "query"),
    ):
        status, message = refused(client, query)
        assert status == "INVALID_ARGUMENT" and named in message, query
    assert refused(client, "", IMAGE)[0] == "INVALID_ARGUMENT"
    assert asked(client, "imageUri=https://x.example/a.png&pageSize=3", IMAGE).json == {}
    posted = client.post(SEARCH)
    assert posted.status_code == posted.json["error"]["code"] == 405 and "GET" in posted.headers["Allow"]
    assert client.get("/v1alpha1/pages").json["error"]["status"] == "NOT_FOUND"
    wrong = client.get(f"{SEARCH}?query=a", headers={"Authorization": "Bearer clt_wrong"})
    assert (wrong.status_code, wrong.json["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_odd_words_find_nothing_and_break_nothing(client, world):
    for query in ("'%22--", "%25_%5C", "👩‍🚀", "مرحبا", "%F0%28", "((((", "a" * 2000, "%E2%80%AE"):
        assert told(client, f"query={query}") == []


def test_an_answer_that_has_not_changed_is_not_sent_again(client, world):
    first = asked(client, "query=242")
    assert first.headers["Cache-Control"] == "public, max-age=60" and "Set-Cookie" not in first.headers
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{SEARCH}?query=242", headers=tag).status_code == 304
    publish(world.database, world.people, world.private)
    assert told(client, "query=lunches") == ["9000 lunches"]
    private = asked(client, "query=242", **world.people.token("reader"))
    assert private.headers["Cache-Control"] == "private, no-cache"
    assert json.loads(private.text)["claims"][0]["text"] == "242 builders"

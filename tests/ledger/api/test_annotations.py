"""Web Annotation protocol: containers, pages and single annotations, as the W3C says they are asked for."""

import base64
import hashlib
import json

import pytest

from ledger.api import annotations
from ledger.models import Claim, Revision
from ledger.services import claims
from tests.factories import make_article, make_claim
from tests.ledger.api.helpers import V1, get, ok
from tests.ledger.api.published import PRIVATE, make_world, publish

PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"


@pytest.fixture
def world(database, people):
    return make_world(database, people)


def container(article):
    return f"{V1}/articles/{article.id}/annotations/"


def asked(client, path, prefer=None, who=None, **headers):
    sent = {**(who or {}), **headers}
    if prefer:
        sent["Prefer"] = f'return=representation;include="{prefer}"'
    answer = client.get(path.removeprefix("http://localhost"), headers=sent)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == PROFILE
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS" and answer.headers["ETag"]
    return answer, json.loads(answer.text)


def everything(client, path, prefer=None, who=None):
    """All items, from the first page on."""
    _, collection = asked(client, path, prefer, who)
    following, items = collection["first"], []
    while following:
        page = following if isinstance(following, dict) else asked(client, following, who=who)[1]
        assert page["type"] == "AnnotationPage" and page["startIndex"] == len(items)
        items += page["items"]
        following = page.get("next")
    assert len(items) == collection["total"]
    return items


def test_an_articles_claims_are_a_container(client, world):
    answer, collection = asked(client, container(world.article))
    here = f"http://localhost{container(world.article)}"
    assert collection["@context"] == ["http://www.w3.org/ns/anno.jsonld", "http://www.w3.org/ns/ldp.jsonld"]
    assert collection["type"] == ["BasicContainer", "AnnotationCollection"] and collection["total"] == 2
    assert collection["id"] == answer.headers["Content-Location"] == f"{here}?iris=0"
    assert collection["last"] == f"{here}?iris=0&page=0"
    assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in answer.headers["Link"]
    assert 'rel="http://www.w3.org/ns/ldp#constrainedBy"' in answer.headers["Link"]
    assert {"Accept", "Prefer", "Authorization"} <= {
        word.strip() for line in answer.headers.getlist("Vary") for word in line.split(",")
    }
    first = collection["first"]
    assert first["id"] == f"{here}?iris=0&page=0" and "next" not in first
    assert [one["target"]["selector"][0]["exact"] for one in first["items"]] == ["12 towns", "242 builders"]
    assert "@context" not in first["items"][0], "the collection's own says it"


def test_a_checked_claim_is_told_with_its_verdict(client, world):
    _, collection = asked(client, container(world.article))
    _, found = collection["first"]["items"]
    answer, one = asked(client, found["id"])
    assert one == {"@context": "http://www.w3.org/ns/anno.jsonld", **found}
    assert answer.headers["Link"] == '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
    assert answer.headers["ETag"].startswith(f'"{world.checked.version}-')
    assert (one["type"], one["motivation"]) == ("Annotation", "assessing")
    assert [(body["purpose"], body["value"]) for body in one["body"]] == [
        ("classifying", "Refuted"), ("describing", "242 builders"), ("commenting", "It says so."),
    ]  # fmt: skip
    assert one["creator"] == {"type": "Organization", "name": "Desk", "homepage": "http://localhost"}
    assert one["target"]["source"] == "https://news.example/bridge"
    assert one["created"].endswith("Z") and one["modified"] >= one["created"]


def test_offsets_count_code_points_of_the_text_that_state_names(client, database, world):
    # Behind an apple, which is one code point and two units of UTF-16.
    make_claim(database, world.people.reviewer, "planned 800", PRIVATE)
    with database.read() as session:
        revision = session.get_one(
            Revision, session.get_one(type(world.private), world.private.id).revision_id
        )
        text, sha256 = revision.text, revision.sha256
    found = everything(client, container(world.private), who=world.people.token("reader"))
    assert [one["target"]["selector"][0]["exact"] for one in found] == ["9000 lunches", "planned 800"]
    for one in found:
        quote, place = one["target"]["selector"]
        assert (quote["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        start, end = place["start"], place["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
        state = one["target"]["state"]
        assert state["type"] == "TimeState" and state["sourceDate"].endswith("Z")
        digest = base64.urlsafe_b64decode(state["cached"].removeprefix("ni:///sha-256;") + "=")
        assert digest == bytes.fromhex(sha256) == hashlib.sha256(text.encode()).digest()


def test_what_is_not_settled_is_told_without_any_finding(client, database, world):
    def told():
        found = everything(client, container(world.article))
        return {
            one["body"][1]["value"]: (one["motivation"], one["body"][0]["value"], len(one["body"]))
            for one in found
        }

    assert told()["12 towns"] == ("highlighting", "checking", 2)

    def change(do, **more):
        with database.write() as session:
            version = session.get_one(Claim, world.checked.id).version
            do(session, world.checked.id, by=world.people.editor, version=version, **more)

    change(claims.reword, details={"statement": "242 signed."})
    assert told()["242 signed."] == ("highlighting", "stale", 3)
    change(claims.withdraw, note="Not ours to check.")
    assert told()["242 signed."] == ("highlighting", "withdrawn", 3)


def test_readers_are_told_what_the_report_tells_and_no_more(client, world):
    assert client.get(container(world.private)).status_code == 404
    reader = world.people.token("reader")
    (one,) = everything(client, container(world.private), who=reader)
    path = one["id"].removeprefix("http://localhost")
    assert client.get(path).status_code == 404 and client.get(path, headers=reader).status_code == 200
    everybody = everything(client, container(world.article))
    assert everything(client, container(world.article), who=reader) == everybody, "a guess is in neither"
    for id in ("nothing", "%00", world.checked.id):
        assert client.get(f"{V1}/annotations/{id}").status_code == 404


def test_what_was_withdrawn_before_anybody_could_read_it_is_not_told(client, database, people):
    claim = make_claim(database, people.reviewer)
    editor = people.editor
    with database.write() as session:
        claims.withdraw(session, claim.id, by=editor, version=claim.version, note="A slip.")
    article = make_article(database, people.reviewer)
    publish(database, people, article)
    _, collection = asked(client, container(article))
    assert collection["total"] == 0 and "first" not in collection and "last" not in collection
    assert len(everything(client, container(article), who=people.token("reader"))) == 1


def test_prefer_chooses_what_a_container_holds(client, world):
    path = container(world.article)
    _, whole = asked(client, path, DESCRIPTIONS)
    assert whole == asked(client, path)[1] == asked(client, path, f"{IRIS} {DESCRIPTIONS}")[1]
    _, iris = asked(client, path, IRIS)
    assert iris["id"].endswith("?iris=1")
    assert iris["first"]["items"] == [one["id"] for one in whole["first"]["items"]]
    _, minimal = asked(client, path, MINIMAL)
    assert minimal["first"] == minimal["last"] == whole["first"]["id"]
    _, both = asked(client, path, f"{MINIMAL} {IRIS}")
    assert both["first"] == iris["first"]["id"]
    for odd in ("nonsense", "return=minimal", 'return=representation; include="', "ü"):
        answer = client.get(path, headers={"Prefer": odd.encode().decode("latin-1")})
        assert json.loads(answer.text) == whole


def test_pages_follow_one_another(client, database, world, monkeypatch):
    monkeypatch.setattr(annotations, "PAGE", 1)
    path = container(world.article)
    answer, page = asked(client, f"{path}?page=0")
    assert answer.headers["Link"] == '<http://www.w3.org/ns/oa#AnnotationPage>; rel="type"'
    assert page["partOf"]["total"] == 2 and page["next"].endswith("?iris=0&page=1") and "prev" not in page
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    _, last = asked(client, page["next"])
    assert last["prev"] == page["id"] and last["startIndex"] == 1 and "next" not in last
    assert len(everything(client, path)) == len(everything(client, path, IRIS)) == 2
    assert "2 pages" in ok(client.get(f"{path}?page=2"), 404)["detail"]
    for wrong in ("page=-1", "page=x", "page=99999999999", "iris=2", "nonsense=1"):
        assert ok(client.get(f"{path}?{wrong}"), 422)["code"] == "invalid"


def test_the_whole_ledger_is_a_container_too(client, database, world, people):
    path = f"{V1}/annotations/"
    answer, collection = asked(client, path)
    here = f"http://localhost{path}"
    assert collection["id"] == answer.headers["Content-Location"] == f"{here}?iris=0"
    assert collection["type"] == ["BasicContainer", "AnnotationCollection"] and collection["total"] == 2
    assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in answer.headers["Link"]
    assert collection["first"]["items"] == asked(client, container(world.article))[1]["first"]["items"][::-1]
    assert asked(client, path, MINIMAL)[1]["first"] == collection["last"] == f"{here}?iris=0&page=0"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    # What no report tells of is told to the desk alone.
    _, desk = asked(client, path, who=people.token("reader"))
    assert desk["total"] == 3
    assert world.secret.statement in {one["body"][1]["value"] for one in desk["first"]["items"]}
    publish(database, people, world.private)
    assert asked(client, path, **{"If-None-Match": answer.headers["ETag"]})[1]["total"] == 3


def test_pages_of_the_whole_ledger_go_by_key(client, world, monkeypatch):
    monkeypatch.setattr(annotations, "PAGE", 1)
    path, reader = f"{V1}/annotations/", world.people.token("reader")
    _, collection = asked(client, path, who=reader)
    pages = [collection["first"]["id"], collection["first"]["next"]]
    _, second = asked(client, pages[1], who=reader)
    _, third = asked(client, second["next"], who=reader)
    assert (second["startIndex"], third["startIndex"]) == (1, 2) and "next" not in third
    assert (second["prev"], third["prev"]) == (pages[0], second["id"])
    assert third["id"] == collection["last"] and third["partOf"]["id"] == collection["id"]
    assert len({page["items"][0]["id"] for page in (collection["first"], second, third)}) == 3
    assert everything(client, path, IRIS, who=reader) == [
        page["items"][0]["id"] for page in (collection["first"], second, third)
    ]
    for wrong in ("page=1", "page=0&after=x", f"after={world.article.id}", "iris=2"):
        assert ok(client.get(f"{path}?{wrong}"), 422)["code"] == "invalid", wrong
    last = third["items"][0]["id"][-36:]
    assert ok(client.get(f"{path}?page=3&after={last}"), 404)["code"] == "not_found"


def test_nothing_to_tell_is_an_empty_container(client, database):
    _, collection = asked(client, f"{V1}/annotations/")
    assert collection["total"] == 0 and "first" not in collection and "last" not in collection


def test_accept_decides_the_media_type(client, world):
    path = container(world.article)
    for accepted in ("application/ld+json", PROFILE, "*/*", "text/html, application/*;q=0.5"):
        assert client.get(path, headers={"Accept": accepted}).headers["Content-Type"] == PROFILE
    plain = client.get(path, headers={"Accept": "application/json"})
    assert plain.headers["Content-Type"] == "application/json" and plain.json["total"] == 2
    assert ok(client.get(path, headers={"Accept": "text/turtle"}), 406)["status"] == 406


def test_what_has_not_changed_is_not_sent_again(client, database, world):
    path = container(world.article)
    answer, collection = asked(client, path)
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = client.get(path, headers=tag)
    assert again.status_code == 304 and not again.data and again.headers["Link"]
    assert client.head(path).headers["ETag"] == answer.headers["ETag"]
    with database.write() as session:
        version = session.get_one(Claim, world.open.id).version
        claims.reword(
            session,
            world.open.id,
            by=world.people.reviewer,
            version=version,
            details={"statement": "Twelve."},
        )
    changed, later = asked(client, path, **{"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200 and later["modified"] > collection["modified"]


def test_annotations_are_read_and_not_written_here(client, world):
    path, editor = container(world.article), world.people.token("editor")
    for method in (client.post, client.put, client.delete):
        answer = method(path, headers=editor, json={})
        assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) == {
            "GET",
            "HEAD",
            "OPTIONS",
        }
    assert "GET" in client.options(path).headers["Allow"]
    assert client.get(path[:-1]).status_code == 308, "a container's address ends in a slash"
    assert get(client, "/articles/nothing/annotations/", editor).status_code == 404

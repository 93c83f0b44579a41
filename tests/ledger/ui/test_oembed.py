"""oEmbed: another site shows a claim's card or badge by its address, and finds out how by itself."""

from urllib.parse import quote, urlsplit

import lxml.etree
import lxml.html
import pytest

from ledger.models import Claim
from ledger.services import claims
from tests.ledger.api.published import make_world


@pytest.fixture
def world(database, people):
    return make_world(database, people)


def asked(client, url, rest=""):
    return client.get(f"/oembed?url={quote(url, safe='')}{rest}")


def test_a_claims_address_gives_its_card(client, world):
    page = f"http://localhost/claims/{world.checked.id}"
    answer = asked(client, page, "&format=json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    shown = answer.json
    html = shown.pop("html")
    assert shown == {
        "version": "1.0", "type": "rich", "title": "Fact-check: 242 builders", "width": 480, "height": 240,
        "author_name": "Desk", "author_url": "http://localhost", "provider_name": "Desk",
        "provider_url": "http://localhost", "cache_age": 60,
    }  # fmt: skip
    (frame,) = lxml.html.fragments_fromstring(html)
    assert frame.tag == "iframe" and frame.get("src") == f"{page}/card" and frame.get("width") == "480"
    assert "Refuted" in client.get(urlsplit(frame.get("src")).path).text, "what is framed is there"
    report = f"http://localhost/reports/{world.article.id}"
    for same in (
        f"{page}/",
        f"{page}/card",
        f"{report}#claim-{world.checked.id}",
        page.replace("http:", "https:"),
    ):
        assert asked(client, same).json == answer.json, same
    assert answer.headers["Cache-Control"] == "public, max-age=60" and "Set-Cookie" not in answer.headers
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/oembed?url={page}", headers=tag).status_code == 304


def test_a_badges_address_gives_the_picture(client, world):
    url = f"http://localhost/claims/{world.checked.id}/badge.svg"
    shown = asked(client, url).json
    assert (shown["type"], shown["url"]) == ("photo", url)
    svg = lxml.etree.fromstring(client.get(urlsplit(url).path).data)
    assert (svg.get("width"), svg.get("height")) == (str(shown["width"]), str(shown["height"]))
    small = asked(client, url, "&maxwidth=50").json
    assert small["width"] == 50 and small["height"] < 24


def test_room_is_kept_to(client, world):
    page = f"http://localhost/claims/{world.checked.id}"

    def size(rest):
        shown = asked(client, page, rest).json
        assert f'width="{shown["width"]}" height="{shown["height"]}"' in shown["html"]
        return shown["width"], shown["height"]

    assert size("&maxwidth=300") == (300, 320) and size("&maxwidth=9999") == (480, 240)
    assert size("&maxwidth=400&maxheight=100") == (400, 100)
    for wrong in ("maxwidth=0", "maxwidth=-3", "maxheight=wide", "maxwidth=1.5"):
        answer = asked(client, page, "&" + wrong)
        assert answer.status_code == 422 and wrong.partition("=")[0] in answer.json["detail"]


def test_xml_says_the_same(client, database, world):
    with database.write() as session:
        version = session.get_one(Claim, world.open.id).version
        claims.reword(
            session,
            world.open.id,
            by=world.people.editor,
            version=version,
            details={"statement": "<b>&\x0b 👩‍🚀"},
        )
    page = f"http://localhost/claims/{world.open.id}"
    answer = asked(client, page, "&format=xml")
    assert answer.mimetype == "text/xml"
    read = {node.tag: node.text for node in lxml.etree.fromstring(answer.data)}
    told = {name: str(value) for name, value in asked(client, page).json.items()}
    assert read.keys() == told.keys() and read["html"] == told["html"].replace("\x0b", "")
    assert "<b>" not in told["html"] and read["title"].endswith("👩‍🚀")
    assert asked(client, page, "&format=yaml").status_code == 501


def test_what_no_report_tells_of_is_not_there(client, world):
    for url in (
        f"http://localhost/claims/{world.secret.id}",
        f"http://localhost/claims/{world.secret.id}/badge.svg",
        f"http://elsewhere.example/claims/{world.checked.id}",
        f"http://localhost/articles/{world.article.id}",
        f"http://localhost/reports/{world.article.id}",
        f"javascript:alert(1)//localhost/claims/{world.checked.id}",
        "http://localhost/claims/nothing",
        "http://[::1/claims/",
    ):
        answer = asked(client, url)
        assert answer.status_code in (404, 422) and answer.mimetype == "application/problem+json", url
    assert client.get("/oembed").status_code == 422


def test_pages_lead_to_it(client, world, signed_in):
    def led(page):
        return [one.get("href") for one in page.xpath("//link[@type='application/json+oembed']")]

    card = lxml.html.fromstring(client.get(f"/claims/{world.checked.id}/card").text)
    (found,) = led(card)
    assert client.get(found.removeprefix("http://localhost")).json["type"] == "rich"
    (xml,) = [one.get("href") for one in card.xpath("//link[@type='text/xml+oembed']")]
    assert client.get(xml.removeprefix("http://localhost")).mimetype == "text/xml"
    assert led(signed_in(world.people.reader).open(f"/claims/{world.checked.id}").page) == [found]
    badge = client.get(f"/claims/{world.checked.id}/badge.svg").headers["Link"]
    assert 'type="application/json+oembed"' in badge
    assert client.get(badge.partition(">")[0][1:]).json["type"] == "photo"

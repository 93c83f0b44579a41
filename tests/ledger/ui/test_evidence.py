"""Evidence on a page: what the captured page says of itself, where the quote stands, and what differs."""

import re

import pytest
import sqlalchemy as sa

from ledger.models import Appearance, Evidence
from ledger.services import captures, evidence
from ledger.store import claims as store
from tests.factories import make_claim
from tests.site import NEWS, Site, take


@pytest.fixture
def claim(database, people):
    return make_claim(database, people.reviewer)


@pytest.fixture
def add(database, people, claim):
    """Add evidence with a promised copy."""

    def add(**details) -> Evidence:
        wanted = {"url": "https://example.org/a", "stance": "supports", **details}
        with database.write() as session:
            return evidence.add(session, claim.id, by=people.reviewer, details=wanted)

    return add


def _marks(browser, side: str) -> list[str]:
    found = browser.page.xpath(f"//{side}//mark[contains(@class, 'cmp')]")
    return [f"{mark.get('class').split()[1]} {mark.text}" for mark in found]


def test_a_piece_takes_from_the_page_what_nobody_said(signed_in, people, app, claim, add):
    take(app, add(publisher="My publisher"), NEWS)
    words = signed_in(people.reader).open(f"/claims/{claim.id}").text
    for said in ("Bridge opens", "My publisher", "2026-03-04", "from the page", "copy kept"):
        assert said in words
    assert "Eastmere Echo" not in words and "Try again" not in words


def test_claim_and_quote_stand_side_by_side_with_what_differs_marked(signed_in, people, claim, add):
    add(quote="It was signed by 424 builders and 12 towns.")
    browser = signed_in(people.reader).open(f"/claims/{claim.id}")
    assert _marks(browser, "div[@class='side']/p") == ["differs 242 builders"]
    assert _marks(browser, "div[@class='side']/blockquote") == ["differs 424 builders"]
    words = browser.text
    assert (
        "(differs: “424 builders” in the quote)" in words
        and "(differs: “242 builders” in the claim)" in words
    )
    assert "Differs: number" in words


@pytest.mark.parametrize(
    ("quote", "told", "folded"),
    [
        ("242 builders and", "quote found in it", "In the captured text"),
        ("The mayor was there.", "quote found in 2 places", "first of 2 places"),
        ("It was signed for by 424 builders", "quote not found exactly", "What comes near it"),
        ("Something else altogether", "quote not found in it", None),
        (None, "copy kept", None),
    ],
)
def test_a_quote_is_found_or_said_not_to_be_there(signed_in, people, app, claim, add, quote, told, folded):
    piece = add(quote=quote)
    take(app, piece, NEWS)
    browser = signed_in(people.reader).open(f"/claims/{claim.id}")
    words = browser.text
    assert told in words and (folded or "") in words
    assert ("The words on the live page" in words) == (told == "quote found in it")
    assert browser.open(f"/evidence/{piece.id}/capture").status == 200
    marked = browser.page.xpath("//mark[contains(@class, 'place-of')]/@id")
    assert marked == {"first of 2 places": ["quote", "quote-2"], None: []}.get(folded, ["quote"])


def test_many_pieces_ask_the_database_no_more_than_one_and_read_no_whole_text(
    signed_in, people, app, database, claim, add
):
    browser = signed_in(people.reviewer)
    asked, counted = [], []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    quotes = (
        "242 builders and",
        "The mayor was there.",
        "It was signed for by 424 builders",
        "No such words",
    )
    for number, few in enumerate((quotes, 3 * quotes)):
        for n, quote in enumerate(few):
            take(app, add(url=f"https://example.org/{number}/{n}", quote=quote), NEWS)
        browser.open(f"/claims/{claim.id}")
        asked.clear()
        browser.open(f"/claims/{claim.id}")
        counted.append(len(asked))
        # The database cuts what is wanted of a text: substr(capture.text, …).
        assert [one for one in asked if re.search(r"(?<!\()capture\.text\b", one)] == []
    assert browser.text.count("quote found in it") == 4
    assert len(set(counted)) == 1


def test_the_captured_text_shows_the_quote_and_where_it_comes_from(signed_in, people, app, claim, add):
    piece = add(quote="signed for by 242\n builders")
    take(app, piece, NEWS)
    browser = signed_in(people.reader).open(f"/evidence/{piece.id}/capture")
    (mark,) = browser.page.xpath("//mark[@id='quote']")
    assert mark.text_content().endswith("signed for by 242 builders")
    words = browser.text
    assert "SHA-256" in words and "found in the captured text" in words
    (live,) = browser.page.xpath("//a[contains(., 'Live page')]/@href")
    assert (
        live.startswith("https://example.org/a?final#:~:text=")
        and "signed%20for%20by%20242%20builders" in live
    )
    saved = browser.client.get(f"/evidence/{piece.id}/capture/bytes")
    assert saved.data == NEWS.encode() and saved.headers["Content-Disposition"].startswith("attachment;")
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_long_text_is_shown_from_where_the_quote_is(signed_in, people, app, claim, add):
    piece = add(quote="The very words & <b>signs</b>")
    take(
        app,
        piece,
        "\n\n".join(f"Line {n} of many." for n in range(9000)) + "\n\nThe very words & <b>signs</b>, here.",
        "text/plain",
    )
    browser = signed_in(people.reader).open(f"/evidence/{piece.id}/capture")
    (mark,) = browser.page.xpath("//mark[@id='quote']")
    assert mark.text_content().endswith("The very words & <b>signs</b>")
    assert "Line 12 of" not in browser.text
    browser.open(f"/evidence/{piece.id}/capture?from=0")
    assert "Line 12 of" in browser.text and browser.page.xpath("//a[@rel='next']")
    assert browser.open(f"/evidence/{piece.id}/capture?from=99999999").status == 200


def test_a_copy_that_failed_says_why_and_is_asked_for_again(signed_in, people, app, claim, add):
    piece = add()
    parts = app.extensions["ledger"]
    captures.take(parts.database, Site(failure="The site is gone."), parts.blobs, piece.capture_id)
    assert "Try again" not in signed_in(people.reader).open(f"/claims/{claim.id}").text
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    assert "no copy: The site is gone." in browser.text
    browser.press("Try again")
    assert "The copy is asked for again." in browser.text and "copy being made" in browser.text


def test_a_page_asks_for_a_piece_until_its_copy_is_there(signed_in, people, app, claim, add):
    piece = add(quote="242 builders and")
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    (address,) = browser.page.xpath("//i[@data-quiet]/@hx-get")
    assert browser.client.get(address).status_code == 204
    take(app, piece, NEWS)
    part = browser.client.get(address).text
    assert "quote found in it" in part and "Bridge opens" in part and "hx-get" not in part


def test_the_same_link_with_other_words_is_added_and_said_so(signed_in, people, claim):
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    browser.press("Add evidence", url="https://example.org/a", stance="supports", quote="242 builders")
    browser.press("Add evidence", url="HTTPS://example.org/a", stance="supports", quote="More than 40 towns")
    assert "The same link is evidence here already, with other words." in browser.text
    browser.press("Add evidence", url="https://example.org/a", stance="supports", quote="242 builders")
    assert "already has that source with the same quote" in browser.text


def test_a_hostile_page_says_nothing_in_our_name(signed_in, people, app, claim, add):
    evil = '"><script>alert(1)</script>'
    page = NEWS.replace("Bridge opens", evil.replace("<", "&lt;")).replace("Eastmere Echo", "&lt;b>Echo")
    piece = add(quote=evil)
    take(app, piece, page)
    for path in (f"/claims/{claim.id}", f"/evidence/{piece.id}/capture", f"/evidence/{piece.id}/piece"):
        page = signed_in(people.reviewer).open(path)
        assert "<script>alert" not in page.html and "<b>Echo" not in page.html


def test_what_was_done_in_place_is_on_the_part_that_answers(signed_in, people, database, claim):
    with database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    browser = signed_in(people.reviewer).open(f"/claims/{claim.id}")
    token = browser.value("csrf_token")
    place, here = f"?article={article}", {"HX-Request": "true"}
    fields = {"url": "https://example.org/a", "stance": "refutes", "csrf_token": token}
    part = browser.client.post(f"/claims/{claim.id}/evidence{place}", data=fields, headers=here).text
    assert "copy being made" in part and 'data-version="2"' in part
    with database.read() as session:
        (piece,) = store.evidence(session, claim.id)
    change = {"version": "1", "quote": "Other words", "stance": "context", "csrf_token": token}
    part = browser.client.post(f"/evidence/{piece.id}/correct{place}", data=change, headers=here).text
    assert "Other words" in part and 'data-version="3"' in part


# --- web archives


def test_a_copy_is_offered_as_a_web_archive_and_an_older_one_says_that_it_has_no_headers(
    signed_in, people, app, claim, add
):
    parts = app.extensions["ledger"]
    new, old = add(quote="by 40 towns"), add(quote="The mayor was there.", url="https://example.org/b")
    site = Site(NEWS.encode())
    site.wire = True
    captures.take(parts.database, site, parts.blobs, new.capture_id)
    take(app, old, NEWS)
    browser = signed_in(people.reader).open(f"/evidence/{new.id}/capture")
    (archive,) = browser.page.xpath("//a[contains(., 'WACZ')]/@href")
    (warc,) = browser.page.xpath("//a[normalize-space()='WARC']/@href")
    assert browser.client.get(archive).mimetype == "application/octet-stream"
    saved = browser.client.get(warc)
    assert saved.data[:2] == b"\x1f\x8b" and saved.headers["Content-Disposition"].startswith("attachment;")
    assert "with all headers and redirects" in browser.text
    browser.open(f"/evidence/{old.id}/capture")
    assert "before headers were kept" in browser.text
    assert not browser.page.xpath("//a[normalize-space()='WARC']")
    (archive,) = browser.page.xpath("//a[contains(., 'WACZ')]/@href")
    assert browser.client.get(archive).status_code == 200
    assert browser.client.get(f"/evidence/{old.id}/capture.warc.gz").status_code == 404
    browser.open(f"/claims/{claim.id}")
    (archive,) = browser.page.xpath("//a[contains(., 'web archive')]/@href")
    assert browser.client.get(archive).status_code == 200


def test_an_article_without_copies_says_so_where_they_are_asked_for(
    signed_in, people, app, database, claim, add
):
    add()
    with database.read() as session:
        article = session.scalars(
            sa.select(Appearance.article_id).where(Appearance.claim_id == claim.id)
        ).one()
    browser = signed_in(people.reader).open(f"/articles/{article}")
    (link,) = browser.page.xpath("//a[contains(., 'Copies of the evidence')]/@href")
    browser.open(link)
    assert browser.status == 200 and browser.place == f"/articles/{article}"
    assert "No copy of a source is kept here yet." in browser.text
    assert not browser.open(f"/claims/{claim.id}").page.xpath("//a[contains(., 'web archive')]")

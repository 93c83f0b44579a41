"""The export page without scripts: a search, formats with their sizes, and a plain link to the file."""

import io
import re
import zipfile

import pytest

from tests.factories import make_article, make_claim
from tests.ledger.export.crowd import make_crowd


def test_the_page_counts_what_the_search_finds_and_leads_to_the_file(signed_in, people, database):
    claim = make_claim(database, people.reviewer)
    make_article(database, people.reviewer, floor=0.0)
    browser = signed_in(people.reader).open("/claims?q=status:unchecked")
    link = browser.page.xpath("//a[starts-with(text(), 'Export')]/@href")[0]

    browser.open(link)

    assert browser.page.get_element_by_id("number").text.startswith("1 claim,")
    form = browser.page.get_element_by_id("export")
    assert form.get("method") == "get" and form.get("action") == "/export/claims"
    asked = {"q": browser.value("q"), "format": "csv", "compress": ""}
    answer = browser.client.get(form.get("action"), query_string=asked)
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbfclaim_id")
    assert answer.data.count(b"\r\n") == 2 and claim.id.encode() in answer.data
    asked |= {"format": "package", "compress": "gzip"}
    package = zipfile.ZipFile(io.BytesIO(browser.client.get(form.get("action"), query_string=asked).data))
    assert claim.id in package.read("claims.csv").decode()


def test_a_size_is_told_that_comes_near(signed_in, people, database):
    make_crowd(database, people.reviewer, people.editor, 300)
    browser = signed_in(people.reader).open("/export")

    for kind in browser.page.xpath("//input[@type='radio']"):
        answer = browser.client.get(f"/export/claims?format={kind.get('value')}")
        said = browser.page.get_element_by_id(f"size-{kind.get('value')}")
        told, real = int(said.get("data-size")), len(answer.data)
        # A small file is mostly its frame, and that is counted with the first claims.
        assert real / 2 < told < real * 6, kind.get("value")
    assert "about" in browser.text and "300 claims" in browser.text


def test_nothing_found_is_an_empty_file(signed_in, people, database):
    browser = signed_in(people.reader).open("/export?q=status:stale")
    assert "0 claims" in browser.text
    assert browser.client.get("/export/claims?q=status:stale&format=jsonl").data == b""


@pytest.mark.parametrize(
    "place", ["/export?format=rar", "/export/claims?format=", "/export/claims?compress=rar"]
)
def test_what_is_no_format_is_refused(signed_in, people, place):
    browser = signed_in(people.reader)
    assert browser.open(place).status == 422 and "Choose one of" in browser.text


def test_a_search_that_is_not_understood_is_told(signed_in, people, database):
    browser = signed_in(people.reader).open("/export?q=statsu:stale")
    assert re.search(r"status", browser.page.find_class("troubles")[0].text_content())


def test_many_claims_are_counted_once_the_page_is_there(signed_in, people, database, monkeypatch):
    monkeypatch.setattr("ledger.ui.exports.COUNTED", 100)
    make_crowd(database, people.reviewer, people.editor, 300)
    browser = signed_in(people.reader).open("/export?format=jsonl")
    assert browser.page.get_element_by_id("number").text.startswith("More than 100 claims,")
    assert "more than" in browser.page.get_element_by_id("size-csv").text
    first = int(browser.page.get_element_by_id("size-csv").get("data-size"))

    formats = browser.page.find_class("formats")[0]
    browser.open(formats.get("hx-get"))

    assert formats.get("hx-trigger") == "load"
    assert browser.page.get_element_by_id("number").text.startswith("300 claims,")
    for place in formats.get("hx-select-oob").split(","):
        assert "ore than" not in browser.page.get_element_by_id(place[1:]).text
    assert int(browser.page.get_element_by_id("size-csv").get("data-size")) > 2 * first
    assert browser.page.find_class("formats")[0].get("hx-get") is None

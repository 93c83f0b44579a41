"""WARC and WACZ, read by the tools that archives and readers use: warcio, cdxj-indexer, py-wacz."""

import gzip
import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from ledger.adapters.fetch import Exchange, Fetcher
from ledger.export import wacz, warc
from ledger.export.wacz import Page
from tests.ledger.adapters.sites import serving

AT = datetime(2026, 11, 23, 19, 22, 3, tzinfo=UTC)
PAGE = "<h1>Brücke eröffnet</h1><p>Sie kostete 4,2 Millionen Euro.</p>".encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@pytest.fixture(scope="module")
def fetched():
    """A page behind a redirect, packed and in chunks, with headers that are not all ASCII."""
    packed = gzip.compress(PAGE)
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, packed[:9], len(packed) - 9, packed[9:])
    head = OK + "X-Ort: Köln\r\nSet-Cookie: a=1\r\nContent-Encoding: gzip\r\n".encode("latin-1")
    with serving() as site:
        site.redirect("/old", "/new?b=2&a=1", "301 Moved Permanently")
        site.pages["/new?b=2&a=1"] = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
        fetcher = Fetcher(allow_networks=["127.0.0.0/8"], ports=[site.port])
        yield fetcher.fetch(site.url("/old"))


def records(body: bytes):
    found = []
    reader = ArchiveIterator(io.BytesIO(body), check_digests="raise", no_record_parse=False)
    for record in reader:
        # What is read through to its end is checked against its digests.
        content = record.content_stream().read()
        found.append((record.rec_type, record, content, reader.get_record_offset()))
    return found


def test_a_fetch_goes_into_a_warc_with_every_hop_as_it_was_sent(fetched):
    info, first, asked, last, asked_last = records(warc.of_exchanges(fetched.exchanges))
    assert [r[0] for r in (info, first, asked, last, asked_last)] == [
        "warcinfo", "response", "request", "response", "request",
    ]  # fmt: skip
    redirect, page = first[1], last[1]
    assert redirect.http_headers.get_statuscode() == "301"
    assert redirect.http_headers.get_header("Location") == "/new?b=2&a=1"
    assert redirect.rec_headers.get_header("WARC-Truncated") == "unspecified"
    assert page.rec_headers.get_header("WARC-Target-URI") == fetched.url
    assert page.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert page.rec_headers.get_header("WARC-Truncated") is None
    # Unpacked by what its own headers say; the cookie and the umlaut are there as they came.
    assert last[2] == PAGE == fetched.body
    assert page.http_headers.get_header("Set-Cookie") == "a=1"
    assert page.http_headers.get_header("Transfer-Encoding") is None
    assert asked[1].http_headers.get_header("User-Agent").startswith("claim-ledger/")
    for answer, question in ((redirect, asked[1]), (page, asked_last[1])):
        id = answer.rec_headers.get_header("WARC-Record-ID")
        assert question.rec_headers.get_header("WARC-Concurrent-To") == id


def test_the_bytes_of_the_head_are_the_sites_own(fetched):
    body = gzip.decompress(warc.of_exchanges(fetched.exchanges))
    assert "X-Ort: Köln\r\n".encode("latin-1") in body
    assert b"X-Orig-Transfer-Encoding: chunked\r\n" in body


def test_the_digest_is_that_of_what_was_sent(fetched):
    entries = list(warc.entries(io.BytesIO(warc.of_exchanges(fetched.exchanges))))
    sent = fetched.exchanges[-1].body
    assert gzip.decompress(sent) == PAGE
    assert entries[3].fields["warc-payload-digest"] == f"sha256:{hashlib.sha256(sent).hexdigest()}"


bodies = st.lists(st.binary(max_size=300) | st.binary(max_size=30).map(lambda b: b * 3000), max_size=4)


@settings(max_examples=40, deadline=None)
@given(bodies)
def test_any_bytes_come_back_and_each_record_is_found_by_its_place(bodies):
    exchanges = [
        Exchange(f"https://example.org/{n}", b"GET / HTTP/1.1\r\n\r\n", OK + b"\r\n", body, AT)
        for n, body in enumerate(bodies)
    ]
    made = warc.of_exchanges(exchanges)
    entries = list(warc.entries(io.BytesIO(made)))
    answers = [e for e in entries if e.fields["warc-type"] == "response"]
    assert sum(e.length for e in entries) == len(made)
    for entry, body in zip(answers, bodies, strict=True):
        one = gzip.decompress(made[entry.offset : entry.offset + entry.length])
        assert one.partition(b"\r\n\r\n")[2] == OK + b"\r\n" + body + b"\r\n\r\n"
    assert [r[2] for r in records(made) if r[0] == "response"] == bodies


@pytest.mark.parametrize(
    ("body", "media_type", "told"),
    [
        ("Über".encode(), "text/plain", "text/plain; charset=utf-8"),
        ("Über".encode("latin-1"), "text/plain", "text/plain"),
        ("Über".encode(), "application/pdf", "application/pdf"),
    ],
)
def test_bytes_without_headers_are_a_resource_with_the_charset_that_they_have(body, media_type, told):
    _, (kind, record, content, _) = records(warc.of_bytes("https://example.org/", body, media_type, AT))
    assert (kind, content) == ("resource", body)
    assert record.rec_headers.get_header("Content-Type") == told


@pytest.mark.parametrize("damaged", [b"PK\x03\x04", b"no WARC at all", gzip.compress(b"<html>")])
def test_what_is_no_warc_is_said_to_be_none(damaged):
    with pytest.raises(ValueError, match="no WARC"):
        list(warc.entries(io.BytesIO(damaged)))


def test_a_warc_that_stops_early_is_told(fetched):
    made = warc.of_exchanges(fetched.exchanges)
    with pytest.raises(ValueError, match="stops early"):
        list(warc.entries(io.BytesIO(made[:-20])))


# --- WACZ


def page(id: str, made: bytes, *, title: str | None = "Brücke eröffnet", text: str | None = "Sie kostete"):
    return Page(id, title, io.BytesIO(made), lambda: text)


def written(*pages: Page) -> bytes:
    return b"".join(wacz.document(pages, title="Evidence", about=lambda: "Two pages.", at=AT))


# Both leave files open and warn of themselves, so they have processes of their own.
VALIDATE = """
import argparse, sys
from wacz.main import validate_wacz
told = [argparse.Namespace(file=name, verify_auth=False, verifier_url=None) for name in sys.argv[1:]]
print("".join(str(validate_wacz(one)) for one in told), file=sys.stderr)
"""
INDEX = """
import sys
from cdxj_indexer.main import CDXJIndexer
CDXJIndexer(sys.stdout, sys.argv[1:], sort=True, records="response,resource").process_all()
"""


def outside(script: str, *given) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", script, *map(str, given)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


@pytest.fixture(scope="module")
def made(fetched):
    old = warc.of_bytes("https://example.org/report.pdf", b"%PDF-1.7 old", "application/pdf", AT)
    return written(page("one", warc.of_exchanges(fetched.exchanges)), page("two", old, title=None, text=None))


def test_py_wacz_accepts_it_and_refuses_a_changed_one(made, tmp_path):
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"kostete", b"kostet!"))
    files = [tmp_path / "it.wacz", tmp_path / "changed.wacz"]
    for file, body in zip(files, (made, changed.getvalue()), strict=True):
        file.write_bytes(body)
    said = outside(VALIDATE, *files)
    assert said.stderr.split()[-1] == "01", said


def test_it_has_the_layout_that_readers_look_for(made):
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        stored = {i.filename for i in archive.infolist() if i.compress_type == zipfile.ZIP_STORED}
        package = json.loads(archive.read("datapackage.json"))
        digest = json.loads(archive.read("datapackage-digest.json"))
        whole = archive.read("datapackage.json")
        lines = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
    assert names == [
        "archive/one.warc.gz", "archive/two.warc.gz", "indexes/index.cdx", "pages/pages.jsonl",
        "datapackage.json", "datapackage-digest.json",
    ]  # fmt: skip
    # A reader takes a record out of the middle of the zip by its place: it must lie there as it is.
    assert stored == {"archive/one.warc.gz", "archive/two.warc.gz"}
    assert digest["hash"] == f"sha256:{hashlib.sha256(whole).hexdigest()}"
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert [r["path"] for r in package["resources"]] == names[:4]
    assert lines[0]["format"] == "json-pages-1.0"
    assert lines[1]["title"] == "Brücke eröffnet" and lines[1]["text"] == "Sie kostete"
    assert lines[1]["url"].endswith("/new?b=2&a=1") and package["mainPageUrl"] == lines[1]["url"]
    assert lines[2] | {"id": ""} == {
        "id": "", "url": "https://example.org/report.pdf", "ts": "2026-11-23T19:22:03Z",
        "title": "https://example.org/report.pdf",
    }  # fmt: skip


def test_a_reader_that_only_looks_at_the_list_of_members_finds_where_they_begin(made):
    # As wabac.js does, which replayweb.page is made of: without an extra field in the list it takes it that
    # there is none before the member either.
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for entry in archive.infolist():
            name, extra = struct.unpack("<HH", made[entry.header_offset + 26 : entry.header_offset + 30])
            assert entry.extra or not extra
            start = entry.header_offset + 30 + name + extra
            packed = made[start : start + entry.compress_size]
            whole = packed if entry.compress_type == zipfile.ZIP_STORED else zlib.decompress(packed, -15)
            assert whole == archive.read(entry)


def test_the_index_is_what_another_indexer_makes_of_the_same_files(made, tmp_path):
    paths = []
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in ("one", "two"):
            path = tmp_path / f"{name}.warc.gz"
            path.write_bytes(archive.read(f"archive/{name}.warc.gz"))
            paths.append(path)
        ours = archive.read("indexes/index.cdx").decode().splitlines()
    theirs = outside(INDEX, *paths).stdout.splitlines()
    assert len(ours) == len(theirs) == 3 and ours == sorted(ours)

    def told(line):
        key, moment, rest = line.split(" ", 2)
        facts = json.loads(rest)
        return key, moment, *(facts.get(n) for n in ("url", "status", "offset", "length", "filename"))

    assert [told(line) for line in ours] == [told(line) for line in theirs]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/", "org,example)/"),
        ("http://www2.Example.org:80/A/b?z=1&a=2", "org,example)/a/b?a=2&z=1"),
        ("https://example.org:8443", "org,example:8443)/"),
        ("https://www.de/x", "de)/x"),
        ("http://[::1]/", "::1)/"),
    ],
)
def test_addresses_are_sorted_by_their_hosts_from_behind(url, key):
    assert wacz.key(url) == key

import gzip
import threading
import zlib
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from ledger.adapters.fetch import Fetched, Fetcher, NoFetcher
from tests.ledger.adapters.sites import answering, at_most, dripping, failure, fetcher

# What comes back


def test_a_page_comes_back_with_its_type_charset_and_headers(site):
    body = "<p>Größe</p>".encode("iso-8859-1")
    site.page("/a", body, Content_Type='Text/HTML; charset="ISO-8859-1"', ETag="x")
    fetched = fetcher(site).fetch(site.url("/a#top"))
    assert fetched.requested_url == site.url("/a#top")
    assert fetched.url == site.url("/a")
    assert (fetched.status, fetched.media_type, fetched.encoding) == (200, "text/html", "iso-8859-1")
    assert fetched.body == body
    assert ("ETag", "x") in fetched.headers
    assert timedelta(0) <= datetime.now(UTC) - fetched.fetched_at < timedelta(seconds=10)


def test_a_fetched_page_cannot_be_changed_and_does_not_print_its_body(site):
    site.page("/", b"secret words")
    fetched = fetcher(site).fetch(site.url())
    assert isinstance(fetched, Fetched)
    assert "secret words" not in repr(fetched)
    with pytest.raises(FrozenInstanceError):
        fetched.body = b""


@pytest.mark.parametrize(
    ("header", "media_type", "encoding"),
    [
        ("text/html", "text/html", None),
        ("text/html; charset=UTF-8", "text/html", "utf-8"),
        ("text/html;charset=windows-1252;x=y", "text/html", "windows-1252"),
        ("text/html; charset=klingon", "text/html", None),
        ("text/html; charset=hex", "text/html", None),
        ("text/html; charset=utf-16", "text/html", "utf-16"),
        ("application/pdf", "application/pdf", None),
        ("", "application/octet-stream", None),
        ("nonsense", "application/octet-stream", None),
    ],
)
def test_the_declared_type_and_charset_are_read(site, header, media_type, encoding):
    site.page("/", b"text", Content_Type=header)
    fetched = fetcher(site).fetch(site.url())
    assert (fetched.media_type, fetched.encoding) == (media_type, encoding)


def test_a_page_without_a_content_type_is_bytes_of_an_unknown_kind(site):
    site.pages["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    assert fetcher(site).fetch(site.url()).media_type == "application/octet-stream"


def test_a_chunked_page_is_put_together(site):
    site.pages["/"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n"
        b"4\r\nfour\r\n6;note=x\r\n seven\r\n0\r\nTrailer: y\r\n\r\n"
    )
    assert fetcher(site).fetch(site.url()).body == b"four seven"


def test_a_page_that_ends_with_the_connection_is_whole(site):
    site.pages["/"] = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end"
    assert fetcher(site).fetch(site.url()).body == b"until the end"


def test_an_empty_page_is_empty(site):
    site.page("/", b"", Content_Encoding="gzip")
    assert fetcher(site).fetch(site.url()).body == b""


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"one two")),
        ("X-GZIP", gzip.compress(b"one two")),
        ("gzip", gzip.compress(b"one ") + gzip.compress(b"two")),
        ("gzip", gzip.compress(b"one two") + b"\0" * 50),
        ("deflate", zlib.compress(b"one two")),
        ("identity", b"one two"),
    ],
    ids=["gzip", "old name", "two members", "padded", "deflate", "identity"],
)
def test_a_compressed_page_is_unpacked(site, coding, packed):
    site.page("/", packed, Content_Encoding=coding)
    assert fetcher(site).fetch(site.url()).body == b"one two"


def test_a_large_compressed_page_is_unpacked_to_the_last_byte(site):
    body = b"x" * 3_000_000 + b"end"
    site.page("/", gzip.compress(body), Content_Encoding="gzip")
    assert fetcher(site).fetch(site.url()).body == body


def test_the_request_names_the_host_and_us_and_nobody_else(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.page("/a?b=c", b"hi")
    fetcher(site, user_agent="ledger/9").fetch(site.url("/a?b=c"))
    lines = site.requests[0].decode().lower().splitlines()
    assert lines[0] == "get /a?b=c http/1.1"
    assert f"host: 127.0.0.1:{site.port}" in lines
    assert "user-agent: ledger/9" in lines
    assert not any(line.startswith(("cookie:", "authorization:", "referer:")) for line in lines)


# Redirects


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_is_followed(site, status):
    site.redirect("/old", "new?a=b", status)
    site.page("/new?a=b", b"here")
    fetched = fetcher(site).fetch(site.url("/old"))
    assert (fetched.url, fetched.body) == (site.url("/new?a=b"), b"here")
    assert fetched.requested_url == site.url("/old")


def test_a_redirect_may_hold_letters_outside_ascii(site):
    site.redirect("/old", "/größe".encode().decode("latin-1"))
    site.page("/gr%C3%B6%C3%9Fe", b"here")
    assert fetcher(site).fetch(site.url("/old")).body == b"here"


def test_as_many_redirects_as_allowed_are_followed_and_no_more(site):
    for number in range(4):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.page("/4", b"arrived")
    assert fetcher(site, max_redirects=4).fetch(site.url("/0")).body == b"arrived"
    assert failure(fetcher(site, max_redirects=3), site.url("/0")).facts["reason"] == "too-many-redirects"


@pytest.mark.parametrize("there", ["/a", "/b"], ids=["itself", "another that leads back"])
def test_a_redirect_in_a_circle_is_noticed(site, there):
    site.redirect("/a", there)
    site.redirect("/b", "/a")
    error = failure(fetcher(site, max_redirects=50), site.url("/a"))
    assert error.facts["reason"] == "redirect-loop"
    assert len(site.requests) <= 2


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "refused-address"),
        ("http://10.0.0.1/", "refused-address"),
        ("http://[::1]/", "refused-address"),
        ("http://[::ffff:127.0.0.1]/", "refused-address"),
        ("http://[64:ff9b::7f00:1]/", "refused-address"),
        ("http://0.0.0.0/", "refused-address"),
        ("//192.168.1.1/", "refused-address"),
        ("http://2130706433/", "redirect"),
        ("http://0x7f.1/", "redirect"),
        ("file:///etc/passwd", "redirect"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "redirect"),
        ("http://a:b@127.0.0.1/", "redirect"),
        ("http://[::1", "redirect"),
        ("\\\\127.0.0.1\\x", "redirect"),
        ("", "redirect"),
        ("http://127.0.0.1:1/", "refused-port"),
    ],
)
def test_a_redirect_into_the_private_network_or_off_the_web_is_refused(site, location, reason):
    site.redirect("/", location)
    guarded = fetcher(site, ports=[80, site.port])
    assert failure(guarded, site.url()).facts["reason"] == reason


def test_a_redirect_to_a_name_with_a_private_address_is_refused(site):
    site.redirect("/", "http://intranet.example/")
    resolve = answering(["10.1.2.3"])
    assert (
        failure(fetcher(site, ports=[80, site.port], resolve=resolve), site.url()).facts["reason"]
        == "refused-address"
    )
    assert resolve.asked == ["intranet.example"]


def test_a_cookie_is_neither_kept_nor_sent_on(site):
    site.page("/", b"", "302 Found", Location="/b", Set_Cookie="session=1")
    site.page("/b", b"hi", Set_Cookie="session=2")
    guarded = fetcher(site)
    fetched = guarded.fetch(site.url())
    guarded.fetch(site.url("/b"))
    assert not any(b"ookie:" in request for request in site.requests)
    assert not any(name.lower() == "set-cookie" for name, _ in fetched.headers)


# Size


def test_a_page_of_exactly_the_limit_is_accepted_and_one_byte_more_is_not(site):
    site.page("/limit", b"x" * 1000)
    site.page("/over", b"x" * 1001)
    guarded = fetcher(site, max_bytes=1000)
    assert len(guarded.fetch(site.url("/limit")).body) == 1000
    error = failure(guarded, site.url("/over"))
    assert error.facts["reason"] == "too-large"
    assert "1,000 bytes" in error.message


def test_a_page_that_announces_too_much_is_refused_before_it_is_read(site):
    site.pages["/"] = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x")
    with at_most(4):
        assert failure(fetcher(site), site.url()).facts["reason"] == "too-large"


def test_an_endless_page_is_cut_off_at_the_limit(site):
    sent = []

    def endless(connection, head):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 10_000)
                sent.append(10_000)

    site.pages["/"] = endless
    assert failure(fetcher(site, max_bytes=100_000), site.url()).facts["reason"] == "too-large"
    assert sum(sent) < 50_000_000


def test_a_compressed_bomb_is_cut_off_while_it_is_small(site):
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    assert len(bomb) < 1_000_000
    site.page("/", bomb, Content_Encoding="gzip")
    with at_most(4):
        assert failure(fetcher(site, max_bytes=1_000_000), site.url()).facts["reason"] == "too-large"


def test_empty_compressed_members_are_counted_as_sent(site):
    site.pages["/"] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"") * 10_000
    assert failure(fetcher(site, max_bytes=10_000), site.url()).facts["reason"] == "too-large"


# Answers that are no page


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "Paste the text"),
        (402, "Paste the text"),
        (403, "Paste the text"),
        (404, "Check the address"),
        (410, "Check the address"),
        (418, "Paste the text"),
        (429, "Try again later"),
        (451, "Paste the text"),
        (500, "Try again later"),
        (503, "Try again later"),
        (304, "Paste the text"),
        (300, "Paste the text"),
    ],
)
def test_an_error_status_is_told_with_what_to_do(site, status, remedy):
    site.page("/", b"<h1>no</h1>", f"{status} No")
    error = failure(fetcher(site), site.url())
    assert (error.facts["reason"], error.facts["status"]) == ("status", status)
    assert remedy in error.message
    assert str(status) in error.message


@pytest.mark.parametrize("media_type", ["image/png", "video/mp4", "AUDIO/mpeg; x=y", "font/woff2"])
def test_a_picture_or_film_is_refused_as_not_a_text(site, media_type):
    site.page("/", b"\x89PNG", Content_Type=media_type)
    error = failure(fetcher(site), site.url())
    assert error.facts["reason"] == "media-type"
    assert "not to a text" in error.message


BROKEN = {
    "shorter than announced": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "chunks without an end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n",
    "chunk of a strange size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfour\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "no answer": b"",
    "not HTTP": b"220 mail.example ESMTP\r\n\r\n",
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
    "half a gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    + gzip.compress(bytes(range(99)))[:40],
    "no gzip at all": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text",
    "packing we do not know": b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxyz",
    "packed twice": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\nxyz",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_damaged_answer_is_not_taken_for_a_page(site, answer):
    site.pages["/"] = answer
    assert failure(fetcher(site), site.url()).facts["reason"] == "broken"


def test_more_than_was_announced_is_not_read(site):
    site.pages["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more"
    assert fetcher(site).fetch(site.url()).body == b"four"


# Refused, turned off, shared


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://127.1/", "file:///etc/passwd", "news.example", ""]
)
def test_what_is_not_a_web_address_fails_like_any_other_fetch(url):
    error = failure(Fetcher(), url)
    assert error.facts["reason"] == "address"
    assert "https://" in error.message


def test_without_a_fetcher_every_address_is_refused_with_the_setting_named():
    error = failure(NoFetcher(), "https://news.example/")
    assert error.facts["reason"] == "off"
    assert "LEDGER_FETCH=false" in error.message


def test_one_fetcher_serves_several_threads_at_once(site):
    for number in range(8):
        site.page(f"/{number}", str(number).encode())
    guarded = fetcher(site)
    bodies = {}
    threads = [
        threading.Thread(target=lambda n=number: bodies.update({n: guarded.fetch(site.url(f"/{n}")).body}))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == {number: str(number).encode() for number in range(8)}

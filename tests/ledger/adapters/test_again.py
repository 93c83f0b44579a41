"""Asking a site again: by what it said the last time, and as long after as it asks."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from ledger import clock
from ledger.adapters.fetch import Validators
from ledger.errors import FetchFailed
from tests.ledger.adapters.sites import fetcher


def test_a_page_that_is_as_it_was_is_not_sent_again(site):
    site.page("/a", b"<p>Words.</p>", ETag='"one"', Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT")
    first = fetcher(site).again(site.url("/a"))
    told = {name.lower(): value for name, value in first.headers}
    known = Validators(first.url, told["etag"], told["last-modified"])
    site.page("/a", status="304 Not Modified")
    assert fetcher(site).again(site.url("/a"), known) is None
    assert b'If-None-Match: "one"' in site.requests[-1] and b"If-Modified-Since: Mon, 23" in site.requests[-1]


def test_what_one_address_said_is_told_to_no_other(site):
    site.redirect("/a", "/b")
    site.page("/b", b"<p>Words.</p>")
    assert fetcher(site).again(site.url("/a"), Validators(site.url("/a"), '"one"')).body == b"<p>Words.</p>"
    assert [b"If-None-Match" in asked for asked in site.requests] == [True, False]


@pytest.mark.parametrize(("header", "seconds"), [("120", 120), ("soon", None), ("-1", None)])
def test_a_site_may_ask_to_be_left_in_peace(site, header, seconds):
    site.page("/a", status="503 Busy", Retry_After=header)
    with pytest.raises(FetchFailed) as refused:
        fetcher(site).again(site.url("/a"))
    assert refused.value.facts.get("retry_after") == seconds


def test_it_may_ask_so_by_a_date(site):
    site.page("/a", status="429 Slow down", Retry_After=format_datetime(clock.now() + timedelta(hours=1)))
    with pytest.raises(FetchFailed) as refused:
        fetcher(site).again(site.url("/a"))
    assert 3500 < refused.value.facts["retry_after"] <= 3600

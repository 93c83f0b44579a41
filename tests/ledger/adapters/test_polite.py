"""Politeness towards sites: turns, robots.txt, conditional requests and peace, against a real server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from ledger import clock
from ledger.adapters.fetch import Validators
from ledger.adapters.polite import Later, Polite
from ledger.errors import FetchFailed
from ledger.models import Host
from tests.ledger.adapters.sites import fetcher


@pytest.fixture
def polite(site, database):
    site.page("/robots.txt", status="404 Not Found")
    site.page("/a", b"<p>Words.</p>")
    return Polite(fetcher(site), database, seconds=5)


def paths(site):
    return [asked.split()[1].decode() for asked in site.requests]


def at(seconds):
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def test_one_request_at_a_time_however_many_workers_ask(site, polite):
    def ask(_):
        try:
            return polite.again(site.url("/a"))
        except Later as later:
            return later

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    later = [answer for answer in answers if isinstance(answer, Later)]
    assert len(later) == 5 and paths(site) == ["/robots.txt", "/a"]
    assert all(0 < (one.at - clock.now()).total_seconds() <= 5 for one in later)
    with at(6):
        polite.again(site.url("/a"))
    # robots.txt is read once a day.
    assert paths(site) == ["/robots.txt", "/a", "/a"]
    with at(86_500):
        polite.again(site.url("/a"))
    assert paths(site)[-2:] == ["/robots.txt", "/a"]


def test_what_robots_txt_forbids_is_not_asked_for(site, polite):
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: claim-ledger\nAllow: /news/\nDisallow: /*.pdf$\nCrawl-delay: 60"
    site.page("/robots.txt", rules, Content_Type="text/plain")
    site.page("/news/a", b"<p>Words.</p>")
    assert polite.again(site.url("/news/a")) is not None
    with at(10), pytest.raises(Later):
        polite.again(site.url("/news/a"))
    with at(61), pytest.raises(FetchFailed, match="does not want programs") as refused:
        polite.again(site.url("/x.pdf"))
    assert refused.value.facts["reason"] == "robots" and "/x.pdf" not in paths(site)


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slow"])
def test_a_site_that_can_not_say_what_is_allowed_is_left_alone_for_now(site, polite, status):
    site.page("/robots.txt", status=status)
    with pytest.raises(FetchFailed) as refused:
        polite.again(site.url("/a"))
    assert refused.value.facts["reason"] == "robots-unknown" and paths(site) == ["/robots.txt"]
    site.page("/robots.txt", status="404 Not Found")
    with at(3700):
        assert polite.again(site.url("/a")) is not None


def test_a_robots_txt_of_rubbish_forbids_nothing(site, polite):
    site.page("/robots.txt", b"\xff\xfe\x00<html>Disallow" * 1000, Content_Type="text/plain")
    assert polite.again(site.url("/a")) is not None


def test_a_site_that_asks_for_peace_has_it(site, polite):
    site.page("/a", status="429 Slow", Retry_After="7200")
    with pytest.raises(FetchFailed):
        polite.again(site.url("/a"))
    asked = len(site.requests)
    with at(7100), pytest.raises(Later):
        polite.again(site.url("/a"))
    assert len(site.requests) == asked
    with at(7300), pytest.raises(FetchFailed):
        polite.again(site.url("/a"))


def test_a_site_in_trouble_is_asked_ever_more_rarely_until_it_is_well(site, polite, database):
    site.page("/a", status="502 Bad")
    waits, passed = [], 0
    for _ in range(4):
        with at(passed):
            with pytest.raises(FetchFailed):
                polite.again(site.url("/a"))
            with pytest.raises(Later) as later:
                polite.again(site.url("/a"))
            waits.append(round((later.value.at - clock.now()).total_seconds(), -1))
        passed += waits[-1] + 5
    assert waits == [60, 120, 240, 480]
    site.page("/a", b"<p>Words.</p>")
    with at(passed):
        polite.again(site.url("/a"))
    with database.read() as session:
        assert list(session.exec(select(Host.failures))) == [0]


def test_a_page_that_is_not_there_says_nothing_against_its_site(site, polite):
    site.page("/b", status="404 Not Found")
    with pytest.raises(FetchFailed):
        polite.again(site.url("/b"))
    with at(6):
        assert polite.again(site.url("/a")) is not None


def test_an_unchanged_page_is_not_sent(site, polite):
    site.page("/a", status="304 Not Modified")
    assert polite.again(site.url("/a"), Validators(site.url("/a"), '"one"')) is None

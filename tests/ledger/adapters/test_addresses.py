import socket
from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters import addresses
from ledger.adapters.addresses import canonical, check, is_public, valid_url
from ledger.errors import FetchFailed, Invalid

PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


def answering(*answers):
    """A resolver that gives these answers to any question, and remembers the questions."""

    def resolve(host, port, type=0):
        resolve.asked.append((host, port))
        return [
            (
                socket.AF_INET6 if ":" in answer else socket.AF_INET,
                type,
                6,
                "",
                (answer, port, 0, 0) if ":" in answer else (answer, port),
            )
            for answer in answers
        ]

    resolve.asked = []
    return resolve


def failing(error):
    def resolve(host, port, type=0):
        raise error

    return resolve


def refused(host, **options):
    with pytest.raises(FetchFailed) as caught:
        check(host, 443, **options)
    assert caught.value.field == "url"
    return caught.value


NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "loopback, other end": "127.255.255.254",
    "this host": "0.0.0.0",
    "this network": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31": "172.31.255.255",
    "private 192.168": "192.168.1.1",
    "carrier-grade NAT": "100.64.0.1",
    "Alibaba metadata": "100.100.100.200",
    "link-local": "169.254.1.1",
    "cloud metadata": "169.254.169.254",
    "IETF protocols": "192.0.0.1",
    "IETF protocols, global by the book": "192.0.0.9",
    "Oracle metadata": "192.0.0.192",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "6to4 relay": "192.88.99.1",
    "benchmarking": "198.19.255.255",
    "Azure platform": "168.63.129.16",
    "multicast": "224.0.0.1",
    "multicast, global scope": "233.252.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v6 mapped loopback": "::ffff:127.0.0.1",
    "v6 mapped public": "::ffff:8.8.8.8",
    "v6 mapped in hex": "::ffff:7f00:1",
    "v6 compatible": "::127.0.0.1",
    "v6 compatible public": "::8.8.8.8",
    "v6 translated": "::ffff:0:127.0.0.1",
    "6to4 of loopback": "2002:7f00:1::",
    "6to4 of a public address": "2002:808:808::1",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of a public address": "64:ff9b::808:808",
    "NAT64 local use": "64:ff9b:1::a00:1",
    "Teredo": "2001:0:53aa:64c:0:0:80ff:fffe",
    "ORCHID": "2001:20::1",
    "v6 documentation": "2001:db8::1",
    "v6 documentation, new": "3fff::1",
    "v6 discard": "100::1",
    "unique local": "fd00::1",
    "AWS metadata": "fd00:ec2::254",
    "unique local, fc00": "fc00::1",
    "v6 link-local": "fe80::1",
    "site-local": "fec0::1",
    "v6 multicast": "ff02::1",
    "v6 multicast, global scope": "ff0e::1",
    "segment routing": "5f00::1",
    "unallocated": "4000::1",
}


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_an_address_that_is_not_public_is_refused_as_written(address):
    assert refused(address, resolve=failing(AssertionError)).facts["reason"] == "refused-address"


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_an_address_that_is_not_public_is_refused_as_an_answer(address):
    assert refused("news.example", resolve=answering(address)).facts["reason"] == "refused-address"


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "8.8.8.8", "100.128.0.1", "172.32.0.1", "2a00::1"])
def test_an_ordinary_public_address_is_let_through(address):
    assert check(address, 443, resolve=failing(AssertionError)) == (ip_address(address),)


def test_the_answers_come_in_the_resolvers_order_without_repeats():
    found = check("news.example", 443, resolve=answering(PUBLIC_6, PUBLIC, PUBLIC_6))
    assert found == (ip_address(PUBLIC_6), ip_address(PUBLIC))


@pytest.mark.parametrize("answers", [(PUBLIC, "10.0.0.1"), ("10.0.0.1", PUBLIC), (PUBLIC, PUBLIC_6, "::1")])
def test_one_private_answer_among_public_ones_refuses_the_host(answers):
    assert refused("news.example", resolve=answering(*answers)).facts["reason"] == "refused-address"


def test_a_link_local_answer_with_a_zone_is_refused():
    assert refused("news.example", resolve=answering("fe80::1%eth0")).facts["reason"] == "refused-address"


def test_an_answer_with_a_zone_is_refused_even_where_its_network_is_allowed():
    refused("news.example", resolve=answering("fe80::1%eth0"), allow=[ip_network("fe80::/10")])


def test_the_resolver_is_asked_once():
    resolve = answering(PUBLIC)
    check("news.example", 443, resolve=resolve)
    assert resolve.asked == [("news.example", 443)]


ODD_HOSTS = {
    "decimal": "2130706433",
    "decimal of a public address": "134744072",
    "hexadecimal": "0x7f000001",
    "hexadecimal, capitals": "0X7F000001",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "hexadecimal, short": "0x7f.1",
    "empty hexadecimal": "127.0.0.0x",
    "octal": "0177.0.0.1",
    "octal, one number": "017700000001",
    "two parts": "127.1",
    "three parts": "127.0.1",
    "zero alone": "0",
    "leading zeros": "127.000.000.001",
    "too large": "256.256.256.256",
    "five parts": "127.0.0.1.1",
    "trailing dot": "127.0.0.1.",
    "two trailing dots": "news.example..",
    "full-width digits": "１２７.0.0.1",
    "circled digits": "①②⑦.0.0.1",
    "ideographic full stops": "127。0。0。1",
    "Arabic-Indic digits": "١٢٧.0.0.1",
    "full-width name": "ｌｏｃａｌｈｏｓｔ",
    "percent-encoded": "127%2e0%2e0%2e1",
    "percent-encoded name": "%6c%6f%63alhost",
    "user before the host": "news.example@127.0.0.1",
    "bracketed": "[::1]",
    "zone": "fe80::1%eth0",
    "zone on a public address": "2606:4700::1%1",
    "empty": "",
    "only a dot": ".",
    "space": "127.0.0.1 news.example",
    "NUL": "127.0.0.1\0.news.example",
    "line break": "news.example\r\nX-Header",
    "slash": "127.0.0.1/news.example",
    "backslash": "127.0.0.1\\news.example",
    "port inside": "127.0.0.1:80",
    "label too long": "a" * 64 + ".example",
    "name too long": "a.example." * 26,
}


@pytest.mark.parametrize("host", ODD_HOSTS.values(), ids=ODD_HOSTS.keys())
def test_an_oddly_written_host_is_refused_without_asking_the_resolver(host):
    resolve = answering(PUBLIC)
    assert refused(host, resolve=resolve).facts["reason"] == "refused-address"
    assert resolve.asked == []


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST", "db", "127.0.0.1.nip.example"])
def test_a_name_for_this_machine_is_refused_by_its_answer(host):
    assert refused(host, resolve=answering("127.0.0.1")).facts["reason"] == "refused-address"


@pytest.mark.parametrize(
    "host", ["news.example", "3.example", "1e.example", "a_b.example", "xn--bcher-kva.example"]
)
def test_an_ordinary_name_is_resolved(host):
    assert check(host, 443, resolve=answering(PUBLIC)) == (ip_address(PUBLIC),)


def test_an_allowed_network_is_let_through_and_its_neighbour_is_not():
    allow = [ip_network("10.1.0.0/16")]
    assert check("cms.example", 80, resolve=answering("10.1.2.3"), allow=allow) == (ip_address("10.1.2.3"),)
    refused("cms.example", resolve=answering("10.2.2.3"), allow=allow)


def test_an_allowed_ipv4_network_does_not_open_its_mapped_spelling():
    refused("::ffff:127.0.0.1", allow=[ip_network("127.0.0.0/8")])


@pytest.mark.parametrize(
    "resolve",
    [
        failing(socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
        failing(UnicodeError("label too long")),
        failing(OSError("resolver is down")),
        answering(),
    ],
    ids=["unknown name", "cannot be encoded", "no resolver", "no answers"],
)
def test_a_host_without_an_answer_is_reported_as_not_found(resolve):
    error = refused("news.example", resolve=resolve)
    assert error.facts["reason"] == "dns"
    assert "“news.example”" in error.message


def test_a_refusal_does_not_tell_the_address_behind_a_name():
    assert "10.9.8.7" not in refused("intranet.example", resolve=answering("10.9.8.7")).message


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_never_public_in_any_ipv6_disguise(address):
    number = int(address)
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::"):
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) | number))
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) | number << 80))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(address):
    assert address.is_global or not is_public(address)


@pytest.mark.parametrize(
    ("typed", "fetched"),
    [
        ("  https://news.example/a \n", "https://news.example/a"),
        ("HTTPS://News.Example/A", "https://news.example/A"),
        ("http://news.example:80", "http://news.example/"),
        ("HTTP://news.example:80/a", "http://news.example/a"),
        ("https://news.example:/a", "https://news.example/a"),
        ("https://news.example:8443/a?b=c", "https://news.example:8443/a?b=c"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a#top", "https://news.example/a"),
        ("https://news.example/a b?c=ü", "https://news.example/a%20b?c=%C3%BC"),
        ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2606:4700::0001]:80/a", "http://[2606:4700::1]/a"),
        ("https://news.example/@name/1", "https://news.example/@name/1"),
    ],
)
def test_an_address_is_tidied_for_fetching(typed, fetched):
    assert valid_url(typed) == fetched


NOT_WEB = {
    "empty": "",
    "no scheme": "news.example/a",
    "scheme-relative": "//news.example/a",
    "path": "/etc/passwd",
    "file": "file:///etc/passwd",
    "file with host": "file://news.example/etc/passwd",
    "gopher": "gopher://news.example/",
    "ftp": "ftp://news.example/a",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,hello",
    "dict": "dict://127.0.0.1:11211/stat",
    "WebSocket": "wss://news.example/",
    "no slashes": "http:news.example",
    "no host": "http:///a",
    "only a port": "http://:80/",
    "user name": "https://editor@news.example/",
    "password": "https://editor:secret@news.example/",
    "user that looks like a host": "https://news.example@127.0.0.1/",
    "backslash": "https://127.0.0.1\\@news.example/",
    "backslashes for slashes": "https:\\\\news.example\\a",
    "space in the host": "https://news example/",
    "tab inside": "https://news.exa\tmple/",
    "line break inside": "https://news.example/\r\nHost: other",
    "percent in the host": "https://127%2e0%2e0%2e1/",
    "decimal host": "http://2130706433/",
    "octal host": "http://0177.0.0.1/",
    "full-width digits": "http://１２７.0.0.1/",
    "emoji host": "http://🙂.example/",
    "zone": "http://[fe80::1%25eth0]/",
    "bracket open": "http://[::1",
    "not IPv6": "http://[1.2.3.4]/",
    "port too large": "http://news.example:65536/",
    "port zero": "http://news.example:0/",
    "port a word": "http://news.example:http/",
    "empty label": "http://news..example/",
    "too long": "https://news.example/" + "a" * 4096,
}


@pytest.mark.parametrize("url", NOT_WEB.values(), ids=NOT_WEB.keys())
def test_what_is_not_a_web_address_is_refused_with_an_example_of_one(url):
    with pytest.raises(Invalid, match="Give a whole address such as https://") as caught:
        valid_url(url)
    assert caught.value.field == "url"


def test_a_password_is_named_as_the_reason():
    with pytest.raises(Invalid, match="user name or password"):
        valid_url("https://editor:secret@news.example/")


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://News.Example:443/A/#comments", "https://news.example/A"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example//", "https://news.example/"),
        ("https://news.example/a/?", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&UTM_Campaign=y", "https://news.example/a"),
        ("https://news.example/a?b=2&fbclid=x&a=1&gclid=y&mc_cid=z", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?utm%5Fsource=x&id=1", "https://news.example/a?id=1"),
        ("https://news.example/a?ref=home&source=rss", "https://news.example/a?ref=home&source=rss"),
        ("https://news.example/a?id=&x", "https://news.example/a?id=&x"),
        ("https://news.example/%7euser/caf%c3%a9", "https://news.example/~user/caf%C3%A9"),
        ("https://news.example/café", "https://news.example/caf%C3%A9"),
        ("https://news.example/b/../a/./", "https://news.example/a"),
        ("https://news.example/b/%2e%2e/a", "https://news.example/a"),
        ("https://news.example/a%2Fb", "https://news.example/a%2Fb"),
        ("https://news.example/a#:~:text=said", "https://news.example/a"),
    ],
)
def test_an_article_has_one_canonical_address(url, known_as):
    assert canonical(url) == known_as


def test_http_and_https_stay_apart():
    assert canonical("http://news.example/a") != canonical("https://news.example/a")


def test_a_canonical_address_needs_a_web_address():
    with pytest.raises(Invalid):
        canonical("mailto:editor@news.example")


@given(st.text("abAB/.%25eE7F?&=#~ü utm_\\+", max_size=40))
def test_a_canonical_address_stays_as_it_is(rest):
    try:
        once = canonical("https://news.example/" + rest)
    except Invalid:
        return
    assert canonical(once) == once
    assert valid_url(once) == once


_TYPED = st.from_regex(r"https?://[a-zA-Z0-9.-]{1,24}(/[a-zA-Z0-9._~%?&=/-]{0,20})?", fullmatch=True)


@given(st.from_regex(addresses._PLAIN, fullmatch=True) | _TYPED)
def test_plain_addresses_are_written_as_all_others(url):
    # With a fragment, which is dropped, an address goes the long way.
    for write in (valid_url, canonical):
        assert _outcome(write, url) == _outcome(write, url + "#x")


def _outcome(write, url):
    try:
        return write(url)
    except Invalid as error:
        return error.message

"""Web addresses: which ones we open, and the one spelling under which an article is known.

`valid_url` judges the spelling alone and needs no network. `check` resolves a host once and refuses
it unless every answer is an ordinary public address; the caller then connects to those answers and
does not ask again, so that a second, different DNS answer has no effect (DNS rebinding).
"""

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote_plus

from ledger.adapters.late import Late
from ledger.errors import FetchFailed, Invalid

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = Late("httpx2")

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolve: TypeAlias = Callable[..., Iterable[tuple[Any, ...]]]
"""Shaped like `socket.getaddrinfo`; called as `resolve(host, port, type=SOCK_STREAM)`."""

MAX_URL_CHARACTERS = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}

# What `is_global` means has changed between Python releases, and it says nothing about addresses that
# carry another address inside them. So the IANA special-purpose registries are written out here, and
# `is_global` is asked as well, for what a later Python knows and this list does not.
_SPECIAL = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; some clouds keep their metadata here
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public number, but on Azure it is the platform's own server
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # IETF protocols, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)

# Nothing outside 2000::/3 is a public unicast address. That leaves out ::1, IPv4-mapped and
# IPv4-compatible addresses, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), 100::/64, fc00::/7,
# fe80::/10, fec0::/10 and ff00::/8.
_PUBLIC_IPV6 = IPv6Network("2000::/3")

_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
# As browsers decide it: a host that ends like this is a number, in whatever notation.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
# Addresses that are written as we write them, which most are: no port, escape, fragment or dots between
# slashes. A bulk import reads hundreds of thousands of them.
_PLAIN = re.compile(
    r"https?://(?!xn--)(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.(?!xn--)){1,4}[a-z]{2,20}"
    r"(?:/(?!\.)[A-Za-z0-9_~.-]*)+(?:\?[A-Za-z0-9_~.=&-]+)?"
)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Parameters that say how the reader came, never what is read. `ref` or `source` are left alone,
# because on some sites they choose the page.
_TRACKING_PREFIX = "utm_"
_TRACKING = frozenset(
    {"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid"}
    | {"li_fat_id", "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok", "wt_mc", "vero_id"}
    | {"_ga", "_gl", "_hsenc", "_hsmi", "oly_anon_id", "oly_enc_id"}
)


def valid_url(url: str) -> str:
    """The address to fetch for what somebody typed: trimmed, host in lower-case ASCII, no fragment.

    Judges only the spelling. Raises Invalid (field `url`) for anything but an http or https address
    with a host and no user name or password in it.
    """
    if _is_plain(url):
        return url
    parsed, host = _parsed(url)
    return _written(parsed.scheme, host, parsed.port, parsed.raw_path.decode("ascii"))


def canonical(url: str) -> str:
    """The one spelling under which an article is known: for telling duplicates, not for fetching.

    On top of `valid_url`, drops tracking parameters and the slashes at the end of the path, and
    writes percent-escapes one way. The other parameters keep their order; http and https stay
    apart. Canonical addresses stay as they are. Raises Invalid as `valid_url` does.
    """
    if _is_plain(url) and "?" not in url and (url[-1] != "/" or url.count("/") == 3):
        return url
    parsed, host = _parsed(url)
    # Escapes come first, because %2e%2e is a parent folder too.
    target = _escapes(parsed.raw_path.decode("ascii"))
    plain = httpx2.URL(_written(parsed.scheme, host, parsed.port, target)).raw_path.decode("ascii")
    path, _, query = plain.partition("?")
    path = path.rstrip("/") or "/"
    query = "&".join(part for part in query.split("&") if part and not tracks(part))
    return _written(parsed.scheme, host, parsed.port, f"{path}?{query}" if query else path)


def _is_plain(url: str) -> bool:
    return len(url) <= MAX_URL_CHARACTERS and _PLAIN.fullmatch(url) is not None


def check(
    host: str, port: int, *, resolve: Resolve = socket.getaddrinfo, allow: Sequence[Network] = ()
) -> tuple[Address, ...]:
    """Resolve `host` once and return its addresses, in the resolver's order and without repeats.

    `host` is ASCII, without brackets; `allow` names networks that are let through although they
    are not public. Raises FetchFailed (field `url`) with the reason `refused-address` if the
    spelling is odd or any one answer is not public, and `dns` if there is no answer.
    """
    try:
        literal = _literal(host.lower())
    except ValueError:
        raise _refused(host, "is not written as a plain name or IP address") from None
    answers = [literal] if literal else _answers(host, port, resolve)
    # One bad answer spoils the rest: who controls the name controls the order as well.
    if not all(_allowed(address, allow) for address in answers):
        raise _refused(host, "does not lead to the public internet")
    return tuple(dict.fromkeys(answers))


def is_public(address: Address) -> bool:
    """Whether this is an ordinary address of the public internet, with no other address inside it."""
    if address.version == 6 and address not in _PUBLIC_IPV6:
        return False
    return address.is_global and not any(address in network for network in _SPECIAL)


def _allowed(address: Address, allow: Sequence[Network]) -> bool:
    return is_public(address) or any(address in network for network in allow)


def _answers(host: str, port: int, resolve: Resolve) -> list[Address]:
    try:
        found = [str(entry[4][0]) for entry in resolve(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise FetchFailed(
            f"We could not find a site called “{host}”. Check the spelling, or paste the text instead.",
            field="url",
            reason="dns",
        )
    # A zone (fe80::1%eth0) names one of our own network cards.
    if any("%" in answer for answer in found):
        raise _refused(host, "does not lead to the public internet")
    return [ip_address(answer) for answer in found]


def _literal(host: str) -> Address | None:
    """The IP address that a lower-case host spells out, or None for a name.

    Raises ValueError for what is neither: 2130706433, 0x7f.1, 0177.0.0.1, 127.1, an IPv6 zone,
    escapes, an empty label, letters outside ASCII.
    """
    if ":" in host:
        if "%" in host:
            raise ValueError(host)
        return IPv6Address(host)
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(host)
    return IPv4Address(host) if _NUMBER.fullmatch(labels[-1]) else None


def _parsed(url: str) -> "tuple[httpx2.URL, str]":
    """The parts of an address, and its host in the spelling that `check` takes."""
    url = url.strip()
    if len(url) > MAX_URL_CHARACTERS:
        raise _invalid(f"The address is longer than {MAX_URL_CHARACTERS} characters.")
    # Programs disagree on what a backslash before the path means, so we take it for nothing at all.
    if "\\" in re.split("[?#]", url, maxsplit=1)[0]:
        raise _invalid("The address contains a backslash.")
    try:
        parsed = httpx2.URL(url)
        host = parsed.raw_host.decode("ascii").lower()
        if parsed.scheme not in DEFAULT_PORTS or not host:
            raise _invalid("We can only open web pages.")
        if parsed.userinfo:
            raise _invalid("The address contains a user name or password; leave it out.")
        if parsed.port is not None and not 0 < parsed.port < 65536:
            raise ValueError(url)
        literal = _literal(host)
    except (httpx2.InvalidURL, ValueError):
        raise _invalid("This is not the address of a web page.") from None
    # The dot that ends a full name is in no certificate, and browsers' users do not mean it.
    return parsed, host.removesuffix(".") if literal is None else str(literal)


def _written(scheme: str, host: str, port: int | None, target: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    if port not in (None, DEFAULT_PORTS[scheme]):
        shown = f"{shown}:{port}"
    return f"{scheme}://{shown}{target}"


def _escapes(text: str) -> str:
    """Write every percent-escape as RFC 3986 (6.2.2) prefers: %7e as ~, %c3 as %C3."""

    def preferred(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _PERCENT.sub(preferred, text)


def tracks(parameter: str) -> bool:
    """Whether a parameter (`name=value`) says only how the reader came."""
    name = unquote_plus(parameter.partition("=")[0]).lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIX)


def _invalid(what: str) -> Invalid:
    return Invalid(f"{what} Give a whole address such as https://example.org/article.", field="url")


def _refused(host: str, why: str) -> FetchFailed:
    return FetchFailed(
        f"We do not open “{host}”, because it {why}. "
        "Give the article’s public address, or paste the text instead.",
        field="url",
        reason="refused-address",
    )

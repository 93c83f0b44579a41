"""Fetch a web page that a stranger named, without becoming the stranger's hand in our own network.

Every connection, that of each redirect too, goes through `guarded.GuardedBackend`: the host is
resolved once, refused unless all its addresses are public, and connected to by the address that was
checked. The name stays in the Host header and in TLS. No proxy, cookie or credential is ever used,
and one deadline holds over everything together: DNS, connecting, TLS, headers, redirects, the body.

Every failure is a FetchFailed with the field `url`, a message for a journalist and a `reason`:

    address             not an http(s) address at all
    refused-address     it leads, or redirects, into a network that is not public
    refused-port        a port other than the web's
    dns                 no such site
    unreachable         the site does not accept connections
    tls                 its certificate is wrong, or no secure connection came about
    timeout             the deadline passed
    too-large           more bytes than we accept, as sent or decompressed
    too-many-redirects  more hops than we follow
    redirect-loop       a hop that was there before
    redirect            a redirect to nowhere, or to something that is not the web
    status              the site answered with an error; the fact `status` says which
    media-type          pictures, sound, video or fonts
    broken              the answer stops early, is damaged or isn't HTTP
    off                 fetching is turned off
"""

import ssl
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from ipaddress import ip_network
from socket import getaddrinfo
from typing import TYPE_CHECKING, NoReturn, Protocol

from claims.values import dataclass, field, replace
from ledger import __version__, clock
from ledger.adapters.addresses import Resolve, valid_url
from ledger.adapters.connections import Deadline, failed, trusted
from ledger.adapters.late import Late
from ledger.errors import FetchFailed, Invalid

if TYPE_CHECKING:
    import httpcore2
    import httpx2
else:
    httpcore2, httpx2 = Late("httpcore2"), Late("httpx2")

USER_AGENT = f"claim-ledger/{__version__}"
TIMEOUT_SECONDS = 15.0
MAX_BYTES = 20_000_000
MAX_REDIRECTS = 5

_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"
_NOT_TEXT = frozenset({"image", "video", "audio", "font", "model"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE_BYTES = 2**18
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
"""For `zlib.decompressobj`: look at the header to tell which of the two it is."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to a site and its answer, as both went over the wire, but for chunking."""

    url: str
    asked: bytes
    """The head of the request."""
    head: bytes = field(repr=False)
    """The answer's first line and its headers, to the empty line."""
    body: bytes | None = field(repr=False)
    """As sent: packed, if the site packed it. None where it was not read, that of a redirect."""
    at: datetime
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a site answered, with the status 200 to 299."""

    requested_url: str
    """As the caller wrote it."""
    url: str
    """Where the last redirect led, as `valid_url` writes it."""
    status: int
    media_type: str
    """Lower-case and without parameters; application/octet-stream if the site gave none."""
    encoding: str | None
    """The declared charset, lower-case; None if there is none or Python does not know it."""
    headers: tuple[tuple[str, str], ...]
    """In the order received, without Set-Cookie."""
    body: bytes = field(repr=False)
    """With chunking and compression undone."""
    fetched_at: datetime
    """When the body was complete, in UTC."""
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)
    """Each redirect, and last what the rest of this was made of."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site said to ask again by; it is told to the very address that said it, and to no other."""

    url: str
    etag: str | None = None
    modified: str | None = None

    def headers(self, url: str) -> dict[bytes | str, bytes | str]:
        """What to ask `url` with."""
        told: dict[bytes | str, bytes | str] = {}
        if url == self.url:
            told |= {"If-None-Match": self.etag} if self.etag else {}
            told |= {"If-Modified-Since": self.modified} if self.modified else {}
        return told


class AnyFetcher(Protocol):
    """Where pages come from: the web, or nowhere."""

    def fetch(self, url: str) -> Fetched:
        """The page at `url`. Raises FetchFailed, with one of this module's reasons."""
        ...

    def again(self, url: str, known: Validators | None = None) -> Fetched | None:
        """The page at `url`, or None if it is as it was. Raises FetchFailed as `fetch` does; its fact
        `retry_after` tells for how many seconds the site asks to be left in peace."""
        ...


class NoFetcher:
    """The fetcher of an installation that must not go out to the web."""

    def fetch(self, url: str) -> NoReturn:
        raise failed(
            "Fetching is turned off here (LEDGER_FETCH=false). Paste the text or upload a file instead.",
            reason="off",
        )

    def again(self, url: str, known: Validators | None = None) -> NoReturn:
        self.fetch(url)


class Fetcher:
    """Fetches public web pages, one at a time per call; safe to share between threads.

    `timeout_seconds` covers the whole of a fetch, and `max_bytes` the body both as sent and
    decompressed. `allow_networks` are networks in CIDR notation that may be opened although they
    are not public; a misspelt one raises ValueError. `ports` are the only ones we connect to.
    `resolve` has the shape of `socket.getaddrinfo`. `ssl_context` defaults to the system's
    certificates, or those that SSL_CERT_FILE names.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        max_bytes: int = MAX_BYTES,
        max_redirects: int = MAX_REDIRECTS,
        allow_networks: Sequence[str] = (),
        ports: Sequence[int] = (80, 443),
        user_agent: str = USER_AGENT,
        resolve: Resolve = getaddrinfo,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._allow = tuple(ip_network(network) for network in allow_networks)
        self._ports = frozenset(ports)
        self._user_agent = user_agent
        self._resolve = resolve
        self._given_ssl_context = ssl_context

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        # At the first fetch: every start would else wait for the certificates.
        return self._given_ssl_context or trusted()

    def fetch(self, url: str) -> Fetched:
        """The page at `url`, after up to `max_redirects` redirects. Raises FetchFailed."""
        fetched = self.again(url)
        if fetched is None:
            raise _bad_status(304)
        return fetched

    def again(self, url: str, known: Validators | None = None) -> Fetched | None:
        """The same, or None where the site says that the page is as it was."""
        try:
            start = valid_url(url)
        except Invalid as error:
            raise failed(error.message, reason="address") from error
        from ledger.adapters.guarded import GuardedBackend

        backend = GuardedBackend(
            # Each read and write asks it. What one read can bring is little enough to finish with.
            Deadline(self._timeout_seconds),
            allow=self._allow,
            ports=self._ports,
            resolve=self._resolve,
        )
        try:
            # A pool of its own for each fetch: nothing is left over for the next one to reuse.
            with httpcore2.ConnectionPool(ssl_context=self._ssl_context, network_backend=backend) as pool:
                return self._follow(pool, url, start, known)
        except (
            httpcore2.TimeoutException,
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            zlib.error,
        ) as error:
            raise self._explained(error) from error

    def _follow(
        self, pool: "httpcore2.ConnectionPool", url: str, here: str, known: Validators | None
    ) -> Fetched | None:
        seen: set[str] = set()
        hops: list[Exchange] = []
        while here not in seen:
            if len(seen) > self._max_redirects:
                raise failed(
                    f"The site redirects more than {self._max_redirects} times. "
                    "Give the address that the browser shows in the end.",
                    reason="too-many-redirects",
                )
            seen.add(here)
            address = httpx2.URL(here)
            asked = known.headers(here) if known else {}
            headers = self._headers(address) | asked
            with pool.stream("GET", _target(address), headers=headers) as response:
                if response.status == 304 and asked:
                    return None
                hops.append(_exchange(here, headers, response))
                if response.status not in _REDIRECTS:
                    return self._fetched(response, url, hops)
                here = _next_hop(here, response)
        # Without cookies the same address gives the same answer, so a second visit never ends.
        raise failed(
            "The site redirects in a circle; it may insist on cookies. Paste the text instead.",
            reason="redirect-loop",
        )

    def _headers(self, address: "httpx2.URL") -> dict[bytes | str, bytes | str]:
        return {
            # httpcore2 would leave out the brackets around an IPv6 address.
            "Host": address.netloc.decode("ascii"),
            "User-Agent": self._user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
        }

    def _fetched(self, response: "httpcore2.Response", url: str, hops: list[Exchange]) -> Fetched:
        if not 200 <= response.status < 300:
            raise _bad_status(response.status, _seconds(_header(response, b"retry-after")))
        media_type, encoding = _content_type(_header(response, b"content-type"))
        if media_type.partition("/")[0] in _NOT_TEXT:
            raise failed(
                f"This address leads to a file of the type {media_type}, not to a text. "
                "Give the address of the article that it belongs to.",
                reason="media-type",
                media_type=media_type,
            )
        announced = _header(response, b"content-length")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            raise self._too_large()
        sent = list(self._bounded(response.iter_stream()))
        body = self._unpacked(sent, _header(response, b"content-encoding").lower())
        whole = replace(hops[-1], body=b"".join(sent), at=clock.now())
        return Fetched(
            requested_url=url,
            url=whole.url,
            status=response.status,
            media_type=media_type,
            encoding=encoding,
            headers=tuple(
                (name.decode("ascii"), value.decode("latin-1"))
                for name, value in response.headers
                if name.lower() != b"set-cookie"
            ),
            body=body,
            fetched_at=whole.at,
            exchanges=(*hops[:-1], whole),
        )

    def _unpacked(self, sent: list[bytes], encoding: str) -> bytes:
        match encoding:
            case "" | "identity":
                return b"".join(sent)
            case "gzip" | "x-gzip" | "deflate":
                # Bounded again: a thousandth of the limit can unpack to more than all of it.
                return b"".join(self._bounded(_inflated(sent)))
            case other:
                raise failed(
                    f"The site packs its answer in a way that we do not unpack ({other}). "
                    "Paste the text instead.",
                    reason="broken",
                )

    def _bounded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pass `pieces` on until they are too many."""
        total = 0
        for piece in pieces:
            total += len(piece)
            if total > self._max_bytes:
                raise self._too_large()
            yield piece

    def _too_large(self) -> FetchFailed:
        return failed(
            f"The page is larger than the {self._max_bytes:,} bytes that we accept. Paste the text instead.",
            reason="too-large",
            max_bytes=self._max_bytes,
        )

    def _explained(self, error: Exception) -> FetchFailed:
        match error:
            case httpcore2.TimeoutException():
                return failed(
                    f"The site did not send the page within {self._timeout_seconds:g} seconds. "
                    "Try again later, or paste the text instead.",
                    reason="timeout",
                )
            case httpcore2.ConnectError():
                return failed(
                    "The site does not answer. Try again later, or paste the text instead.",
                    reason="unreachable",
                )
        return failed(
            "The site’s answer stops early or is damaged. Try again, or paste the text instead.",
            reason="broken",
        )


def _exchange(here: str, headers: dict[bytes | str, bytes | str], response: "httpcore2.Response") -> Exchange:
    """What was asked, and the head of the answer; the body is yet to be read."""
    target = httpx2.URL(here).raw_path
    asked = b"GET %s HTTP/1.1\r\n" % target
    asked += b"".join(b"%s: %s\r\n" % (_bytes(name), _bytes(value)) for name, value in headers.items())
    version = response.extensions.get("http_version", b"HTTP/1.1")
    head = b"%s %d %s\r\n" % (version, response.status, response.extensions.get("reason_phrase", b""))
    head += b"".join(b"%s: %s\r\n" % pair for pair in response.headers)
    address = response.extensions["network_stream"].get_extra_info("server_addr")
    ip = str(address[0]) if address else None
    return Exchange(here, asked + b"\r\n", head + b"\r\n", None, clock.now(), ip)


def _bytes(text: bytes | str) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


def _target(address: "httpx2.URL") -> "httpcore2.URL":
    return httpcore2.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )


def _header(response: "httpcore2.Response", name: bytes) -> str:
    """The first header of this lower-case name, stripped; empty if there is none."""
    found = (value for other, value in response.headers if other.lower() == name)
    return next(found, b"").decode("latin-1").strip()


def _next_hop(here: str, response: "httpcore2.Response") -> str:
    location = _header(response, b"location")
    try:
        if not location:
            raise ValueError("a redirect without a Location")
        # Browsers take the bytes of a Location for UTF-8.
        return valid_url(str(httpx2.URL(here).join(location.encode("latin-1").decode("utf-8", "replace"))))
    except (Invalid, httpx2.InvalidURL, ValueError) as error:
        raise failed(
            "The site redirects to something that is not a web page. Paste the text instead.",
            reason="redirect",
        ) from error


def _content_type(header: str) -> tuple[str, str | None]:
    """The media type and the charset that a Content-Type header declares."""
    if "/" not in header:
        return "application/octet-stream", None
    message = Message()
    message["Content-Type"] = header
    encoding = message.get_content_charset()
    try:
        b" ".decode(encoding or "", "replace")
    except (LookupError, ValueError):
        encoding = None
    return message.get_content_type(), encoding


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo gzip or zlib, in pieces of at most `_PIECE_BYTES`. Raises zlib.error if the end is missing."""
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    empty = True
    for chunk in chunks:
        empty = False
        while chunk:
            if inflater.eof:
                # A gzip file may have several members. What follows them otherwise is padding.
                if not _GZIP_MAGIC.startswith(chunk[:2]):
                    return
                inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            yield inflater.decompress(chunk, _PIECE_BYTES)
            chunk = inflater.unconsumed_tail or inflater.unused_data
    # The checksum comes after the last byte of content, so this leaves no content behind. An answer
    # without a body may well say that it is compressed.
    if not (inflater.eof or empty):
        raise zlib.error("the compressed answer stops early")


def _seconds(retry_after: str) -> int | None:
    """The seconds that a Retry-After header asks for, given as such or as a date; None without one."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 9:
        return int(retry_after)
    try:
        return max(0, round((parsedate_to_datetime(retry_after) - clock.now()).total_seconds()))
    except (ValueError, TypeError):
        return None


def _bad_status(status: int, retry_after: int | None = None) -> FetchFailed:
    match status:
        case 401 | 402 | 403 | 407 | 451:
            what = "The site does not let us read this page"
            remedy = "Paste the text instead"
        case 404 | 410:
            what = "There is no page at this address"
            remedy = "Check the address, or paste the text instead"
        case 408 | 425 | 429:
            what = "The site asks us to come back later"
            remedy = "Try again later, or paste the text instead"
        case _ if status >= 500:
            what = "The site has a problem of its own"
            remedy = "Try again later, or paste the text instead"
        case _:
            what = "The site did not give us the page"
            remedy = "Paste the text instead"
    facts = {} if retry_after is None else {"retry_after": retry_after}
    return failed(f"{what} (HTTP status {status}). {remedy}.", reason="status", status=status, **facts)

"""Posting a message to an address that an administrator named, signed as Standard Webhooks says.

The same guard as in fetch.py stands before every connection: no address of an inside network, unless
the settings allow it. No redirect is followed, because a receiver that moved has to say so to a person.
"""

import base64
import hashlib
import hmac
import ssl
import time
from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from socket import getaddrinfo
from typing import TYPE_CHECKING

from claims.values import dataclass
from ledger import __version__
from ledger.adapters.addresses import Resolve
from ledger.adapters.connections import Deadline, trusted
from ledger.adapters.late import Late
from ledger.auth.secrets import WEBHOOK_PREFIX
from ledger.errors import FetchFailed

if TYPE_CHECKING:
    import httpcore2
    import httpx2
else:
    httpcore2, httpx2 = Late("httpcore2"), Late("httpx2")

USER_AGENT = f"claim-ledger/{__version__}"
LONGEST_ANSWER = 1000
"""How much of an answer is kept."""
_WORDS = {
    "refused-address": "This leads into a network that is not public (LEDGER_WEBHOOK_ALLOW_NETWORKS).",
    "refused-port": "Nothing is sent to this port (LEDGER_WEBHOOK_PORTS).",
    "dns": "There is no such host.",
    "tls": "The receiver’s certificate is not valid, or no secure connection could be made.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a posting: a status and how the answer begins, or an error in words."""

    status: int | None
    milliseconds: int
    text: str = ""
    error: str | None = None
    retry_after: int = 0
    """Seconds for which the receiver asks to be left in peace."""

    @property
    def taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.status is not None and 200 <= self.status < 300


def signatures(body: bytes, *, id: str, at: int, secrets: Iterable[str]) -> str:
    """The header `webhook-signature`: one signature by each secret; `at` is in seconds since 1970."""
    signed = b"%s.%d.%s" % (id.encode("ascii"), at, body)
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(WEBHOOK_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


class Poster:
    """Posts messages; safe to share between threads. `timeout_seconds` covers all of one posting."""

    def __init__(
        self,
        *,
        timeout_seconds: float = 15,
        allow_networks: Sequence[str] = (),
        ports: Sequence[int] = (80, 443),
        resolve: Resolve = getaddrinfo,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._allow = tuple(ip_network(network) for network in allow_networks)
        self._ports = frozenset(ports)
        self._resolve = resolve
        self._ssl_context = ssl_context or trusted()

    @property
    def timeout_seconds(self) -> float:
        """The longest time that a posting takes."""
        return self._timeout_seconds

    def post(self, url: str, body: bytes, *, id: str, secrets: Iterable[str]) -> Answer:
        """Send `body` once; whatever goes wrong is in the answer."""
        began = time.monotonic()
        try:
            return self._posted(httpx2.URL(url), body, id, tuple(secrets), began)
        except FetchFailed as error:
            words = _WORDS.get(str(error.facts.get("reason")), error.message)
        except httpcore2.TimeoutException:
            words = f"No whole answer came within {self._timeout_seconds:g} seconds."
        except httpcore2.NetworkError:
            words = "The receiver accepts no connections."
        except (httpcore2.ProtocolError, httpx2.InvalidURL):
            words = "The receiver’s answer stops early or is not HTTP."
        return Answer(None, _since(began), error=words)

    def _posted(
        self, address: "httpx2.URL", body: bytes, id: str, secrets: tuple[str, ...], began: float
    ) -> Answer:
        from ledger.adapters.guarded import GuardedBackend

        backend = GuardedBackend(
            Deadline(self._timeout_seconds), allow=self._allow, ports=self._ports, resolve=self._resolve
        )
        target = httpcore2.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        with (
            httpcore2.ConnectionPool(ssl_context=self._ssl_context, network_backend=backend) as pool,
            pool.stream(
                "POST", target, headers=_headers(address, body, id, secrets), content=body
            ) as response,
        ):
            text = _beginning(response)
        waits = _header(response, b"retry-after")
        redirected = 300 <= response.status < 400
        return Answer(
            response.status,
            _since(began),
            text,
            "Redirects are not followed: give the address that it leads to." if redirected else None,
            int(waits) if waits.isdecimal() and len(waits) < 7 else 0,
        )


def _headers(
    address: "httpx2.URL", body: bytes, id: str, secrets: tuple[str, ...]
) -> dict[bytes | str, bytes | str]:
    now = int(time.time())
    return {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "webhook-id": id,
        "webhook-timestamp": str(now),
        "webhook-signature": signatures(body, id=id, at=now, secrets=secrets),
    }


def _beginning(response: "httpcore2.Response") -> str:
    """How an answer begins; the rest of it, however long, is not read."""
    kept = b""
    for piece in response.iter_stream():
        kept += piece
        if len(kept) >= LONGEST_ANSWER:
            break
    # No database takes a NUL in a text.
    return kept[:LONGEST_ANSWER].decode("utf-8", "replace").replace("\0", "�")


def _header(response: "httpcore2.Response", name: bytes) -> str:
    found = (value for other, value in response.headers if other.lower() == name)
    return next(found, b"").decode("latin-1").strip()


def _since(began: float) -> int:
    return round(1000 * (time.monotonic() - began))

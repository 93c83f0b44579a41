"""The way to a language model: any endpoint that speaks OpenAI's chat completions.

The endpoint is the operator's own choice, never a user's, so it may stand on this machine or in a
private network, where `fetch` does not go. It is sent articles' texts and its key, and nothing else.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from claims.detectors.openai import Refused
from claims.errors import DetectionFailed
from ledger import __version__
from ledger.adapters.connections import trusted
from ledger.adapters.late import Late

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = Late("httpx2")

TRIES = 3
MAX_BYTES = 4_000_000
_LONGEST_WAIT_SECONDS = 20.0
_AGAIN = frozenset({408, 429, 500, 502, 503, 504, 529})
_REFUSED = frozenset({400, 415, 422, 501})


class ChatEndpoint:
    """Posts to `{base_url}/chat/completions`, and tries again where the endpoint is busy.

    `timeout_seconds` holds for one answer as a whole. `wait` sleeps for a number of seconds.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout_seconds: float = 60.0,
        max_bytes: int = MAX_BYTES,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._headers = {"User-Agent": f"claim-ledger/{__version__}", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._wait = wait

    def __call__(self, body: dict[str, Any]) -> Mapping[str, Any]:
        """The endpoint's answer. Raises Refused or DetectionFailed, whose words never hold the key."""
        for again in reversed(range(TRIES)):
            status, headers, raw = self._post(body)
            if status not in _AGAIN or not again:
                break
            self._wait(_pause(headers.get("retry-after"), TRIES - again))
        if status in _REFUSED:
            raise Refused(f"The language model's endpoint refuses the request ({status}).")
        if status in (401, 403):
            raise DetectionFailed(
                f"The language model's endpoint refuses the key ({status}): LEDGER_OPENAI_KEY."
            )
        if status == 404:
            raise DetectionFailed(
                "The language model's endpoint is not there, or does not know the model (404): "
                "LEDGER_OPENAI_BASE_URL, LEDGER_OPENAI_MODEL."
            )
        if status != 200:
            raise DetectionFailed(
                f"The language model's endpoint answers with the status {status}; try later."
            )
        return _object(raw)

    def _post(self, body: dict[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        ends = time.monotonic() + self._timeout_seconds
        try:
            # No proxy, and no redirect: the key goes to the address that the operator named.
            with (
                httpx2.Client(timeout=self._timeout_seconds, trust_env=False, verify=trusted()) as client,
                client.stream("POST", self._url, json=body, headers=self._headers) as response,
            ):
                raw = bytearray()
                for piece in response.iter_bytes():
                    raw += piece
                    if len(raw) > self._max_bytes:
                        raise DetectionFailed(
                            f"The language model's answer is longer than {self._max_bytes:,} bytes."
                        )
                    if time.monotonic() > ends:
                        raise httpx2.ReadTimeout("the deadline has passed")
                return response.status_code, response.headers, bytes(raw)
        except httpx2.TimeoutException:
            raise DetectionFailed(
                f"The language model does not answer within {self._timeout_seconds:g} seconds: "
                "LEDGER_OPENAI_TIMEOUT_SECONDS."
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise DetectionFailed(
                f"The language model's endpoint can't be reached ({type(error).__name__}): "
                "LEDGER_OPENAI_BASE_URL."
            ) from None


def _pause(asked: str | None, tried: int) -> float:
    """How long to wait before the next try: as the endpoint asks, in seconds, else 1, 4 …"""
    seconds = float(asked) if asked and asked.isdecimal() else 4.0 ** (tried - 1)
    return min(seconds, _LONGEST_WAIT_SECONDS)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise DetectionFailed("The language model's endpoint answers with what is not JSON.") from None
    if not isinstance(value, dict):
        raise DetectionFailed("The endpoint's answer is not a chat completion.")
    return value

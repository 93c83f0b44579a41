"""The Wayback Machine's "Save Page Now" (SPN2): handing an address over, and asking what became of it.

Its answers are often no answers: a time-out or a status of 5xx (523 above all) while the page was captured
after all. Those are raised as Unsure, which says neither yes nor no; whether there is a copy is asked later.
Busy is its wish that we come back later, Refused a clear no.

    POST /save              url=…; Authorization: LOW key:secret      -> {"job_id": …}
    GET  /save/status/{id}                                            -> {"status": "pending" …}
    GET  /cdx/search/cdx?url=…&from=…&filter=statuscode:200&limit=-1  -> the newest copies, one a line
"""

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from claims.values import dataclass
from ledger.adapters.connections import trusted
from ledger.adapters.fetch import USER_AGENT
from ledger.adapters.late import Late

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = Late("httpx2")

TIMEOUT_SECONDS = 60.0
_LONGEST_ANSWER = 1_000_000
_JOB = re.compile(r"[\w.-]{1,200}", re.ASCII)
_STAMP = "%Y%m%d%H%M%S"
# What no second try would mend; anything else that a job ends with may be otherwise tomorrow.
_FINAL = frozenset(
    {
        "error:blocked-url", "error:not-found", "error:no-access", "error:unauthorized", "error:gone",
        "error:bad-request", "error:invalid-url-syntax", "error:invalid-host-resolution",
        "error:filesize-limit",
        "error:ftp-access-denied", "error:method-not-allowed", "error:not-implemented", "error:blocked",
    }
)  # fmt: skip


class Unsure(Exception):
    """No answer that says whether the page was captured."""


class Busy(Exception):
    """We are to come back later; `seconds` says when, if the archive does."""

    def __init__(self, message: str, seconds: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Refused(Exception):
    """The archive says no: the keys are wrong, or it will not capture this page."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in the archive: its address, and when it was made, in UTC."""

    url: str
    at: datetime


class Wayback:
    """Speaks to one archive at `base`, with the keys of an account there."""

    def __init__(self, base: str, key: str, secret: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._base = base.rstrip("/")
        self._headers = {
            "Authorization": f"LOW {key}:{secret}",
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }
        self._timeout = timeout_seconds

    def hand_over(self, url: str) -> str:
        """Ask for a copy of `url`; the id of the archive's job. Raises Unsure, Busy or Refused."""
        form = {"url": url, "skip_first_archive": "1", "delay_wb_availability": "1"}
        answer = self._asked("POST", "/save", data=form)
        job = answer.get("job_id")
        if isinstance(job, str) and _JOB.fullmatch(job):
            return job
        message, ext = str(answer.get("message") or "")[:300], str(answer.get("status_ext") or "")
        if ext in _FINAL:
            raise Refused(message or ext)
        if ext or answer.get("status") == "error":
            raise Busy(message or ext)
        raise Unsure("The archive did not say whether it will capture the page.")

    def outcome(self, job_id: str) -> Copy | None:
        """The copy that a job made, None while it works. Raises Unsure, Busy or Refused."""
        answer = self._asked("GET", f"/save/status/{job_id}")
        match answer.get("status"):
            case "pending":
                return None
            case "success":
                return self._copy(str(answer.get("timestamp")), str(answer.get("original_url")))
            case "error":
                message, ext = str(answer.get("message") or "")[:300], str(answer.get("status_ext") or "")
                raise (Refused if ext in _FINAL else Busy)(message or ext)
        raise Unsure("The archive did not say how far it is.")

    def newest(self, url: str, *, since: datetime) -> Copy | None:
        """The newest copy of `url` that was made at or after `since`, if the archive's index has one."""
        asked = {
            "url": url, "from": since.astimezone(UTC).strftime(_STAMP), "filter": "statuscode:200",
            "fl": "timestamp,original", "limit": "-1",
        }  # fmt: skip
        text = self._text("GET", "/cdx/search/cdx", params=asked)
        for line in reversed(text.splitlines()):
            stamp, _, original = line.strip().partition(" ")
            if original:
                copy = self._copy(stamp, original)
                return copy if copy.at >= since.replace(microsecond=0) else None
        return None

    def _copy(self, stamp: str, original: str) -> Copy:
        try:
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            raise Unsure("The archive’s answer names no time.") from None
        if not original.startswith(("http://", "https://")) or len(original) > 2000:
            raise Unsure("The archive’s answer names no address.")
        return Copy(f"{self._base}/web/{stamp}/{original}", at)

    def _asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        text = self._text(method, path, **more)
        try:
            answer = httpx2.Response(200, text=text).json()
        except ValueError:
            raise Unsure("The archive’s answer is not JSON.") from None
        if not isinstance(answer, dict):
            raise Unsure("The archive’s answer is not what its protocol says.")
        return answer

    def _text(self, method: str, path: str, **more: Any) -> str:
        ends = time.monotonic() + self._timeout
        try:
            with (
                httpx2.Client(
                    timeout=self._timeout, trust_env=False, verify=trusted(), headers=self._headers
                ) as client,
                client.stream(method, self._base + path, **more) as response,
            ):
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _LONGEST_ANSWER or time.monotonic() > ends:
                        raise Unsure("The archive’s answer has no end.")
        except httpx2.HTTPError as error:
            raise Unsure(f"The archive did not answer ({type(error).__name__}).") from None
        _check(response)
        return body.decode("utf-8", "replace")


def _check(response: "httpx2.Response") -> None:
    status = response.status_code
    if status in (401, 403):
        raise Refused(f"The archive does not accept our keys (HTTP status {status}).")
    if status == 429:
        wait = response.headers.get("Retry-After", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None
        raise Busy("The archive asks us to come back later.", seconds)
    if status >= 500 or status == 408:
        raise Unsure(f"The archive answered with HTTP status {status}, which says neither yes nor no.")
    if status != 200:
        raise Refused(f"The archive answered with HTTP status {status}.")

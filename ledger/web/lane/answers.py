"""An answer of the lane: its body, its ETag, and how it is sent."""

import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.auth.identity import Identity
from ledger.web.budgets import Limits
from ledger.web.headers import ALWAYS, ASKERS_OWN, asker_may_keep
from ledger.web.watch import Watch, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = [("Content-Type", "application/json")]
# As Flask's way has them; what packs pages and keeps sessions adds its own there.
_HEADERS = (*ALWAYS, ("Vary", f"{ASKERS_OWN[1][1]}, Accept-Encoding, Cookie"))
# For more at a time hashlib lets other threads run, which costs more than the hashing.
_PIECE = 2047
_ONE_TAG = re.compile(r'(?:[Ww]/)?"([^"]*)"\Z')


class Whole(NamedTuple):
    """An answer, to be given again; `route` is what it counts as."""

    body: bytes
    tag: str
    headers: Sequence[tuple[str, str]]
    route: str


def answer(known: dict[str, Any]) -> tuple[bytes, str]:
    """The body of a status look-up and its ETag; `known` is as `services.statuses` tells it."""
    tag = str(known["version"])
    if known["merged_into"] is not None:
        # Another claim's version 3 is not what somebody has of this one's.
        tag += f"-{known['id'].replace('-', '')}"
    return orjson.dumps(known), tag


def tag_of(body: bytes, version: int | None = None) -> str:
    """The ETag of an answer: a hash of the body, behind the record's version where it tells of one."""
    hashing = hashlib.sha256()
    for at in range(0, len(body), _PIECE):
        hashing.update(body[at : at + _PIECE])
    hashed = hashing.hexdigest()[:16]
    return hashed if version is None else f"{version}-{hashed}"


def names(given: str, tag: str) -> bool:
    """Whether the header If-None-Match names an ETag."""
    if one := _ONE_TAG.match(given):
        return one[1] == tag
    # Rare, and it brings much of Flask along.
    from werkzeug.http import parse_etags

    return parse_etags(given).contains_weak(tag)


class Sender:
    """Sends answers, with the headers, the counting and the line of the log that all have."""

    def __init__(self, watch: Watch, max_age: int) -> None:
        self._watch, self._max_age = watch, max_age
        self._always: dict[str, tuple[tuple[str, str], ...]] = {}

    def send(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began: float,
        limits: Limits,
        who: Identity,
        found: Whole,
    ) -> Iterable[bytes] | None:
        """Answer; None where the asker has asked too often."""
        counted = limits.of_token(who)
        if counted is None:
            return None
        had: str | None = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = had is not None and names(had, found.tag)
        request = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        always = self._always.get(found.route)
        if always is None:
            kept_for = asker_may_keep(found.route, self._max_age)
            always = self._always[found.route] = (*_HEADERS, ("Cache-Control", kept_for))
        headers = [*always, *counted, ("ETag", f'"{found.tag}"'), ("X-Request-Id", request)]
        if unchanged:
            headers += [one for one in found.headers if one[0] != "Content-Type"]
        else:
            headers += found.headers
            headers.append(("Content-Length", str(len(found.body))))
        status = 304 if unchanged else 200
        seconds = time.perf_counter() - began
        self._watch.counted("GET", found.route, status, seconds)
        self._watch.told("GET", environ["PATH_INFO"], status, seconds, who.actor, request=request)
        start_response("304 NOT MODIFIED" if unchanged else "200 OK", headers)
        return [] if unchanged else [found.body]

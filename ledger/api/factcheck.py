"""Google's Fact Check Tools API, for reading: its clients read this ledger by another base address.

Parameters, answers and errors are Google's. The key may be one of our tokens; any other, or none, reads
what is public.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from flask import Blueprint, Response, g, request

from ledger import clock, fulltext
from ledger.api.standards import fail_as, is_public, told
from ledger.auth.secrets import TOKEN_PREFIX
from ledger.errors import Invalid, Unauthorized
from ledger.export import factcheck
from ledger.services import standards
from ledger.services.standards import Reviewed
from ledger.store.standards import Asked
from ledger.web.context import parts, reading, same_for_all
from ledger.web.house import house
from ledger.web.paging import read_cursor, write_cursor
from ledger.web.sessions import of_token, program

bp = Blueprint("factcheck", __name__, url_prefix="/v1alpha1")

_PAGE, _LARGEST_PAGE, _LARGEST = 10, 100, 2**31 - 1
_LONGEST, _MOST_WORDS = 2000, 32
_COLUMNS = (fulltext.STATEMENT, fulltext.CLAIMANT)
_EVER = 365 * 500
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_OF_ALL = frozenset(
    {"key", "alt", "fields", "prettyPrint", "quotaUser", "access_token", "oauth_token", "callback"}
    | {"uploadType", "upload_protocol", "$.xgafv", "$alt", "$fields", "$key", "$prettyPrint", "$quotaUser"}
)
_PAGED = frozenset({"languageCode", "pageSize", "pageToken", "offset"})
_SEARCH = _PAGED | {"query", "reviewPublisherSiteFilter", "maxAgeDays"}
_IMAGE = _PAGED | {"imageUri"}
_STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    405: "UNIMPLEMENTED", 413: "INVALID_ARGUMENT", 415: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}  # fmt: skip


@bp.get("/claims:search")
@same_for_all
def search() -> Response:
    """Search through checked claims."""
    _identify()
    _refuse_unknown(_SEARCH)
    given = request.args
    query = _text(given, "query", _LONGEST)
    site = _text(given, "reviewPublisherSiteFilter", 300)
    if not query and not site:
        raise Invalid("Give a query, or a reviewPublisherSiteFilter.")
    words = list(dict.fromkeys(_WORD.findall(query)))[:_MOST_WORDS]
    asked = Asked(
        phrases=tuple(one for word in words if (one := fulltext.phrase(word, _COLUMNS))),
        language=_language(given),
        since=_since(given),
        public=is_public(),
    )
    size, after, offset = _paging(given)
    by = house()
    if (query and not asked.phrases) or (site and _host(site) != by.site):
        return _answer({})
    found, following = standards.search(
        reading(), asked, by, after=after, offset=0 if after else offset, limit=size
    )
    if not found and query and after is None and not offset:
        # Programs send whole sentences: what says the same in other words is what they look for.
        alike = Asked(language=asked.language, since=asked.since, public=asked.public)
        found = standards.search_alike(reading(), alike, by, parts().matcher, query, limit=size)
    return _answer(factcheck.found([_claim(one) for one in found], write_cursor(following)))


@bp.get("/claims:imageSearch")
@same_for_all
def search_by_image() -> Response:
    """Search by an image: the ledger knows none, so nothing is found."""
    _identify()
    _refuse_unknown(_IMAGE)
    if not _text(request.args, "imageUri", _LONGEST):
        raise Invalid("Give an imageUri.")
    _language(request.args)
    _paging(request.args)
    return _answer({})


def _claim(found: Reviewed) -> dict[str, Any]:
    return factcheck.claim(found.row, found.works, url=found.url, desk=found.publisher, house=house())


def _identify() -> None:
    key = request.args.get("key") or request.args.get("$key") or ""
    if key.startswith(TOKEN_PREFIX):
        try:
            g.identity = of_token(key)
        except Unauthorized:
            raise Invalid("API key not valid. Please pass a valid API key.") from None
    else:
        # Who changed only the base address sends a key that Google gave: it opens what is public.
        g.identity = program()


def _refuse_unknown(known: frozenset[str]) -> None:
    for name in request.args:
        if name not in known | _OF_ALL:
            raise Invalid(f'Unknown name "{name[:60]}": there is no such query parameter here.')
    alt = request.args.get("alt") or request.args.get("$alt") or "json"
    if alt.split(";")[0] != "json":
        raise Invalid("Only alt=json is answered.")


def _text(given: Mapping[str, str], name: str, longest: int) -> str:
    text = given.get(name, "").strip()
    if len(text) > longest or "\x00" in text:
        raise Invalid(f"{name}: at most {longest} characters, none of them U+0000.")
    return text


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "").strip() or "0"
    if not re.fullmatch(r"-?[0-9]{1,10}", text) or not -1 < int(text) <= _LARGEST:
        raise Invalid(f"{name}: write a whole number from 0 to {_LARGEST}.")
    return int(text)


def _language(given: Mapping[str, str]) -> str | None:
    text = _text(given, "languageCode", 40)
    if text and not _LANGUAGE.fullmatch(text):
        raise Invalid("languageCode: write a BCP-47 language code, such as en-US or sr-Latn.")
    # As Google says of its own: the region is not considered.
    return re.split("[-_]", text)[0].lower() or None


def _since(given: Mapping[str, str]) -> Any:
    days = _number(given, "maxAgeDays")
    return clock.now() - timedelta(days=days) if 0 < days < _EVER else None


def _paging(given: Mapping[str, str]) -> tuple[int, tuple[Any, str] | None, int]:
    size, offset = _number(given, "pageSize"), _number(given, "offset")
    try:
        after = read_cursor(_text(given, "pageToken", 400))
    except Invalid:
        raise Invalid("pageToken: use the nextPageToken of the page before, unchanged.") from None
    return min(size or _PAGE, _LARGEST_PAGE), after, offset


def _host(site: str) -> str:
    host = re.sub(r"^[a-z]+://", "", site.lower()).split("/")[0].split(":")[0]
    return host.removeprefix("www.")


def _answer(value: dict[str, Any]) -> Response:
    body = orjson.dumps(value)
    media_type = "application/json; charset=utf-8"
    tag = hashlib.sha256(body).hexdigest()[:24]
    response = told(body, tag, media_type=media_type, public=is_public())
    response.vary.add("Authorization")
    return response


def _failed(status: int, words: str) -> tuple[int, dict[str, Any]]:
    # What we call unprocessable is a bad request to them.
    code = 400 if status == 422 else status
    return code, {"error": {"code": code, "message": words, "status": _STATUS.get(code, "INTERNAL")}}


fail_as(bp, ("/v1alpha1/",), _failed)

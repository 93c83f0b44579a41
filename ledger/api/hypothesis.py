"""Hypothesis' API, for reading: `GET /api/search` and `GET /api/annotations/ID`.

Parameters and failures are Hypothesis'; what it does not know, it passes over, and so do we.
"""

import hashlib
import math
import re
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request

from ledger.api.standards import fail_as, is_public, told
from ledger.errors import Invalid
from ledger.export import hypothesis
from ledger.export.claimreview import House
from ledger.services import standards
from ledger.store import desks
from ledger.store import standards as store
from ledger.store.standards import Sought
from ledger.store.words import escaped
from ledger.web.context import public, session
from ledger.web.house import house

bp = Blueprint("hypothesis", __name__, url_prefix="/api")

_LIMIT, _MOST, _FURTHEST = 20, 200, 9800
_SORTS = ("created", "group", "id", "updated", "user")
_LONGEST, _MOST_WORDS, _MOST_STARS = 2000, 32, 8
_YEARS = 9999
_HIDDEN = "Either there is no such annotation, or you may not see it."


@bp.get("/search")
@public
def search() -> Response:
    """Search for annotations."""
    sort, descending = _one_of("sort", _SORTS, "updated"), _one_of("order", ("asc", "desc"), "desc") == "desc"
    limit, offset = _whole("limit", _LIMIT, _MOST), _whole("offset", 0, _FURTHEST)
    after = _after(sort)
    by, sought = house(), _sought(house())
    rows, total = store.placed_page(
        session(),
        sought,
        # All are of one group and one user: then the order is that of the ids.
        sort="id" if sort in ("group", "user") else sort,
        descending=descending,
        after=after,
        offset=0 if after is not None else offset,
        limit=limit,
    )
    if after is not None and sort in ("group", "user"):
        rows = []
    separate = request.args.get("_separate_replies", "").lower() in ("1", "true")
    return _answer(hypothesis.answer(total, _shown(rows, by), replies=separate))


@bp.get("/annotations/<id>")
@public
def show(id: str) -> Response:
    """Show an annotation; one that may not be seen is answered for as if it were not there."""
    row = standards.place(session(), id, public=is_public())
    (shown,) = _shown([row], house())
    return _answer(shown)


def _shown(rows: list[Any], by: House) -> list[dict[str, Any]]:
    names = desks.names(session())
    is_open = is_public()
    return [
        hypothesis.row(
            row,
            standards.word_of(row),
            by,
            desk=names.get(row.desk_id, ""),
            why=standards.why_stale(row, public=is_open),
        )
        for row in rows
    ]


def _sought(by: House) -> Sought:
    urls, articles, patterns = _addresses(by)
    elsewhere = bool(_all("uri", "url", "wildcard_uri")) and not (urls or articles or patterns)
    user = request.args.get("user", "").lower().removeprefix("acct:")
    mine = hypothesis.userid(by).removeprefix("acct:")
    others = bool(user) and user not in (mine, mine.partition("@")[0])
    groups = _all("group")
    return Sought(
        public=is_public(),
        urls=urls,
        article_ids=articles,
        patterns=patterns,
        parts=_words("uri.parts"),
        quote=_words("quote"),
        text=_words("text"),
        any=_words("any"),
        tags=tuple(_all("tag", "tags")),
        nothing=elsewhere
        or others
        or bool(_all("references"))
        or bool(groups and hypothesis.WORLD not in groups),
    )


def _addresses(by: House) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The addresses asked for: of articles, of our own pages of articles, and patterns."""
    urls: list[str] = []
    articles: list[str] = []
    for url in _all("uri", "url"):
        article = standards.article_at(url, by)
        articles += [article] if article else []
        urls += standards.spelt(url)
    return tuple(dict.fromkeys(urls)), tuple(articles), tuple(_pattern(one) for one in _all("wildcard_uri"))


def _pattern(wild: str) -> str:
    """A wildcard address for LIKE: `*` is any signs, `_` any one sign."""
    domain = re.match(r"[^:/]*:(//[^/]*(/|$))?", wild)
    if domain is None or re.search(r"[*_]", domain[0]):
        raise Invalid("wildcard_uri: Wildcards (_ and *) are not permitted within the domain of wildcard_uri")
    if wild.count("*") > _MOST_STARS:
        raise Invalid(f"wildcard_uri: Write at most {_MOST_STARS} wildcards *")
    return escaped(wild).replace("\\_", "_").replace("*", "%")


def _all(*names: str) -> list[str]:
    """Every value given under these names, as far as it says anything."""
    given = [(name, value) for name in names for value in request.args.getlist(name)]
    for name, value in given:
        if len(value) > _LONGEST or "\x00" in value:
            raise Invalid(f"{name}: At most {_LONGEST} characters, none of them U+0000")
    return [value.strip() for _, value in given if value.strip()][:_MOST_WORDS]


def _words(name: str) -> tuple[str, ...]:
    """The words given under a name, each of which must be there."""
    return tuple(word for value in _all(name) for word in value.split())[:_MOST_WORDS]


def _one_of(name: str, known: tuple[str, ...], otherwise: str) -> str:
    given = request.args.get(name, "") or otherwise
    if given not in known:
        raise Invalid(f'{name}: "{given[:60]}" is not one of {", ".join(known)}')
    return given


def _whole(name: str, otherwise: int, most: int) -> int:
    given = request.args.get(name, "").strip()
    if not given:
        return otherwise
    if not re.fullmatch(r"-?[0-9]{1,18}", given):
        raise Invalid(f'{name}: "{given[:60]}" is not a number')
    number = int(given)
    if number < 0:
        raise Invalid(f"{name}: {number} is less than minimum value 0")
    if number > most:
        raise Invalid(f"{name}: {number} is greater than maximum value {most}")
    return number


def _after(sort: str) -> Any:
    """The value of the sorted field that the last annotation had; a time for the two times."""
    given = request.args.get("search_after", "").strip()
    if not given:
        return None
    if sort not in ("created", "updated"):
        return _all("search_after")[0]
    try:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", given) and float(given) > _YEARS:
            return datetime.fromtimestamp(math.floor(float(given)) / 1000, UTC)
        # A plus sign that was not escaped comes in as a space.
        at = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", given))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(
            "search_after must be a parsable date in the form yyyy-MM-dd'T'HH:mm:ss.SSX "
            "or time in miliseconds since the epoch."
        ) from None


def _answer(value: dict[str, Any]) -> Response:
    body = orjson.dumps(value)
    response = told(
        body, hashlib.sha256(body).hexdigest()[:24], media_type="application/json", public=is_public()
    )
    response.vary.add("Authorization")
    return response


def _failed(status: int, words: str) -> tuple[int, dict[str, Any]]:
    reason = _HIDDEN if status == 404 else words
    return 400 if status == 422 else status, {"status": "failure", "reason": reason}


fail_as(bp, ("/api/search", "/api/annotations"), _failed)

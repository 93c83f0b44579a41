"""oEmbed 1.0: what another site asks to show a claim's card or badge, by the claim's address alone."""

import hashlib
import re
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotImplemented as NotOffered

from claims.values import dataclass
from ledger.errors import Invalid, NotFound
from ledger.export.claimreview import brief
from ledger.services import reports
from ledger.services.reports import Told
from ledger.ui import badge as drawing
from ledger.ui import report
from ledger.web.context import parts, reading, same_for_all
from ledger.web.headers import all_may_keep
from ledger.web.house import base, house

bp = Blueprint("oembed", __name__)

_MEDIA_TYPES = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
_CARD, _BADGE = "card", "badge.svg"
_CLAIM = re.compile(r"/claims/([0-9a-f-]{36})(?:/(card|badge\.svg))?/?")
_PLACE = re.compile(r"/reports/[0-9a-f-]{36}/?")
_ANCHOR = re.compile(r"claim-([0-9a-f-]{36})")
# What XML 1.0 can't hold, escaped or not.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST, _NARROW = 480, 360
_LOW, _HIGH = 240, 320
_LONGEST = 2000
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Room:
    """The most pixels that the other site has for it; none where it does not say."""

    width: int | None
    height: int | None


@bp.get("/oembed")
@same_for_all
def embed() -> Response:
    """How to show the claim at an address; 404 where no open report tells of it."""
    shape = request.args.get("format", "json")
    if shape not in _MEDIA_TYPES:
        raise NotOffered(f"Write format=json or format=xml, not {shape[:20]!r}.")
    room = Room(_pixels("maxwidth"), _pixels("maxheight"))
    id, what = _asked(request.args.get("url", "").strip())
    told = reports.of_claim(reading(), id)
    if told is None:
        raise NotFound("There is nothing public at this address.")
    fields = _common(told) | (_photo(told, room) if what == _BADGE else _rich(told, room))
    body = orjson.dumps(fields) if shape == "json" else _xml(fields)
    response = Response(body, content_type=_MEDIA_TYPES[shape])
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.headers["Cache-Control"] = all_may_keep(parts().settings.public_max_age)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.make_conditional(request)
    return response


@bp.app_template_global("oembed_address")
def address(claim_id: str, shape: str = "json", what: str = "") -> str:
    """Where to ask for a claim's embedding."""
    url = f"{base()}/claims/{claim_id}" + (f"/{what}" if what else "")
    return f"{base()}/oembed?" + urlencode({"url": url, "format": shape})


def _asked(url: str) -> tuple[str, str]:
    """The claim's id, and whether its card or its badge is meant."""
    if not url or len(url) > _LONGEST:
        raise Invalid("Give the address of a claim of this ledger.", field="url")
    try:
        parts, ours = urlsplit(url), urlsplit(base())
    except ValueError:
        raise Invalid("This is no address.", field="url") from None
    if parts.scheme in ("http", "https") and parts.netloc.lower() == ours.netloc.lower():
        path = parts.path.removeprefix(ours.path)
        if found := _CLAIM.fullmatch(path):
            return found[1], found[2] or _CARD
        if _PLACE.fullmatch(path) and (anchor := _ANCHOR.fullmatch(parts.fragment)):
            return anchor[1], _CARD
    raise NotFound("This is no claim's address in this ledger.")


def _pixels(name: str) -> int | None:
    given = request.args.get(name, "").strip()
    if not given:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", given) or not int(given):
        raise Invalid(f"{name}: write a whole number of pixels, 1 or more.", field=name)
    return min(int(given), _LARGEST)


def _common(told: Told) -> dict[str, Any]:
    by = house().publisher(told.desk.name)
    return {
        "version": "1.0",
        "title": f"Fact-check: {brief(told.claim.statement, 120)}",
        "author_name": by.name,
        "author_url": by.url,
        "provider_name": by.name,
        "provider_url": base(),
        "cache_age": parts().settings.public_max_age,
    }


def _rich(told: Told, room: Room) -> dict[str, Any]:
    width = min(_WIDEST, room.width or _WIDEST)
    # Fewer words stand in a line of a narrow one.
    wanted = _LOW if width > _NARROW else _HIGH
    height = min(wanted, room.height or wanted)
    html = report.frame(told.claim, width, height)
    return {"type": "rich", "html": html, "width": width, "height": height}


def _photo(told: Told, room: Room) -> dict[str, Any]:
    width, height = drawing.size(report.badge_look(told).label)
    scale = min(1.0, (room.width or width) / width, (room.height or height) / height)
    return {
        "type": "photo",
        "url": f"{base()}/claims/{told.claim.id}/{_BADGE}",
        "width": max(1, int(width * scale)),
        "height": max(1, int(height * scale)),
    }


def _xml(fields: dict[str, Any]) -> bytes:
    shown = ((name, escape(_UNFIT.sub("", str(value)))) for name, value in fields.items())
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in shown)
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return f"{head}<oembed>{inside}</oembed>\n".encode()

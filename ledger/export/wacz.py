"""WACZ 1.1.1: WARCs with an index, a list of pages and their hashes, as replayweb.page and py-wacz read them.

The WARCs lie in the zip as they are, so that a reader takes a page out of a large file without the rest of
it. They go out one at a time; what must be known of all of them, an index line a record, comes behind them.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.message import Message
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson

from claims.values import dataclass, field
from ledger import __version__
from ledger.eventlog.canonical import timestamp
from ledger.export import warc, zipping

MEDIA_TYPE = "application/octet-stream"
"""Makers of clients know no type of its own, and Safari would unpack a zip."""
VERSION = "1.1.1"
_READ = 64 * 1024
_INDEXED = ("response", "resource")
_PACKAGE = "datapackage.json"
_WWW = re.compile(r"^www\d*\.")
_USUAL = (("http", 80), ("https", 443))


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be shown: its WARC, read while it is at hand, and `text`, the words in it when asked for."""

    id: str
    title: str | None
    file: BinaryIO
    text: Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class _Shown:
    page: Page
    url: str
    at: str


@dataclass(slots=True)
class _Bag:
    """What is known so far: the files with their hashes, the lines of the index, the pages."""

    resources: list[dict[str, Any]] = field(default_factory=list)
    index: list[bytes] = field(default_factory=list)
    pages: list[_Shown] = field(default_factory=list)

    def passed(self, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of a file, which is noted when they are through."""
        size, sha256 = 0, hashlib.sha256()
        for piece in pieces:
            size += len(piece)
            sha256.update(piece)
            yield piece
        name = path.rpartition("/")[2].lower()
        found = {"name": name, "path": path, "hash": f"sha256:{sha256.hexdigest()}", "bytes": size}
        self.resources.append(found)


def document(pages: Iterable[Page], *, title: str, about: Callable[[], str], at: datetime) -> Iterator[bytes]:
    """The file in pieces, the WARC of one page after the other; none of them is held.

    `about` is asked when all pages are through, and says what they are of; `at` is now.
    """
    date: Any = at.timetuple()[:6]
    yield from zipping.document(_members(pages, title, about, at), date, stored=".gz")


def _members(
    pages: Iterable[Page], title: str, about: Callable[[], str], at: datetime
) -> Iterator[zipping.Member]:
    bag = _Bag()
    for page in pages:
        path = f"archive/{page.id}.warc.gz"
        yield path, partial(bag.passed, path, _warc(page, bag))
    # In the order of addresses and times, in which readers look.
    lines = sorted(bag.index)
    yield "indexes/index.cdx", partial(bag.passed, "indexes/index.cdx", lines)
    yield "pages/pages.jsonl", partial(bag.passed, "pages/pages.jsonl", _listed(bag.pages))
    package = orjson.dumps(_package(bag, title, about(), at), option=orjson.OPT_INDENT_2)
    yield _PACKAGE, lambda: [package]
    digest = {"path": _PACKAGE, "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    yield "datapackage-digest.json", lambda: [orjson.dumps(digest)]


def _warc(page: Page, bag: _Bag) -> Iterator[bytes]:
    shown = None
    for entry in warc.entries(page.file):
        if entry.fields.get("warc-type") in _INDEXED:
            bag.index.append(_line(entry, f"{page.id}.warc.gz"))
            # The last answer is the page; those before it led there.
            shown = _Shown(page, entry.fields["warc-target-uri"], entry.fields["warc-date"])
    if shown is not None:
        bag.pages.append(shown)
    page.file.seek(0)
    while piece := page.file.read(_READ):
        yield piece


def _line(entry: warc.Entry, name: str) -> bytes:
    """A line of CDXJ."""
    fields = entry.fields
    url = fields["warc-target-uri"]
    if fields["warc-type"] == "response":
        status, media_type = _answered(entry.head)
        answer = {"mime": media_type or "unk", "status": status}
    else:
        answer = {"mime": fields.get("content-type", "").partition(";")[0] or "unk"}
    told = {
        "url": url,
        **answer,
        "digest": fields.get("warc-payload-digest") or fields.get("warc-block-digest", ""),
        "length": str(entry.length),
        "offset": str(entry.offset),
        "filename": name,
    }
    moment = "".join(filter(str.isdigit, fields["warc-date"]))[:14]
    return f"{key(url)} {moment} ".encode() + orjson.dumps(told) + b"\n"


def _answered(head: bytes) -> tuple[str, str]:
    """The status and the media type that the head of an answer tells."""
    first, *lines = head.decode("latin-1").split("\r\n")
    message = Message()
    for name, _, value in (line.partition(":") for line in lines):
        if name.strip().lower() == "content-type" and "/" in value and "content-type" not in message:
            message["content-type"] = value.strip()
    return [*first.split(), "", ""][1], message.get_content_type() if message.keys() else ""


def key(url: str) -> str:
    """What an index is sorted by (SURT): the host's name from behind, without www, then path and query."""
    parts = urlsplit(url.lower())
    names = _WWW.sub("", parts.hostname or "").split(".")
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in _USUAL else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{','.join(reversed(names))}{port}){parts.path or '/'}{query}".replace(" ", "%20")


def _listed(pages: Iterable[_Shown]) -> Iterator[bytes]:
    yield b'{"format":"json-pages-1.0","id":"pages","title":"All pages","hasText":true}\n'
    for shown in pages:
        told = {"id": shown.page.id, "url": shown.url, "ts": shown.at, "title": shown.page.title or shown.url}
        text = shown.page.text()
        yield orjson.dumps(told | ({"text": text} if text else {})) + b"\n"


def _package(bag: _Bag, title: str, about: str, at: datetime) -> dict[str, Any]:
    first = {"mainPageUrl": bag.pages[0].url, "mainPageDate": bag.pages[0].at} if bag.pages else {}
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "description": about,
        "created": timestamp(at),
        "software": f"claim-ledger/{__version__}",
        **first,
        "resources": bag.resources,
    }

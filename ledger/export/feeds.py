"""Atom (RFC 4287), page by page (RFC 5005), and JSON Feed 1.1: what feed readers take."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import orjson

from claims.values import dataclass
from ledger.eventlog.canonical import timestamp

MEDIA_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
_EMPTY = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 has no way to write, not even escaped.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `id` is a UUID that stays whatever becomes of the address."""

    id: str
    title: str
    url: str
    author: str
    updated: datetime
    published: datetime
    text: str
    category: tuple[str, str]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed; `first` is the address of its newest page, and names the feed."""

    title: str
    author: str
    site: str
    first: str
    page: str
    next_page: str | None
    entries: Sequence[Entry]


def entry_id(*parts: str) -> str:
    """An id for what has none of its own: always the same for the same parts."""
    return str(uuid.uuid5(uuid.UUID(parts[0]), "/".join(parts[1:])))


def written(feed: Feed, generator: str) -> bytes:
    """The feed as XML."""
    updated = max((entry.updated for entry in feed.entries), default=_EMPTY)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_text(feed.first)}</id>",
        f"<title>{_text(feed.title)}</title>",
        f"<updated>{timestamp(updated)}</updated>",
        f"<author><name>{_text(feed.author)}</name></author>",
        f"<generator version={_attribute(generator)}>claim-ledger</generator>",
        _link("self", feed.page, MEDIA_TYPE),
        _link("alternate", feed.site, "text/html"),
        _link("first", feed.first, MEDIA_TYPE),
    ]
    if feed.next_page:
        lines.append(_link("next", feed.next_page, MEDIA_TYPE))
    lines += [_entry(entry) for entry in feed.entries]
    return "\n".join([*lines, "</feed>", ""]).encode()


def written_json(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.site,
        "feed_url": feed.page,
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return orjson.dumps(said | ({"next_url": feed.next_page} if feed.next_page else {}))


def _item(entry: Entry) -> dict[str, object]:
    term, label = entry.category
    said: dict[str, object] = {
        "id": f"urn:uuid:{entry.id}",
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": timestamp(entry.published),
        "date_modified": timestamp(entry.updated),
        "authors": [{"name": entry.author}],
        "tags": [term, label],
    }
    return said | ({"language": entry.language} if entry.language else {})


def _entry(entry: Entry) -> str:
    language = f" xml:lang={_attribute(entry.language)}" if entry.language else ""
    term, label = entry.category
    return "\n".join(
        (
            f"<entry{language}>",
            f"<id>urn:uuid:{entry.id}</id>",
            f"<title>{_text(entry.title)}</title>",
            _link("alternate", entry.url, "text/html"),
            f"<author><name>{_text(entry.author)}</name></author>",
            f"<published>{timestamp(entry.published)}</published>",
            f"<updated>{timestamp(entry.updated)}</updated>",
            f"<category term={_attribute(term)} label={_attribute(label)}/>",
            f'<content type="text">{_text(entry.text)}</content>',
            "</entry>",
        )
    )


def _link(rel: str, href: str, media_type: str) -> str:
    return f'<link rel="{rel}" type="{media_type}" href={_attribute(href)}/>'


def _text(words: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", words))


def _attribute(words: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", words))

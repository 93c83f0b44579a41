"""Entries of an import, checked as the ledger's own forms would be, each fault named by its field.

Hot: what comes again and again, such as names and dates, is looked at once.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from claims import Kind
from claims.text import normalise
from claims.values import dataclass
from ledger.adapters import addresses
from ledger.errors import Invalid, LedgerError
from ledger.imports.entry import Entry, Place, Refused, Source
from ledger.models import Stance
from ledger.services import labels
from ledger.services.changes import choice, required_text, text_value

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


@dataclass(slots=True)
class Site:
    """Where a claim was made; no address: the file alone has the words."""

    url: str | None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None


class Piece(NamedTuple):
    """A source as evidence, by its columns."""

    url: str
    stance: str
    quote: str | None
    title: str | None
    publisher: str | None
    published: str | None
    note: str | None


@dataclass(slots=True)
class Ready:
    """An entry whose every value the ledger takes; it has one site at least."""

    row: int
    statement: str
    words: str
    prefix: str
    suffix: str
    kind: str
    language: str | None
    claimant: str | None
    tags: list[str] | None
    sites: list[Site]
    sources: list[Piece]
    claim_id: str | None


def ready(entry: Entry) -> Ready | Refused:
    """The entry as the ledger takes it, or why it can't."""
    try:
        return _ready(entry)
    except LedgerError as error:
        return Refused(entry.row, error.message, error.field, " ".join(entry.statement.split())[:120])


def _ready(entry: Entry) -> Ready:
    statement = _line(entry.statement, "statement", 2000, shortest=3)
    words = statement if entry.words is None else _line(entry.words, "words", 10_000)
    sources = [_source(source) for source in entry.sources]
    sites = [_site(place) for place in entry.places]
    if len(sites) > 1:
        sites = list({site.url: site for site in sites}.values())
    if not any(site.url for site in sites):
        sites = _elsewhere(sites, sources)
    return Ready(
        entry.row,
        statement,
        words,
        normalise(entry.prefix) if entry.prefix else "",
        normalise(entry.suffix) if entry.suffix else "",
        _kind(entry.kind),
        _language(entry.language),
        _claimant(entry.claimant) if entry.claimant else None,
        _tags(entry.tags) if entry.tags else None,
        sites,
        sources,
        entry.claim_id,
    )


def _elsewhere(sites: list[Site], sources: list[Piece]) -> list[Site]:
    """Where words stand of which nobody says where: where a source quotes them, or in the file alone."""
    told = sites[0] if sites else Site(None)
    if not sources:
        return [told]
    source = sources[0]
    return [
        Site(
            _canonical(source.url),
            told.title or source.title,
            told.publisher or source.publisher,
            told.published or source.published,
        )
    ]


def _line(text: str, field: str, longest: int, shortest: int = 1) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return required_text(text, field=field, longest=longest, shortest=shortest)
    return required_text(" ".join(text.split()), field=field, longest=longest, shortest=shortest)


def _site(place: Place) -> Site:
    return _site_of(place.url, place.title, place.publisher, place.published)


@lru_cache(4096)
def _site_of(url: str | None, title: str | None, publisher: str | None, published: str | None) -> Site:
    return Site(
        _canonical(url) if url and url.strip() else None,
        _short(title, "title", 500) if title else None,
        _short(publisher, "publisher", 200) if publisher else None,
        _short(published, "published", 40) if published else None,
    )


@lru_cache(8192)
def _canonical(url: str) -> str:
    # What is not ASCII becomes longer when it is written as %XX.
    return required_text(addresses.canonical(url), field="url", longest=2000)


def _source(source: Source) -> Piece:
    url, quote, title, note = addresses.valid_url(source.url), source.quote, source.title, source.note
    publisher, published = source.publisher, source.published
    return Piece(
        url if len(url) <= 2000 else required_text(url, field="evidence_url", longest=2000),
        "context" if source.stance == "context" else _stance(source.stance),
        text_value(quote, field="quote", longest=10_000) if quote else None,
        _short(title, "title", 500) if title else None,
        _short(publisher, "publisher", 200) if publisher else None,
        _short(published, "published", 40) if published else None,
        _short(note, "note", 4000) if note else None,
    )


@lru_cache(16)
def _stance(stance: str) -> str:
    return choice(stance, field="stance", among=Stance)


def _short(text: str, field: str, longest: int) -> str | None:
    """What others say about a page, cut where there is no room for it: no words that count are in it."""
    return _cut(text, field, longest) if len(text) > 40 else _cut_often(text, field, longest)


def _cut(text: str, field: str, longest: int) -> str | None:
    fitting = text_value(text, field=field, longest=max(longest, len(text)))
    return fitting if fitting is None or len(fitting) <= longest else fitting[: longest - 2].rstrip() + " …"


# Names of publishers and dates come again and again.
_cut_often = lru_cache(4096)(_cut)


@lru_cache(4096)
def _claimant(name: str) -> str | None:
    return text_value(name, field="claimant", longest=300)


@lru_cache(64)
def _kind(kind: str | None) -> str:
    if not kind:
        return str(Kind.OTHER)
    return choice(re.sub(r"[\s-]+", "_", kind.strip().lower()), field="kind", among=Kind)


@lru_cache(256)
def _language(language: str | None) -> str | None:
    tag = (language or "").strip()
    if not tag:
        return None
    if not _LANGUAGE.fullmatch(tag) or len(tag) > 35:
        raise Invalid("Write a language tag such as en or fr-CA.", field="language")
    return tag.replace("_", "-")


@lru_cache(1024)
def _tags(tags: tuple[str, ...]) -> list[str] | None:
    return labels.tags(tags)

"""Entries that are brought in by one transaction: which are there, and where the others come to stand."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

import claims as finder
from claims.anchoring import locate
from claims.errors import ClaimsError
from claims.values import dataclass, field
from ledger.auth.identity import Identity
from ledger.errors import LedgerError
from ledger.ids import new_ids
from ledger.imports.entry import Refused
from ledger.services import evidence
from ledger.services.ready import Piece, Ready, Site
from ledger.store import imports as store
from ledger.store.imports import Known

_LONGEST_SHEET = 200_000
_MOVED = "These words were brought in before, and its claim has been moved to other words since."


@dataclass(slots=True)
class Counts:
    """What came of an import so far; with a dry run, what would come of it."""

    rows: int = 0
    claims: int = 0
    places: int = 0
    sources: int = 0
    articles: int = 0
    there: int = 0
    refused: int = 0

    def add(self, other: "Counts") -> None:
        """Add what came of another part of it."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Sheet:
    """An article in the making: words quoted from one address, a paragraph each."""

    article_id: str
    revision_id: str
    site: Site
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    sha256: str = ""

    def add(self, words: str) -> tuple[int, int]:
        """Add a paragraph; gives its span."""
        start = self.length + 2
        end = start + len(words)
        self.parts.append(words)
        self.blocks.append({"kind": "paragraph", "start": start, "end": end})
        self.length = end
        return start, end

    def close(self) -> None:
        """Put its text together."""
        self.text = "\n\n".join(self.parts)
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()


Spot = tuple[Sheet | Known, int, int]
"""Where a claim stands: article, start, end."""


@dataclass(slots=True)
class NewClaim:
    """A claim in the making."""

    entry: Ready
    places: list[Spot] = field(default_factory=list)
    sources: list[Piece] = field(default_factory=list)

    def bring(self, sources: list[Piece]) -> int:
        """Take sources that it has not; gives how many."""
        if not self.sources:
            self.sources = sources
            return len(sources)
        had = {(one.url, one.quote) for one in self.sources}
        fresh = [one for one in sources if (one.url, one.quote) not in had]
        self.sources = [*self.sources, *fresh]
        return len(fresh)


class Batch:
    """Entries, and what becomes of them: `sheets` and `claims` are to be written.

    `seen` is what a dry run met so far: it can't ask the ledger.
    """

    def __init__(
        self,
        session: Session,
        name: str,
        counts: Counts,
        *,
        dry_run: bool = False,
        seen: set[int] | None = None,
    ) -> None:
        self.sheets: list[Sheet] = []
        self.claims: list[NewClaim] = []
        self._session, self._name, self._counts = session, name, counts
        self._seen = seen if dry_run else None
        self._known: dict[str | None, list[Known]] = {}
        self._ours: set[str] = set()
        self._made: dict[tuple[str | None, str], NewClaim] = {}
        self._open: dict[str | None, Sheet] = {}

    def all_new(self, entries: Sequence[Ready], urls: set[str]) -> bool:
        """Decide on them if nothing of it is in the ledger: whether that is so. `urls`: their addresses."""
        named = [entry.claim_id for entry in entries if entry.claim_id]
        if store.known(self._session, list(urls)) or (named and store.there(self._session, named)):
            return False
        self._place_all(entries)
        return not store.texts(self._session, [sheet.sha256 for sheet in self.sheets])

    def bring(self, entries: Sequence[Ready], by: Identity) -> list[Refused]:
        """Decide on them; gives those that can't be brought in. What is there gets its sources at once."""
        urls = {site.url for entry in entries for site in entry.sites}
        self._known.update(store.known(self._session, [url for url in urls if url]))
        if None in urls:
            self._known[None] = store.unplaced(self._session, self._name)
        named = [entry.claim_id for entry in entries if entry.claim_id]
        self._ours = store.there(self._session, named) if named else set()
        found = self._place_all(entries)
        return [*self._supplement(found, by), *self._drop_moved()]

    def _place_all(self, entries: Sequence[Ready]) -> list[tuple[Ready, str]]:
        """Find out which are there, and with which claim; the others are made."""
        found: list[tuple[Ready, str]] = []
        for entry in entries:
            id = self._there(entry)
            if id is None:
                self._make(entry)
            elif id:
                found.append((entry, id))
        for sheet in self.sheets:
            sheet.close()
        return found

    def _there(self, entry: Ready) -> str | None:
        """The claim that is there already; "" if it is being made; None if there is none."""
        if entry.claim_id in self._ours:
            return entry.claim_id
        for site in entry.sites:
            here = self._made.get((site.url, entry.words))
            if here is not None:
                self._counts.there += 1
                self._counts.sources += here.bring(entry.sources)
                return ""
            for article in self._known.get(site.url, ()):
                id = article.by_words.get(entry.words) or self._at_span(article, entry)
                if id is not None:
                    return id
        if self._seen is not None and self._met(entry, self._seen):
            self._counts.there += 1
            return ""
        return None

    def _met(self, entry: Ready, seen: set[int]) -> bool:
        keys = {hash((site.url, entry.words)) for site in entry.sites}
        met = not keys.isdisjoint(seen)
        seen |= keys
        return met

    def _at_span(self, article: Known, entry: Ready) -> str | None:
        span = self._located(article, entry)
        return article.by_span.get((span.start, span.end)) if span else None

    def _located(self, article: Known, entry: Ready) -> finder.Span | None:
        """The one place where an article that is there has the words."""
        if article.quotes:
            return None
        try:
            return locate(self._text(article), finder.Quote(entry.words, entry.prefix, entry.suffix))
        except ClaimsError:
            return None

    def _text(self, article: Known) -> str:
        if not article.text:
            article.text = store.text_of(self._session, article.revision_id)
        return article.text

    def _make(self, entry: Ready) -> None:
        new = NewClaim(entry)
        new.bring(entry.sources)
        for site in entry.sites:
            new.places.append(self._place(site, entry))
            self._made[site.url, entry.words] = new
        self.claims.append(new)
        self._counts.claims += 1
        self._counts.places += len(new.places)
        self._counts.sources += len(new.sources)

    def _place(self, site: Site, entry: Ready) -> Spot:
        for article in self._known.get(site.url, ()):
            span = self._located(article, entry)
            if span is not None:
                return article, span.start, span.end
        sheet = self._open.get(site.url)
        if sheet is None or sheet.length > _LONGEST_SHEET:
            sheet = self._open[site.url] = self._sheet(site)
        return sheet, *sheet.add(entry.words)

    def _sheet(self, site: Site) -> Sheet:
        head = f"Words quoted from {site.url}" if site.url else f"Words without an address, from {self._name}"
        article_id, revision_id = new_ids(2)
        sheet = Sheet(article_id, revision_id, site, "", length=len(head), parts=[head])
        sheet.blocks.append({"kind": "heading", "start": 0, "end": len(head)})
        self.sheets.append(sheet)
        self._counts.articles += 1
        return sheet

    def _supplement(self, found: Sequence[tuple[Ready, str]], by: Identity) -> Iterator[Refused]:
        """Give claims that are there the sources that they have not, as a person would."""
        had = store.sources(self._session, sorted({id for _, id in found})) if found else set()
        for entry, id in found:
            self._counts.there += 1
            fresh = [one for one in entry.sources if (id, one.url, one.quote) not in had]
            had.update((id, one.url, one.quote) for one in fresh)
            try:
                for one in fresh:
                    if self._seen is None:
                        evidence.add(self._session, id, by=by, details=one._asdict(), capture=False)
                    self._counts.sources += 1
            except LedgerError as error:
                self._counts.there -= 1
                yield Refused(
                    entry.row,
                    f"Its claim is there already. {error.message}",
                    error.field,
                    entry.statement[:120],
                )

    def _drop_moved(self) -> Iterator[Refused]:
        """Leave out words of which an article is there, though their claim stands elsewhere by now."""
        hashes = {sheet.sha256: sheet for sheet in self.sheets}
        gone = [hashes[sha] for sha in store.texts(self._session, list(hashes))]
        if not gone:
            return
        self.sheets = [sheet for sheet in self.sheets if sheet not in gone]
        self._counts.articles -= len(gone)
        for new in list(self.claims):
            if any(place in gone for place, _, _ in new.places):
                self.claims.remove(new)
                self._counts.claims -= 1
                self._counts.places -= len(new.places)
                self._counts.sources -= len(new.sources)
                yield Refused(new.entry.row, _MOVED, None, new.entry.statement[:120])

"""The engine of imports: entries become claims with their places, sources, events and words, in bulk.

Hot: whole rows and their events are made as plain values and put into the tables at once, past the session;
they are what the session would have written, which tests compare. Each batch is one transaction and one
deed. What is there already is left alone, so that the same file can be taken twice, or gone on with.

An address that has no article gets one of the words quoted from it, whose first line says so. Another
publisher's rating is a source; the claim is unchecked. docs/decisions/0029 tells why.
"""

import gc
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

import claims as finder
from claims.anchoring import locate
from claims.errors import ClaimsError
from claims.model import CONTEXT
from claims.text import direction
from ledger import clock, fulltext
from ledger.auth.identity import Identity, Permission
from ledger.bulk import TOGETHER
from ledger.db import Database
from ledger.errors import LedgerError
from ledger.eventlog.canonical import canonical_plain, leaf_bytes, timestamp
from ledger.ids import new_ids
from ledger.imports.entry import Entry, Refused
from ledger.models import Appearance, Article, Claim, Event, Evidence, Revision, Status, Triage
from ledger.models.articles import QUOTED_WORDS
from ledger.services import evidence
from ledger.services.ready import Piece, Ready, Site, ready
from ledger.store import events as events_store
from ledger.store import imports as store
from ledger.store.imports import Known

BATCH = 2_000
"""Entries in one transaction: others wait for their turn meanwhile."""
_SORTED = 20_000
"""Entries that are brought together by their addresses, so that one article holds all of one address."""
_AT_HAND = 200
"""Claims whose rows are made before they are put in."""
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


@dataclass(slots=True)
class _Sheet:
    """An article in the making: words quoted from one address, a paragraph each."""

    article_id: str
    revision_id: str
    site: Site
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, words: str) -> tuple[int, int]:
        """Add a paragraph; gives its span."""
        start = self.length + 2
        end = start + len(words)
        self.parts.append(words)
        self.blocks.append({"kind": "paragraph", "start": start, "end": end})
        self.length = end
        return start, end


@dataclass(slots=True)
class _New:
    """A claim in the making."""

    entry: Ready
    id: str
    places: list[tuple[Any, int, int]] = field(default_factory=list)
    sources: list[Piece] = field(default_factory=list)

    def bring(self, sources: Iterable[Piece]) -> int:
        """Take sources that it has not; gives how many."""
        if not self.sources:
            self.sources = list(sources)
            return len(self.sources)
        had = {(one.url, one.quote) for one in self.sources}
        fresh = [one for one in sources if (one.url, one.quote) not in had]
        self.sources += fresh
        return len(fresh)


class Importing:
    """One file's way into the ledger; `progress` is called after each transaction."""

    def __init__(
        self,
        database: Database,
        *,
        by: Identity,
        name: str,
        desk_id: str | None = None,
        dry_run: bool = False,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        by.require(Permission.ARTICLES)
        by.require(Permission.CLAIMS)
        by.require(Permission.EVIDENCE)
        self.counts = Counts()
        self.name = name[-255:]
        self.by, self.desk_id, self.dry_run = by, desk_id, dry_run
        self._database, self._progress = database, progress
        self._seen: set[int] = set()

    def take(self, items: Iterable[Entry | Refused]) -> Iterator[Refused]:
        """Bring entries in, batch by batch; gives those that can't be taken, and why."""
        waiting: list[Entry | Refused] = []
        for item in items:
            waiting.append(item)
            if len(waiting) == _SORTED:
                yield from self._bring(waiting)
                waiting = []
        yield from self._bring(waiting)

    def _bring(self, items: Sequence[Entry | Refused]) -> Iterator[Refused]:
        self.counts.rows += len(items)
        with _uncollected():
            looked_at = [ready(item) if isinstance(item, Entry) else item for item in items]
        unfit = [one for one in looked_at if isinstance(one, Refused)]
        self.counts.refused += len(unfit)
        yield from unfit
        entries = [one for one in looked_at if isinstance(one, Ready)]
        entries.sort(key=lambda one: one.sites[0].url or "")
        for start in range(0, len(entries), BATCH):
            refused = self._write(entries[start : start + BATCH])
            self.counts.refused += len(refused)
            yield from refused
            self._progress()

    def _write(self, entries: Sequence[Ready]) -> list[Refused]:
        opened = self._database.read() if self.dry_run else self._database.write()
        with _uncollected(), opened as session:
            return _Batch(self, session).bring(entries)

    def met(self, entry: Ready) -> bool:
        """Whether a dry run would have brought these words in by now; it can't ask the ledger."""
        if not self.dry_run:
            return False
        keys = {hash((site.url, entry.words)) for site in entry.sites}
        met = not keys.isdisjoint(self._seen)
        self._seen |= keys
        return met


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage meanwhile: among so many rows that takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Batch:
    """Entries that are brought in by one transaction."""

    def __init__(self, importing: Importing, session: Session) -> None:
        self._of, self._session = importing, session
        self._counts = importing.counts
        self._known: dict[str | None, list[Known]] = {}
        self._texts: dict[str, str] = {}
        self._made: dict[tuple[str | None, str], _New] = {}
        self._sheets: dict[str | None, _Sheet] = {}
        self._whole: list[_Sheet] = []
        self._new: list[_New] = []

    def bring(self, entries: Sequence[Ready]) -> list[Refused]:
        """Bring them in; gives those that can't be."""
        self._look(entries)
        found: list[tuple[Ready, str]] = []
        for entry in entries:
            id = self._there(entry)
            if id is None:
                self._make(entry)
            elif id:
                found.append((entry, id))
        refused = [*self._supplement(found), *self._drop_moved()]
        if not self._of.dry_run:
            _Writing(self._of, self._session).write(self._whole, self._new)
        return refused

    def _look(self, entries: Sequence[Ready]) -> None:
        urls = {site.url for entry in entries for site in entry.sites}
        self._known.update(store.known(self._session, [url for url in urls if url]))
        if None in urls:
            self._known[None] = store.unplaced(self._session, self._of.name)
        named = [entry.claim_id for entry in entries if entry.claim_id]
        self._ours = store.there(self._session, named) if named else set()

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
        if self._of.met(entry):
            self._counts.there += 1
            return ""
        return None

    def _at_span(self, article: Known, entry: Ready) -> str | None:
        span = self._located(article, entry)
        return article.by_span.get((span.start, span.end)) if span else None

    def _located(self, article: Known, entry: Ready) -> finder.Span | None:
        """The one place where an article that is there has the words."""
        if article.quotes:
            return None
        text = self._texts.get(article.revision_id)
        if text is None:
            text = self._texts[article.revision_id] = store.text_of(self._session, article.revision_id)
        try:
            return locate(text, finder.Quote(entry.words, entry.prefix, entry.suffix))
        except ClaimsError:
            return None

    def _make(self, entry: Ready) -> None:
        new = _New(entry, "")
        new.bring(entry.sources)
        for site in entry.sites:
            new.places.append(self._place(site, entry))
            self._made[site.url, entry.words] = new
        self._new.append(new)
        self._counts.claims += 1
        self._counts.places += len(new.places)
        self._counts.sources += len(new.sources)

    def _place(self, site: Site, entry: Ready) -> tuple[Any, int, int]:
        for article in self._known.get(site.url, ()):
            span = self._located(article, entry)
            if span is not None:
                return article, span.start, span.end
        sheet = self._sheets.get(site.url)
        if sheet is None or sheet.length > _LONGEST_SHEET:
            sheet = self._sheets[site.url] = self._sheet(site)
        return sheet, *sheet.add(entry.words)

    def _sheet(self, site: Site) -> _Sheet:
        head = (
            f"Words quoted from {site.url}" if site.url else f"Words without an address, from {self._of.name}"
        )
        article_id, revision_id = new_ids(2)
        sheet = _Sheet(article_id, revision_id, site, "", length=len(head), parts=[head])
        sheet.blocks.append({"kind": "heading", "start": 0, "end": len(head)})
        self._whole.append(sheet)
        self._counts.articles += 1
        return sheet

    def _supplement(self, found: Sequence[tuple[Ready, str]]) -> Iterator[Refused]:
        """Give claims that are there the sources that they have not, as a person would."""
        had = store.sources(self._session, sorted({id for _, id in found})) if found else set()
        for entry, id in found:
            self._counts.there += 1
            fresh = [one for one in entry.sources if (id, one.url, one.quote) not in had]
            had.update((id, one.url, one.quote) for one in fresh)
            try:
                for one in fresh:
                    if not self._of.dry_run:
                        evidence.add(self._session, id, by=self._of.by, details=one._asdict(), capture=False)
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
        for sheet in self._whole:
            sheet.text = "\n\n".join(sheet.parts)
        hashes = {_sha256(sheet.text): sheet for sheet in self._whole}
        gone = [hashes[sha] for sha in store.texts(self._session, list(hashes))]
        if not gone:
            return
        self._whole = [sheet for sheet in self._whole if sheet not in gone]
        self._counts.articles -= len(gone)
        for new in list(self._new):
            if any(place in gone for place, _, _ in new.places):
                self._new.remove(new)
                self._counts.claims -= 1
                self._counts.places -= len(new.places)
                self._counts.sources -= len(new.sources)
                yield Refused(new.entry.row, _MOVED, None, new.entry.statement[:120])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Table:
    """One table's rows on their way in, as the table takes them and as the log has them."""

    def __init__(
        self, connection: sa.Connection, model: Any, columns: tuple[str, ...], same: dict[str, Any]
    ) -> None:
        self.columns = columns
        if model is not Event and "version" in model.__table__.columns:
            same["version"] = 1
        self._same = {name: value for name, value in same.items() if value is not None}
        self._into = store.Into(connection, model, columns, self._same)
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> dict[str, Any]:
        """Take a row, its values in the order of the columns; gives it as the log has it."""
        self.rows.append(values)
        own = zip(self.columns, values, strict=True)
        if None in values:
            return {**self._same, **{name: value for name, value in own if value is not None}}
        return {**self._same, **dict(own)}

    def put(self, *, rest: bool) -> None:
        """Put what there is into the table; without the rest, only what fills whole statements."""
        number = len(self.rows) if rest else len(self.rows) // TOGETHER * TOGETHER
        self._into.put(self.rows[:number])
        del self.rows[:number]


class _Writing:
    """The rows of a batch, and the events that they are the fold of.

    They are made and put in some at a time: what was made last is still in the processor's own memory.
    """

    def __init__(self, importing: Importing, session: Session) -> None:
        self._of, self._session = importing, session
        self._connection = session.connection()
        self._now = now = timestamp(session.info.setdefault("moment", clock.now()))
        by = importing.by.account
        made = {"created_at": now, "created_by": by}
        self._articles = self._table(Article, _ARTICLE, {
            **made, "source": "file", "filename": importing.name, "media_type": QUOTED_WORDS,
            "desk_id": importing.desk_id, "updated_at": now,
        })  # fmt: skip
        self._revisions = self._table(Revision, _REVISION, {**made, "number": 1})
        self._claims = self._table(Claim, _CLAIM, {
            **made, "origin": "person", "reasons": [], "triage": str(Triage.ACCEPTED),
            "status": str(Status.UNCHECKED), "updated_at": now,
        })  # fmt: skip
        self._places = self._table(Appearance, _PLACE, {"fate": "same", "quoted": False})
        self._sources = self._table(Evidence, _SOURCE, {"added_at": now, "added_by": by})
        actor = importing.by.actor
        self._events = self._table(Event, _EVENT, {"version": 1, "at": now, "actor": actor})
        self._leaf = _leaf(now, actor)
        self._next = itertools.count(events_store.size(session))
        self._wordings: list[fulltext.Wording] = []
        self._ids: Iterator[str] = iter(())

    def _table(self, model: Any, columns: tuple[str, ...], same: dict[str, Any]) -> _Table:
        return _Table(self._connection, model, columns, same)

    def write(self, sheets: Sequence[_Sheet], claims: Sequence[_New]) -> None:
        """Write all of it: articles, claims, their events, and what they are found by."""
        for new, id in zip(claims, new_ids(len(claims)), strict=True):
            new.id = id
        with store.roomy(self._connection):
            self._ids = iter(new_ids(len(sheets)))
            for sheet in sheets:
                self._article(sheet)
            self._put(rest=True)
            for start in range(0, len(claims), _AT_HAND):
                some = claims[start : start + _AT_HAND]
                self._ids = iter(new_ids(sum(1 + len(new.places) + len(new.sources) for new in some)))
                for new in some:
                    self._claim(new)
                self._put(rest=False)
            self._put(rest=True)
            fulltext.add(self._connection, self._wordings)

    def _put(self, *, rest: bool) -> None:
        """In this order: what is pointed at is there before, whole."""
        for table in (self._articles, self._revisions, self._claims):
            table.put(rest=True)
        for table in (self._places, self._sources, self._events):
            table.put(rest=rest)

    def _article(self, sheet: _Sheet) -> None:
        site, text = sheet.site, sheet.text
        sha256 = _sha256(text)
        title = site.title or site.url or self._of.name
        article = self._articles.add(
            sheet.article_id, title[:500], site.publisher, site.published, _direction(text), site.url,
            sheet.revision_id, sha256,
        )  # fmt: skip
        revision = self._revisions.add(
            sheet.revision_id, sheet.article_id, text, len(text), sha256, sheet.blocks
        )
        patch = {"article": {sheet.article_id: article}, "revision": {sheet.revision_id: revision}}
        self._log(f"article:{sheet.article_id}", "article.added", patch)

    def _claim(self, new: _New) -> None:
        entry, id, ids = new.entry, new.id, self._ids
        claim = self._claims.add(id, entry.statement, entry.kind, entry.language, entry.claimant, entry.tags)
        places = {(own := next(ids)): self._place(own, id, *place) for place in new.places}
        patch = {"appearance": places, "claim": {id: claim}}
        if new.sources:
            patch["evidence"] = {
                (own := next(ids)): self._sources.add(own, id, *source) for source in new.sources
            }
        self._log(f"claim:{id}", "claim.imported", patch)
        self._wordings.append(self._wording(new))

    def _place(self, id: str, claim_id: str, place: _Sheet | Known, start: int, end: int) -> dict[str, Any]:
        text = place.text if isinstance(place, _Sheet) else self._of_known(place)
        # The words and what is around them as claims.quote gives them, without an object for each.
        return self._places.add(
            id, claim_id, place.article_id, place.revision_id, start, end,
            text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT],
        )  # fmt: skip

    def _of_known(self, article: Known) -> str:
        return store.text_of(self._session, article.revision_id)

    def _wording(self, new: _New) -> fulltext.Wording:
        entry = new.entry
        titles, told = [], []
        for (place, _, _), site in zip(new.places, entry.sites, strict=True):
            article = place.site if isinstance(place, _Sheet) else place
            titles.append(article.title or site.url or self._of.name)
            if site.url:
                told.append(site.url)
        words = [entry.words] * len(titles)
        return fulltext.Wording(new.id, entry.statement, entry.claimant, words, titles, told)

    def _log(self, stream: str, kind: str, patch: dict[str, Any]) -> None:
        """The event of what was made; no patch has a float in it, or a key beyond ASCII."""
        id, raw, salt = next(self._ids), canonical_plain(patch), os.urandom(32)
        hashed = "sha256:" + hashlib.sha256(salt + raw).hexdigest()
        leaf = b"\0" + (self._leaf % (id, kind, hashed, stream)).encode()
        self._events.rows.append((
            next(self._next), id, stream, kind, raw.decode(), salt.hex(), hashed,
            hashlib.sha256(leaf).hexdigest(),
        ))  # fmt: skip


def _leaf(at: str, actor: str) -> str:
    """The leaf of each event of a batch, but for its id, kind, patch hash and stream, in this order: none of
    ours has a character in it that JSON would write otherwise."""
    leaf = leaf_bytes(id="%s", kind="%s", patch_hash="%s", stream="%s", version=1, at=at, actor=actor)
    return leaf.decode()


_ARTICLE = ("id", "title", "publisher", "published", "direction", "url", "revision_id", "first_sha256")
_REVISION = ("id", "article_id", "text", "length", "sha256", "blocks")
_CLAIM = ("id", "statement", "kind", "language", "claimant", "tags")
_PLACE = ("id", "claim_id", "article_id", "revision_id", "start", "end", "exact", "prefix", "suffix")
_SOURCE = ("id", "claim_id", *Piece._fields)
_EVENT = ("seq", "id", "stream", "kind", "patch", "salt", "patch_hash", "leaf_hash")


def _direction(text: str) -> str:
    """The writing direction of quoted words, whose first line is an address."""
    return "ltr" if text.isascii() else direction(text.partition("\n\n")[2])

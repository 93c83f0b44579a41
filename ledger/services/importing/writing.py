"""The rows of an import's batch, and the events that they are the fold of.

They are made and handed on some at a time: what was made last is still in the processor's own memory.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from claims.model import CONTEXT
from claims.text import direction
from claims.values import dataclass
from ledger import bulk, clock, fulltext
from ledger.auth.identity import Identity
from ledger.eventlog.canonical import SALT_BYTES, canonical_plain, leaf_bytes, timestamp
from ledger.ids import new_ids
from ledger.models import Appearance, Article, Claim, Event, Evidence, Revision, Status, Triage
from ledger.models.articles import QUOTED_WORDS
from ledger.services.importing.batch import NewClaim, Sheet
from ledger.services.ready import Piece
from ledger.sqlite import TOGETHER
from ledger.store import events as events_store
from ledger.store import imports as store
from ledger.store.imports import Known

_AT_HAND = 200
"""Claims whose rows are made before they are handed on."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who brings a file in, its name, and the desk that its articles belong to."""

    by: Identity
    name: str
    desk_id: str | None


class Sink(Protocol):
    """What takes rows on their way into the tables; `to_sqlite` tells into which database's."""

    to_sqlite: bool

    def put(self, table: str, columns: Sequence[str], values: list[Any], same: Mapping[str, Any]) -> None:
        """Take rows of a table: their values of `columns`, row after row in one list, and what all have."""

    def words(self, rows: list[fulltext.Row]) -> None:
        """Take what some claims are found by."""

    def flush(self) -> None:
        """Some claims are through."""


class Into:
    """Puts rows in at once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.to_sqlite = connection.dialect.name == "sqlite"

    def put(self, table: str, columns: Sequence[str], values: list[Any], same: Mapping[str, Any]) -> None:
        """Put rows in."""
        bulk.put(self._connection, table, columns, values, same)

    def words(self, rows: list[fulltext.Row]) -> None:
        """Put words in."""
        fulltext.insert(self._connection, [dict(zip(fulltext.KEPT, row, strict=True)) for row in rows])

    def flush(self) -> None:
        """Nothing is left."""


def write(deed: Deed, session: Session, sheets: Sequence[Sheet], claims: Sequence[NewClaim]) -> None:
    """Write articles and claims in this transaction."""
    connection = session.connection()
    now = timestamp(session.info.setdefault("moment", clock.now()))
    with store.roomy(connection):
        Writing(deed, Into(connection), now, events_store.size(session)).write(sheets, claims)


class _Table:
    """One table's rows on their way in, as the table takes them and as the log has them.

    Only the last of the columns may be one of JSON.
    """

    def __init__(self, sink: Sink, model: Any, columns: tuple[str, ...], same: dict[str, Any]) -> None:
        if model is not Event and "version" in model.__table__.columns:
            same["version"] = 1
        same = {name: value for name, value in same.items() if value is not None}
        self._sink, self._name, self._columns = sink, str(model.__tablename__), columns
        self._told = store.told(model, same, to_sqlite=sink.to_sqlite)
        self._json = columns[-1] in ("tags", "blocks")
        self._common = tuple(same.values())
        names = (*same, *columns)
        order = sorted(range(len(names)), key=names.__getitem__)
        # In the order of an event's bytes, which then need no sorting.
        self._keys = tuple(names[place] for place in order)
        self._ordered = itemgetter(*order)
        self.values: list[Any] = []

    def add(self, *values: Any) -> dict[str, Any]:
        """Take a row, its values in the order of the columns; gives it as the log has it."""
        self.values += values
        if self._json and values[-1] is not None:
            self.values[-1] = store.as_json(values[-1])
        own = zip(self._keys, self._ordered(self._common + values), strict=True)
        if None in values:
            return {name: value for name, value in own if value is not None}
        return dict(own)

    def put(self, *, rest: bool) -> None:
        """Hand on what there is; without the rest, only what fills whole statements."""
        whole = TOGETHER * len(self._columns)
        number = len(self.values) if rest else len(self.values) // whole * whole
        if number:
            self._sink.put(self._name, self._columns, self.values[:number], self._told)
            del self.values[:number]


class Writing:
    """The rows of a batch, and their events from the place `size` of the log on.

    Afterwards `size` is the length of the log behind it, `last` the id of its last event, and `first_words`
    the place of its first words in the full text.
    """

    def __init__(self, deed: Deed, sink: Sink, now: str, size: int) -> None:
        self._deed, self._sink = deed, sink
        by, actor = deed.by.account, deed.by.actor
        made = {"created_at": now, "created_by": by}
        self._articles = _Table(sink, Article, _ARTICLE, {
            **made, "source": "file", "filename": deed.name, "media_type": QUOTED_WORDS,
            "desk_id": deed.desk_id, "updated_at": now,
        })  # fmt: skip
        self._revisions = _Table(sink, Revision, _REVISION, {**made, "number": 1})
        self._claims = _Table(sink, Claim, _CLAIM, {
            **made, "origin": "person", "reasons": [], "triage": str(Triage.ACCEPTED),
            "status": str(Status.UNCHECKED), "updated_at": now,
        })  # fmt: skip
        self._places = _Table(sink, Appearance, _PLACE, {"fate": "same", "quoted": False})
        self._sources = _Table(sink, Evidence, _SOURCE, {"added_at": now, "added_by": by})
        self._events = _Table(sink, Event, _EVENT, {"version": 1, "at": now, "actor": actor})
        self._leaf = _leaf(now, actor)
        self.size, self.last, self.first_words = size, "", 0
        self._ids: Iterator[str] = iter(())
        self._salts: Iterator[bytes] = iter(())

    def write(self, sheets: Sequence[Sheet], claims: Sequence[NewClaim]) -> None:
        """Hand on all of it: articles, claims, their events, and what they are found by."""
        self._draw(len(sheets), len(sheets))
        for sheet in sheets:
            self._article(sheet)
        self._put(rest=True)
        ids = new_ids(len(claims))
        self.first_words = fulltext.place_of(ids[0]) if ids else 0
        for start in range(0, len(claims), _AT_HAND):
            some = claims[start : start + _AT_HAND]
            self._draw(sum(1 + len(new.places) + len(new.sources) for new in some), len(some))
            words = [
                self._claim(new, id) for new, id in zip(some, ids[start : start + _AT_HAND], strict=True)
            ]
            self._put(rest=start + _AT_HAND >= len(claims))
            self._sink.words(words)
            self._sink.flush()

    def _draw(self, ids: int, salts: int) -> None:
        self._ids = iter(new_ids(ids))
        noise = os.urandom(SALT_BYTES * salts)
        self._salts = iter([noise[at : at + SALT_BYTES] for at in range(0, len(noise), SALT_BYTES)])

    def _put(self, *, rest: bool) -> None:
        """In this order: what is pointed at is there before, whole."""
        for table in (self._articles, self._revisions, self._claims):
            table.put(rest=True)
        for table in (self._places, self._sources, self._events):
            table.put(rest=rest)

    def _article(self, sheet: Sheet) -> None:
        site, text = sheet.site, sheet.text
        title = site.title or site.url or self._deed.name
        article = self._articles.add(
            sheet.article_id, title[:500], site.publisher, site.published, _direction(text), site.url,
            sheet.revision_id, sheet.sha256,
        )  # fmt: skip
        revision = self._revisions.add(
            sheet.revision_id, sheet.article_id, text, len(text), sheet.sha256, sheet.blocks
        )
        patch = {"article": {sheet.article_id: article}, "revision": {sheet.revision_id: revision}}
        self._log(f"article:{sheet.article_id}", "article.added", patch)

    def _claim(self, new: NewClaim, id: str) -> fulltext.Row:
        """Make its rows and its event; gives what it is found by."""
        entry, ids = new.entry, self._ids
        claim = self._claims.add(id, entry.statement, entry.kind, entry.language, entry.claimant, entry.tags)
        places = {(own := next(ids)): self._place(own, id, *place) for place in new.places}
        patch = {"appearance": places, "claim": {id: claim}}
        if new.sources:
            patch["evidence"] = {
                (own := next(ids)): self._sources.add(own, id, *source) for source in new.sources
            }
        self._log(f"claim:{id}", "claim.imported", patch)
        return self._words(new, id)

    def _place(self, id: str, claim_id: str, place: Sheet | Known, start: int, end: int) -> dict[str, Any]:
        text = place.text
        # The words and what is around them as claims.quote gives them, without an object for each.
        return self._places.add(
            id, claim_id, place.article_id, place.revision_id, start, end,
            text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT],
        )  # fmt: skip

    def _words(self, new: NewClaim, id: str) -> fulltext.Row:
        entry = new.entry
        titles, told, is_open = [], [], False
        for (place, _, _), site in zip(new.places, entry.sites, strict=True):
            article = place.site if isinstance(place, Sheet) else place
            titles.append(article.title or site.url or self._deed.name)
            if site.url:
                told.append(site.url)
            is_open = is_open or (isinstance(place, Known) and place.is_open)
        exact = () if entry.words == entry.statement else [entry.words] * len(titles)
        return fulltext.row(id, entry.statement, entry.claimant, exact, titles, told, is_open=is_open)

    def _log(self, stream: str, kind: str, patch: dict[str, Any]) -> None:
        """The event of what was made; no patch has a float in it, or a key beyond ASCII."""
        self.last = id = next(self._ids)
        raw, salt = canonical_plain(patch), next(self._salts)
        hashed = "sha256:" + hashlib.sha256(salt + raw).hexdigest()
        leaf = b"\0" + (self._leaf % (id, kind, hashed, stream)).encode()
        self._events.values += (
            self.size, id, stream, kind, raw, salt.hex(), hashed, hashlib.sha256(leaf).hexdigest(),
        )  # fmt: skip
        self.size += 1


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

"""Taking claims out of the ledger, whole: in any format, of one moment, at the same memory for any number."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from sqlmodel import Session, col

from ledger import clock
from ledger.db import Database
from ledger.errors import Invalid
from ledger.export import bundle, csv, jsonl, packing, resuming, xlsx
from ledger.export.packing import Packing
from ledger.export.resuming import Kept
from ledger.models import Claim
from ledger.store import events as events_store
from ledger.store import exports as store
from ledger.store.claims import Filters

Format = Literal["csv", "jsonl", "xlsx", "package"]
Progress = Callable[[int], object]
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: how a file of it ends and is called by programs, and what it can do.

    `resumed`: the rest can be asked for by the last claim that came. Others are packed already.
    """

    ending: str
    media_type: str
    resumed: bool


FORMATS: dict[Format, Kind] = {
    "csv": Kind(".csv", csv.MEDIA_TYPE, resumed=True),
    "jsonl": Kind(".jsonl", jsonl.MEDIA_TYPE, resumed=True),
    "xlsx": Kind(".xlsx", xlsx.MEDIA_TYPE, resumed=False),
    "package": Kind(".zip", bundle.MEDIA_TYPE, resumed=False),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be taken out, and how it is written.

    `raw` leaves cells of CSV that a spreadsheet may take for formulas as they are; `bom` puts the mark in
    front by which Excel knows UTF-8. `after` is the id of the last claim that one has: then
    comes the rest.
    """

    format: Format = "csv"
    filters: Filters = field(default_factory=Filters)
    base_url: str = ""
    raw: bool = False
    bom: bool = False
    after: str | None = None
    packing: Packing | None = None

    @property
    def media_type(self) -> str:
        """Of what is written, before it is packed."""
        return FORMATS[self.format].media_type

    @property
    def file_name(self) -> str:
        """What the file may be called."""
        packed = packing.ENDINGS[self.packing] if self.packing else ""
        return f"claims-{clock.now():%Y-%m-%d}{FORMATS[self.format].ending}{packed}"


@dataclass(frozen=True, slots=True)
class Taken:
    """An export under way: `place` is the number of events in the log that it is of."""

    place: int
    pieces: Iterator[bytes]
    source: Generator[Any, None, None]

    def close(self) -> None:
        """Give the rest up."""
        self.source.close()


def taken(database: Database, wish: Wish, progress: Progress | None = None) -> Taken:
    """The claims that are wished for, newest first, in pieces of about 64 kB.

    All of it is one state of the ledger, and memory does not grow with the number of claims. The first piece
    is made before this returns, so that what goes wrong is raised here, while it can still be told.
    `progress` is told of claims as they are written. Invalid names `after` or `packing`.
    """
    if wish.after is not None and not FORMATS[wish.format].resumed:
        raise Invalid("Only csv and jsonl can be resumed; take the whole file anew.", field="after")
    if wish.packing is not None and not FORMATS[wish.format].resumed:
        raise Invalid("This format is packed already; leave compress out.", field="compress")
    under_way = _under_way(database, wish, progress)
    place = next(under_way)
    pieces = packing.packed(under_way, wish.packing)
    return Taken(place, _resumed(next(pieces, b""), pieces), under_way)


def claims_csv(
    database: Database,
    filters: Filters,
    *,
    base_url: str,
    raw: bool = False,
    bom: bool = False,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """The claims as CSV."""
    return taken(database, Wish("csv", filters, base_url, raw, bom), progress).pieces


def count(database: Database, filters: Filters) -> int:
    """How many claims an export would have."""
    with database.read() as session:
        return store.count(session, filters)


def kept(database: Database, format: Format, file: BinaryIO) -> Kept:
    """What is whole of a csv or jsonl file that broke off. Invalid if it is something else."""
    if format == "jsonl":
        return resuming.jsonl_kept(file)
    with database.read() as session:
        return resuming.csv_kept(file, [column.name for column in store.columns(session)])


def tag(session: Session, wish: Wish) -> str:
    """Names the state that an export would be of: the same until the log goes on, whatever `after` says."""
    return tag_of(events_store.size(session), session, wish)


def tag_of(place: int, session: Session, wish: Wish) -> str:
    """The same for an export that is of that place of the log."""
    asked = store.statement(session, wish.filters)
    said = repr((asked, wish.format, wish.raw, wish.bom, wish.base_url))
    return f"{place}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def estimate(database: Database, wish: Wish) -> tuple[int, int]:
    """How many claims an export would have, and about how many bytes, by writing the first few of them."""
    with database.read() as session:
        number = store.count(session, wish.filters)
        few = store.newest(session, wish.filters, _SAMPLE)
    if not few:
        return 0, sum(map(len, taken(database, wish).pieces))
    sample = Filters(below=True, where=(col(Claim.id).in_(few),))
    written = sum(
        map(len, taken(database, Wish(wish.format, sample, wish.base_url, packing=wish.packing)).pieces)
    )
    return number, written * number // len(few)


def _under_way(database: Database, wish: Wish, progress: Progress | None) -> Generator[Any, None, None]:
    """First the place in the log, then the pieces."""
    # All of it is closed with the generator: after the last piece, or when whoever reads goes away.
    with database.read() as session:
        place = events_store.size(session)
        yield place
        yield from _WRITERS[wish.format](session, wish, progress or _nobody, place)


def _nobody(_number: int) -> None:
    return


def _csv(session: Session, wish: Wish, progress: Progress, _place: int) -> Iterator[bytes]:
    parts = store.lines(
        session, "claims", wish.filters, base_url=wish.base_url, guarded=not wish.raw, after=wish.after
    )
    # Who has the first part has its head, too.
    head = [] if wish.after else [column.name for column in store.columns(session)]
    with closing(parts):
        yield from csv.document(head, _told(parts, progress), bom=wish.bom and not wish.after)


def _jsonl(session: Session, wish: Wish, progress: Progress, _place: int) -> Iterator[bytes]:
    rows = store.rows(session, wish.filters, base_url=wish.base_url, after=wish.after)
    with closing(rows):
        yield from jsonl.document(store.columns(session), _each_told(rows, progress))


def _xlsx(session: Session, wish: Wish, progress: Progress, _place: int) -> Iterator[bytes]:
    rows = store.rows(session, wish.filters, base_url=wish.base_url)
    at: Any = clock.now().timetuple()[:6]
    with closing(rows):
        yield from xlsx.document(store.columns(session), _each_told(rows, progress), at)


def _package(session: Session, wish: Wish, progress: Progress, place: int) -> Iterator[bytes]:
    def table(name: str) -> bundle.Table:
        def lines() -> Iterable[Sequence[str]]:
            parts = store.lines(session, name, wish.filters, base_url=wish.base_url, guarded=not wish.raw)
            return _told(parts, progress) if name == "claims" else parts

        return bundle.Table(name, store.columns(session, name, base_url=wish.base_url), lines)

    tables = [table(name) for name in store.TABLES]
    yield from bundle.document(tables, at=clock.now(), place=place, guarded=not wish.raw)


_WRITERS: dict[Format, Callable[[Session, Wish, Progress, int], Iterator[bytes]]] = {
    "csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx, "package": _package,
}  # fmt: skip


def _told(parts: Iterable[Sequence[str]], progress: Progress) -> Iterator[Sequence[str]]:
    for part in parts:
        yield part
        progress(len(part))


def _each_told(rows: Iterable[Sequence[Any]], progress: Progress) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield row
        progress(1)


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

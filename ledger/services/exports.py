"""Taking claims out of the ledger, whole: in any format, of one moment, at the same memory for any number."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from typing import Any, BinaryIO

from sqlmodel import Session, col

from claims.values import dataclass, field, replace
from ledger import clock
from ledger.db import Database
from ledger.errors import Invalid
from ledger.export import packing, resuming
from ledger.export.claimreview import House
from ledger.export.packing import Packing
from ledger.export.resuming import Kept
from ledger.models import Claim
from ledger.services.formats import FORMATS, Format, Kind, Order, Progress
from ledger.store import events as events_store
from ledger.store import exports as store
from ledger.store import standards as standards_store
from ledger.store.claims import Filters
from ledger.store.stretches import Stretch

__all__ = [
    "FORMATS",
    "Estimate",
    "Format",
    "Taken",
    "Wish",
    "claims_csv",
    "count",
    "estimates",
    "kept",
    "tag",
    "tag_of",
    "taken",
]
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be taken out, and how it is written.

    `raw` leaves cells of CSV that a spreadsheet may take for formulas as they are; `bom` puts the mark in
    front by which Excel knows UTF-8. `after` is the id of the last claim that one has, or of the last
    annotation: then comes the rest. `limit` claims make a part. `had` members stand in the file already that
    the rest is put behind. `by` says where the ledger is and who publishes.
    """

    format: Format = "csv"
    filters: Filters = field(default_factory=Filters)
    base_url: str = ""
    raw: bool = False
    bom: bool = False
    after: str | None = None
    packing: Packing | None = None
    limit: int | None = None
    had: int = 0
    by: House | None = None

    @property
    def kind(self) -> Kind:
        """The format and what it can do."""
        return FORMATS[self.format]

    @property
    def house(self) -> House:
        """Where the ledger is, and who publishes."""
        return self.by or House(self.base_url)

    @property
    def told(self) -> Filters:
        """The filters, and what the format tells of at all."""
        return replace(self.filters, where=(*self.filters.where, *self.kind.told))

    @property
    def media_type(self) -> str:
        """Of what is written, before it is packed."""
        return self.kind.media_type

    @property
    def file_name(self) -> str:
        """What the file may be called."""
        packed = packing.ENDINGS[self.packing] if self.packing else ""
        return f"claims-{clock.now():%Y-%m-%d}{self.kind.ending}{packed}"


@dataclass(frozen=True, slots=True)
class Taken:
    """An export under way: `place` is the number of events in the log that it is of. `following` is the id of
    its last claim, where a `limit` left others behind it."""

    place: int
    following: str | None
    pieces: Iterator[bytes]
    source: Generator[Any, None, None]

    def close(self) -> None:
        """Give the rest up."""
        self.source.close()


def taken(database: Database, wish: Wish, progress: Progress | None = None) -> Taken:
    """The claims that are wished for, newest first, in pieces of about 64 kB.

    All of it is one state of the ledger, and memory does not grow with the number of claims. The first piece
    is made before this returns, so that what goes wrong is raised here, while it can still be told.
    `progress` is told of members as they are written. Invalid names `after` or `packing`.
    """
    if wish.packing is not None and not wish.kind.text:
        raise Invalid("This format is packed already; leave compress out.", field="compress")
    under_way = _under_way(database, wish, progress or _nobody)
    place, following = next(under_way)
    pieces = packing.packed(under_way, wish.packing)
    return Taken(place, following, _resumed(next(pieces, b""), pieces), under_way)


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


def count(database: Database, wish: Wish) -> int:
    """About how many members the file has: claims, or places of claims."""
    with database.read() as session:
        if wish.format == "annotations":
            number = standards_store.number_placed(session, wish.told, Stretch(wish.after))
        else:
            number = store.count(session, wish.told, Stretch(wish.after))
    return number if wish.limit is None else min(number, wish.limit)


def kept(database: Database, format: Format, file: BinaryIO) -> Kept:
    """What is whole of a file that broke off. Invalid if it is something else."""
    if format == "csv":
        with database.read() as session:
            return resuming.csv_kept(file, [column.name for column in store.columns(session)])
    return resuming.READERS[format](file)


def tag(session: Session, wish: Wish) -> str:
    """Names the state that an export would be of: the same until the log goes on, whatever `after` says."""
    return tag_of(events_store.size(session), session, wish)


def tag_of(place: int, session: Session, wish: Wish) -> str:
    """The same for an export that is of that place of the log."""
    asked = store.statement(session, wish.filters)
    said = repr((asked, wish.format, wish.raw, wish.bom, wish.house))
    return f"{place}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of how many claims an export would tell, and in about how many bytes; `more`: of more than that."""

    number: int
    size: int
    more: bool = False


def estimates(database: Database, wishes: Sequence[Wish], *, most: int | None = None) -> list[Estimate]:
    """How much each of these exports would be, by writing its first few claims.

    What several of them tell of is counted once, and no further than `most`.
    """
    known: dict[str, tuple[int, list[str]]] = {}
    found = []
    for wish in wishes:
        with database.read() as session:
            asked = store.statement(session, wish.told)
            if asked not in known:
                beyond = None if most is None else most + 1
                number = store.count(session, wish.told, most=beyond)
                known[asked] = number, store.newest(session, wish.told, _SAMPLE)
        number, few = known[asked]
        found.append(_estimate(database, wish, number, few, most))
    return found


def _estimate(database: Database, wish: Wish, number: int, few: list[str], most: int | None) -> Estimate:
    if not few:
        return Estimate(0, sum(map(len, taken(database, wish).pieces)))
    more = most is not None and number > most
    counted = most if more and most is not None else number
    sample = Filters(below=True, where=(col(Claim.id).in_(few),))
    written = sum(map(len, taken(database, replace(wish, filters=sample)).pieces))
    return Estimate(counted, written * counted // len(few), more)


def _under_way(database: Database, wish: Wish, progress: Progress) -> Generator[Any, None, None]:
    """First the place in the log and where the next part begins, then the pieces."""
    # All of it is closed with the generator: after the last piece, or when whoever reads goes away.
    with database.read() as session:
        place = events_store.size(session)
        last, others = None, False
        if wish.limit is not None:
            last, others = store.last_of(session, wish.told, Stretch(wish.after), wish.limit)
        yield place, last if others else None
        order = Order(
            wish.told, wish.house, place, tag_of(place, session, wish), Stretch(wish.after, last),
            wish.raw, wish.bom, wish.had,
        )  # fmt: skip
        yield from wish.kind.write(session, order, progress)


def _nobody(_number: int) -> None:
    return


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

"""The formats in which claims are taken out, and what writes each of them from the ledger's rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Literal

from sqlmodel import Session, col

from claims.values import dataclass
from ledger import clock
from ledger.eventlog.canonical import timestamp
from ledger.export import annotation, bundle, claimreview, csv, jsonl, xlsx
from ledger.export.claimreview import House
from ledger.models import Claim, Triage
from ledger.services import standards
from ledger.store import exports as store
from ledger.store import standards as standards_store
from ledger.store.articles import SETTLED
from ledger.store.claims import Filters
from ledger.store.stretches import WHOLE, Stretch

Format = Literal["csv", "jsonl", "xlsx", "package", "claimreview", "annotations"]
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: which claims, how their words are, and `had`, how many members stand in the file
    already that this is put behind. `place` is the number of events in the log, `name` that of the state."""

    filters: Filters
    house: House
    place: int
    name: str = ""
    stretch: Stretch = WHOLE
    raw: bool = False
    bom: bool = False
    had: int = 0


Writer = Callable[[Session, Order, Progress], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: how a file of it ends and is called by programs, what writes it, and what it can do.

    `text`: it can be packed, and a file that broke off can be gone on with; others are packed already. `told`
    are conditions on the claims that it tells of, `member` is what is counted.
    """

    ending: str
    media_type: str
    write: Writer
    text: bool = True
    told: tuple[Any, ...] = ()
    member: str = "claim"


def _csv(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    parts = store.lines(
        session, "claims", order.filters, base_url=order.house.base, guarded=not order.raw,
        stretch=order.stretch,
    )  # fmt: skip
    # Who has the first part has its head, too.
    head = [] if order.stretch.after else [column.name for column in store.columns(session)]
    with closing(parts):
        yield from csv.document(head, _told(parts, progress), bom=order.bom and bool(head))


def _jsonl(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    with closing(_rows(session, order)) as rows:
        yield from jsonl.document(store.columns(session), _each_told(rows, progress))


def _xlsx(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    at: Any = clock.now().timetuple()[:6]
    with closing(_rows(session, order)) as rows:
        yield from xlsx.document(store.columns(session), _each_told(rows, progress), at)


def _rows(session: Session, order: Order) -> Any:
    return store.rows(session, order.filters, base_url=order.house.base, stretch=order.stretch)


def _package(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    base = order.house.base

    def table(name: str) -> bundle.Table:
        def lines() -> Iterable[Sequence[str]]:
            parts = store.lines(
                session, name, order.filters, base_url=base, guarded=not order.raw, stretch=order.stretch
            )
            return _told(parts, progress) if name == "claims" else parts

        return bundle.Table(name, store.columns(session, name, base_url=base), lines)

    tables = [table(name) for name in store.TABLES]
    yield from bundle.document(tables, at=clock.now(), place=order.place, guarded=not order.raw)


def _claimreview(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    reviews = standards.all_reviews(session, order.filters, order.house, public=False, stretch=order.stretch)
    by = standards.publisher(session, order.house)
    with closing(reviews):
        told = _each_told(reviews, progress)
        yield from claimreview.data_feed(told, by=by, modified=_modified(session), had=order.had)


def _annotations(session: Session, order: Order, progress: Progress) -> Iterator[bytes]:
    annotations = standards.all_annotations(session, order.filters, order.house, stretch=order.stretch)
    with closing(annotations):
        yield from annotation.document(
            _each_told(annotations, progress),
            id=f"{order.house.base}/api/v1/claims.annotations.json#{order.name}",
            label=f"Claims of {standards.publisher(session, order.house).name}, with what was found",
            modified=_modified(session),
            had=order.had,
        )


def _modified(session: Session) -> str | None:
    newest = standards_store.last_change(session)
    return timestamp(newest.at) if newest else None


def _told(parts: Iterable[Sequence[str]], progress: Progress) -> Iterator[Sequence[str]]:
    for part in parts:
        yield part
        progress(len(part))


def _each_told(rows: Iterable[Any], progress: Progress) -> Iterator[Any]:
    for row in rows:
        yield row
        progress(1)


FORMATS: dict[Format, Kind] = {
    "csv": Kind(".csv", csv.MEDIA_TYPE, _csv),
    "jsonl": Kind(".jsonl", jsonl.MEDIA_TYPE, _jsonl),
    "xlsx": Kind(".xlsx", xlsx.MEDIA_TYPE, _xlsx, text=False),
    "package": Kind(".zip", bundle.MEDIA_TYPE, _package, text=False),
    "claimreview": Kind(
        ".claimreview.json", claimreview.MEDIA_TYPE, _claimreview,
        told=(col(Claim.status).in_(SETTLED), col(Claim.verdict_id).is_not(None)), member="ClaimReview",
    ),
    "annotations": Kind(
        ".annotations.json", annotation.MEDIA_TYPE, _annotations,
        told=(col(Claim.triage) == Triage.ACCEPTED,), member="annotation",
    ),
}  # fmt: skip

"""A hot path: a claim with all that belongs to it, and pages of claims, from rows straight to the API's JSON.

No objects and no schemas: an eighth of their time. Whoever changes a table or a schema of these need change
nothing here, as the columns are the models' own; a test compares each answer with what the schema gives.

Rows come by one of the two ways of `store.ways`; both give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from claims.values import dataclass, field, replace
from ledger.models import (
    CLAIM_WORTH,
    Appearance,
    Article,
    Capture,
    Claim,
    Evidence,
    Quantity,
    Signature,
    Verdict,
)
from ledger.models.base import Json, Moment
from ledger.store.claims import Filters, conditions
from ledger.store.desks import Thresholds
from ledger.store.search.lists import among_first
from ledger.store.ways import Asked, Raw, Way

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns of a table are shown by which names, and at which places are those that are not plain."""

    columns: tuple[Any, ...]
    names: tuple[str, ...]
    moments: tuple[int, ...]
    truths: tuple[int, ...]
    json: tuple[int, ...]
    people: tuple[int, ...]

    def shown(self, row: Sequence[Any], way: Way, people: list[Shown]) -> Shown:
        """A row, which may go on with other columns, as the API shows it; `people` are to be given names."""
        found, moment = list(row), way.moment
        for place in self.moments:
            if (value := found[place]) is not None:
                found[place] = moment(value)
        for place in self.truths:
            found[place] = bool(found[place])
        for place in self.json:
            if (value := found[place]) is not None:
                found[place] = way.json(value)
        for place in self.people:
            if (value := found[place]) is not None:
                found[place] = person = {"id": value, "name": None}
                people.append(person)
        return dict(zip(self.names, found))  # noqa: B905  (the row goes on)


def _shape(model: Any, *without: str, **renamed: str) -> _Shape:
    columns = [column for column in model.__table__.c if column.key not in without]
    # What has another name comes last, as in the schemas, so that ETags are the same.
    columns.sort(key=lambda column: column.key in renamed)

    def those(holds: Callable[[Any], bool]) -> tuple[int, ...]:
        return tuple(place for place, column in enumerate(columns) if holds(column))

    return _Shape(
        columns=tuple(columns),
        names=tuple(renamed.get(column.key, column.key) for column in columns),
        moments=those(lambda column: isinstance(column.type, Moment)),
        truths=those(lambda column: isinstance(column.type, sa.Boolean)),
        json=those(lambda column: column.type is Json),
        people=those(lambda column: any(key.target_fullname == "account.id" for key in column.foreign_keys)),
    )


_CLAIM = _shape(Claim, assignee_id="assignee")
_SPAN = ("appearance", "revision", "start", "end", "exact", "fate", "placed_at")
_MERGED_INTO = _CLAIM.names.index("merged_into")
_APPEARANCE = _shape(Appearance)
_QUANTITY = _shape(Quantity, "claim_id", "gone_at")
_EVIDENCE = _shape(Evidence, "capture_id")
_CAPTURE = _shape(Capture, "text")
_VERDICT = _shape(Verdict)
_SIGNATURE = _shape(Signature, "verdict_id", "proposer_id", account_id="account")


def _table(model: Any) -> Any:
    return model.__table__


_ID: Any = sa.bindparam("id")
_appearance, _article, _capture, _claim, _evidence, _quantity, _signature, _verdict = (
    _table(model) for model in (Appearance, Article, Capture, Claim, Evidence, Quantity, Signature, Verdict)
)

_ONE = Asked(sa.select(*_CLAIM.columns).where(_claim.c.id == _ID))
_PLACES = Asked(
    sa.select(*_APPEARANCE.columns, _article.c.title)
    .join_from(_appearance, _article, _article.c.id == _appearance.c.article_id)
    .where(_appearance.c.claim_id == _ID)
    .order_by(_appearance.c.id)
)
_QUANTITIES = Asked(
    sa.select(*_QUANTITY.columns)
    .where(_quantity.c.claim_id == _ID, _quantity.c.gone_at.is_(None))
    .order_by(_quantity.c.position)
)
_PIECES = Asked(
    sa.select(*_EVIDENCE.columns, *_CAPTURE.columns)
    .outerjoin_from(_evidence, _capture, _capture.c.id == _evidence.c.capture_id)
    .where(_evidence.c.claim_id == _ID)
    .order_by(_evidence.c.id)
)
_VERDICTS = Asked(
    sa.select(*_VERDICT.columns).where(_verdict.c.claim_id == _ID).order_by(_verdict.c.id.desc())
)
_SIGNATURES = Asked(
    sa.select(*_SIGNATURE.columns, _signature.c.verdict_id)
    .join_from(_signature, _verdict, _verdict.c.id == _signature.c.verdict_id)
    .where(_verdict.c.claim_id == _ID)
    .order_by(_signature.c.id)
)

_PARTS = _PLACES, _QUANTITIES, _PIECES, _VERDICTS, _SIGNATURES


def _as_json(part: Asked) -> Any:
    """The rows of a part as one value, in no order: a JSON list of lists."""
    columns = part.statement.selected_columns
    # SQLite would write fifteen digits of a number that has seventeen.
    told = [
        sa.case((column.is_not(None), sa.func.printf("%!.17g", column))) if place in part.floats else column
        for place, column in enumerate(columns)
    ]
    rows = part.statement.with_only_columns(sa.func.json_group_array(sa.func.json_array(*told)))
    # Few rows are sorted faster here than there.
    return rows.order_by(None).scalar_subquery()


def _rows(part: Asked, told: str) -> list[list[Any]]:
    rows: list[list[Any]] = orjson.loads(told)
    if len(rows) > 1:
        rows.sort(key=itemgetter(int(part is _QUANTITIES)), reverse=part is _VERDICTS)
    for row in rows:
        for place in part.floats:
            row[place] = None if row[place] is None else float(row[place])
    return rows


_ALL = Asked(sa.select(*_CLAIM.columns, *map(_as_json, _PARTS)).where(_claim.c.id == _ID))


class File(NamedTuple):
    """A claim with all that belongs to it, as JSON; its version, and the claim that it was merged into."""

    body: bytes
    version: int
    merged_into: str | None


def claim_file(way: Way, id: str, *, itself: bool = False) -> File | None:
    """A claim's file; None where there is none.

    One that was merged into another is answered for by that one, unless it is meant `itself`.
    """
    row, *parts = _read(way, id)
    while row and not itself and (into := row[_MERGED_INTO]) is not None:
        row, *parts = _read(way, into)
    if not row:
        return None
    places, quantities, pieces, verdicts, signatures = parts
    people = list[Shown]()
    found = _CLAIM.shown(row, way, people)
    found["appearances"] = [_placed(one, way, people) for one in places]
    found["quantities"] = [_QUANTITY.shown(one, way, people) for one in quantities]
    found["evidence"] = [_piece(one, way, people) for one in pieces]
    found["verdicts"] = [_VERDICT.shown(one, way, people) for one in verdicts]
    if verdicts:
        _sign(found["verdicts"], signatures, way, people)
    _named(way, people)
    return File(orjson.dumps(found), found["version"], found["merged_into"])


def _read(way: Way, id: str) -> Sequence[Any]:
    """A claim's row, empty where there is none; its places, quantities, evidence, verdicts and signatures."""
    if isinstance(way, Raw):
        # One statement, one row: the driver gives way to other threads at each step, which costs more than
        # the step does.
        row = way.row(_ALL, {"id": id}) or ()
        own, parts = row[: len(_CLAIM.names)], row[len(_CLAIM.names) :]
        return [own, *(_rows(part, told) for part, told in zip(_PARTS, parts, strict=bool(parts)))]
    rows = way.rows(_ONE, {"id": id})
    return [rows[0], *(way.rows(part, {"id": id}) for part in _PARTS)] if rows else [()]


def _sign(verdicts: Sequence[Shown], signatures: Iterable[Any], way: Way, people: list[Shown]) -> None:
    signed: dict[str, list[Shown]] = {verdict["id"]: [] for verdict in verdicts}
    for row in signatures:
        signed[row[-1]].append(_SIGNATURE.shown(row, way, people))
    for verdict in verdicts:
        # PostgreSQL keeps the keys of JSON in an order of its own.
        if verdict["spans"]:
            verdict["spans"] = [{name: one.get(name) for name in _SPAN} for one in verdict["spans"]]
        verdict["signatures"] = signed[verdict["id"]]


def _placed(row: Sequence[Any], way: Way, people: list[Shown]) -> Shown:
    place = _APPEARANCE.shown(row, way, people)
    place["title"] = row[-1]
    return place


def _piece(row: Sequence[Any], way: Way, people: list[Shown]) -> Shown:
    piece, capture = _EVIDENCE.shown(row, way, people), row[len(_EVIDENCE.names) :]
    piece["capture"] = None if capture[0] is None else _CAPTURE.shown(capture, way, people)
    return piece


def _named(way: Way, people: Sequence[Shown]) -> None:
    """Give people their names, all with one query."""
    if people:
        known = way.names({person["id"] for person in people})
        for person in people:
            person["name"] = known.get(person["id"])


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of the list of claims: narrowed by `filters`, from behind the row with the keys `after`."""

    filters: Filters = field(default_factory=Filters)
    limit: int = 50
    by_worth: bool = False
    after: tuple[Any, ...] | None = None


def claims_page(
    way: Way, thresholds: Thresholds, wish: Wish, write: Callable[[Sequence[Any]], str | None]
) -> tuple[bytes, str | None]:
    """A page of claims, each with the first place where it stands, as JSON; and where the next begins.

    `thresholds` are those of the desks; `write` makes a cursor of the last row's time or worth and its id.
    """
    kind = replace(wish, limit=0, after=wish.after and ())
    make = _page if is_plain(wish.filters) else _page.__wrapped__
    asked = make(kind, thresholds.default, tuple(sorted(thresholds.of_desks.items())))
    values: dict[str, Any] = {"most": wish.limit + 1}
    if wish.after is not None:
        values["key_0"], values["key_1"] = way.key(wish.after[0]), wish.after[1]
    return _told(way, way.rows(asked, values), wish, write)


def claims_of(
    way: Way, ids: Sequence[str], limit: int, write: Callable[[Sequence[Any]], str | None]
) -> tuple[bytes, str | None]:
    """The same of these claims, newest first; one more than `limit` where there is a next page."""
    asked, given = (_THESE_OF_JSON, orjson.dumps(ids).decode()) if isinstance(way, Raw) else (_THESE, ids)
    return _told(way, way.rows(asked, {"ids": given, "most": limit + 1}), Wish(limit=limit), write)


def _told(
    way: Way, rows: Sequence[Any], wish: Wish, write: Callable[[Sequence[Any]], str | None]
) -> tuple[bytes, str | None]:
    people = list[Shown]()
    items = [_listed(row, way, people) for row in rows[: wish.limit]]
    following = None
    if len(rows) > wish.limit:
        last = items[-1]
        following = write((rows[wish.limit - 1][-1] if wish.by_worth else last["created_at"], last["id"]))
    _named(way, people)
    return orjson.dumps({"items": items, "next": following}), following


def _listed(row: Sequence[Any], way: Way, people: list[Shown]) -> Shown:
    found, start = _CLAIM.shown(row, way, people), len(_CLAIM.names)
    found["appearance"] = None if row[start] is None else _placed(row[start:-1], way, people)
    return found


def is_plain(filters: Filters) -> bool:
    """Whether there are few such filters, stored as they are: others are not for `Raw`."""
    return filters == Filters(status=filters.status, kind=filters.kind, below=filters.below)


@lru_cache(maxsize=256)
def _page(wish: Wish, default: float, of_desks: tuple[tuple[str, float], ...]) -> Asked:
    """The statement for pages of this kind; `wish.after` says only whether there is a row to begin behind."""
    key = CLAIM_WORTH if wish.by_worth else _claim.c.created_at
    others = _appearance.alias()
    first = sa.select(sa.func.min(others.c.id)).where(others.c.claim_id == _claim.c.id).scalar_subquery()
    order, most = (key.desc(), _claim.c.id.desc()), sa.bindparam("most", None, type_=sa.Integer)
    query = (
        sa.select(*_CLAIM.columns, *_APPEARANCE.columns, _article.c.title, key.label("key"))
        .select_from(_claim)
        .outerjoin(_appearance, _appearance.c.id == first)
        .outerjoin(_article, _article.c.id == _appearance.c.article_id)
        .order_by(*order)
        .limit(most)
    )
    several = wish.filters.status if len(wish.filters.status) > 1 else ()
    filters = replace(wish.filters, status=()) if several else wish.filters
    where = conditions(Thresholds(default, dict(of_desks)), filters)
    if wish.after is not None:
        here = sa.bindparam("key_0", None, type_=key.type), sa.bindparam("key_1", None, type_=sa.String)
        where.append(sa.tuple_(key, _claim.c.id) < sa.tuple_(*here))
    if several:
        choices = [_claim.c.status == status for status in several]
        where = [among_first(Claim, choices, where, order, most)]
    return Asked(query.where(*where))


def _these(where: Any) -> Asked:
    every = _page.__wrapped__(Wish(Filters(below=True)), 0.0, ())
    return Asked(every.statement.where(where))


_THESE = _these(_claim.c.id.in_(sa.bindparam("ids", expanding=True)))
_THESE_OF_JSON = _these(
    _claim.c.id.in_(sa.select(sa.func.json_each(sa.bindparam("ids")).table_valued("value").c.value))
)

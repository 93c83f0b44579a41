"""Insights: how the desk is doing, as charts with a table behind each, and each table as CSV."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request
from sqlmodel import Session

from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.eventlog.canonical import timestamp
from ledger.export import csv
from ledger.models import Desk
from ledger.models.verdicts import RATING_STATUSES
from ledger.services import insights
from ledger.services.agreement import FEW
from ledger.services.insights import Period
from ledger.store import desks as desks_store
from ledger.ui import charts
from ledger.ui.charts import Part
from ledger.ui.forms import Form
from ledger.ui.pages import render
from ledger.ui.words import KINDS, STATUSES
from ledger.web.context import parts, reading, requires

bp = Blueprint("insights", __name__)

WIDE, HALF, NARROW = 940.0, 540.0, 330.0
# From the bottom of the chart to its top: what is done carries what is still to be done.
_STACK = ("supported", "misleading", "refuted", "disputed", "unproven", "withdrawn", "proposed", "checking",
          "unchecked", "stale")  # fmt: skip
_LABELS = {code: word.label for code, word in STATUSES.items()}
_NOWHERE = "No publisher named"
_FILTERS = ("from", "to", "zone", "desk")


@bp.get("/insights")
@requires(Permission.READ)
def index() -> Any:
    """All charts for a period, of one desk or of all."""
    session = reading()
    options = [(desk.id, desk.name) for desk in desks_store.every(session)]
    form = Form({name: request.args.get(name, "") for name in _FILTERS})
    try:
        period, desk = _asked(session)
    except Invalid as error:
        field = "desk" if error.field == "desk_id" else error.field or "from"
        # A field for days can't show what is none; the message does.
        form = Form({**form.values, field: ""}, errors={field: error.message})
        return render("insights/index.html", status=422, form=form, desk_options=options, period=None)
    filled = {"from": period.first.isoformat(), "to": period.last.isoformat(), "zone": period.zone}
    return render(
        "insights/index.html",
        form=Form({**filled, "desk": desk.id if desk else ""}),
        desk_options=options,
        desk=desk,
        period=period,
        asked={name: value for name in _FILTERS if (value := request.args.get(name))},
        presets=_presets(period),
        few=FEW,
        charts=charts,
        **_figures(session, period, desk.id if desk else None),
    )


def _asked(session: Session) -> tuple[Period, Desk | None]:
    """Period and desk out of the address. Raises Invalid."""
    args = request.args
    desk = insights.desk(session, args.get("desk"))
    period = insights.period(session, first=args.get("from"), last=args.get("to"), zone=args.get("zone"))
    return period, desk


def _presets(period: Period) -> list[tuple[str, str, str]]:
    """Periods that end today: words, first and last day."""
    today = period.day_of(period.now.timestamp())
    lengths = (("4 weeks", 28), ("8 weeks", 56), ("Half a year", 182), ("A year", 365))
    return [
        (words, (today - timedelta(days=days - 1)).isoformat(), today.isoformat()) for words, days in lengths
    ]


def _figures(session: Session, period: Period, desk_id: str | None) -> dict[str, Any]:
    """Each chart's numbers, and what it draws: one wide and one narrow."""
    over_time = insights.statuses(session, period, desk_id)
    shown = {code: over_time.shown[code] for code in _STACK if code in over_time.shown}
    clearing = insights.clearing(session, period, desk_id)
    weeks = [(monday, one.number, one.low, one.median, one.high) for monday, one in clearing.weeks]
    publishers = insights.by_publisher(session, period, desk_id)
    kinds = insights.by_kind(session, period, desk_id)
    load = insights.load(session, period, desk_id)
    agreement = insights.agreement(session, period, desk_id)
    oldest = insights.oldest(session, period, desk_id)
    kappa = agreement.kappa
    return {
        "statuses": over_time,
        "at_end": _at_end(shown),
        "statuses_named": _named((_LABELS[code], numbers[-1]) for code, numbers in shown.items()),
        "ages_named": _named((name, sum(counts.values())) for name, counts in oldest.ages),
        "ratings_named": {
            "publishers": _named((one.name or _NOWHERE, one.total) for one in publishers[:5]),
            "kinds": _named((KINDS[one.name or ""], one.total) for one in kinds),
        },
        "load_named": _named((f"{one.name}, open now", one.open) for one in load[:5]),
        "statuses_drawn": [
            charts.bands(over_time.days, shown, _LABELS, width=width) for width in (WIDE, NARROW)
        ]
        if shown
        else [],
        "clearing": clearing,
        "clearing_drawn": [charts.boxes(weeks, width=width) for width in (HALF, NARROW)],
        "ages_drawn": _both(HALF, [(name.capitalize(), [_parts(counts)]) for name, counts in oldest.ages]),
        "publishers": publishers,
        "publishers_drawn": _both(HALF, [(one.name or _NOWHERE, [_parts(one.counts)]) for one in publishers]),
        "kinds": kinds,
        "kinds_drawn": _both(HALF, [(KINDS[one.name or ""], [_parts(one.counts)]) for one in kinds]),
        "load": load,
        "load_drawn": _both(WIDE, [(one.name, _work(one)) for one in load]),
        "agreement": agreement,
        "kappa_drawn": [
            charts.kappa_scale(kappa.value, kappa.low, kappa.high, width=width) for width in (HALF, NARROW)
        ],
        "oldest": oldest,
    }


def _at_end(shown: dict[str, list[int]]) -> dict[str, int]:
    """How many claims stood where at the end of the period."""
    last = {code: numbers[-1] for code, numbers in shown.items()}
    settled = sum(last.get(code, 0) for code in RATING_STATUSES)
    work = last.get("checking", 0) + last.get("proposed", 0)
    total = sum(last.values())
    waiting = last.get("unchecked", 0) + last.get("stale", 0)
    left = total - settled - work - waiting
    return {"total": total, "settled": settled, "work": work, "waiting": waiting, "withdrawn": left}


def _named(numbers: Iterable[tuple[str, int]]) -> str:
    """What a picture shows, in words."""
    return ", ".join(f"{name}: {number:,}" for name, number in numbers)


def _both(wide: float, rows: Sequence[tuple[str, Sequence[Sequence[Part]]]]) -> list[charts.Bars]:
    return [charts.bars(rows, width=width) for width in (wide, NARROW)]


def _parts(counts: dict[str, int]) -> list[Part]:
    return [Part(code, _LABELS[code], number) for code, number in counts.items()]


def _work(one: insights.Load) -> list[list[Part]]:
    """Two bars: what somebody has now, and what they did."""
    now = [Part("open", "Open now", one.open), Part("waiting", "Waiting for a signature", one.waiting)]
    done = [
        Part("made", "Proposed", one.proposed),
        Part("signed", "Signed", one.signed),
        Part("back", "Sent back", one.sent_back),
    ]
    return [now, done]


# ------------------------------------------------------------------ CSV

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def _statuses(session: Session, period: Period, desk_id: str | None) -> Table:
    found = insights.statuses(session, period, desk_id)
    columns = list(found.counts)
    rows = ([day, *(found.counts[code][n] for code in columns)] for n, day in enumerate(found.days))
    return ["day", *columns], rows


def _clearing(session: Session, period: Period, desk_id: str | None) -> Table:
    found = insights.clearing(session, period, desk_id)
    head = ("week_of", "cleared", "lower_quartile_hours", "median_hours", "upper_quartile_hours")
    return head, (
        [monday, one.number, *(_tenth(value) for value in (one.low, one.median, one.high))]
        for monday, one in found.weeks
    )


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _rated(name: str, found: Sequence[insights.Ratings]) -> Table:
    rows = ([one.name, *(one.counts[code] for code in RATING_STATUSES), one.total] for one in found)
    return [name, *RATING_STATUSES, "total"], rows


def _publishers(session: Session, period: Period, desk_id: str | None) -> Table:
    return _rated("publisher", insights.by_publisher(session, period, desk_id))


def _kinds(session: Session, period: Period, desk_id: str | None) -> Table:
    return _rated("kind", insights.by_kind(session, period, desk_id))


def _load(session: Session, period: Period, desk_id: str | None) -> Table:
    head = ("account_id", "name", "active", "open", "waiting", "proposed", "settled", "returned", "signed",
            "sent_back")  # fmt: skip
    found = insights.load(session, period, desk_id)
    return head, ([getattr(one, name) for name in head] for one in found)


def _agreement(session: Session, period: Period, desk_id: str | None) -> Table:
    found = insights.agreement(session, period, desk_id)
    return ("first_reader", "second_reader", "pairs"), (
        [first, second, found.table[i][j]]
        for i, first in enumerate(found.codes)
        for j, second in enumerate(found.codes)
    )


def _oldest(session: Session, period: Period, desk_id: str | None) -> Table:
    address = parts().settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    found = insights.oldest(session, period, desk_id, limit=1000).claims
    return ("claim_id", "statement", "status", "open_since", "days", "permalink"), (
        [one.claim.id, one.claim.statement, one.claim.status, timestamp(one.since), _tenth(one.days),
         f"{address}/claims/{one.claim.id}"]
        for one in found
    )  # fmt: skip


def _ages(session: Session, period: Period, desk_id: str | None) -> Table:
    found = insights.oldest(session, period, desk_id)
    return ["age", *insights.OPEN], ([name, *counts.values()] for name, counts in found.ages)


TABLES: dict[str, Callable[[Session, Period, str | None], Table]] = {
    "statuses": _statuses,
    "clearing": _clearing,
    "publishers": _publishers,
    "kinds": _kinds,
    "load": _load,
    "agreement": _agreement,
    "ages": _ages,
    "oldest": _oldest,
}


@bp.get("/insights/<chart>.csv")
@requires(Permission.READ)
def export(chart: str) -> Response:
    """The table behind a chart as a file for a spreadsheet, with the same filters."""
    if chart not in TABLES:
        raise NotFound(f"There is no such chart; there are {', '.join(TABLES)}.")
    session = reading()
    period, desk = _asked(session)
    head, rows = TABLES[chart](session, period, desk.id if desk else None)
    name = f"{chart}-{period.first}-{period.last}.csv"
    return Response(
        csv.table(head, rows, bom=True),
        content_type=csv.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

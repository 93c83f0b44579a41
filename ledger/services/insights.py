"""How the desk is doing, in figures: each chart's numbers, for a period, of one desk or of all.

What stood on a day comes from the log (services/flow.py), never from today's rows. A day is a day of the
zone that is asked for, UTC unless said otherwise.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from claims.values import dataclass, field
from ledger import clock
from ledger.errors import Invalid
from ledger.models import Claim, Desk
from ledger.models.verdicts import RATING_STATUSES
from ledger.scales import all_scales
from ledger.services.agreement import Kappa, kappa
from ledger.services.flow import STATUSES, flow_of
from ledger.store import desks as desks_store
from ledger.store import insights as store

DAYS = 56
"""How many days are looked at where nobody says how many."""
_LONGEST = 3653
OLDEST = 15
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_AGES = ((1, "less than a day"), (3, "1 to 3 days"), (7, "3 to 7 days"), (14, "1 to 2 weeks"),
         (28, "2 to 4 weeks"), (None, "more than 4 weeks"))  # fmt: skip
OPEN = ("unchecked", "checking", "proposed", "stale")


@dataclass(frozen=True)
class Period:
    """Whole days of a zone, `first` to `last`, both included; `now` ends what is asked beyond it."""

    first: date
    last: date
    zone: str = "UTC"
    now: datetime = field(default_factory=clock.now)

    @cached_property
    def _zone(self) -> tzinfo:
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def begins(self, day: date) -> datetime:
        """The moment in which that day begins in the zone, in UTC."""
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def day_of(self, seconds: float) -> date:
        """The day, in the zone, of a moment that is given in seconds since 1970."""
        return datetime.fromtimestamp(seconds, self._zone).date()

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return self.begins(self.first)

    @property
    def until(self) -> datetime:
        """The first moment behind it."""
        return self.begins(self.last + timedelta(days=1))

    @property
    def step(self) -> str:
        """How finely a line through it is drawn: by day, week or month."""
        days = (self.last - self.first).days
        return "day" if days <= 100 else "week" if days <= 750 else "month"

    def days(self) -> list[date]:
        """The days at whose ends a line has its points, the last one always among them; none lies ahead."""
        last = min(self.last, self.day_of(self.now.timestamp()))
        every = [self.first + timedelta(days=n) for n in range((last - self.first).days + 1)]
        if self.step == "week":
            return [day for day in every if day.weekday() == 6 or day == last]
        if self.step == "month":
            return [day for day in every if (day + timedelta(days=1)).day == 1 or day == last]
        return every


def period(
    session: Session, *, first: str | None = None, last: str | None = None, zone: str | None = None
) -> Period:
    """The period that is asked for; by default the last eight weeks, or since the ledger began.

    Days are written 2026-11-23. Raises Invalid, naming `from`, `to` or `zone`.
    """
    name = (zone or "").strip() or "UTC"
    if name != "UTC" and name not in available_timezones():
        raise Invalid("There is no such time zone; write UTC or a place such as Europe/Paris.", field="zone")
    asked = Period(date.min, date.min, name)
    today = asked.day_of(asked.now.timestamp())
    end = _date(last, "to") or today
    began = store.log_began(session)
    earliest = asked.day_of(began.timestamp()) if began else today
    begin = _date(first, "from") or min(end, max(end - timedelta(days=DAYS - 1), earliest))
    if begin > end:
        raise Invalid("The period must not end before it begins.", field="to")
    if begin > today:
        raise Invalid("The period lies ahead; nothing has happened in it yet.", field="from")
    if (end - begin).days >= _LONGEST:
        raise Invalid("Ask for at most ten years at once.", field="from")
    return Period(begin, end, name, asked.now)


def _date(text: str | None, field: str) -> date | None:
    if not (text or "").strip():
        return None
    try:
        if not _DAY.match(str(text)):
            raise ValueError
        day = date.fromisoformat(str(text))
    except ValueError:
        raise Invalid(f"“{str(text)[:40]}” is no day; write one as 2026-11-23.", field=field) from None
    if not 1970 < day.year < 9999:
        raise Invalid("Choose a day from 1971 on.", field=field)
    return day


def desk(session: Session, id: str | None) -> Desk | None:
    """The desk that is asked for; none for all. Raises Invalid, naming `desk_id`."""
    if not id:
        return None
    found = next((one for one in desks_store.every(session) if one.id == id), None)
    if found is None:
        raise Invalid("There is no such desk.", field="desk_id")
    return found


# ------------------------------------------------------------------ claims by status over time


@dataclass(frozen=True, slots=True)
class StatusesOverTime:
    """How many claims had which status at the end of each day; `counts` has a list for each status."""

    step: str
    days: list[date]
    counts: dict[str, list[int]]

    @property
    def shown(self) -> dict[str, list[int]]:
        """Those of claims under check that anybody had: no guesses, and nothing that was put aside."""
        return {
            status: counts
            for status, counts in self.counts.items()
            if status not in ("candidate", "dismissed") and any(counts)
        }


def statuses(session: Session, period: Period, desk_id: str | None = None) -> StatusesOverTime:
    """Claims by status, as they stood then. A desk's claims are those that stand in its articles today."""
    days = period.days()
    ends = [period.begins(day + timedelta(days=1)) for day in days]
    only = store.claims_of_desk(session, desk_id) if desk_id else None
    flow = flow_of(session)
    with flow.lock:
        flow.follow(session)
        rows = flow.counts(ends, only)
    counts = {status: [row[place] for row in rows] for place, status in enumerate(STATUSES)}
    return StatusesOverTime(period.step, days, counts)


# ------------------------------------------------------------------ time to clear


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took, in hours: median and quartiles of `number` claims; none where there are none."""

    number: int
    low: float | None = None
    median: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TimeToClear:
    """By week (named by its Monday) and in all; `still_open`: opened in the period and not yet cleared."""

    weeks: list[tuple[date, Spread]]
    all: Spread
    still_open: int


def clearing(session: Session, period: Period, desk_id: str | None = None) -> TimeToClear:
    """From when a claim was accepted or added to when it first had a settled verdict, by week of settling."""
    only = store.claims_of_desk(session, desk_id) if desk_id else None
    flow = flow_of(session)
    with flow.lock:
        flow.follow(session)
        cleared = flow.cleared(period.since, period.until, only)
        left = flow.open(only)
    by_week: dict[date, list[float]] = {}
    for monday in _mondays(period):
        by_week[monday] = []
    for began, ended in cleared:
        day = period.day_of(ended)
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append((ended - began) / 3600)
    hours = [(ended - began) / 3600 for began, ended in cleared]
    first, last = period.since.timestamp(), period.until.timestamp()
    return TimeToClear(
        [(monday, _spread(found)) for monday, found in sorted(by_week.items())],
        _spread(hours),
        left.opened(first, last, but="stale"),
    )


def _mondays(period: Period) -> list[date]:
    last = min(period.last, period.day_of(period.now.timestamp()))
    monday = period.first - timedelta(days=period.first.weekday())
    return [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]


def _spread(hours: Sequence[float]) -> Spread:
    if not hours:
        return Spread(0)
    if len(hours) == 1:
        return Spread(1, hours[0], hours[0], hours[0])
    low, _, high = quantiles(hours, n=4, method="inclusive")
    return Spread(len(hours), low, median(hours), high)


# ------------------------------------------------------------------ verdicts by publisher and kind


@dataclass(frozen=True, slots=True)
class Ratings:
    """Settled verdicts of one publisher or kind, by status word; no name: articles without a publisher."""

    name: str | None
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def by_publisher(session: Session, period: Period, desk_id: str | None = None) -> list[Ratings]:
    """Verdicts that count now and were settled in the period, by publisher of the article, most first.

    A claim in articles of two publishers counts at both.
    """
    return _ratings(store.verdicts_by_publisher(session, period.since, period.until, desk_id))


def by_kind(session: Session, period: Period, desk_id: str | None = None) -> list[Ratings]:
    """Verdicts that count now and were settled in the period, by kind of claim, most first."""
    return _ratings(store.verdicts_by_kind(session, period.since, period.until, desk_id))


def _ratings(rows: Sequence[tuple[str | None, str, int]]) -> list[Ratings]:
    found: dict[str | None, dict[str, int]] = {}
    for name, word, number in rows:
        counts = found.setdefault(name, dict.fromkeys(RATING_STATUSES, 0))
        counts[word] += number
    return sorted(
        (Ratings(name, counts) for name, counts in found.items()),
        key=lambda one: (-one.total, one.name is None, one.name or ""),
    )


# ------------------------------------------------------------------ load by reviewer


@dataclass(frozen=True, slots=True)
class Load:
    """One person's work: `open` claims and proposals `waiting` for a signature now; the others in the period.

    `settled` are own proposals that were signed, `returned` those that were sent back; `signed` and
    `sent_back` are what the person did as second reader.
    """

    account_id: str
    name: str
    active: bool
    open: int = 0
    waiting: int = 0
    proposed: int = 0
    settled: int = 0
    returned: int = 0
    signed: int = 0
    sent_back: int = 0


def load(session: Session, period: Period, desk_id: str | None = None) -> list[Load]:
    """Everybody who has or did something, the fullest first."""
    found = store.load(session, period.since, period.until, desk_id)
    people = store.people(session, list(found))
    rows = [Load(id, name=people[id][0], active=people[id][1], **counts) for id, counts in found.items()]
    return sorted(rows, key=lambda one: (-(one.open + one.waiting), -one.proposed, one.name, one.account_id))


# ------------------------------------------------------------------ agreement


@dataclass(frozen=True, slots=True)
class Agreement:
    """First and second readers' ratings: `table[i][j]` pairs of first `labels[i]`, second `labels[j]`.

    `unnamed` proposals were sent back without a word on what the second reader would say, and make no pair.
    `by_status`: the pairs come from several scales, and are told by the status that a rating gives. `blind`
    is the agreement of those pairs alone in which neither reader knew what the other said.
    """

    codes: list[str]
    labels: list[str]
    table: list[list[int]]
    kappa: Kappa
    unnamed: int = 0
    by_status: bool = False
    blind: Kappa = field(default_factory=lambda: Kappa(0, 0))


def agreement(session: Session, period: Period, desk_id: str | None = None) -> Agreement:
    """How far second readers agree with what was first proposed, as they answered in the period.

    Two ratings given blind are a pair as they are. Else a signature is agreement; a proposal sent back with
    another rating is not. What is proposed again after it was sent back is left out: it follows the second
    reader, and would count the same two people twice; so is what an editor decided between two readers.
    """
    pairs: list[tuple[str, str, str]] = []
    blind: list[bool] = []
    unnamed = 0
    for row in _first_proposals(store.readings(session, period.since, period.until, desk_id)):
        at = row.second_at or row.signed_at or row.sent_back_at
        if at is None or not period.since <= at < period.until:
            continue
        second = row.second_code or (row.code if row.signed_at is not None else row.sent_back_code)
        if second is None:
            unnamed += 1
        else:
            pairs.append((row.scale, row.code, second))
            blind.append(row.second_code is not None)
    scales = {scale for scale, _, _ in pairs}
    by_status = len(scales) > 1
    if by_status:
        said = [(_status(scale, first), _status(scale, second)) for scale, first, second in pairs]
        labels = {word: word.capitalize() for word in RATING_STATUSES}
    else:
        said = [(first, second) for _, first, second in pairs]
        labels = _labels(next(iter(scales), None))
    codes = [code for code in labels if any(code in pair for pair in said)]
    codes += sorted({code for pair in said for code in pair} - set(codes))
    table = _table(said, codes)
    apart = kappa(_table([pair for pair, was_blind in zip(said, blind, strict=True) if was_blind], codes))
    return Agreement(codes, [labels.get(c, c) for c in codes], table, kappa(table), unnamed, by_status, apart)


def _table(said: Sequence[tuple[str, str]], codes: Sequence[str]) -> list[list[int]]:
    place = {code: n for n, code in enumerate(codes)}
    table = [[0] * len(codes) for _ in codes]
    for first, second in said:
        table[place[first]][place[second]] += 1
    return table


def _first_proposals(rows: Sequence[Any]) -> list[Any]:
    """Without those that mend a proposal which was sent back; `rows` are verdicts by claim, oldest first."""
    found: list[Any] = []
    claim, mended = None, False
    for row in rows:
        if row.claim_id != claim:
            claim, mended = row.claim_id, False
        if not mended:
            found.append(row)
        parted = row.second_code is not None and row.second_code != row.code
        if row.sent_back_at is not None or (parted and row.settled_at is None):
            mended = True
        elif row.settled_at is not None:
            mended = False
    return found


def _labels(scale: str | None) -> dict[str, str]:
    known = all_scales().get(scale or "")
    if known is None:
        return {}
    return {rating.code: rating.label or rating.status.capitalize() for rating in known.ratings}


def _status(scale: str, code: str) -> str:
    known = all_scales().get(scale)
    rating = known.rating(code) if known else None
    return rating.status if rating else code


# ------------------------------------------------------------------ oldest open claims


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim that waits, and since when."""

    claim: Claim
    since: datetime
    days: float


@dataclass(frozen=True, slots=True)
class Oldest:
    """Open claims as they are now: the oldest of them, and how many there are of each age and status."""

    claims: list[OpenClaim]
    ages: list[tuple[str, dict[str, int]]]
    total: int


def oldest(session: Session, period: Period, desk_id: str | None = None, *, limit: int = OLDEST) -> Oldest:
    """The claims that have been open longest, since they were accepted or added, or turned stale."""
    only = store.claims_of_desk(session, desk_id) if desk_id else None
    flow = flow_of(session)
    with flow.lock:
        flow.follow(session)
        found = flow.open(only)
    now = period.now.timestamp()
    counts = found.by_age(now, [most for most, _ in _AGES if most is not None])
    ages = [
        (name, {status: count[status] for status in OPEN})
        for (_, name), count in zip(_AGES, counts, strict=True)
    ]
    first = found.oldest(limit)
    claims = store.claims_by_id(session, [id for id, _ in first])
    rows = [
        OpenClaim(claims[id], datetime.fromtimestamp(at, UTC), max(0.0, (now - at) / 86400))
        for id, at in first
    ]
    return Oldest(rows, ages, len(found))

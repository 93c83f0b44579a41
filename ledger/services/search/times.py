"""When: days, spans and dates that a search names, in the zone of whoever asks."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from ledger.models import Article
from ledger.services.labels import zone_of
from ledger.services.search.asked import Odd
from ledger.services.search.values import one_of
from ledger.store import search as store

_UNITS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}
_SPAN = re.compile(r"(\d{1,5})([hdwmy])")


class Times:
    """What a search means by a time, `now` being now."""

    def __init__(self, zone: str | None, now: datetime) -> None:
        self.zone = zone_of(zone)
        self.now = now

    def when(self, column: Any, wanted: Sequence[str], *, ahead: bool = False) -> Any:
        """`<2026-12-01`, `2026-11-01..2026-11-30`, `today`, or a span such as `<7d`: nearer than that.

        `ahead`: spans count from now on, not back.
        """
        return sa.or_(*(self._between(column, *self._bounds(value, ahead)) for value in wanted))

    def _between(self, column: Any, first: datetime | None, last: datetime | None) -> Any:
        sides = [] if first is None else [column >= first]
        return sa.and_(*sides, *([] if last is None else [column < last]), column.is_not(None))

    def _bounds(self, value: str, ahead: bool) -> tuple[datetime | None, datetime | None]:
        text = value.strip().casefold()
        if text == "today":
            return self._day(self._today())
        low, dots, high = text.partition("..")
        sign = text[0] if text[:1] in ("<", ">") else ""
        rest = text[len(sign) :]
        if dots:
            ends = [self._point(end, ahead) for end in (low, high)]
            if ahead or not _SPAN.fullmatch(low):
                return min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])
            # The further back, the earlier.
            return ends[1][0], ends[0][0]
        first, last = self._point(rest, ahead)
        if _SPAN.fullmatch(rest):
            near = (sign or "<") == "<"
            if ahead:
                return (self.now, first) if near else (first, None)
            return (first, None) if near else (None, first)
        return (first, last) if not sign else (None, first) if sign == "<" else (last, None)

    def _point(self, text: str, ahead: bool) -> tuple[datetime, datetime]:
        if span := _SPAN.fullmatch(text):
            far = timedelta(days=int(span[1]) * _UNITS[span[2]])
            try:
                at = self.now + far if ahead else self.now - far
            except OverflowError:
                at = store.NEVER if ahead else datetime(1, 1, 2, tzinfo=UTC)
            return at, at
        try:
            return self._day(date.fromisoformat(text))
        except (ValueError, OverflowError):
            raise Odd(
                f"“{text}” is no time. Write a day such as <{self._today().isoformat()}, a span such as "
                "<7d, or today."
            ) from None

    def _day(self, day: date) -> tuple[datetime, datetime]:
        begins = datetime.combine(day, time(), self.zone).astimezone(UTC)
        return begins, datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def _today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def due(self, wanted: Sequence[str], late: Any, none: Any, within: Callable[[Any], Any]) -> Any:
        """What is due: `overdue`, `past`, `week`, `later`, `none`, `any`, or when."""
        column = col(Article.due_at)
        meant: dict[str, Callable[[], Any]] = {
            "overdue": lambda: late,
            "past": lambda: sa.and_(within(column < self.now), sa.not_(late)),
            "week": lambda: within(sa.and_(column >= self.now, column < self.now + store.SOON)),
            "later": lambda: within(column >= self.now + store.SOON),
            "none": lambda: none,
            "any": lambda: sa.not_(none),
        }
        found = []
        for value in wanted:
            word = value.casefold()
            if word in meant:
                found.append(meant[word]())
            elif word[:1] in "<>0123456789" or word == "today":
                found.append(within(self.when(column, [value], ahead=True)))
            else:
                one_of(value, (*meant, "today"))
        return sa.or_(*found)

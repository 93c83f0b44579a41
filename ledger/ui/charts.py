"""Charts as numbers: where every line, bar and word stands. The templates draw them as SVG.

Each chart is made for a width in its own units, at which a letter is 12 high; a page holds a wide and a
narrow one and shows the one that fits. Nothing is told by colour alone: each band has a pattern, and its
name beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, floor, log10

from claims.values import dataclass, field

# The width of a letter, on average, of a bold one, and the height of a line, in a chart's units.
_LETTER, _BOLD, _LINE = 6.6, 7.9, 15.0
SIGNS = {"supported": "✓", "misleading": "≈", "refuted": "✗", "disputed": "⇄", "unproven": "?",
         "unchecked": "○", "checking": "◐", "proposed": "⋮", "stale": "↻", "withdrawn": "⊘"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """Words at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks of an axis: where, and what stands beside."""

    ticks: list[tuple[float, str]]


def nice(most: float, steps: int = 4) -> list[float]:
    """Round numbers from 0 to `most` or just above, about `steps` of them."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / steps
    power = 10 ** floor(log10(rough))
    step = next(power * f for f in (1, 2, 2.5, 5, 10) if power * f >= rough * 0.999)
    if most >= steps:
        step = max(1.0, step)
    return [step * n for n in range(ceil(most / step - 1e-9) + 1)]


def day(value: date) -> str:
    """`3 Nov`."""
    return f"{value.day} {value:%b}"


# ------------------------------------------------------------------ bands over time


@dataclass(frozen=True, slots=True)
class Band:
    """One status over time: its area, its upper edge, and its name at the right."""

    code: str
    area: str
    edge: str
    middle: float
    name: Word


@dataclass(frozen=True, slots=True)
class Bands:
    """Counts over time, laid on one another."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    bands: list[Band]
    x: Axis
    y: Axis


def bands(
    days: Sequence[date], counts: Mapping[str, Sequence[int]], labels: Mapping[str, str], *, width: float
) -> Bands:
    """`counts` from the bottom to the top; the last number of each stands beside its name."""
    names = {code: f"{labels[code]} {numbers[-1]:,}" for code, numbers in counts.items()}
    height = max(260.0 if width > 500 else 230.0, _LINE * len(counts) + 60)
    left, top, bottom = 38.0, 10.0, height - 24
    right = width - max((len(name) for name in names.values()), default=6) * _BOLD - 16
    totals = [sum(numbers[place] for numbers in counts.values()) for place in range(len(days))]
    scale = nice(max(totals, default=0))
    xs = [left + (right - left) * (n / (len(days) - 1) if len(days) > 1 else 0) for n in range(len(days))]
    if len(days) == 1:
        # One day is a flat band, as wide as the chart.
        xs, totals = [left, right], totals * 2
        counts = {code: [*numbers, *numbers] for code, numbers in counts.items()}

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / scale[-1]

    lower = [0.0] * len(xs)
    made: list[tuple[str, str, str, float]] = []
    for code, numbers in counts.items():
        upper = [low + number for low, number in zip(lower, numbers, strict=True)]
        edge = _line(zip(xs, map(y, upper), strict=True))
        back = _line(reversed(list(zip(xs, map(y, lower), strict=True))))
        made.append((code, f"M{edge}L{back}Z", f"M{edge}", (y(upper[-1]) + y(lower[-1])) / 2))
        lower = upper
    places = spread([middle for *_, middle in made], gap=_LINE, low=top + 4, high=bottom - 2)
    found = [
        Band(code, area, edge, middle, Word(right + 14, place + 4, names[code]))
        for (code, area, edge, middle), place in zip(made, places, strict=True)
    ]
    return Bands(
        width, height, left, right, bottom, found,
        _dates(days, xs, room=right - left), Axis([(y(value), f"{value:,g}") for value in scale]),
    )  # fmt: skip


def _line(points: object) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)  # type: ignore[attr-defined]


def _dates(days: Sequence[date], xs: Sequence[float], *, room: float) -> Axis:
    """As many dates as have room, at even distances from the last one back."""
    every = max(1, ceil(len(days) * 66 / max(room, 1)))
    several = days and days[0].year != days[-1].year
    shown = [n for n in range(len(days)) if (len(days) - 1 - n) % every == 0]
    return Axis([(xs[n], f"{days[n]:%b %Y}" if several and every > 25 else day(days[n])) for n in shown])


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places as near to the wanted ones as can be, `gap` apart; `wanted` falls, as bands rise."""
    order = sorted(range(len(wanted)), key=lambda n: -wanted[n])
    places = [0.0] * len(wanted)
    last = high + gap
    for n in order:
        last = places[n] = min(wanted[n], last - gap)
    above = low - gap
    for n in reversed(order):
        # What was pushed out at the top comes back down, and pushes in turn.
        above = places[n] = max(places[n], above + gap)
    return places


# ------------------------------------------------------------------ medians by week


@dataclass(frozen=True, slots=True)
class Box:
    """One week: the middle half from `top` to `bottom`, and the median."""

    x: float
    width: float
    top: float
    bottom: float
    median: float
    name: Word | None
    title: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Medians with quartiles, week by week."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    boxes: list[Box]
    x: Axis
    y: Axis
    unit: str


def boxes(
    weeks: Sequence[tuple[date, int, float | None, float | None, float | None]], *, width: float
) -> Boxes:
    """`weeks`: Monday, number, and lower quartile, median and upper quartile in hours."""
    most = max((high for *_, high in weeks if high is not None), default=0.0)
    by_day = most > 72
    unit, divisor = ("days", 24.0) if by_day else ("hours", 1.0)
    height, left, top = 220.0, 38.0, 20.0
    bottom, right = height - 24, width - 8
    scale = nice(most / divisor)
    slot = (right - left) / max(1, len(weeks))
    thick = max(2.0, min(28.0, slot * 0.6))

    def y(hours: float) -> float:
        return bottom - (bottom - top) * hours / divisor / scale[-1]

    found, xs = [], []
    for n, (monday, number, low, middle, high) in enumerate(weeks):
        x = left + slot * (n + 0.5)
        xs.append(x)
        if low is None or middle is None or high is None:
            continue
        words = f"{middle / divisor:.1f}" if middle / divisor < 10 else f"{middle / divisor:.0f}"
        name = Word(x, y(high) - 5, words, "middle") if slot >= 26 else None
        half = f"half of {number} between {span(low)} and {span(high)}"
        title = f"Week of {day(monday)}: median {span(middle)}, {half}"
        found.append(Box(x - thick / 2, thick, y(high), max(y(low), y(high) + 1.5), y(middle), name, title))
    dates = _dates([monday for monday, *_ in weeks], xs, room=right - left)
    return Boxes(
        width, height, left, right, bottom, found, dates,
        Axis([(y(value * divisor), f"{value:,g}") for value in scale]), unit,
    )  # fmt: skip


def span(hours: float) -> str:
    """A time as people say it: `40 min`, `5.2 h`, `3.4 days`."""
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


# ------------------------------------------------------------------ bars


@dataclass(frozen=True, slots=True)
class Part:
    """What a bar is to be made of: `code` gives colour and pattern."""

    code: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar."""

    code: str
    x: float
    width: float
    name: Word | None
    title: str


@dataclass(slots=True)
class Bar:
    """One bar with what stands at its end."""

    y: float
    segments: list[Segment]
    end: Word


@dataclass(slots=True)
class Row:
    """A name with the bars below it."""

    name: Word
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Key:
    """What a pattern means."""

    code: str
    x: float
    y: float
    name: Word


@dataclass(slots=True)
class Bars:
    """Rows of bars, one below the other; `left_out` rows stand in the table only."""

    width: float
    height: float
    thick: float
    keys: list[Key]
    rows: list[Row]
    left_out: int = 0


def bars(
    rows: Sequence[tuple[str, Sequence[Sequence[Part]]]],
    *,
    width: float,
    most: int = 12,
) -> Bars:
    """Each row a name and its bars, each a sequence of parts; one scale for all of them."""
    shown, thick = rows[:most], 18.0
    every = [part for _, lines in rows for parts in lines for part in parts]
    there = {part.code for part in every if part.number}
    keys, y = _keys([part for part in every if part.code in there], width)
    longest = max((sum(p.number for p in parts) for _, lines in shown for parts in lines), default=0)
    tail = max((len(_all(parts)) for _, lines in shown for parts in lines), default=1) * _LETTER + 10
    scale = (width - tail) / longest if longest else 0.0
    found = []
    for label, lines in shown:
        row = Row(Word(0, y + 12, short(label, width)))
        y += 18
        for parts in lines:
            row.bars.append(_bar(parts, y, scale, thick))
            y += thick + 4
        y += 10
        found.append(row)
    return Bars(width, max(y, 20), thick, keys, found, max(0, len(rows) - most))


def _all(parts: Sequence[Part]) -> str:
    return f"{sum(part.number for part in parts):,}"


def _bar(parts: Sequence[Part], y: float, scale: float, thick: float) -> Bar:
    x, segments = 0.0, []
    for part in parts:
        wide = part.number * scale
        if not part.number:
            continue
        words = f"{SIGNS.get(part.code, '')} {part.number:,}".strip()
        fits = wide >= len(words) * _LETTER + 8
        name = Word(x + wide / 2, y + thick - 5, words, "middle") if fits else None
        segments.append(Segment(part.code, x, max(wide, 1.0), name, f"{part.label}: {part.number:,}"))
        x += wide
    return Bar(y, segments, Word(x + 6, y + thick - 5, _all(parts)))


def _keys(parts: Sequence[Part], width: float) -> tuple[list[Key], float]:
    """One for each code, in lines as long as the chart is wide; and where they end."""
    x = y = 0.0
    found: list[Key] = []
    for code, label in dict.fromkeys((part.code, part.label) for part in parts):
        words = f"{SIGNS[code]} {label}" if code in SIGNS else label
        wide = 20 + len(words) * _LETTER + 12
        if found and x + wide > width:
            x, y = 0.0, y + 20
        found.append(Key(code, x, y, Word(x + 20, y + 12, words)))
        x += wide
    return found, y + 28 if found else 0.0


def short(text: str, width: float) -> str:
    """As much of a name as a line has room for; the table has all of it."""
    room = int(width / _BOLD) - 2
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


# ------------------------------------------------------------------ kappa on its scale


@dataclass(frozen=True, slots=True)
class Scale:
    """A value with its interval on a line from `least` to 1."""

    width: float
    height: float
    ticks: list[tuple[float, str]]
    words: list[Word]
    value: float | None
    low: float | None
    high: float | None
    name: Word | None


_BANDS = ((0.0, 0.2, "slight"), (0.2, 0.4, "fair"), (0.4, 0.6, "moderate"), (0.6, 0.8, "substantial"),
          (0.8, 1.0, "almost perfect"))  # fmt: skip


def kappa_scale(value: float | None, low: float | None, high: float | None, *, width: float) -> Scale:
    """Kappa between its usual words; the line begins at 0, or lower where the value or its interval does."""
    least = min(0.0, *(floor(v * 5) / 5 for v in (value, low) if v is not None), 0.0)

    def x(at: float) -> float:
        return 14 + (width - 28) * (at - least) / (1 - least)

    steps = [least + 0.2 * n for n in range(round((1 - least) / 0.2) + 1)]
    words = []
    for begins, ends, word in _BANDS:
        if (x(ends) - x(begins)) >= len(word) * _LETTER:
            words.append(Word((x(begins) + x(ends)) / 2, 18, word, "middle"))
    at = None if value is None else x(value)
    anchor = "middle" if at is None or 40 < at < width - 40 else "start" if at <= 40 else "end"
    return Scale(
        width, 92, [(x(step), f"{step:.1f}".replace("-0.0", "0.0")) for step in steps], words,
        at, None if low is None else x(low), None if high is None else x(high),
        None if at is None or value is None else Word(at, 40, f"κ = {value:.2f}", anchor),
    )  # fmt: skip

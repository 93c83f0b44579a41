"""Two texts set against each other, written as HTML: each row with the claims that stand in it beside it.

What went is struck out and what came is underlined; both are told to screen readers. Words that a claim
stands on lead to what became of it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

from markupsafe import Markup

from claims.values import dataclass, field
from ledger.services import redlines
from ledger.services.comparisons import Comparison, Entry
from ledger.services.redlines import Row, Run

_TAGS = {
    redlines.OUT: ("<del>", "</del>", "taken out"),
    redlines.IN: ("<ins>", "</ins>", "put in"),
    redlines.AWAY: ('<del class="moved">', "</del>", "moved away"),
    redlines.HERE: ('<ins class="moved">', "</ins>", "moved here"),
}
_EMPTY = Markup("")
Mark = tuple[int, int, Entry]


@dataclass(slots=True)
class Stretch:
    """A row with its words as HTML and its claims, or rows in which nothing is to be seen (`left_out`)."""

    number: int
    row: Row | None = None
    before: Markup = _EMPTY
    after: Markup = _EMPTY
    both: Markup = _EMPTY
    entries: list[Entry] = field(default_factory=list)
    left_out: int = 0
    there: str | None = None


def stretches(compared: Comparison, shown: Sequence[Entry], *, whole: bool, side: bool) -> list[Stretch]:
    """The rows of a comparison; where nothing changed and no claim of `shown` stands, they are left out.

    `whole` leaves none out. `side`: old and new beside each other, and not as one text.
    """
    rows = compared.rows
    held = _held(rows, shown)
    typeset = _Typeset(compared)
    found: list[Stretch] = []
    for number, row in enumerate(rows):
        here = held.get(number, [])
        if not (whole or here or row.kind != redlines.SAME):
            if found and found[-1].left_out:
                found[-1].left_out += 1
            else:
                found.append(Stretch(number, left_out=1))
            continue
        one = Stretch(number, row, entries=here)
        if row.other is not None:
            one.there = f"r-{row.other}"
        if side or not row.both:
            one.before, one.after = typeset.runs(row.before, new=False), typeset.runs(row.after, new=True)
        else:
            one.both = typeset.joined(row.both)
        found.append(one)
    return found


def _held(rows: Sequence[Row], shown: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Which entries stand in which row: where they are now, or else where they were."""
    new = [(row.new, number) for number, row in enumerate(rows) if row.new]
    old = [(row.old, number) for number, row in enumerate(rows) if row.old]
    held: dict[int, list[Entry]] = {}
    for one in shown:
        at = one.place[0] if one.place else one.start
        for span, number in new if one.place else old:
            if at is not None and span[0] <= at < span[1]:
                held.setdefault(number, []).append(one)
                break
    return held


def without_row(compared: Comparison, shown: Iterable[Entry]) -> list[Entry]:
    """The entries that stand in neither of the two texts: they wait from an earlier one."""
    entries = list(shown)
    held = {id(one) for some in _held(compared.rows, entries).values() for one in some}
    return [one for one in entries if id(one) not in held]


def came(compared: Comparison) -> list[Entry]:
    """The claims that are new because the text is: others were found later in words that stood there."""
    new = [one for one in compared.entries if one.outcome == "new" and not one.dropped]
    held = _held(compared.rows, new)
    return [
        one for number, some in held.items() for one in some if _has_new_words(compared.rows[number], one)
    ]


def _has_new_words(row: Row, one: Entry) -> bool:
    start, end = one.place or (0, 0)
    return any(run.kind == redlines.IN and run.start < end and run.end > start for run in row.after)


class Marks:
    """Places of claims in one text, to be asked what lies over a stretch of it."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._marks = sorted(marks, key=lambda mark: mark[:2])
        self._starts = [start for start, _, _ in self._marks]
        self._longest = max((end - start for start, end, _ in self._marks), default=0)

    def over(self, start: int, end: int) -> Iterator[tuple[int, int, Entry | None]]:
        """A stretch in pieces, each with the mark over it: of two that overlap the shorter."""
        first, last = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, end)
        here = [mark for mark in self._marks[first:last] if mark[1] > start]
        cuts = {start, end}.union(at for mark in here for at in mark[:2] if start < at < end)
        open_: list[Mark] = []
        coming = iter([*here, None])
        following = next(coming)
        for left, right in pairwise(sorted(cuts)):
            open_ = [mark for mark in open_ if mark[1] > left]
            while following is not None and following[0] <= left:
                open_.append(following)
                following = next(coming)
            shortest = min(open_, key=lambda mark: mark[1] - mark[0], default=None)
            yield left, right, shortest[2] if shortest else None


class _Typeset:
    """Writes runs with the marks of claims over them."""

    def __init__(self, compared: Comparison) -> None:
        self.texts = (compared.before.text, compared.after.text)
        entries = [one for one in compared.entries if not one.dropped]
        old = [(one.start, one.end, one) for one in entries if one.start is not None and one.end is not None]
        new = [(*one.place, one) for one in entries if one.place]
        self.marks = (Marks(old), Marks(new))

    def runs(self, runs: Iterable[Run], *, new: bool) -> Markup:
        """One side of a row."""
        return self.joined((new, run) for run in runs)

    def joined(self, runs: Iterable[tuple[bool, Run]]) -> Markup:
        """Runs of either side, in the order given."""
        return Markup("").join(self._run(run, new) for new, run in runs)

    def _run(self, run: Run, new: bool) -> Markup:
        text = self.texts[new]
        html = []
        for left, right, over in self.marks[new].over(run.start, run.end):
            words = escape(text[left:right], quote=False)
            if over is not None:
                words = f'<a class="mark s-{over.claim.status}" href="#{anchor(over)}">{words}</a>'
            html.append(words)
        inner = "".join(html)
        if run.kind in _TAGS:
            opens, closes, told = _TAGS[run.kind]
            inner = (
                f'{opens}<span class="vh"> ({told}:) </span>{inner}<span class="vh"> (end) </span>{closes}'
            )
        return Markup(inner)  # noqa: S704  (words are escaped above)


def anchor(one: Entry) -> str:
    """The id of what a page tells of an entry: a claim's place in an article."""
    return f"a-{one.at.id}"

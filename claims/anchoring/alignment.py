"""Which word of the old text is which of the new one: in order first, then what was moved.

Runs of words that stand once in either text are taken for the same (patience diff, on runs and not on lines),
and from them the words beside them. A run that stands twice is taken for neither by itself.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from claims.values import dataclass

_RUNS = (6, 3)  # words; long runs are trusted first
_EFFORT = 50  # times that a text is gone through; what has no pair then was written to be hard
_MOVED = (6, 4)  # of a run that may have moved


@dataclass(frozen=True)
class Alignment:
    """Word for word, -1 for none: where the old ones went, and where the new ones came from.

    `ordered` has 1 for each old word that still stands in the order of the others.
    """

    there: list[int]
    back: list[int]
    ordered: bytearray

    def _pair(self, i: int, j: int, *, ordered: bool) -> None:
        self.there[i], self.back[j], self.ordered[i] = j, i, ordered


_Key = str | int
_Keys = Sequence[_Key]
_Block = tuple[int, int, int]  # from, to, how many words


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Set the words of two texts against each other; each stands for at most one of the other text."""
    found = Alignment([-1] * len(old), [-1] * len(new), bytearray(len(old)))
    _in_order(found, old, new, (0, len(old), 0, len(new)), _RUNS, anchored=False)
    _moved(found, old, new)
    _between(found, old, new)
    return found


def _in_order(
    found: Alignment,
    old: _Keys,
    new: _Keys,
    region: tuple[int, int, int, int],
    runs: Sequence[int],
    *,
    anchored: bool,
) -> None:
    """Pair the words of a region: its edges first, where they are anchored, then by runs that it has once."""
    todo = [(region, anchored)]
    effort = _EFFORT * (region[1] - region[0] + region[3] - region[2])
    while todo and effort > 0:
        (a, z, b, y), anchored = todo.pop()
        effort -= z - a + y - b
        if anchored:
            while a < z and b < y and old[a] == new[b]:
                found._pair(a, b, ordered=True)
                a, b = a + 1, b + 1
            while a < z and b < y and old[z - 1] == new[y - 1]:
                z, y = z - 1, y - 1
                found._pair(z, y, ordered=True)
        if a >= z or b >= y:
            continue
        chain = next(filter(None, (_chain(old, new, (a, z, b, y), run) for run in runs)), [])
        for i, j, size in chain:
            for step in range(size):
                found._pair(i + step, j + step, ordered=True)
            todo.append(((a, i, b, j), True))
            a, b = i + size, j + size
        if chain:
            todo.append(((a, z, b, y), True))


def _chain(old: _Keys, new: _Keys, region: tuple[int, int, int, int], run: int) -> list[_Block]:
    """The heaviest chain of blocks in the same order, which may not overlap."""
    a, z, b, y = region
    blocks = _blocks(_once(old, a, z, run), _once(new, b, y, run), run)
    chain: list[_Block] = []
    for i, j, size in _heaviest(blocks):
        # Runs overlap, so the end of one block may be the beginning of the next.
        over = max(0, chain[-1][0] + chain[-1][2] - i, chain[-1][1] + chain[-1][2] - j) if chain else 0
        if size > over:
            chain.append((i + over, j + over, size - over))
    return chain


def _once(keys: _Keys, start: int, end: int, run: int) -> dict[object, int]:
    """The runs that stand once between two places, and where."""
    places: dict[object, int] = {}
    grams = (
        zip(*(keys[start + step : end] for step in range(run)), strict=False) if run > 1 else keys[start:end]
    )
    for at, gram in enumerate(grams, start):
        places[gram] = -1 if gram in places else at
    return places


def _blocks(old: dict[object, int], new: dict[object, int], run: int) -> list[_Block]:
    """The pairs of runs, those that go on from one another joined."""
    blocks: list[_Block] = []
    start = end = shift = -1
    for gram, i in old.items():
        j = new.get(gram, -1) if i >= 0 else -1
        if j < 0:
            continue
        if end >= 0 and i - j == shift and i <= end:
            end = i + run
            continue
        if end >= 0:
            blocks.append((start, start - shift, end - start))
        start, end, shift = i, i + run, i - j
    if end >= 0:
        blocks.append((start, start - shift, end - start))
    return blocks


def _heaviest(blocks: list[_Block]) -> list[_Block]:
    """The chain of blocks, in the order of both texts, that has most words."""
    tops: list[int] = []  # places in the new text, rising, and the best chain that ends there, rising too
    best: list[tuple[int, int]] = []  # its weight, and its last block
    before = [-1] * len(blocks)
    for number, (_, j, size) in enumerate(blocks):
        at = bisect_left(tops, j)
        weight, before[number] = best[at - 1] if at else (0, -1)
        weight += size
        stop = at
        while stop < len(tops) and best[stop][0] <= weight:
            stop += 1
        if at == len(tops) or stop > at or tops[at] > j:
            tops[at:stop], best[at:stop] = [j], [(weight, number)]
    chain: list[_Block] = []
    number = best[-1][1] if best else -1
    while number >= 0:
        chain.append(blocks[number])
        number = before[number]
    return chain[::-1]


def _moved(found: Alignment, old: Sequence[str], new: Sequence[str]) -> None:
    """Pair runs that stand elsewhere now, among the words that have no pair; the longest first."""
    for run in _MOVED:
        here, there = _rest(old, found.there, 0), _rest(new, found.back, 1)
        blocks = _blocks(_once(here, 0, len(here), run), _once(there, 0, len(there), run), run)
        for i, j, size in sorted(blocks, key=lambda block: -block[2]):
            while i and j and old[i - 1] == new[j - 1] and found.there[i - 1] < 0 and found.back[j - 1] < 0:
                i, j, size = i - 1, j - 1, size + 1
            step = 0
            while i + step < len(old) and j + step < len(new) and old[i + step] == new[j + step]:
                if step >= size and (found.there[i + step] >= 0 or found.back[j + step] >= 0):
                    break
                if found.there[i + step] < 0 and found.back[j + step] < 0:
                    found._pair(i + step, j + step, ordered=False)
                step += 1


def _between(found: Alignment, old: Sequence[str], new: Sequence[str]) -> None:
    """Pair single words in what is left between words that stand in order."""
    here, there = _rest(old, found.there, 0), _rest(new, found.back, 1)
    for gap in list(_gaps(found)):
        _in_order(found, here, there, gap, (2, 1), anchored=True)


def _rest(keys: Sequence[str], pairs: Sequence[int], odd: int) -> list[_Key]:
    """The words, with something that equals nothing for each that has a pair already."""
    return [word if pair < 0 else 2 * i + odd for i, (word, pair) in enumerate(zip(keys, pairs, strict=True))]


def _gaps(found: Alignment) -> Iterator[tuple[int, int, int, int]]:
    last, reached = -1, -1
    for i, j in enumerate(found.there):
        if not found.ordered[i]:
            continue
        if i - last > 1 and j - reached > 1:
            yield last + 1, i, reached + 1, j
        last, reached = i, j
    if last >= 0 and last + 1 < len(found.there) and reached + 1 < len(found.back):
        yield last + 1, len(found.there), reached + 1, len(found.back)

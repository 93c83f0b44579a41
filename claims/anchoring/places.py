"""Where a span may stand in a new text, and how well the surroundings of each place fit."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from claims.anchoring.alignment import Alignment, align
from claims.anchoring.selectors import agreeing, cuts
from claims.anchoring.words import Words, words
from claims.errors import Ambiguous
from claims.model import CONTEXT, Span

_AROUND = 24  # words on either side whose whereabouts tell where the surroundings went
_REACH = 100  # words from the place within which they must stand
_FAR = 600  # characters
_BEYOND = 16  # characters of another sentence
_COMMON = 40  # places of a word that is no help in looking for a passage
_LIKE = 0.6  # share of its words that makes a passage like another
_LIKE_IN_PLACE = 0.3  # the same where both sides fit
_MOST = 200  # words of a span that are compared, and ten times as many of what may stand for it
_MOST_PLACES = 200
_SHORT = 4  # words; a span of so few is nothing to be known by
_NEAREST = 40  # words among which a neighbour that still stands is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of the new text.

    `left` and `right`: how far the text beside it is the old one's, 0 to 32; `around`: how many of the 48
    words around it are; `like`: 1 where all words are the same.
    """

    span: Span
    exact: bool
    in_order: bool
    left: int
    right: int
    around: int
    like: float

    @property
    def sides(self) -> int:
        """How much of the text right beside it is the old one's, 0 to 64."""
        return self.left + self.right

    @property
    def whole(self) -> bool:
        """Does the text beside it agree on either side, for 32 characters or to the end of the sentence?"""
        return self.sides == 2 * CONTEXT

    @property
    def fit(self) -> int:
        """How well the surroundings fit in all."""
        return self.sides + self.around


@dataclass
class Pair:
    """An old and a new text, set against each other word by word."""

    old: Words
    new: Words
    pairs: Alignment

    @cached_property
    def free(self) -> dict[str, list[int]]:
        """Where each word stands in the new text that came from nowhere in the old one."""
        found: dict[str, list[int]] = defaultdict(list)
        for j, (word, came) in enumerate(zip(self.new.keys, self.pairs.back, strict=True)):
            if came < 0 and word[:1].isalnum():
                found[word].append(j)
        return found

    def taken(self, first: int, last: int, i: int, z: int) -> bool:
        """Did most of these new words come from elsewhere than the old words from `i` to before `z`?"""
        back = self.pairs.back[first:last]
        return 2 * sum(came >= 0 and not i <= came < z for came in back) > len(back)


def pair(old: str, new: str) -> Pair:
    """Read two texts and set them against each other."""
    here, there = words(old), words(new)
    return Pair(here, there, align(here.keys, there.keys))


# --- the very words ----------------------------------------------------------------------------------


def exact(pair: Pair, span: Span) -> Iterator[Place]:
    """Where the very words stand, unless they are those of another place in the old text.

    Raises Ambiguous for words that stand everywhere.
    """
    i, z = pair.old.within(span.start, span.end)
    said = span.of(pair.old.text)
    head = not cuts(pair.old.text, span.start)
    tail = not cuts(pair.old.text, span.end)
    text = pair.new.text
    at = text.find(said)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        end = at + len(said)
        # "2 developers" inside "242 developers" is not the same words; half a word that was marked is meant.
        if not (head and cuts(text, at)) and not (tail and cuts(text, end)):
            first, last = pair.new.within(at, end)
            if not pair.taken(first, last, i, z):
                yield _place(pair, span, (i, z), Span(at, end), (first, last), like=1.0)
        at = text.find(said, at + 1)
    if at >= 0:
        raise Ambiguous(f"The same words stand in more than {_MOST_PLACES} places.")


def _place(
    pair: Pair, span: Span, old: tuple[int, int], place: Span, new: tuple[int, int], *, like: float
) -> Place:
    there, ordered = pair.pairs.there, pair.pairs.ordered
    ours = sum(ordered[i] and new[0] <= there[i] < new[1] for i in range(*old))
    left, right = _side(pair, span, place)
    return Place(
        span=place,
        exact=like == 1.0,
        in_order=2 * ours > old[1] - old[0],
        left=left,
        right=right,
        around=_words_around(pair, span, new),
        like=like,
    )


def _side(pair: Pair, span: Span, place: Span) -> tuple[int, int]:
    """How many characters right before and after agree; all, where the sentence does up to its end."""
    old, new = pair.old.text, pair.new.text
    before = old[max(0, span.start - CONTEXT) : span.start], new[max(0, place.start - CONTEXT) : place.start]
    left = agreeing(before[0][::-1], before[1][::-1])
    right = agreeing(old[span.end : span.end + CONTEXT], new[place.end : place.end + CONTEXT])
    return (
        CONTEXT if _left(pair, span.start, place.start, left) else min(left, CONTEXT),
        CONTEXT if _right(pair, span.end, place.end, right) else min(right, CONTEXT),
    )


def _left(pair: Pair, start: int, place: int, same: int) -> bool:
    """Does the sentence agree up to its beginning, if so many characters before are the same?"""
    size = start - pair.old.sentence_start(start)
    return same >= size and pair.new.begins(place - size)


def _right(pair: Pair, end: int, place: int, same: int) -> bool:
    size = pair.old.sentence_end(end) - end
    return same >= size and pair.new.stops(place + size)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many characters agree before and after, beyond those of a quote; a sentence's end counts as 32.

    `sentence`: both ends of it are among them. `beyond`: and something of the sentences on either side.
    `letters`: how many characters agree in all.
    """

    left: int
    right: int
    sentence: bool
    beyond: bool
    letters: int


def reach(pair: Pair, span: Span, place: Span) -> Reach:
    """How far the surroundings of a place are those of the span."""
    old, new = pair.old.text, pair.new.text
    before = old[max(0, span.start - _FAR) : span.start], new[max(0, place.start - _FAR) : place.start]
    after = old[span.end : span.end + _FAR], new[place.end : place.end + _FAR]
    left, right = agreeing(before[0][::-1], before[1][::-1]), agreeing(*after)
    # The beginning and the end of the text stand beside their words as others do.
    left += CONTEXT if left == span.start and left == place.start else 0
    right += CONTEXT if not old[span.end + right :].strip() and not new[place.end + right :].strip() else 0
    begun, ended = _left(pair, span.start, place.start, left), _right(pair, span.end, place.end, right)
    first, last = span.start - pair.old.sentence_start(span.start), pair.old.sentence_end(span.end) - span.end
    return Reach(
        left=left + (CONTEXT if begun else 0),
        right=right + (CONTEXT if ended else 0),
        letters=left + right,
        sentence=begun and ended,
        beyond=left >= min(first + _BEYOND, span.start) and right >= min(last + _BEYOND, len(old) - span.end),
    )


def _words_around(pair: Pair, span: Span, new: tuple[int, int]) -> int:
    """How many words of the sentences around stand near. Those of its own go where it is thought to be."""
    first, last = pair.old.within(pair.old.sentence_start(span.start), pair.old.sentence_end(span.end))
    there = pair.pairs.there
    before, after = there[max(0, first - _AROUND) : first], there[last : last + _AROUND]
    return sum(new[0] - _REACH <= j < new[0] and j >= 0 for j in before) + sum(
        new[1] <= j < new[1] + _REACH for j in after
    )


# --- words that come near ----------------------------------------------------------------------------


def near(pair: Pair, span: Span, taken: list[Place]) -> list[Place]:
    """Passages that may stand in its stead: what stands between its neighbours, and what is like it."""
    old = pair.old.within(span.start, span.end)
    shut = [pair.new.within(place.span.start, place.span.end) for place in taken]
    found: list[Place] = []
    stretches = [_between(pair, old)]
    if not any(place.whole for place in taken):
        stretches += _beside_the_old_neighbours(pair, span, old[1] - old[0])
    for stretch in [piece for whole in stretches for piece in _without(whole, shut)]:
        place = _passage(pair, span, old, stretch)
        if place is None or any(place.span.overlaps(other.span) for other in found):
            continue
        # Beside the very words, others that share nothing with them stand for nothing.
        if _stands_for(place, old[1] - old[0]) and (place.like or not taken):
            found.append(place)
    shut += [pair.new.within(place.span.start, place.span.end) for place in found]
    for _ in range(2):
        densest = _densest(pair, old, shut)
        place = _passage(pair, span, old, densest) if densest else None
        if place is None or place.like < _LIKE:
            break
        found.append(place)
        shut.append(pair.new.within(place.span.start, place.span.end))
    return found


def _beside_the_old_neighbours(pair: Pair, span: Span, size: int) -> list[tuple[int, int] | None]:
    """The words right after what stood before the span, and right before what stood after it."""
    old, new = pair.old.text, pair.new
    before, after = old[max(0, span.start - CONTEXT) : span.start], old[span.end : span.end + CONTEXT]
    found: list[tuple[int, int] | None] = []
    if len(before) == CONTEXT and new.text.count(before) == 1:
        first, _ = new.within(new.text.index(before) + CONTEXT, len(new.text))
        found.append((first, min(len(new.keys), first + size)))
    if len(after) == CONTEXT and new.text.count(after) == 1:
        _, last = new.within(0, new.text.index(after))
        found.append((max(0, last - size), last))
    return found


def _without(stretch: tuple[int, int] | None, shut: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a stretch of words beside others."""
    pieces = [stretch] if stretch else []
    for first, last in shut:
        pieces = [
            piece
            for a, z in pieces
            for piece in ((a, min(z, first)), (max(a, last), z))
            if piece[0] < piece[1]
        ]
    return pieces


def _stands_for(place: Place, size: int) -> bool:
    if place.like >= _LIKE:
        return True
    held = min(place.left, place.right)
    return held > 0 and (place.like >= _LIKE_IN_PLACE or size < _SHORT)


def _between(pair: Pair, old: tuple[int, int]) -> tuple[int, int] | None:
    """The new words between the nearest old neighbours that still stand, if those stand close together."""
    there = pair.pairs.there
    left = next((i for i in range(old[0] - 1, max(-1, old[0] - _NEAREST), -1) if there[i] >= 0), None)
    right = next((i for i in range(old[1], min(len(there), old[1] + _NEAREST)) if there[i] >= 0), None)
    first = there[left] + 1 if left is not None else 0 if old[0] < _NEAREST else None
    last = (
        there[right] if right is not None else len(pair.new.keys) if len(there) - old[1] < _NEAREST else None
    )
    if first is None or last is None or not first < last:
        return None
    room = (left is None or old[0] - left) + (right is None or right - old[1]) + 3 * (old[1] - old[0]) + 40
    return (first, last) if last - first <= room else None


def _densest(pair: Pair, old: tuple[int, int], shut: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The stretch of new words, none of them from elsewhere, that has most of the span's rare words."""
    there = pair.pairs.there
    hits = {j for i in range(*old) if (j := there[i]) >= 0}
    for word in set(pair.old.keys[old[0] : old[1]]):
        where = pair.free.get(word, ())
        if len(where) <= _COMMON:
            hits.update(where)
    open_hits = sorted(j for j in hits if not any(first <= j < last for first, last in shut))
    size = int(1.3 * (old[1] - old[0])) + 2
    best, found = 0, None
    for n, j in enumerate(open_hits):
        stop = bisect_left(open_hits, j + size)
        if stop - n > best:
            best, found = stop - n, (j, open_hits[stop - 1] + 1)
    if found is None or 3 * best < old[1] - old[0]:
        return None
    first, last = found[0] - size // 2, found[1] + size // 2
    for a, z in shut:
        first, last = max(first, z) if z <= found[0] else first, min(last, a) if a >= found[1] else last
    return max(0, first), min(len(pair.new.keys), last)


def _passage(pair: Pair, span: Span, old: tuple[int, int], stretch: tuple[int, int]) -> Place | None:
    """What of a stretch stands for the span's words: from the first that fits to the last."""
    mine = pair.old.keys[old[0] : min(old[1], old[0] + _MOST)]
    theirs = pair.new.keys[stretch[0] : min(stretch[1], stretch[0] + 10 * _MOST)]
    blocks = [b for b in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks() if b.size]
    if not blocks:
        if len(mine) >= _SHORT or len(theirs) > _SHORT:
            return None
        first, last = stretch
    else:
        first = stretch[0] + blocks[0].b
        last = stretch[0] + blocks[-1].b + blocks[-1].size
        first, last = _taken_on(
            pair, old, stretch, (first, last), blocks[0].a, len(mine) - blocks[-1].a - blocks[-1].size
        )
    if first >= last or pair.taken(first, last, *old) and not blocks:
        return None
    place = Span(pair.new.starts[first], pair.new.ends[last - 1])
    same = sum(b.size for b in blocks if b.a < len(mine))
    like = 2 * same / (len(mine) + last - first)
    return _place(pair, span, old, place, (first, last), like=min(like, 0.999))


def _taken_on(
    pair: Pair, old: tuple[int, int], stretch: tuple[int, int], hull: tuple[int, int], before: int, after: int
) -> tuple[int, int]:
    """As many words at either end as the span has there that did not fit, but none from elsewhere."""
    back = pair.pairs.back
    first, last = hull
    while before and first > stretch[0] and (back[first - 1] < 0 or old[0] <= back[first - 1] < old[1]):
        first, before = first - 1, before - 1
    while after and last < stretch[1] and (back[last] < 0 or old[0] <= back[last] < old[1]):
        last, after = last + 1, after - 1
    return first, last
